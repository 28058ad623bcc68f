package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

const coast = `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[95.3,5.5,0],[95.31,5.5,0],[95.31,5.51,0],[95.3,5.5,0]]]}}`

// TestWarningsOfBMKG: a server that is told to follow them does, in the area
// that it is given.
func TestWarningsOfBMKG(t *testing.T) {
	wib := time.FixedZone("WIB", 7*3600)
	sent := time.Now().In(wib)
	agency := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".json") {
			fmt.Fprintf(w, `{"Infogempa":{"gempa":{"DateTime":%q,"Coordinates":"5.3,95.1","Magnitude":"5,1","Dirasakan":"III Banda Aceh"}}}`, sent.Format(time.RFC3339))
			return
		}
		fmt.Fprintf(w, `<alert><info><date>%s</date><time>%s WIB</time><subject>Warning Tsunami PD-1</subject>
			<wzarea><province>NAD</province><district>BANDA-ACEH</district><level>SIAGA</level></wzarea></info></alert>`, sent.Format("02-01-06"), sent.Format("15:04:05"))
	}))
	defer agency.Close()
	s := shell{t, testdb.New(t)}
	address := s.serving("--bmkg-district", "Kota Banda Aceh", "--bmkg-province", "Aceh", "--bmkg-area", s.file("coast.geojson", coast),
		"--bmkg-tsunami-url", agency.URL+"/last30tsunamievent.xml", "--bmkg-quake-url", agency.URL+"/autogempa.json")
	var body string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && !(strings.Contains(body, `"on":true`) && strings.Contains(body, "III Banda Aceh")); time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get(address + "/api/v1/evacuation/feed")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if body = string(text); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(body, `"level":"siaga"`) {
		t.Errorf("%s", body)
	}
	var vertices int
	if err := s.db.Conn(t).QueryRow(t.Context(), "select st_npoints(geom) from plan.hazard_event where updated_by = 'bmkg:inatews' and status = 'on'").Scan(&vertices); err != nil || vertices != 4 {
		t.Errorf("%d %v", vertices, err)
	}
}

func TestWarningFlags(t *testing.T) {
	if feed, err := (warningFlags{}).feed(nil, nil, nil); feed != nil || err != nil {
		t.Errorf("without a district: %v %v", feed, err)
	}
	s := shell{t: t}
	for at, f := range map[string]warningFlags{
		"--bmkg-every":    {Every: time.Second},
		"--bmkg-lapse":    {Every: time.Minute, Lapse: time.Hour * 24},
		"--bmkg-province": {Every: time.Minute, Lapse: time.Hour, Province: "Atlantis"},
		"--bmkg-url":      {Every: time.Minute, Lapse: time.Hour, Tsunami: "ftp://example.id"},
		"--bmkg-area":     {Area: s.file("line.geojson", `{"type":"LineString","coordinates":[[1,2],[3,4]]}`)},
		"--bmkg-area ":    {Area: "/nowhere"},
	} {
		f.District = []string{"Kota Banda Aceh"}
		_, err := f.feed(&app{}, nil, nil)
		var e *plan.Error
		if !errors.As(err, &e) || e.At != strings.TrimSpace(at) || e.Message.ID == "" || e.Message.EN == "" {
			t.Errorf("%s: %v", at, err)
		}
	}
	for text, parts := range map[string]int{
		coast: 1, `{"type":"FeatureCollection","features":[` + coast + `]}`: 1,
		`{"type":"MultiPolygon","coordinates":[[[[1,2],[2,2],[2,3],[1,2]]],[[[5,2],[6,2],[6,3],[5,2]]]]}`: 2,
	} {
		if area, err := areaOf([]byte(text)); err != nil || len(area) != parts {
			t.Errorf("%s: %v %v", text, area, err)
		}
	}
	for _, text := range []string{"", "{}", `{"type":"FeatureCollection","features":[]}`, `{"type":"Feature","geometry":null}`, `{"type":"Polygon","coordinates":[1]}`, `{"type":"Polygon"}`} {
		if area, err := areaOf([]byte(text)); err == nil {
			t.Errorf("%q: %v", text, area)
		}
	}
}
