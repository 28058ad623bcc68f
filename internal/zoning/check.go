package zoning

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// Finding is what [Check] found: a contradiction, with which a set is not
// imported, or a doubt.
type Finding struct {
	*plan.Error
	Contradiction bool
}

// Contradictory reports whether any finding is a contradiction.
func Contradictory(list []Finding) bool {
	return slices.ContainsFunc(list, func(f Finding) bool { return f.Contradiction })
}

// Check holds a set against the list of its sub-zones and against itself, the
// contradictions first.
func Check(s *Set, list *plan.CodeList) []Finding {
	c := &checker{set: s, known: map[string]bool{}}
	for _, code := range list.Codes {
		c.known[code.Code] = true
	}
	c.head(list)
	c.matrix()
	for i := range s.Intensity {
		c.rule(fmt.Sprintf("intensity[%d]", i), &s.Intensity[i])
	}
	c.overlaps()
	for i, p := range s.Provisions {
		at := fmt.Sprintf("provisions[%d]", i)
		if p.Document == "" || p.About.IsZero() {
			c.wrong(at, "rules-empty", "rujukan memerlukan dokumen dan isinya", "a provision needs a document and what it is about")
		}
		if p.Link != "" && !strings.HasPrefix(p.Link, "https://") && !strings.HasPrefix(p.Link, "http://") {
			c.wrong(at+".link", "rules-link", "%q bukan alamat http", "%q is no http address", p.Link)
		}
		c.zones(at+".zones", p.Zones)
	}
	for _, code := range list.Codes {
		c.unruled(code.Code)
	}
	c.gaps()
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		rank := map[bool]int{true: 0, false: 1}
		return cmp.Compare(rank[a.Contradiction], rank[b.Contradiction])
	})
	return c.found
}

type checker struct {
	set   *Set
	known map[string]bool
	found []Finding
}

func (c *checker) wrong(at, code, id, en string, args ...any) {
	c.found = append(c.found, Finding{fault(at, code, id, en, args...), true})
}

func (c *checker) doubt(at, code, id, en string, args ...any) {
	c.found = append(c.found, Finding{fault(at, code, id, en, args...), false})
}

func (c *checker) head(list *plan.CodeList) {
	if c.set.Codes.List != list.ID || c.set.Codes.Version != list.Version {
		panic(fmt.Sprintf("zoning: rules of %v are checked against %s@%s", c.set.Codes, list.ID, list.Version))
	}
	if c.set.Title.IsZero() {
		c.wrong("title", "rules-empty", "tulis judul aturan ini", "write a title for these rules")
	}
	if c.set.Source == "" {
		c.wrong("source", "rules-empty", "tulis dari dokumen mana aturan ini", "write which document the rules are from")
	}
	c.zones("zones", c.set.Zones)
}

// zones checks that codes are known, and each written once.
func (c *checker) zones(at string, codes []string) {
	for i, code := range codes {
		if !c.known[code] {
			c.wrong(fmt.Sprintf("%s[%d]", at, i), "rules-zone-unknown", "sub-zona %q tidak ada di daftar %s versi %s",
				"the sub-zone %q is not in the list %s, version %s", code, c.set.Codes.List, c.set.Codes.Version)
		}
		if slices.Contains(codes[:i], code) {
			c.wrong(fmt.Sprintf("%s[%d]", at, i), "rules-twice", "%q ditulis dua kali", "%q is written twice", code)
		}
	}
}

var kbliText = regexp.MustCompile(`^[0-9]{5}$`)

