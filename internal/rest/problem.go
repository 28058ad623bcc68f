package rest

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// ProblemType is the media type of problem details.
const ProblemType = "application/problem+json"

// Problem is the body of every answer that is an error (RFC 9457).
type Problem struct {
	// Type is relative to the service: /docs/problems#code.
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// Instance names the occurrence; the log has the same id.
	Instance string `json:"instance,omitempty"`
	// At is the parameter, property, line or layer that is wrong.
	At string `json:"at,omitempty"`
	// Current is the version that a stale edit met.
	Current *plan.Current `json:"current,omitempty"`
	// Faults are what is wrong with the edits of a request, where it is more
	// than one thing or the request has many; Cut says that there may be more.
	Faults []ProblemFault `json:"faults,omitempty"`
	Cut    *bool          `json:"cut,omitempty"`
}

// ProblemFault is what is wrong with one of many edits.
type ProblemFault struct {
	// Position of the edit in the request, from 0.
	Position int           `json:"position"`
	Layer    string        `json:"layer,omitempty"`
	ID       int64         `json:"id,omitempty"`
	Status   int           `json:"status"`
	Type     string        `json:"type"`
	Detail   string        `json:"detail"`
	At       string        `json:"at,omitempty"`
	Current  *plan.Current `json:"current,omitempty"`
}

// problemBase is where the types of problems are explained.
const problemBase = "/docs/problems#"

// StatusError gives an error an HTTP status that no plan.Kind stands for, or
// headers that belong to it.
type StatusError struct {
	Status int
	Header http.Header
	Err    *plan.Error
}

func (e *StatusError) Error() string { return e.Err.Error() }

func (e *StatusError) Unwrap() error { return e.Err }

// TooMany is the answer to who must wait since there were too many of what: 429
// with Retry-After in whole seconds.
func TooMany(wait time.Duration, kind plan.Kind, code string, what plan.Text) error {
	seconds := itoa(int((wait + time.Second - 1) / time.Second))
	return &StatusError{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {seconds}}, Err: &plan.Error{Kind: kind, Code: code, Message: plan.Text{
		ID: "Terlalu banyak " + what.ID + ". Coba lagi " + seconds + " detik lagi.", EN: "Too many " + what.EN + ". Try again in " + seconds + " seconds.",
	}}}
}

// problem is an error on its way out.
type problem struct {
	status int
	header http.Header
	err    *plan.Error
	faults *plan.Faults
}

// problemOf decides what the client is told about err. Whatever is not a
// plan.Error is our fault and says nothing of itself.
func problemOf(err error) problem {
	var se *StatusError
	if errors.As(err, &se) {
		return problem{status: se.Status, header: se.Header, err: se.Err}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return problem{status: http.StatusRequestEntityTooLarge, err: &plan.Error{
			Kind: plan.TooLarge, Code: "body-too-large",
			Message: plan.Text{
				ID: "Isi permintaan lebih besar dari " + strconv.FormatInt(tooLarge.Limit, 10) + " bita.",
				EN: "The request body is larger than " + strconv.FormatInt(tooLarge.Limit, 10) + " bytes.",
			},
		}}
	}
	var faults *plan.Faults
	if errors.As(err, &faults) {
		return problem{status: statusOf(faults.List[0].Err.Kind), err: sumOf(faults), faults: faults}
	}
	var pe *plan.Error
	if errors.As(err, &pe) && pe.Kind != plan.Internal {
		return problem{status: statusOf(pe.Kind), err: pe}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return problem{status: http.StatusServiceUnavailable, err: &plan.Error{
			Kind: plan.Unavailable, Code: "timeout",
			Message: plan.Text{
				ID: "Permintaan ini butuh waktu terlalu lama dan dihentikan. Coba lagi dengan wilayah atau batas yang lebih kecil.",
				EN: "The request took too long and was stopped. Try again with a smaller area or limit.",
			},
		}}
	}
	return problem{status: http.StatusServiceUnavailable, err: &plan.Error{
		Kind: plan.Internal, Code: "internal",
		Message: plan.Text{
			ID: "Ada kesalahan di pihak kami; rinciannya sudah tercatat. Silakan coba lagi nanti.",
			EN: "Something went wrong on our side; the details are in our log. Please try again later.",
		},
	}}
}

