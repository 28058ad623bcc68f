package catalog

import (
	"fmt"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// checkChecks checks the rules between fields.
func checkChecks(f *faults, l *plan.Layer) {
	const code = "declaration-check"
	ordered := map[string]bool{}
	for i := range l.Checks {
		c := &l.Checks[i]
		path := fmt.Sprintf("checks[%d]", i)
		if (c.Order == nil) == (c.Quotient == nil) {
			f.add(path, code, "tulis satu aturan: order atau quotient", "write one rule: order or quotient")
			continue
		}
		key, want, types := "order", 2, []plan.FieldType{plan.IntegerField, plan.NumberField, plan.DateField, plan.TimestampField}
		if c.Quotient != nil {
			key, want, types = "quotient", 3, types[:2]
		}
		path += "." + key
		if got := c.Fields(); len(got) != want {
			f.add(path, code, "%[1]s menyebut %[2]d kolom, bukan %[3]d", "%[1]s names %[2]d fields, not %[3]d", key, want, len(got))
			continue
		}
		fields := make([]*plan.Field, want)
		for n, name := range c.Fields() {
			d, ok := known(f, fmt.Sprintf("%s[%d]", path, n), l, name)
			if !ok {
				break
			}
			if !slices.Contains(types, d.Type) {
				f.add(fmt.Sprintf("%s[%d]", path, n), code, "%[1]q bertipe %[2]s, yang tidak dapat dibandingkan di sini", "%[1]q is of type %[2]s, which cannot be compared here", name, d.Type)
			}
			fields[n] = d
		}
		if fields[want-1] == nil {
			continue
		}
		number := func(d *plan.Field) bool { return d.Type == plan.IntegerField || d.Type == plan.NumberField }
		switch {
		case c.Order != nil && (fields[0] == fields[1] || fields[0].Type != fields[1].Type && !(number(fields[0]) && number(fields[1]))):
			f.add(path, code, "%[1]q dan %[2]q tidak dapat diurutkan", "%[1]q and %[2]q have no order", c.Order[0], c.Order[1])
		case c.Order != nil && ordered[c.Order[1]]:
			f.add(path, code, "%q sudah harus mengikuti kolom lain", "%q must follow another field already", c.Order[1])
		case c.Quotient != nil && (fields[2].Min == nil || *fields[2].Min <= 0):
			f.add(path+"[2]", code, "pembagi %q memerlukan min di atas 0", "the divisor %q needs a min above 0", c.Quotient[2])
		}
		if c.Order != nil {
			ordered[c.Order[1]] = true
		}
	}
}
