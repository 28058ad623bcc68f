package httpd_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/ogc"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

// A city of four layers that was made up for these tests: points with every
// type of field, lines, a coverage of squares, and a layer that the public may
// not read.
const (
	spots   = "spot"
	lanes   = "lane"
	patches = "patch"
	secrets = "secret"
)

func ptr[T any](v T) *T { return &v }

func text(s string) plan.Text { return plan.Text{ID: s + " (id)", EN: s + " (en)"} }

func testCatalog() *plan.Catalog {
	public := plan.Access{Read: []plan.Role{plan.Public}, Edit: []plan.Role{plan.Planner}}
	use := plan.CodeRef{List: "use", Version: "1"}
	layer := func(id string, g plan.GeometryType, fields ...plan.Field) *plan.Layer {
		return &plan.Layer{
			ID: id, Title: text(id), Description: text("about " + id), Group: "made_up", Geometry: g, Fields: fields,
			Zooms: plan.Zooms{Min: 10, Max: 16}, Policy: plan.Live, Access: public, Licence: "CC0-1.0", Attribution: text("source of " + id),
			Style: plan.Style{Symbol: plan.Symbol{Fill: "#00AA00", Stroke: "#004400"}},
		}
	}
	s := layer(spots, plan.Point,
		plan.Field{Name: "name", Type: plan.TextField, Title: text("name"), Tiles: ptr(12)},
		plan.Field{Name: "seats", Type: plan.IntegerField, Title: text("seats"), Unit: "{person}", Tiles: ptr(0)},
		plan.Field{Name: "height", Type: plan.NumberField, Title: text("height"), Unit: "m"},
		plan.Field{Name: "open", Type: plan.BooleanField, Title: text("open")},
		plan.Field{Name: "since", Type: plan.DateField, Title: text("since")},
		plan.Field{Name: "checked", Type: plan.TimestampField, Title: text("checked")},
	)
	s.Search = "name"
	l := layer(lanes, plan.MultiLineString, plan.Field{Name: "name", Type: plan.TextField, Title: text("name"), Tiles: ptr(10)})
	l.Search = "name"
	p := layer(patches, plan.MultiPolygon, plan.Field{Name: "use", Type: plan.TextField, Title: text("use"), Codes: &use, Tiles: ptr(10), Required: true})
	p.Topology.Coverage = true
	p.Zooms = plan.Zooms{Min: 8, Max: 14}
	p.Style.Field = "use"
	x := layer(secrets, plan.Point, plan.Field{Name: "name", Type: plan.TextField, Title: text("name"), Tiles: ptr(10)})
	x.Access = plan.Access{Read: []plan.Role{plan.Disaster}, Edit: []plan.Role{plan.Disaster}}
	return plan.NewCatalog([]*plan.Layer{p, l, s, x}, []*plan.CodeList{
		{ID: "use", Version: "1", Title: text("use"), Codes: []plan.Code{
			{Code: "A", Title: text("apples"), Color: "#FF0000"}, {Code: "B", Title: text("berries"), Color: "#0000FF"},
		}},
		{ID: "layer_group", Version: "1", Title: text("groups"), Codes: []plan.Code{{Code: "made_up", Title: text("made up")}}},
	})
}

var firstDay = time.Date(2026, 1, 2, 3, 4, 5, 678900000, time.UTC)

func testFeatures() map[string][]*plan.Feature {
	f := map[string][]*plan.Feature{}
	add := func(layer string, g orb.Geometry, values ...any) {
		id := int64(len(f[layer]) + 1)
		f[layer] = append(f[layer], &plan.Feature{ID: id, Revision: 1, UpdatedAt: firstDay, UpdatedBy: "budi", Geometry: g, Values: values})
	}
	// 25 points on a diagonal of 0.001 degrees a step from 95.30, 5.50.
	for i := range 25 {
		d := float64(i) / 1000
		add(spots, orb.Point{95.3 + d, 5.5 + d}, fmt.Sprintf("Gampong %c", 'A'+i), int64(i*10), float64(i)/4, i%2 == 0,
			plan.Date(fmt.Sprintf("2026-01-%02d", i+1)), firstDay)
	}
	add(spots, nil, "tanpa \"tempat\"\n", nil, nil, nil, nil, nil)
	add(lanes, orb.MultiLineString{{{95.30, 5.50}, {95.31, 5.51}}}, "Jalan Teuku Umar")
	add(lanes, orb.MultiLineString{{{95.31, 5.51}, {95.32, 5.51}}}, "Jalan Teuku Umar")
	for i := range 4 {
		x, y := 95.30+float64(i%2)/100, 5.50+float64(i/2)/100
		add(patches, orb.MultiPolygon{{{{x, y}, {x + .01, y}, {x + .01, y + .01}, {x, y + .01}, {x, y}}}}, string(rune('A'+i%2)))
	}
	add(secrets, orb.Point{95.31, 5.51}, "kunci gudang")
	return f
}

