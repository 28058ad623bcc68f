package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// ReadJSON reads the body strictly into dst: JSON by its media type, of at most
// limit bytes, one object, no member that dst does not have. Errors never quote
// the body, which may hold passwords.
func ReadJSON(r *http.Request, limit int64, dst any) error {
	b, err := OpenBody(r, []string{"application/json"}, limit)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(http.MaxBytesReader(nil, io.NopCloser(b), limit))
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

// WriteOnce answers with v as JSON, which no cache may keep.
func WriteOnce(w http.ResponseWriter, lang plan.Lang, v any) error {
	data, err := Encode(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", JSON().Type)
	h.Set("Content-Language", string(lang))
	_, err = w.Write(data)
	return err
}
