package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/report"
	"github.com/simtaru/simtaru/internal/rest"
)

// Plan is the plan in memory.
type Plan interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
}

// Store keeps reports.
type Store interface {
	// Submit makes the feature of a report, and keeps the hash of its secret and
	// a photo with it.
	Submit(ctx context.Context, edit plan.Edit, secret, photo []byte) error
	// Submission finds a feature by the hash of its secret; id 0 for none.
	Submission(ctx context.Context, secret []byte) (layer string, id int64, err error)
	SubmittedPhoto(ctx context.Context, layer string, id int64) ([]byte, error)
	History(ctx context.Context, layer *plan.Layer, id, beforeRevision int64, limit int) ([]plan.Version, error)
}

// Config of a service.
type Config struct {
	// PublicURL is the address of the service, without a last slash.
	PublicURL string
	// Proxies are trusted to say for whom they ask.
	Proxies []netip.Prefix
	// Now is the clock; nil: the real one.
	Now func() time.Time
}

// Service answers requests about reports.
type Service struct {
	config Config
	plan   Plan
	store  Store
	pages  *rest.Pages
	pace   *auth.Pace
	origin *http.CrossOriginProtection
	// decoding holds a place while a photo is decoded: one at a time, since it can
	// take 250 MB.
	decoding chan struct{}
}

// New returns a service.
func New(c Config, p Plan, store Store, pages *rest.Pages) (*Service, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	origin := http.NewCrossOriginProtection()
	if err := origin.AddTrustedOrigin(schemeAndHost(c.PublicURL)); err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	return &Service{
		config: c, plan: p, store: store, pages: pages, origin: origin, decoding: make(chan struct{}, 1),
		// All together leave at most some 2 GB of photos a day.
		pace: &auth.Pace{Now: c.Now, Burst: 10, Every: 2 * time.Minute, AllBurst: 100, AllEvery: 30 * time.Second},
	}, nil
}

// Resources are all resources at /api/v1, by pattern.
func (s *Service) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	return map[string]rest.Resource{
		"/api/v1/reports":             {Methods: map[string]rest.HandlerFunc{http.MethodPost: s.send}, MaxBody: maxBody},
		"/api/v1/reports/{secret}":    get(s.status),
		"/api/v1/reports/photos/{id}": get(s.photo),
	}
}

// reportsView is the plan for the eyes of the public, where reports are taken.
func (s *Service) view() (mirror.View, error) {
	if !s.plan.Status().Ready {
		return mirror.View{}, rest.Starting()
	}
	v := s.plan.View(plan.Actor{})
	if !report.Declared(v) {
		return v, rest.NotFound("no-reports", "", plan.Text{ID: "Kota ini tidak menerima laporan di sini.", EN: "This city takes no reports here."})
	}
	return v, nil
}

// newSecret returns a secret of 256 bits and its hash.
func newSecret() (string, []byte) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // ends the program where it fails
	secret := base64.RawURLEncoding.EncodeToString(b[:])
	return secret, hashOf(secret)
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// find is the report of the secret in the address.
func (s *Service) find(r *http.Request) (report.Told, error) {
	v, err := s.view()
	if err != nil {
		return report.Told{}, err
	}
	none := rest.NotFound("no-such-report", "", plan.Text{ID: "Tidak ada laporan dengan tautan ini, atau sudah dihapus.", EN: "There is no report by this link, or it was deleted."})
	layer, id, err := s.store.Submission(r.Context(), hashOf(chi.URLParam(r, "secret")))
	if err != nil {
		return report.Told{}, err
	}
	l, ok := v.Catalog().Layer(report.Layer)
	if !ok || id == 0 || layer != report.Layer {
		return report.Told{}, none
	}
	versions, err := s.store.History(r.Context(), l, id, 0, 100)
	if err != nil {
		return report.Told{}, err
	}
	told, ok := report.Tell(v, versions)
	if !ok {
		return told, none
	}
	return told, nil
}

// secretly keeps an answer that only the holder of a secret may see out of
// caches, search engines and the Referer of what it links to.
func secretly(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
}

// status is GET /api/v1/reports/{secret}.
func (s *Service) status(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	secretly(w.Header())
	told, err := s.find(r)
	if err != nil {
		return err
	}
	return rest.WriteOnce(w, rest.Language(r), told)
}

// photo is GET /api/v1/reports/photos/{id}: for officers, and for everybody
// where an officer has opened it.
func (s *Service) photo(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	none := rest.NotFound("no-such-photo", "", plan.Text{ID: "Tidak ada foto di sini.", EN: "There is no photo here."})
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil || id < 1 || !report.ShowsPhoto(s.plan.View(rest.ActorOf(r.Context())), id) {
		return none
	}
	photo, err := s.store.SubmittedPhoto(r.Context(), report.Layer, id)
	if err != nil {
		return err
	}
	if photo == nil {
		return none
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Disposition", `inline; filename="`+strconv.FormatInt(id, 10)+`.jpg"`)
	// What an officer closes again is gone at once.
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(photo)))
	if _, err := w.Write(photo); err != nil {
		return fmt.Errorf("write the photo: %w", err)
	}
	return nil
}
