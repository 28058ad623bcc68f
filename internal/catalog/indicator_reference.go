package catalog

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// definitions goes through the coverages and indicators of a catalogue, with
// what is wrong with each: by itself, and in what it says about the rest.
func definitions(cat *plan.Catalog) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		coverages, indicators := map[string]bool{}, map[string]bool{}
		for _, c := range cat.Coverages() {
			f := &faults{at: in("coverage " + c.ID)}
			checkCoverage(f, c)
			checkCoverageReferences(f, cat, c)
			if coverages[c.ID] {
				f.add("id", "declaration-twice", "cakupan ini dinyatakan dua kali", "this coverage is declared twice")
			}
			coverages[c.ID] = true
			if !yield(c, f.err()) {
				return
			}
		}
		for _, i := range cat.Indicators() {
			f := &faults{at: in("indicator " + i.ID)}
			checkIndicator(f, i)
			checkIndicatorReferences(f, cat, i)
			if indicators[i.ID] {
				f.add("id", "declaration-twice", "indikator ini dinyatakan dua kali", "this indicator is declared twice")
			}
			indicators[i.ID] = true
			if !yield(i, f.err()) {
				return
			}
		}
	}
}

// checkIndicatorReferences checks what an indicator says about coverages,
// layers, lists and other indicators.
func checkIndicatorReferences(f *faults, cat *plan.Catalog, i *plan.Indicator) {
	checkGroup(f, cat, i.Group)
	if i.Coverage != "" {
		if c, ok := cat.Coverage(i.Coverage); !ok {
			f.add("coverage", "declaration-coverage", "cakupan %q tidak ada", "there is no coverage %q", i.Coverage)
		} else {
			checkTermReferences(f, cat, "parts", c, i.Parts)
			checkTermReferences(f, cat, "of", c, i.Of)
			checkStandardReferences(f, cat, c, i)
			checkNearTerms(f, c, i)
		}
	}
	if i.Features != nil {
		types := plan.GeometryTypes
		if i.Kind == plan.Length {
			types = []plan.GeometryType{plan.MultiLineString}
		}
		checkSetReferences(f, cat, "features", i.Features, types...)
	}
	if i.OfFeatures != nil {
		checkSetReferences(f, cat, "of_features", i.OfFeatures, plan.GeometryTypes...)
	}
	if i.People != nil {
		if l := checkSetReferences(f, cat, "people", &i.People.Set, plan.Point, plan.MultiPolygon); l != nil {
			checkNumber(f, "people.field", l, i.People.Field)
		}
	}
	if i.Roads != nil {
		for n, id := range i.Roads.Layers {
			if _, ok := cat.Layer(id); !ok {
				f.add(fmt.Sprintf("roads.layers[%d]", n), "declaration-layer", "layer %q tidak ada", "there is no layer %q", id)
			}
		}
	}
	for n, id := range i.Beside {
		if _, ok := cat.Indicator(id); !ok {
			f.add(fmt.Sprintf("beside[%d]", n), "declaration-indicator-unknown", "indikator %q tidak ada", "there is no indicator %q", id)
		}
	}
}

func checkTermReferences(f *faults, cat *plan.Catalog, list string, c *plan.Coverage, terms []plan.Term) {
	for n, t := range terms {
		path := fmt.Sprintf("%s[%d]", list, n)
		p := partOf(c, t.Part)
		if p == nil {
			f.add(path+".part", "declaration-part", "cakupan %q tidak mempunyai bagian %q", "coverage %q has no part %q", c.ID, t.Part)
			continue
		}
		l, ok := cat.Layer(p.Layer)
		if !ok {
			continue // a fault of the coverage
		}
		by, ok := l.Field(p.By)
		if !ok || by.Codes == nil {
			if p.By == "" && (len(t.Classes) > 0 || len(t.Factors) > 0) {
				f.add(path, "declaration-part", "bagian %q tidak terbagi atas kelas; beri by pada cakupannya", "part %q is not divided into classes; give it by in its coverage", t.Part)
			}
			continue
		}
		for j, code := range t.Classes {
			checkCode(f, cat, fmt.Sprintf("%s.classes[%d]", path, j), by, code)
		}
		for _, code := range slices.Sorted(maps.Keys(t.Factors)) {
			checkCode(f, cat, path+".factors."+code, by, code)
		}
	}
}

// checkStandardReferences checks that each standard is about a class that the
// indicator counts.
func checkStandardReferences(f *faults, cat *plan.Catalog, c *plan.Coverage, i *plan.Indicator) {
	counted := func(code string) bool {
		return slices.ContainsFunc(i.Parts, func(t plan.Term) bool {
			p := partOf(c, t.Part)
			return p != nil && (len(t.Classes) == 0 || slices.Contains(t.Classes, code)) && hasCode(cat, p, code)
		})
	}
	for n, r := range i.Standards {
		if !counted(r.Class) {
			f.add(fmt.Sprintf("standards[%d].class", n), "declaration-code-unknown", "kelas %q tidak dihitung oleh parts", "class %q is not counted by parts", r.Class)
		}
	}
}

// checkNearTerms checks that people live near whole features: how far they are
// from what features have in common is not measured.
func checkNearTerms(f *faults, c *plan.Coverage, i *plan.Indicator) {
	if i.Kind != plan.PeopleNear && i.Kind != plan.OnRoads {
		return
	}
	for n, t := range i.Parts {
		if p := partOf(c, t.Part); p != nil && p.Within != nil {
			f.add(fmt.Sprintf("parts[%d].part", n), "declaration-part", "bagian %q mempunyai within, yang tidak dihitung oleh jenis %s; pakai bagian tanpa within",
				"part %q has within, which the kind %s does not go by; use a part without it", t.Part, i.Kind)
		}
	}
}

// hasCode reports whether a part is divided by a list that has the code.
func hasCode(cat *plan.Catalog, p *plan.Part, code string) bool {
	l, ok := cat.Layer(p.Layer)
	if !ok {
		return false
	}
	d, ok := l.Field(p.By)
	if !ok || d.Codes == nil {
		return false
	}
	list, ok := cat.List(*d.Codes)
	if !ok {
		return false
	}
	_, ok = find(list, code)
	return ok
}

func checkNumber(f *faults, path string, l *plan.Layer, field string) {
	if d := fieldOf(f, path, l, field); d != nil && d.Type != plan.NumberField && d.Type != plan.IntegerField {
		f.add(path, "declaration-field-type", "%q bertipe %s; di sini diperlukan bilangan", "%q is of type %s; a number is needed here", d.Name, d.Type)
	}
}

func partOf(c *plan.Coverage, id string) *plan.Part {
	for i := range c.Parts {
		if c.Parts[i].ID == id {
			return &c.Parts[i]
		}
	}
	return nil
}
