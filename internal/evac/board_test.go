package evac

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// base is a database of a sheet that can go away.
type base struct {
	mu      sync.Mutex
	sheet   *sheet
	changes []plan.Change
	down    error
	wake    chan struct{}
}

func (b *base) Catalog(context.Context) (*plan.Catalog, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sheet.cat, b.down
}

func (b *base) rows(layer string) []*plan.Feature {
	return slices.DeleteFunc(slices.Clone(b.sheet.rows[layer]), func(f *plan.Feature) bool { return f == nil })
}

func (b *base) Load(_ context.Context, layers []*plan.Layer, emit func(*plan.Layer, []*plan.Feature) error) (plan.Position, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down != nil {
		return "", b.down
	}
	for _, l := range layers {
		if err := emit(l, b.rows(l.ID)); err != nil {
			return "", err
		}
	}
	return plan.Position(strconv.Itoa(len(b.changes))), nil
}

func (b *base) Since(_ context.Context, at plan.Position, _ *plan.Catalog) (plan.Delta, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := strconv.Atoi(string(at))
	if err != nil || b.down != nil {
		return plan.Delta{}, errors.Join(err, b.down)
	}
	d := plan.Delta{Position: plan.Position(strconv.Itoa(len(b.changes))), Changes: b.changes[n:], Features: map[string][]*plan.Feature{}}
	for _, c := range d.Changes {
		if f := b.sheet.rows[c.Layer][c.Feature-1]; f != nil {
			d.Features[c.Layer] = append(d.Features[c.Layer], f)
		}
	}
	return d, nil
}

func (b *base) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-b.wake:
	case <-time.After(20 * time.Millisecond):
	}
	return ctx.Err()
}

// edit adds a row or, where it is there, sets it; nil values take it away.
func (b *base) edit(layer string, id int64, g orb.Geometry, values map[string]any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := plan.Change{ID: int64(len(b.changes) + 1), Layer: layer, Feature: id, Op: plan.Update, At: time.Now()}
	switch {
	case values == nil:
		b.sheet.drop(layer, id)
		c.Op = plan.Delete
	case int(id) > len(b.sheet.rows[layer]):
		b.sheet.add(layer, g, values)
		c.Op = plan.Create
	default:
		b.sheet.set(layer, id, g, values)
	}
	if g != nil {
		box := g.Bound()
		c.After = &box
	}
	b.changes = append(b.changes, c)
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *base) lose(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = err
}