// source is a database of features in memory that can be edited and can go
// away.
type source struct {
	mu       sync.Mutex
	cat      *plan.Catalog
	features map[string][]*plan.Feature
	changes  []plan.Change
	down     error
	wake     chan struct{}
}

func newSource() *source {
	return &source{cat: testCatalog(), features: testFeatures(), wake: make(chan struct{}, 1)}
}

func (s *source) Catalog(context.Context) (*plan.Catalog, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cat, s.down
}

func (s *source) Load(_ context.Context, layers []*plan.Layer, emit func(*plan.Layer, []*plan.Feature) error) (plan.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return "", s.down
	}
	for _, l := range layers {
		if err := emit(l, s.features[l.ID]); err != nil {
			return "", err
		}
	}
	return plan.Position(strconv.Itoa(len(s.changes))), nil
}

func (s *source) Since(_ context.Context, at plan.Position, _ *plan.Catalog) (plan.Delta, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return plan.Delta{}, s.down
	}
	n, err := strconv.Atoi(string(at))
	if err != nil {
		return plan.Delta{}, err
	}
	d := plan.Delta{Position: plan.Position(strconv.Itoa(len(s.changes))), Changes: s.changes[n:], Features: map[string][]*plan.Feature{}}
	for _, c := range d.Changes {
		for _, f := range s.features[c.Layer] {
			if f.ID == c.Feature {
				d.Features[c.Layer] = append(d.Features[c.Layer], f)
			}
		}
	}
	return d, nil
}

func (s *source) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-s.wake:
	case <-time.After(20 * time.Millisecond):
	}
	return nil
}

// edit replaces a feature by one with other geometry and the same values.
func (s *source) edit(layer string, id int64, g orb.Geometry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.features[layer] {
		if f.ID != id {
			continue
		}
		next := *f
		next.Revision++
		next.Geometry, next.UpdatedAt = g, f.UpdatedAt.Add(time.Second)
		before, after := f.Geometry.Bound(), g.Bound()
		s.features[layer][i] = &next
		s.changes = append(s.changes, plan.Change{
			ID: int64(len(s.changes) + 101), Layer: layer, Feature: id, Op: plan.Update, Revision: next.Revision,
			Before: &before, After: &after, Actor: "budi", At: next.UpdatedAt,
		})
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *source) fail(err error) {
	s.mu.Lock()
	s.down = err
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// archive records what it was asked and answers with one feature.
type archive struct {
	mu    sync.Mutex
	asked []plan.Query
	err   error
}

func (a *archive) note(q plan.Query) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, q)
	return a.err
}

func (a *archive) last() plan.Query {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.asked) == 0 {
		return plan.Query{}
	}
	return a.asked[len(a.asked)-1]
}

func (a *archive) Features(_ context.Context, l *plan.Layer, q plan.Query) (plan.Page, error) {
	if err := a.note(q); err != nil {
		return plan.Page{}, err
	}
	values := make([]any, len(l.Fields))
	return plan.Page{Features: []*plan.Feature{{ID: 7, Revision: 1, UpdatedAt: firstDay, Geometry: orb.Point{95.3, 5.5}, Values: values}}, Matched: 1}, nil
}

func (a *archive) History(_ context.Context, l *plan.Layer, id, before int64, _ int) ([]plan.Version, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if before > 1 || before == 0 {
		return []plan.Version{{Op: plan.Create, Feature: &plan.Feature{
			ID: id, Revision: 1, UpdatedAt: firstDay, UpdatedBy: "budi", Values: make([]any, len(l.Fields)),
		}}}, a.err
	}
	return nil, a.err
}

