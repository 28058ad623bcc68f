package demo

import (
	"cmp"
	"slices"
)

// landmark is a zone that a city of this kind has in a certain place.
type landmark struct {
	code     string
	lon, lat float64
	// whole faces around the place that get the code; 0 only asks that a part
	// of the nearest face has it.
	faces int
}

func landmarks() []landmark {
	return []landmark{
		{"SPU-1", 95.366, 5.571, 6},
		{"SPU-1", 95.317, 5.5535, 1},
		{"SPU-1", 95.340, 5.567, 2},
		{"SPU-1", 95.327, 5.5445, 1},
		{"RTH-2", 95.313, 5.549, 2},
		{"RTH-2", 95.330, 5.5575, 1},
		{"RTH-2", 95.302, 5.5345, 1},
		{"RTH-2", 95.352, 5.5475, 1},
		{"RTH-1", 95.349, 5.586, 5},
		{"RTH-1", 95.327, 5.527, 2},
		{"RTH-1", 95.298, 5.559, 2},
		{"TR", 95.333, 5.533, 2},
		{"TR", 95.287, 5.564, 1},
		{"IK-1", 95.322, 5.579, 2},
		{"KT", 95.337, 5.561, 2},
		{"KT", 95.318, 5.544, 1},
		{"KT", 95.305, 5.522, 1},
		{"HK", 95.3165, 5.539, 3},
		{"HK", 95.343, 5.575, 1},
		{"HK", 95.288, 5.557, 1},
		{"CB", 95.3175, 5.5475, 1},
		{"CB", 95.316, 5.571, 1},
		{"PP", 95.313, 5.577, 1},
		{"PL-4", 95.318, 5.573, 1},
		{"PL-3", 95.336, 5.530, 1},
		{"PTL", 95.331, 5.5325, 1},
		{"KPI", 95.326, 5.576, 1},
		{"PG", 95.339, 5.527, 1},
		{"PG", 95.325, 5.574, 1},
		{"W", 95.290, 5.566, 2},
		{"W", 95.352, 5.602, 1},
		{"RTNH", 95.320, 5.5555, 0},
		{"RTH-7", 95.310, 5.541, 1},
		{"RTH-7", 95.3445, 5.5485, 1},
		{"RTH-7", 95.300, 5.551, 1},
		{"THR", 95.305, 5.566, 1},
		{"BA", 95.299, 5.5665, 2},
		{"BA", 95.3215, 5.5845, 1},
		{"BA", 95.341, 5.590, 1},
	}
}

// giveRoles decides which faces are one thing as a whole, and which kinds of
// zone every village and district must have somewhere.
func (b *builder) giveRoles() {
	for _, f := range b.faces {
		f.role = b.landscape(f)
	}
	for _, l := range landmarks() {
		for i, f := range b.nearest(shrunk(l.lon, l.lat), max(l.faces, 1), func(f *face) bool { return f.kind == urban && len(f.also) == 0 }) {
			if l.faces > i {
				f.role = l.code
			}
			f.also = append(f.also, l.code)
		}
	}
	for v := range b.villages {
		b.settle(v)
		b.villageRoles(v)
	}
	for d := range b.districts {
		in := func(f *face) bool { return f.district == d && f.kind == urban && f.role == "" && len(f.also) < 2 }
		mid := b.middle(func(f *face) bool { return f.district == d })
		for i, f := range b.nearest(mid, 5, in) {
			f.also = append(f.also, [...]string{"RTH-3", "SPU-2", "KT", "SPU-2", "K-2"}[i])
		}
	}
}

// settle leaves a village land to live on where ponds and fields took too
// much: at least a third of its faces, those farthest from the sea first.
func (b *builder) settle(v int) {
	var wild []*face
	homes, all := 0, 0
	for _, f := range b.faces {
		if f.village != v || f.kind != urban {
			continue
		}
		all++
		switch {
		case f.role == "":
			homes++
		case len(f.also) == 0:
			wild = append(wild, f)
		}
	}
	slices.SortStableFunc(wild, func(x, y *face) int { return cmp.Compare(y.toCoast, x.toCoast) })
	for _, f := range wild[:min(len(wild), max(0, max(2, all/3)-homes))] {
		f.role = ""
	}
}

func (b *builder) villageRoles(v int) {
	in := func(f *face) bool { return f.village == v && f.kind == urban && f.role == "" && len(f.also) == 0 }
	mid := b.middle(func(f *face) bool { return f.village == v })
	r := draw(b.seed, "village", uint64(v))
	want := []string{"SPU-3", "RTH-4", "RTH-7", "SPU-3", "RTH-5"}
	if r.chance(0.4) {
		want[2] = "SPU-4"
	}
	for i, f := range b.nearest(mid, len(want), in) {
		f.also = append(f.also, want[i])
	}
}

// landscape is the role of a face by where it lies: beaches, mangrove, ponds
// and fields come in patches, so that noise decides and not a die.
func (b *builder) landscape(f *face) string {
	patch := b.noise(90, f.centre, 1100)
	wet := b.noise(91, f.centre, 700)
	// The north-east is flatter and wetter.
	sea := f.toCoast
	if f.quarter.bank > 0 {
		sea = float64(sea * 0.72)
	}
	switch {
	case f.kind == riverside:
		switch {
		case f.density > 0.45 && wet > 0.25:
			return "RTH-8"
		case f.toCoast < 500 && wet > -0.2:
			return "EM"
		}
		return "PS"
	case f.kind == coastal:
		switch {
		case patch > 0.35:
			return "W"
		case wet > -0.35:
			return "EM"
		}
		return "PS"
	case sea < 520:
		switch {
		case wet > 0.15:
			return "EM"
		case patch < 0.45:
			return "IK-2"
		}
	case sea < 1050:
		switch {
		case patch < -0.08:
			return "IK-2"
		case wet > 0.5:
			return "EM"
		case wet < -0.62:
			return "RTH-1"
		}
	case f.density < 0.3:
		switch {
		case patch < -0.36:
			return "P-1"
		case wet > 0.6:
			return "P-1"
		case wet > 0.48:
			return "P-2"
		case wet < -0.66:
			return "KR"
		}
	}
	return ""
}

// middle is the mean of the centres of faces.
func (b *builder) middle(which func(*face) bool) vec {
	var sum vec
	n := 0.0
	for _, f := range b.faces {
		if which(f) {
			sum = sum.add(f.centre)
			n++
		}
	}
	return sum.times(1 / max(n, 1))
}

// nearest returns up to n faces nearest to p.
func (b *builder) nearest(p vec, n int, which func(*face) bool) []*face {
	var out []*face
	for _, f := range b.faces {
		if which(f) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(x, y *face) int { return cmp.Compare(x.centre.sub(p).len(), y.centre.sub(p).len()) })
	return out[:min(n, len(out))]
}
