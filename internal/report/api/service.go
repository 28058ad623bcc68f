package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

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
	// Submit makes the feature of a report and keeps with it what comes along;
	// again tells that one was made with this secret before.
	Submit(ctx context.Context, edit plan.Edit, sent plan.Submission) (again bool, err error)
	// Submitted reports whether a feature was made with a secret of this hash.
	Submitted(ctx context.Context, secret []byte) (bool, error)
	// Submission finds a feature by the hash of its secret; id 0 for none.
	Submission(ctx context.Context, secret []byte) (layer string, id int64, err error)
	// SubmittedPhoto is nil where the feature shows none in the layer shown, or
	// where its sum is known.
	SubmittedPhoto(ctx context.Context, layer string, shown *plan.Layer, id int64, known []byte) (photo, sum []byte, err error)
	SubmittedContact(ctx context.Context, layer string, id int64) (string, error)
	// Withdraw deletes a feature and all that was sent with it, by the hash of its
	// secret; false for none.
	Withdraw(ctx context.Context, secret []byte) (bool, error)
	History(ctx context.Context, layer *plan.Layer, id, beforeRevision int64, limit int) ([]plan.Version, error)
}

// Config of a service.
type Config struct {
	// PublicURL is the address of the service, without a last slash.
	PublicURL string
	// Proxies are trusted to say for whom they ask.
	Proxies []netip.Prefix
	// Timeout bounds the work on a report once it has arrived.
	Timeout time.Duration
	// Now is the clock; nil: the real one.
	Now func() time.Time
}

// Service answers requests about reports.
type Service struct {
	config Config
	plan   Plan
	store  Store
	pages  *rest.Pages
	// statusPage is the page of one report.
	statusPage map[plan.Lang]*template.Template
	origin     *http.CrossOriginProtection
	// tries is the pace of what is sent, photos of what is decoded, pace of what is
	// stored, unknown of secrets that are nobody's, and looks of what was sent.
	tries, photos, pace, unknown, looks *auth.Pace
	// sending are the reports on their way, each with a file of at most 8 MB.
	sending auth.Crowd
	// decoding holds a place while a photo is decoded: one at a time, since it can
	// take some 220 MB.
	decoding chan struct{}
}

// New returns a service. Whoever asks may send 60 reports at once and then one
// each ten seconds, three of them with a photo at the same time; 20 photos are
// decoded and then one each 30 seconds; ten reports are stored and then one each
// two minutes, and of all together so many that they leave some 2 GB of photos a
// day. Photos and contacts are given out 60 at once, then one each second.
func New(c Config, p Plan, store Store, pages *rest.Pages) (*Service, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	origin := http.NewCrossOriginProtection()
	if err := origin.AddTrustedOrigin(schemeAndHost(c.PublicURL)); err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	status, err := statusPages()
	if err != nil {
		return nil, err
	}
	return &Service{
		config: c, plan: p, store: store, pages: pages, statusPage: status, origin: origin,
		sending: auth.Crowd{Most: 3, All: 64}, decoding: make(chan struct{}, 1),
		tries:   &auth.Pace{Now: c.Now, Burst: 60, Every: 10 * time.Second},
		photos:  &auth.Pace{Now: c.Now, Burst: 20, Every: 30 * time.Second},
		pace:    &auth.Pace{Now: c.Now, Burst: 10, Every: 2 * time.Minute, AllBurst: 100, AllEvery: 30 * time.Second},
		unknown: &auth.Pace{Now: c.Now, Burst: 60, Every: time.Second},
		looks:   &auth.Pace{Now: c.Now, Burst: 60, Every: time.Second},
	}, nil
}

// Resources are all resources at /api/v1, by pattern.
func (s *Service) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	return map[string]rest.Resource{
		"/api/v1/reports":               {Methods: map[string]rest.HandlerFunc{http.MethodPost: s.send}, MaxBody: maxBody, Upload: true},
		"/api/v1/reports/{secret}":      {Methods: map[string]rest.HandlerFunc{http.MethodGet: s.status, http.MethodDelete: s.withdraw}},
		"/api/v1/reports/photos/{id}":   get(s.photo),
		"/api/v1/reports/contacts/{id}": get(s.contact),
	}
}

// view is the plan for the eyes of the public, where reports are taken.
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

// secretly keeps an answer that only the holder of a secret may see out of
// caches, search engines and the Referer of what it links to.
func secretly(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
}

// photo is GET /api/v1/reports/photos/{id}: for officers, and for everybody
// where an officer has opened it. The database is asked each time, since what
// an officer closes is to be gone at once; a photo that is known is not sent again.
func (s *Service) photo(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	none := rest.NotFound("no-such-photo", "", plan.Text{ID: "Tidak ada foto di sini.", EN: "There is no photo here."})
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	shown, ok := report.ShownIn(s.plan.View(rest.ActorOf(r.Context())))
	if err != nil || id < 1 || !ok {
		return none
	}
	if wait := s.looks.Take(auth.AskerOf(r, s.config.Proxies), 1); wait > 0 {
		return tooMany(wait, plan.Text{ID: "foto", EN: "photos"})
	}
	photo, sum, err := s.store.SubmittedPhoto(r.Context(), report.Layer, shown, id, knownSum(r))
	if err != nil {
		return err
	}
	if sum == nil {
		return none
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Disposition", `inline; filename="`+strconv.FormatInt(id, 10)+`.jpg"`)
	return rest.Write(w, r, rest.Body{Type: "image/jpeg", Data: photo, ETag: etagOf(sum), Cache: rest.Private})
}

func etagOf(sum []byte) string { return `"` + hex.EncodeToString(sum) + `"` }

// knownSum is the SHA-256 of the photo that the client says it has; nil where it
// says nothing of the kind.
func knownSum(r *http.Request) []byte {
	sum, err := hex.DecodeString(strings.Trim(strings.TrimPrefix(r.Header.Get("If-None-Match"), "W/"), `"`))
	if err != nil || len(sum) != sha256.Size {
		return nil
	}
	return sum
}

// contactBody is the answer to an officer.
type contactBody struct {
	// Contact is how to reach the sender; empty where that is not known.
	Contact string `json:"contact"`
}

// contact is GET /api/v1/reports/contacts/{id}, for who may read reports.
func (s *Service) contact(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if _, ok := s.plan.View(rest.ActorOf(r.Context())).Layer(report.Layer); !ok || err != nil || id < 1 {
		return rest.NotFound("no-such-contact", "", plan.Text{ID: "Tidak ada kontak di sini.", EN: "There is no contact here."})
	}
	if wait := s.looks.Take(auth.AskerOf(r, s.config.Proxies), 1); wait > 0 {
		return tooMany(wait, plan.Text{ID: "kontak", EN: "contacts"})
	}
	contact, err := s.store.SubmittedContact(r.Context(), report.Layer, id)
	if err != nil {
		return err
	}
	secretly(w.Header())
	return rest.WriteOnce(w, rest.Language(r), contactBody{contact})
}