func (a *archive) Changes(context.Context, plan.ChangesQuery) (plan.ChangesPage, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return plan.ChangesPage{Next: "token"}, a.err
}

func (a *archive) Tile(_ context.Context, _ []*plan.Layer, _ tiles.ID, q plan.Query) ([]byte, error) {
	if err := a.note(q); err != nil {
		return nil, err
	}
	return []byte("a tile of the past"), nil
}

// service is a running server.
type service struct {
	*httptest.Server
	source  *source
	archive *archive
	mirror  *mirror.Mirror
	log     *syncBuffer
	handler http.Handler
	// stop stops the server and returns when it has stopped.
	stop func()
}

type syncBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

type option func(*httpd.Config, *httpd.Deps)

// serve starts the whole server over the test city on a free port.
func serve(t testing.TB, options ...option) *service {
	t.Helper()
	s := serveUnloaded(t, options...)
	wait(t, "the plan is loaded", func() bool { return s.mirror.Status().Ready })
	return s
}

func serveUnloaded(t testing.TB, options ...option) *service {
	t.Helper()
	return serveSource(t, newSource(), options...)
}

// serveSource starts the server over a database and does not wait for it.
func serveSource(t testing.TB, db *source, options ...option) *service {
	t.Helper()
	return serveMirror(t, db, mirror.New(db, mirror.Options{}), options...)
}

func serveMirror(t testing.TB, db *source, m *mirror.Mirror, options ...option) *service {
	t.Helper()
	s := &service{source: db, archive: &archive{}, log: &syncBuffer{}, mirror: m}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := httpd.Config{
		PublicURL: "http://" + l.Addr().String(), Version: "test", TileCache: 8 << 20,
		City: ogc.City{
			Title: text("Kota Uji"), Demo: true, Center: orb.Point{95.32, 5.55}, Zoom: 13,
			Bound: orb.Bound{Min: orb.Point{95.2, 5.4}, Max: orb.Point{95.4, 5.7}},
		},
	}
	deps := httpd.Deps{
		Plan: s.mirror, Archive: s.archive, Web: testWeb(), Docs: testDocs(), Registry: prometheus.NewRegistry(),
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, o := range options {
		o(&cfg, &deps)
	}
	srv, err := httpd.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	s.handler = srv
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { _ = s.mirror.Run(ctx) }()
	go func() { done <- srv.Serve(ctx, l) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	t.Cleanup(func() {
		s.stop()
		if t.Failed() && testing.Verbose() {
			t.Log(s.log.String())
		}
	})
	s.Server = &httptest.Server{URL: cfg.PublicURL}
	return s
}

func testWeb() fstest.MapFS {
	return fstest.MapFS{
		"index.html":            {Data: []byte("<!doctype html><title>peta</title>")},
		"assets/main-abc.js":    {Data: []byte("export const n = 1;\n" + strings.Repeat("// padding\n", 200))},
		"assets/pre-abc.css":    {Data: []byte("body { margin: 0 }")},
		"assets/pre-abc.css.gz": {Data: []byte("gzipped by the build")},
		"fonts/Sans/0-255.pbf":  {Data: []byte{1, 2, 3}},
		"icon.svg":              {Data: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
		".gitkeep":              {Data: nil},
	}
}

func testDocs() fstest.MapFS {
	return fstest.MapFS{
		"index.md":   {Data: []byte("# Panduan\n\n- [Peta](id/peta.md)\n")},
		"id/peta.md": {Data: []byte("# Peta *rencana*\n\n<script>alert(1)</script>\n\n[English](../en/map.md#top), [luar](https://example.org/x.md)\n")},
		"en/map.md":  {Data: []byte("# The map\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")},
	}
}

// wait polls until ok, for what another goroutine will bring about.
func wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 1000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("waited in vain until %s", what)
}

// reply is an answer, read to its end, not decompressed.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// get asks for a path; headers are given as name, value pairs.
func (s *service) get(t testing.TB, path string, headers ...string) reply {
	t.Helper()
	return s.do(t, http.MethodGet, path, headers...)
}

func (s *service) do(t testing.TB, method, path string, headers ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, body}
}

var errAway = errors.New("dial tcp 127.0.0.1:5432: connection refused")
