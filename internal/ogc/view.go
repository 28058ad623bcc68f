package ogc

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// prints identify the declarations of one catalogue.
type prints struct {
	cat *plan.Catalog
	of  map[*plan.Layer]string
}

// fingerprint identifies the declaration of a layer, with the code lists that
// its pages show. Two requests may compute them at the same time after a change
// of the catalogue; they come to the same.
func (s *Service) fingerprint(v mirror.View, l *plan.Layer) string {
	cat := v.Catalog()
	p := s.prints.Load()
	if p == nil || p.cat != cat {
		p = &prints{cat: cat, of: map[*plan.Layer]string{}}
		for _, l := range cat.Layers() {
			p.of[l] = fingerprint(cat, l)
		}
		s.prints.Store(p)
	}
	return p.of[l]
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

// maxSpecs bounds the API definitions that are kept: in two languages, those of
// the four roles and of some tokens that are narrower than their person.
const maxSpecs = 16

// specs keeps the API definitions of the present catalogue, one for each set of
// rights that has asked.
type specs struct {
	mu   sync.Mutex
	cat  *plan.Catalog
	kept map[specKey]*openAPI
}

type specKey struct {
	rights string
	lang   plan.Lang
}

// openAPI is one API definition.
type openAPI struct {
	api  *openapi3.T
	text []byte
}

// of returns the definition for a view, which build makes where it is not kept.
func (s *specs) of(v mirror.View, lang plan.Lang, build func(mirror.View, plan.Lang) *openapi3.T) (*openAPI, error) {
	key := specKey{v.Rights(), lang}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cat != v.Catalog() {
		s.cat, s.kept = v.Catalog(), map[specKey]*openAPI{}
	}
	if doc, ok := s.kept[key]; ok {
		return doc, nil
	}
	if len(s.kept) >= maxSpecs {
		clear(s.kept)
	}
	doc := &openAPI{api: build(v, lang)}
	var err error
	if doc.text, err = doc.api.MarshalJSON(); err != nil {
		return nil, fmt.Errorf("API definition: %w", err)
	}
	s.kept[key] = doc
	return doc, nil
}
