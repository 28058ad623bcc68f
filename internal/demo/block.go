package demo

import (
	"cmp"
	"slices"
)

// block is what zones are made of: a face, or a piece of one at larger scales.
type block struct {
	poly
	face  *face
	key   uint64
	inner poly // without streets and water; nil when nothing is left
	mids  vec  // of the inner land, bent
	area  float64
}

// piece is a part of a zone that consists of several: streets and water.
type piece struct {
	poly
	code    string
	village int
	// group keeps apart what should not be one zone: main and minor roads,
	// the rivers.
	group int
	name  string
}

// The groups of pieces.
const (
	minorRoads = iota
	mainRoads
	kruengWater
	canalWater
	beach
)

// makeBlocks cuts faces into blocks, and takes streets and water from them.
func (b *builder) makeBlocks() {
	for _, f := range b.faces {
		if f.kind != urban || f.role != "" || b.Scale <= 1 {
			b.addBlock(f, f.poly, f.key)
			continue
		}
		b.divide(f.poly, halver{
			key: f.key ^ 0xb10c, clear: 20, snap: 12, narrow: 42, proto: newStreetCut,
			target: func(p vec) float64 { return 1.1 * b.faceArea(p) / b.Scale },
		}, func(p poly, key uint64) { b.addBlock(f, p, key) })
	}
	for _, k := range b.blocks {
		b.strips(k)
	}
}

func (b *builder) addBlock(f *face, p poly, key uint64) {
	b.blocks = append(b.blocks, &block{poly: p, face: f, key: key})
}

// strips takes streets and water from a block.
func (b *builder) strips(k *block) {
	var sides []side
	for _, e := range k.poly {
		switch e.c.kind {
		case streetCut:
			sides = append(sides, side{along: e.c, width: e.c.street.half})
		case riverCut:
			sides = append(sides, side{along: e.c, width: e.c.street.half, rough: 5})
		case coastCut:
			sides = append(sides, side{along: e.c, width: 60, rough: 4})
		}
	}
	// The widest first: it takes the corners.
	slices.SortStableFunc(sides, func(x, y side) int { return cmp.Compare(y.width, x.width) })
	inner, strips := b.inset(k.poly, sides)
	for _, s := range strips {
		b.pieces = append(b.pieces, b.stripPiece(k, s))
	}
	if inner == nil {
		return
	}
	if k.area = b.sheet.area(inner); k.area < 220 && k.face.kind == urban {
		// Too small for anything but a traffic island.
		b.pieces = append(b.pieces, piece{poly: inner, code: "BJ", village: k.face.village, group: minorRoads})
		return
	}
	k.inner = inner
	k.mids = b.bend(b.sheet.centre(inner))
}

func (b *builder) stripPiece(k *block, s strip) piece {
	p := piece{poly: s.poly, code: "BJ", village: k.face.village, group: minorRoads}
	switch st := s.along.street; {
	case s.along.kind == coastCut:
		p.code, p.group = "PS", beach
	case st == b.krueng:
		p.code, p.group, p.name = "BA", kruengWater, st.name
	case st == b.canal:
		p.code, p.group, p.name = "BA", canalWater, st.name
	case st.class >= collector:
		p.group = mainRoads
	}
	return p
}
