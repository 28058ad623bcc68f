package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// maxBody in bytes; the largest body is that of a token for a hundred layers.
const maxBody = 16 << 10

// readJSON reads the body strictly: JSON by its media type, one object, no
// member that dst does not have. Errors never quote the body, which holds
// passwords.
func readJSON(r *http.Request, dst any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return &rest.StatusError{Status: http.StatusUnsupportedMediaType, Err: &plan.Error{
			Kind: plan.Invalid, Code: "unsupported-media-type", At: "Content-Type", Message: plan.Text{
				ID: "Isi permintaan harus application/json.", EN: "The body must be application/json.",
			},
		}}
	}
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(dst); err != nil {
		return badJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return badJSON(nil)
	}
	return nil
}

// badJSON names the member that has another type than it should.
func badJSON(err error) error {
	e := &plan.Error{Kind: plan.Invalid, Code: "bad-json", Message: plan.Text{
		ID: "Isi permintaan bukan JSON yang diharapkan di sini. Periksa nama dan jenis setiap anggotanya.",
		EN: "The body is not the JSON that is expected here. Check the name and the type of each member.",
	}}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		e.At = kind.Field
	}
	return e
}
