package evac

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/pack"
)

// readPack reads a file as its description says, as another program would. It
// refuses whatever is not one, without panic and without much memory.
func readPack(file []byte) (p *pack.Pack, err error) {
	const head = len(pack.Magic) + sha256.Size
	if len(file) < head || string(file[:len(pack.Magic)]) != pack.Magic {
		return nil, errors.New("not a pack of this version")
	}
	if sum := sha256.Sum256(file[head:]); !bytes.Equal(sum[:], file[len(pack.Magic):head]) {
		return nil, errors.New("broken")
	}
	return readBody(file[head:])
}

// bad is thrown by packReader, and caught by readBody.
type bad string

type packReader struct{ rest []byte }

func (r *packReader) must(ok bool, what string) {
	if !ok {
		panic(bad(what))
	}
}

func (r *packReader) count(least int) int { // of things that have so many bytes at least
	n := r.number()
	r.must(n <= len(r.rest)/least, "fewer than there should be")
	return n
}

func (r *packReader) number() int {
	v, n := binary.Uvarint(r.rest)
	r.must(n > 0 && v < 1<<53, "no number")
	r.rest = r.rest[n:]
	return int(v)
}

func (r *packReader) below(n int) int {
	v := r.number()
	r.must(v < n, "no such number")
	return v
}

func (r *packReader) signed() int {
	v, n := binary.Varint(r.rest)
	r.must(n > 0 && v > -1<<52 && v < 1<<52, "no number")
	r.rest = r.rest[n:]
	return int(v)
}

func (r *packReader) metres() float64 { return float64(r.number()) / 100 }

func (r *packReader) position(last *[2]int) orb.Point {
	for i := range last {
		last[i] += r.signed()
		r.must(last[i] >= -360e6 && last[i] <= 360e6, "no place on earth")
	}
	return orb.Point{float64(last[0]) / 1e6, float64(last[1]) / 1e6}
}

func (r *packReader) next(last *int, n int) int {
	d := r.number()
	r.must(d < n-*last, "no such number")
	*last += d
	return *last
}

func (r *packReader) maybe() int64 { return int64(r.number()) - 1 }

func readBody(body []byte) (p *pack.Pack, err error) {
	defer func() {
		if what := recover(); what != nil {
			text, ours := what.(bad)
			if !ours {
				panic(what)
			}
			err = errors.New(string(text))
		}
	}()
	r := &packReader{body}
	p = &pack.Pack{}
	n := r.count(1)
	if err := json.Unmarshal(r.rest[:n], &p.Head); err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	r.rest = r.rest[n:]
	nodes, edges := p.Counts.Nodes, p.Counts.Edges
	r.must(nodes >= 0 && edges >= 0 && nodes <= len(r.rest)/2 && edges <= len(r.rest)/6, "fewer than there should be")
	var last [2]int
	for range nodes {
		p.Nodes = append(p.Nodes, r.position(&last))
	}
	p.Edges = make([]pack.Edge, edges)
	from := 0
	for i := range p.Edges {
		p.Edges[i].From = r.next(&from, nodes)
	}
	for i := range p.Edges {
		p.Edges[i].To = p.Edges[i].From + r.signed()
		r.must(p.Edges[i].To >= 0 && p.Edges[i].To < nodes, "no such node")
	}
	for i := range p.Edges {
		f := r.number()
		e := &p.Edges[i]
		e.Bridge, e.Steps, e.Onward, e.Back, e.Speed = f&1 > 0, f&2 > 0, f&4 == 0, f&8 == 0, f>>6
		e.Fork = [2]bool{f&16 > 0, f&32 > 0}
		r.must(e.Speed < len(p.Speeds), "no such speed")
	}
	for i := range p.Edges {
		p.Edges[i].Name = r.below(len(p.Names)+1) - 1
	}
	for i := range p.Edges {
		p.Edges[i].Weight = uint32(r.below(math.MaxInt32))
	}
	for i := range p.Edges {
		e := &p.Edges[i]
		at := p.Nodes[e.From]
		e.Line = orb.LineString{at}
		last := [2]int{int(pack.Micro(at[0])), int(pack.Micro(at[1]))}
		for range r.count(2) {
			e.Line = append(e.Line, r.position(&last))
		}
		e.Line = append(e.Line, p.Nodes[e.To])
	}
	edge := 0
	for range r.count(4) {
		h := pack.Held{Edge: r.next(&edge, edges), Along: r.maybe(), Against: r.maybe()}
		for range r.count(3) {
			s := pack.Stretch{From: r.metres()}
			s.To = s.From + r.metres()
			s.Speed = float64(r.number()) / 1e4
			h.Stretches = append(h.Stretches, s)
		}
		p.Held = append(p.Held, h)
	}
	for range p.Hazards {
		p.Trees = append(p.Trees, r.tree(p))
	}
	r.must(len(r.rest) == 0, "more than there should be")
	return p, nil
}

