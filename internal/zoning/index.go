package zoning

import (
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// Index is a set of rules made ready to answer. It is immutable.
type Index struct {
	*Set
	// Kept is what the database says of the set; its Document is nil.
	Kept   plan.RuleSet
	sought []sought
	groups map[string][]Group
}

// Group is the activities of a sub-zone with one verdict.
type Group struct {
	Verdict    Verdict    `json:"verdict"`
	Title      plan.Text  `json:"title"`
	Activities []Admitted `json:"activities"`
}

// Admitted is the answer to one activity in one sub-zone.
type Admitted struct {
	Code  string    `json:"code"`
	KBLI  string    `json:"kbli,omitempty"`
	Title plan.Text `json:"title"`
	Group plan.Text `json:"group"`
	// Answer as the matrix has it; empty is not stated.
	Answer     Answer      `json:"answer"`
	Conditions []Condition `json:"conditions,omitempty"`
}

// NewIndex reads rules as they are kept.
func NewIndex(kept plan.RuleSet) (*Index, error) {
	s, err := Parse(kept.Document)
	if err != nil {
		return nil, err
	}
	x := &Index{Set: s, Kept: kept, groups: map[string][]Group{}}
	x.Kept.Document = nil
	for i := range s.Activities {
		x.sought = append(x.sought, soughtOf(&s.Activities[i]))
	}
	for _, zone := range s.Zones {
		x.groups[zone] = x.group(zone, s.Activities)
	}
	return x, nil
}

// Groups are the activities of a sub-zone by verdict, in the order of Verdicts,
// or the one activity that is asked for; nil asks for all. Verdicts without
// activities are left out. Callers do not change them.
func (x *Index) Groups(zone string, only *Activity) []Group {
	if only != nil {
		return x.group(zone, []Activity{*only})
	}
	if g, ok := x.groups[zone]; ok {
		return g
	}
	return x.group(zone, x.Activities) // not a column of the matrix
}

func (x *Index) group(zone string, activities []Activity) []Group {
	var groups []Group
	for _, v := range Verdicts {
		g := Group{Verdict: v, Title: v.Title()}
		for _, a := range activities {
			answer := a.Cells[zone]
			if answer.Verdict() != v {
				continue
			}
			d := Admitted{Code: a.Code, KBLI: a.KBLI, Title: a.Title, Group: a.Group, Answer: answer}
			for _, code := range answer.Conditions() {
				if c, ok := x.condition(code); ok {
					d.Conditions = append(d.Conditions, c)
				}
			}
			g.Activities = append(g.Activities, d)
		}
		if len(g.Activities) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// Activity finds an activity by its code, in any case, or by a KBLI code that
// no other has.
func (x *Index) Activity(code string) (*Activity, bool) {
	if i := slices.IndexFunc(x.Activities, func(a Activity) bool { return strings.EqualFold(a.Code, code) }); i >= 0 {
		return &x.Activities[i], true
	}
	var found *Activity
	for i := range x.Activities {
		if a := &x.Activities[i]; code != "" && a.KBLI == code {
			if found != nil {
				return nil, false
			}
			found = a
		}
	}
	return found, found != nil
}

// References are the provisions that speak of a sub-zone.
func (x *Index) References(zone string) []Provision {
	list := []Provision{}
	for _, p := range x.Provisions {
		if len(p.Zones) == 0 || slices.Contains(p.Zones, zone) {
			list = append(list, p)
		}
	}
	return list
}
