package demo

import "cmp"

// Options choose a city. The zero value is the usual one.
type Options struct {
	// Scale is how much of everything there is: 1 (also when 0) has about
	// 2,500 zones and 20,000 parcels, 5 is the benchmark's size. The land and
	// the villages are the same at any scale. Below 0.2 is as 0.2, above 10
	// as 10.
	Scale float64
	// Seed makes another city of the same kind.
	Seed uint64
}

// City is a generated city. It is immutable; its methods may be called from
// several goroutines.
type City struct{ b *builder }

// New makes the skeleton of a city: land, villages, zones and streets. What is
// many and small (parcels, buildings) is made when it is asked for. Scale 1
// takes well under a second, scale 5 a few.
func New(o Options) *City {
	o.Scale = min(max(cmp.Or(o.Scale, 1), 0.2), 10)
	b := newBuilder(o)
	b.makeFaces()
	b.assign()
	b.giveRoles()
	b.makeBlocks()
	b.makeZones()
	b.makeLanes()
	b.freeze()
	b.finishZones()
	b.count()
	b.sizeLots()
	b.makeRoads()
	return &City{b}
}
