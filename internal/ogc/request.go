package ogc

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"strings"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// The largest bodies, in bytes, also after decompression: one feature of
// 200,000 vertices takes 8 MB.
const (
	maxFeature = 16 << 20
	maxEdits   = 64 << 20
	maxRevert  = 4 << 10
)

// The media types of bodies.
func featureTypes() []string { return []string{geoJSONType, "application/json"} }

func patchTypes() []string { return []string{"application/merge-patch+json"} }

// body is the body of a request, decompressed and counted.
type body struct {
	io.Reader
	hash hash.Hash
}

// openBody opens a body and fingerprints what is read of it.
func openBody(r *http.Request, types []string, limit int64) (*body, error) {
	from, err := rest.OpenBody(r, types, limit)
	if err != nil {
		return nil, err
	}
	b := &body{hash: sha256.New()}
	b.Reader = io.TeeReader(from, b.hash)
	return b, nil
}

// contentCRS reads Content-Crs: a URI, in angle brackets as Part 2 writes it
// or without them as QGIS does.
func contentCRS(r *http.Request) (geo.CRS, error) {
	values := r.Header["Content-Crs"]
	if len(values) == 0 {
		return geo.CRS84, nil
	}
	text := strings.TrimSpace(values[0])
	if inner, ok := strings.CutPrefix(text, "<"); ok {
		if text, ok = strings.CutSuffix(inner, ">"); !ok {
			text = ""
		}
	}
	c, ok := geo.LookupURI(text)
	if ok && len(values) == 1 {
		return c, nil
	}
	all := strings.Join(crsURIs(), ", ")
	return 0, &plan.Error{Kind: plan.Invalid, Code: "unknown-crs", At: "Content-Crs", Message: plan.Text{
		ID: "Sistem koordinat ini tidak tersedia. Yang tersedia: " + all + ".",
		EN: "This reference system is not offered. Offered are: " + all + ".",
	}}
}

// once reads Idempotency-Key. The fingerprint covers all that decides what the
// request does; the body must have been read to its end.
func (b *body) once(r *http.Request) (plan.Once, error) {
	values := r.Header["Idempotency-Key"]
	if len(values) == 0 {
		return plan.Once{}, nil
	}
	key := values[0]
	visible := !strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' })
	if len(values) > 1 || key == "" || len(key) > 255 || !visible {
		return plan.Once{}, &plan.Error{Kind: plan.Invalid, Code: "invalid-header", At: "Idempotency-Key", Message: plan.Text{
			ID: "Idempotency-Key harus 1 sampai 255 karakter ASCII, misalnya UUID.",
			EN: "Idempotency-Key must be 1 to 255 ASCII characters, such as a UUID.",
		}}
	}
	h := sha256.New()
	for _, part := range []string{r.Method, r.URL.Path, r.Header.Get("Content-Crs"), r.Header.Get("If-Match")} {
		_, _ = h.Write(append([]byte(part), 0)) // a hash does not fail
	}
	if b != nil {
		_, _ = h.Write(b.hash.Sum(nil))
	}
	return plan.Once{Key: key, Fingerprint: hex.EncodeToString(h.Sum(nil))}, nil
}

// wantsFeature reports whether Prefer asks for the feature in the answer to a
// write (RFC 7240), and says that it was heard.
func wantsFeature(h http.Header, r *http.Request) bool {
	for _, value := range r.Header["Prefer"] {
		for part := range strings.SplitSeq(value, ",") {
			switch name, _, _ := strings.Cut(part, ";"); strings.ReplaceAll(strings.TrimSpace(name), `"`, "") {
			case "return=representation":
				h.Set("Preference-Applied", "return=representation")
				return true
			case "return=minimal":
				h.Set("Preference-Applied", "return=minimal")
				return false
			}
		}
	}
	return false
}
