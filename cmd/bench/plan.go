package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"time"

	"github.com/simtaru/simtaru/internal/evac/flow"
)

// plan evacuates coastal cities of 6,000 nodes, 17,000 edges and 32,000 people
// on foot, and prints each way of planning it beside what no plan can better.
func (b *bench) plan(ctx context.Context) error {
	for _, c := range []coast{
		{name: "many shelters", minutes: 60, shelters: 120, room: 600},
		{name: "too little room", minutes: 40, shelters: 60, room: 250},
		{name: "few doors", minutes: 60, shelters: 12, room: 2500},
	} {
		if err := c.evacuate(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c coast) evacuate(ctx context.Context) error {
	p := c.city()
	people := 0
	for _, g := range p.Groups {
		people += g.People
	}
	fmt.Printf("\nevacuation plan, %s: %d nodes, %d edges, %d people in %d groups, %d steps of 10 s   (aim: gap under 5 %%, 60 s of one core)\n",
		c.name, len(p.Nodes), len(p.Edges), people, len(p.Groups), p.Steps)
	spent := processor()
	simple, err := flow.Assign(p)
	if err != nil {
		return err
	}
	spent = processor() - spent
	fmt.Printf("%-16s %6d people have room, mean arrival %4.1f min, were streets empty and all as late as the last of their group   %.1f s\n",
		"assignment", simple.Placed, minutes(simple.Arrivals, simple.Placed), spent.Seconds())
	spent = processor()
	greedy, err := flow.Greedy(p)
	if err != nil {
		return err
	}
	if err := tell(p, "greedy (CCRP)", &greedy, processor()-spent); err != nil {
		return err
	}
	if err := optimum(ctx, p, time.Second); err != nil {
		return err
	}
	return optimum(ctx, p, time.Hour)
}

// optimum plans within a time and prints the gap to the bound.
func optimum(ctx context.Context, p *flow.Problem, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	spent, highest := processor(), before.HeapInuse
	r, err := flow.Solve(ctx, p, func(flow.Progress) {
		runtime.ReadMemStats(&now)
		highest = max(highest, now.HeapInuse)
	})
	if err != nil {
		return err
	}
	spent = processor() - spent
	name := "optimum"
	if !r.Optimal {
		name = fmt.Sprintf("cut at %v", limit)
	}
	if err := tell(p, name, &r.Plan, spent); err != nil {
		return err
	}
	saved, arrivals := r.Plan.Saved, minutes(r.Plan.Arrivals, r.Plan.Saved)
	least := minutes(r.Bound.Arrivals, saved)
	fmt.Printf("%16s no plan saves more than %d (gap %.2f %%), nor as many with a mean under %.1f min (gap %.2f %%) or the last before %.1f min; %.0f MB\n", "",
		r.Bound.Saved, gap(float64(saved), float64(r.Bound.Saved)), least, gap(least, arrivals), float64(r.Bound.Last)/6, float64(highest-before.HeapInuse)/1e6)
	return nil
}

// tell validates a plan and prints it.
func tell(p *flow.Problem, name string, plan *flow.Plan, spent time.Duration) error {
	if err := flow.Validate(p, plan); err != nil {
		return fmt.Errorf("%s is no plan: %w", name, err)
	}
	loads := plan.Loads(p)
	saturated, full := 0, 0
	for e, entered := range loads.Edges {
		for _, n := range entered {
			if int(n) == p.Edges[e].Capacity {
				saturated++
				break
			}
		}
	}
	for k, arrived := range loads.Shelters {
		sum := 0
		for _, n := range arrived {
			sum += int(n)
		}
		if sum == p.Shelters[k].Room {
			full++
		}
	}
	left := map[flow.Reason]int{}
	for _, l := range plan.Left {
		left[l.Why] += l.People
	}
	fmt.Printf("%-16s %6d saved, mean arrival %4.1f min, last %4.1f min; %d trips by %d routes   %.1f s\n",
		name, plan.Saved, minutes(plan.Arrivals, plan.Saved), float64(plan.Last)/6, len(plan.Trips), len(plan.Routes), spent.Seconds())
	fmt.Printf("%16s %d streets at capacity, %d shelters full; left: too late %d, no way %d, no room %d, crowded %d\n", "",
		saturated, full, left[flow.TooLate], left[flow.NoWay], left[flow.NoRoom], left[flow.Crowded])
	return nil
}

func minutes(steps int64, people int) float64 { return float64(steps) / float64(max(people, 1)) / 6 }

// gap is what is missing of the whole, in percent.
func gap(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * (whole - part) / whole
}

// processor is the time that this process has had, so that other load does not count.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // there is no other way to fail but a wrong argument
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// coast is a made city on a shore, 80 blocks wide and 75 deep. The wave comes
// ashore after half an hour and takes a quarter to the last block; there are
// shelters in its way, and high ground behind, where the streets end.
type coast struct {
	name                    string
	minutes, shelters, room int
}

const blocksWide, blocksDeep, blockMetres = 80, 75, 60

// city draws the streets, 2 to 6 m wide, of which a quarter is missing, and the
// people, most of whom live near the shore. It is the same at each call.
func (c coast) city() *flow.Problem {
	r := rand.New(rand.NewPCG(6, 17))
	p := &flow.Problem{Steps: c.minutes * 6}
	wave := func(row int) int { return 6 * (30 + 15*row/blocksDeep) }
	for row := range blocksDeep {
		for range blocksWide {
			p.Nodes = append(p.Nodes, flow.Node{Wait: flow.Unbounded, Deadline: wave(row)})
		}
	}
	street := func(a, b int, metres, width float64) {
		e := flow.Edge{From: a, To: b, Time: int(metres / 1.1 / 10), Capacity: int(width * 1.3 * 10), Deadline: wave(min(a, b) / blocksWide)}
		p.Edges = append(p.Edges, e, flow.Edge{From: b, To: a, Time: e.Time, Capacity: e.Capacity, Deadline: e.Deadline})
	}
	for _, v := range r.Perm(blocksWide * blocksDeep * 2) {
		a, b := v/2, v/2+1
		if v%2 == 1 {
			b = v/2 + blocksWide
		}
		if len(p.Edges) >= 17_000 || v%2 == 0 && b%blocksWide == 0 || b >= blocksWide*blocksDeep {
			continue
		}
		street(a, b, blockMetres*(1+r.Float64()/2), 2+4*r.Float64())
	}
	shelter := func(at, room int, width float64) {
		k := len(p.Nodes)
		p.Nodes = append(p.Nodes, flow.Node{Wait: flow.Unbounded, Deadline: flow.Unbounded})
		p.Edges = append(p.Edges, flow.Edge{From: at, To: k, Time: 6, Capacity: int(width * 1.3 * 10), Deadline: p.Nodes[at].Deadline})
		p.Shelters = append(p.Shelters, flow.Shelter{Node: k, Room: room})
	}
	for range c.shelters {
		shelter(r.IntN(blocksWide*blocksDeep), c.room/2+r.IntN(c.room), 1.5)
	}
	for column := 0; column < blocksWide; column += 8 {
		shelter((blocksDeep-1)*blocksWide+column, flow.Unbounded, 4)
	}
	for left := 32_000; left > 0; {
		n := min(left, 20+r.IntN(33))
		row := int(float64(blocksDeep) * r.Float64() * r.Float64())
		p.Groups = append(p.Groups, flow.Group{Node: row*blocksWide + r.IntN(blocksWide), People: n, Depart: 60 + r.IntN(30), Spread: 30})
		left -= n
	}
	return p
}
