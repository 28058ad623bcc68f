package tileset

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/tiles"
)

// Plan is the plan in memory.
type Plan interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
}

// Archive draws tiles in the database: of the past, of what meets conditions,
// and of layers that are not in memory. q.At and q.Where apply; the rest of q
// is zero.
type Archive interface {
	Tile(ctx context.Context, layers []*plan.Layer, id tiles.ID, q plan.Query) ([]byte, error)
}

// Config of a service; zero values are defaults.
type Config struct {
	// Program is the version of the program, part of every tile's version.
	Program string
	// CacheBytes is the weight of tiles kept; 0 keeps none.
	CacheBytes int64
	// MaxLayers bounds the layers in one tile. Default 32.
	MaxLayers int
	// ArchiveTiles bounds the tiles drawn by the database at a time. Default 4.
	ArchiveTiles int
	// ArchiveWait is how long a request waits for a place among them. Default
	// 250 ms.
	ArchiveWait time.Duration
	// ArchiveTimeout bounds what the database may take for a tile. Default 15 s.
	ArchiveTimeout time.Duration
}

// Service answers requests for tiles.
type Service struct {
	cfg     Config
	plan    Plan
	archive Archive
	base    Version
	encoder tiles.Encoder
	cache   *tiles.Cache // nil: none
	headers shared
	found   *sync.Pool
	places  *rest.Places
	known   atomic.Pointer[known]
}

// known are all layers of one catalogue, ready for tiles. Who may read which is
// asked at each request.
type known struct {
	cat    *plan.Catalog
	layers map[string]*declared
}

// New returns a service; archive may be nil.
func New(cfg Config, p Plan, archive Archive) (*Service, error) {
	if cfg.MaxLayers == 0 {
		cfg.MaxLayers = 32
	}
	if cfg.ArchiveTiles == 0 {
		cfg.ArchiveTiles = 4
	}
	if cfg.ArchiveWait == 0 {
		cfg.ArchiveWait = 250 * time.Millisecond
	}
	if cfg.ArchiveTimeout == 0 {
		cfg.ArchiveTimeout = 15 * time.Second
	}
	var c *tiles.Cache
	if cfg.CacheBytes > 0 {
		var err error
		if c, err = tiles.NewCache(uint64(cfg.CacheBytes)); err != nil {
			return nil, fmt.Errorf("tiles: %w", err)
		}
	}
	return &Service{
		cfg: cfg, plan: p, archive: archive, base: base(cfg.Program), cache: c, headers: values(),
		found: newFound(), places: rest.NewPlaces(cfg.ArchiveTiles, cfg.ArchiveWait),
	}, nil
}

// Request is what is asked for.
type Request struct {
	// Actor asks: a layer that it may not read does not exist for it.
	Actor plan.Actor
	// Login says that the answer is not for shared caches.
	Login bool
	// Layers are ids separated by commas; a repeated one counts once.
	Layers string
	// Z, X, Y are the tile's address in XYZ order, as the URL has them.
	Z, X, Y string
	// Query is the raw query string.
	Query string
	// Formats allows the parameter f=mvt, which OGC API has and XYZ has not.
	Formats bool
	// Match is If-None-Match.
	Match []string
	// Gzip says that the client takes gzip.
	Gzip bool
}

// Of reads what matters from an HTTP request.
func Of(r *http.Request, layers, z, x, y string) Request {
	return Request{
		Actor: rest.ActorOf(r.Context()), Login: rest.HasLogin(r),
		Layers: layers, Z: z, X: x, Y: y, Query: r.URL.RawQuery,
		Match: r.Header["If-None-Match"], Gzip: rest.AcceptsGzip(r.Header),
	}
}

// Answer is what to answer: 200 with a body, 204 for an empty tile, or 304.
type Answer struct {
	Status int
	ETag   string
	Gzip   bool
	Body   []byte
	// Login says that the answer is not for shared caches.
	Login bool
	// AsOf is when the data last agreed with the database, set where that is
	// not now.
	AsOf time.Time
}

// Get answers one request. Errors are plan.Errors for the client, or faults.
func (s *Service) Get(ctx context.Context, r Request) (Answer, error) {
	a, err := s.get(ctx, r)
	a.Login = r.Login
	return a, err
}

func (s *Service) get(ctx context.Context, r Request) (Answer, error) {
	layers, err := s.layers(s.plan.View(r.Actor), r.Layers)
	if err != nil {
		return Answer{}, err
	}
	q, err := s.query(r, layers)
	if err != nil {
		return Answer{}, err
	}
	id, err := tiles.ParseID(r.Z, r.X, r.Y)
	if err != nil {
		return Answer{}, noTile(err)
	}
	shown := layers[:0]
	for _, d := range layers {
		if z := d.layer.Zooms; int(id.Z) >= z.Min && int(id.Z) <= z.Max {
			shown = append(shown, d)
		}
	}
	if len(shown) == 0 {
		return Answer{}, noTile(nil)
	}
	if q.At != nil || len(q.Where) > 0 || slices.ContainsFunc(shown, func(d drawn) bool { return d.snap == nil }) {
		return s.past(ctx, r, id, shown, q)
	}
	return s.present(ctx, r, id, shown)
}

// present answers from memory.
func (s *Service) present(ctx context.Context, r Request, id tiles.ID, layers []drawn) (Answer, error) {
	v := s.base
	for _, d := range layers {
		v = v.with(d.print).with(d.snap.TileVersion(id))
	}
	return s.draw(ctx, r, tiles.Key{Layers: nameOf(layers), Tile: id}, v, func(dst []byte) ([]byte, error) { return s.render(dst, id, layers) })
}

