package demo

import "slices"

// builder makes the city, stage by stage: mesh, faces, villages, blocks,
// zones, lanes; then the sheet is frozen and only read.
type builder struct {
	sheet
	Options

	krueng, canal *street
	arteries      []*street
	rivers        []*cut
	villages      []village
	districts     []district
	coast         [][2]vec // bent
	shoreline     [][2]vec // flat
	riverline     [][2]vec // Krueng Aceh, flat

	people []int   // by village
	lot    float64 // size of lots that scale, relative to the usual one
	faces  []*face
	blocks []*block
	zones  []*zone
	pieces []piece
	roads  []*road
	lost   int // segments that hung together with nothing
}

func newBuilder(o Options) *builder {
	b := &builder{Options: o, villages: villages(), districts: districts()}
	b.sheet.seed, b.sheet.bend = mix(o.Seed+3), b.bend
	b.krueng = newStreet(river, kruengHalf, "Krueng Aceh")
	b.canal = newStreet(river, canalHalf, "Kanal Banjir")
	return b
}

// class is what a street is for, from the least to the most.
type class uint8

const (
	footway class = iota
	lane
	residential
	local
	collector
	arterial
	river
)

// street is a road or a river: what a line of cuts shares.
type street struct {
	class class
	half  float64 // half its width in metres
	name  string
}

func newStreet(c class, half float64, name string) *street {
	return &street{class: c, half: half, name: name}
}

// half is the usual half width of a street in metres, with pavements and
// drains.
func (c class) half() float64 {
	return [...]float64{footway: 0.9, lane: 1.6, residential: 3.6, local: 5, collector: 8, arterial: 12.5}[c]
}

// artery returns the street of a line of the skeleton, the same for each of
// its pieces.
func (b *builder) artery(line int, c class) *street {
	name := arteryNames(line)
	if i := slices.IndexFunc(b.arteries, func(s *street) bool { return s.name == name && s.class == c }); i >= 0 {
		return b.arteries[i]
	}
	s := newStreet(c, c.half(), name)
	b.arteries = append(b.arteries, s)
	return s
}

// centre is where the city is dense: its place, reach in metres and weight.
type centre struct{ lon, lat, reach, weight float64 }

func centres() [8]centre {
	return [8]centre{
		{95.318, 5.553, 1500, 1.0}, // the old town on Krueng Aceh
		{95.350, 5.553, 800, 0.65}, // Ulee Kareng
		{95.363, 5.574, 800, 0.6},  // the campus
		{95.331, 5.538, 800, 0.55}, // Lueng Bata
		{95.304, 5.530, 700, 0.5},  // Banda Raya
		{95.292, 5.545, 700, 0.4},  // Jaya Baru
		{95.337, 5.570, 700, 0.45}, // Bandar Baru
		{95.294, 5.562, 500, 0.35}, // the port
	}
}

// density is how much of a town there is at p (bent), 0 to 1.
func (b *builder) density(p vec) float64 {
	var most float64
	for _, c := range centres() {
		d := p.sub(shrunk(c.lon, c.lat)).len() / c.reach
		most = max(most, c.weight/(1+float64(d*d)))
	}
	return min(1, float64(1.15*most)) * (0.15 + float64(0.85*smooth(250, 1300, b.toCoast(p))))
}

// nearest is the distance of p from the nearest of some segments.
func nearest(p vec, of [][2]vec) float64 {
	best := 1e9
	for _, s := range of {
		best = min(best, segmentDistance(p, s[0], s[1]))
	}
	return best
}

// toCoast is the distance of p (bent) from the sea, in metres.
func (b *builder) toCoast(p vec) float64 { return nearest(p, b.coast) }
