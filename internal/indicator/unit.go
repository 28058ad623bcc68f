package indicator

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// unit is one gampong.
type unit struct {
	code, name string
	// kecamatan is the name of the one it belongs to, whose code is part of its.
	kecamatan string
	geometry  orb.MultiPolygon
	bound     orb.Bound
	// before are the units of smaller codes that may overlap it.
	before []orb.MultiPolygon
	// people is nil where nobody has counted them.
	people *int64
	// grid says of equal parts of the bound, in rows from the south-west, whether
	// they are in the unit. Most boxes of features are smaller than one.
	grid [gridSide * gridSide]share
}

const gridSide = 32

type share int8

const (
	none share = iota
	some       // an outline passes
	full
)

// divide makes the grid.
func (u *unit) divide() {
	w, h := (u.bound.Max[0]-u.bound.Min[0])/gridSide, (u.bound.Max[1]-u.bound.Min[1])/gridSide
	for i := range u.grid {
		x, y := u.bound.Min[0]+w*float64(i%gridSide), u.bound.Min[1]+h*float64(i/gridSide)
		u.grid[i] = shareOf(orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + w, y + h}}.Pad((w+h)/1000), u.geometry)
	}
}

func shareOf(b orb.Bound, g orb.MultiPolygon) share {
	switch {
	case land.Crosses(b, g):
		return some
	case land.Meets(b, g):
		return full
	}
	return none
}

func (u *unit) land() land.Unit { return land.Unit{Geometry: u.geometry, Before: u.before} }

// reaches reports whether what lies in a box may lie within a distance in m of
// the unit.
func (u *unit) reaches(b orb.Bound, m float64) bool {
	b = grown(b, m)
	if !u.bound.Intersects(b) {
		return false
	}
	at := func(p orb.Point, k int) int {
		return int(min(max(gridSide*(p[k]-u.bound.Min[k])/(u.bound.Max[k]-u.bound.Min[k]), 0), gridSide-1))
	}
	most := none
	for y := at(b.Min, 1); y <= at(b.Max, 1); y++ {
		for x := at(b.Min, 0); x <= at(b.Max, 0); x++ {
			most = max(most, u.grid[y*gridSide+x])
		}
	}
	return most == full || most == some && land.Meets(b, u.geometry)
}

// Lengths of the codes of the Kemendagri: 11.71.01.2001.
const (
	cityCode      = 5
	kecamatanCode = 8
)

func prefix(code string, n int) string { return code[:min(n, len(code))] }

// units reads the gampong in the order of their codes, and what identifies the
// content of the boundary.
func units(cat *plan.Catalog, s source) (list []*unit, content string, err error) {
	layer, ok := cat.Layer(boundaryLayer)
	if !ok {
		return nil, "", errNotInMemory(boundaryLayer)
	}
	text := func(f *mirror.Feature, field string) string {
		if i := layer.FieldIndex(field); i >= 0 {
			v, _ := f.Values[i].(string)
			return v
		}
		return ""
	}
	var sum uint64
	people := layer.FieldIndex(populationField)
	err = s.all(boundaryLayer, func(f *mirror.Feature) {
		sum += hashOf(f)
		u := &unit{code: text(f, codeField), name: text(f, nameField), kecamatan: text(f, kecamatanField), bound: f.Bound}
		if u.geometry, _ = f.Geometry.(orb.MultiPolygon); u.geometry != nil {
			u.divide()
		}
		if people >= 0 {
			if n, ok := f.Values[people].(int64); ok {
				u.people = &n
			}
		}
		list = append(list, u)
	})
	if err != nil {
		return nil, "", err
	}
	slices.SortStableFunc(list, func(a, b *unit) int { return cmp.Compare(a.code, b.code) })
	for i, u := range list {
		for _, other := range list[:i] {
			if u.geometry != nil && other.geometry != nil && u.bound.Intersects(other.bound) {
				u.before = append(u.before, other.geometry)
			}
		}
	}
	return list, name(sum), nil
}

// hashOf identifies a version of a feature; sums of them identify a set.
func hashOf(f *mirror.Feature) uint64 {
	return mix(mix(mix(uint64(f.ID))^uint64(f.Revision)) ^ uint64(f.UpdatedAt.UnixMicro()))
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

func name(sum uint64) string { return fmt.Sprintf("%016x", sum) }

// area is some gampong that a figure is told for.
type area struct {
	kind       plan.UnitKind
	code, name string
	units      []int // positions in the list of units
}

// areas lists the areas of a kind in the order of their codes. The city is all
// there is, under the first code; no gampong knows its name.
func areas(list []*unit, kind plan.UnitKind) []area {
	var out []area
	for i, u := range list {
		code, name := u.code, u.name
		switch kind {
		case plan.Kecamatan:
			code, name = prefix(u.code, kecamatanCode), u.kecamatan
		case plan.City:
			code, name = prefix(u.code, cityCode), ""
		}
		// Units are in the order of their codes, so those of one area follow each
		// other.
		if n := len(out); n > 0 && (kind == plan.City || kind == plan.Kecamatan && out[n-1].code == code) {
			out[n-1].units = append(out[n-1].units, i)
			out[n-1].name = cmp.Or(out[n-1].name, name)
			continue
		}
		out = append(out, area{kind: kind, code: code, name: name, units: []int{i}})
	}
	return out
}