func (c *checker) matrix() {
	used, codes := map[string]bool{}, map[string]bool{}
	for i, a := range c.set.Activities {
		at := fmt.Sprintf("activities[%d] %s", i, a.Code)
		if a.Code == "" || a.Title.IsZero() {
			c.wrong(at, "rules-empty", "kegiatan memerlukan kode dan nama", "an activity needs a code and a title")
		}
		if codes[a.Code] {
			c.wrong(at, "rules-twice", "kode kegiatan %q ditulis dua kali", "the activity %q is written twice", a.Code)
		}
		codes[a.Code] = true
		if a.KBLI != "" && !kbliText.MatchString(a.KBLI) {
			c.wrong(at+".kbli", "rules-kbli", "%q bukan kode KBLI lima angka", "%q is no KBLI code of five digits", a.KBLI)
		}
		for _, zone := range sortedKeys(a.Cells) {
			if !slices.Contains(c.set.Zones, zone) {
				c.wrong(at+".cells."+zone, "rules-zone-unknown", "sub-zona %q tidak ada di zones", "the sub-zone %q is not among zones", zone)
			}
			for _, code := range a.Cells[zone].Conditions() {
				used[code] = true
				if _, ok := c.set.condition(code); !ok {
					c.wrong(at+".cells."+zone, "rules-condition-unknown", "syarat %s tidak dijelaskan di conditions", "the condition %s is not spelled out in conditions", code)
				}
			}
		}
	}
	for i, cond := range c.set.Conditions {
		at := fmt.Sprintf("conditions[%d] %s", i, cond.Code)
		switch first, _ := c.set.condition(cond.Code); {
		case len(Answer(cond.Code).Conditions()) != 1 || !grantText.MatchString(cond.Code):
			c.wrong(at, "rules-condition-code", "%q bukan kode syarat seperti T1, B3 atau TB2", "%q is no code of a condition such as T1, B3 or TB2", cond.Code)
		case cond.Text.IsZero():
			c.wrong(at, "rules-empty", "tulis isi syarat ini", "write what the condition asks for")
		case first != cond:
			c.wrong(at, "rules-twice", "syarat %s ditulis dua kali", "the condition %s is written twice", cond.Code)
		case !used[cond.Code]:
			c.doubt(at, "rules-condition-unused", "syarat %s tidak dipakai", "the condition %s is not used", cond.Code)
		}
	}
}

func (c *checker) rule(at string, r *Rule) {
	c.zones(at+".zones", r.Zones)
	if len(r.Zones) == 0 {
		c.wrong(at+".zones", "rules-empty", "tulis untuk sub-zona mana", "write for which sub-zones")
	}
	at += " " + strings.Join(r.Zones, " ")
	for _, class := range append(slices.Clone(r.Roads), sortedKeys(r.Setback)...) {
		if !slices.Contains(RoadClasses(), class) {
			c.wrong(at, "rules-road-unknown", "kelas jalan %q tidak dikenal; yang dikenal: %s", "the road class %q is not known; known are: %s", class, strings.Join(RoadClasses(), ", "))
		}
	}
	if r.PlotFrom < 0 || r.PlotTo != nil && *r.PlotTo <= r.PlotFrom {
		c.wrong(at+".plotTo", "rules-range", "rentang luas persil kosong", "the range of plots is empty")
	}
	percents := map[string]*float64{"kdb": r.KDB, "kdh": r.KDH, "ktb": r.KTB}
	for _, name := range sortedKeys(percents) {
		if v := percents[name]; v != nil && !(*v >= 0 && *v <= 100) {
			c.wrong(at+"."+name, "rules-percent", "%v %% tidak di antara 0 dan 100", "%v %% is not between 0 and 100", *v)
		}
	}
	others := map[string]*float64{
		"klb": r.KLB, "klbMin": r.KLBMin, "height": r.Height, "floors": r.Floors, "side": r.Side, "rear": r.Rear, "smallestPlot": r.SmallestPlot,
	}
	for _, name := range sortedKeys(others) {
		if v := others[name]; v != nil && !(*v >= 0) {
			c.wrong(at+"."+name, "rules-negative", "%v di bawah 0", "%v is below 0", *v)
		}
	}
	for _, class := range sortedKeys(r.Setback) {
		if !(r.Setback[class] >= 0) {
			c.wrong(at+".setback."+class, "rules-negative", "%v di bawah 0", "%v is below 0", r.Setback[class])
		}
	}
	if r.KDB != nil && r.KDH != nil && *r.KDB+*r.KDH > 100 {
		c.wrong(at, "rules-over-100", "KDB %v %% dan KDH %v %% bersama-sama lebih dari 100 %%", "KDB %v %% and KDH %v %% together are more than 100 %%", *r.KDB, *r.KDH)
	}
	if r.KLB != nil && r.KLBMin != nil && *r.KLBMin > *r.KLB {
		c.wrong(at+".klbMin", "rules-range", "KLB terkecil %v di atas KLB terbesar %v", "the least KLB %v is above the largest %v", *r.KLBMin, *r.KLB)
	}
}

