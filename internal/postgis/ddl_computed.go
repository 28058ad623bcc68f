package postgis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// computedSuffix ends the name of the constraint that holds a computed field to
// its function.
const computedSuffix = "_computed"

// call is a computed value as SQL; column writes the value of a field.
func call(c *plan.Computed, column func(field string) string) string {
	of := make([]string, len(c.Of))
	for i, name := range c.Of {
		of[i] = column(name)
	}
	return fmt.Sprintf("simtaru.%s(%s)", ident(string(c.Function)), strings.Join(of, ", "))
}

// computing sets the computed fields, before anything looks at what was sent:
// an UPDATE that only sends other values for them changes nothing.
func (t table) computing() string {
	var b strings.Builder
	for i := range t.layer.Fields {
		if f := &t.layer.Fields[i]; f.Computed != nil {
			value := call(f.Computed, func(name string) string { return "new." + ident(name) })
			fmt.Fprintf(&b, "  new.%s := %s;\n", ident(f.Name), value)
		}
	}
	return b.String()
}

// expanded is a computed value by fields alone that are not computed.
func (t table) expanded(c *plan.Computed) string {
	return call(c, func(name string) string {
		if f, ok := t.layer.Field(name); ok && f.Computed != nil {
			return t.expanded(f.Computed)
		}
		return ident(name)
	})
}

// computed adds the computed fields that are new, or computed otherwise than
// they were, with the values that features have in them now and had in each
// version: columns that PostgreSQL generates, and then no longer does, since the
// row trigger sees them too. That makes no version and no change: the feature is
// what it was. Each table is written anew once.
func (w *widening) computed() {
	var live, history, settle []string
	for i := range w.new.layer.Fields {
		f := &w.new.layer.Fields[i]
		if !w.recomputed(f) {
			continue
		}
		added := func(value string) string {
			return fmt.Sprintf("add column %s %s generated always as (%s) stored", ident(f.Name), columnTypes[f.Type], value)
		}
		value := w.new.expanded(f.Computed)
		live, history = append(live, added(value)), append(history, added("case when sys_op <> 'delete' then "+value+" end"))
		settle = append(settle, fmt.Sprintf("alter column %s drop expression", ident(f.Name)))
		if was, ok := w.old.layer.Field(f.Name); ok && was.Type == f.Type {
			for _, name := range []string{w.old.live, w.old.history} {
				w.add("alter table %s drop column %s", name, ident(f.Name))
			}
		}
	}
	if len(settle) == 0 {
		return
	}
	for _, t := range []struct {
		name string
		add  []string
	}{{w.old.live, live}, {w.old.history, history}} {
		w.add("alter table %s %s", t.name, strings.Join(t.add, ",\n  "))
		w.add("alter table %s %s", t.name, strings.Join(settle, ",\n  "))
	}
}

// recomputed reports whether a field gets its values from the new declaration:
// it is new, or it or a field that it is computed of was otherwise.
func (w *widening) recomputed(f *plan.Field) bool {
	if f.Computed == nil {
		return false
	}
	was, ok := w.old.layer.Field(f.Name)
	if !ok || was.Type != f.Type || was.Computed == nil || call(was.Computed, ident) != call(f.Computed, ident) {
		return true
	}
	return slices.ContainsFunc(f.Computed.Of, func(name string) bool {
		of, ok := w.new.layer.Field(name)
		before, had := w.old.layer.Field(name)
		return ok && (!had || before.Type != of.Type || w.recomputed(of))
	})
}
