package pack

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// Magic begins each file; its last character is the version of the format.
const Magic = "SEP1"

// Type is the media type.
const Type = "application/vnd.simtaru.evacuation-pack"

// Pack is what a file holds.
type Pack struct {
	Head
	Nodes []orb.Point // lon, lat; Head.Nodes is their number
	Edges []Edge
	Held  []Held
	Trees []Tree // by Head.Hazards
}

// Head is the first part of a file, as JSON.
type Head struct {
	Area    Area    `json:"area"`
	Profile string  `json:"profile"`
	Pace    float64 `json:"pace"` // m/s off the roads
	Graph   string  `json:"graph_version"`
	Hazard  string  `json:"hazard_version"`
	// Until is when a closure next begins or ends by the clock; nil: none is known.
	Until    *time.Time `json:"until"`
	Names    []string   `json:"names"`
	Speeds   []float64  `json:"speeds"` // m/s
	Shelters []Shelter  `json:"shelters"`
	Hazards  []string   `json:"hazards"` // of the trees; empty: none
	Events   []Event    `json:"events"`
	Counts   Counts     `json:"counts"`
}

// Counts are how many there are in the binary part.
type Counts struct {
	Nodes int `json:"nodes"`
	Edges int `json:"edges"`
}

// Area is what a pack is of.
type Area struct {
	Kind string `json:"kind"` // city, district or gampong
	Code string `json:"code"`
	Name string `json:"name"`
}

// Shelter is a place of refuge as it stood.
type Shelter struct {
	ID       int64      `json:"id"`
	Name     string     `json:"name"`
	Kind     string     `json:"kind"`
	At       [2]float64 `json:"coordinates"` // lon, lat
	Capacity int64      `json:"capacity"`    // people
	Room     int64      `json:"room"`
	// Height is that of the refuge floor above the ground in m; nil: not known.
	Height *float64 `json:"refuge_height"`
	// Open is that one may go there if there is nothing better, even if it is full.
	Open bool `json:"open"`
}

// Event is a hazard that is announced, also one that is still to begin.
type Event struct {
	ID       int64      `json:"id"`
	Hazard   string     `json:"hazard"`
	Level    string     `json:"level"`
	Starts   time.Time  `json:"starts_at"`
	Arrival  *time.Time `json:"arrival_at"`
	Ends     *time.Time `json:"ends_at"`
	Source   string     `json:"source"`
	Bulletin string     `json:"bulletin"`
	Message  plan.Text  `json:"message"`
	// Rings bound where it holds, holes among them: a place is inside if it is
	// inside an odd number of them. Each is lon, lat of its first corner in
	// micro-degrees, and of each further one less that before.
	Rings [][]int64 `json:"rings"`
	// Apart are the edges with a front for which its arrival is not the deadline, by
	// twos: the edge's number, less that before; and 0 where the front's own
	// ms hold instead, else 1 and the ms from its start that hold too, whichever
	// is earlier. Part of such an edge is in its area.
	Apart []int64 `json:"apart"`
}

// Edge is a stretch of road between two nodes.
type Edge struct {
	From, To int
	Bridge   bool
	Steps    bool
	// Onward and Back say that it may be gone along its line, and against it.
	Onward, Back bool
	// Fork is that more than two roads meet at From and To, some perhaps not in
	// the pack.
	Fork   [2]bool
	Speed  int // in Head.Speeds
	Name   int // in Head.Names; -1: none
	Weight uint32
	Line   orb.LineString // from node to node
}

// Held is what holds on an edge now.
type Held struct {
	Edge           int
	Along, Against int64 // ms; -1: closed
	Stretches      []Stretch
}

// Stretch is closed (Speed 0), or slow by a factor.
type Stretch struct{ From, To, Speed float64 } // m

// Tree is the ways to shelters under one hazard.
type Tree struct {
	Fronts []Front
	Doors  []Door
	Hops   []int // by node, as written
}

// Front is an edge in a zone.
type Front struct {
	Edge         int
	Arrival      int64 // ms from the start of the hazard; -1: not known
	Rises, Falls []float64
}

// Door is where a shelter meets the roads.
type Door struct {
	Edge, Shelter int
	Along         float64 // m
	Off           uint32  // ms to the shelter from there
	From, To      int64   // ms to it from the ends of the edge; -1: no way
}

// Nowhere is the hop where there is no way.
const Nowhere = 0

// ByEdge is the hop by the k-th edge at a node.
func ByEdge(k int) int { return 2*k + 1 }

// ByDoor is the hop by the k-th door.
func ByDoor(k int) int { return 2*k + 2 }

