package httpd

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// styles keeps the map styles of the present catalogue, one for each set of
// rights and language that has asked.
type styles struct {
	mu   sync.Mutex
	cat  *plan.Catalog
	text map[styleKey][]byte
}

type styleKey struct {
	rights string
	lang   plan.Lang
}

// maxStyles bounds the styles that are kept: those of the four roles in two
// languages, and of some tokens that are narrower than their person.
const maxStyles = 32

// planStyle is GET /styles/plan.json: the MapLibre style of the layers that the
// login may read. Addresses in it are absolute, for clients that are not web
// pages.
func (s *Server) planStyle(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	lang := rest.Language(r)
	text, err := s.styleIn(s.see(r), lang)
	if err != nil {
		return err
	}
	return rest.Write(w, r, rest.Body{Type: rest.JSON().Type, Data: text, Lang: string(lang)})
}

func (s *Server) styleIn(v mirror.View, lang plan.Lang) ([]byte, error) {
	key := styleKey{v.Rights(), lang}
	s.style.mu.Lock()
	defer s.style.mu.Unlock()
	if s.style.cat != v.Catalog() {
		s.style.cat, s.style.text = v.Catalog(), map[styleKey][]byte{}
	}
	if text, ok := s.style.text[key]; ok {
		return text, nil
	}
	o := carto.StyleOptions{
		Actor: v.Actor(), Lang: lang, Name: s.cfg.City.Title.In(lang), Zoom: s.cfg.City.Zoom,
		TileJSON: s.cfg.PublicURL + "/tiles/{layer}.json",
	}
	center := s.cfg.City.In(v).Center
	o.Center = (*[2]float64)(&center)
	style, err := carto.Style(v.Catalog(), o)
	if err != nil {
		return nil, fmt.Errorf("map style: %w", err)
	}
	text, err := rest.Encode(style)
	if err != nil {
		return nil, err
	}
	if len(s.style.text) >= maxStyles {
		clear(s.style.text)
	}
	s.style.text[key] = text
	return text, nil
}
