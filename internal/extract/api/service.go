// Package api is the HTTP side of extracts: they are made, handed out as they were
// kept, verified against the plan as it is now, and shown on a page for people.
//
// An extract is made with the eyes of the public, whoever asks: who has its link
// may read it.
package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/extract/pdf"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/zoning"
	zoningapi "github.com/simtaru/simtaru/internal/zoning/api"
)

// Archive is what the database does for extracts.
type Archive interface {
	KeepExtract(ctx context.Context, e plan.Extract) (plan.Extract, error)
	Extract(ctx context.Context, id string) (plan.Extract, bool, error)
	CheckGeometries(ctx context.Context, edits []plan.Edit) error
}

// Plan is the plan in memory with its rules.
type Plan interface {
	See(plan.Actor) (mirror.View, *zoning.Index, error)
}

// Config of a service.
type Config struct {
	// PublicURL is the address of the service, without a last slash.
	PublicURL string
	Proxies   []netip.Prefix
}

// Service answers requests about extracts.
type Service struct {
	cfg     Config
	plan    Plan
	archive Archive
	pages   *rest.Pages
	pace    *auth.Pace
}

// New returns a service. So many extracts are kept at most: 500, and one more each
// 20 seconds, which is 4,320 a day; from one network 30, and one each 10 seconds.
func New(cfg Config, p Plan, a Archive, pages *rest.Pages) *Service {
	return &Service{cfg: cfg, plan: p, archive: a, pages: pages, pace: &auth.Pace{
		Now: time.Now, Burst: 30, Every: 10 * time.Second, AllBurst: 500, AllEvery: 20 * time.Second,
	}}
}

// Resources are all resources below /api/v1, by pattern.
func (s *Service) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	return map[string]rest.Resource{
		"/api/v1/extracts":             {Methods: map[string]rest.HandlerFunc{http.MethodPost: s.make}, MaxBody: maxBody},
		"/api/v1/extracts/{id}":        get(s.get),
		"/api/v1/extracts/{id}.pdf":    get(s.print),
		"/api/v1/extracts/{id}/verify": get(s.verify),
	}
}

// maxBody of a question in bytes: a polygon of 2,000 vertices has 80,000.
const maxBody = 256 << 10

// question is what is sent: a parcel or a polygon.
type question struct {
	Parcel    int64    `json:"parcel"`
	Geometry  *polygon `json:"geometry"`
	Activity  string   `json:"activity"`
	RoadClass string   `json:"roadClass"`
}

type polygon struct {
	Type        string        `json:"type"`
	Coordinates [][][]float64 `json:"coordinates"`
}

// make is POST /api/v1/extracts.
func (s *Service) make(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "lang")
	if err != nil {
		return err
	}
	lang, err := language(r, p)
	if err != nil {
		return err
	}
	as, err := rest.Negotiate(r, "", rest.JSON(), printed())
	if err != nil {
		return err
	}
	var sent question
	if err := rest.ReadJSON(r, maxBody, &sent); err != nil {
		return err
	}
	v, x, err := s.plan.See(plan.Actor{})
	if err != nil {
		return err
	}
	q, err := s.read(r.Context(), v, x, &sent)
	if err != nil {
		return err
	}
	d, err := extract.Make(r.Context(), v, x, q)
	if err != nil {
		return err
	}
	// What is refused above costs the asker nothing: it is not kept.
	if wait := s.pace.Take(auth.Address(r, s.cfg.Proxies)); wait > 0 {
		return tooMany(wait)
	}
	d.ID, d.CreatedAt = uuid.NewString(), time.Now().UTC().Truncate(time.Second)
	kept, err := s.keep(r.Context(), d)
	if err != nil {
		return err
	}
	d, err = extract.Decode(kept.Document)
	if err != nil {
		return err
	}
	body, err := s.body(d, kept.Document, as, lang)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Location", s.cfg.PublicURL+"/api/v1/extracts/"+d.ID)
	h.Set("Cache-Control", "no-store")
	s.describe(h, d, body)
	h.Set("Content-Type", body.Type)
	w.WriteHeader(http.StatusCreated)
	_, err = w.Write(body.Data)
	return err
}

// printed is the form on paper.
func printed() rest.Media { return rest.Media{Name: "pdf", Type: "application/pdf"} }

