package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// HandlerFunc answers a request or says why it cannot.
type HandlerFunc func(http.ResponseWriter, *http.Request) error

// Handler serves h and writes its error, if any, as problem details. It is the
// one place where errors of handlers are logged.
//
// An error after the first byte cannot become a problem any more: the
// connection is aborted, so that the client sees a broken answer instead of a
// short one that parses.
func Handler(log *slog.Logger, h HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := Record(w)
		err := h(rec, r)
		if err == nil {
			return
		}
		Fail(log, rec, r, err)
	})
}

// Fail logs err and answers with its problem, or aborts the connection when
// the answer has begun. Faults of ours are errors in the log, what will pass is
// a warning, what the client did is for debugging.
func Fail(log *slog.Logger, w *Recorder, r *http.Request, err error) {
	ctx := r.Context()
	gone := w.broken || errors.Is(err, context.Canceled) && ctx.Err() != nil
	p := problemOf(err)
	level := slog.LevelDebug
	switch {
	case gone:
	case p.status >= http.StatusInternalServerError:
		level = slog.LevelError
		if plan.KindOf(err) == plan.Unavailable {
			level = slog.LevelWarn
		}
	}
	log.LogAttrs(ctx, level, "request failed",
		slog.String("request", w.RequestID()), slog.String("method", r.Method), slog.String("path", LoggedPath(r)),
		slog.Int("status", p.status), slog.String("error", err.Error()))
	if w.Started() {
		panic(http.ErrAbortHandler)
	}
	p.write(w, r)
}

// LoggedPath is the path of a request as the log may have it: the secret by
// which a report is followed is left out.
func LoggedPath(r *http.Request) string {
	for _, below := range []string{"/reports/", "/api/v1/reports/"} {
		if secret, ok := strings.CutPrefix(r.URL.Path, below); ok && !strings.HasPrefix(secret, "photos/") && !strings.HasPrefix(secret, "contacts/") {
			return below + "(left out)"
		}
	}
	return r.URL.Path
}

// Recorder is a ResponseWriter that remembers what was answered.
type Recorder struct {
	http.ResponseWriter
	// NewID makes the request's id when it is first asked for; nil: none.
	NewID func() string
	// Route is the pattern that answered: the label of metrics.
	Route string
	// Personal keeps the answer out of shared caches, whatever the handler
	// says: the request brought credentials.
	Personal bool

	id     string
	status int
	bytes  int64
	// broken is set when the client could not be written to.
	broken bool
}

// Record wraps w, or returns w itself where it is a Recorder already.
func Record(w http.ResponseWriter) *Recorder {
	if rec, ok := w.(*Recorder); ok {
		return rec
	}
	return &Recorder{ResponseWriter: w}
}

// Find returns the outermost Recorder below w, nil where there is none.
func Find(w http.ResponseWriter) *Recorder {
	var found *Recorder
	for w != nil {
		if rec, ok := w.(*Recorder); ok {
			found = rec
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			break
		}
		w = u.Unwrap()
	}
	return found
}

// RequestID returns the id of the request for the log and for problems; ""
// outside a server.
func (w *Recorder) RequestID() string {
	if w.id == "" {
		if outer := Find(w); outer != w {
			w.id = outer.RequestID()
		} else if w.NewID != nil {
			w.id = w.NewID()
		}
	}
	return w.id
}

// WriteHeader implements http.ResponseWriter.
func (w *Recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *Recorder) begin(status int) {
	w.status = status
	if w.Personal {
		Personal(w.Header())
	}
}

func (w *Recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.begin(http.StatusOK)
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	w.broken = w.broken || err != nil
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *Recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush implements http.Flusher; where the connection cannot, nothing happens.
func (w *Recorder) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Started reports whether the header has been sent.
func (w *Recorder) Started() bool { return w.status != 0 }

// Status returns the status that was sent; 200 where nothing was yet.
func (w *Recorder) Status() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// Bytes returns the length of the body so far, as the handler wrote it.
func (w *Recorder) Bytes() int64 { return w.bytes }
