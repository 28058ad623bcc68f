package evac

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// NoticeKind is what a notice is of.
type NoticeKind string

// The kinds of notices.
const (
	OfEvent   NoticeKind = "event"   // a hazard event
	OfClosure NoticeKind = "closure" // roads that are closed, or slow
)

// noticed are the layers of notices, and which of their fields say what there is
// and how grave it is.
var noticed = map[NoticeKind]struct{ layer, what, grade string }{
	OfEvent: {eventLayer, "hazard", "level"}, OfClosure: {closureLayer, "reason", "severity"},
}

// Notice is one version of what officers announce: a hazard event, or a closure.
type Notice struct {
	Kind         NoticeKind
	ID, Revision int64
	// Sent is when this version was made.
	Sent time.Time
	// On is that it was announced then, for now or later; else it was taken back.
	On   bool
	Name string
	// Code and Level are those of the hazard and of its event, or the reason and
	// the severity of a closure; What and Grade are their titles, if any.
	Code, Level           string
	What, Grade           plan.Text
	Starts, Arrival, Ends time.Time // zero: not known
	Source, Bulletin      string
	Message               plan.Text
	// Verified is whether a closure has been; nil: not said.
	Verified *bool
	Area     orb.MultiPolygon
}

// NoticeLayer is the layer that notices of a kind are versions of; false where
// there is none that can be read, or no such kind.
func NoticeLayer(v mirror.View, kind NoticeKind) (*plan.Layer, bool) {
	return v.Layer(noticed[kind].layer)
}

// Notices are the present ones, the newest first: those that are on and have not
// ended, and those that were taken back since a moment.
func Notices(v mirror.View, now, since time.Time) (all []Notice) {
	for kind, of := range noticed {
		for r := range tableOf(v, of.layer).all {
			if n := noticeOf(v, kind, r); n.On && (n.Ends.IsZero() || n.Ends.After(now)) || !n.On && n.Sent.After(since) {
				all = append(all, n)
			}
		}
	}
	slices.SortFunc(all, func(a, b Notice) int {
		return cmp.Or(b.Sent.Compare(a.Sent), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// PresentNotice is the present version of one; false where there is none.
func PresentNotice(v mirror.View, kind NoticeKind, id int64) (Notice, bool) {
	r, ok := tableOf(v, noticed[kind].layer).get(id)
	if !ok {
		return Notice{}, false
	}
	return noticeOf(v, kind, r), true
}

func noticeOf(v mirror.View, kind NoticeKind, r row) Notice {
	of := noticed[kind]
	n := Notice{
		Kind: kind, ID: r.ID, Revision: r.Revision, Sent: r.UpdatedAt, Name: get[string](r, "name"),
		Code: get[string](r, of.what), Level: get[string](r, of.grade),
	}
	n.What, n.Grade = codeTitle(v, of.layer, of.what, n.Code), codeTitle(v, of.layer, of.grade, n.Level)
	n.Area, _ = r.Geometry.(orb.MultiPolygon)
	switch kind {
	case OfEvent:
		e := eventOf(r)
		n.Starts, n.Arrival, n.Ends, n.Source, n.Bulletin, n.Message, n.On = e.Starts, e.Arrival, e.Ends, e.Source, e.Bulletin, e.Message, e.On
	case OfClosure:
		n.Starts, n.Ends, n.Source, n.Verified = get[time.Time](r, "starts_at"), get[time.Time](r, "ends_at"), get[string](r, "reporter"), maybe[bool](r, "verified")
		n.On = true
	default:
		panic("evac: no such notice: " + string(kind))
	}
	n.On = n.On && len(n.Area) > 0 && (n.Ends.IsZero() || n.Ends.After(n.Sent))
	return n
}

// codeTitle is what a code of a field means; empty where that is not listed.
func codeTitle(v mirror.View, layer, field, code string) plan.Text {
	l, ok := v.Layer(layer)
	if !ok {
		return plan.Text{}
	}
	i := slices.IndexFunc(l.Fields, func(f plan.Field) bool { return f.Name == field && f.Codes != nil })
	if i < 0 {
		return plan.Text{}
	}
	list, ok := v.Catalog().List(*l.Fields[i].Codes)
	if !ok {
		return plan.Text{}
	}
	k := slices.IndexFunc(list.Codes, func(c plan.Code) bool { return c.Code == code })
	if k < 0 {
		return plan.Text{}
	}
	return list.Codes[k].Title
}

// Told is a notice as it follows on earlier ones of the same thing.
type Told struct {
	Notice
	// Earlier are those since it was first announced, the oldest first and without
	// their areas: without any this is the first. One that is not On takes them back.
	Earlier []Notice
}

// Tell lists what versions of one thing, the oldest first, tell: that it is on,
// that it has changed, that it is over. A version that is not on tells nothing
// unless one before it was; a deletion takes back what was.
func Tell(v mirror.View, kind NoticeKind, versions []plan.Version) (all []Told) {
	l, ok := NoticeLayer(v, kind)
	if !ok {
		return nil
	}
	at := positions(l)
	var since []Notice // without their areas
	var last Notice
	for _, version := range versions {
		f := version.Feature
		var n Notice
		if version.Op != plan.Delete {
			n = noticeOf(v, kind, row{&mirror.Feature{Feature: f}, at})
		} else if len(since) > 0 { // of a deletion nothing is known but its time
			n = last
			n.Revision, n.Sent, n.On = f.Revision, f.UpdatedAt, false
		}
		if !n.On && len(since) == 0 {
			continue
		}
		all, last = append(all, Told{n, since[:len(since):len(since)]}), n
		brief := n
		brief.Area = nil
		if since = append(since, brief); !n.On {
			since = nil
		}
	}
	return all
}
