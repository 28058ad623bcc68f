package httpd_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/testdb"
)

const figuresRoot = "/api/v1/indicators"

// figureTown is the whole server over the built-in layers and indicators in a real
// database: three gampong of about 1.2 km2 side by side, in two kecamatan, with
// a park of a quarter of the first and a private garden in the third.
type figureTown struct {
	*office
	board *indicator.Board
	slow  *slowBoard
}

// slowBoard is the board, whose computations of what would be wait as long as
// somebody holds mu.
type slowBoard struct {
	*indicator.Board
	mu    sync.RWMutex
	asked atomic.Int32
}

func (b *slowBoard) WhatIf(ctx context.Context, edits []plan.Edit, ids []string) ([]indicator.Difference, error) {
	b.asked.Add(1)
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.Board.WhatIf(ctx, edits, ids)
}

// square is a square of degrees as WKT, from its south-west corner.
func square(lon, lat, size float64) string {
	return fmt.Sprintf("MULTIPOLYGON(((%[1]v %[2]v,%[3]v %[2]v,%[3]v %[4]v,%[1]v %[4]v,%[1]v %[2]v)))", lon, lat, lon+size, lat+size)
}

func openFigures(t testing.TB) *figureTown {
	t.Helper()
	return openFiguresWith(t, func(*testdb.DB) {})
}

// openFiguresWith opens it when before has done something to the database.
func openFiguresWith(t testing.TB, before func(*testdb.DB), options ...option) *figureTown {
	t.Helper()
	o := &figureTown{}
	o.office = openCity(t, func(db *testdb.DB) {
		for i, g := range []struct {
			code, name, kecamatan string
			people                any
		}{
			{"11.71.01.2001", "Lam Satu", "Timur", 1000},
			{"11.71.01.2002", "Lam Dua", "Timur", 2000},
			{"11.71.02.2001", "=Lam+Tiga", "Barat", nil},
		} {
			db.Exec(t, "insert into plan.boundary (kode, nama, kode_kecamatan, kecamatan, population, geom) values ($1, $2, left($1, 8), $3, $4, st_geomfromtext($5, 4326))",
				g.code, g.name, g.kecamatan, g.people, square(95.30+float64(i)/100, 5.50, 0.01))
		}
		for _, g := range []struct{ name, class, ownership, wkt string }{
			{"Taman", "RTH-2", "public", square(95.30, 5.50, 0.005)},
			{"Kebun", "RTH-2", "private", square(95.322, 5.502, 0.002)},
		} {
			db.Exec(t, "insert into plan.green_space (name, class, ownership, status, geom) values ($1, $2, $3, 'existing', st_geomfromtext($4, 4326))", g.name, g.class, g.ownership, g.wkt)
		}
		before(db)
	}, append([]option{func(_ *httpd.Config, d *httpd.Deps) {
		roads := evac.NewBoard(d.Plan, evac.Options{Log: d.Log})
		o.board = indicator.NewBoard(d.Plan.(*mirror.Mirror), indicator.Options{Network: roads})
		o.slow = &slowBoard{Board: o.board}
		ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
		var running sync.WaitGroup
		running.Go(func() { _ = o.board.Run(ctx) })
		running.Go(func() { _ = roads.Run(ctx) })
		t.Cleanup(func() { cancel(); running.Wait() })
		store := d.Archive.(*postgis.Store)
		d.Figures = &httpd.Figures{Board: o.slow, Values: store, Archive: store}
	}}, options...)...)
	wait(t, "the figures are computed", func() bool {
		return o.get(t, figuresRoot+"/waste_bank_kg").status == http.StatusOK
	})
	return o
}

// told is an answer about indicators, as far as tests look at it.
type told struct {
	ID, Title any
	Units     []string
	Beside    []string
	Layers    []string
	Coverage  any
	Value     told1
	Status    string
	Old       *bool
	AgeDays   *int
	Trend     *struct {
		Since      string
		Difference float64
	}
	Readings []told1
	Areas    []struct{ Hectares, Value, Difference float64 }
	Claims   []struct {
		Value, Difference                    float64
		OfNumerator, OfDenominator, OfItself *float64
	}
	At, AsOf   string
	Indicators []told
}

type told1 struct {
	By, Code, Name, Status, Actor string
	Value, Numerator, Denominator *float64
	Why                           *plan.Text
	Features                      int
	Classes                       []struct {
		Class string
		Area  float64
	}
	At *string
}

func (o *figureTown) told(t testing.TB, path string, headers ...string) told {
	t.Helper()
	r := o.get(t, path, headers...)
	var got told
	if err := json.Unmarshal(r.body, &got); err != nil || r.status != http.StatusOK {
		t.Fatalf("%s: %d %v %.500s", path, r.status, err, r.body)
	}
	return got
}

func (l told) find(t testing.TB, id string) told {
	t.Helper()
	for _, i := range l.Indicators {
		if i.ID == id {
			return i
		}
	}
	t.Fatalf("%s is not listed", id)
	return told{}
}

func about(a *float64, want, relative float64) bool {
	return a != nil && math.Abs(*a-want) <= relative*math.Abs(want)
}

// area asks PostGIS for the area of WKT on the ellipsoid, m2.
func (o *figureTown) area(t testing.TB, wkt string) (m2 float64) {
	t.Helper()
	if err := o.conn.QueryRow(t.Context(), "select st_area(st_geomfromtext($1, 4326)::geography)", wkt).Scan(&m2); err != nil {
		t.Fatal(err)
	}
	return m2
}

func TestIndicatorsOfTheCity(t *testing.T) {
	o := openFigures(t)
	list := o.told(t, figuresRoot)
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Indicators) != len(cat.Indicators()) || list.AsOf == "" {
		t.Errorf("%d indicators of %d, as of %q", len(list.Indicators), len(cat.Indicators()), list.AsOf)
	}
	rth := list.find(t, "rth_public")
	park, city := o.area(t, square(95.30, 5.50, 0.005)), 0.0
	for i := range 3 {
		city += o.area(t, square(95.30+float64(i)/100, 5.50, 0.01))
	}
	v := rth.Value
	if !about(v.Value, 100*park/city, 1e-6) || !about(v.Numerator, park, 1e-6) || !about(v.Denominator, city, 1e-6) || v.Code != "11.71" || v.Name != "Kota Uji (id)" {
		t.Errorf("rth_public is %+v, want %v of %v", v, park, city)
	}
	if rth.Status != "missed" || v.Status != "missed" || rth.AgeDays == nil || *rth.AgeDays != 0 || *rth.Old || rth.Trend != nil || !slices.Equal(rth.Beside, []string{"rth_public_ihbi"}) || !slices.Equal(rth.Layers, []string{"boundary", "green_space"}) {
		t.Errorf("rth_public stands %+v", rth)
	}
	if title, ok := rth.Title.(map[string]any); !ok || title["id"] != "RTH publik" || title["en"] == "" {
		t.Errorf("title %v", rth.Title)
	}
	if bank := list.find(t, "waste_bank_kg"); bank.Value.Value != nil || bank.Value.Why == nil || bank.Value.At != nil || bank.Status != "none" || bank.AgeDays != nil {
		t.Errorf("a value that nobody has sent: %+v", bank)
	}
	if head := list.find(t, "rth_per_head"); head.Value.Value != nil || !strings.Contains(head.Value.Why.EN, "Lam+Tiga") {
		t.Errorf("per head without all people: %+v", head.Value)
	}
	if en := o.told(t, figuresRoot, "Accept-Language", "en"); en.find(t, "rth_public").Value.Name != "Kota Uji (en)" {
		t.Error("the city in English")
	}

	rows := o.csv(t, figuresRoot+".csv", "Accept-Language", "en")
	if rows[0][0] != "indicator" || len(rows) != len(list.Indicators)+1 {
		t.Errorf("csv: %d rows, %v", len(rows), rows[0])
	}
	k := slices.IndexFunc(rows, func(r []string) bool { return r[0] == "rth_public" })
	if k < 0 || rows[k][2] != strings.TrimRight(fmt.Sprintf("%.17g", *v.Value), "0") && !strings.HasPrefix(rows[k][2], fmt.Sprintf("%.6f", *v.Value)) || rows[k][6] != "missed" {
		t.Errorf("csv: %v", rows[k])
	}
	if rows := o.csv(t, figuresRoot+".csv"); rows[0][2] != "nilai" || rows[k][6] != "belum tercapai" {
		t.Errorf("csv: %v", rows[0])
	}
}