// overlaps finds rules of which neither says more of its place than the other,
// and that both hold somewhere.
func (c *checker) overlaps() {
	for i := range c.set.Intensity {
		for j := range i {
			a, b := &c.set.Intensity[j], &c.set.Intensity[i]
			zone := slices.IndexFunc(a.Zones, func(z string) bool { return slices.Contains(b.Zones, z) })
			if zone < 0 || a.detail() != b.detail() || !blocksMeet(a.Blocks, b.Blocks) || !listsMeet(a.Roads, b.Roads) ||
				math.Max(a.PlotFrom, b.PlotFrom) >= math.Min(a.plotTo(), b.plotTo()) {
				continue
			}
			c.wrong(fmt.Sprintf("intensity[%d] %s", i, a.Zones[zone]), "rules-overlap",
				"berlaku untuk tempat yang sama dengan intensity[%d]; ubah blok, kelas jalan atau luas persilnya",
				"holds for the same places as intensity[%d]; change its blocks, roads or range of plots", j)
		}
	}
}

func (r *Rule) plotTo() float64 {
	if r.PlotTo == nil {
		return math.Inf(1)
	}
	return *r.PlotTo
}

func listsMeet(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

func blocksMeet(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return within(x, y) || within(y, x) })
	})
}

// within reports whether a block is the other or lies in it: VI.A.1 in VI.A.
func within(block, in string) bool { return block == in || strings.HasPrefix(block, in+".") }

// unruled doubts a sub-zone of which nothing is said.
func (c *checker) unruled(zone string) {
	matrix := slices.ContainsFunc(c.set.Activities, func(a Activity) bool { return a.Cells[zone] != "" })
	intensity := slices.ContainsFunc(c.set.Intensity, func(r Rule) bool { return slices.Contains(r.Zones, zone) })
	switch {
	case !matrix && !intensity:
		c.doubt(zone, "rules-zone-without", "sub-zona ini tidak mempunyai aturan", "this sub-zone has no rules")
	case !matrix:
		c.doubt(zone, "rules-zone-without", "sub-zona ini tidak mempunyai matriks kegiatan", "this sub-zone has no matrix of activities")
	case !intensity:
		c.doubt(zone, "rules-zone-without", "sub-zona ini tidak mempunyai aturan intensitas", "this sub-zone has no rules of intensity")
	}
}

// gaps doubts sizes of plots that no rule of a sub-zone speaks of, among rules
// with the same blocks and roads.
func (c *checker) gaps() {
	groups := map[string][]*Rule{}
	for i := range c.set.Intensity {
		r := &c.set.Intensity[i]
		for _, zone := range r.Zones {
			key := zone
			if len(r.Blocks)+len(r.Roads) > 0 {
				key = fmt.Sprintf("%s (%s)", zone, strings.Join(append(slices.Clone(r.Blocks), r.Roads...), ", "))
			}
			groups[key] = append(groups[key], r)
		}
	}
	for _, key := range sortedKeys(groups) {
		rules := groups[key]
		slices.SortStableFunc(rules, func(a, b *Rule) int { return cmp.Compare(a.PlotFrom, b.PlotFrom) })
		to := 0.0
		for _, r := range rules {
			if r.PlotFrom > to {
				c.doubt(key, "rules-gap", "tidak ada aturan untuk persil %v sampai %v m2", "there is no rule for plots of %v to %v m2", to, r.PlotFrom)
			}
			to = math.Max(to, r.plotTo())
		}
		if !math.IsInf(to, 1) {
			c.doubt(key, "rules-gap", "tidak ada aturan untuk persil mulai %v m2", "there is no rule for plots from %v m2", to)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
