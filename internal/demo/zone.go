package demo

// zone is one sub-zone of the plan.
type zone struct {
	poly    // where it is one piece of a block
	shape   [][]grid
	code    string
	block   *block // nil for streets and water
	village int
	key     uint64
	main    bool    // on an artery
	parts   []poly  // between lanes; what parcels are cut from
	name    string  // of a river
	area    float64 // m2
	people  float64
}

// makeZones cuts the land of each block into zones.
func (b *builder) makeZones() {
	done := map[*face]bool{}
	for _, k := range b.blocks {
		if k.inner == nil {
			continue
		}
		switch f := k.face; {
		case f.role != "":
			b.whole(k, k.inner, f.role)
		default:
			var also []string
			if !done[f] {
				also = f.also
				done[f] = true
			}
			b.compose(k, also)
		}
	}
}

func (b *builder) addZone(k *block, p poly, code string, main bool) {
	b.zones = append(b.zones, &zone{
		poly: p, code: code, block: k, village: k.face.village, main: main,
		key: mix(k.key ^ mix(uint64(len(b.zones)))),
	})
}

// whole makes a block one kind of zone, in as many pieces as such land has.
func (b *builder) whole(k *block, p poly, code string) {
	size, rough := 1e9, 0.0
	switch code {
	case "IK-2":
		size = 2.6
	case "KR":
		size, rough = 3.6, 2
	case "EM":
		size, rough = 3.6, 9
	case "P-1", "P-2":
		size, rough = 4.2, 2
	case "PS", "W":
		size, rough = 3.2, 4
	case "RTH-1":
		size, rough = 9, 7
	case "SPU-1", "HK", "TR":
		size = 5
	}
	size = float64(size*1.5) / max(0.6, float64(b.Scale*0.65)+0.35)
	b.divide(p, halver{
		key: k.key ^ 0x20fe, clear: 6, snap: 1, narrow: 14, proto: func(float64, rng) cut { return cut{rough: rough} },
		target: func(vec) float64 { return max(size, 0.5) * hectare },
	}, func(p poly, key uint64) { b.addZone(k, p, b.variant(code, key), false) })
}

// variant lets a few pieces of a large zone be something else.
func (b *builder) variant(code string, key uint64) string {
	r := draw(b.seed, "variant", key)
	switch {
	case code == "SPU-1" && r.chance(0.18):
		return "RTH-2"
	case code == "IK-2" && r.chance(0.07):
		return "EM"
	case code == "W" && r.chance(0.25):
		return "RTH-3"
	case code == "EM" && r.chance(0.06):
		return "IK-2"
	case code == "HK" && r.chance(0.15):
		return "RTH-2"
	}
	return code
}

// compose makes the zones of a block in town: trade along the arteries, what
// the village asked for, and homes between.
func (b *builder) compose(k *block, also []string) {
	r := draw(b.seed, "compose", k.key)
	rest := b.frontages(k, r)
	for _, code := range also {
		if cutOff, left, ok := b.carve(rest, float64(b.wantArea(code)*r.between(0.7, 1.4)), r); ok {
			b.addZone(k, cutOff, code, false)
			rest = left
		} else if b.sheet.area(rest) < 1.6*b.wantArea(code) {
			b.addZone(k, rest, code, false)
			return
		}
	}
	d := k.face.density
	size := (7 - float64(3.9*d)) * hectare / max(0.7, b.Scale*(0.36+float64(0.64*b.Scale)))
	b.divide(rest, halver{
		key: k.key ^ 0x20ee, target: func(vec) float64 { return size }, clear: 9, snap: 4, narrow: 18, proto: newLaneCut,
	}, func(p poly, key uint64) {
		b.addZone(k, p, b.filling(k, b.sheet.area(p), draw(b.seed, "fill", key)), false)
	})
}

