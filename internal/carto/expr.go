package carto

import (
	"math"
	"reflect"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// expr is a MapLibre expression or a literal, as it stands in the JSON.
type expr = any

// input is the expression whose value is compared with class values, which
// are strings: a value of another type is turned into one, and a missing one
// matches nothing.
func (c classes) input() expr {
	get := []expr{"get", c.field.Name}
	if c.field.Type == plan.TextField {
		return get
	}
	return []expr{"to-string", get}
}

// by is an expression that picks of(symbol) for the class of a feature among
// members, and otherwise the value of rest. Values that agree share a branch;
// where all agree it is the value itself.
func (c classes) by(members []Entry, rest plan.Symbol, of func(plan.Symbol) expr) expr {
	fallback := of(rest)
	if len(members) == 0 {
		return fallback
	}
	e := []expr{"match", c.input()}
	for _, b := range branches(members, of) {
		if !reflect.DeepEqual(b.value, fallback) {
			e = append(e, b.label(), b.value)
		}
	}
	if len(e) == 2 {
		return fallback
	}
	return append(e, fallback)
}

// branch is the values that one branch of a match stands for.
type branch struct {
	values []string
	value  expr
}

func (b branch) label() expr {
	if len(b.values) == 1 {
		return b.values[0]
	}
	return b.values
}

// branches groups entries by what of gives for them, in order of appearance.
func branches(entries []Entry, of func(plan.Symbol) expr) []branch {
	var all []branch
	for _, e := range entries {
		v := of(e.Symbol)
		i := slices.IndexFunc(all, func(b branch) bool { return reflect.DeepEqual(b.value, v) })
		if i < 0 {
			all = append(all, branch{value: v})
			i = len(all) - 1
		}
		all[i].values = append(all[i].values, e.Value)
	}
	return all
}

// group is the classes that one style layer draws.
type group struct {
	members []Entry
	// rest is drawn for features of no member; it is one of the members' own
	// symbols where the filter keeps such features out.
	rest   plan.Symbol
	filter expr
}

// split divides the classes into groups with equal key, since some properties
// of a style layer cannot depend on the data. An empty key leaves a class out.
// Each feature is in one group at most.
func (c classes) split(key func(plan.Symbol) string) []group {
	own := key(c.other)
	var keys, elsewhere []string
	var groups []group
	if own != "" {
		keys, groups = []string{own}, []group{{rest: c.other}}
	}
	for _, e := range c.entries {
		k := key(e.Symbol)
		if k != own {
			elsewhere = append(elsewhere, e.Value)
		}
		if k == "" {
			continue
		}
		i := slices.Index(keys, k)
		if i < 0 {
			i = len(keys)
			keys, groups = append(keys, k), append(groups, group{rest: e.Symbol})
		}
		groups[i].members = append(groups[i].members, e)
	}
	for i := range groups {
		switch {
		case keys[i] != own:
			groups[i].filter = []expr{"match", c.input(), values(groups[i].members), true, false}
		case len(elsewhere) > 0:
			groups[i].filter = []expr{"match", c.input(), elsewhere, false, true}
		}
	}
	return groups
}

func values(entries []Entry) []string {
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.Value
	}
	return all
}

// byZoom scales a size in pixels: as declared at zoom 14, smaller where the
// city is seen whole, larger close by. Sizes are rounded to 1/100 px.
func byZoom(low, high float64, size func(factor float64) expr) expr {
	return []expr{"interpolate", []expr{"exponential", 1.5}, []expr{"zoom"}, 10, size(low), 14, size(1), 18, size(high)}
}

func round(v float64) float64 { return math.Round(v*100) / 100 }
