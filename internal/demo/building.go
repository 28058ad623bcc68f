package demo

import (
	"fmt"
	"math"
)

// building is a footprint on a parcel.
type building struct {
	ring   []grid
	zone   *zone
	key    uint64
	use    string
	floors int
	area   float64 // m2
}

// program says what stands on the parcels of a zone.
type program struct {
	use     []share
	built   float64 // probability that anything does
	many    int     // at most so many buildings
	cover   float64 // share of the parcel that is built on
	least   float64 // footprint in m2
	most    float64
	tallest int
	twoUp   float64 // probability of each further floor
}

func programOf(z *zone) program {
	d := 0.0
	if z.block != nil {
		d = z.block.face.density
	}
	homes := []share{{"residential", 0.95}, {"mixed", 0.985}, {"religious", 0.99}, {"social", 1}}
	switch z.code {
	case "R-1", "R-2", "R-3":
		return program{homes, 0.95, 2, 0.5, 45, 170, 3, 0.2 + float64(0.2*d)}
	case "R-4", "R-5":
		return program{homes, 0.84, 2, 0.42, 45, 150, 2, 0.12}
	case "C-1", "C-2":
		return program{[]share{{"mixed", 0.7}, {"commercial", 0.85}, {"residential", 0.95}, {"office", 1}}, 0.95, 2, 0.6, 60, 420, 5, 0.5}
	case "K-1", "K-2", "K-3":
		return program{[]share{{"commercial", 0.66}, {"mixed", 0.92}, {"office", 1}}, 0.96, 2, 0.64, 60, 520, 5, 0.5}
	case "SPU-1":
		return program{[]share{{"education", 0.6}, {"health", 0.85}, {"religious", 1}}, 0.98, 5, 0.45, 250, 1500, 5, 0.55}
	case "SPU-2", "SPU-3", "SPU-4":
		return program{[]share{{"education", 0.42}, {"religious", 0.72}, {"health", 0.82}, {"social", 1}}, 0.98, 3, 0.42, 110, 800, 3, 0.35}
	case "KT":
		return program{[]share{{"government", 0.8}, {"office", 1}}, 0.98, 4, 0.45, 200, 1100, 5, 0.5}
	case "HK", "TR", "PTL", "PL-3", "PL-4", "PP":
		return program{[]share{{"special", 0.8}, {"government", 1}}, 0.95, 4, 0.35, 150, 900, 2, 0.3}
	case "KPI", "PG", "IK-1":
		return program{[]share{{"industrial", 0.9}, {"office", 1}}, 0.97, 4, 0.5, 300, 1800, 2, 0.2}
	case "W", "CB":
		return program{[]share{{"commercial", 0.7}, {"special", 1}}, 0.8, 3, 0.25, 60, 300, 2, 0.2}
	case "IK-2", "P-1", "P-2", "KR":
		return program{[]share{{"other", 0.7}, {"residential", 1}}, 0.12, 1, 0.05, 24, 60, 1, 0}
	}
	return program{built: 0}
}

// eachBuilding makes the buildings of the city and hands over those of one
// zone at a time.
func (b *builder) eachBuilding(yield func(*zone, []building) bool) {
	b.eachParcel(func(z *zone, ps []parcel) bool {
		pr := programOf(z)
		if pr.built == 0 {
			return true
		}
		var out []building
		for _, p := range ps {
			out = append(out, b.build(p, pr)...)
		}
		return len(out) == 0 || yield(z, out)
	})
}

// build puts buildings on a parcel.
func (b *builder) build(p parcel, pr program) []building {
	r := draw(b.seed, "building", p.key)
	area := squareMetres(area2(p.ring))
	if area < 34 || !r.chance(pr.built) {
		return nil
	}
	n := 1
	for n < pr.many && (area > float64(float64(n)*(2200+pr.most)) && r.chance(0.7) || r.chance(0.07+float64(0.06*b.Scale))) {
		n++
	}
	yard := newYard(p.ring, r)
	var out []building
	for i := range n {
		want := min(max(float64(area*pr.cover*r.between(0.6, 1.05))/float64(n), pr.least), float64(pr.most*r.between(0.55, 1)))
		ring, ok := yard.place(float64(i)/float64(n), float64(i+1)/float64(n), want, r)
		if !ok {
			continue
		}
		floors := 1
		for floors < pr.tallest && r.chance(pr.twoUp) {
			floors++
		}
		out = append(out, building{
			ring: ring, zone: p.zone, key: mix(p.key + uint64(i)), use: choose(r.float(), pr.use),
			floors: floors, area: squareMetres(area2(ring)),
		})
	}
	return out
}

// yard is a parcel as a builder sees it: its sides, and the axes a house
// follows.
type yard struct {
	sides  []segment
	d      vec // along the longest side
	lo, hi vec // extents along d and across, from origin
	centre vec
}

type segment struct{ a, u vec }

