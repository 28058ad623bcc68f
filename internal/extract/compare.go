package extract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// Key is equal for documents that say the same on the same day, of the same state
// of every layer that they are made from: one of them is enough.
func (d *Document) Key() (string, error) {
	c := *d
	c.ID, c.CreatedAt = "", d.CreatedAt.UTC().Truncate(24*time.Hour)
	text, err := json.Marshal(&c)
	if err != nil {
		return "", fmt.Errorf("key of an extract: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Compare tells what a document that is made anew says otherwise: nothing where
// the plan has not changed for this land. States of layers that left no trace in
// what is said, and the map around the land, do not count.
func Compare(before, now *Document) []plan.Text {
	var changes []plan.Text
	say := func(t plan.Text) { changes = append(changes, t) }
	if !equal(before.Map.Parcel, now.Map.Parcel) {
		say(tell("Batas bidang berubah.", "The outline of the land has changed."))
	}
	a, b := before.Parcel, now.Parcel
	a.Revision, b.Revision = 0, 0
	if !equal(a, b) {
		say(tell("Data bidang berubah: luas, nomor, hak, atau alamat.", "What is recorded of the land has changed: area, number, right, or address."))
	}
	if !equal(before.Rules, now.Rules) {
		say(tell("Aturan zonasi diganti.", "The zoning rules were replaced."))
	}
	was, is := states(before), states(now)
	for _, s := range was {
		i := slices.IndexFunc(is, func(o state) bool { return o.id == s.id })
		switch {
		case i < 0:
			say(tell("%s: tidak ada lagi.", "%s: it is there no more.", s.title))
		case s.kind != is[i].kind:
			say(tell("%s: dahulu %s, kini %s.", "%s: it was %s, and is %s now.", s.title, s.kind.title(), is[i].kind.title()))
		case s.kind == isConcerned && !equal(said(s.theme), said(is[i].theme)):
			say(tell("%s: dahulu %s Kini %s", "%s: before: %s Now: %s", s.title, s.theme.Sentence, is[i].theme.Sentence))
		}
	}
	for _, s := range is {
		if !slices.ContainsFunc(was, func(o state) bool { return o.id == s.id }) {
			say(tell("%s: tema baru, %s.", "%s: a new theme, %s.", s.title, s.kind.title()))
		}
	}
	return changes
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
		all = append(all, state{t.ID, t.Title, isUnknown, nil})
	}
	return all
}

// said is a theme without the versions of the features that it is made from, and
// without what rules say, which are compared as a whole.
func said(t *Theme) Theme {
	c := *t
	c.Entries = slices.Clone(t.Entries)
	for i := range c.Entries {
		if e := &c.Entries[i]; e.Zone != nil {
			e.Zone, e.Sentence = nil, plan.Text{}
		}
		c.Entries[i].Features = nil
	}
	return c
}

func equal(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
