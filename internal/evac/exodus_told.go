package evac

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/flow"
	"github.com/simtaru/simtaru/internal/plan"
)

// Outcome is what a plan comes to. Times are minutes after the hazard begins,
// but for those on the way.
type Outcome struct {
	// People are all who are in danger; Outside live in no zone of the hazard.
	People  int `json:"people"`
	Outside int `json:"outside"`
	// Unplaced have no road within Reach: the plan does not know them.
	Unplaced int `json:"unplaced"`
	Saved    int `json:"saved"`
	// Left at least are not saved by any plan in whole steps, and Gap is the share of
	// people who might be, but are not by this one.
	LeftAtLeast int     `json:"not_saved_at_least"`
	Gap         float64 `json:"gap"`
	// Optimal: no plan saves more, nor as many with an earlier mean.
	Optimal bool  `json:"optimal"`
	Arrival Times `json:"arrival"`
	// MeanAtLeast is the mean arrival that no plan which saves as many can better.
	MeanAtLeast float64       `json:"mean_arrival_at_least"`
	OnTheWay    Times         `json:"on_the_way"`
	Reasons     []LeftBehind  `json:"not_saved"`
	Worst       *AreaTold     `json:"worst_area"`
	Areas       []AreaTold    `json:"areas"`
	Shelters    []ShelterTold `json:"shelters"`
	// PerMinute is how many arrive in each minute.
	PerMinute []int     `json:"arrivals_per_minute"`
	Model     ModelTold `json:"model"`
}

// Times are of those who are saved, in minutes.
type Times struct {
	Mean float64 `json:"mean"`
	P95  float64 `json:"p95"`
	Last float64 `json:"last"`
}

// LeftBehind are people who are not saved, and why.
type LeftBehind struct {
	Why    string    `json:"why"`
	Text   plan.Text `json:"text"`
	People int       `json:"people"`
}

// AreaTold is a gampong.
type AreaTold struct {
	ID       int64        `json:"id"`
	Code     string       `json:"code"`
	Name     string       `json:"name"`
	District string       `json:"district"`
	People   int          `json:"people"`
	Saved    int          `json:"saved"`
	Arrival  Times        `json:"arrival"`
	Reasons  []LeftBehind `json:"not_saved"`
}

// ShelterTold is a shelter and who arrives there.
type ShelterTold struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	Capacity  int64   `json:"capacity"`
	Room      int64   `json:"room"`
	People    int     `json:"people"`
	Full      bool    `json:"full"`
	First     float64 `json:"first"`
	Last      float64 `json:"last"`
	PerMinute []int   `json:"arrivals_per_minute"`
}

// ModelTold is what the city was simplified to.
type ModelTold struct {
	Steps        int     `json:"steps"`
	StepSeconds  float64 `json:"step_seconds"`
	NetworkNodes int     `json:"network_nodes"`
	NetworkEdges int     `json:"network_edges"`
	Nodes        int     `json:"nodes"`
	Edges        int     `json:"edges"`
	Groups       int     `json:"groups"`
	// Moved is by how many m people live elsewhere on their road, in the mean, and
	// Rounding how many seconds whole steps add to a way.
	Moved    float64 `json:"people_moved"`
	Rounding float64 `json:"rounding_seconds"`
}

// Solution is a plan that keeps all rules, and what it says.
type Solution struct {
	Outcome
	// Bound is how many people any plan saves at most.
	Bound  int
	Flows  []plan.EvacuationFlow
	Groups []plan.EvacuationGroup
}

// Solve makes the plan. Where ctx ends, it is the best until then. It is checked
// by flow.Validate: one that breaks a rule is an error.
func (d *Draft) Solve(ctx context.Context, areas []Area, progress func(flow.Progress)) (*Solution, error) {
	r, err := flow.Solve(ctx, &d.Problem, progress)
	if err != nil {
		return nil, fmt.Errorf("plan the evacuation: %w", err)
	}
	if err := flow.Validate(&d.Problem, &r.Plan); err != nil {
		return nil, fmt.Errorf("the plan breaks its rules: %w", err)
	}
	return d.tell(&r, areas), nil
}

// teller makes a Solution.
type teller struct {
	*Draft
	r     *flow.Result
	areas []Area
	s     *Solution
	all   sample
	by    map[int32]*sample
}

// sample are times in steps, with how many people have them.
type sample struct {
	times  [][2]int // step, people
	way    [][2]int
	saved  int
	people int
	left   map[string]int
}

func (d *Draft) tell(r *flow.Result, areas []Area) *Solution {
	t := &teller{Draft: d, r: r, areas: areas, s: &Solution{}, by: map[int32]*sample{}, all: sample{left: map[string]int{}}}
	t.trips()
	t.left()
	t.loads()
	t.sums()
	return t.s
}

func (d *Draft) minutes(steps int) float64 { return float64(steps) * float64(d.step) / 60_000 }

