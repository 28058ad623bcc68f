package rest

import (
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// OpenBody reads the headers that say what the body is and opens it,
// decompressed: one of the media types, in UTF-8, of at most limit bytes.
func OpenBody(r *http.Request, types []string, limit int64) (io.Reader, error) {
	if err := checkType(r, types); err != nil {
		return nil, err
	}
	if r.ContentLength > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	switch coding := strings.ToLower(strings.TrimSpace(strings.Join(r.Header["Content-Encoding"], ","))); coding {
	case "", "identity":
		return r.Body, nil
	case "gzip", "x-gzip":
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, &plan.Error{Kind: plan.Invalid, Code: "invalid-gzip", At: "Content-Encoding", Cause: err, Message: plan.Text{
				ID: "Isi permintaan bukan gzip, padahal Content-Encoding menyatakannya.",
				EN: "The body is not gzip, although Content-Encoding says so.",
			}}
		}
		return &capped{from: unzipped, left: limit, limit: limit}, nil
	default:
		return nil, &StatusError{Status: http.StatusUnsupportedMediaType, Header: http.Header{"Accept-Encoding": {"gzip, identity"}}, Err: &plan.Error{
			Kind: plan.Invalid, Code: "unsupported-encoding", At: "Content-Encoding", Message: plan.Text{
				ID: "Content-Encoding yang didukung hanya gzip.", EN: "The only Content-Encoding that is supported is gzip.",
			},
		}}
	}
}

// capped ends a reader that gives more than it may: what a small body comes to
// when it is decompressed is not the sender's to decide.
type capped struct {
	from        io.Reader
	left, limit int64
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.from.Read(p)
	if int64(n) > c.left {
		return int(c.left), &http.MaxBytesError{Limit: c.limit}
	}
	c.left -= int64(n)
	return n, err
}

// checkType refuses a body that is not of one of the types.
func checkType(r *http.Request, types []string) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err == nil && slices.Contains(types, kind) && (charset == "" || charset == "utf-8") {
		return nil
	}
	list := strings.Join(types, ", ")
	header := map[string]string{http.MethodPost: "Accept-Post", http.MethodPatch: "Accept-Patch"}[r.Method]
	if header == "" {
		header = "Accept"
	}
	return &StatusError{Status: http.StatusUnsupportedMediaType, Header: http.Header{header: {list}}, Err: &plan.Error{
		Kind: plan.Invalid, Code: "unsupported-media-type", At: "Content-Type", Message: plan.Text{
			ID: "Isi permintaan di sini harus " + list + " dalam UTF-8.",
			EN: "The body here must be " + list + " in UTF-8.",
		},
	}}
}