// statusOf maps a kind to its status. No kind is a 500: the service answers 503
// for its own faults, so that clients come back.
func statusOf(k plan.Kind) int {
	switch k {
	case plan.Invalid:
		return http.StatusBadRequest
	case plan.NotFound:
		return http.StatusNotFound
	case plan.Conflict:
		return http.StatusConflict
	case plan.Stale:
		return http.StatusPreconditionFailed
	case plan.Unprocessable:
		return http.StatusUnprocessableEntity
	case plan.Denied:
		return http.StatusForbidden
	case plan.Unauthenticated:
		return http.StatusUnauthorized
	case plan.TooLarge:
		return http.StatusRequestEntityTooLarge
	default:
		return http.StatusServiceUnavailable
	}
}

// retryAfter is what a 503 without a better idea asks the client to wait, in
// seconds: a restart of the database takes less.
const retryAfter = "5"

func (p problem) write(w *Recorder, r *http.Request) {
	lang := Language(r)
	h := w.Header()
	for _, k := range []string{"ETag", "Content-Encoding", "Content-Length", "Last-Modified", "Content-Crs"} {
		h.Del(k)
	}
	for k, v := range p.header {
		h[k] = v
	}
	if p.status == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", retryAfter)
	}
	if p.status == http.StatusUnauthorized && h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", challenge(r))
	}
	h.Set("Content-Language", string(lang))
	h.Set("Cache-Control", "no-store")
	AddVary(h, "Accept-Language")
	body := p.body(lang)
	if id := w.RequestID(); id != "" {
		body.Instance = "urn:simtaru:request:" + id
	}
	// The client may be gone; there is nobody left to tell of an error.
	if wantsException(r) {
		h.Set("Content-Type", exceptionType)
		w.WriteHeader(p.status)
		_, _ = io.WriteString(w, xml.Header)
		_ = xml.NewEncoder(w).Encode(exceptions(body, lang))
		return
	}
	h.Set("Content-Type", ProblemType)
	w.WriteHeader(p.status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body)
}

// body is the problem in one language.
func (p problem) body(lang plan.Lang) Problem {
	body := Problem{
		Type: problemBase + p.err.Code, Title: titleOf(p.status).In(lang), Status: p.status,
		Detail: p.err.Message.In(lang), At: p.err.At, Current: p.err.Current,
	}
	if p.faults == nil {
		return body
	}
	body.Cut = &p.faults.Cut
	for _, f := range p.faults.List {
		body.Faults = append(body.Faults, ProblemFault{
			Position: f.Index, Layer: f.Layer, ID: f.ID, Status: statusOf(f.Err.Kind), Type: problemBase + f.Err.Code,
			Detail: f.Err.Message.In(lang), At: f.Err.At, Current: f.Err.Current,
		})
	}
	return body
}

// sumOf is the error that stands for many faults: the first of them, and how
// many there are.
func sumOf(f *plan.Faults) *plan.Error {
	sum := *f.List[0].Err
	if n := len(f.List); n > 1 {
		sum.Message = plan.Text{
			ID: "Tidak ada yang disimpan: ada " + itoa(n) + " kesalahan. Yang pertama: " + sum.Message.ID,
			EN: "Nothing was saved: there are " + itoa(n) + " faults. The first: " + sum.Message.EN,
		}
	}
	return &sum
}

