package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// GzipSuffix marks the strong ETag of the gzipped form of a representation,
// which is another sequence of bytes (RFC 9110, 8.8.3.3).
const GzipSuffix = "-gzip"

// NotModified reports whether If-None-Match holds the ETag, by the weak
// comparison: W/ and the mark of the gzipped form do not count.
func NotModified(r *http.Request, etag string) bool {
	return Matches(r.Header["If-None-Match"], etag)
}

// Matches is NotModified for the values of If-None-Match.
func Matches(values []string, etag string) bool {
	if len(values) == 0 || etag == "" {
		return false
	}
	want := opaque(etag)
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			part = strings.TrimSpace(part)
			if part == "*" || opaque(part) == want {
				return true
			}
		}
	}
	return false
}

// opaque is the tag without W/, quotes and the mark of the gzipped form.
func opaque(tag string) string {
	tag = strings.TrimPrefix(tag, "W/")
	tag = strings.TrimPrefix(strings.TrimSuffix(tag, `"`), `"`)
	return strings.TrimSuffix(tag, GzipSuffix)
}

// ETagOf is the strong ETag of a body.
func ETagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// Body is a whole answer that is small enough to keep in memory.
type Body struct {
	// Type is the Content-Type.
	Type string
	Data []byte
	// ETag of the answer; empty: computed from Data.
	ETag string
	// Cache is Cache-Control of what is the same whoever asks; where a login came
	// with the request, public becomes private in it. Empty means that the answer
	// can depend on the login: see SetCache.
	Cache string
	// Lang is the Content-Language, where the answer depends on it.
	Lang string
}

// Write answers with b, or with 304 where the client has it already.
func Write(w http.ResponseWriter, r *http.Request, b Body) error {
	if b.ETag == "" {
		b.ETag = ETagOf(b.Data)
	}
	h := w.Header()
	h.Set("ETag", b.ETag)
	if b.Cache == "" {
		SetCache(h, r)
	} else {
		h.Set("Cache-Control", cacheFor(r, b.Cache))
	}
	if b.Lang != "" {
		h.Set("Content-Language", b.Lang)
		AddVary(h, "Accept-Language")
	}
	if NotModified(r, b.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", b.Type)
	h.Set("Content-Length", strconv.Itoa(len(b.Data)))
	if _, err := w.Write(b.Data); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// Encode is v as JSON, without the escapes for HTML that encoding/json adds.
func Encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return buf.Bytes(), nil
}

// WriteJSON answers with v as JSON under b's headers; b.Type may be empty.
func WriteJSON(w http.ResponseWriter, r *http.Request, b Body, v any) error {
	data, err := Encode(v)
	if err != nil {
		return err
	}
	b.Data = data
	if b.Type == "" {
		b.Type = JSON().Type
	}
	return Write(w, r, b)
}
