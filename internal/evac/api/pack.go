package api

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/rest"
)

// How many packs are waited for at a time, and how long: one is made at a time,
// for all who want it, and no question for a way waits for them.
const (
	packing  = 64
	packWait = 5 * time.Second
)

// pack is GET /api/v1/evacuation/pack/{area}. The ETag is the SHA-256 that is in
// the file, and Simtaru-As-Of, of a 304 too, until when it is surely current.
func (s *Service) pack(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "profile", "hazard")
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.Media{Type: evac.PackType, Also: []string{"application/octet-stream"}}); err != nil {
		return err
	}
	c, err := s.board.City()
	if err != nil {
		return err
	}
	q := evac.PackQuestion{Area: r.PathValue("area"), Now: s.now()}
	if q.Profile, q.Hazard, err = who(p, c); err != nil {
		return err
	}
	leave, err := s.packs.Enter(r.Context())
	if err != nil {
		return err
	}
	f, err := c.Pack(q)
	leave()
	if err != nil {
		return err
	}
	w.Header().Set("Simtaru-As-Of", c.AsOf.UTC().Format(time.RFC3339))
	rest.AddVary(w.Header(), "Accept-Encoding")
	b := rest.Body{Type: evac.PackType, Data: f.Data, ETag: `"` + base64.RawURLEncoding.EncodeToString(f.Hash) + `"`, Cache: rest.Revalidate}
	if rest.AcceptsGzip(r.Header) {
		w.Header().Set("Content-Encoding", "gzip")
		b.Data, b.ETag = f.Gzip, strings.TrimSuffix(b.ETag, `"`)+rest.GzipSuffix+`"`
	}
	return rest.Write(w, r, b)
}
