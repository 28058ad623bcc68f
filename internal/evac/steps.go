package evac

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// Turn is what one does at the beginning of a step.
type Turn string

// The turns.
const (
	Depart      Turn = "depart"
	Straight    Turn = "straight"
	SlightLeft  Turn = "slight_left"
	Left        Turn = "left"
	SharpLeft   Turn = "sharp_left"
	SlightRight Turn = "slight_right"
	Right       Turn = "right"
	SharpRight  Turn = "sharp_right"
	Back        Turn = "back"
	Arrive      Turn = "arrive"
)

// Turns lists the turns.
func Turns() []Turn {
	return []Turn{Depart, Straight, SlightLeft, Left, SharpLeft, SlightRight, Right, SharpRight, Back, Arrive}
}

// Step is a part of a way that one sentence tells.
type Step struct {
	Turn     Turn
	Text     plan.Text
	At       orb.Point // where it begins
	Name     string
	Bridge   bool
	Metres   float64
	Duration time.Duration
	// Vertex of the line is where it begins, and Node what is there, network.None
	// within an edge. Before and After are the bearings there in degrees, Before is
	// NaN where there is none.
	Vertex        int
	Node          uint32
	Before, After float64
}

// Way is how one gets somewhere.
type Way struct {
	Line     orb.LineString
	Metres   float64
	Duration time.Duration
	Bridges  []string // names
	Steps    []Step
}

// turnOf is the turn from one bearing to another.
func turnOf(before, after float64) Turn {
	d := math.Mod(after-before+540, 360) - 180 // to the right, from -180
	side := func(left, right Turn) Turn {
		if d < 0 {
			return left
		}
		return right
	}
	switch a := math.Abs(d); {
	case a < 25:
		return Straight
	case a < 50:
		return side(SlightLeft, SlightRight)
	case a < 125:
		return side(Left, Right)
	case a < 170:
		return side(SharpLeft, SharpRight)
	default:
		return Back
	}
}

func (t Turn) words() plan.Text {
	switch t {
	case Straight:
		return plan.Text{ID: "Lurus terus", EN: "Continue"}
	case SlightLeft:
		return plan.Text{ID: "Serong kiri", EN: "Bear left"}
	case Left:
		return plan.Text{ID: "Belok kiri", EN: "Turn left"}
	case SharpLeft:
		return plan.Text{ID: "Belok tajam ke kiri", EN: "Turn sharply left"}
	case SlightRight:
		return plan.Text{ID: "Serong kanan", EN: "Bear right"}
	case Right:
		return plan.Text{ID: "Belok kanan", EN: "Turn right"}
	case SharpRight:
		return plan.Text{ID: "Belok tajam ke kanan", EN: "Turn sharply right"}
	case Back:
		return plan.Text{ID: "Berbalik arah", EN: "Turn back"}
	}
	panic("evac: no words for the turn " + string(t))
}

// route tells a way.
func route(l *lane, at orb.Point, from origin, f *found, a *Answer, due *deadlines) Route {
	s := l.shelters[l.usable[f.target]]
	r := Route{Way: Way{Line: orb.LineString{at}, Duration: ms(f.length)}, Shelter: s, Suits: s.suits[a.Hazard], Arrives: a.Leaving.Add(ms(f.length))}
	w := writer{l: l, r: &r.Way, before: math.NaN()}
	w.put(from.place.At)
	w.follow(f.legs, l.walk(from.place.Distance))
	w.put(s.At)
	for i := 1; i < len(r.Line); i++ {
		r.Metres += land.Distance(r.Line[i-1], r.Line[i])
	}
	w.finish(from.place.Distance, s)
	if margin, k := f.margin(due); margin != never {
		e := &l.net.Edges[f.legs[k].edge]
		end := stretchOf(e.Line, f.legs[k].to, f.legs[k].to)
		tight := &Tight{Name: e.Feature().Attributes.Name, Margin: time.Duration(margin) * time.Millisecond, Deadline: a.Leaving.Add(time.Duration(due.of(f.legs[k].edge)) * time.Millisecond)}
		if len(end) > 0 {
			tight.At = end[0]
		}
		r.Tight = tight
	}
	return r
}

func ms(v uint32) time.Duration { return time.Duration(v) * time.Millisecond }

// writer makes the line and the steps of a way.
type writer struct {
	l      *lane
	r      *Way
	before float64 // bearing of the last leg's end; NaN: none yet
	road   *network.Attributes
}

func (w *writer) put(p orb.Point) {
	if w.r.Line[len(w.r.Line)-1] != p {
		w.r.Line = append(w.r.Line, p)
	}
}

// follow tells legs, of which the first begins at clock ms.
func (w *writer) follow(legs []leg, clock uint32) {
	for _, g := range legs {
		line := stretchOf(w.l.net.Edges[g.edge].Line, g.from, g.to)
		if math.Abs(g.from-g.to) >= shortest && len(line) > 1 {
			w.leg(g, line, ms(g.end-clock))
		}
		clock = g.end
	}
}

