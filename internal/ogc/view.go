package ogc

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/plan"
)

// view is what is computed once from a catalogue.
type view struct {
	cat *plan.Catalog
	// prints identify the declarations, by layer id.
	prints map[*plan.Layer]string
	// api is the OpenAPI document in each language, and as JSON.
	api     map[plan.Lang]*openapi3.T
	apiJSON map[plan.Lang][]byte
}

// current returns the view of the present catalogue. Two requests may compute
// it at the same time after a change; they come to the same.
func (s *Service) current() (*view, error) {
	cat := s.plan.Catalog()
	if v := s.view.Load(); v != nil && v.cat == cat {
		return v, nil
	}
	v := &view{
		cat: cat, prints: map[*plan.Layer]string{},
		api: map[plan.Lang]*openapi3.T{}, apiJSON: map[plan.Lang][]byte{},
	}
	for _, l := range cat.Layers() {
		v.prints[l] = fingerprint(cat, l)
	}
	for _, lang := range []plan.Lang{plan.Indonesian, plan.English} {
		doc := s.document(cat, lang)
		text, err := doc.MarshalJSON()
		if err != nil {
			return nil, err
		}
		v.api[lang], v.apiJSON[lang] = doc, text
	}
	s.view.Store(v)
	return v, nil
}

// fingerprint identifies the declaration of a layer, with the code lists that
// its pages show.
func (s *Service) fingerprint(l *plan.Layer) string {
	if v, err := s.current(); err == nil {
		if p, ok := v.prints[l]; ok {
			return p
		}
	}
	return fingerprint(s.plan.Catalog(), l)
}

func fingerprint(cat *plan.Catalog, l *plan.Layer) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	// A declaration has come out of YAML or jsonb: it holds nothing that JSON
	// lacks, and a hash takes everything.
	_ = enc.Encode(l)
	for _, f := range l.Fields {
		if f.Codes != nil {
			if list, ok := cat.List(*f.Codes); ok {
				_ = enc.Encode(list)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
