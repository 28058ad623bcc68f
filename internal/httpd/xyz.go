package httpd

import (
	"net/http"
	"strings"

	"github.com/simtaru/simtaru/internal/ogc/tileset"
	"github.com/simtaru/simtaru/internal/rest"
)

// tile answers everything under /tiles/: {layers}/{z}/{x}/{y}, with .mvt or
// .pbf after it or not, and {layers}.json. It takes the path apart itself: the
// map asks for little else, and a router costs as much as the tile.
func (s *Server) tile(rec *rest.Recorder, r *http.Request) {
	if err := s.serveTile(rec, r); err != nil {
		rest.Fail(s.log, rec, r, err)
	}
}

func (s *Server) serveTile(rec *rest.Recorder, r *http.Request) error {
	h := rec.Header()
	h["Access-Control-Allow-Origin"] = s.shared.anyOrigin
	h["Access-Control-Expose-Headers"] = s.shared.exposed
	if r.Method != http.MethodGet {
		switch r.Method {
		case http.MethodOptions:
			options(rec, r, "GET, HEAD, OPTIONS")
			return nil
		case http.MethodHead:
		default:
			return rest.MethodNotAllowed(r.Method, []string{http.MethodGet, http.MethodHead, http.MethodOptions})
		}
	}
	part, ok := cutTile(r.URL.Path)
	if !ok {
		return s.tileJSON(rec, r)
	}
	if err := acceptsTile(r); err != nil {
		return err
	}
	a, err := s.tiles.Get(r.Context(), tileset.Of(r, part[0], part[1], part[2], part[3]))
	if err != nil {
		return err
	}
	return s.tiles.Write(rec, a)
}

// cutTile takes /tiles/{layers}/{z}/{x}/{y}[.mvt|.pbf] apart.
func cutTile(path string) (parts [4]string, ok bool) {
	path = strings.TrimPrefix(path, "/tiles/")
	for i := range 3 {
		part, after, ok := strings.Cut(path, "/")
		if !ok {
			return parts, false
		}
		parts[i], path = part, after
	}
	path = strings.TrimSuffix(path, ".mvt")
	parts[3] = strings.TrimSuffix(path, ".pbf")
	return parts, !strings.Contains(path, "/")
}

// acceptsTile refuses a client that wants something else. What map libraries
// send passes without parsing.
func acceptsTile(r *http.Request) error {
	if v := r.Header["Accept"]; len(v) == 0 || v[0] == "*/*" {
		return nil
	}
	_, err := rest.Negotiate(r, "", rest.Media{
		Name: "mvt", Type: tileset.MediaType,
		Also: []string{"application/x-protobuf", "application/octet-stream", "application/vnd.mapbox-vector-tile+protobuf"},
	})
	return err
}

// tileJSON is /tiles/{layers}.json: TileJSON 3.0.
func (s *Server) tileJSON(rec *rest.Recorder, r *http.Request) error {
	layers, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/tiles/"), ".json")
	if !ok || strings.Contains(layers, "/") {
		return rest.NoRoute()
	}
	rec.Route = "/tiles/{layers}.json"
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	lang := rest.Language(r)
	v := s.see(r)
	doc, err := s.tiles.TileJSON(v, layers, tileset.About{
		PublicURL: s.cfg.PublicURL, Title: s.cfg.City.Title, Notice: s.cfg.City.Notice(),
		Bound: s.cfg.City.In(v).Bound, Lang: lang, Version: s.cfg.Version,
	})
	if err != nil {
		return err
	}
	return rest.WriteJSON(rec, r, rest.Body{Lang: string(lang)}, doc)
}
