package httpd_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/go-cmp/cmp"
)

// waysTravel: the ways are had as files that devices and maps read, with names
// as the planners write them.
func waysTravel(t *testing.T, o *office) {
	for _, media := range []string{"application/gpx+xml", "application/vnd.google-earth.kml+xml"} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.FileBodyDecoder)
	}
	const odd = `Masjid <Barat> & "Baru"` + " \u2019Å"
	set := func(name, column, to string) {
		t.Helper()
		if _, err := o.conn.Exec(t.Context(), "update plan.shelter set "+column+" = $2 where name = $1", name, to); err != nil {
			t.Fatal(err)
		}
	}
	set("Masjid Barat", "name", odd)
	defer func() {
		set(odd, "name", "Masjid Barat")
		set("Sekolah Timur", "status", "ready")
		o.soon(t, here+"&k=2", "Masjid Barat, Sekolah Timur")
	}()
	o.soon(t, here+"&k=2", odd+", Sekolah Timur")
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	english := []string{"Accept-Language", "en"}
	path := evacuation + "?" + here + "&k=2"

	r := c.say(200, "GET", path+"&f=gpx", nil, english...)
	var g struct {
		XMLName  xml.Name `xml:"http://www.topografix.com/GPX/1/1 gpx"`
		Version  string   `xml:"version,attr"`
		Metadata struct {
			Desc string `xml:"desc"`
		} `xml:"metadata"`
		Places []struct {
			Lat  float64 `xml:"lat,attr"`
			Name string  `xml:"name"`
		} `xml:"wpt"`
		Routes []struct {
			Name  string `xml:"name"`
			Steps []struct {
				Name string `xml:"name"`
			} `xml:"rtept"`
		} `xml:"rte"`
		Tracks []struct {
			Name string `xml:"name"`
			Line []struct {
				Lat float64 `xml:"lat,attr"`
				Lon float64 `xml:"lon,attr"`
			} `xml:"trkseg>trkpt"`
		} `xml:"trk"`
	}
	if err := xml.Unmarshal(r.body, &g); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	if g.Version != "1.1" || len(g.Routes) != 2 || len(g.Tracks) != 2 || len(g.Places) != 2 || g.Places[0].Name != odd || g.Places[0].Lat != 5.5 ||
		g.Routes[0].Name != "1. "+odd+": 390 m, about 4 minutes" || g.Routes[1].Steps[1].Name != "Cross the bridge (Jembatan Tengah), 110 m." ||
		!strings.HasPrefix(g.Metadata.Desc, "Go to "+odd) || len(g.Tracks[0].Line) != 2 || g.Tracks[0].Line[0].Lon != 95.3035 {
		t.Errorf("%+v", g)
	}
	if h := r.header; h.Get("Content-Type") != "application/gpx+xml" || h.Get("Content-Language") != "en" || h.Get("Content-Disposition") != `attachment; filename="evacuation.gpx"` {
		t.Errorf("%v", h)
	}
	gdalReads(t, "gpx", r.body, map[string]string{"waypoints": odd, "routes": odd, "tracks": "Sekolah Timur", "route_points": "Jembatan Tengah"})

	// The other way, without the bridge.
	set("Sekolah Timur", "status", "full")
	o.soon(t, here+"&k=2", odd)
	path = evacuation + "?from=95.3055,5.5&k=2"
	r = c.say(200, "GET", path, nil, "Accept", "application/vnd.google-earth.kml+xml", "Accept-Language", "id")
	if r.header.Get("Content-Language") != "id" {
		t.Errorf("%v", r.header)
	}
	gdalReads(t, "kml", r.body, map[string]string{"Ke tempat evakuasi": odd})
	var k struct {
		XMLName xml.Name `xml:"http://www.opengis.net/kml/2.2 kml"`
		Styles  []struct {
			ID string `xml:"id,attr"`
		} `xml:"Document>Style"`
		Marks []struct {
			Name  string `xml:"name"`
			Style string `xml:"styleUrl"`
			Line  string `xml:"LineString>coordinates"`
			Point string `xml:"Point>coordinates"`
		} `xml:"Document>Placemark"`
	}
	if err := xml.Unmarshal(r.body, &k); err != nil {
		t.Fatal(err)
	}
	if len(k.Marks) != 3 || k.Marks[0].Style != "#route" || k.Marks[0].Line != "95.3055,5.5 95.305,5.5 95.304,5.5 95.3,5.5" || k.Marks[1].Style != "#alternative" || !strings.HasPrefix(k.Marks[1].Name, "Tanpa jembatan") || k.Marks[2].Name != odd || k.Marks[2].Point != "95.3,5.5" {
		t.Errorf("%+v", k)
	}
	for _, m := range k.Marks {
		if !strings.Contains(string(r.body), `<Style id="`+strings.TrimPrefix(m.Style, "#")+`">`) {
			t.Errorf("the style %s is not there", m.Style)
		}
	}

	r = c.say(200, "GET", path, nil, "Accept", "application/geo+json")
	var f struct {
		Type     string
		Graph    string `json:"graph_version"`
		Features []struct {
			Properties struct{ Feature, Name string }
			Geometry   struct{ Type string }
		}
	}
	if err := json.Unmarshal(r.body, &f); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, x := range f.Features {
		kinds = append(kinds, x.Properties.Feature+" "+x.Geometry.Type)
	}
	if d := cmp.Diff([]string{"route LineString", "alternative LineString", "destination Point", "from Point"}, kinds); d != "" || f.Type != "FeatureCollection" || f.Graph == "" {
		t.Error(d)
	}
	gdalReads(t, "geojson", r.body, map[string]string{"": odd})

	// One that has no way says so in every format.
	for _, format := range []string{"gpx", "kml", "geojson"} {
		if r := o.get(t, evacuation+"?from=95.3305,5.5&f="+format, english...); r.status != 200 || !strings.Contains(string(r.body), "No open way leads to a shelter") {
			t.Errorf("%s: %d %s", format, r.status, r.body)
		}
	}
	for query, want := range map[string]int{here + "&f=xml": 400, here + "&f=": 200, here + "&f=GPX": 400, "from=95.36,5.5&f=gpx": 422} {
		if r := o.get(t, evacuation+"?"+query); r.status != want {
			t.Errorf("%s: %d %s", query, r.status, r.body)
		}
	}
	if r := o.get(t, evacuation+"?"+here, "Accept", "image/png"); r.status != http.StatusNotAcceptable {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// gdalReads holds a file to GDAL: it has these layers, in which these words are.
func gdalReads(t *testing.T, format string, file []byte, layers map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Run("GDAL reads "+format, func(t *testing.T) { t.Skip("no ogrinfo") })
		return
	}
	path := filepath.Join(t.TempDir(), "ways."+format)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	for layer, word := range layers {
		args := []string{"-ro", "-al", path}
		if layer != "" {
			args = []string{"-ro", path, layer}
		}
		out, err := exec.CommandContext(t.Context(), "ogrinfo", args...).CombinedOutput()
		if err != nil || strings.Contains(string(out), "ERROR") || strings.Contains(string(out), "Warning") || !strings.Contains(string(out), word) {
			t.Errorf("%s, layer %q: %v without %q\n%s", format, layer, err, word, out)
		}
	}
}

