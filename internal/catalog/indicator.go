package catalog

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

const (
	maxTerms    = 100
	maxSwitches = 10
	maxBeside   = 10
	maxStated   = 50 // areas, claims, standards
	maxDecimals = 6
	maxFresh    = 3660
	maxDistance = 10_000
	maxMinutes  = 120
	maxWidth    = 100
	maxFactor   = 100
)

// kindRule says what an indicator of a kind must and may have; what is in
// neither list means nothing there.
type kindRule struct {
	must, may []string
	// unit is the one that the kind computes in; empty: any.
	unit string
}

func kindRules() map[plan.IndicatorKind]kindRule {
	land := []string{"coverage", "parts"}
	return map[plan.IndicatorKind]kindRule{
		plan.AreaShare:         {must: land, may: []string{"of", "switches", "areas"}, unit: "%"},
		plan.WeightedAreaShare: {must: land, may: []string{"of", "switches", "areas"}, unit: "%"},
		plan.AreaByClass:       {must: land, may: []string{"switches"}, unit: "m2"},
		plan.PerHead:           {must: land, may: []string{"switches"}, unit: "m2/{person}"},
		plan.Standard:          {must: append(land, "standards"), may: []string{"switches"}, unit: "%"},
		plan.PeopleNear:        {must: append(land, "people", "distance"), unit: "%"},
		plan.Length:            {must: []string{"features"}, unit: "m"},
		plan.Count:             {must: []string{"features"}, may: []string{"of_features"}, unit: "1"},
		plan.OnRoads:           {must: []string{"roads"}, may: []string{"coverage", "parts", "distance"}},
		plan.External:          {may: []string{"min", "max"}},
	}
}

// checkIndicator checks what one indicator says by itself.
func checkIndicator(f *faults, i *plan.Indicator) {
	identifier(f, "id", i.ID)
	bilingual(f, "title", i.Title, maxTitle)
	bilingual(f, "explanation", i.Explanation, maxDescription)
	identifier(f, "group", i.Group)
	if i.Method < 1 {
		f.add("method", "declaration-range", "versi metode harus 1 atau lebih", "the version of the method must be 1 or more")
	}
	checkWhole(f, "decimals", i.Decimals, maxDecimals)
	checkWhole(f, "fresh_for", i.FreshFor, maxFresh)
	bilingual(f, "office", i.Office, maxTitle)
	oneOf(f, "direction", i.Direction, []plan.Direction{plan.Up, plan.Down, plan.Neither})
	checkUnitKinds(f, i.Units)
	checkTarget(f, i)
	if oneOf(f, "kind", i.Kind, plan.IndicatorKinds) {
		checkKind(f, i)
	}
	checkTerms(f, "parts", i, i.Parts, i.Kind == plan.WeightedAreaShare)
	checkTerms(f, "of", i, i.Of, false)
	checkSets(f, i)
	checkStandards(f, i.Standards)
	checkSwitches(f, i)
	checkStated(f, i)
	checkLimits(f, i)
	atMost(f, "beside", len(i.Beside), maxBeside)
	for n, id := range i.Beside {
		path := fmt.Sprintf("beside[%d]", n)
		if id == i.ID || slices.Contains(i.Beside[:n], id) {
			f.add(path, "declaration-twice", "%q sudah ditampilkan", "%q is shown already", id)
		}
	}
}

func checkWhole(f *faults, path string, v, high int) {
	if v < 0 || v > high {
		f.add(path, "declaration-range", "harus 0 sampai %d", "must be 0 to %d", high)
	}
}

func checkUnitKinds(f *faults, units []plan.UnitKind) {
	if len(units) == 0 {
		f.add("units", "declaration-members", "tulis untuk satuan wilayah mana angka ini ada, misalnya [city]", "say which units of land the figure exists for, such as [city]")
	}
	for n, u := range units {
		path := fmt.Sprintf("units[%d]", n)
		if oneOf(f, path, u, plan.UnitKinds) && slices.Contains(units[:n], u) {
			f.add(path, "declaration-twice", "%q ditulis dua kali", "%q is written twice", u)
		}
	}
}

