package tileset

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/simtaru/simtaru/internal/rest"
)

// MediaType is that of a vector tile.
const MediaType = "application/vnd.mapbox-vector-tile"

// header values that all answers share; net/http reads them and never writes.
type shared struct{ public, private, vary, kind, gzip []string }

func values() shared {
	return shared{
		public: []string{rest.Revalidate}, private: []string{rest.Private},
		vary: []string{"Accept-Encoding, " + rest.LoginVary},
		kind: []string{MediaType}, gzip: []string{"gzip"},
	}
}

// Write answers.
func (s *Service) Write(w http.ResponseWriter, a Answer) error {
	h := w.Header()
	h["Cache-Control"] = s.headers.public
	if a.Login {
		h["Cache-Control"] = s.headers.private
	}
	h["Vary"] = s.headers.vary
	h["Etag"] = []string{a.ETag}
	if !a.AsOf.IsZero() {
		h.Set("Simtaru-As-Of", a.AsOf.UTC().Format(time.RFC3339))
	}
	if a.Status != http.StatusOK {
		w.WriteHeader(a.Status)
		return nil
	}
	h["Content-Type"] = s.headers.kind
	if a.Gzip {
		h["Content-Encoding"] = s.headers.gzip
	}
	h["Content-Length"] = []string{strconv.Itoa(len(a.Body))}
	if _, err := w.Write(a.Body); err != nil {
		return fmt.Errorf("write tile: %w", err)
	}
	return nil
}
