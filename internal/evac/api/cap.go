package api

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/plan"
)

// capAlert is a message of the Common Alerting Protocol, version 1.2 (OASIS),
// with its members in the order of the schema.
type capAlert struct {
	XMLName    xml.Name  `xml:"urn:oasis:names:tc:emergency:cap:1.2 alert"`
	Identifier string    `xml:"identifier"`
	Sender     string    `xml:"sender"`
	Sent       string    `xml:"sent"`
	Status     string    `xml:"status"`
	Type       string    `xml:"msgType"`
	Source     string    `xml:"source,omitempty"`
	Scope      string    `xml:"scope"`
	Note       string    `xml:"note,omitempty"`
	References string    `xml:"references,omitempty"`
	Infos      []capInfo `xml:"info"`
}

type capInfo struct {
	Language     string     `xml:"language"`
	Category     string     `xml:"category"`
	Event        string     `xml:"event"`
	Response     string     `xml:"responseType,omitempty"`
	Urgency      string     `xml:"urgency"`
	Severity     string     `xml:"severity"`
	Certainty    string     `xml:"certainty"`
	Codes        []capValue `xml:"eventCode"`
	Effective    string     `xml:"effective"`
	Onset        string     `xml:"onset,omitempty"`
	Expires      string     `xml:"expires,omitempty"`
	SenderName   string     `xml:"senderName,omitempty"`
	Headline     string     `xml:"headline"`
	Description  string     `xml:"description,omitempty"`
	Instruction  string     `xml:"instruction,omitempty"`
	Web          string     `xml:"web"`
	Parameters   []capValue `xml:"parameter"`
	AreaName     string     `xml:"area>areaDesc"`
	AreaPolygons []string   `xml:"area>polygon"`
}

type capValue struct {
	Name  string `xml:"valueName"`
	Value string `xml:"value"`
}

// capTime is a moment as CAP wants it: whole seconds, and UTC as -00:00.
func capTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05-00:00")
}

// identifier names a message for ever: what it is of, which one, and which
// version of it.
func identifier(n *evac.Notice) string { return fmt.Sprintf("%s-%d-%d", n.Kind, n.ID, n.Revision) }

// Message types.
const (
	capFirst  = "Alert"
	capChange = "Update"
	capEnd    = "Cancel"
)

func messageType(t *evac.Told) string {
	switch {
	case !t.On:
		return capEnd
	case len(t.Earlier) > 0:
		return capChange
	}
	return capFirst
}

// categories of hazards; any other is Other.
var categories = map[string]string{
	"tsunami": "Geo", "earthquake": "Geo", "liquefaction": "Geo", "landslide": "Geo", "volcano": "Geo", "coastal_erosion": "Geo",
	"flood": "Met", "flash_flood": "Met", "extreme_weather": "Met", "drought": "Met", "fire": "Fire",
}

// grades are what the level of an event, or the severity of a closure, means in
// the words of CAP. Levels are those of BMKG: major warning, warning, advisory.
var grades = map[string]struct{ urgency, severity, response string }{
	"awas": {"Immediate", "Extreme", "Evacuate"}, "siaga": {"Immediate", "Severe", "Evacuate"}, "waspada": {"Expected", "Moderate", "Avoid"},
	"closed": {"Immediate", "Moderate", "Avoid"}, "vehicles": {"Immediate", "Minor", "Avoid"}, "slow": {"Immediate", "Minor", "Avoid"},
}

// soon is how far ahead a beginning is Expected; what begins later is Future.
const soon = time.Hour

// capOf is a message. It follows from what was told and the configuration alone,
// so that it stays the same for ever.
func (a *Alerts) capOf(t *evac.Told) *capAlert {
	m := &capAlert{
		Identifier: identifier(&t.Notice), Sender: a.cfg.Sender, Sent: capTime(t.Sent), Status: "Actual", Type: messageType(t), Source: t.Source, Scope: "Public",
	}
	if a.cfg.Exercise {
		m.Status = "Exercise"
		m.Note = "LATIHAN: bukan peringatan sungguhan. / EXERCISE: this is not a real alert."
	}
	var earlier []string
	for i := range t.Earlier {
		earlier = append(earlier, a.cfg.Sender+","+identifier(&t.Earlier[i])+","+capTime(t.Earlier[i].Sent))
	}
	m.References = strings.Join(earlier, " ")
	for _, lang := range []plan.Lang{plan.Indonesian, plan.English} {
		m.Infos = append(m.Infos, a.info(t, lang))
	}
	return m
}

