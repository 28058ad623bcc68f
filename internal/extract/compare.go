package extract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// Key is equal for documents that say the same on the same day and are kept as
// long: one of them is enough. States of whole layers are not said, only the features that are told
// and drawn: an edit elsewhere makes no other document.
func (d *Document) Key() (string, error) {
	c := *d
	c.ID, c.CreatedAt = "", d.CreatedAt.UTC().Truncate(24*time.Hour)
	if d.KeptUntil != nil {
		until := d.KeptUntil.UTC().Truncate(24 * time.Hour)
		c.KeptUntil = &until
	}
	c.Layers = slices.Clone(d.Layers)
	for i := range c.Layers {
		c.Layers[i].Version = ""
	}
	text, err := json.Marshal(&c)
	if err != nil {
		return "", fmt.Errorf("key of an extract: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Compare tells what a document that is made anew says otherwise: nothing where
// the plan has not changed for this land. Facts are compared: codes, values,
// figures, rules, and what is nearest. The map around the land does not count, nor
// states of layers that left no trace in what is said, nor the words that facts
// are told in, unless before is of a form that has no more than words.
func Compare(before, now *Document) []plan.Text {
	var changes []plan.Text
	say := func(id, en string, args ...plan.Text) { changes = append(changes, tell(id, en, args...)) }
	words := before.Format < 2
	if !equal(before.Map.Parcel, now.Map.Parcel) {
		say("Batas bidang berubah.", "The outline of the land has changed.")
	}
	if !equal(registered(before.Parcel, words), registered(now.Parcel, words)) {
		say("Data bidang berubah: luas, nomor, hak, alamat, atau gampong.", "What is recorded of the land has changed: area, number, right, address, or village.")
	}
	ruled := sameRules(before.Rules, now.Rules)
	if !ruled {
		say("Aturan zonasi diganti.", "The zoning rules were replaced.")
	}
	was, is := states(before), states(now)
	for _, s := range was {
		i := slices.IndexFunc(is, func(o state) bool { return o.id == s.id })
		switch {
		case i < 0:
			say("%s: tidak ada lagi.", "%s: it is there no more.", s.title)
		case s.kind != is[i].kind:
			say("%s: dahulu %s, kini %s.", "%s: it was %s, and is %s now.", s.title, s.kind.title(), is[i].kind.title())
		case s.kind == isConcerned:
			if t := differences(s.theme, is[i].theme, words, ruled); !t.IsZero() {
				say("%s: %s.", "%s: %s.", s.title, t)
			}
		}
	}
	for _, s := range is {
		if !slices.ContainsFunc(was, func(o state) bool { return o.id == s.id }) {
			say("%s: tema baru, %s.", "%s: a new theme, %s.", s.title, s.kind.title())
		}
	}
	for _, n := range []struct {
		title   plan.Text
		was, is *zoning.Near
	}{
		{plan.Text{ID: "Taman umum terdekat", EN: "Nearest public park"}, before.Park, now.Park},
		{plan.Text{ID: "Tempat evakuasi terdekat", EN: "Nearest shelter"}, before.Shelter, now.Shelter},
	} {
		if !equal(n.was, n.is) {
			say("%s: dahulu %s, kini %s.", "%s: it was %s, and is %s now.", n.title, nearest(n.was), nearest(n.is))
		}
	}
	return changes
}

func nearest(n *zoning.Near) plan.Text {
	if n == nil {
		return plan.Text{ID: "tidak ada", EN: "none"}
	}
	return tell("%s, %s m", "%s, %s m", same(n.Name), metres(n.Distance))
}

// registered is what is recorded of a parcel, without words that tell it.
func registered(p Parcel, words bool) Parcel {
	p.Revision, p.Note = 0, plan.Text{}
	if words {
		// That form had the village of a zone near by, and no code of the right.
		p.RightType, p.Village, p.VillageCode, p.District = "", "", "", ""
	} else {
		p.Right = plan.Text{}
	}
	return p
}

func sameRules(a, b *zoning.Told) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.SHA256 == b.SHA256 && a.List == b.List && a.Version == b.Version
}

type kind int

const (
	isConcerned kind = iota
	isNot
	isUnknown
)

func (k kind) title() plan.Text {
	return []plan.Text{{ID: "menyangkut bidang ini", EN: "of concern"}, {ID: "tidak menyangkut", EN: "not of concern"}, {ID: "tanpa data", EN: "without data"}}[k]
}

type state struct {
	id    string
	title plan.Text
	kind  kind
	theme *Theme
}

// states are the themes of a document, each once.
func states(d *Document) []state {
	var all []state
	for i := range d.Concerned {
		t := &d.Concerned[i]
		all = append(all, state{t.ID, t.Title, isConcerned, t})
	}
	for _, t := range d.NotConcerned {
		all = append(all, state{t.ID, t.Title, isNot, nil})
	}
	for _, t := range d.WithoutData {
		if t.ID != evacuationAside && t.ID != legalAside {
			all = append(all, state{t.ID, t.Title, isUnknown, nil})
		}
	}
	return all
}

// differences tells in what a theme differs; empty: in nothing. ruled says that
// the rules are the same, so that what they say of a zone is compared too: it
// differs where another rule was chosen.
func differences(was, is *Theme, words, ruled bool) plan.Text {
	var told []plan.Text
	say := func(id, en string, args ...plan.Text) { told = append(told, tell(id, en, args...)) }
	name := func(e *Entry) plan.Text {
		t := e.Title
		if e.Zone != nil {
			t = tell("%s (%s)", "%s (%s)", t, same(e.Code))
			if e.Zone.Block != "" {
				t = tell("%s, blok %s", "%s, block %s", t, same(e.Zone.Block))
			}
		} else if !e.Sentence.IsZero() {
			t = plan.Text{ID: strings.TrimSuffix(e.Sentence.ID, "."), EN: strings.TrimSuffix(e.Sentence.EN, ".")}
		}
		return t
	}
	other := map[string]*Entry{}
	for i := range is.Entries {
		other[what(&is.Entries[i], words)] = &is.Entries[i]
	}
	for i := range was.Entries {
		e := &was.Entries[i]
		key := what(e, words)
		n := other[key]
		delete(other, key)
		switch {
		case n == nil:
			say("tidak lagi %s: %s", "no more %s: %s", name(e), Size(e))
		case !equal(amount(e), amount(n)):
			say("%s: dahulu %s, kini %s", "%s: it was %s, and is %s now", name(e), Size(e), Size(n))
		case ruled && !equal(allowed(was, e), allowed(is, n)):
			say("%s: aturan lain berlaku di sini", "%s: other rules hold here", name(e))
		}
	}
	for i := range is.Entries {
		if n := other[what(&is.Entries[i], words)]; n != nil {
			say("kini %s: %s", "now %s: %s", name(n), Size(n))
		}
	}
	if was.More != is.More {
		say("jumlah bagian yang lebih kecil lain", "another number of smaller parts")
	}
	if !words && !equal(was.Unknown, is.Unknown) || words && was.Note.IsZero() != is.Note.IsZero() {
		say("luas yang belum dinilai lain", "another area is not assessed")
	}
	var all plan.Text
	for i, t := range told {
		if i > 0 {
			t = tell("%s; %s", "%s; %s", all, t)
		}
		all = t
	}
	return all
}

// what tells entries of a theme apart.
func what(e *Entry, words bool) string {
	key := []string{e.Code}
	switch {
	case e.Zone != nil:
		key = append(key, e.Zone.Block)
	case words:
		key = append(key, e.Title.ID, e.Sentence.ID)
	default:
		for _, name := range slices.Sorted(maps.Keys(e.Values)) {
			key = append(key, name, e.Values[name])
		}
	}
	return strings.Join(key, "\x00")
}

// amount is how much of an entry there is.
func amount(e *Entry) any {
	a := Entry{Area: e.Area, Length: e.Length, Points: e.Points, Distance: e.Distance}
	if a.Distance > 0 && a.Length != nil { // a former form had a length of 0 there
		a.Length = nil
	}
	return a
}

// allowed is what the rules say of a zone, without words: the rules of intensity,
// and each activity with the answer to it.
func allowed(t *Theme, e *Entry) any {
	if e.Zone == nil {
		return nil
	}
	rules := []*zoning.Rule{}
	for _, b := range e.Zone.Intensity {
		rules = append(rules, b.Rule)
	}
	told := e.Zone
	if told.ActivitiesAbove {
		if i := slices.IndexFunc(t.Entries, func(o Entry) bool { return o.Code == e.Code && o.Zone != nil }); i >= 0 {
			told = t.Entries[i].Zone
		}
	}
	activities := map[string]zoning.Answer{}
	for _, g := range told.Activities {
		for _, a := range g.Activities {
			activities[a.Code] = a.Answer
		}
	}
	return []any{rules, activities}
}

func equal(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
