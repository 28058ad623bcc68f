package catalog

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// checkComputed checks by what a field is computed: a function that is known,
// of fields that stand before it where they are computed as well, so that no
// field is computed of itself.
func checkComputed(f *faults, path string, l *plan.Layer, at int) {
	d := &l.Fields[at]
	if d.Computed == nil {
		return
	}
	for _, key := range []struct {
		name string
		said bool
	}{
		{"required", d.Required}, {"unique", d.Unique}, {"min", d.Min != nil}, {"max", d.Max != nil}, {"references", d.References != nil},
	} {
		if key.said {
			f.add(path+"."+key.name, "declaration-computed", "%[1]q dihitung oleh basis data, maka tidak diatur dengan %[2]s; hapuslah",
				"%[1]q is computed by the database, so %[2]s rules nobody; remove it", d.Name, key.name)
		}
	}
	path += ".computed"
	if !oneOf(f, path+".function", d.Computed.Function, plan.Functions) {
		return
	}
	s, _ := d.Computed.Function.Signature()
	if d.Type != s.Gives {
		f.add(path+".function", "declaration-computed", "%[1]s menghasilkan %[2]s, sedangkan %[3]q bertipe %[4]s",
			"%[1]s gives %[2]s, and %[3]q is of type %[4]s", d.Computed.Function, s.Gives, d.Name, d.Type)
	}
	if n := len(d.Computed.Of); n == 0 || s.Fields != 0 && n != s.Fields {
		f.add(path+".of", "declaration-computed", "%[1]s dihitung dari %[2]d kolom (0: sebanyak-banyaknya), bukan %[3]d",
			"%[1]s is computed of %[2]d fields (0: any number), not %[3]d", d.Computed.Function, s.Fields, n)
	}
	for n, name := range d.Computed.Of {
		path := fmt.Sprintf("%s.of[%d]", path, n)
		i := l.FieldIndex(name)
		switch {
		case i < 0:
			f.add(path, "declaration-computed", "layer ini tidak mempunyai kolom %q", "this layer has no field %q", name)
		case l.Fields[i].Computed != nil && i >= at:
			f.add(path, "declaration-computed", "%[1]q juga dihitung; tempatkan di atas %[2]q", "%[1]q is computed too; place it above %[2]q", name, d.Name)
		case !slices.Contains(s.Takes, l.Fields[i].Type):
			f.add(path, "declaration-computed", "%[1]s tidak dihitung dari %[2]q yang bertipe %[3]s",
				"%[1]s is not computed of %[2]q, which is of type %[3]s", d.Computed.Function, name, l.Fields[i].Type)
		}
	}
}

// apiPath is a resource of this program.
var apiPath = regexp.MustCompile(`^/api/v1(/[a-z][a-z0-9-]*)+$`)

// checkChart checks that a chart shows numbers.
func checkChart(f *faults, l *plan.Layer) {
	if l.Chart == nil {
		return
	}
	bilingual(f, "chart.title", l.Chart.Title, maxTitle)
	optional(f, "chart.note", l.Chart.Note, maxDescription)
	if p := l.Chart.Findings; p != "" && !apiPath.MatchString(p) {
		f.add("chart.findings", "declaration-chart", "%q bukan alamat di /api/v1", "%q is no path at /api/v1", p)
	}
	number := func(path, name string) {
		if d, ok := l.Field(name); !ok || d.Type != plan.NumberField && d.Type != plan.IntegerField {
			f.add(path, "declaration-chart", "layer ini tidak mempunyai kolom bilangan %q", "this layer has no field of numbers %q", name)
		}
	}
	if len(l.Chart.Groups) == 0 {
		f.add("chart.groups", "declaration-chart", "bagan tanpa kelompok tidak menunjukkan apa-apa", "a chart without groups shows nothing")
	}
	for i, g := range l.Chart.Groups {
		path := fmt.Sprintf("chart.groups[%d]", i)
		number(path+".field", g.Field)
		if len(g.Bars) == 0 {
			f.add(path+".bars", "declaration-chart", "kelompok tanpa batang tidak menunjukkan apa-apa", "a group without bars shows nothing")
		}
		for j, b := range g.Bars {
			bar := fmt.Sprintf("%s.bars[%d]", path, j)
			number(bar+".field", b.Field)
			if b.Score != "" {
				number(bar+".score", b.Score)
			}
		}
	}
}
