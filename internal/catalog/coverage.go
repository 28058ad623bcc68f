package catalog

import (
	"fmt"
	"math"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

const (
	maxParts      = 50
	maxConditions = 20
	maxValues     = 500
)

// checkCoverage checks what one coverage says by itself.
func checkCoverage(f *faults, c *plan.Coverage) {
	identifier(f, "id", c.ID)
	bilingual(f, "title", c.Title, maxTitle)
	optional(f, "description", c.Description, maxDescription)
	if len(c.Parts) == 0 {
		f.add("parts", "declaration-members", "tulis sedikitnya satu bagian", "write at least one part")
	}
	atMost(f, "parts", len(c.Parts), maxParts)
	for i := range c.Parts {
		p := &c.Parts[i]
		path := fmt.Sprintf("parts[%d]", i)
		identifier(f, path+".id", p.ID)
		if slices.ContainsFunc(c.Parts[:i], func(before plan.Part) bool { return before.ID == p.ID }) {
			f.add(path+".id", "declaration-twice", "bagian %q sudah ada di atas", "part %q stands above already", p.ID)
		}
		bilingual(f, path+".title", p.Title, maxTitle)
		checkSet(f, path, &p.Set)
		if p.Within != nil {
			checkSet(f, path+".within", p.Within)
		}
	}
}

func checkSet(f *faults, path string, s *plan.Set) {
	identifier(f, path+".layer", s.Layer)
	atMost(f, path+".where", len(s.Where), maxConditions)
	for i, c := range s.Where {
		checkCondition(f, fmt.Sprintf("%s.where[%d]", path, i), c)
	}
	notBelow0(f, path+".min_area", s.MinArea)
}

func checkCondition(f *faults, path string, c plan.Condition) {
	identifier(f, path+".field", c.Field)
	if (len(c.In) == 0) == (len(c.Not) == 0) {
		f.add(path, "declaration-condition", "tulis in, nilai yang dihitung, atau not, nilai yang tidak dihitung; salah satu saja",
			"write in, the values that count, or not, those that do not; one of the two")
	}
	for _, v := range []struct {
		key    string
		values []string
	}{{"in", c.In}, {"not", c.Not}} {
		atMost(f, path+"."+v.key, len(v.values), maxValues)
		for i, value := range v.values {
			at := fmt.Sprintf("%s.%s[%d]", path, v.key, i)
			if value == "" {
				f.add(at, "declaration-condition", "nilainya kosong; yang tanpa nilai tidak dapat dipilih", "the value is empty; what has no value cannot be selected")
			}
			plain(f, at, value, maxTitle)
			if slices.Contains(v.values[:i], value) {
				f.add(at, "declaration-twice", "%q ditulis dua kali", "%q is written twice", value)
			}
		}
	}
}

// checkCoverageReferences checks what a coverage says about layers and lists.
func checkCoverageReferences(f *faults, cat *plan.Catalog, c *plan.Coverage) {
	for i := range c.Parts {
		p := &c.Parts[i]
		path := fmt.Sprintf("parts[%d]", i)
		l := checkSetReferences(f, cat, path, &p.Set, plan.MultiPolygon)
		if l != nil && p.By != "" {
			if d := fieldOf(f, path+".by", l, p.By); d != nil && d.Codes == nil {
				f.add(path+".by", "declaration-by", "%q tidak berisi kode dari sebuah daftar; kelas hanya menurut kolom berkode",
					"%q does not hold codes of a list; classes go by a coded field only", p.By)
			}
		}
		if l != nil && p.FactorField != "" {
			checkNumber(f, path+".factor_field", l, p.FactorField)
		}
		if p.Within != nil {
			checkSetReferences(f, cat, path+".within", p.Within, plan.MultiPolygon)
		}
	}
}

// checkSetReferences checks a set against the layer that it is of, which has to
// have one of these types of geometry, and returns the layer; nil where there
// is none.
func checkSetReferences(f *faults, cat *plan.Catalog, path string, s *plan.Set, types ...plan.GeometryType) *plan.Layer {
	l, ok := cat.Layer(s.Layer)
	if !ok {
		f.add(path+".layer", "declaration-layer-unknown", "layer %q tidak ada", "there is no layer %q", s.Layer)
		return nil
	}
	if !slices.Contains(types, l.Geometry) {
		f.add(path+".layer", "declaration-geometry", "layer %q berisi %s; di sini diperlukan %v", "layer %q has %s; %v is needed here", l.ID, l.Geometry, types)
	}
	if s.MinArea != 0 && l.Geometry != plan.MultiPolygon {
		f.add(path+".min_area", "declaration-geometry", "layer %q tidak mempunyai luas; hapus min_area", "layer %q has no areas; remove min_area", l.ID)
	}
	for i, c := range s.Where {
		at := fmt.Sprintf("%s.where[%d]", path, i)
		d := fieldOf(f, at+".field", l, c.Field)
		if d == nil {
			continue
		}
		if d.Type == plan.TimestampField {
			f.add(at+".field", "declaration-condition", "%q adalah waktu; syarat tidak dapat memakainya", "%q is a moment; conditions cannot go by it", d.Name)
			continue
		}
		for j, v := range c.In {
			checkValue(f, cat, fmt.Sprintf("%s.in[%d]", at, j), d, v)
		}
		for j, v := range c.Not {
			checkValue(f, cat, fmt.Sprintf("%s.not[%d]", at, j), d, v)
		}
	}
	return l
}

// checkValue checks that a field can have a value at all.
func checkValue(f *faults, cat *plan.Catalog, path string, d *plan.Field, value string) {
	if d.Codes != nil {
		checkCode(f, cat, path, d, value)
	} else if !fits(value, d.Type) {
		f.add(path, "declaration-value", "%q tidak dapat menjadi nilai %q, yang bertipe %s", "%q cannot be a value of %q, which is of type %s",
			value, d.Name, d.Type)
	}
}

// checkCode checks that a code is in the list of a field. A list that is not
// there is a fault of the layer.
func checkCode(f *faults, cat *plan.Catalog, path string, d *plan.Field, code string) {
	list, ok := cat.List(*d.Codes)
	if !ok {
		return
	}
	if _, ok := find(list, code); !ok {
		f.add(path, "declaration-code-unknown", "%q bukan kode dari %s, daftar kolom %q", "%q is not a code of %s, the list of field %q", code, name(*d.Codes), d.Name)
	}
}

// fieldOf finds a field of another declaration's layer and says so if there is
// none. What the database computes has no value in edits that are supposed, which
// it never sees: their figures would be wrong.
func fieldOf(f *faults, path string, l *plan.Layer, field string) *plan.Field {
	d, ok := l.Field(field)
	switch {
	case !ok:
		f.add(path, "declaration-field-unknown", "layer %q tidak mempunyai kolom %q", "layer %q has no field %q", l.ID, field)
		return nil
	case d.Computed != nil:
		f.add(path, "declaration-computed", "kolom %[2]q pada %[1]q dihitung oleh basis data; angka tidak dapat bergantung padanya",
			"the database computes %[2]q of %[1]q; figures cannot depend on it", l.ID, field)
		return nil
	}
	return d
}

func atMost(f *faults, path string, n, limit int) {
	if n > limit {
		f.add(path, "declaration-members", "ada %d; paling banyak %d", "there are %d; %d at most", n, limit)
	}
}

func notBelow0(f *faults, path string, v float64) {
	if !(v >= 0) || math.IsInf(v, 1) {
		f.add(path, "declaration-range", "harus 0 atau lebih", "must be 0 or more")
	}
}