// TestBoardFollows runs a board on a mirror whose database has first nothing,
// then a street and a shelter, and goes away.
func TestBoardFollows(t *testing.T) {
	db := &base{sheet: newSheet(t), wake: make(chan struct{}, 1)}
	m := mirror.New(db, mirror.Options{})
	b := NewBoard(m, Options{})
	var code *plan.Error
	if _, err := b.City(); !errors.As(err, &code) || code.Code != "evacuation-not-ready" {
		t.Errorf("before it has run: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = m.Run(ctx) })
	running.Go(func() { _ = b.Run(ctx) })
	defer running.Wait()
	defer cancel()

	at := orb.Point{95.302, 5.5}
	ask := func() string {
		c, err := b.City()
		if err != nil {
			return err.Error()
		}
		a, err := c.Routes(Question{From: at, K: 1, Profile: "foot", Now: time.Now()})
		if errors.As(err, &code) {
			return code.Code
		}
		if err != nil {
			return err.Error()
		}
		return a.Sentence().EN
	}
	until := func(want string) {
		t.Helper()
		got := ""
		for start := time.Now(); time.Since(start) < 5*time.Second; time.Sleep(time.Millisecond) {
			if got = ask(); got == want {
				return
			}
		}
		t.Fatalf("%s, want %s", got, want)
	}
	until("no-roads")
	db.edit(roadLayer, 1, orb.MultiLineString{{{95.30, 5.5}, {95.31, 5.5}}}, map[string]any{"class": "residential"})
	until("No shelter is known.")
	db.edit(shelterLayer, 1, orb.Point{95.31, 5.5}, map[string]any{"name": "Masjid", "kind": "TES", "status": "ready", "capacity": int64(10)})
	const way = "Go to Masjid: 890 m, about 9 minutes."
	until(way)

	// While the database is away answers go on, and a closure ends by the clock.
	end := time.Now().Add(700 * time.Millisecond)
	db.edit(closureLayer, 1, square(orb.Point{95.306, 5.5}, 20), map[string]any{"reason": "flood", "severity": "closed", "starts_at": time.Now().Add(-time.Hour), "ends_at": end})
	const none = "No open way leads to a shelter that takes people."
	until(none)
	db.lose(errors.New("gone"))
	before, _ := b.City()
	until(way)
	if late := time.Since(end); late < 0 || late > 300*time.Millisecond {
		t.Errorf("the closure ended %v after its end", late)
	}
	after, _ := b.City()
	if after.AsOf.Sub(before.AsOf) > 100*time.Millisecond {
		t.Errorf("as of %v, before %v, without a database", after.AsOf, before.AsOf)
	}
	db.lose(nil)
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if c, _ := b.City(); c.AsOf.After(after.AsOf) {
			break
		}
		if time.Since(start) > 10*time.Second {
			t.Fatal("the board does not agree with the database again")
		}
	}
	db.edit(roadLayer, 1, nil, nil)
	until("no-roads")
}

// TestBoardRestores closes roads through a mirror, one after another, and opens
// them in another order: nothing gets shorter on the way there, nothing longer on
// the way back, and in the end all ways are what they were.
func TestBoardRestores(t *testing.T) {
	db := &base{sheet: banda(t, 0.3), wake: make(chan struct{}, 1)}
	m := mirror.New(db, mirror.Options{})
	b := NewBoard(m, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = m.Run(ctx) })
	running.Go(func() { _ = b.Run(ctx) })
	defer running.Wait()
	defer cancel()
	city := func(closures int) *City {
		t.Helper()
		for start := time.Now(); time.Since(start) < 10*time.Second; time.Sleep(time.Millisecond) {
			if c, err := b.City(); err == nil && len(c.closures) == closures {
				return c
			}
		}
		t.Fatalf("no city with %d closures", closures)
		return nil
	}
	c := city(0)
	r := rand.New(rand.NewPCG(4, 6))
	from := places(c, r, 25)
	ask := func(c *City) (times []time.Duration, ways []string, lines []orb.LineString) {
		t.Helper()
		for _, p := range from {
			a, err := c.Routes(Question{From: p, K: 1, Profile: "foot", Now: noon})
			if err != nil {
				t.Fatal(err)
			}
			times, ways = append(times, math.MaxInt64), append(ways, fmt.Sprint(a.Passed))
			for _, w := range a.Routes {
				times[len(times)-1] = w.Duration
				ways[len(ways)-1] += fmt.Sprint(w.Shelter.ID, w.Line, w.Steps)
				lines = append(lines, w.Line)
			}
		}
		return times, ways, lines
	}
	times, ways, lines := ask(c)
	was, longer := times, 0
	const closed = 5
	for n := range closed {
		line := lines[r.IntN(len(lines))]
		db.edit(closureLayer, int64(n+1), square(line[len(line)/2], 12), map[string]any{"reason": "flood", "severity": "closed", "starts_at": time.Now().Add(-time.Hour)})
		is, _, next := ask(city(n + 1))
		for i := range is {
			if is[i] < was[i] {
				t.Errorf("from %v: %v, before a closure %v", from[i], is[i], was[i])
			}
			if is[i] > was[i] {
				longer++
			}
		}
		was, lines = is, next
	}
	if longer == 0 {
		t.Error("no closure was on a way")
	}
	for n, id := range r.Perm(closed) {
		db.edit(closureLayer, int64(id+1), nil, nil)
		is, _, _ := ask(city(closed - n - 1))
		for i := range is {
			if is[i] > was[i] {
				t.Errorf("from %v: %v, before a road was opened %v", from[i], is[i], was[i])
			}
		}
		was = is
	}
	if _, again, _ := ask(city(0)); !slices.Equal(again, ways) {
		t.Error("with all roads open again the ways are not what they were")
	}
}
