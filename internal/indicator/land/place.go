package land

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Metres returns the length in m of one degree of longitude and of latitude at
// a latitude in degrees.
func Metres(lat float64) (lon, north float64) {
	sin, cos := math.Sincos(lat * degree)
	w2 := 1 - ecc2*sin*sin
	w := math.Sqrt(w2)
	return semiMajor * cos / w * degree, semiMajor * (1 - ecc2) / (w2 * w) * degree
}

// contains tells by the even-odd rule whether a point lies inside. A point on
// an outline lies in one of two neighbours that share it.
func contains(g orb.MultiPolygon, p orb.Point) bool {
	in := false
	for _, poly := range g {
		for _, r := range poly {
			for i := 1; i < len(r); i++ {
				a, b := r[i-1], r[i]
				if (a[1] > p[1]) == (b[1] > p[1]) {
					continue
				}
				// From south to north, so that neighbours compute the same.
				if a[1] > b[1] {
					a, b = b, a
				}
				if p[0] < a[0]+(b[0]-a[0])*((p[1]-a[1])/(b[1]-a[1])) {
					in = !in
				}
			}
		}
	}
	return in
}

// Meets reports whether a box has a point in common with land. It costs O(v)
// for v vertices and allocates nothing, as Crosses.
func Meets(b orb.Bound, g orb.MultiPolygon) bool {
	return Crosses(b, g) || contains(g, b.Min) // all of the box is on one side
}

// Crosses reports whether a box has a point in common with the outline of land.
func Crosses(b orb.Bound, g orb.MultiPolygon) bool {
	for _, poly := range g {
		for _, r := range poly {
			for i := 1; i < len(r); i++ {
				if touches(b, r[i-1], r[i]) {
					return true
				}
			}
		}
	}
	return false
}

// touches reports whether a line has a point in common with a box.
func touches(b orb.Bound, p, q orb.Point) bool {
	if max(p[0], q[0]) < b.Min[0] || min(p[0], q[0]) > b.Max[0] || max(p[1], q[1]) < b.Min[1] || min(p[1], q[1]) > b.Max[1] {
		return false
	}
	dx, dy := q[0]-p[0], q[1]-p[1]
	side := func(x, y float64) float64 { return dx*(y-p[1]) - dy*(x-p[0]) }
	sw, se, nw, ne := side(b.Min[0], b.Min[1]), side(b.Max[0], b.Min[1]), side(b.Min[0], b.Max[1]), side(b.Max[0], b.Max[1])
	return min(sw, se, nw, ne) <= 0 && max(sw, se, nw, ne) >= 0
}

func (u Unit) own(p orb.Point) bool {
	return !slices.ContainsFunc(u.Before, func(g orb.MultiPolygon) bool { return contains(g, p) })
}

// At is 1 where the unit has the place and 0 elsewhere.
func At(u Unit, p orb.Point) Area {
	var a Area
	if contains(u.Geometry, p) {
		a.All = 1
		if u.own(p) {
			a.Own = 1
		}
	}
	return a
}

// Length is the length in m on the ellipsoid of the lines inside the unit. A
// line is straight in longitude and latitude. It costs O(v * w) for v vertices
// near the unit and w of its outline, and stops with ErrTooEntangled when the
// meter does.
func Length(u Unit, lines orb.MultiLineString, m *Meter) (Area, error) {
	var total Area
	outline := vertices(u.Geometry)
	for _, g := range u.Before {
		outline += vertices(g)
	}
	box := u.Geometry.Bound()
	var cuts []float64
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			a, b := l[i-1], l[i]
			if !box.Intersects(orb.MultiPoint{a, b}.Bound()) {
				continue
			}
			cuts = append(cuts[:0], 0, 1)
			cuts = cut(cuts, a, b, u.Geometry)
			for _, g := range u.Before {
				cuts = cut(cuts, a, b, g)
			}
			slices.Sort(cuts)
			if err := m.Spend(outline * len(cuts)); err != nil {
				return total, err
			}
			for k := 1; k < len(cuts); k++ {
				middle := between(a, b, (cuts[k-1]+cuts[k])/2)
				if !contains(u.Geometry, middle) {
					continue
				}
				length := Distance(between(a, b, cuts[k-1]), between(a, b, cuts[k]))
				total.All += length
				if u.own(middle) {
					total.Own += length
				}
			}
		}
	}
	return total, nil
}

// Gap is the distance in m from the outline of land to lines that do not cross
// it: from a vertex of the one to an edge of the other. It is that on the plane
// that touches the ellipsoid at the land, right to 1e-4 for land of a few
// kilometres, and infinite where it is more than reach, in m. It costs O(v * w)
// for v vertices within reach and w of the outline, and stops with
// ErrTooEntangled when the meter does.
func Gap(g orb.MultiPolygon, lines orb.MultiLineString, reach float64, m *Meter) (float64, error) {
	box := g.Bound()
	lon, lat := Metres(box.Center()[1])
	dx, dy := 1.01*reach/lon, 1.01*reach/lat
	around := func(b orb.Bound) orb.Bound {
		return orb.Bound{Min: orb.Point{b.Min[0] - dx, b.Min[1] - dy}, Max: orb.Point{b.Max[0] + dx, b.Max[1] + dy}}
	}
	box = around(box)
	outline, nearest := vertices(g), math.Inf(1)
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			a, b := l[i-1], l[i]
			near := orb.MultiPoint{a, b}.Bound()
			if !box.Intersects(near) {
				continue
			}
			if err := m.Spend(outline); err != nil {
				return nearest, err
			}
			near = around(near)
			for _, poly := range g {
				for _, r := range poly {
					for k := 1; k < len(r); k++ {
						p, q := r[k-1], r[k]
						if near.Intersects(orb.MultiPoint{p, q}.Bound()) {
							nearest = min(nearest, fromEdge(a, p, q, lon, lat), fromEdge(b, p, q, lon, lat), fromEdge(p, a, b, lon, lat), fromEdge(q, a, b, lon, lat))
						}
					}
				}
			}
		}
	}
	if nearest > reach {
		nearest = math.Inf(1)
	}
	return nearest, nil
}