// leg continues the last step, or begins one where the road has another name or
// turns at a junction, or a bridge begins or ends.
func (w *writer) leg(g leg, line orb.LineString, took time.Duration) {
	e := &w.l.net.Edges[g.edge]
	a := &e.Feature().Attributes
	node, turn, after := e.From, Depart, bearing(line[0], line[1])
	if g.from > g.to {
		node = e.To
	}
	if !math.IsNaN(w.before) {
		turn = turnOf(w.before, after)
	}
	junction := w.l.net.FirstOut[node+1]-w.l.net.FirstOut[node] > 2
	steps := w.r.Steps
	w.put(line[0])
	if w.road == nil || a.Name != w.road.Name || a.Bridge != w.road.Bridge || (a.Class == "steps") != (w.road.Class == "steps") || junction && turn != Straight && turn != SlightLeft && turn != SlightRight {
		steps = append(steps, Step{
			Turn: turn, At: line[0], Name: a.Name, Bridge: a.Bridge, Text: begin(turn, a, after),
			Vertex: len(w.r.Line) - 1, Node: node, Before: w.before, After: after,
		})
		if a.Bridge {
			w.r.Bridges = append(w.r.Bridges, a.Name)
		}
	}
	last := &steps[len(steps)-1]
	last.Metres += math.Abs(g.to - g.from)
	last.Duration += took
	w.r.Steps, w.road = steps, a
	for _, p := range line {
		w.put(p)
	}
	w.before = bearing(line[len(line)-2], line[len(line)-1])
}

// begin is the sentence of a step, without its length.
func begin(t Turn, a *network.Attributes, toward float64) plan.Text {
	name := a.Name
	switch {
	case a.Bridge:
		s := plan.Text{ID: "seberangi jembatan", EN: "cross the bridge"}
		if name != "" {
			s = plan.Text{ID: s.ID + " (" + name + ")", EN: s.EN + " (" + name + ")"}
		}
		if t == Depart || t == Straight {
			return plan.Text{ID: "S" + s.ID[1:], EN: "C" + s.EN[1:]}
		}
		return plan.Text{ID: t.words().ID + ", lalu " + s.ID, EN: t.words().EN + ", then " + s.EN}
	case t == Depart:
		w := winds[int(math.Mod(toward+22.5, 360)/45)]
		if name == "" {
			return plan.Text{ID: "Pergi ke arah " + w.ID, EN: "Head " + w.EN}
		}
		return plan.Text{ID: "Pergi ke arah " + w.ID + " di " + name, EN: "Head " + w.EN + " on " + name}
	case a.Class == "steps":
		return plan.Text{ID: t.words().ID + ", lewat tangga", EN: t.words().EN + ", by the steps"}
	case name == "":
		return t.words()
	case t == Straight:
		return plan.Text{ID: t.words().ID + " di " + name, EN: t.words().EN + " on " + name}
	default:
		return plan.Text{ID: t.words().ID + " ke " + name, EN: t.words().EN + " onto " + name}
	}
}

// winds by eighths, from north to the right.
var winds = [8]plan.Text{
	{ID: "utara", EN: "north"},
	{ID: "timur laut", EN: "north-east"},
	{ID: "timur", EN: "east"},
	{ID: "tenggara", EN: "south-east"},
	{ID: "selatan", EN: "south"},
	{ID: "barat daya", EN: "south-west"},
	{ID: "barat", EN: "west"},
	{ID: "barat laut", EN: "north-west"},
}

// offRoad is the length in m below which the way to the road is not told.
const offRoad = 5

// finish ends each sentence with its length, and tells how the road is reached
// and that one has arrived.
func (w *writer) finish(toRoad float64, s *Shelter) {
	for i := range w.r.Steps {
		m := paces(w.r.Steps[i].Metres)
		t := &w.r.Steps[i].Text
		t.ID, t.EN = t.ID+", "+m.ID+".", t.EN+", "+m.EN+"."
	}
	if toRoad >= offRoad {
		m := paces(toRoad)
		first := Step{
			Turn: Depart, At: w.r.Line[0], Metres: toRoad, Duration: time.Duration(w.l.walk(toRoad)) * time.Millisecond,
			Text: plan.Text{ID: "Menuju jalan terdekat, " + m.ID + " lurus.", EN: "Get to the nearest road, " + m.EN + " straight."},
		}
		w.r.Steps = append([]Step{first}, w.r.Steps...)
	}
	w.r.Steps = append(w.r.Steps, Step{Turn: Arrive, At: s.At, Name: s.Name, Text: plan.Text{ID: "Tiba di " + s.Name + ".", EN: "Arrive at " + s.Name + "."}})
}

// paces is a length as one says it: to 10 m, from a kilometre on to 100 m.
func paces(metres float64) plan.Text {
	if metres >= 995 {
		t := plan.Fixed(metres/1000, 1)
		return plan.Text{ID: t.ID + " km", EN: t.EN + " km"}
	}
	t := plan.Fixed(max(math.Round(metres/10)*10, 10), 0)
	return plan.Text{ID: t.ID + " m", EN: t.EN + " m"}
}