func checkTarget(f *faults, i *plan.Indicator) {
	if i.Target == nil {
		return
	}
	finite(f, "target.value", i.Target.Value)
	source(f, "target.source", i.Target.Source)
	for n, u := range i.Target.Units {
		path := fmt.Sprintf("target.units[%d]", n)
		if oneOf(f, path, u, plan.UnitKinds) && !slices.Contains(i.Units, u) {
			f.add(path, "declaration-target", "indikator ini tidak ada untuk satuan %q", "the indicator does not exist for the unit %q", u)
		}
	}
	if i.Direction == plan.Neither {
		f.add("target", "declaration-target", "target memerlukan arah: direction up atau down", "a target needs a direction: up or down")
	}
}

// checkKind checks that an indicator has what its kind needs and nothing that
// its kind does not use.
func checkKind(f *faults, i *plan.Indicator) {
	rule := kindRules()[i.Kind]
	for _, m := range []struct {
		key string
		has bool
	}{
		{"coverage", i.Coverage != ""},
		{"parts", len(i.Parts) > 0},
		{"of", len(i.Of) > 0},
		{"features", i.Features != nil},
		{"of_features", i.OfFeatures != nil},
		{"people", i.People != nil},
		{"roads", i.Roads != nil},
		{"distance", i.Distance != 0},
		{"standards", len(i.Standards) > 0},
		{"switches", len(i.Switches) > 0},
		{"areas", len(i.Areas) > 0},
		{"min", i.Min != nil},
		{"max", i.Max != nil},
	} {
		must := slices.Contains(rule.must, m.key)
		switch {
		case must && !m.has:
			f.add(m.key, "declaration-members", "indikator jenis %s memerlukan %s", "an indicator of kind %s needs %s", i.Kind, m.key)
		case m.has && !must && !slices.Contains(rule.may, m.key):
			f.add(m.key, "declaration-members", "indikator jenis %s tidak memakai %s; hapuslah", "an indicator of kind %s does not use %s; remove it", i.Kind, m.key)
		}
	}
	if len(i.Areas) > 0 && len(i.Of) > 0 {
		f.add("areas", "declaration-members", "areas mengganti luas kota sebagai penyebut, sedangkan penyebut di sini adalah of; hapus salah satu",
			"areas replace the area of the city as the denominator, which here is of; remove one of the two")
	}
	want := rule.unit
	if i.Kind == plan.OnRoads && i.Roads != nil {
		want = checkRoads(f, i)
	}
	if i.Kind == plan.Count && i.OfFeatures != nil {
		want = "%"
	}
	switch {
	case want != "" && i.Unit != want:
		f.add("unit", "declaration-unit", "indikator jenis %s bersatuan %q, bukan %q", "an indicator of kind %s is in %q, not %q", i.Kind, want, i.Unit)
	case i.Unit == "":
		f.add("unit", "declaration-unit", "tulis satuannya sebagai kode UCUM, misalnya %% atau kg/mo", "write the unit as a UCUM code, such as %% or kg/mo")
	default:
		checkUnit(f, "unit", i.Unit)
	}
}

func checkTerms(f *faults, list string, i *plan.Indicator, terms []plan.Term, weighted bool) {
	atMost(f, list, len(terms), maxTerms)
	for n, t := range terms {
		path := fmt.Sprintf("%s[%d]", list, n)
		identifier(f, path+".part", t.Part)
		atMost(f, path+".classes", len(t.Classes), maxValues)
		for j, c := range t.Classes {
			if slices.Contains(t.Classes[:j], c) {
				f.add(fmt.Sprintf("%s.classes[%d]", path, j), "declaration-twice", "%q ditulis dua kali", "%q is written twice", c)
			}
		}
		if slices.ContainsFunc(terms[:n], func(before plan.Term) bool { return shareLand(before, t) }) {
			f.add(path, "declaration-twice", "bagian %q sudah dihitung di atas", "part %q is counted above already", t.Part)
		}
		if t.Switch != "" && !slices.ContainsFunc(i.Switches, func(s plan.Switch) bool { return s.ID == t.Switch }) {
			f.add(path+".switch", "declaration-switch", "pilihan %q tidak ada pada switches", "there is no %q in switches", t.Switch)
		}
		if !weighted && (t.Weight != nil || len(t.Factors) > 0) {
			f.add(path, "declaration-members", "weight dan factors hanya untuk parts dari jenis %s", "weight and factors are for the parts of kind %s only", plan.WeightedAreaShare)
		}
		between(f, path+".weight", t.Weight, 0, maxFactor)
		for _, code := range slices.Sorted(maps.Keys(t.Factors)) {
			v := t.Factors[code]
			between(f, path+".factors."+code, &v, 0, maxFactor)
			if len(t.Classes) > 0 && !slices.Contains(t.Classes, code) {
				f.add(path+".factors."+code, "declaration-factor", "kelas %q tidak dihitung di sini", "class %q is not counted here", code)
			}
		}
	}
}