// group is people of one, with where they live.
func (t *teller) group(g Group, people int) plan.EvacuationGroup {
	m := plan.EvacuationGroup{At: g.At, People: people}
	if int(g.Area) < len(t.areas) {
		m.AreaCode, m.Area = t.areas[g.Area].Code, t.areas[g.Area].Name
	}
	return m
}

func (t *teller) of(area int32) *sample {
	if t.by[area] == nil {
		t.by[area] = &sample{left: map[string]int{}}
	}
	return t.by[area]
}

func (t *teller) trips() {
	lost := 0.0
	for _, trip := range t.r.Plan.Trips {
		g := t.people[trip.Group]
		m := t.group(g, trip.People())
		to := t.lane.shelters[t.halls[trip.Shelter]]
		m.Shelter, m.ShelterName = to.ID, to.Name
		first, last := trip.Departures[0].Step, trip.Departures[len(trip.Departures)-1].Step
		m.LeaveFirst, m.LeaveLast = t.minutes(first), t.minutes(last)
		m.ArriveFirst, m.ArriveEnd, m.Minutes = t.minutes(first+trip.Duration), t.minutes(last+trip.Duration), t.minutes(trip.Duration)
		waits := 0
		for _, w := range trip.Waits {
			waits += w.Steps
		}
		m.Waiting = t.minutes(waits)
		var names []string
		ms := int64(0)
		for _, e := range t.r.Plan.Routes[trip.Route] {
			k := &t.links[e]
			ms += k.ms
			for _, g := range k.legs {
				m.Metres += math.Abs(g.to - g.from)
				if name := t.lane.net.Edges[g.edge].Feature().Attributes.Name; name != "" && (len(names) == 0 || names[len(names)-1] != name) {
					names = append(names, name)
				}
			}
		}
		lost += float64(m.People) * (float64(int64(trip.Duration-waits)*t.step) - float64(ms))
		m.Way = strings.Join(names, ", ")
		m.Metres = hundredth(m.Metres)
		t.s.Groups = append(t.s.Groups, m)
		for _, s := range []*sample{&t.all, t.of(g.Area)} {
			for _, d := range trip.Departures {
				s.times = append(s.times, [2]int{d.Step + trip.Duration, d.People})
				s.way = append(s.way, [2]int{trip.Duration, d.People})
				s.saved += d.People
				s.people += d.People
			}
		}
	}
	t.s.Model.Rounding = hundredth(lost / 1000 / float64(max(t.r.Plan.Saved, 1)))
}

func (t *teller) left() {
	count := func(area int32, why string, people int) {
		for _, s := range []*sample{&t.all, t.of(area)} {
			s.left[why] += people
			s.people += people
		}
	}
	for _, l := range t.r.Plan.Left {
		g := t.people[l.Group]
		m := t.group(g, l.People)
		m.Why = string(l.Why)
		t.s.Groups = append(t.s.Groups, m)
		count(g.Area, string(l.Why), l.People)
	}
	for _, a := range t.areas {
		t.s.Unplaced += a.People - a.Placed
	}
}

// whyLeft are the reasons in words, in order.
var whyLeft = []struct {
	why  string
	text plan.Text
}{
	{string(flow.NoRoom), plan.Text{ID: "Tempat evakuasi yang dapat dicapai tepat waktu sudah penuh.", EN: "The shelters that are reached in time are full."}},
	{string(flow.TooLate), plan.Text{ID: "Terlalu jauh untuk tiba tepat waktu.", EN: "Too far to arrive in time."}},
	{string(flow.Crowded), plan.Text{ID: "Ada tempat, tetapi jalan ke sana tidak menampung semua tepat waktu.", EN: "There is room, but the roads do not carry everybody in time."}},
	{string(flow.NoWay), plan.Text{ID: "Tidak ada jalan terbuka ke tempat evakuasi yang menerima orang.", EN: "No open way leads to a shelter that takes people."}},
}

func (s *sample) reasons() []LeftBehind {
	all := []LeftBehind{}
	for _, w := range whyLeft {
		if n := s.left[w.why]; n > 0 {
			all = append(all, LeftBehind{w.why, w.text, n})
		}
	}
	return all
}

