package bmkg

import (
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// The fields of a hazard event that the feed fills.
const (
	statusField  = "status"
	levelField   = "level"
	startField   = "starts_at"
	arrivalField = "arrival_at"
	endField     = "ends_at"
	numberField  = "bulletin"
)

// past is the history of an event, the oldest version first, and to whom it
// belongs by that.
type past struct {
	layer    *plan.Layer
	versions []plan.Version
	// officer has the fields that somebody else than the feed changed last; the
	// geometry under the name geom.
	officer map[string]bool
	// key is the greatest of the bulletins that were applied; empty: the feed has
	// never written it. keys are all of them.
	key  string
	keys []string
	// said is the gravest level of those bulletins, whether it was written as the
	// event's or an officer had set it before.
	said int
}

const geometryField = "geom"

func pastOf(layer *plan.Layer, versions []plan.Version) *past {
	p := &past{layer: layer, versions: slices.Clone(versions), officer: map[string]bool{}}
	slices.Reverse(p.versions)
	var before *plan.Version
	for i := range p.versions {
		v := &p.versions[i]
		ours := v.Feature.UpdatedBy == Actor
		for _, f := range layer.Fields {
			was, is := valueOf(layer, before, f.Name), valueOf(layer, v, f.Name)
			if (was != nil || is != nil) && !plan.SameValue(was, is) || before == nil {
				p.officer[f.Name] = !ours
			}
		}
		if before == nil || !orb.Equal(shapeOf(before), shapeOf(v)) {
			p.officer[geometryField] = !ours
		}
		if v.Op == plan.Delete {
			p.officer[statusField] = !ours
		}
		if number, _ := valueOf(layer, v, numberField).(string); ours {
			if key := stampPattern.FindString(number); key != "" {
				p.keys, p.key = append(p.keys, key), max(p.key, key)
				p.said = max(p.said, grave(level(number)))
			}
		}
		before = v
	}
	return p
}

func valueOf(layer *plan.Layer, v *plan.Version, field string) any {
	if i := layer.FieldIndex(field); v != nil && v.Op != plan.Delete && i >= 0 && i < len(v.Feature.Values) {
		return v.Feature.Values[i]
	}
	return nil
}

func shapeOf(v *plan.Version) orb.Geometry {
	if v.Op == plan.Delete || v.Feature.Geometry == nil {
		return orb.MultiPolygon{}
	}
	return v.Feature.Geometry
}

func (p *past) now() *plan.Version { return &p.versions[len(p.versions)-1] }

func (p *past) deleted() bool { return p.now().Op == plan.Delete }

func (p *past) value(field string) any { return valueOf(p.layer, p.now(), field) }

func (p *past) isOn() bool { return !p.deleted() && p.value(statusField) == "on" }

// nowhere says that it is on and has no area, which the city had none to give.
func (p *past) nowhere() bool {
	return p.isOn() && p.now().Feature.Geometry == nil && !p.officer[geometryField]
}

// held says that an officer has decided what would be over: whether the event
// holds, how grave it is, or until when.
func (p *past) held() bool {
	return p.officer[statusField] || p.officer[levelField] || p.officer[endField]
}

// decide is the edit that an event needs; nil: none. It is the rule that ADR 11
// gives reasons for.
func (p *past) decide(want map[string]any, area orb.MultiPolygon) *plan.Edit {
	level, _ := want[levelField].(string)
	holds := want[statusField] == "on"
	raise := holds && grave(level) > p.said
	switch {
	case p.deleted() && raise:
		e := creation(p.layer, want, area)
		e.ID = p.now().Feature.ID
		return e
	case p.deleted(),
		!holds && (!p.isOn() || p.held()),
		!p.isOn() && p.officer[statusField] && !raise:
		return nil
	}
	forced := map[string]bool{numberField: true} // by it the feed knows what it did
	if raise {                                   // over what an officer has said
		forced[statusField], forced[endField] = true, true
		current, _ := p.value(levelField).(string)
		forced[levelField] = !p.isOn() || grave(level) > grave(current)
		theirs, told := p.value(arrivalField).(time.Time)
		ours, has := want[arrivalField].(time.Time)
		forced[arrivalField] = has && (!told || ours.Before(theirs))
	}
	values := map[string]any{}
	for name, v := range want {
		if p.layer.FieldIndex(name) < 0 || p.officer[name] && !forced[name] {
			continue
		}
		if is := p.value(name); !plan.SameValue(is, v) && (is != nil || v != nil) {
			values[name] = v
		}
	}
	e := &plan.Edit{Layer: p.layer.ID, Op: plan.Update, ID: p.now().Feature.ID, Revisions: []int64{p.now().Feature.Revision}, Values: values}
	if p.nowhere() && len(area) > 0 {
		e.Geometry, e.HasGeometry = area, true
	}
	if len(values) == 0 && !e.HasGeometry {
		return nil
	}
	return e
}

// creation makes an event.
func creation(layer *plan.Layer, want map[string]any, area orb.MultiPolygon) *plan.Edit {
	e := &plan.Edit{Layer: layer.ID, Op: plan.Create, Values: map[string]any{}, HasGeometry: true}
	for name, v := range want {
		if layer.FieldIndex(name) >= 0 {
			e.Values[name] = v
		}
	}
	if len(area) > 0 {
		e.Geometry = area
	}
	return e
}

// values are what an event has by a warning. A level and an arrival that it does
// not tell are left as they were.
func (w *warning) values() map[string]any {
	v := map[string]any{
		"name": cut("Peringatan tsunami: "+w.told().ID, 120), "hazard": "tsunami", statusField: "on", startField: w.Origin, endField: nil,
		"source": "BMKG (InaTEWS)", numberField: w.number(),
	}
	if w.level != "" {
		v[levelField] = w.level
	}
	if !w.arrival.IsZero() {
		v[arrivalField] = later(w.arrival, w.Origin) // times may be to the minute
	}
	message := w.message()
	if w.over {
		v[statusField], v[endField] = "off", later(w.sent, w.Origin)
	}
	v["message_id"], v["message_en"] = cut(message.ID, 1000), cut(message.EN, 1000)
	return v
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// number is how an event tells its bulletin: PD-2 awas (20260815050954).
func (w *warning) number() string {
	if w.level == "" {
		return fmt.Sprintf("%s (%s)", w.name(), w.key)
	}
	return fmt.Sprintf("%s %s (%s)", w.name(), w.level, w.key)
}

// told is the earthquake in words.
func (q *Quake) told() plan.Text {
	t := plan.Text{ID: "gempa", EN: "earthquake"}
	if q.Magnitude > 0 {
		m := plan.Fixed(q.Magnitude, 1)
		t.ID, t.EN = t.ID+" M "+m.ID, t.EN+" M "+m.EN
	}
	if q.Place != "" {
		t.ID, t.EN = t.ID+", "+q.Place, t.EN+", "+q.Place
	}
	at := plan.Moment(q.Origin)
	return plan.Text{ID: t.ID + ", " + at.ID, EN: t.EN + ", " + at.EN}
}

var levelTitles = map[string]plan.Text{
	"awas":    {ID: "tingkat Awas", EN: "level Awas (major warning)"},
	"siaga":   {ID: "tingkat Siaga", EN: "level Siaga (warning)"},
	"waspada": {ID: "tingkat Waspada", EN: "level Waspada (advisory)"},
	"":        {ID: "tingkatnya tidak terbaca", EN: "its level could not be read"},
}

func (w *warning) message() plan.Text {
	quake, at, title := w.told(), plan.Moment(w.sent), levelTitles[w.level]
	if w.over {
		return plan.Text{
			ID: fmt.Sprintf("BMKG menyatakan peringatan dini tsunami akibat %s, telah berakhir (%s, %s).", quake.ID, w.name(), at.ID),
			EN: fmt.Sprintf("BMKG has ended the tsunami warning for the %s (%s, %s).", quake.EN, w.name(), at.EN),
		}
	}
	t := plan.Text{
		ID: fmt.Sprintf("Peringatan dini tsunami BMKG (%s, %s), %s: %s.", w.name(), at.ID, title.ID, quake.ID),
		EN: fmt.Sprintf("Tsunami warning of BMKG (%s, %s), %s: %s.", w.name(), at.EN, title.EN, quake.EN),
	}
	if !w.arrival.IsZero() {
		at := plan.Moment(w.arrival)
		t.ID += " Gelombang pertama diperkirakan tiba " + at.ID + "."
		t.EN += " The first wave is expected on " + at.EN + "."
	}
	if w.left {
		t.ID += " Daerah ini tidak disebut lagi di buletin terakhir; peringatannya belum dinyatakan berakhir."
		t.EN += " The last bulletin does not name this district any more; the warning has not been ended."
	}
	return t
}

// lapse are what changes in an event of whose end BMKG says nothing.
func lapse(sent time.Time, after time.Duration) map[string]any {
	last := plan.Moment(sent)
	return map[string]any{
		statusField: "off", endField: sent.Add(after),
		"message_id": fmt.Sprintf("Sejak %s tidak ada lagi buletin BMKG tentang gempa ini; peringatannya dianggap lewat, tanpa pernyataan berakhir (PD-4).", last.ID),
		"message_en": fmt.Sprintf("BMKG has said nothing more of this earthquake since %s; the warning is taken to have passed, without having been ended (PD-4).", last.EN),
	}
}