// shareLand reports whether two terms count the same land.
func shareLand(a, b plan.Term) bool {
	return a.Part == b.Part && (len(a.Classes) == 0 || len(b.Classes) == 0 ||
		slices.ContainsFunc(a.Classes, func(c string) bool { return slices.Contains(b.Classes, c) }))
}

func checkSets(f *faults, i *plan.Indicator) {
	if i.Features != nil {
		checkSet(f, "features", i.Features)
	}
	if i.OfFeatures != nil {
		checkSet(f, "of_features", i.OfFeatures)
	}
	if i.People != nil {
		checkSet(f, "people", &i.People.Set)
		identifier(f, "people.field", i.People.Field)
	}
	if i.Distance != 0 && !(i.Distance > 0 && i.Distance <= maxDistance) {
		f.add("distance", "declaration-range", "jarak harus di atas 0 dan paling jauh %d m", "the distance must be above 0 and at most %d m", maxDistance)
	}
}

// checkRoads checks what is asked of the road network, and returns the unit of
// the answer.
func checkRoads(f *faults, i *plan.Indicator) (unit string) {
	r := i.Roads
	if !oneOf(f, "roads.measure", r.Measure, plan.RoadMeasures) {
		return ""
	}
	if len(r.Layers) == 0 {
		f.add("roads.layers", "declaration-members", "tulis layer yang menentukan angka ini", "say which layers the figure depends on")
	}
	needs := map[string][]plan.RoadMeasure{
		"roads.profile": {plan.PeopleInTime}, "roads.minutes": {plan.PeopleInTime}, "roads.hazard": {plan.PeopleInTime}, "roads.width": {plan.RoutesFit},
		"coverage": {plan.PeopleByRoad}, "parts": {plan.PeopleByRoad}, "distance": {plan.PeopleByRoad},
	}
	for _, m := range []struct {
		key string
		has bool
	}{
		{"roads.profile", r.Profile != ""},
		{"roads.minutes", r.Minutes != 0},
		{"roads.hazard", r.Hazard != ""},
		{"roads.width", r.Width != 0},
		{"coverage", i.Coverage != ""},
		{"parts", len(i.Parts) > 0},
		{"distance", i.Distance != 0},
	} {
		uses := slices.Contains(needs[m.key], r.Measure)
		switch {
		case uses && !m.has && m.key != "roads.hazard":
			f.add(m.key, "declaration-members", "ukuran %s memerlukan %s", "the measure %s needs %s", r.Measure, m.key)
		case m.has && !uses:
			f.add(m.key, "declaration-members", "ukuran %s tidak memakai %s; hapuslah", "the measure %s does not use %s; remove it", r.Measure, m.key)
		}
	}
	if r.Minutes != 0 && !(r.Minutes > 0 && r.Minutes <= maxMinutes) {
		f.add("roads.minutes", "declaration-range", "harus di atas 0 dan paling banyak %d", "must be above 0 and at most %d", maxMinutes)
	}
	if r.Width != 0 && !(r.Width > 0 && r.Width <= maxWidth) {
		f.add("roads.width", "declaration-range", "harus di atas 0 dan paling banyak %d m", "must be above 0 and at most %d m", maxWidth)
	}
	if r.Measure == plan.PlacesPerHead {
		return "{place}/{person}"
	}
	return "%"
}