// Draw answers with a tile of a kind that this package does not know, under a
// name that no layer has. version must differ wherever the tile may, but for
// what the program itself changes.
func (s *Service) Draw(ctx context.Context, r Request, name string, id tiles.ID, version []uint64, draw func(dst []byte) ([]byte, error)) (Answer, error) {
	v := s.base
	for _, x := range version {
		v = v.with(x)
	}
	a, err := s.draw(ctx, r, tiles.Key{Layers: name, Tile: id}, v, draw)
	a.Login = r.Login
	return a, err
}

// draw answers with a tile whose version is known before it is drawn.
func (s *Service) draw(ctx context.Context, r Request, key tiles.Key, v Version, draw draw) (Answer, error) {
	a := Answer{Status: http.StatusOK, Gzip: r.Gzip}
	if st := s.plan.Status(); st.Err != nil || st.Stale {
		a.AsOf = st.AsOf
	}
	var buf [48]byte
	suffix := ""
	if r.Gzip {
		suffix = rest.GzipSuffix
	}
	a.ETag = string(v.appendETag(buf[:0], suffix))
	if rest.Matches(r.Match, a.ETag) {
		a.Status = http.StatusNotModified
		return a, nil
	}
	key.Version = v.A
	var err error
	a.Body, a.Gzip, err = s.finished(ctx, key, r.Gzip, draw)
	if err != nil {
		return Answer{}, fmt.Errorf("tile %s of %s: %w", key.Tile, key.Layers, err)
	}
	if len(a.Body) == 0 {
		a.Status, a.Gzip = http.StatusNoContent, false
	}
	return a, nil
}

// past answers from the database, a few tiles at a time and never from a cache.
func (s *Service) past(ctx context.Context, r Request, id tiles.ID, layers []drawn, q plan.Query) (Answer, error) {
	if s.archive == nil {
		return Answer{}, rest.Starting()
	}
	leave, err := s.places.Enter(ctx)
	if err != nil {
		return Answer{}, err
	}
	defer leave()
	// A database that hangs must not keep the place.
	ctx, cancel := context.WithTimeout(ctx, s.cfg.ArchiveTimeout)
	defer cancel()
	list := make([]*plan.Layer, len(layers))
	for i, d := range layers {
		list[i] = d.layer
	}
	data, err := s.archive.Tile(ctx, list, id, q)
	if err != nil {
		return Answer{}, fmt.Errorf("tile %s of %s: %w", id, r.Layers, err)
	}
	if len(data) == 0 {
		return Answer{Status: http.StatusNoContent, ETag: rest.ETagOf(nil)}, nil
	}
	a := Answer{Status: http.StatusOK, ETag: rest.ETagOf(data), Body: data}
	if rest.Matches(r.Match, a.ETag) {
		return Answer{Status: http.StatusNotModified, ETag: a.ETag}, nil
	}
	if r.Gzip {
		if a.Body, err = compress(data); err != nil {
			return Answer{}, err
		}
		a.Gzip, a.ETag = true, strings.TrimSuffix(a.ETag, `"`)+rest.GzipSuffix+`"`
	}
	return a, nil
}

// layers finds the layers of a list, each once, in the order given.
func (s *Service) layers(v mirror.View, list string) ([]drawn, error) {
	k := s.catalog(v)
	out := make([]drawn, 0, 4)
	for id := range strings.SplitSeq(list, ",") {
		if slices.ContainsFunc(out, func(d drawn) bool { return d.layer.ID == id }) {
			continue
		}
		_, ok := v.Layer(id)
		if !ok {
			if !s.plan.Status().Ready {
				return nil, rest.Starting()
			}
			return nil, rest.NotFound("no-such-layer", "", plan.Text{
				ID: "Tidak ada lapisan dengan nama ini. Daftarnya di /ogc/collections.",
				EN: "There is no layer of this name. They are listed at /ogc/collections.",
			})
		}
		if len(out) == s.cfg.MaxLayers {
			return nil, &plan.Error{Kind: plan.Invalid, Code: "too-many-layers", Message: plan.Text{
				ID: fmt.Sprintf("Paling banyak %d lapisan dalam satu ubin.", s.cfg.MaxLayers),
				EN: fmt.Sprintf("At most %d layers in one tile.", s.cfg.MaxLayers),
			}}
		}
		snap, _ := v.Snapshot(id)
		out = append(out, drawn{declared: k.layers[id], snap: snap})
	}
	return out, nil
}

func (s *Service) catalog(v mirror.View) *known {
	cat := v.Catalog()
	if k := s.known.Load(); k != nil && k.cat == cat {
		return k
	}
	k := &known{cat: cat, layers: map[string]*declared{}}
	for _, l := range cat.Layers() {
		k.layers[l.ID] = declare(l)
	}
	s.known.Store(k)
	return k
}

func noTile(cause error) error {
	return &plan.Error{Kind: plan.NotFound, Code: "no-such-tile", Cause: cause, Message: plan.Text{
		ID: "Tidak ada ubin di alamat ini: zum di luar jangkauan lapisan, atau kolom dan baris di luar dunia.",
		EN: "There is no tile at this address: the zoom is outside the layer's range, or column and row outside the world.",
	}}
}

// compress gzips a tile for one answer.
func compress(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzipLevel)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return b.Bytes(), nil
}

// gzipLevel is for tiles that are sent once.
const gzipLevel = gzip.BestSpeed
