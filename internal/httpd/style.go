package httpd

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// styles keeps the map style of the present catalogue in each language.
type styles struct {
	mu   sync.Mutex
	cat  *plan.Catalog
	text map[plan.Lang][]byte
}

// planStyle is GET /styles/plan.json: the MapLibre style of the public layers.
// Addresses in it are absolute, for clients that are not web pages.
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
	text, err := s.styleIn(lang)
	if err != nil {
		return err
	}
	return rest.Write(w, r, rest.Body{Type: rest.JSON().Type, Data: text, Lang: string(lang)})
}

func (s *Server) styleIn(lang plan.Lang) ([]byte, error) {
	s.style.mu.Lock()
	defer s.style.mu.Unlock()
	if cat := s.plan.Catalog(); s.style.cat != cat {
		s.style.cat, s.style.text = cat, map[plan.Lang][]byte{}
	}
	if text, ok := s.style.text[lang]; ok {
		return text, nil
	}
	o := carto.StyleOptions{
		Lang: lang, Name: s.cfg.City.Title.In(lang), Zoom: s.cfg.City.Zoom,
		TileJSON: s.cfg.PublicURL + "/tiles/{layer}.json",
	}
	center := s.cfg.City.In(s.plan).Center
	o.Center = (*[2]float64)(&center)
	style, err := carto.Style(s.style.cat, o)
	if err != nil {
		return nil, fmt.Errorf("map style: %w", err)
	}
	text, err := rest.Encode(style)
	if err != nil {
		return nil, err
	}
	s.style.text[lang] = text
	return text, nil
}