// body is an extract in one of its forms: as it was kept, or drawn from that.
func (s *Service) body(d *extract.Document, document []byte, as rest.Media, lang plan.Lang) (rest.Body, error) {
	if as.Name != printed().Name {
		return rest.Body{Type: as.Type, Data: document}, nil
	}
	var b bytes.Buffer
	if err := pdf.Write(&b, d, lang, s.cfg.PublicURL); err != nil {
		return rest.Body{}, err
	}
	return rest.Body{Type: as.Type, Data: b.Bytes(), Lang: string(lang)}, nil
}

// describe names the document, and a PDF for who saves it.
func (s *Service) describe(h http.Header, d *extract.Document, body rest.Body) {
	h.Set("Simtaru-SHA256", d.SHA256)
	if body.Type == printed().Type {
		h.Set("Content-Disposition", `inline; filename="simtaru-`+d.ID+`.pdf"`)
	}
}

func (s *Service) keep(ctx context.Context, d *extract.Document) (plan.Extract, error) {
	key, err := d.Key()
	if err != nil {
		return plan.Extract{}, err
	}
	document, err := d.Encode()
	if err != nil {
		return plan.Extract{}, err
	}
	return s.archive.KeepExtract(ctx, plan.Extract{ID: d.ID, Key: key, Document: document, SHA256: d.SHA256})
}

func tooMany(wait time.Duration) error {
	seconds := auth.Seconds(wait)
	return &rest.StatusError{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {seconds}}, Err: &plan.Error{
		Kind: plan.Unavailable, Code: "too-many-extracts", Message: plan.Text{
			ID: "Terlalu banyak kutipan dibuat. Coba lagi " + seconds + " detik lagi.", EN: "Too many extracts were made. Try again in " + seconds + " seconds.",
		},
	}}
}

// read checks a question.
func (s *Service) read(ctx context.Context, v mirror.View, x *zoning.Index, sent *question) (q extract.Question, err error) {
	if (sent.Parcel != 0) == (sent.Geometry != nil) {
		return q, &plan.Error{Kind: plan.Invalid, Code: "extract-of-what", Message: plan.Text{
			ID: `Kirim salah satu: {"parcel": nomor objek bidang} atau {"geometry": Polygon GeoJSON}.`, EN: `Send one of {"parcel": id of a parcel} and {"geometry": a GeoJSON Polygon}.`,
		}}
	}
	if sent.Activity != "" {
		if q.Activity, err = zoningapi.Activity(x, sent.Activity); err != nil {
			return q, err
		}
	}
	if sent.RoadClass != "" {
		if q.Road, err = zoningapi.Road(sent.RoadClass, "roadClass"); err != nil {
			return q, err
		}
	}
	q.Parcel = sent.Parcel
	if sent.Geometry == nil {
		return q, nil
	}
	if q.Drawn, err = sent.Geometry.read(); err != nil {
		return q, err
	}
	if err := extract.CheckDrawn(v, q.Drawn); err != nil {
		return q, err
	}
	err = s.archive.CheckGeometries(ctx, []plan.Edit{{Geometry: orb.MultiPolygon{q.Drawn}}})
	var faults *plan.Faults
	if errors.As(err, &faults) && len(faults.List) > 0 {
		fault := *faults.List[0].Err
		fault.At = "geometry"
		return q, &fault
	}
	return q, err
}

// read makes a polygon of what was sent, to 7 decimals.
func (p *polygon) read() (orb.Polygon, error) {
	wrong := rest.Invalid("geometry", plan.Text{
		ID: `Geometri harus Polygon GeoJSON: {"type": "Polygon", "coordinates": [[[bujur, lintang], ...]]}.`,
		EN: `The geometry must be a GeoJSON Polygon: {"type": "Polygon", "coordinates": [[[longitude, latitude], ...]]}.`,
	})
	if p.Type != "Polygon" {
		return nil, wrong
	}
	out := make(orb.Polygon, len(p.Coordinates))
	for i, ring := range p.Coordinates {
		for _, at := range ring {
			if len(at) != 2 && len(at) != 3 {
				return nil, wrong
			}
			out[i] = append(out[i], orb.Point{math.Round(at[0]*1e7) / 1e7, math.Round(at[1]*1e7) / 1e7})
		}
	}
	return out, nil
}

// find reads the extract that a path names.
func (s *Service) find(r *http.Request) (plan.Extract, *extract.Document, error) {
	none := &plan.Error{Kind: plan.NotFound, Code: "no-such-extract", At: "id", Message: plan.Text{
		ID: "Tidak ada kutipan dengan nomor ini: ia tidak dibuat oleh layanan ini.", EN: "There is no extract with this id: this service has not made it.",
	}}
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil || id.String() != r.PathValue("id") {
		return plan.Extract{}, nil, none
	}
	kept, found, err := s.archive.Extract(r.Context(), id.String())
	if err != nil {
		return kept, nil, err
	}
	if !found {
		return kept, nil, none
	}
	d, err := extract.Decode(kept.Document)
	return kept, d, err
}

