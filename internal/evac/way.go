package evac

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/indicator/land"
)

// fast finds the k nearest shelters by the hierarchy, which knows neither
// deadlines nor what is avoided.
func fast(c *City, l *lane, from origin, k int) []found {
	q := c.queries.Get().(*cch.Query)
	defer c.queries.Put(q)
	near := q.Nearest(l.targets, from.access, k, nil)
	all := make([]found, 0, k)
	for _, t := range near {
		place := l.doors[t.Index].access
		p := q.Path(l.metric, from.access, place, nil)
		all = append(all, along(l, from, p.From, p.Arcs, int(t.Index), p.To))
	}
	for _, e := range l.on[from.place.Edge] {
		if t := straight(l, from, e); t < cch.Inf {
			all = better(all, directly(l, from, e, t), k)
		}
	}
	return all
}

// better enters a way where it belongs, if it is better than those there are.
func better(all []found, f found, k int) []found {
	i := 0
	for i < len(all) && (all[i].length < f.length || all[i].length == f.length && all[i].target < f.target) {
		if all[i].target == f.target {
			return all
		}
		i++
	}
	out := append(make([]found, 0, k), all[:i]...)
	out = append(out, f)
	for _, o := range all[i:] {
		if o.target != f.target {
			out = append(out, o)
		}
	}
	return out[:min(k, len(out))]
}

// shortestTo is the length in ms of the best way to a target, whatever the
// deadlines, Inf where there is none.
func shortestTo(c *City, l *lane, from origin, target int) uint32 {
	q := c.queries.Get().(*cch.Query)
	defer c.queries.Put(q)
	best := q.Length(l.metric, from.access, l.doors[target].access)
	for _, e := range l.on[from.place.Edge] {
		if e.target == target {
			best = min(best, straight(l, from, e))
		}
	}
	return best
}

// pass makes legs of arcs that follow an access of the origin, with room for one
// more, and tells in ms from the departure when they end.
func pass(l *lane, from origin, start int, arcs []uint32) (legs []leg, t uint32) {
	legs, t = make([]leg, 0, len(arcs)+2), from.access[start].Cost
	legs = append(legs, leg{from.place.Edge, from.place.Along, from.ends[start], t})
	for _, arc := range arcs {
		t += l.metric.Weight(arc)
		edge, back := l.net.Edge(arc)
		g := leg{edge, 0, l.net.Edges[edge].Length, t}
		if back {
			g.from, g.to = g.to, g.from
		}
		legs = append(legs, g)
	}
	return legs, t
}

// along makes a way of arcs, between an access of the origin and one of a door.
func along(l *lane, from origin, start int, arcs []uint32, target, access int) found {
	legs, t := pass(l, from, start, arcs)
	f := found{target: target, legs: legs}
	d := &l.doors[target]
	place := d.places[d.place[access]]
	f.length, f.off = t+d.access[access].Cost, l.walk(place.Distance)
	f.legs = append(f.legs, leg{place.Edge, d.ends[access], place.Along, f.length - f.off})
	return f
}

// directly is a way to a shelter on the edge where it begins.
func directly(l *lane, from origin, e entry, length uint32) found {
	place := l.doors[e.target].places[e.access]
	return found{target: e.target, length: length, off: e.cost, legs: []leg{{e.edge, from.place.Along, place.Along, length - e.cost}}}
}

// margin is the least time in ms by which a way is ahead of deadlines, and the
// leg where it is; never where there are none. Below 0 it is too late.
func (f *found) margin(due *deadlines) (least int64, at int) {
	least = never
	for i, g := range f.legs {
		d := due.of(g.edge)
		if d == never {
			continue
		}
		end := int64(g.end)
		if i == len(f.legs)-1 {
			end += int64(f.off)
		}
		if d-end < least {
			least, at = d-end, i
		}
	}
	return least, at
}

// stretchOf is the stretch of a line from lo to hi m along it; the other way round
// where lo is more.
func stretchOf(line orb.LineString, lo, hi float64) orb.LineString {
	if lo > hi {
		back := stretchOf(line, hi, lo)
		back.Reverse()
		return back
	}
	var out orb.LineString
	at := 0.0
	put := func(p orb.Point) {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		length := land.Distance(a, b)
		next := at + length
		if next >= lo && at <= hi && length > 0 {
			put(between(a, b, (lo-at)/length))
			put(between(a, b, (hi-at)/length))
		}
		at = next
	}
	return out
}

// placeOn is the place so many m along a line.
func placeOn(line orb.LineString, along float64) orb.Point {
	if at := stretchOf(line, along, along); len(at) > 0 {
		return at[0]
	}
	return line[len(line)-1]
}

// between is the place at a share of the way from a to b, at most one of them.
func between(a, b orb.Point, share float64) orb.Point {
	switch {
	case share <= 0:
		return a
	case share >= 1:
		return b
	}
	return orb.Point{a[0] + share*(b[0]-a[0]), a[1] + share*(b[1]-a[1])}
}

// bearing is the direction in degrees, clockwise from north, from a to b.
func bearing(a, b orb.Point) float64 {
	lon, lat := land.Metres((a[1] + b[1]) / 2)
	return math.Mod(math.Atan2((b[0]-a[0])*lon, (b[1]-a[1])*lat)*180/math.Pi+360, 360)
}