func newYard(ring []grid, r rng) yard {
	y := yard{}
	var best float64
	for i, g := range ring {
		a, z := flat(g), flat(ring[(i+1)%len(ring)])
		e := z.sub(a)
		if l := e.len(); l > 0.05 {
			y.sides = append(y.sides, segment{a, e.unit()})
			if l > best {
				best, y.d = l, e.unit()
			}
		}
		y.centre = y.centre.add(a)
	}
	y.centre = y.centre.times(1 / float64(len(ring)))
	// Most houses stand along the street, a few do as they like.
	if r.chance(0.17) {
		y.d = y.d.turn(r.between(-0.22, 0.22))
	}
	n := y.d.left()
	y.lo, y.hi = vec{1e18, 1e18}, vec{-1e18, -1e18}
	for _, g := range ring {
		p := flat(g)
		y.lo = vec{min(y.lo.x, p.dot(y.d)), min(y.lo.y, p.dot(n))}
		y.hi = vec{max(y.hi.x, p.dot(y.d)), max(y.hi.y, p.dot(n))}
	}
	return y
}

// margin is how far a house stays from the neighbour's land at least, in
// metres.
const margin = 0.7

func (y yard) clear(p vec) bool {
	for _, s := range y.sides {
		if s.u.cross(p.sub(s.a)) < margin {
			return false
		}
	}
	return true
}

// place finds room for a footprint of the wanted area in m2 in the share of
// the yard from..to along its axis; it shrinks until it fits.
func (y yard) place(from, to, want float64, r rng) ([]grid, bool) {
	n := y.d.left()
	length := float64((y.hi.x - y.lo.x) * (to - from))
	mid := y.lo.x + float64(float64((y.hi.x-y.lo.x)*(from+to))/2)
	c := y.d.times(mid).add(n.times(y.centre.dot(n)))
	if from == 0 && to == 1 {
		c = y.centre.add(y.d.times(r.between(-0.06, 0.06) * length))
	}
	shape := r.between(0.62, 1)
	w := math.Sqrt(want / shape)
	w = min(w, float64(0.86*length))
	h := min(want/w, float64(0.86*(y.hi.y-y.lo.y)))
	plan := footprint(r)
	for range 14 {
		if float64(w*h) < 16 {
			return nil, false
		}
		fits := true
		ring := make([]grid, 0, len(plan))
		for _, q := range plan {
			p := c.add(y.d.times(q.x * w / 2)).add(n.times(q.y * h / 2))
			fits = fits && y.clear(p)
			ring = append(ring, globe(p))
		}
		if fits {
			return ring, true
		}
		w, h = float64(w*0.88), float64(h*0.88)
	}
	return nil, false
}

// footprint draws an outline in the square from -1 to 1: mostly a box.
func footprint(r rng) []vec {
	switch x := r.float(); {
	case x < 0.14:
		return []vec{{-1, -1}, {1, -1}, {1, 0.1}, {0.2, 0.1}, {0.2, 1}, {-1, 1}}
	case x < 0.19:
		return []vec{{-1, -1}, {1, -1}, {1, 0.2}, {0.4, 0.2}, {0.4, 1}, {-0.4, 1}, {-0.4, 0.2}, {-1, 0.2}}
	}
	return []vec{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}
}

func (b *builder) buildingRows(yield func(Row) bool) {
	b.eachBuilding(func(z *zone, bs []building) bool {
		homes := 0
		for _, x := range bs {
			if x.home() {
				homes++
			}
		}
		code := b.villages[z.village].code
		left := int(z.people + 0.5)
		for i, x := range bs {
			r := draw(b.seed, "house", x.key)
			height := round(float64(float64(x.floors)*3.4)+r.between(0.8, 2.2), 1)
			people := 0
			if x.home() {
				people = (left + homes/2) / max(homes, 1)
				left -= people
				homes--
			}
			values := map[string]any{
				"use": x.use, "floors": int64(x.floors), "height": height,
				"structure": structureOf(x, r), "condition": r.condition(),
				"households": int64((people + 3) / 4), "occupants": int64(people),
				"shelter_candidate": x.floors >= 3 && x.area > 250, "built_year": int64(r.whole(1978, 2024)),
				"gampong_code": code, "remark": remark,
			}
			if name := buildingName(x, b.villages[z.village].name, i); name != "" {
				values["name"] = name
			}
			if r.chance(0.6) {
				values["permit_no"] = fmt.Sprintf("DEMO/PBG/%s/%04d", code[6:8], r.intn(10000))
			}
			if !yield(Row{values, polygons([][]grid{x.ring})}) {
				return false
			}
		}
		return true
	})
}

func (x building) home() bool { return x.use == "residential" || x.use == "mixed" }

func structureOf(x building, r rng) string {
	switch {
	case x.floors >= 2 || x.area > 400:
		return choose(r.float(), []share{{"rc", 0.85}, {"steel", 1}})
	}
	return choose(r.float(), []share{{"masonry", 0.62}, {"rc", 0.75}, {"timber", 0.86}, {"unreinforced", 0.94}, {"mixed", 1}})
}

// buildingName is empty for what has none, as most houses.
func buildingName(x building, village string, i int) string {
	switch x.use {
	case "religious":
		return fmt.Sprintf("Meunasah %s %d", village, x.key%9+1)
	case "education":
		return fmt.Sprintf("Sekolah %s %d", village, x.key%20+1)
	case "health":
		return fmt.Sprintf("Klinik %s %d", village, x.key%9+1)
	case "government":
		return fmt.Sprintf("Kantor %s %d", village, x.key%9+1)
	}
	return ""
}