// Micro are micro-degrees.
func Micro(degrees float64) int64 { return int64(math.Round(degrees * 1e6)) }

// Ring is one of Event.Rings.
func Ring(r orb.Ring) (out []int64) {
	var last [2]int64
	for _, p := range r {
		x, y := Micro(p[0]), Micro(p[1])
		out = append(out, x-last[0], y-last[1])
		last = [2]int64{x, y}
	}
	return out
}

// hashed is where what the hash is of begins.
const hashed = len(Magic) + sha256.Size

// Encode writes the file.
func (p *Pack) Encode() ([]byte, error) {
	p.Counts = Counts{len(p.Nodes), len(p.Edges)}
	head, err := json.Marshal(&p.Head)
	if err != nil {
		return nil, fmt.Errorf("head of a pack: %w", err)
	}
	w := writer{make([]byte, hashed, hashed+len(head)+16*len(p.Nodes)+12*len(p.Edges))}
	w.put(len(head))
	w.data = append(w.data, head...)
	var last [2]int64
	for _, n := range p.Nodes {
		last = w.position(n, last)
	}
	w.edges(p)
	w.held(p.Held)
	for i := range p.Trees {
		w.tree(&p.Trees[i])
	}
	copy(w.data, Magic)
	sum := sha256.Sum256(w.data[hashed:])
	copy(w.data[len(Magic):], sum[:])
	return w.data, nil
}

// Hash is that in a file that Encode has written.
func Hash(file []byte) []byte { return file[len(Magic):hashed] }

type writer struct{ data []byte }

func (w *writer) put(n int) { w.data = binary.AppendUvarint(w.data, uint64(n)) }

func (w *writer) signed(n int64) { w.data = binary.AppendVarint(w.data, n) }

func (w *writer) cm(metres float64) {
	w.put(int(math.Round(max(metres, 0) * 100)))
}

// position writes a place against the last one, and returns it.
func (w *writer) position(p orb.Point, last [2]int64) [2]int64 {
	at := [2]int64{Micro(p[0]), Micro(p[1])}
	w.signed(at[0] - last[0])
	w.signed(at[1] - last[1])
	return at
}

func (w *writer) edges(p *Pack) {
	before := 0
	for i := range p.Edges {
		w.put(p.Edges[i].From - before)
		before = p.Edges[i].From
	}
	for i := range p.Edges {
		w.signed(int64(p.Edges[i].To - p.Edges[i].From))
	}
	for i := range p.Edges {
		e := &p.Edges[i]
		flags := e.Speed << 6
		for bit, on := range []bool{e.Bridge, e.Steps, !e.Onward, !e.Back, e.Fork[0], e.Fork[1]} {
			if on {
				flags |= 1 << bit
			}
		}
		w.put(flags)
	}
	for i := range p.Edges {
		w.put(p.Edges[i].Name + 1)
	}
	for i := range p.Edges {
		w.put(int(p.Edges[i].Weight))
	}
	for i := range p.Edges {
		e := &p.Edges[i]
		n := p.Nodes[e.From]
		last := [2]int64{Micro(n[0]), Micro(n[1])}
		inner := e.Line[1 : len(e.Line)-1]
		w.put(len(inner))
		for _, v := range inner {
			last = w.position(v, last)
		}
	}
}

func (w *writer) held(all []Held) {
	w.put(len(all))
	before := 0
	for _, h := range all {
		w.put(h.Edge - before)
		before = h.Edge
		w.put(int(h.Along + 1))
		w.put(int(h.Against + 1))
		w.put(len(h.Stretches))
		for _, s := range h.Stretches {
			w.cm(s.From)
			w.cm(s.To - s.From)
			w.put(int(math.Round(s.Speed * 1e4)))
		}
	}
}

func (w *writer) tree(t *Tree) {
	w.put(len(t.Fronts))
	before := 0
	for _, f := range t.Fronts {
		w.put(f.Edge - before)
		before = f.Edge
		w.put(int(f.Arrival + 1))
		for _, places := range [][]float64{f.Rises, f.Falls} {
			w.put(len(places))
			for _, at := range places {
				w.cm(at)
			}
		}
	}
	w.put(len(t.Doors))
	before = 0
	for _, d := range t.Doors {
		w.put(d.Edge - before)
		before = d.Edge
		w.put(d.Shelter)
		w.cm(d.Along)
		w.put(int(d.Off))
		w.put(int(d.From + 1))
		w.put(int(d.To + 1))
	}
	for _, h := range t.Hops {
		w.put(h)
	}
}
