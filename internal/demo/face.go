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
	for _, c := range b.rivers {
		if c.street == b.krueng {
			b.riverline = append(b.riverline, [2]vec{c.from, c.at(c.length)})
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
			key: mix(uint64(q.row)<<8 + uint64(q.column)), target: b.faceArea, clear: 32, snap: 22, narrow: 75, proto: newStreetCut,
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
	st := newStreet(local, local.half(), waterfrontName(water, q.bank, r))
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
		proto: func(float64, rng) cut { return cut{rough: 1.5} },
	}, func(p poly, key uint64) { b.addFace(q, p, kind, key) })
	return land
}

// newStreetCut makes a new street through a piece of the given area.
func newStreetCut(area float64, r rng) cut {
	c := residential
	switch {
	case area > 75*hectare:
		c = collector
	case area > 24*hectare:
		c = local
	}
	return cut{kind: streetCut, street: newStreet(c, c.half(), streetName(c, r))}
}

func newLaneCut(float64, rng) cut { return cut{kind: laneCut} }