func (r *packReader) tree(p *pack.Pack) (t pack.Tree) {
	edge := 0
	for range r.count(4) {
		f := pack.Front{Edge: r.next(&edge, len(p.Edges)), Arrival: r.maybe()}
		for _, places := range []*[]float64{&f.Rises, &f.Falls} {
			for range r.count(1) {
				*places = append(*places, r.metres())
			}
		}
		t.Fronts = append(t.Fronts, f)
	}
	edge = 0
	for range r.count(6) {
		t.Doors = append(t.Doors, pack.Door{
			Edge: r.next(&edge, len(p.Edges)), Shelter: r.below(len(p.Shelters)), Along: r.metres(), Off: uint32(r.below(math.MaxInt32)),
			From: r.maybe(), To: r.maybe(),
		})
	}
	for range p.Nodes {
		t.Hops = append(t.Hops, r.number())
	}
	return t
}

// follower goes through a pack by its hops.
type follower struct {
	p  *pack.Pack
	t  *pack.Tree
	at [][]int // edges by node
	ms map[int][2]int64
}

func follow(p *pack.Pack, tree int) *follower {
	f := &follower{p: p, t: &p.Trees[tree], at: make([][]int, len(p.Nodes)), ms: map[int][2]int64{}}
	for i, e := range p.Edges {
		if f.at[e.From] = append(f.at[e.From], i); e.To != e.From {
			f.at[e.To] = append(f.at[e.To], i)
		}
	}
	for _, h := range p.Held {
		f.ms[h.Edge] = [2]int64{h.Along, h.Against}
	}
	return f
}

// from goes on from a node: the time in ms and the shelter, -1 where there is
// no way. What cannot be followed is an error.
func (f *follower) from(v int) (ms int64, shelter int, err error) {
	for range len(f.p.Nodes) + 1 {
		hop := f.t.Hops[v]
		switch k := (hop - 1) / 2; {
		case hop == pack.Nowhere:
			if ms > 0 {
				return 0, 0, errors.New("a way ends nowhere")
			}
			return 0, -1, nil
		case hop%2 == 1:
			if k >= len(f.at[v]) {
				return 0, 0, errors.New("no such edge")
			}
			e := &f.p.Edges[f.at[v][k]]
			w, open, to := int64(e.Weight), e.Onward, e.To
			held, has := f.ms[f.at[v][k]]
			back := e.From != v
			if back {
				open, to = e.Back, e.From
			}
			if has && back {
				w = held[1]
			} else if has {
				w = held[0]
			}
			if !open || w < 0 {
				return 0, 0, errors.New("over a closed edge")
			}
			ms, v = ms+w, to
		default:
			if k >= len(f.t.Doors) {
				return 0, 0, errors.New("no such door")
			}
			d := &f.t.Doors[k]
			best := int64(-1)
			for _, end := range [][2]int64{{int64(f.p.Edges[d.Edge].From), d.From}, {int64(f.p.Edges[d.Edge].To), d.To}} {
				if end[0] == int64(v) && end[1] >= 0 && (best < 0 || end[1] < best) {
					best = end[1]
				}
			}
			if best < 0 {
				return 0, 0, errors.New("no way from the node to the door")
			}
			return ms + best, d.Shelter, nil
		}
	}
	return 0, 0, errors.New("in a circle")
}

// FuzzReadPack: a reader is not led to panic, nor to follow for ever.
func FuzzReadPack(f *testing.F) {
	s := newSheet(f)
	street(s)
	c := s.city(noon)
	p, err := c.Pack(PackQuestion{Area: WholeCity, Profile: "foot", Hazard: "tsunami", Now: noon})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(p.Data[len(pack.Magic)+sha256.Size:])
	f.Fuzz(func(_ *testing.T, body []byte) {
		p, err := readBody(body)
		if err != nil {
			return
		}
		for i := range p.Trees {
			f := follow(p, i)
			for v := range p.Nodes {
				_, _, _ = f.from(v)
			}
		}
	})
}
