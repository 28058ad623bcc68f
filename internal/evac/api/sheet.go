package api

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// The formats of ways for maps and devices, beside JSON.
func geoJSON() rest.Media { return rest.Media{Name: "geojson", Type: "application/geo+json"} }
func gpx() rest.Media     { return rest.Media{Name: "gpx", Type: "application/gpx+xml"} }
func kml() rest.Media {
	return rest.Media{Name: "kml", Type: "application/vnd.google-earth.kml+xml"}
}

// sheet is an answer as a map or a device takes it with it: ways and places
// with names, in one language.
type sheet struct {
	city  *evac.City
	q     evac.Question
	a     *evac.Answer
	lang  plan.Lang
	title string
	// about is the answer in a sentence, and from what it was made.
	about  string
	ways   []sheetWay
	places []sheetPlace
}

// sheetWay is a way to a shelter; other is the one without the bridges of the
// first.
type sheetWay struct {
	*evac.Route
	rank  int // from 1; 0: other
	other bool
	name  string
}

// sheetPlace is a shelter that a way leads to, or the tallest refuge where none
// does in time.
type sheetPlace struct {
	*evac.Shelter
	kind, about string
}

func sheetOf(c *evac.City, q evac.Question, a *evac.Answer, lang plan.Lang) *sheet {
	s := &sheet{city: c, q: q, a: a, lang: lang}
	s.title = s.say("Ke tempat evakuasi", "To a shelter")
	v := versionsOf(c)
	s.about = a.Sentence().In(lang) + " " + fmt.Sprintf(s.say("Jalan %s, penutupan per %s, bahaya %s.", "Roads %s, closures as of %s, hazards %s."), v.Graph, plan.Moment(v.Closures).In(lang), v.Hazards)
	at := map[int64]bool{}
	lead := func(r *evac.Route, rank int) {
		name := r.Title().In(lang)
		if rank > 0 {
			name = strconv.Itoa(rank) + ". " + name
		} else {
			name = s.say("Tanpa jembatan rute pertama: ", "Without the bridges of the first route: ") + name
		}
		s.ways = append(s.ways, sheetWay{r, rank, rank == 0, name})
		if !at[r.Shelter.ID] {
			at[r.Shelter.ID] = true
			s.places = append(s.places, sheetPlace{r.Shelter, "destination", fmt.Sprintf(s.say("%s. Masih muat %d orang.", "%s. Room for %d people."), r.Shelter.Kind, r.Shelter.Room)})
		}
	}
	for i := range a.Routes {
		lead(&a.Routes[i], i+1)
	}
	if a.Other != nil {
		lead(a.Other, 0)
	}
	if a.Refuge != nil {
		s.places = append(s.places, sheetPlace{a.Refuge.Shelter, "refuge", s.say("Yang tertinggi di dekat sini.", "The tallest known nearby.")})
	}
	return s
}

func (s *sheet) say(id, en string) string { return plan.Text{ID: id, EN: en}.In(s.lang) }

// steps are the sentences of a way.
func (s *sheet) steps(w sheetWay) []string {
	all := make([]string, len(w.Steps))
	for i, step := range w.Steps {
		all[i] = step.Text.In(s.lang)
	}
	return all
}

func (s *sheet) write(w http.ResponseWriter, r *http.Request, m rest.Media) error {
	b := rest.Body{Type: m.Type, Lang: string(s.lang)}
	var doc any
	switch m.Name {
	case geoJSON().Name:
		return rest.WriteJSON(w, r, b, s.geoJSON())
	case gpx().Name:
		doc = s.gpx()
	case kml().Name:
		doc = s.kml()
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+s.say("evakuasi", "evacuation")+"."+m.Name+`"`)
	var err error
	if b.Data, err = encodeXML(doc); err != nil {
		return err
	}
	return rest.Write(w, r, b)
}

// encodeXML is a document with its declaration. What XML cannot hold in a text
// becomes U+FFFD.
func encodeXML(doc any) ([]byte, error) {
	data, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", doc, err)
	}
	return append([]byte(xml.Header), append(data, '\n')...), nil
}

// member is a feature of GeoJSON.
type member struct {
	Type       string          `json:"type"`
	Properties any             `json:"properties"`
	Shape      json.RawMessage `json:"geometry"`
}

func memberOf(shape orb.Geometry, properties any) member {
	return member{"Feature", properties, geo.AppendGeoJSON(nil, shape, decimals)}
}

type wayCollection struct {
	Type string `json:"type"`
	versions
	Sentence string   `json:"sentence"`
	Late     bool     `json:"cannot_reach_in_time"`
	Features []member `json:"features"`
}

type wayProperties struct {
	Kind    string    `json:"feature"` // route or alternative
	Rank    *int      `json:"rank"`
	Name    string    `json:"name"`
	Shelter int64     `json:"destination"`
	Metres  float64   `json:"length"`   // m
	Seconds float64   `json:"duration"` // s
	Arrives time.Time `json:"arrives_at"`
	Margin  *float64  `json:"margin"` // s
	Bridges []string  `json:"bridges"`
	Steps   []string  `json:"steps"`
}

type placeProperties struct {
	Kind string `json:"feature"` // destination or refuge
	*evac.Shelter
}

type fromProperties struct {
	Kind string `json:"feature"`
	Road string `json:"road"`
}