// get is GET /api/v1/extracts/{id}: the bytes as they were kept, or on paper.
func (s *Service) get(w http.ResponseWriter, r *http.Request) error {
	return s.hand(w, r, rest.JSON(), printed())
}

// print is GET /api/v1/extracts/{id}.pdf.
func (s *Service) print(w http.ResponseWriter, r *http.Request) error { return s.hand(w, r, printed()) }

func (s *Service) hand(w http.ResponseWriter, r *http.Request, forms ...rest.Media) error {
	p, err := rest.ParseParams(r, "lang")
	if err != nil {
		return err
	}
	lang, err := language(r, p)
	if err != nil {
		return err
	}
	as, err := rest.Negotiate(r, "", forms...)
	if err != nil {
		return err
	}
	kept, d, err := s.find(r)
	if err != nil {
		return err
	}
	body, err := s.body(d, kept.Document, as, lang)
	if err != nil {
		return err
	}
	body.Cache = rest.Revalidate
	rest.AddVary(w.Header(), "Accept")
	s.describe(w.Header(), d, body)
	return rest.Write(w, r, body)
}

// verdict says whether an extract is genuine and whether it still holds.
type verdict struct {
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"createdAt"`
	// SHA256 of the document as it is kept; Genuine where it is what it was when
	// the extract was made.
	SHA256  string `json:"sha256"`
	Genuine bool   `json:"genuine"`
	// Matches says whether the hash that was sent is SHA256; null without one.
	Matches   *bool       `json:"matches"`
	CheckedAt time.Time   `json:"checkedAt"`
	Changed   bool        `json:"changed"`
	Changes   []plan.Text `json:"changes"`
}

// verify is GET /api/v1/extracts/{id}/verify[?sha256=...].
func (s *Service) verify(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "sha256")
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	kept, d, err := s.find(r)
	if err != nil {
		return err
	}
	v, err := s.judge(r.Context(), kept, d)
	if err != nil {
		return err
	}
	if sum, ok := p.Get("sha256"); ok {
		if b, err := hex.DecodeString(sum); err != nil || len(b) != sha256.Size {
			return rest.Invalid("sha256", plan.Text{ID: "SHA-256 ditulis dengan 64 angka heksadesimal.", EN: "A SHA-256 is written in 64 hexadecimal digits."})
		} else {
			matches := hex.EncodeToString(b) == v.SHA256
			v.Matches = &matches
		}
	}
	return rest.WriteOnce(w, rest.Language(r), v)
}

// judge makes an extract anew and compares.
func (s *Service) judge(ctx context.Context, kept plan.Extract, d *extract.Document) (*verdict, error) {
	out := &verdict{ID: d.ID, CreatedAt: d.CreatedAt, SHA256: d.SHA256, Genuine: d.SHA256 == kept.SHA256 && d.ID == kept.ID, CheckedAt: time.Now().UTC().Truncate(time.Second), Changes: []plan.Text{}}
	v, x, err := s.plan.See(plan.Actor{})
	if err != nil {
		return nil, err
	}
	now, err := s.again(ctx, v, x, d)
	var told *plan.Error
	switch {
	case errors.As(err, &told) && told.Kind != plan.Unavailable && told.Kind != plan.Internal:
		out.Changes = []plan.Text{told.Message}
	case err != nil:
		return nil, err
	default:
		out.Changes = append(out.Changes, extract.Compare(d, now)...)
	}
	out.Changed = len(out.Changes) > 0
	return out, nil
}

// again makes the extract of the same question from the plan as it is now.
func (s *Service) again(ctx context.Context, v mirror.View, x *zoning.Index, d *extract.Document) (_ *extract.Document, err error) {
	q := extract.Question{Parcel: d.Parcel.ID, Road: d.Options.RoadClass}
	if q.Parcel == 0 {
		q.Drawn = d.Map.Parcel[0]
	}
	if d.Options.Activity != "" {
		if q.Activity, err = zoningapi.Activity(x, d.Options.Activity); err != nil {
			return nil, err
		}
	}
	now, err := extract.Make(ctx, v, x, q)
	if err != nil {
		return nil, err
	}
	// As it would be read again.
	text, err := now.Encode()
	if err != nil {
		return nil, err
	}
	return extract.Decode(text)
}
