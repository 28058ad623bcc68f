package zoning

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// overlays asks every layer of the view that declares itself an overlay.
func overlays(v mirror.View, s site) []Overlay {
	all := []Overlay{}
	for _, l := range v.Layers() {
		if l.Overlay == nil {
			continue
		}
		o := Overlay{Layer: l.ID, Title: l.Title, State: "unknown", Features: []Overlap{}}
		if snap, ok := v.Snapshot(l.ID); ok {
			o.Features, o.State = overlaps(v, l, snap, s), "none"
			if len(o.Features) > 0 {
				o.State = "here"
			}
		}
		all = append(all, o)
	}
	return all
}

// mostOverlaps bounds the features that one overlay tells.
const mostOverlaps = 20

// overlaps are the features at the site, the nearest first.
func overlaps(v mirror.View, l *plan.Layer, snap *mirror.Snapshot, s site) []Overlap {
	found := []Overlap{}
	reach := max(l.Overlay.Within, touching)
	snap.Search(s.around(reach), func(f *mirror.Feature) bool {
		metres, inside := s.from(f.Geometry)
		if inside {
			metres = 0
		}
		if metres > reach || !Shown(l, f) {
			return true
		}
		found = append(found, Overlap{f.ID, SentenceOf(v, l, f), math.Round(metres)})
		return true
	})
	slices.SortFunc(found, func(a, b Overlap) int { return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID)) })
	return found[:min(len(found), mostOverlaps)]
}

// Shown reports whether a feature is one that the overlay speaks of.
func Shown(l *plan.Layer, f *mirror.Feature) bool {
	get := reader(l, f)
	for field, values := range l.Overlay.Where {
		value, ok := get(field).(string)
		if !ok || !slices.Contains(values, value) {
			return false
		}
	}
	return true
}

// SentenceOf fills the values of a feature into the sentence of its overlay.
func SentenceOf(v mirror.View, l *plan.Layer, f *mirror.Feature) plan.Text {
	get := reader(l, f)
	var id, en []string
	for _, name := range l.Overlay.Fields() {
		t := Said(v, l, name, get(name))
		id, en = append(id, "{"+name+"}", t.ID), append(en, "{"+name+"}", t.EN)
	}
	return plan.Text{ID: strings.NewReplacer(id...).Replace(l.Overlay.Sentence.ID), EN: strings.NewReplacer(en...).Replace(l.Overlay.Sentence.EN)}
}

// Said is a value as people read it.
func Said(v mirror.View, l *plan.Layer, field string, value any) plan.Text {
	switch value := value.(type) {
	case nil:
		return plan.Text{ID: "tidak disebut", EN: "not stated"}
	case string:
		if c, ok := codeOf(v, l, field, value); ok {
			return plan.Text{ID: c.Title.In(plan.Indonesian), EN: c.Title.In(plan.English)}
		}
		return same(value)
	case float64:
		return plan.Number(value)
	case bool:
		if value {
			return plan.Text{ID: "ya", EN: "yes"}
		}
		return plan.Text{ID: "tidak", EN: "no"}
	case time.Time:
		return same(value.Format(time.DateOnly))
	default:
		return same(fmt.Sprint(value))
	}
}
