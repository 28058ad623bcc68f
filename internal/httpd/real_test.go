package httpd_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/ogc"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// The layers of a real city: one for everybody, and two whose words and places
// occur nowhere else, so that a test can look for them in answers.
const (
	garden = "garden"
	// zircon is for planners alone.
	zircon = "zircon"
	// ytterb is for everybody until a test makes it private.
	ytterb = "ytterb"
)

// gardenLayer is for everybody to read and for planners to edit.
func gardenLayer() *plan.Layer {
	return &plan.Layer{
		ID: garden, Title: plan.Text{ID: "Kebun", EN: "Garden"}, Group: "green", Geometry: plan.MultiPolygon,
		Fields: []plan.Field{
			{Name: "name", Type: plan.TextField, Title: plan.Text{ID: "Nama", EN: "Name"}, Tiles: ptr(10)},
			{Name: "trees", Type: plan.IntegerField, Title: plan.Text{ID: "Pohon", EN: "Trees"}, Tiles: ptr(10)},
		},
		Zooms: plan.Zooms{Min: 10, Max: 16}, Policy: plan.Live,
		Access:  plan.Access{Read: []plan.Role{plan.Public}, Edit: []plan.Role{plan.Planner}},
		Licence: "CC-BY-4.0", Attribution: plan.Text{ID: "Uji", EN: "Test"}, Order: 1, Visible: true, Search: "name",
		Style: plan.Style{Symbol: plan.Symbol{Fill: "#00AA00"}},
	}
}

// secretLayer has its own word in everything that names it: in id, titles,
// fields, codes and values.
func secretLayer(id string, access plan.Access) (*plan.Layer, *plan.CodeList) {
	text := func(s string) plan.Text { return plan.Text{ID: s + " " + id + " id", EN: s + " " + id + " en"} }
	list := &plan.CodeList{
		ID: "kind_" + id, Version: "1", Title: text("kinds"), Source: "made up",
		Codes: []plan.Code{{Code: "A" + id, Title: text("kind"), Color: "#123456"}},
	}
	l := &plan.Layer{
		ID: id, Title: text("title"), Description: text("about"), Group: "green", Geometry: plan.Point,
		Fields: []plan.Field{
			{Name: "name_" + id, Type: plan.TextField, Title: text("name"), Tiles: ptr(10)},
			{Name: "kind_" + id, Type: plan.TextField, Title: text("kind"), Tiles: ptr(10), Codes: &plan.CodeRef{List: list.ID, Version: "1"}},
		},
		Zooms: plan.Zooms{Min: 10, Max: 16}, Policy: plan.Live, Access: access,
		Licence: "https://" + id + ".example/licence", Attribution: text("source"), Order: 2, Search: "name_" + id,
		Style: plan.Style{Symbol: plan.Symbol{Fill: "#AA0000"}, Field: "kind_" + id},
		Label: &plan.Label{Field: "name_" + id, MinZoom: 12},
	}
	return l, list
}

// secretPlace is where the features of hidden layers are, far from the rest, in
// digits that nothing else has.
var secretPlace = orb.Point{97.8642531, 3.1975318}

// fillHidden makes three features, changes the first and deletes the last.
func fillHidden(t testing.TB, db *testdb.DB, id string) {
	t.Helper()
	for i := range 3 {
		db.Exec(t, fmt.Sprintf("insert into plan.%[1]s (name_%[1]s, kind_%[1]s, geom) values ('value of %[1]s %[2]d', 'A%[1]s', st_setsrid(st_point(%[3]v, %[4]v), 4326))",
			id, i, secretPlace[0], secretPlace[1]))
	}
	db.Exec(t, fmt.Sprintf("update plan.%s set name_%[1]s = 'changed in %[1]s' where id = 1", id))
	db.Exec(t, fmt.Sprintf("delete from plan.%s where id = 3", id))
}

const gardenSquare = "MULTIPOLYGON(((95.3 5.5,95.302 5.5,95.302 5.502,95.3 5.502,95.3 5.5)))"

// realCity is the whole service over a real database, with real logins.
type realCity struct {
	*service
	db     *testdb.DB
	server *httpd.Server
	suffix string
	tokens map[string]string
}

// serveReal starts it with the layer garden and three features in it.
func serveReal(t testing.TB) *realCity {
	t.Helper()
	s := &realCity{service: &service{log: &syncBuffer{}}, db: testdb.New(t), tokens: map[string]string{}}
	if err := s.db.Conn(t).QueryRow(t.Context(), "select current_database()::text").Scan(&s.suffix); err != nil {
		t.Fatal(err)
	}
	s.apply(t, gardenLayer())
	for i := range 3 {
		s.db.Exec(t, "insert into plan.garden (name, trees, geom) values ($1, $2, st_geomfromtext($3, 4326))", fmt.Sprint("Kebun ", i+1), i, gardenSquare)
	}
	s.mirror = mirror.New(s.db.Store, mirror.Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	registry := prometheus.NewRegistry()
	logins, err := auth.New(auth.Config{PublicURL: url}, auth.Deps{Store: s.db.Store, Catalog: s.mirror, Log: log, Registry: registry})
	if err != nil {
		t.Fatal(err)
	}
	figures := &httpd.Figures{Board: indicator.NewBoard(s.mirror, indicator.Options{}), Values: s.db.Store, Archive: s.db.Store}
	s.server, err = httpd.New(
		httpd.Config{PublicURL: url, Version: "test", TileCache: 8 << 20, City: ogc.City{Title: text("Kota Uji"), Zoom: 13}},
		httpd.Deps{Plan: s.mirror, Archive: s.db.Store, Editor: s.db.Store, Figures: figures, Reports: s.db.Store, Auth: logins, Web: testWeb(), Docs: testDocs(), Log: log, Registry: registry})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	mirrored := make(chan struct{})
	go func() { defer close(mirrored); _ = s.mirror.Run(ctx) }()
	go func() { done <- s.server.Serve(ctx, l) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		<-mirrored
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
	s.Server, s.handler = &httptest.Server{URL: url}, s.server
	wait(t, "the plan is loaded", func() bool { return s.mirror.Status().Ready })
	return s
}

func (s *realCity) apply(t testing.TB, l *plan.Layer, lists ...*plan.CodeList) {
	t.Helper()
	if _, err := s.db.Store.Apply(t.Context(), l, lists); err != nil {
		t.Fatal(err)
	}
}

// login adds a person and returns the headers of a token of theirs, limited to
// layers where there are any.
func (s *realCity) login(t testing.TB, name string, role plan.Role, layers ...string) []string {
	t.Helper()
	person := name + "_" + s.suffix
	if err := s.db.Store.AddPerson(t.Context(), auth.Person{Name: person, Role: role, CreatedBy: "test"}, nil); err != nil {
		t.Fatal(err)
	}
	secret := "simtaru_" + (name + strings.Repeat("x", 43))[:43]
	hash := sha256.Sum256([]byte(secret))
	if _, err := s.db.Store.AddToken(t.Context(), auth.Token{Hash: hash[:], Person: person, Name: "test", Layers: layers}, 1); err != nil {
		t.Fatal(err)
	}
	return []string{"Authorization", "Bearer " + secret}
}

// reads waits until a login can read a layer, or cannot.
func (s *realCity) reads(t testing.TB, as []string, layer string, can bool) {
	t.Helper()
	wait(t, fmt.Sprintf("%s can be read: %v", layer, can), func() bool {
		return (s.get(t, "/ogc/collections/"+layer, as...).status == 200) == can
	})
}