// sheltersStand: the list has the names that readers of OpenShelters know, and
// what is not recorded is null.
func sheltersStand(t *testing.T, o *office) {
	const list = "/api/v1/evacuation/shelters/status"
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.FileBodyDecoder)
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	var a struct {
		Version  string           `json:"shelter_version"`
		AsOf     string           `json:"shelters_as_of"`
		Shelters []map[string]any `json:"shelters"`
	}
	read := func() map[string]any {
		t.Helper()
		a.Shelters = nil
		if err := json.Unmarshal(c.say(200, "GET", list, nil).body, &a); err != nil {
			t.Fatal(err)
		}
		if len(a.Shelters) != 2 || a.AsOf == "" || a.Version == "" {
			t.Fatalf("%+v", a)
		}
		return a.Shelters[0]
	}
	west := read()
	for _, name := range []string{"ADDRESS", "CITY", "STATE", "ZIP", "POST_IMPACT_CAPACITY", "TOTAL_POPULATION", "HOURS_OPEN", "HOURS_CLOSE", "ORG_NAME", "MATCH_TYPE", "ADA_COMPLIANT", "WHEELCHAIR_ACCESSIBLE", "PET_ACCOMMODATIONS_CODE"} {
		if v, there := west[name]; !there || v != nil {
			t.Errorf("%s is %v", name, v)
		}
	}
	if west["SHELTER_NAME"] != "Masjid Barat" || west["SHELTER_STATUS"] != "STANDBY" || west["EVACUATION_CAPACITY"] != 100.0 || west["LATITUDE"] != 5.5 || west["LONGITUDE"] != 95.3 {
		t.Errorf("%v", west)
	}
	before, revision := a.Version, west["revision"].(float64)
	exec := func(set string) {
		t.Helper()
		if _, err := o.conn.Exec(t.Context(), "update plan.shelter set "+set+" where name = 'Masjid Barat'"); err != nil {
			t.Fatal(err)
		}
	}
	exec("status = 'open', occupancy = 40, address = '=Jalan 1', accepts_wheelchair = true")
	wait(t, "it is open", func() bool { west = read(); return west["SHELTER_STATUS"] == "OPEN" })
	if west["TOTAL_POPULATION"] != 40.0 || west["room"] != 60.0 || west["WHEELCHAIR_ACCESSIBLE"] != "YES" || west["revision"] != revision+1 || a.Version == before {
		t.Errorf("%v", west)
	}
	exec("occupancy = 100")
	wait(t, "it is full", func() bool { return read()["SHELTER_STATUS"] == "FULL" })

	r := c.say(200, "GET", list+"?f=csv", nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(r.body), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][0] != "SHELTER_ID" || r.header.Get("Simtaru-As-Of") == "" {
		t.Fatalf("%v %q %v", err, rows, r.header)
	}
	cell := map[string]string{}
	for i, name := range rows[0] {
		cell[name] = rows[1][i]
		if _, there := west[name]; !there {
			t.Errorf("the column %s is not in the JSON", name)
		}
	}
	if len(rows[0]) != len(west) || cell["ADDRESS"] != "'=Jalan 1" || cell["TOTAL_POPULATION"] != "100" || cell["ZIP"] != "" || cell["LATITUDE"] != "5.5" || cell["WHEELCHAIR_ACCESSIBLE"] != "YES" {
		t.Errorf("%v", cell)
	}
	r = c.say(200, "GET", list, nil, "Accept", "application/geo+json")
	if s := string(r.body); !strings.Contains(s, `"geometry":{"type":"Point","coordinates":[95.3,5.5]}`) || r.header.Get("ETag") == "" {
		t.Errorf("%s", s)
	}
	if h := o.do(t, http.MethodHead, list); h.status != 200 || len(h.body) != 0 {
		t.Errorf("HEAD: %d %s", h.status, h.body)
	}
	for query, want := range map[string]int{"?f=xml": 400, "?status=open": 400} {
		if r := o.get(t, list+query); r.status != want {
			t.Errorf("%s: %d %s", query, r.status, r.body)
		}
	}
	exec("status = 'closed'")
	wait(t, "it is closed", func() bool { return read()["SHELTER_STATUS"] == "CLOSED" })
	exec("status = 'ready', occupancy = null, address = null, accepts_wheelchair = null")
	o.soon(t, here+"&k=2", "Masjid Barat, Sekolah Timur")
}