func checkStandards(f *faults, rows []plan.StandardRow) {
	atMost(f, "standards", len(rows), maxStated)
	for n, r := range rows {
		path := fmt.Sprintf("standards[%d]", n)
		if slices.ContainsFunc(rows[:n], func(before plan.StandardRow) bool { return before.Class == r.Class }) {
			f.add(path+".class", "declaration-twice", "kelas %q sudah ada di atas", "class %q stands above already", r.Class)
		}
		if !(r.PerPerson > 0) || math.IsInf(r.PerPerson, 1) {
			f.add(path+".per_person", "declaration-range", "luas per orang harus di atas 0, dalam m2", "the area for each person must be above 0, in m2")
		}
		notBelow0(f, path+".min_area", r.MinArea)
		oneOf(f, path+".level", r.Level, plan.UnitKinds)
		source(f, path+".source", r.Source)
	}
}

func checkSwitches(f *faults, i *plan.Indicator) {
	atMost(f, "switches", len(i.Switches), maxSwitches)
	for n, s := range i.Switches {
		path := fmt.Sprintf("switches[%d]", n)
		identifier(f, path+".id", s.ID)
		bilingual(f, path+".title", s.Title, maxTitle)
		// A switch is a parameter of the figure's address.
		if slices.Contains([]string{"by", "at", "code", "from", "until", "f", "lang"}, s.ID) {
			f.add(path+".id", "declaration-switch", "nama %q dipakai oleh alamat layanan; pilih nama lain", "the name %q is used by the service's addresses; choose another", s.ID)
		}
		if slices.ContainsFunc(i.Switches[:n], func(before plan.Switch) bool { return before.ID == s.ID }) {
			f.add(path+".id", "declaration-twice", "pilihan %q sudah ada di atas", "switch %q stands above already", s.ID)
		}
		if !slices.ContainsFunc(slices.Concat(i.Parts, i.Of), func(t plan.Term) bool { return t.Switch == s.ID }) {
			f.add(path, "declaration-switch", "tidak ada bagian dengan switch: %s", "no part has switch: %s", s.ID)
		}
	}
}

// checkStated checks what documents say of the figure.
func checkStated(f *faults, i *plan.Indicator) {
	atMost(f, "areas", len(i.Areas), maxStated)
	for n, a := range i.Areas {
		path := fmt.Sprintf("areas[%d]", n)
		above0(f, path+".hectares", a.Hectares)
		source(f, path+".source", a.Source)
	}
	atMost(f, "claims", len(i.Claims), maxStated)
	for n, c := range i.Claims {
		path := fmt.Sprintf("claims[%d]", n)
		finite(f, path+".value", c.Value)
		if c.Year != 0 && (c.Year < 1900 || c.Year > 2200) {
			f.add(path+".year", "declaration-range", "tahun harus 1900 sampai 2200", "the year must be 1900 to 2200")
		}
		source(f, path+".source", c.Source)
		optional(f, path+".note", c.Note, maxDescription)
		if i.Coverage == "" && (c.Numerator != nil || c.Denominator != nil) {
			f.add(path, "declaration-members", "numerator dan denominator adalah luas lahan; indikator ini tidak menghitung lahan", "numerator and denominator are areas of land; this indicator counts none")
		}
		if c.Numerator != nil {
			notBelow0(f, path+".numerator", *c.Numerator)
		}
		if c.Denominator != nil {
			above0(f, path+".denominator", *c.Denominator)
		}
	}
}

func checkLimits(f *faults, i *plan.Indicator) {
	checkBound(f, "min", plan.NumberField, i.Min)
	checkBound(f, "max", plan.NumberField, i.Max)
	if i.Min != nil && i.Max != nil && *i.Min > *i.Max {
		f.add("min", "declaration-range", "min (%v) di atas max (%v)", "min (%v) is above max (%v)", *i.Min, *i.Max)
	}
}

func source(f *faults, path, s string) {
	if strings.TrimSpace(s) == "" {
		f.add(path, "declaration-source", "tulis asal angka ini", "say where the figure comes from")
		return
	}
	plain(f, path, s, maxDescription)
}

func finite(f *faults, path string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		f.add(path, "declaration-range", "harus bilangan", "must be a number")
	}
}

func above0(f *faults, path string, v float64) {
	if !(v > 0) || math.IsInf(v, 1) {
		f.add(path, "declaration-range", "harus di atas 0, dalam hektare", "must be above 0, in hectares")
	}
}
