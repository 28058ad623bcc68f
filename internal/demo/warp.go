package demo

import "math"

// wave is one octave of the bend: over which distance it changes, and how far
// it moves a point at most, in metres. Value noise rises at most 3.75 times
// reach/span. The octaves together stay below 0.7, so inland the bend cannot
// fold the plane; with what is added at the coast and the river it could in
// theory, and the tests look whether any ring turns or crosses.
type wave struct{ span, reach float64 }

func waves() [3]wave { return [3]wave{{2600, 200}, {1050, 84}, {310, 8}} }

// bend moves a point of the flat plane to where the city has it.
func (b *builder) bend(p vec) vec {
	q := p
	for i, w := range waves() {
		q.x += float64(w.reach * b.noise(uint64(2*i), p, w.span))
		q.y += float64(w.reach * b.noise(uint64(2*i+1), p, w.span))
	}
	// The coast has bays and points of its own, and Krueng Aceh winds.
	if near := 1 - smooth(0, 1700, nearest(p, b.shoreline)); near > 0 {
		q.x += float64(float64(near*95) * b.noise(10, p, 800))
		q.y += float64(float64(near*95) * b.noise(11, p, 800))
	}
	if near := 1 - smooth(0, 800, nearest(p, b.riverline)); near > 0 {
		q.x += float64(float64(near*75) * b.noise(12, p, 620))
	}
	return q
}

// noise is smooth value noise in [-1, 1] on a lattice of the given span.
func (b *builder) noise(octave uint64, p vec, span float64) float64 {
	x, y := p.x/span, p.y/span
	x0, y0 := math.Floor(x), math.Floor(y)
	u, v := ease(x-x0), ease(y-y0)
	value := func(i, j float64) float64 {
		h := mix(b.seed ^ mix(octave+uint64(int64(i)+1<<20)<<32+uint64(int64(j)+1<<20)))
		return signed(h)
	}
	lerp := func(a, b, s float64) float64 { return a + float64((b-a)*s) }
	return lerp(
		lerp(value(x0, y0), value(x0+1, y0), u),
		lerp(value(x0, y0+1), value(x0+1, y0+1), u), v)
}

// ease is 6s^5 - 15s^4 + 10s^3: flat in slope and curvature at both ends.
func ease(s float64) float64 {
	s3 := float64(float64(s*s) * s)
	return float64(s3 * (float64(s*(float64(s*6)-15)) + 10))
}