// csv reads an answer as a spreadsheet would.
func (o *figureTown) csv(t testing.TB, path string, headers ...string) [][]string {
	t.Helper()
	r := o.get(t, path, headers...)
	text, bom := strings.CutPrefix(string(r.body), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !bom || r.status != http.StatusOK || r.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(r.header.Get("Content-Disposition"), ".csv") {
		t.Fatalf("%s: %d %v %v %.300s", path, r.status, err, r.header, r.body)
	}
	return rows
}

func TestFiguresByArea(t *testing.T) {
	o := openFigures(t)
	all := o.told(t, figuresRoot+"/rth_public?by=gampong")
	var codes, words []string
	numerator := 0.0
	for _, r := range all.Readings {
		codes, words = append(codes, r.Code), append(words, r.Status)
		numerator += *r.Numerator
	}
	// The law asks 20 % of the city and not of each gampong; the standard of parks
	// is for all.
	if fmt.Sprint(codes) != "[11.71.01.2001 11.71.01.2002 11.71.02.2001]" || fmt.Sprint(words) != "[none none none]" {
		t.Errorf("%v %v", codes, words)
	}
	for _, r := range o.told(t, figuresRoot+"/park_standard?by=gampong").Readings {
		if r.Value != nil && r.Status != "met" && r.Status != "missed" {
			t.Errorf("%+v", r)
		}
	}
	city := o.told(t, figuresRoot+"/rth_public")
	if len(city.Readings) != 1 || !about(city.Readings[0].Numerator, numerator, 1e-12) || len(city.Readings[0].Classes) != 1 || city.Readings[0].Classes[0].Class != "RTH-2" {
		t.Errorf("the city %+v is not the sum of its gampong, %v", city.Readings, numerator)
	}
	if c, ok := city.Coverage.(map[string]any); !ok || c["id"] != "green" || c["parts"] == nil || city.Status != "missed" || city.At != "" || city.AsOf == "" {
		t.Errorf("%v %v %v %v", city.Coverage, city.Status, city.At, city.AsOf)
	}
	// Other denominators and published figures, and what the difference is made of.
	v := *city.Readings[0].Value
	for _, a := range city.Areas {
		if want := numerator / a.Hectares / 100; math.Abs(a.Value-want) > 1e-9 || math.Abs(a.Difference-(want-v)) > 1e-9 {
			t.Errorf("of %v ha: %+v, want %v", a.Hectares, a, want)
		}
	}
	split := 0
	for _, c := range city.Claims {
		if math.Abs(c.Difference-(c.Value-v)) > 1e-9 {
			t.Errorf("claim %+v", c)
		}
		if c.OfNumerator == nil {
			continue
		}
		split++
		if sum := *c.OfNumerator + *c.OfDenominator + *c.OfItself; math.Abs(sum-c.Difference) > 1e-9 {
			t.Errorf("claim %+v: the parts are %v", c, sum)
		}
	}
	if first := city.Claims[0]; len(city.Areas) < 5 || split < 3 || math.Abs(*first.OfItself-(14.33-100*845.43/6136)) > 1e-9 {
		t.Errorf("%d areas, %d claims with their numbers, the first %+v", len(city.Areas), split, first)
	}

	// A switch changes the figure and is no other's parameter.
	o.db.Exec(t, "insert into plan.green_space (name, class, ownership, status, geom) values ('Bakau', 'EM', 'public', 'existing', st_geomfromtext($1, 4326))", square(95.31, 5.50, 0.01))
	mangrove := figuresRoot + "/rth_public?by=gampong&mangrove=true"
	wait(t, "mangrove counts where it is asked for", func() bool {
		return about(o.told(t, mangrove).Readings[1].Value, 100, 1e-9)
	})
	if got := o.told(t, figuresRoot+"/rth_public?mangrove=false&by=gampong").Readings[1]; *got.Value != 0 {
		t.Errorf("without it %+v", got)
	}

	rows := o.csv(t, mangrove[:len(figuresRoot+"/rth_public")]+".csv?by=gampong&mangrove=true", "Accept-Language", "en")
	if len(rows) != 4 || rows[3][3] != "'=Lam+Tiga" || rows[1][6] != "" || rows[2][0] != "rth_public" {
		t.Errorf("csv: %v", rows)
	}
	heading := strings.Join(rows[0], ";")
	if !strings.Contains(heading, "RTH-2") || !strings.Contains(heading, "(m2)") {
		t.Errorf("csv: the classes are not in %s", heading)
	}
}

// TestFiguresAreKept: an answer is not sent again until a figure changes, and
// is then.
// The table of zones says what they add up to as they are drawn, and what of it
// does not count.
func TestZonesAsDrawn(t *testing.T) {
	o := openFiguresWith(t, func(db *testdb.DB) {
		// Twice the same corner of the city, and half across its border.
		for _, z := range []struct{ class, wkt string }{
			{"R-2", square(95.30, 5.50, 0.01)}, {"K-1", square(95.30, 5.50, 0.002)}, {"K-1", square(95.325, 5.50, 0.01)},
		} {
			db.Exec(t, "insert into plan.zoning (namobj, kodzon, kodszn, geom) values ('Zona', left($1, 1), $1, st_geomfromtext($2, 4326))", z.class, z.wkt)
		}
	})
	corner, half := o.area(t, square(95.30, 5.50, 0.002)), o.area(t, square(95.325, 5.50, 0.01))/2
	var doc struct{ Readings []plan.Reading }
	if err := json.Unmarshal(o.get(t, figuresRoot+"/zone_area").body, &doc); err != nil || len(doc.Readings) != 1 || doc.Readings[0].Drawn == nil {
		t.Fatalf("%v %+v", err, doc)
	}
	r := doc.Readings[0]
	d := r.Drawn
	if !about(&d.Overlap, corner, 1e-5) || !about(d.Outside, half, 1e-5) || !about(r.Value, d.Sum-d.Overlap-*d.Outside, 1e-12) || !about(d.Uncovered, *r.Denominator-*r.Value, 1e-12) {
		t.Errorf("%+v of %v, want %v twice and %v outside", *d, *r.Value, corner, half)
	}
	rows := o.csv(t, figuresRoot+"/zone_area.csv", "Accept-Language", "en")
	cell := func(name string) float64 {
		t.Helper()
		k := slices.Index(rows[0], name)
		if k < 0 {
			t.Fatalf("no column %q in %q", name, rows[0])
		}
		v, err := strconv.ParseFloat(rows[1][k], 64)
		if err != nil {
			t.Error(name, err)
		}
		return v
	}
	for name, want := range map[string]float64{
		"sum as drawn (m2)": d.Sum, "counted twice (m2)": d.Overlap, "outside the boundary (m2)": *d.Outside, "uncovered (m2)": *d.Uncovered,
	} {
		if got := cell(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	sum := 0.0
	for _, c := range r.Classes {
		name := c.Title.EN + " [" + c.Class + "] "
		if cell(name+"area (m2)") != c.Area || cell(name+"sum as drawn (m2)") != c.Drawn.Sum || cell(name+"outside the boundary (m2)") != *c.Drawn.Outside {
			t.Errorf("%+v", c)
		}
		sum += c.Drawn.Sum
	}
	if len(r.Classes) != 2 || !about(&sum, d.Sum, 1e-12) {
		t.Errorf("%+v", r.Classes)
	}
	// A kecamatan has what lies in it, and nothing outside.
	rows = o.csv(t, figuresRoot+"/zone_area.csv?by=kecamatan", "Accept-Language", "en")
	if k := slices.Index(rows[0], "outside the boundary (m2)"); len(rows) != 3 || rows[1][k] != "" {
		t.Errorf("%q", rows)
	}
}

// A spreadsheet set to Indonesian takes a comma for the decimal sign. Only who
// asks for that form gets it.
func TestFiguresForAnIndonesianSpreadsheet(t *testing.T) {
	o := openFigures(t)
	for _, path := range []string{"/rth_public.csv?by=gampong", ".csv?"} {
		path = figuresRoot + path
		plain := o.csv(t, path, "Accept-Language", "id")
		r := o.get(t, path+"&lang=id", "Accept-Language", "en")
		text, bom := strings.CutPrefix(string(r.body), "\ufeff")
		read := csv.NewReader(strings.NewReader(text))
		read.Comma = ';'
		rows, err := read.ReadAll()
		if err != nil || !bom || r.header.Get("Content-Language") != "id" || len(rows) != len(plain) {
			t.Fatalf("%s: %v %v %.200s", path, err, r.header, r.body)
		}
		fractions := 0
		for i, row := range rows {
			for k, cell := range row {
				want := plain[i][k]
				if _, err := strconv.ParseFloat(want, 64); err == nil && strings.Contains(want, ".") && rows[0][k] != "kode" {
					want = strings.Replace(want, ".", ",", 1)
					fractions++
				}
				if cell != want && rows[0][k] != "waktu" {
					t.Errorf("%s: row %d %s is %q, want %q", path, i, rows[0][k], cell, want)
				}
			}
		}
		if fractions < 2 {
			t.Errorf("%s: %d numbers with a fraction", path, fractions)
		}
		if r := o.csv(t, path+"&lang=en", "Accept-Language", "id"); r[0][0] != "indicator" || len(r[0]) != len(plain[0]) {
			t.Errorf("%s in English: %q", path, r[0])
		}
		if r := o.get(t, path+"&lang=ms"); r.status != http.StatusBadRequest {
			t.Errorf("%s in another language: %d", path, r.status)
		}
	}
	if r := o.get(t, figuresRoot+"/rth_public?lang=id"); r.status != http.StatusBadRequest {
		t.Errorf("JSON has both languages: %d", r.status)
	}
}

func TestFiguresAreKept(t *testing.T) {
	o := openFigures(t)
	paths := []string{
		figuresRoot, figuresRoot + ".csv", figuresRoot + "/rth_public?by=gampong", figuresRoot + "/rth_public.csv", figuresRoot + "/rth_public.geojson?by=kecamatan",
		figuresRoot + "/rth_public/tiles/12/3132/1985",
	}
	tags := map[string]string{}
	for _, p := range paths {
		r := o.get(t, p)
		tags[p] = r.header.Get("ETag")
		vary := strings.Join(r.header["Vary"], ", ")
		if r.status != http.StatusOK || tags[p] == "" || r.header.Get("Cache-Control") != "public, max-age=0, must-revalidate" || !strings.Contains(vary, "Authorization") || !strings.Contains(vary, "Cookie") {
			t.Errorf("%s: %d %v", p, r.status, r.header)
		}
		if !strings.Contains(p, "/tiles/") && !strings.Contains(vary, "Accept-Language") {
			t.Errorf("%s: Vary %s", p, vary)
		}
		if r := o.get(t, p, "Authorization", asSiti); !strings.Contains(r.header.Get("Cache-Control"), "private") {
			t.Errorf("%s to a login: %v", p, r.header)
		}
		if head := o.do(t, http.MethodHead, p); head.status != http.StatusOK || len(head.body) != 0 || head.header.Get("ETag") != tags[p] {
			t.Errorf("HEAD %s: %d %v", p, head.status, head.header)
		}
	}
	// The moment that figures speak of goes on.
	first := o.told(t, figuresRoot+"/rth_public").AsOf
	for deadline := time.Now().Add(time.Minute); o.told(t, figuresRoot+"/rth_public").AsOf == first; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the figures grow old while nothing changes")
		}
	}
	for _, p := range paths {
		if r := o.get(t, p, "If-None-Match", tags[p]); r.status != http.StatusNotModified {
			t.Errorf("%s: %d %s though nothing has changed, %s", p, r.status, r.header.Get("ETag"), tags[p])
		}
	}
	o.db.Exec(t, "update plan.green_space set geom = st_geomfromtext($1, 4326) where name = 'Taman'", square(95.30, 5.50, 0.004))
	for _, p := range paths {
		wait(t, p+" is new", func() bool { return o.get(t, p, "If-None-Match", tags[p]).status == http.StatusOK })
	}
}

func TestFiguresAsShapes(t *testing.T) {
	o := openFigures(t)
	type shapes struct {
		Features []struct {
			ID         string
			Geometry   *struct{ Type string }
			Properties map[string]any
		}
		Note *plan.Text
	}
	for by, want := range map[string]string{"gampong": "Lam Satu, Lam Dua, =Lam+Tiga", "kecamatan": "Timur, Barat", "city": "Kota Uji (en)"} {
		r := o.get(t, figuresRoot+"/rth_public.geojson?by="+by, "Accept-Language", "en")
		var got shapes
		if err := json.Unmarshal(r.body, &got); err != nil || r.header.Get("Content-Type") != geoJSON || got.Note != nil {
			t.Fatalf("%s: %d %v %.300s", by, r.status, err, r.body)
		}
		var names []string
		for _, f := range got.Features {
			names = append(names, fmt.Sprint(f.Properties["name"]))
			if f.Geometry == nil || f.Geometry.Type != "MultiPolygon" || f.Properties["value"] == nil || f.Properties["status"] == nil || f.Properties["code"] != f.ID {
				t.Errorf("%s: %+v", by, f)
			}
		}
		if strings.Join(names, ", ") != want {
			t.Errorf("%s: %v", by, names)
		}
	}

	doc := object(t, o.get(t, figuresRoot+"/rth_public/tiles.json?by=kecamatan"))
	address, _ := doc["tiles"].([]any)[0].(string)
	if doc["tilejson"] != "3.0.0" || address != o.URL+figuresRoot+"/rth_public/tiles/{z}/{x}/{y}?by=kecamatan" {
		t.Errorf("TileJSON: %v", doc)
	}
	const at = "/12/3132/1985"
	own := tileFeatures(t, o.get(t, figuresRoot+"/rth_public/tiles"+at).body)
	by := tileFeatures(t, o.get(t, strings.TrimPrefix(strings.NewReplacer("/{z}/{x}/{y}", at).Replace(address), o.URL)).body)
	if len(own) != 3 || len(by) != 3 || !strings.Contains(own[0], "11.71.01.2001") || !strings.Contains(own[0], "status=none") || !strings.Contains(strings.Join(by, ";"), "Timur") || strings.Contains(strings.Join(by, ";"), "Lam Satu") {
		t.Errorf("tiles: %v, by kecamatan %v", own, by)
	}
	packed := o.get(t, figuresRoot+"/rth_public/tiles"+at, "Accept-Encoding", "gzip")
	if packed.header.Get("Content-Encoding") != "gzip" || len(tileFeatures(t, gunzip(t, packed.body))) != 3 {
		t.Errorf("gzip: %v", packed.header)
	}
	if r := o.get(t, figuresRoot+"/rth_public/tiles/12/1/1"); r.status != http.StatusNoContent {
		t.Errorf("an empty tile: %d", r.status)
	}
}

// Outlines of the past are those of that time, of kecamatan and city too.
func TestOutlinesOfThePast(t *testing.T) {
	o := openFigures(t)
	var at time.Time
	if err := o.conn.QueryRow(t.Context(), "select clock_timestamp()").Scan(&at); err != nil {
		t.Fatal(err)
	}
	asked := "&at=" + at.UTC().Format(time.RFC3339Nano)
	eastmost := func(query string) (lon float64) {
		t.Helper()
		var doc struct {
			Note     *plan.Text
			Features []struct {
				Geometry *struct{ Coordinates [][][][2]float64 }
			}
		}
		if err := json.Unmarshal(o.get(t, figuresRoot+"/rth_public.geojson?"+query).body, &doc); err != nil || doc.Note != nil || len(doc.Features) == 0 {
			t.Fatalf("%s: %v %+v", query, err, doc)
		}
		for _, f := range doc.Features {
			if f.Geometry == nil {
				t.Fatalf("%s: no outline", query)
			}
			for _, p := range f.Geometry.Coordinates[0][0] {
				lon = max(lon, p[0])
			}
		}
		return lon
	}
	o.db.Exec(t, "update plan.boundary set geom = st_geomfromtext($1, 4326) where kode = '11.71.02.2001'", square(95.32, 5.50, 0.02))
	wait(t, "the boundary is new", func() bool { return eastmost("by=gampong") > 95.335 })
	for _, by := range []string{"gampong", "kecamatan", "city"} {
		if was, is := eastmost("by="+by+asked), eastmost("by="+by); math.Abs(was-95.33) > 1e-9 || math.Abs(is-95.34) > 1e-9 {
			t.Errorf("%s reached to %v, now to %v", by, was, is)
		}
	}
	doc := object(t, o.get(t, figuresRoot+"/rth_public/tiles.json?by=kecamatan"+asked, "Accept-Language", "en"))
	if d, _ := doc["description"].(string); !strings.Contains(d, "drawn as they are now") {
		t.Errorf("tiles of the past say %q", d)
	}
}

func TestBadQuestionsAboutFigures(t *testing.T) {
	o := openFigures(t)
	for path, want := range map[string]string{
		"?x=1": "400 unknown-parameter@x", ".csv?by=city": "400 unknown-parameter@by",
		"/nothing": "404 no-such-indicator@", "/nothing.csv": "404 no-such-indicator@", "/nothing.geojson": "404 no-such-indicator@",
		"/nothing/series": "404 no-such-indicator@", "/nothing/tiles.json": "404 no-such-indicator@", "/nothing/tiles/12/3132/1985": "404 no-such-indicator@",
		"/rth_public?by=desa": "400 invalid-parameter@by", "/rth_public?by=": "400 invalid-parameter@by", "/rth_public?by=city&by=city": "400 invalid-parameter@by",
		"/healthy_gampong?by=gampong": "400 invalid-parameter@by", "/rth_public?By=city": "400 unknown-parameter@By",
		"/rth_public?mangrove=yes": "400 invalid-parameter@mangrove", "/rth_public?mangrove=": "400 invalid-parameter@mangrove", "/rth_per_head?sausage=true": "400 unknown-parameter@sausage",
		"/rth_public?at=yesterday": "400 invalid-parameter@at", "/rth_public?at=2026-01-01": "400 invalid-parameter@at", "/rth_public?at=": "400 invalid-parameter@at",
		"/rth_public?at=2026-01-01T00:00:00+07:00": "400 invalid-parameter@at", "/rth_public?at=2999-01-01T00:00:00Z": "400 invalid-parameter@at",
		"/rth_public?at=1999-01-01T00:00:00Z": "400 invalid-parameter@at", "/waste_bank_kg?at=2020-01-01T00:00:00Z": "422 indicator-external@waste_bank_kg", "/evacuation_in_time?at=2020-01-01T00:00:00Z": "422 indicator-of-now@evacuation_in_time",
		"/rth_public/series?by=gampong": "400 invalid-parameter@code", "/rth_public/series?code=11.99": "400 invalid-parameter@code", "/rth_public/series?from=2026-02-30": "400 invalid-parameter@from",
		"/rth_public/series?until=x": "400 invalid-parameter@until", "/rth_public/series?from=2026-02-02&until=2026-02-01": "400 invalid-parameter@from", "/rth_public/series?at=x": "400 unknown-parameter@at",
		"/rth_public/tiles.json?by=city": "400 invalid-parameter@by", "/rth_public/tiles/12/3132/1985?by=city": "400 invalid-parameter@by",
		"/rth_public/tiles/2/1/1": "404 no-such-tile@", "/rth_public/tiles/99/1/1": "404 no-such-tile@", "/rth_public/tiles/12/x/1": "404 no-such-tile@", "/rth_public/tiles/12/9999/1": "404 no-such-tile@",
		"/rth_public/observations": "405 method-not-allowed@GET", "/what-if": "405 method-not-allowed@GET",
	} {
		r := o.get(t, figuresRoot+path)
		p := problemOf(t, path, r)
		if got := fmt.Sprintf("%d %s@%s", r.status, strings.TrimPrefix(p.Type, "/docs/problems#"), p.At); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if r := o.get(t, figuresRoot+"/rth_public", "Accept", "text/html"); r.status != http.StatusNotAcceptable {
		t.Errorf("as a page: %d", r.status)
	}
	if r := o.do(t, http.MethodOptions, figuresRoot+"/rth_public/observations"); r.header.Get("Allow") != "OPTIONS, PUT" {
		t.Errorf("OPTIONS: %v", r.header)
	}
	o.checkLog(t)
}

// TestGDALReadsFigures reads shapes and tiles with a program of the field.
func TestGDALReadsFigures(t *testing.T) {
	o := openFigures(t)
	dir := t.TempDir()
	shapes, tile := filepath.Join(dir, "rth.geojson"), filepath.Join(dir, "tile.pbf")
	for name, path := range map[string]string{shapes: ".geojson?by=kecamatan", tile: "/tiles/12/3132/1985"} {
		if err := os.WriteFile(name, o.get(t, figuresRoot+"/rth_public"+path).body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var found struct {
		Count  int
		Names  []string
		Values []float64
		Areas  []float64
	}
	if err := json.Unmarshal(python(t, "osgeo.gdal", "read_figures.py", shapes), &found); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(found.Names) != "[Timur Barat]" || found.Values[0] < 12 || found.Values[0] > 13 || found.Values[1] != 0 || math.Abs(found.Areas[0]-2e-4) > 1e-12 || math.Abs(found.Areas[1]-1e-4) > 1e-12 {
		t.Errorf("GDAL reads %+v", found)
	}
	var drawn map[string][]struct {
		Box    []float64
		Values map[string]any
	}
	if err := json.Unmarshal(python(t, "osgeo.gdal", "read_tile.py", tile, "12", "3132", "1985"), &drawn); err != nil {
		t.Fatal(err)
	}
	for _, f := range drawn["rth_public"] {
		if f.Values["code"] == "11.71.01.2001" && f.Values["status"] == "none" && math.Abs(f.Values["value"].(float64)-25) < 0.1 && math.Abs(f.Box[2]-95.31) < 1e-3 {
			return
		}
	}
	t.Errorf("GDAL draws %+v", drawn)
}

// putObservations sends values of the waste banks, or of another indicator.
func (o *figureTown) putObservations(t testing.TB, id, who, body string) reply {
	t.Helper()
	return o.send(t, http.MethodPut, figuresRoot+"/"+id+"/observations", who, plainJSON, body)
}

func observation(by, code, at string, value any, unit string) string {
	return fmt.Sprintf(`{"by":%q,"code":%q,"at":%q,"value":%v,"unit":%q}`, by, code, at, value, unit)
}

func observations(list ...string) string {
	return `{"observations":[` + strings.Join(list, ",") + `]}`
}

func TestObservations(t *testing.T) {
	o := openFigures(t)
	const bank, kg = "waste_bank_kg", "kg/mo"
	first := time.Now().Add(-9 * 24 * time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)
	second := time.Now().Add(-50 * time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)
	body := observations(observation("city", "11.71", first, 1200, kg), observation("city", "11.71", second, 1350.5, kg), observation("gampong", "11.71.01.2001", second, 0, kg))
	r := o.putObservations(t, bank, asSiti, body)
	if string(r.body) != `{"received":3,"stored":3}`+"\n" || r.status != http.StatusOK || r.header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("sent: %d %v %s", r.status, r.header, r.body)
	}
	// It shows at once, to the public without who sent it.
	got := o.told(t, figuresRoot).find(t, bank)
	if !about(got.Value.Value, 1350.5, 0) || got.Value.Actor != "" || got.Value.At == nil || *got.Value.At != second || *got.AgeDays != 2 || *got.Old || got.Value.Name != "Kota Uji (id)" {
		t.Errorf("shown: %+v", got)
	}
	if staff := o.told(t, figuresRoot+"/"+bank, "Authorization", asAgus); staff.Readings[0].Actor != "siti" {
		t.Errorf("staff are told %+v", staff.Readings)
	}
	village := o.told(t, figuresRoot+"/"+bank+"?by=gampong").Readings
	if len(village) != 3 || *village[0].Value != 0 || village[0].Name != "Lam Satu" || village[1].Value != nil || village[1].Why == nil {
		t.Errorf("by gampong: %+v", village)
	}
	// The same again is nothing new; another value for the moment corrects.
	if r := o.putObservations(t, bank, asBudi, body); string(r.body) != `{"received":3,"stored":0}`+"\n" {
		t.Errorf("again: %d %s", r.status, r.body)
	}
	if r := o.putObservations(t, bank, asAdmin, observations(observation("city", "11.71", second, 1400, kg))); string(r.body) != `{"received":1,"stored":1}`+"\n" {
		t.Errorf("a correction: %d %s", r.status, r.body)
	}
	if got := o.told(t, figuresRoot+"/"+bank, "Authorization", asSiti).Readings[0]; *got.Value != 1400 || got.Actor != "dian" {
		t.Errorf("corrected: %+v", got)
	}
	series := object(t, o.get(t, figuresRoot+"/"+bank+"/series"))
	values := series["series"].([]any)
	if len(values) != 2 || values[0].(map[string]any)["value"] != 1200.0 || values[1].(map[string]any)["value"] != 1400.0 || series["code"] != "11.71" || series["unit"] != kg {
		t.Errorf("series: %v", series)
	}
	if r := o.putObservations(t, bank, asSiti, observations()); string(r.body) != `{"received":0,"stored":0}`+"\n" {
		t.Errorf("none: %d %s", r.status, r.body)
	}

	tally := func() (n int) {
		if err := o.conn.QueryRow(t.Context(), "select count(*) from simtaru.observation").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := tally()
	future := time.Now().Add(6 * time.Minute).UTC().Format(time.RFC3339)
	ok := observation("city", "11.71", "2026-01-01T00:00:00Z", 1, kg)
	for _, tt := range []struct{ body, want string }{
		{observations(observation("city", "11.71", second, 1, "kg")), "0 wrong-unit@unit"},
		{observations(ok, observation("city", "11.71", second, 1, "")), "1 wrong-unit@unit"},
		{observations(observation("city", "11.71", future, 1, kg)), "0 observation-time@at"},
		{observations(observation("city", "11.71", "2026-01-01T00:00:00", 1, kg)), "0 wrong-type@at"},
		{observations(observation("city", "11.71", "kemarin", 1, kg)), "0 wrong-type@at"},
		{observations(observation("city", "11.71", second, "NaN", kg)), "0 not-finite@value"},
		{observations(observation("city", "11.71", second, "Infinity", kg)), "0 not-finite@value"},
		{observations(observation("city", "11.71", second, "1e999", kg)), "0 not-finite@value"},
		{observations(observation("city", "11.71", second, `"1"`, kg)), "0 wrong-type-member@value"},
		{observations(observation("city", "11.71", second, "true", kg)), "0 wrong-type-member@value"},
		{observations(observation("city", "11.71", second, -1, kg)), "0 observation-value@value"},
		{observations(observation("city", "11.71", second, 10_000_001, kg)), "0 observation-value@value"},
		{observations(observation("city", "11.71", "1989-12-31T16:00:00Z", 1, kg)), "0 observation-time@at"},
		{observations(observation("city", "11.71", "1989-12-31T16:00:00Z", "null", kg)), "0 observation-time@at"},
		{observations(observation("city", "11.71", second, "null", "kg")), "0 wrong-unit@unit"},
		{observations(ok, observation("city", "11.71", "2026-01-01T00:00:00Z", "null", kg)), "1 observation-twice@at"},
		{observations(observation("city", "11.72", second, 1, kg)), "0 observation-unit@code"},
		{observations(observation("gampong", "11.71.01.2009", second, 1, kg)), "0 observation-unit@code"},
		{observations(observation("gampong", "11.71", second, 1, kg)), "0 observation-unit@code"},
		{observations(observation("desa", "11.71", second, 1, kg)), "0 observation-unit@by"},
		{observations(ok, ok), "1 observation-twice@at"},
		{observations(ok, observation("city", "11.71", "2026-01-01T07:00:00+07:00", 2, kg)), "1 observation-twice@at"},
		{observations(ok, `{"by":"city","value":1}`, observation("city", "1", future, -1, "")), "1 missing-member@code 1 missing-member@at 1 missing-member@unit 2 wrong-unit@unit 2 observation-value@value 2 observation-unit@code"},
		{observations(`{"by":"city","by":"city","code":"11.71","at":"` + second + `","value":1,"unit":"kg/mo","note":1}`), "0 duplicate-member@by 0 unknown-member@note"},
	} {
		r := o.putObservations(t, bank, asSiti, tt.body)
		var p rest.Problem
		if err := json.Unmarshal(r.body, &p); err != nil {
			t.Fatalf("%s: %d %s", tt.body, r.status, r.body)
		}
		var got []string
		for _, f := range p.Faults {
			got = append(got, fmt.Sprintf("%d %s@%s", f.Position, strings.TrimPrefix(f.Type, "/docs/problems#"), f.At))
		}
		if strings.Join(got, " ") != tt.want || r.status != p.Faults[0].Status || p.Detail == "" {
			t.Errorf("%s:\n%v, want %s (%d %s)", tt.body, got, tt.want, r.status, r.body)
		}
	}
	many := observations(slices.Repeat([]string{ok}, 1001)...)
	for _, tt := range []struct {
		id, who, body string
		status        int
		code          string
	}{
		{bank, "", body, 401, "login-required"},
		{bank, asAgus, body, 403, "not-allowed"},
		{bank, asWati, body, 403, "not-allowed"},
		{bank, asSiti + " read-only", body, 403, "read-only"},
		{bank, asSiti + " boundary green_space", body, 403, "not-allowed"},
		{"rth_public", asSiti, body, 422, "indicator-is-computed"},
		{"nothing", asSiti, body, 404, "no-such-indicator"},
		{bank, asSiti, many, 413, "too-many-observations"},
		{bank, asSiti, `{}`, 400, "invalid-json"},
		{bank, asSiti, ``, 400, "invalid-json"},
		{bank, asSiti, `{"observations":[],"x":1}`, 400, "invalid-json"},
		{bank, asSiti, `{"observations":[]} 1`, 400, "invalid-json"},
		{bank, asSiti, `{"observations":{}}`, 400, "invalid-json"},
		{bank, asSiti, `{"observations":[` + ok + `,]}`, 400, "invalid-json"},
		{bank, asSiti, `{"observations":[` + strings.Repeat(" ", 1<<20) + `]}`, 413, "body-too-large"},
	} {
		r := o.putObservations(t, tt.id, tt.who, tt.body)
		p := problemOf(t, tt.body[:min(len(tt.body), 60)], r)
		if r.status != tt.status || p.Type != "/docs/problems#"+tt.code {
			t.Errorf("%s as %q, %.60s: %d %s", tt.id, tt.who, tt.body, r.status, r.body)
		}
	}
	if r := o.send(t, http.MethodPut, figuresRoot+"/"+bank+"/observations", asSiti, "text/plain", body); r.status != http.StatusUnsupportedMediaType {
		t.Errorf("as text: %d", r.status)
	}
	if after := tally(); after != before || before != 4 {
		t.Errorf("%d observations are kept, %d before", after, before)
	}
	// What was sent by mistake is taken back: the figure is that of before.
	mistake := observations(observation("city", "11.71", second, "null", kg))
	for _, want := range []string{`{"received":1,"stored":1}`, `{"received":1,"stored":0}`} {
		if r := o.putObservations(t, bank, asSiti, mistake); string(r.body) != want+"\n" || r.status != http.StatusOK {
			t.Errorf("taken back: %d %s, want %s", r.status, r.body, want)
		}
	}
	if got := o.told(t, figuresRoot+"/"+bank).Readings[0]; *got.Value != 1200 || *got.At != first {
		t.Errorf("after a value was taken back: %+v", got)
	}
	if csv := o.get(t, figuresRoot+"/"+bank+".csv"); csv.status != http.StatusOK || strings.Contains(string(csv.body), "1400") || !strings.Contains(string(csv.body), "1200") {
		t.Errorf("the spreadsheet after that: %d %s", csv.status, csv.body)
	}
	if series := object(t, o.get(t, figuresRoot+"/"+bank+"/series"))["series"].([]any); len(series) != 1 {
		t.Errorf("series after that: %v", series)
	}
	if r := o.putObservations(t, bank, asAdmin, observations(observation("city", "11.71", second, 1400, kg))); string(r.body) != `{"received":1,"stored":1}`+"\n" {
		t.Errorf("sent again: %d %s", r.status, r.body)
	}
	// A value that is late on its way counts, but not before a newer one.
	if r := o.putObservations(t, bank, asSiti, observations(ok)); r.status != http.StatusOK {
		t.Errorf("late: %d %s", r.status, r.body)
	}
	if got := o.told(t, figuresRoot+"/"+bank).Readings[0]; *got.Value != 1400 {
		t.Errorf("after a late one: %+v", got)
	}
	o.checkLog(t)
}

// TestFiguresConform holds what is asked and answered to the API definition.
func TestFiguresConform(t *testing.T) {
	o := openFigures(t)
	doc := definition(t, o.service)
	served, described := servedAPI(t, o.service), describedAPI(doc)
	if d := cmp.Diff(served, described); d != "" || len(served) < 14 {
		t.Errorf("-served +described:\n%s", d)
	}
	c := converse(t, &gate{service: o.service, t: t}, doc)
	type body = map[string]any
	one := func(value any, unit string) body {
		return body{"observations": []any{body{"by": "city", "code": "11.71", "at": "2026-01-31T08:00:00+07:00", "value": value, "unit": unit}}}
	}
	const bank = figuresRoot + "/waste_bank_kg"
	c.say(200, "PUT", bank+"/observations", one(12.5, "kg/mo"), "Authorization", asSiti)
	c.say(401, "PUT", bank+"/observations", one(12.5, "kg/mo"))
	c.say(403, "PUT", bank+"/observations", one(12.5, "kg/mo"), "Authorization", asAgus)
	c.say(422, "PUT", bank+"/observations", one(12.5, "kg"), "Authorization", asSiti)
	c.say(400, "PUT", bank+"/observations", body{}, "Authorization", asSiti)
	c.say(422, "PUT", figuresRoot+"/rth_public/observations", one(12.5, "%"), "Authorization", asSiti)
	c.say(200, "GET", bank+"?by=gampong", nil, "Authorization", asSiti)
	c.say(200, "GET", bank+"/series", nil)
	c.say(200, "GET", figuresRoot, nil)
	for _, i := range o.told(t, figuresRoot).Indicators {
		c.say(200, "GET", fmt.Sprint(figuresRoot, "/", i.ID, "?by=city"), nil)
		if slices.Contains(i.Units, "gampong") {
			c.say(200, "GET", fmt.Sprint(figuresRoot, "/", i.ID, "?by=gampong"), nil)
		}
	}
	at := time.Now().UTC().Format(time.RFC3339Nano)
	c.say(200, "GET", figuresRoot+"/rth_public?by=kecamatan&mangrove=true&at="+at, nil)
	c.say(400, "GET", figuresRoot+"/rth_public?by=desa", nil)
	c.say(404, "GET", figuresRoot+"/nothing", nil)
	c.say(422, "GET", bank+"?at="+at, nil)
	c.say(200, "GET", figuresRoot+"/rth_public/tiles.json", nil)
	c.say(200, "GET", figuresRoot+"/rth_public/series?by=kecamatan&code=11.71.01&from=2026-01-01&until=2026-12-31", nil)
	c.say(200, "POST", figuresRoot+"/what-if", body{"edits": []any{
		body{"op": "create", "layer": "green_space", "properties": body{"class": "RTH-2", "ownership": "public", "status": "existing"}, "geometry": json.RawMessage(ring(95.31, 5.50, 0.004))},
		body{"op": "delete", "layer": "green_space", "id": 1},
	}, "indicators": []string{"rth_public"}})
	c.say(404, "POST", figuresRoot+"/what-if", body{"edits": []any{body{"op": "delete", "layer": "green_space", "id": 99}}})
	c.say(422, "POST", figuresRoot+"/what-if", body{"edits": []any{body{"op": "create", "layer": "green_space", "properties": body{"class": "RTH-99"}, "geometry": nil}}})
	for _, operation := range described {
		// The validator reads neither tables nor tiles, and takes no dot for the end
		// of a name: those are looked at elsewhere.
		if strings.Contains(operation, figuresRoot) && !c.succeeded[operation] && !strings.HasSuffix(operation, ".csv") && !strings.HasSuffix(operation, ".geojson") && !strings.Contains(operation, "/tiles/{z}") {
			t.Errorf("nothing has %s succeed", operation)
		}
	}
}

// hiddenIndicator counts the features of a layer by gampong, and is named by an
// indicator that everybody may see.
func hiddenIndicator(layer string) []*plan.Indicator {
	word := func(s string) plan.Text { return plan.Text{ID: s + " " + layer + " id", EN: s + " " + layer + " en"} }
	i := &plan.Indicator{
		ID: "count_" + layer, Title: word("title"), Explanation: word("about"), Kind: plan.Count, Group: "green", Order: 1, Method: 1, Unit: "1",
		Direction: plan.Up, Target: &plan.Target{Value: 3, Source: "of " + layer}, Units: []plan.UnitKind{plan.City, plan.Gampong}, Office: word("office"),
		Features: &plan.Set{Layer: layer},
	}
	open := &plan.Indicator{
		ID: "sent", Title: text("sent"), Explanation: text("sent"), Kind: plan.External, Group: "green", Order: 2, Method: 1, Unit: "kg",
		Direction: plan.Up, Units: []plan.UnitKind{plan.City}, Office: text("office"), Beside: []string{i.ID},
	}
	return []*plan.Indicator{i, open}
}

// TestFiguresOfAHiddenLayer: to who may not read a layer, an indicator over it is
// not there: not in lists, tables, shapes, tiles, series, nor in what if.
func TestFiguresOfAHiddenLayer(t *testing.T) {
	o := openFigures(t)
	l, list := secretLayer(zircon, plan.Access{Read: []plan.Role{plan.Planner}, Edit: []plan.Role{plan.Planner}})
	if _, err := o.db.Store.Apply(t.Context(), l, []*plan.CodeList{list}); err != nil {
		t.Fatal(err)
	}
	o.db.Exec(t, "insert into plan.zircon (name_zircon, geom) values ('in', st_setsrid(st_point(95.305, 5.505), 4326)), ('in', st_setsrid(st_point(95.315, 5.505), 4326))")
	strangers := map[string][]string{
		"public": nil, "disaster officer": {"Authorization", asAgus},
		"token for green space": {"Authorization", asSiti + " boundary green_space"}, "token without the boundary": {"Authorization", asSiti + " zircon"},
	}
	before := map[string]string{}
	common := []string{figuresRoot, figuresRoot + ".csv", figuresRoot + "/rth_public", "/ogc/openapi"}
	planner := []string{"Authorization", asSiti}
	wait(t, "a planner sees the layer", func() bool { return o.get(t, "/ogc/collections/zircon", planner...).status == http.StatusOK })
	if _, err := o.db.Store.ApplyDefinitions(t.Context(), nil, hiddenIndicator(zircon)[1:]); err != nil {
		t.Fatal(err)
	}
	wait(t, "the other indicator is there", func() bool { return o.get(t, figuresRoot+"/sent").status == http.StatusOK })
	still := func(r reply) string {
		return regexp.MustCompile(`"at":"[^"]*"|20\d\d-\d\d-\d\dT[0-9:.]*Z`).ReplaceAllString(plain(r, ""), "")
	}
	for who, headers := range strangers {
		for _, p := range common {
			before[who+p] = still(o.get(t, p, headers...))
		}
	}
	if _, err := o.db.Store.ApplyDefinitions(t.Context(), nil, hiddenIndicator(zircon)[:1]); err != nil {
		t.Fatal(err)
	}
	own := figuresRoot + "/count_zircon"
	wait(t, "a planner sees the indicator", func() bool { return o.get(t, own, planner...).status == http.StatusOK })
	if got := o.told(t, own+"?by=gampong", planner...).Readings; *got[0].Value != 1 || *got[2].Value != 0 {
		t.Errorf("the planner sees %+v", got)
	}
	if all := o.told(t, figuresRoot, planner...); !slices.Equal(all.find(t, "sent").Beside, []string{"count_zircon"}) {
		t.Errorf("the planner is not told of the indicator beside: %+v", all.find(t, "sent").Beside)
	}

	at := time.Now().UTC().Format(time.RFC3339Nano)
	paths := []string{
		"", "?by=gampong", ".csv", ".geojson", ".geojson?by=gampong", "/series", "/series?code=x", "/tiles.json", "/tiles/12/3132/1985", "/tiles/99/1/1",
		"?bad=1", "?at=" + at, "?at=x", "?by=x", "/observations",
	}
	// First the planner, so that every cache is full.
	tags := map[string]string{}
	for _, p := range paths {
		r := o.get(t, own+p, planner...)
		tags[p] = r.header.Get("ETag")
		if r.status == http.StatusNotFound && !strings.Contains(p, "/99/") {
			t.Errorf("planner: %s: %d", p, r.status)
		}
	}
	for who, headers := range strangers {
		for _, p := range common {
			r := o.get(t, p, headers...)
			if who != "token without the boundary" { // which may read the layer
				showsNothing(t, who+" "+p, r, zircon, "")
			}
			if got := still(r); got != before[who+p] {
				t.Errorf("%s: %s has changed by the indicator that is hidden:\n%.900s\nwas\n%.900s", who, p, got, before[who+p])
			}
		}
		for _, p := range paths {
			with := append([]string{"If-None-Match", tags[p]}, headers...)
			hidden, none := o.get(t, own+p, with...), o.get(t, figuresRoot+"/count_zircox"+p, with...)
			showsNothing(t, who+" "+p, hidden, zircon, "")
			if a, b := plain(hidden, zircon), plain(none, "zircox"); a != b || !strings.Contains(p, "observations") && hidden.status != http.StatusNotFound {
				t.Errorf("%s: %s\n%.600s\nbut of an indicator that does not exist\n%.600s", who, p, a, b)
			}
		}
		name := ""
		if headers != nil {
			name = headers[1]
		}
		for _, body := range []string{
			`{"edits":[],"indicators":["count_LAYER"]}`, `{"edits":[{"op":"delete","layer":"LAYER","id":1}]}`,
			`{"edits":[{"op":"create","layer":"LAYER","properties":{"name_LAYER":"x"},"geometry":{"type":"Point","coordinates":[95.3,5.5]}}]}`,
		} {
			hidden, _ := o.suppose(t, name, strings.ReplaceAll(body, "LAYER", zircon))
			none, _ := o.suppose(t, name, strings.ReplaceAll(body, "LAYER", "zircox"))
			// A token that reaches the hidden layer is told of it, and of no figure.
			if who == "token without the boundary" {
				if _, list := o.suppose(t, name, `{"edits":[{"op":"delete","layer":"zircon","id":1}]}`); len(list) > 0 {
					t.Errorf("%s: %+v", who, list)
				}
				continue
			}
			if a, b := plain(hidden, zircon), plain(none, "zircox"); a != b || hidden.status != http.StatusNotFound {
				t.Errorf("%s: %s\n%.600s\nbut of a name that does not exist\n%.600s", who, body, a, b)
			}
		}
		if _, list := o.suppose(t, name, `{"edits":[{"op":"delete","layer":"green_space","id":1}]}`); who != "token without the boundary" &&
			(len(list) == 0 || slices.ContainsFunc(list, func(d supposedFigure) bool { return strings.Contains(d.Indicator, zircon) })) {
			t.Errorf("%s: what if tells %+v", who, list)
		}
		put := observations(observation("city", "11.71", at, 1, "1"))
		if a, b := plain(o.putObservations(t, "count_zircon", name, put), zircon), plain(o.putObservations(t, "count_zircox", name, put), "zircox"); a != b {
			t.Errorf("%s: a value: %.300s, not %.300s", who, a, b)
		}
	}
	if _, list := o.suppose(t, asSiti, `{"edits":[{"op":"delete","layer":"zircon","id":1}],"indicators":["count_zircon"]}`); len(list) != 2 || *list[0].Difference != -1 {
		t.Errorf("the planner's what if: %+v", list)
	}
	if strings.Contains(o.log.String(), "panic") {
		t.Error("something panicked")
	}
}

// TestWhatIfWaitsItsTurn: bodies that do not end take no place, computations do;
// one more question than there are places is told to come again, and the places
// come back.
func TestWhatIfWaitsItsTurn(t *testing.T) {
	o := openFigures(t)
	var bodies []*io.PipeWriter
	ended := make(chan int, 8)
	ask := func(body io.Reader) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.URL+figuresRoot+"/what-if", body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", plainJSON)
		go func() {
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				ended <- 0
				return
			}
			_ = resp.Body.Close()
			ended <- resp.StatusCode
		}()
	}
	for range 4 {
		body, w := io.Pipe()
		bodies = append(bodies, w)
		ask(body)
		if _, err := w.Write([]byte(`{"edits":[`)); err != nil {
			t.Fatal(err)
		}
	}
	// They have had their time to take what they could.
	for range 5 {
		if r, _ := o.suppose(t, "", `{"edits":[]}`); r.status != http.StatusOK {
			t.Fatalf("beside slow bodies: %d %.200s", r.status, r.body)
		}
		time.Sleep(50 * time.Millisecond)
	}
	for _, w := range bodies {
		_ = w.CloseWithError(errAway)
		<-ended
	}
	o.slow.mu.Lock()
	before := o.slow.asked.Load()
	for range 2 {
		ask(strings.NewReader(`{"edits":[]}`))
	}
	wait(t, "two questions have their places", func() bool { return o.slow.asked.Load() == before+2 })
	wait(t, "a question is told that all places are taken", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.URL+figuresRoot+"/what-if", strings.NewReader(`{"edits":[]}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", plainJSON)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return false
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "" && strings.Contains(string(body), "#busy")
	})
	o.slow.mu.Unlock()
	for range 2 {
		if status := <-ended; status != http.StatusOK {
			t.Errorf("a question that had a place: %d", status)
		}
	}
	if r, _ := o.suppose(t, "", `{"edits":[]}`); r.status != http.StatusOK {
		t.Errorf("there is a place again: %d", r.status)
	}
}

// TestTrend: the city's figure is compared with the last one recorded at least a
// week ago, by the same method.
func TestTrend(t *testing.T) {
	value := func(v float64) *float64 { return &v }
	day := func(ago int) plan.Date {
		return plan.Date(time.Now().In(indicator.CityTime()).AddDate(0, 0, -ago).Format(time.DateOnly))
	}
	o := openFiguresWith(t, func(db *testdb.DB) {
		var list []plan.Recorded
		for _, r := range []struct {
			id     string
			on     plan.Date
			method int
			value  *float64
		}{
			{"rth_public", day(30), 1, value(1)},
			{"rth_public", day(8), 1, value(2)},
			{"rth_public", day(7), 2, value(3)},
			{"rth_public", day(6), 1, value(4)},
			{"rth_private", day(7), 1, value(5)},
			{"rth_private", day(3), 1, value(6)},
			{"rth_total", day(3), 1, value(6)},
			{"rth_per_head", day(9), 1, value(7)},
		} {
			list = append(list, plan.Recorded{On: r.on, Reading: plan.Reading{
				Indicator: r.id, Kind: plan.City, Code: "11.71", Value: r.value, Method: r.method, At: time.Now().AddDate(0, 0, -9),
			}})
		}
		if err := db.Store.Record(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		// Months of the city, and a gampong that sends today.
		var sent []plan.Observation
		for ago, v := range map[int]float64{70: 1000, 40: 1200, 9: 1800} {
			sent = append(sent, plan.Observation{Kind: plan.City, Code: "11.71", At: time.Now().AddDate(0, 0, -ago), Value: value(v)})
		}
		sent = append(sent, plan.Observation{Kind: plan.Gampong, Code: "11.71.01.2001", At: time.Now(), Value: value(7)})
		if _, err := db.Store.Observe(t.Context(), plan.Actor{Name: "siti", Role: plan.Planner}, "waste_bank_kg", sent); err != nil {
			t.Fatal(err)
		}
	})
	wait(t, "trends are told", func() bool { return o.told(t, figuresRoot).find(t, "rth_private").Trend != nil })
	list := o.told(t, figuresRoot)
	for id, want := range map[string]struct {
		since plan.Date
		value float64
	}{"rth_public": {day(8), 2}, "rth_private": {day(7), 5}} {
		i := list.find(t, id)
		if i.Trend == nil || i.Trend.Since != string(want.since) || math.Abs(i.Trend.Difference-(*i.Value.Value-want.value)) > 1e-9 {
			t.Errorf("%s: %+v, want since %s", id, i.Trend, want.since)
		}
	}
	for _, id := range []string{"rth_total", "rth_per_head"} {
		if i := list.find(t, id); i.Trend != nil {
			t.Errorf("%s: %+v", id, i.Trend)
		}
	}
	if i := list.find(t, "waste_bank_kg"); i.Trend == nil || i.Trend.Since != string(day(40)) || i.Trend.Difference != 600 || *i.AgeDays != 9 {
		t.Errorf("waste_bank_kg: %+v, %d days old", i.Trend, *i.AgeDays)
	}
	series := object(t, o.get(t, figuresRoot+"/rth_public/series?from="+string(day(8))+"&until="+string(day(7))))["series"].([]any)
	if len(series) != 2 || series[0].(map[string]any)["on"] != string(day(8)) || series[1].(map[string]any)["method"] != 2.0 {
		t.Errorf("series: %v", series)
	}
}
