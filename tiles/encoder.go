package tiles

import (
	"fmt"
	"iter"
	"sync"
)

// Feature is what an Encoder needs of a feature.
type Feature struct {
	// ID is written as the feature's id. It is unique in the layer; where layers
	// are coverages it is not 0.
	ID    uint64
	Shape *Shape
	// Data is handed on to Layer.Tags: what the attributes are read from.
	Data any
}

// Layer is one layer of a tile.
type Layer struct {
	// Name must differ from those of the other layers.
	Name string
	// Keys are the names of the attributes that Tags may give.
	Keys []string
	// Features yields the features whose box meets ID.Reach, in any order; more
	// do no harm. The tile has them in the order of their ids in a coverage and
	// in the order given otherwise.
	Features iter.Seq[Feature]
	// Tags gives the attributes of a feature. It is called once for each feature
	// that is written. nil: no attributes.
	Tags func(Feature, Tags)
	// Find makes the layer a coverage: a polygon too small for the zoom becomes
	// part of the feature that its Shape names (Shape.Into), which Find returns
	// and which need not meet the tile. Without it, such a polygon is left out.
	Find func(id uint64) (Feature, bool)
}

// Encoder writes tiles. Its zero value is ready to use, it may be used by
// several goroutines at once, and it keeps its working memory, so that a tile
// costs no allocation for each feature.
type Encoder struct{ pens sync.Pool }

// Append appends a tile to dst: an MVT 2.1 message with the layers that have a
// feature in it, nothing if there is none. The same features give the same
// bytes. It is an error when there is no such tile.
func (e *Encoder) Append(dst []byte, id ID, layers ...Layer) ([]byte, error) {
	if !id.Valid() {
		return dst, fmt.Errorf("tile %s does not exist", id)
	}
	for i, l := range layers {
		for _, m := range layers[:i] {
			if l.Name == m.Name {
				return dst, fmt.Errorf("tile %s: two layers are called %q", id, l.Name)
			}
		}
	}
	p, _ := e.pens.Get().(*pen)
	if p == nil {
		p = new(pen)
	}
	p.frame = newFrame(id)
	for _, l := range layers {
		p.w.reset(l.Keys)
		if l.Find != nil {
			p.coverage(l)
		} else {
			p.layer(l)
		}
		dst = p.w.appendTo(dst, l.Name)
	}
	p.forget()
	e.pens.Put(p)
	return dst, nil
}

// pen is the working memory of one tile being written.
type pen struct {
	frame
	w        layerWriter
	geometry geometry
	clip     clipper
	dissolver

	raw    []point // a part as rounded, before clipping
	out    rings   // the parts of the feature at hand
	strays strays  // what rounding turned over in it
	cells  cells
}

// forget lets go of what belongs to the caller.
func (p *pen) forget() {
	p.w.reset(nil)
	p.cells.forget()
}

// layer writes a layer that is not a coverage, feature by feature.
func (p *pen) layer(l Layer) {
	for f := range l.Features {
		s := f.Shape
		if s.minZoom > p.zoom {
			continue
		}
		at := p.place(s.box)
		if at == outside {
			continue
		}
		p.out.reset()
		switch s.kind {
		case Point:
			p.points(s)
		case Line:
			p.lines(s, at)
		case Polygon:
			p.strays.reset()
			p.polygons(s, at)
		}
		p.write(l, f, &p.out, 0, p.out.len())
	}
}

// write writes a feature with some of parts, if there are any.
func (p *pen) write(l Layer, f Feature, parts *rings, from, to int) {
	if from == to {
		return
	}
	g := &p.geometry
	g.reset()
	for i := from; i < to; i++ {
		switch f.Shape.kind {
		case Point:
			g.points(parts.ring(i))
		case Line:
			g.line(parts.ring(i))
		case Polygon:
			g.ring(parts.ring(i))
		}
	}
	if l.Tags != nil {
		l.Tags(f, Tags{&p.w})
	}
	p.w.feature(f.ID, f.Shape.kind, g.buf)
}

// points puts the points inside the clip border into out, as one part.
func (p *pen) points(s *Shape) {
	for _, v := range s.coords {
		if q := p.point(v); q.beyond() == 0 {
			p.out.pts = append(p.out.pts, q)
		}
	}
	if len(p.out.pts) > 0 {
		p.out.ends = append(p.out.ends, int32(len(p.out.pts)))
	}
}