func (s *sheet) geoJSON() *wayCollection {
	c := &wayCollection{"FeatureCollection", versionsOf(s.city), s.a.Sentence().In(s.lang), s.a.Late, nil}
	for _, w := range s.ways {
		b := routeOf(w.Route)
		p := wayProperties{"route", &w.rank, w.name, w.Shelter.ID, b.Metres, b.Seconds, b.Arrives, b.Margin, b.Bridges, s.steps(w)}
		if w.other {
			p.Kind, p.Rank = "alternative", nil
		}
		c.Features = append(c.Features, memberOf(w.Line, p))
	}
	for _, p := range s.places {
		c.Features = append(c.Features, memberOf(p.At, placeProperties{p.kind, p.Shelter}))
	}
	c.Features = append(c.Features, memberOf(s.q.From, fromProperties{"from", s.a.Road}))
	return c
}

// GPX 1.1: the shelters as waypoints, each way as a route with its steps and as
// a track with its line.
type gpxFile struct {
	XMLName xml.Name   `xml:"http://www.topografix.com/GPX/1/1 gpx"`
	Version string     `xml:"version,attr"`
	Creator string     `xml:"creator,attr"`
	Title   string     `xml:"metadata>name"`
	About   string     `xml:"metadata>desc"`
	Time    time.Time  `xml:"metadata>time"`
	Places  []gpxPoint `xml:"wpt"`
	Routes  []gpxRoute `xml:"rte"`
	Tracks  []gpxTrack `xml:"trk"`
}

type gpxPoint struct {
	Lat   string `xml:"lat,attr"`
	Lon   string `xml:"lon,attr"`
	Name  string `xml:"name,omitempty"`
	About string `xml:"desc,omitempty"`
}

type gpxRoute struct {
	Name   string     `xml:"name"`
	Number int        `xml:"number"`
	Steps  []gpxPoint `xml:"rtept"`
}

type gpxTrack struct {
	Name   string     `xml:"name"`
	Number int        `xml:"number"`
	Line   []gpxPoint `xml:"trkseg>trkpt"`
}

func gpxAt(p orb.Point, name, about string) gpxPoint {
	return gpxPoint{degree(p[1]), degree(p[0]), name, about}
}

// degree is a coordinate with as many decimals as lines have, without zeros at
// the end.
func degree(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', decimals, 64), "0"), ".")
}

func (s *sheet) gpx() *gpxFile {
	f := &gpxFile{Version: "1.1", Creator: "simtaru", Title: s.title, About: s.about, Time: s.q.Now.UTC().Truncate(time.Second)}
	for _, p := range s.places {
		f.Places = append(f.Places, gpxAt(p.At, p.Name, p.about))
	}
	for i, w := range s.ways {
		route, track := gpxRoute{Name: w.name, Number: i + 1}, gpxTrack{Name: w.name, Number: i + 1}
		for k, text := range s.steps(w) {
			route.Steps = append(route.Steps, gpxAt(w.Steps[k].At, text, ""))
		}
		for _, p := range w.Line {
			track.Line = append(track.Line, gpxAt(p, "", ""))
		}
		f.Routes, f.Tracks = append(f.Routes, route), append(f.Tracks, track)
	}
	return f
}

// KML 2.2 (OGC 07-147r2).
type kmlFile struct {
	XMLName xml.Name   `xml:"http://www.opengis.net/kml/2.2 kml"`
	Title   string     `xml:"Document>name"`
	About   string     `xml:"Document>description"`
	Styles  []kmlStyle `xml:"Document>Style"`
	Marks   []kmlMark  `xml:"Document>Placemark"`
}

type kmlStyle struct {
	ID    string   `xml:"id,attr"`
	Point string   `xml:"IconStyle>color,omitempty"` // aabbggrr
	Line  *kmlLine `xml:"LineStyle"`
}

type kmlLine struct {
	Color string `xml:"color"`
	Width int    `xml:"width"` // pixels
}

type kmlMark struct {
	Name  string `xml:"name"`
	About string `xml:"description"`
	Style string `xml:"styleUrl"`
	Point string `xml:"Point>coordinates,omitempty"`
	Line  string `xml:"LineString>coordinates,omitempty"`
}

func kmlAt(p orb.Point) string { return degree(p[0]) + "," + degree(p[1]) }

func (s *sheet) kml() *kmlFile {
	f := &kmlFile{Title: s.title, About: s.about, Styles: []kmlStyle{
		{ID: "route", Line: &kmlLine{"ff327d2e", 6}},
		{ID: "alternative", Line: &kmlLine{"b2006cef", 4}},
		{ID: "destination", Point: "ff327d2e"},
		{ID: "refuge", Point: "ff0000d5"},
	}}
	for _, w := range s.ways {
		style := "#route"
		if w.other {
			style = "#alternative"
		}
		line := make([]string, len(w.Line))
		for i, p := range w.Line {
			line[i] = kmlAt(p)
		}
		f.Marks = append(f.Marks, kmlMark{Name: w.name, About: strings.Join(s.steps(w), "\n"), Style: style, Line: strings.Join(line, " ")})
	}
	for _, p := range s.places {
		f.Marks = append(f.Marks, kmlMark{Name: p.Name, About: p.about, Style: "#" + p.kind, Point: kmlAt(p.At)})
	}
	return f
}
