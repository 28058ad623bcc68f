package httpd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/indicator/api"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits on what a client may send.
const (
	// maxURL in bytes: a filter of some kilobytes passes, 64 KB do not.
	maxURL = 16 << 10
	// maxHeader in bytes, the URL included. It is above 64 KB so that a URL
	// of that size is told what is wrong with it.
	maxHeader = 128 << 10
	// maxBody in bytes, for resources that do not say their own.
	maxBody = 1 << 20
)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	rec := &rest.Recorder{ResponseWriter: w, NewID: s.nextID}
	s.metrics.inFlight.Inc()
	defer s.finish(rec, r, start)
	s.headers.add(w.Header())
	if s.cfg.HSTS {
		w.Header()["Strict-Transport-Security"] = s.shared.hsts
	}
	if err := check(r); err != nil {
		rest.Fail(s.log, rec, r, err)
		return
	}
	if s.auth != nil && auth.Presents(r.Header) && !operational(r.URL.Path) {
		var err error
		if r, err = s.admit(rec, r); err != nil {
			cors(w.Header())
			rest.Fail(s.log, rec, r, err)
			return
		}
	}
	if strings.HasPrefix(r.URL.Path, "/tiles/") {
		rec.Route = tileRoute
		s.tile(rec, r)
		return
	}
	// The router matches what the path means, not how it was escaped.
	r.URL.RawPath = ""
	w.Header().Set("X-Request-Id", rec.RequestID())
	s.router.ServeHTTP(rec, r)
}

// admit decides who asks, for every path alike. The answer is that person's
// from here on, an error too.
func (s *Server) admit(rec *rest.Recorder, r *http.Request) (*http.Request, error) {
	rec.Personal = true
	rest.Personal(rec.Header())
	admitted, err := s.auth.Admit(rec, r)
	if err != nil {
		return r, err
	}
	// One place for all doors: whatever is added later is closed to it too.
	if rest.ActorOf(admitted.Context()).Indicators != nil && !api.Sends(r) {
		return admitted, &plan.Error{Kind: plan.Denied, Code: "sends-only", Message: plan.Text{
			ID: "Token ini hanya untuk mengirim nilai indikator.", EN: "This token is for sending values of indicators only.",
		}}
	}
	return admitted, nil
}

// operational paths are for whoever runs the service, and answer however
// logins fare.
func operational(path string) bool { return path == "/livez" || path == "/readyz" }

// check refuses what no resource could want.
func check(r *http.Request) error {
	if len(r.RequestURI) > maxURL {
		return &rest.StatusError{Status: http.StatusRequestURITooLong, Err: &plan.Error{
			Kind: plan.TooLarge, Code: "url-too-long", Message: plan.Text{
				ID: "Alamat paling panjang " + strconv.Itoa(maxURL) + " bita.",
				EN: "An address has at most " + strconv.Itoa(maxURL) + " bytes.",
			},
		}}
	}
	if !rest.ValidPath(r.URL.Path) {
		return &plan.Error{Kind: plan.Invalid, Code: "invalid-path", Message: plan.Text{
			ID: "Alamat berisi karakter yang tidak sah.",
			EN: "The address holds characters that are not allowed.",
		}}
	}
	return nil
}

// finish recovers, accounts and logs. A panic before the first byte becomes a
// problem, a later one breaks the connection.
func (s *Server) finish(rec *rest.Recorder, r *http.Request, start time.Time) {
	s.metrics.inFlight.Dec()
	cause := recover()
	aborted := cause != nil
	if aborted && cause != http.ErrAbortHandler { //nolint:errorlint // net/http compares it so too
		s.metrics.panics.Inc()
		s.log.Error("handler panicked", "request", rec.RequestID(), "method", r.Method, "path", rest.LoggedPath(r),
			"panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
		if !rec.Started() {
			aborted = false
			rest.Fail(s.log, rec, r, errPanic)
		}
	}
	if rec.Personal && !rec.Started() {
		rest.Personal(rec.Header())
	}
	took := time.Since(start)
	s.metrics.observe(rec.Route, r.Method, rec.Status(), rec.Bytes(), took)
	s.access(rec, r, took)
	if aborted {
		panic(http.ErrAbortHandler)
	}
}

var errPanic = errors.New("handler panicked")

// access writes one line a request; tiles that went well only at debug level,
// since one look at the map asks for dozens.
func (s *Server) access(rec *rest.Recorder, r *http.Request, took time.Duration) {
	level := slog.LevelInfo
	if rec.Route == tileRoute && rec.Status() < http.StatusBadRequest {
		level = slog.LevelDebug
	}
	ctx := r.Context()
	if !s.log.Enabled(ctx, level) {
		return
	}
	s.log.LogAttrs(ctx, level, "request",
		slog.String("request", rec.RequestID()), slog.String("method", r.Method), slog.String("path", rest.LoggedPath(r)),
		slog.String("query", loggable(r.URL)), slog.Int("status", rec.Status()), slog.Int64("bytes", rec.Bytes()),
		slog.Duration("took", took), slog.String("from", host(r.RemoteAddr)), slog.String("agent", r.UserAgent()))
}

// loggable is the query, but for that of logins, where an identity provider
// puts its code.
func loggable(u *url.URL) string {
	if u.RawQuery != "" && strings.HasPrefix(u.Path, "/api/v1/session") {
		return "(left out)"
	}
	return u.RawQuery
}

func host(addr string) string {
	h, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return h
}

// ids gives requests names that are unique across restarts.
type ids struct {
	prefix string
	n      atomic.Uint64
}

func newIDs() *ids {
	var b [6]byte
	// crypto/rand.Read does not fail: it ends the program instead.
	_, _ = rand.Read(b[:])
	return &ids{prefix: hex.EncodeToString(b[:])}
}

func (i *ids) next() string { return i.prefix + "-" + strconv.FormatUint(i.n.Add(1), 36) }

// newCompress gzips text that is worth it. A tile and a precompressed file say
// their own Content-Encoding and pass; an event stream is not on the list.
func newCompress() (func(http.Handler) http.HandlerFunc, error) {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(1024),
		gzhttp.CompressionLevel(4),
		gzhttp.EnableZstd(false),
		gzhttp.SuffixETag(rest.GzipSuffix),
		gzhttp.ContentTypes([]string{
			"application/json", "application/geo+json", "application/problem+json", "application/schema+json",
			"application/vnd.oai.openapi+json", "application/gpx+xml", "application/atom+xml", "application/cap+xml", "application/vnd.google-earth.kml+xml", "application/manifest+json",
			"text/html", "text/css", "text/csv", "text/javascript", "text/plain", "text/markdown", "image/svg+xml", "application/wasm",
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return wrap, nil
}

// Serve answers on l until ctx ends, then stops in order: /readyz says no, event
// streams end, requests in flight get Config.Grace to finish.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go s.hub.run(ctx)
	if s.figures != nil {
		go s.figures.Run(ctx)
	}
	if s.zoning != nil {
		go s.zoning.Run(ctx)
	}
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.hub.stop()
	grace, done := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Grace)
	defer done()
	if err := srv.Shutdown(grace); err != nil {
		s.log.Warn("requests were cut off at the stop", "error", err)
		if err := srv.Close(); err != nil {
			return fmt.Errorf("close: %w", err)
		}
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// publicURL checks the configured public address and strips a last slash.
func publicURL(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("public address %q is not of the form https://host[:port][/path]", s)
	}
	return strings.TrimRight(s, "/"), nil
}
