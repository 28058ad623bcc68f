package demo

// face is a piece of land between streets, in one village. Faces are the same
// at every scale; larger scales cut them further into blocks.
type face struct {
	poly
	kind     faceKind
	quarter  quarter
	key      uint64
	centre   vec // bent
	density  float64
	toCoast  float64
	hazard   int // tsunami level
	district int
	village  int
	// role is the zone code that the whole face has, if it has one.
	role string
	// also are codes of zones that must be found in it.
	also []string
}

type faceKind uint8

const (
	urban     faceKind = iota
	riverside          // between a river and the street along it
	coastal            // between the sea and the street behind the beach
)

// hectare in m2.
const hectare = 10_000.0

// makeFaces cuts the quarters into faces.
func (b *builder) makeFaces() {
	quarters := b.mesh()
	for _, c := range b.cuts {
		if c.kind == coastCut {
			b.shoreline = append(b.shoreline, [2]vec{c.from, c.at(c.length)})
		}
	}
	for _, s := range b.shoreline {
		const parts = 6
		for i := range parts {
			p, q := s[0].to(s[1], float64(i)/parts), s[0].to(s[1], float64(i+1)/parts)
			b.coast = append(b.coast, [2]vec{b.bend(p), b.bend(q)})
		}
	}
	for _, q := range quarters {
		rest := q.poly
		for _, k := range q.poly {
			switch k.c.kind {
			case riverCut:
				rest = b.shore(q, rest, k.c, riverside)
			case coastCut:
				rest = b.shore(q, rest, k.c, coastal)
			}
		}
		b.divide(rest, halver{
			key: mix(uint64(q.row)<<8 + uint64(q.column)), target: b.faceArea, clear: 32, snap: 22, narrow: 75, street: true,
		}, func(p poly, key uint64) { b.addFace(q, p, urban, key) })
	}
}

// faceArea is the area in m2 a face should have around p (bent).
func (b *builder) faceArea(p vec) float64 {
	return (10.5 - float64(8*b.density(p))) * hectare
}

func (b *builder) addFace(q quarter, p poly, kind faceKind, key uint64) {
	c := b.bend(b.sheet.centre(p))
	b.faces = append(b.faces, &face{
		poly: p, kind: kind, quarter: q, key: key, centre: c,
		density: b.density(c), toCoast: b.toCoast(c), hazard: b.hazardAt(c), village: -1,
	})
}

// shore cuts a strip along water from p, with a street on its land side, and
// divides it into faces. It returns what is left.
func (b *builder) shore(q quarter, p poly, water *cut, kind faceKind) poly {
	key := mix(uint64(q.row)<<16 + uint64(q.column)<<8 + uint64(kind) + 7)
	r := draw(b.seed, "shore", key)
	st := newStreet(local, halves[local], waterfrontName(water, q.bank, r))
	wide := float64(r.between(110, 190))
	if kind == riverside {
		wide = water.street.half + 15 + st.half
	}
	d := water.dir
	if water.off(b.sheet.centre(p)) < 0 {
		d = d.times(-1)
	}
	land, front, _, ok := b.split(p, knife{o: water.from.add(d.left().times(wide)), d: d, snap: 1}, cut{kind: streetCut, street: st})
	if !ok {
		return p
	}
	b.divide(front, halver{
		key: key, target: func(vec) float64 { return float64(wide * 330) }, clear: 20, snap: 40, narrow: 1e9,
	}, func(p poly, key uint64) { b.addFace(q, p, kind, key) })
	return land
}

// halver says how divide cuts: until pieces have the target's area in m2
// (asked at the bent centre), leaving no piece narrower than narrow.
type halver struct {
	key                 uint64
	target              func(vec) float64
	clear, snap, narrow float64
	street              bool // a street runs along each cut
	proto               cut
	depth               int
}

// divide cuts p in two, and both halves again, until they are small enough.
func (b *builder) divide(p poly, h halver, leaf func(poly, uint64)) {
	r := draw(b.seed, "divide", h.key)
	area := b.sheet.area(p)
	centre := b.sheet.centre(p)
	want := h.target(b.bend(centre))
	d, along, across := b.long(p)
	if h.depth > 12 || area < float64(want*r.between(0.95, 1.65)) || along < 2*h.narrow && h.narrow < 1e8 {
		leaf(p, h.key)
		return
	}
	for try := range 9 {
		e := d
		if along < float64(1.3*across) && try%2 == 1 && across > 2*h.narrow {
			e = d.left()
		}
		lo, hi := b.extent(p, e)
		wobble := r.between(0.36, 0.64)
		if try > 5 {
			wobble = r.between(0.25, 0.75)
		}
		// A point inside, on the chord at that share of the extent.
		o := centre.add(e.times(lo + float64(wobble*(hi-lo)) - centre.dot(e)))
		k := knife{o: o, d: e.left().turn(r.between(-0.11, 0.11)), snap: h.snap, clear: h.clear}
		proto := h.proto
		if h.street {
			proto = b.streetFor(area, h.key, r)
		}
		one, two, _, ok := b.split(p, k, proto)
		if !ok {
			continue
		}
		a, z := h, h
		a.key, z.key = mix(h.key*2), mix(h.key*2+1)
		a.depth++
		z.depth++
		b.divide(one, a, leaf)
		b.divide(two, z, leaf)
		return
	}
	leaf(p, h.key)
}

// streetFor returns a new street through a piece of the given area.
func (b *builder) streetFor(area float64, key uint64, r rng) cut {
	c := residential
	switch {
	case area > 75*hectare:
		c = collector
	case area > 24*hectare:
		c = local
	}
	return cut{kind: streetCut, street: newStreet(c, halves[c], streetName(c, r))}
}