func vertices(g orb.MultiPolygon) (n int) {
	for _, p := range g {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}

func between(a, b orb.Point, t float64) orb.Point {
	return orb.Point{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t}
}

// cut adds the shares of a line at which it crosses an outline.
func cut(cuts []float64, a, b orb.Point, g orb.MultiPolygon) []float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	for _, poly := range g {
		for _, r := range poly {
			for i := 1; i < len(r); i++ {
				p, q := r[i-1], r[i]
				ex, ey := q[0]-p[0], q[1]-p[1]
				det := dx*ey - dy*ex
				if det == 0 {
					continue
				}
				t := ((p[0]-a[0])*ey - (p[1]-a[1])*ex) / det
				s := ((p[0]-a[0])*dy - (p[1]-a[1])*dx) / det
				if t > 0 && t < 1 && s >= 0 && s <= 1 {
					cuts = append(cuts, t)
				}
			}
		}
	}
	return cuts
}

// longest is the length in degrees above which a line is measured in pieces.
const longest = 0.01

// Distance is the length in m on the ellipsoid of the straight line in lon, lat
// between two places. It goes by the mean latitude, which is right to 1e-9 for
// the pieces it is taken of.
func Distance(a, b orb.Point) float64 {
	n := math.Ceil(max(math.Abs(b[0]-a[0]), math.Abs(b[1]-a[1])) / longest)
	total := 0.0
	for i := range int(n) {
		p, q := between(a, b, float64(i)/n), between(a, b, float64(i+1)/n)
		lon, lat := Metres((p[1] + q[1]) / 2)
		total += math.Hypot((q[0]-p[0])*lon, (q[1]-p[1])*lat)
	}
	return total
}

// Reach finds whether places lie within a distance of land, and which land has
// been near a place. It is for one goroutine.
type Reach struct {
	metres float64
	meter  *Meter
	edges  rtree.RTreeG[reachEdge]
	inner  rtree.RTreeG[reachLand]
	ids    []int64 // by number, as added
	near   []bool  // by number
}

type reachEdge struct {
	number int
	a, b   orb.Point
}

type reachLand struct {
	number int
	g      orb.MultiPolygon
}

// NewReach makes one for a distance in m, at most some kilometres. Its methods
// stop with ErrTooEntangled when the meter does.
func NewReach(metres float64, m *Meter) *Reach { return &Reach{metres: metres, meter: m} }

// perInsert is the work of an edge that goes into a tree.
const perInsert = 50

// Add adds land under an id.
func (r *Reach) Add(id int64, g orb.MultiPolygon) error {
	if err := r.meter.Spend(perInsert * vertices(g)); err != nil {
		return err
	}
	number := len(r.ids)
	r.ids, r.near = append(r.ids, id), append(r.near, false)
	box := g.Bound()
	r.inner.Insert(box.Min, box.Max, reachLand{number, g})
	for _, p := range g {
		for _, ring := range p {
			for i := 1; i < len(ring); i++ {
				b := orb.MultiPoint{ring[i-1], ring[i]}.Bound()
				r.edges.Insert(b.Min, b.Max, reachEdge{number, ring[i-1], ring[i]})
			}
		}
	}
	return nil
}

// Near reports whether a place lies in land or within the distance of it, in a
// straight line on the ellipsoid, and notes all such land. It costs O(log n + k)
// for k edges near the place and allocates nothing.
func (r *Reach) Near(p orb.Point) (found bool, err error) {
	r.inner.Search(p, p, func(_, _ [2]float64, l reachLand) bool {
		if found && r.near[l.number] {
			return true
		}
		if err = r.meter.Spend(vertices(l.g)); err != nil {
			return false
		}
		if contains(l.g, p) {
			found, r.near[l.number] = true, true
		}
		return true
	})
	if err != nil {
		return false, err
	}
	lon, lat := Metres(p[1])
	dx, dy := 1.01*r.metres/lon, 1.01*r.metres/lat
	r.edges.Search([2]float64{p[0] - dx, p[1] - dy}, [2]float64{p[0] + dx, p[1] + dy}, func(_, _ [2]float64, e reachEdge) bool {
		if err = r.meter.Spend(1); err != nil {
			return false
		}
		if (!found || !r.near[e.number]) && fromEdge(p, e.a, e.b, lon, lat) <= r.metres {
			found, r.near[e.number] = true, true
		}
		return true
	})
	return found, err
}

// Reached lists the ids of the land that was near a place, ascending, each once.
func (r *Reach) Reached() (ids []int64) {
	for number, near := range r.near {
		if near {
			ids = append(ids, r.ids[number])
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// fromEdge is the distance in m of a place from an edge, on the plane that
// touches the ellipsoid there.
func fromEdge(p, a, b orb.Point, lon, lat float64) float64 {
	ax, ay := (a[0]-p[0])*lon, (a[1]-p[1])*lat
	bx, by := (b[0]-p[0])*lon, (b[1]-p[1])*lat
	dx, dy := bx-ax, by-ay
	t := 0.0
	if d := dx*dx + dy*dy; d > 0 {
		t = min(max(-(ax*dx+ay*dy)/d, 0), 1)
	}
	return math.Hypot(ax+t*dx, ay+t*dy)
}