func (a *Alerts) info(t *evac.Told, lang plan.Lang) capInfo {
	say := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) }
	web := a.cfg.PublicURL + "/"
	i := capInfo{
		Language: string(lang), Category: "Other", Event: t.What.In(lang), Urgency: "Unknown", Severity: "Unknown", Certainty: "Unknown",
		Effective: capTime(t.Sent), Onset: capTime(t.Starts), Expires: capTime(t.Ends), SenderName: a.cfg.Title.In(lang), Headline: headline(t, lang), Description: t.Message.In(lang), Web: web,
		AreaName: t.Name, AreaPolygons: polygons(t.Area),
	}
	if g, ok := grades[t.Level]; ok {
		i.Urgency, i.Severity, i.Response = g.urgency, g.severity, g.response
	}
	if i.AreaName == "" {
		i.AreaName = say("Daerah yang tergambar di peta", "The area drawn on the map")
	}
	switch t.Kind {
	case evac.OfEvent:
		if c, ok := categories[t.Code]; ok {
			i.Category = c
		}
		if i.Severity != "Unknown" {
			i.Certainty = "Likely"
		}
		if !t.Arrival.IsZero() {
			i.Onset = capTime(t.Arrival)
		}
		i.Codes = []capValue{{"simtaru:hazard", t.Code}}
		if i.Response == "Evacuate" {
			i.Instruction = fmt.Sprintf(say("Pergi ke tempat evakuasi sekarang. Jalannya: %s", "Go to a shelter now. The way: %s"), web)
		}
	case evac.OfClosure:
		i.Category, i.Event, i.Certainty = "Transport", say("Penutupan jalan", "Road closure"), "Likely"
		if t.Verified != nil {
			i.Certainty = map[bool]string{true: "Observed", false: "Possible"}[*t.Verified]
		}
		i.Codes = []capValue{{"simtaru:closure", t.Code}}
	}
	add := func(name, value string) {
		if value != "" {
			i.Parameters = append(i.Parameters, capValue{"simtaru:" + name, value})
		}
	}
	add("level", t.Level)
	add("bulletin", t.Bulletin)
	add("starts_at", capTime(t.Starts))
	add("arrival_at", capTime(t.Arrival))
	switch ahead := t.Starts.Sub(t.Sent); {
	case !t.On:
		// A message that is called off is no all-clear: another may be on, and an
		// event may only have lapsed. That is for people to say.
		i.Urgency, i.Instruction, i.Expires, i.Response = "Past", "", "", ""
	case ahead > soon:
		i.Urgency = "Future"
	case ahead > 0 && i.Urgency == "Immediate":
		i.Urgency = "Expected"
	}
	return i
}

// headline is a notice in some words.
func headline(t *evac.Told, lang plan.Lang) string {
	say := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) }
	h := t.What.In(lang)
	if grade := t.Grade.In(lang); grade != "" {
		h += ": " + grade
	}
	if t.Kind == evac.OfClosure {
		h = say("Penutupan jalan: ", "Road closure: ") + h
	}
	if t.Name != "" {
		h += " – " + t.Name
	}
	if !t.On {
		h = say("Dicabut: ", "Called off: ") + h
	}
	return h
}

// polygons are the outlines of an area, each as lat,lon pairs, the last as the
// first. CAP has no holes: what lies in one is warned too.
func polygons(area orb.MultiPolygon) (all []string) {
	for _, p := range area {
		if len(p) == 0 || len(p[0]) < 4 {
			continue
		}
		ring := slices.Clone(p[0])
		if ring[0] != ring[len(ring)-1] {
			ring = append(ring, ring[0])
		}
		pairs := make([]string, len(ring))
		for i, at := range ring {
			pairs[i] = degree(at[1]) + "," + degree(at[0])
		}
		all = append(all, strings.Join(pairs, " "))
	}
	return all
}
