package api

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/testdb"
)

// Of what was removed, and is not signed or cannot be checked, nobody knows whether
// it was genuine, and nobody says so.
func TestRemovedAndUnsigned(t *testing.T) {
	db := testdb.New(t)
	text, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ReadKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := rest.NewPages(rest.PageOptions{})
	if err != nil {
		t.Fatal(err)
	}
	over := time.Now().Add(-time.Second)
	bare := plan.Extract{ID: "00000000-0000-4000-8000-000000000001", Key: strings.Repeat("1", 64), Document: []byte("{}"), Until: &over}
	bare.SHA256 = extract.Sum(bare.Document)
	signed := bare
	signed.ID, signed.Key = "00000000-0000-4000-8000-000000000002", strings.Repeat("2", 64)
	signed.Signature = keys.signature(&signed)
	for _, e := range []plan.Extract{bare, signed} {
		if _, err := db.Store.KeepExtract(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := db.Store.ForgetExtracts(t.Context()); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	for name, c := range map[string]struct {
		id    string
		keys  *Keys
		known bool
	}{
		"no keys": {bare.ID, nil, false}, "signed, no keys": {signed.ID, nil, false}, "keys, not signed": {bare.ID, keys, false}, "signed": {signed.ID, keys, true},
	} {
		s, err := New(Config{Keys: c.keys}, nil, db.Store, pages)
		if err != nil {
			t.Fatal(err)
		}
		for path, h := range map[string]rest.HandlerFunc{"/verify": s.verify, "?lang=en": s.Page} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+c.id+path, nil)
			r.SetPathValue("id", c.id)
			w := httptest.NewRecorder()
			if err := h(w, r); err != nil {
				t.Fatalf("%s%s: %v", name, path, err)
			}
			said := w.Body.Bytes()
			want := []string{`"genuine":null`, `"proof":"unsigned"`}
			switch {
			case path != "/verify" && c.known:
				want = []string{"Genuine.", "The content was removed", "A copy of the JSON"}
			case path != "/verify":
				want = []string{"It cannot be proven.", "The content was removed"}
			case c.known:
				want = []string{`"genuine":true`, `"proof":"signed"`}
			}
			for _, words := range want {
				if !bytes.Contains(said, []byte(words)) {
					t.Errorf("%s%s does not say %s: %s", name, path, words, said)
				}
			}
			if !c.known && (bytes.Contains(said, []byte("unchanged")) || bytes.Contains(said, []byte("content is that of the hash")) || bytes.Contains(said, []byte("A copy of the JSON"))) {
				t.Errorf("%s%s says more than is known: %s", name, path, said)
			}
		}
	}
}