// frontages cuts zones of trade off along the main streets of a block.
func (b *builder) frontages(k *block, r rng) poly {
	rest := k.inner
	d := k.face.density
	for _, e := range k.inner {
		if e.c.kind != stripCut || e.c.beside.street == nil {
			continue
		}
		st := e.c.beside.street
		chance := 0.0
		switch st.class {
		case arterial:
			chance = 0.55 + float64(0.5*d)
		case collector:
			chance = 0.2 + float64(0.8*d)
		case local:
			chance = float64(0.75*d) - 0.2
		}
		if !r.chance(chance) {
			continue
		}
		depth := r.between(32, 52) / max(1, 0.75+float64(b.Scale/8))
		green := st.class == arterial && r.chance(0.1)
		if green {
			depth = r.between(7, 11)
		}
		dir := e.c.dir
		if e.c.off(b.sheet.centre(k.inner)) < 0 {
			dir = dir.times(-1)
		}
		n := dir.left()
		if lo, hi := b.extent(rest, n); hi-lo < 1.7*depth {
			continue
		}
		land, front, _, ok := b.split(rest, knife{o: e.c.from.add(n.times(depth)), d: dir, snap: 2}, cut{kind: plainCut})
		if !ok {
			continue
		}
		if green {
			b.addZone(k, front, "RTH-8", true)
		} else {
			b.shops(k, front, st.class, r)
		}
		rest = land
	}
	return rest
}

// shops makes a strip along a main street zones of trade, offices and mixed
// use.
func (b *builder) shops(k *block, front poly, c class, r rng) {
	d := k.face.density
	b.divide(front, halver{
		key: k.key ^ uint64(len(b.zones)), clear: 8, snap: 2, narrow: 15,
		target: func(vec) float64 { return 2.4 * hectare / max(1, b.Scale*(0.45+float64(0.55*b.Scale))) },
	}, func(p poly, _ uint64) {
		code := "K-3"
		switch x := r.float(); {
		case c == arterial && d > 0.62:
			code = choose(x, []share{{"K-1", 0.72}, {"C-1", 0.84}, {"KT", 0.93}, {"SPU-2", 1}})
		case c == arterial:
			code = choose(x, []share{{"K-2", 0.7}, {"C-2", 0.82}, {"KT", 0.88}, {"K-1", 0.94}, {"SPU-3", 1}})
		case d > 0.6:
			code = choose(x, []share{{"K-1", 0.35}, {"K-2", 0.75}, {"C-1", 0.9}, {"KT", 1}})
		default:
			code = choose(x, []share{{"K-3", 0.72}, {"C-2", 0.86}, {"K-2", 0.95}, {"SPU-4", 1}})
		}
		b.addZone(k, p, code, true)
	})
}

// share is a code and the running total of its probability.
type share struct {
	code string
	upTo float64
}

func choose(x float64, of []share) string {
	for _, s := range of {
		if x < s.upTo {
			return s.code
		}
	}
	return of[len(of)-1].code
}

// filling is what a piece of land inside a block is: mostly homes.
func (b *builder) filling(k *block, area float64, r rng) string {
	d := k.face.density
	if area < 0.9*hectare && r.chance(0.2/(1+float64(0.5*b.Scale))) {
		return choose(r.float(), []share{{"RTH-6", 0.3}, {"RTH-5", 0.5}, {"SPU-4", 0.72}, {"K-3", 0.86}, {"RTNH", 0.9}, {"RTH-7", 1}})
	}
	if r.chance(0.05) {
		return choose(r.float(), []share{{"SPU-3", 0.3}, {"C-2", 0.6}, {"RTH-5", 0.8}, {"RTH-4", 1}})
	}
	d += float64(0.12 * b.noise(93, k.mids, 600))
	switch {
	case d > 0.9:
		return "R-1"
	case d > 0.56:
		return "R-2"
	case d > 0.28:
		return "R-3"
	case d > 0.13:
		return "R-4"
	}
	return "R-5"
}

// wantArea is the usual size in m2 of a zone that a village asks for.
func (b *builder) wantArea(code string) float64 {
	switch code {
	case "RTH-3", "KT", "SPU-2", "SPU-1":
		return 1.5 * hectare
	case "RTH-4", "SPU-3":
		return 0.75 * hectare
	case "RTH-7":
		return 0.5 * hectare
	case "K-2":
		return 1 * hectare
	}
	return 0.3 * hectare
}

// carve cuts a piece of about the given area off one end of p.
func (b *builder) carve(p poly, area float64, r rng) (piece, rest poly, ok bool) {
	share := area / b.sheet.area(p)
	if share > 0.6 {
		return nil, nil, false
	}
	d, along, _ := b.long(p)
	if r.chance(0.5) {
		d = d.times(-1)
	}
	lo, _ := b.extent(p, d)
	c := b.sheet.centre(p)
	o := c.add(d.times(lo + float64(share*along) - c.dot(d)))
	// Right of the line, which runs to the left of d, is what lies ahead.
	piece, rest, _, ok = b.split(p, knife{o: o, d: d.left(), snap: 3, clear: 8}, cut{kind: laneCut})
	return piece, rest, ok
}