// lines puts the pieces of lines inside the clip border into out.
func (p *pen) lines(s *Shape, at place) {
	for i := range s.parts() {
		from, to, _ := s.part(i)
		if at == crossing && s.chunks != nil && p.place(s.around(from, to)) == outside {
			continue
		}
		p.raw = p.raw[:0]
		for j := from; j < to; j++ {
			if s.levels != nil && s.levels[j]&levelMask > p.zoom {
				continue
			}
			if q := p.point(s.coords[j]); len(p.raw) == 0 || p.raw[len(p.raw)-1] != q {
				p.raw = append(p.raw, q)
			}
		}
		switch {
		case len(p.raw) < 2:
		case at == inside:
			p.out.add(p.raw)
		default:
			p.clip.line(&p.out, p.raw)
		}
	}
}

// polygons puts the rings of a shape inside the clip border into out: exterior
// rings, each followed by its holes. What rounding turned over goes to strays.
func (p *pen) polygons(s *Shape, at place) {
	first, tangled := p.out.len(), false
	for i := range s.parts() {
		from, to, last := s.part(i)
		t := p.ring(s, from, to, at, p.out.len() > first)
		tangled = tangled || t
		if !last {
			continue
		}
		if tangled || !p.inOrder(first) {
			p.untangle(first)
		}
		first, tangled = p.out.len(), false
	}
}

// ring puts one ring into out, if it has area, and reports whether it must be
// untangled from itself or from the rings before it.
func (p *pen) ring(s *Shape, from, to int, at place, hole bool) (tangled bool) {
	base := len(p.out.pts)
	if at == crossing && s.chunks != nil {
		at = p.place(s.around(from, to))
	}
	if at == outside {
		return false
	}
	if at == inside {
		p.out.pts = p.round(p.out.pts, s, from, to)
	} else {
		var cut bool
		p.raw = p.roundNear(p.raw[:0], s, from, to)
		p.out.pts, cut, tangled = p.clip.ring(p.out.pts, p.raw)
		tangled = tangled || hole && cut && len(p.out.pts) > base
	}
	if len(p.out.pts) > base {
		p.out.ends = append(p.out.ends, int32(len(p.out.pts)))
	}
	return tangled
}

// round rounds the vertices of a ring that are drawn at the zoom.
func (p *pen) round(dst []point, s *Shape, from, to int) []point {
	base := len(dst)
	if s.levels == nil || p.zoom >= FullDetail {
		for _, v := range s.coords[from:to] {
			dst = push(dst, base, p.point(v))
		}
		return closeRing(dst, base)
	}
	levels := s.levels[from:to]
	for i, v := range s.coords[from:to] {
		if levels[i]&levelMask <= p.zoom {
			dst = push(dst, base, p.point(v))
		}
	}
	return closeRing(dst, base)
}

// roundNear is round for a ring that may leave the clip border. It leaves out
// vertices whose neighbours on the ring are beyond the same side as they are,
// since clipping does not see them: of a ring across the whole city a tile
// keeps what is near.
func (p *pen) roundNear(dst []point, s *Shape, from, to int) []point {
	var before, last side // of the two points kept last
	skip := -1            // the end of a chunk that is beyond a side
	for i := from; i < to; i++ {
		if c, ok := s.chunk(i, to); ok && p.beyond(c) {
			skip = i + chunkLen - 1
		}
		if s.levels != nil && s.levels[i]&levelMask > p.zoom {
			continue
		}
		q := p.point(s.coords[i])
		at := q.sides()
		if n := len(dst); n > 1 && before&last&at != 0 {
			dst[n-1] = q
			last = at
		} else {
			dst = append(dst, q)
			before, last = last, at
		}
		if i < skip {
			// Of the rest of the chunk only the last that is drawn would be kept.
			i = s.beforeLastDrawn(i, skip, p.zoom)
			skip = -1
		}
	}
	return dst
}

// beforeLastDrawn returns the vertex before the last one, after i and up to last, that
// is drawn at a zoom; last if there is none.
func (s *Shape) beforeLastDrawn(i, last int, zoom uint8) int {
	for k := last; k > i; k-- {
		if s.levels == nil || s.levels[k]&levelMask <= zoom {
			return k - 1
		}
	}
	return last
}

// inOrder reports whether the rings of out from first on are an exterior ring
// and its holes, and drops those without area.
func (p *pen) inOrder(first int) bool {
	n, ok := first, true
	for i := first; i < p.out.len(); i++ {
		a := area2(p.out.ring(i))
		if a == 0 {
			ok = false
			continue
		}
		if a > 0 != (n == first) {
			ok = false
		}
		n++
	}
	if n == first {
		p.out.cut(first)
		return true
	}
	return ok
}

// untangle replaces the rings of out from first on by the same area with each
// ring simple at its vertices.
func (p *pen) untangle(first int) {
	p.dissolver.reset()
	for i := first; i < p.out.len(); i++ {
		p.dissolver.add(p.out.ring(i))
	}
	p.out.cut(first)
	p.dissolver.dissolve(&p.out, &p.strays)
}