// titleOf names a status for people.
func titleOf(status int) plan.Text {
	switch status {
	case http.StatusBadRequest:
		return plan.Text{ID: "Permintaan tidak dapat dimengerti", EN: "The request is not understood"}
	case http.StatusUnauthorized:
		return plan.Text{ID: "Masuk dahulu", EN: "Log in first"}
	case http.StatusForbidden:
		return plan.Text{ID: "Tidak diizinkan", EN: "Not allowed"}
	case http.StatusNotFound:
		return plan.Text{ID: "Tidak ditemukan", EN: "Not found"}
	case http.StatusMethodNotAllowed:
		return plan.Text{ID: "Metode tidak berlaku di sini", EN: "Method not allowed here"}
	case http.StatusNotAcceptable:
		return plan.Text{ID: "Format tidak tersedia", EN: "Format not available"}
	case http.StatusConflict:
		return plan.Text{ID: "Bentrok dengan keadaan sekarang", EN: "Conflicts with the current state"}
	case http.StatusGone:
		return plan.Text{ID: "Sudah tidak tersedia", EN: "Gone"}
	case http.StatusPreconditionFailed:
		return plan.Text{ID: "Data sudah berubah", EN: "The data has changed"}
	case http.StatusRequestEntityTooLarge:
		return plan.Text{ID: "Terlalu besar", EN: "Too large"}
	case http.StatusRequestURITooLong:
		return plan.Text{ID: "Alamat terlalu panjang", EN: "The address is too long"}
	case http.StatusUnsupportedMediaType:
		return plan.Text{ID: "Jenis isi tidak didukung", EN: "Unsupported media type"}
	case http.StatusUnprocessableEntity:
		return plan.Text{ID: "Melanggar aturan data", EN: "Breaks a rule of the data"}
	case http.StatusTooManyRequests:
		return plan.Text{ID: "Terlalu banyak permintaan", EN: "Too many requests"}
	case http.StatusServiceUnavailable:
		return plan.Text{ID: "Layanan sedang tidak tersedia", EN: "The service is unavailable now"}
	default:
		return plan.Text{ID: http.StatusText(status), EN: http.StatusText(status)}
	}
}

// NotFound is the error for a thing that does not exist.
func NotFound(code, at string, message plan.Text) error {
	return &plan.Error{Kind: plan.NotFound, Code: code, At: at, Message: message}
}

// Invalid is the error for a request that is malformed at the parameter at.
func Invalid(at string, message plan.Text) error {
	return &plan.Error{Kind: plan.Invalid, Code: "invalid-parameter", At: at, Message: message}
}

// NoRoute is the error for a path that means nothing.
func NoRoute() error {
	return NotFound("no-such-resource", "", plan.Text{
		ID: "Tidak ada apa-apa di alamat ini.",
		EN: "There is nothing at this address.",
	})
}

// MethodNotAllowed is the error for a method that the resource does not have.
func MethodNotAllowed(method string, allow []string) error {
	allow = slices.Sorted(slices.Values(allow))
	list := ""
	for i, m := range allow {
		if i > 0 {
			list += ", "
		}
		list += m
	}
	return &StatusError{
		Status: http.StatusMethodNotAllowed, Header: http.Header{"Allow": {list}},
		Err: &plan.Error{Kind: plan.Invalid, Code: "method-not-allowed", At: clip(method, 20), Message: plan.Text{
			ID: "Alamat ini hanya menerima " + list + ".",
			EN: "This address takes " + list + " only.",
		}},
	}
}

// Busy is the error when all places for a kind of work are taken.
func Busy() error {
	return &plan.Error{Kind: plan.Unavailable, Code: "busy", Message: plan.Text{
		ID: "Layanan sedang sibuk. Coba lagi sebentar lagi.",
		EN: "The service is busy. Try again in a moment.",
	}}
}

// clip shortens s to n bytes, for text that came from the client.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "..."
}

// Starting is the error while the plan is still being loaded.
func Starting() error {
	return &plan.Error{Kind: plan.Unavailable, Code: "starting", Message: plan.Text{
		ID: "Layanan sedang memuat rencana kota. Coba lagi beberapa detik lagi.",
		EN: "The service is loading the plan. Try again in a few seconds.",
	}}
}
