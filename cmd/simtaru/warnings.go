package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/bmkg"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// warningFlags say whose warnings are followed, and where they are read.
type warningFlags struct {
	District []string      `env:"DISTRICT" sep:"," placeholder:"NAME" help:"District whose tsunami warnings switch hazard events on, as in \"Kota Banda Aceh\". May be repeated, for other names of it. Without it BMKG is not followed."`
	Province string        `env:"PROVINCE" placeholder:"NAME" help:"Province of the district, as in Aceh."`
	Tsunami  string        `name:"tsunami-url" env:"TSUNAMI_URL" default:"https://bmkg-content-inatews.storage.googleapis.com/last30tsunamievent.xml" placeholder:"URL" help:"Address of the tsunami bulletins."`
	Quakes   []string      `name:"quake-url" env:"QUAKE_URL" sep:"," default:"https://data.bmkg.go.id/DataMKG/TEWS/autogempa.json,https://data.bmkg.go.id/DataMKG/TEWS/gempadirasakan.json" placeholder:"URL" help:"Address of earthquakes, which are told and nothing else. May be repeated."`
	Every    time.Duration `env:"EVERY" default:"1m" help:"How often each address is asked; at least 30s between, and every 30s while a warning is on."`
	Lapse    time.Duration `env:"LAPSE" default:"12h" help:"How long after its last bulletin a warning ends that BMKG has not ended."`
	Area     string        `env:"AREA" type:"path" placeholder:"FILE" help:"GeoJSON (Polygon, MultiPolygon or one Feature, longitude and latitude) of where warnings hold. Default: within the boundary of the city."`
}

// feed of warnings; nil where none is followed.
func (f warningFlags) feed(a *app, db *database, m *mirror.Mirror) (*bmkg.Feed, error) {
	if len(f.District) == 0 {
		return nil, nil
	}
	area, err := f.area()
	if err != nil {
		return nil, &plan.Error{Kind: plan.Invalid, Code: "bad-option", At: "--bmkg-area", Cause: err, Message: plan.Text{
			ID: "berkas ini bukan GeoJSON sebuah Polygon, MultiPolygon, atau Feature-nya", EN: "this file is no GeoJSON of a Polygon, a MultiPolygon, or a Feature of one",
		}}
	}
	feed, err := bmkg.New(bmkg.Config{
		Tsunami: f.Tsunami, Quakes: f.Quakes, Every: f.Every, Lapse: f.Lapse, Area: area, Agent: "simtaru/" + version,
		District: bmkg.District{Province: f.Province, Names: f.District},
	}, m, db, a.log)
	var e *plan.Error
	if errors.As(err, &e) {
		e.At = "--bmkg-" + e.At
	}
	return feed, err
}

func (f warningFlags) area() (orb.MultiPolygon, error) {
	if f.Area == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.Area)
	if err != nil {
		return nil, err
	}
	return areaOf(text)
}

// areaOf reads a geometry of polygons, a feature of it, or a collection of just
// one. What the coordinates may be is for the database to say.
func areaOf(text []byte) (orb.MultiPolygon, error) {
	var v struct {
		Type        string            `json:"type"`
		Coordinates json.RawMessage   `json:"coordinates"`
		Geometry    json.RawMessage   `json:"geometry"`
		Features    []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	switch {
	case v.Type == "Feature" && v.Geometry != nil:
		return areaOf(v.Geometry)
	case v.Type == "FeatureCollection" && len(v.Features) == 1:
		return areaOf(v.Features[0])
	case v.Type == "Polygon":
		var one orb.Polygon
		err := json.Unmarshal(v.Coordinates, &one)
		return orb.MultiPolygon{one}, err
	case v.Type == "MultiPolygon":
		var all orb.MultiPolygon
		err := json.Unmarshal(v.Coordinates, &all)
		return all, err
	}
	return nil, fmt.Errorf("it is a %q", v.Type)
}