// timesOf are the mean, the 95th percentile and the last.
func (d *Draft) timesOf(all [][2]int) (t Times) {
	slices.SortFunc(all, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	people, sum := 0, 0
	for _, x := range all {
		people += x[1]
		sum += x[0] * x[1]
	}
	if people == 0 {
		return t
	}
	t.Mean = hundredth(d.minutes(1) * float64(sum) / float64(people))
	seen := 0
	for _, x := range all {
		if seen += x[1]; seen*100 >= people*95 {
			t.P95 = hundredth(d.minutes(x[0]))
			break
		}
	}
	t.Last = hundredth(d.minutes(all[len(all)-1][0]))
	return t
}

func hundredth(v float64) float64 { return math.Round(v*100) / 100 }

// perMinute sums what is by step.
func (d *Draft) perMinute(load []int32) []int32 {
	all := make([]int32, int(math.Ceil(d.minutes(d.Steps)))+1)
	for step, n := range load {
		all[int(d.minutes(step))] += n
	}
	return all
}

func (t *teller) loads() {
	loads := t.r.Plan.Loads(&t.Problem)
	at := map[int]orb.Point{} // of shelters, by node
	for k, s := range t.Shelters {
		at[s.Node] = t.lane.shelters[t.halls[k]].At
	}
	for e, load := range loads.Edges {
		if load == nil {
			continue
		}
		k := &t.links[e]
		u := plan.EvacuationFlow{Kind: k.kind.String(), Capacity: int(float64(t.Edges[e].Capacity) * 60_000 / float64(t.step)), First: -1, PerMinute: t.perMinute(load)}
		longest := -1.0
		put := func(p orb.Point) {
			if n := len(u.Line); n == 0 || u.Line[n-1] != p {
				u.Line = append(u.Line, p)
			}
		}
		for _, g := range k.legs {
			edge := &t.lane.net.Edges[g.edge]
			for _, p := range stretchOf(edge.Line, g.from, g.to) {
				put(p)
			}
			if m := math.Abs(g.to - g.from); m > longest {
				longest = m
				f := edge.Feature()
				u.Name, u.Layer, u.Feature = f.Attributes.Name, lines[f.Layer], f.ID
			}
		}
		if p, inside := at[t.Edges[e].To]; inside {
			put(p)
		}
		if len(u.Line) < 2 {
			continue // nobody goes anywhere: a home at a junction, a shelter in it
		}
		for step, n := range load {
			if n == 0 {
				continue
			}
			u.People += int(n)
			if u.First < 0 {
				u.First = hundredth(t.minutes(step))
			}
			u.Last = hundredth(t.minutes(step))
			if int(n) >= t.Edges[e].Capacity {
				u.Saturated += t.minutes(1)
			}
		}
		for minute, n := range u.PerMinute {
			if int(n) > u.Peak {
				u.Peak, u.PeakAt = int(n), minute
			}
		}
		u.Saturated = hundredth(u.Saturated)
		t.s.Flows = append(t.s.Flows, u)
	}
	t.s.PerMinute = make([]int, len(t.perMinute(nil)))
	for k, load := range loads.Shelters {
		s := t.lane.shelters[t.halls[k]]
		told := ShelterTold{ID: s.ID, Name: s.Name, Capacity: s.Capacity, Room: s.Room, First: -1}
		for step, n := range load {
			if n > 0 {
				told.People += int(n)
				if told.First < 0 {
					told.First = hundredth(t.minutes(step))
				}
				told.Last = hundredth(t.minutes(step))
			}
		}
		told.First = max(told.First, 0)
		told.Full = told.People >= int(s.Room)
		for minute, n := range t.perMinute(load) {
			told.PerMinute = append(told.PerMinute, int(n))
			t.s.PerMinute[minute] += int(n)
		}
		t.s.Shelters = append(t.s.Shelters, told)
	}
	slices.SortStableFunc(t.s.Shelters, func(a, b ShelterTold) int { return cmp.Compare(b.People, a.People) })
}

func (t *teller) sums() {
	o := &t.s.Outcome
	o.People, o.Outside, o.Saved, o.Reasons = t.all.people, t.Safe, t.all.saved, t.all.reasons()
	t.s.Bound = t.r.Bound.Saved
	o.LeftAtLeast = max(o.People-t.r.Bound.Saved, 0)
	o.Gap = math.Round(float64(t.r.Bound.Saved-o.Saved)/float64(max(t.r.Bound.Saved, 1))*1e6) / 1e6
	o.Optimal = t.r.Optimal
	o.Arrival, o.OnTheWay = t.timesOf(t.all.times), t.timesOf(t.all.way)
	o.MeanAtLeast = hundredth(t.minutes(1) * float64(t.r.Bound.Arrivals) / float64(max(o.Saved, 1)))
	m := &o.Model
	m.Steps, m.StepSeconds, m.NetworkNodes, m.NetworkEdges = t.Steps, float64(t.step)/1000, t.Lost.Nodes, t.Lost.Edges
	m.Nodes, m.Edges, m.Groups, m.Moved = len(t.Nodes), len(t.Edges), len(t.Groups), hundredth(t.Lost.Moved)
	o.Areas = []AreaTold{}
	for i, a := range t.areas {
		s := t.by[int32(i)]
		if s == nil {
			continue
		}
		o.Areas = append(o.Areas, AreaTold{
			ID: a.ID, Code: a.Code, Name: a.Name, District: a.District, People: s.people, Saved: s.saved, Arrival: t.timesOf(s.times), Reasons: s.reasons(),
		})
	}
	for i := range o.Areas {
		a := &o.Areas[i]
		if w := o.Worst; w == nil || cmp.Or(cmp.Compare(a.People-a.Saved, w.People-w.Saved), cmp.Compare(a.Arrival.P95, w.Arrival.P95)) > 0 {
			o.Worst = a
		}
	}
}
