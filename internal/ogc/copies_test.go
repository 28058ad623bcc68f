package ogc

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

func edited() *plan.Layer {
	return &plan.Layer{ID: "made_up", Access: plan.Access{Read: []plan.Role{plan.Public}, Edit: []plan.Role{plan.Planner}}}
}

func by(name string, role plan.Role, program string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("User-Agent", program)
	return r.WithContext(rest.WithActor(r.Context(), plan.Actor{Name: name, Role: role}))
}

// versions are features from..to-1 in a revision.
func versions(from, to, revision int64) *found {
	f := &found{archive: []*plan.Feature{}}
	for id := from; id < to; id++ {
		f.archive = append(f.archive, &plan.Feature{ID: id, Revision: revision})
	}
	return f
}

// heldBy is what an edit that says nothing would be held to.
func (c *copies) heldBy(r *http.Request, l *plan.Layer, id int64) int64 {
	e := plan.Edit{Layer: l.ID, Op: plan.Update, ID: id}
	c.hold(r, l, &e)
	return e.Held
}

// TestCopiesAreThoseOfAProgram: newest wins, own edits count, and nobody's copy
// is another's.
func TestCopiesAreThoseOfAProgram(t *testing.T) {
	c, l := newCopies(1000), edited()
	siti := by("siti", plan.Planner, "QGIS/34003")
	expect := func(what string, r *http.Request, id, want int64) {
		t.Helper()
		if got := c.heldBy(r, l, id); got != want {
			t.Errorf("%s: revision %d, want %d", what, got, want)
		}
	}
	expect("nothing was read", siti, 1, 0)
	c.sent(siti, l, versions(1, 4, 5))
	c.sent(siti, l, versions(2, 3, 4)) // an older state, or a time in the past
	expect("read", siti, 1, 5)
	expect("read again, older", siti, 2, 5)
	expect("not read", siti, 4, 0)
	expect("another program", by("siti", plan.Planner, "curl/8"), 1, 0)
	expect("another person", by("budi", plan.Planner, "QGIS/34003"), 1, 0)
	c.wrote(siti, l, plan.Edited{ID: 1, Revision: 6})
	c.wrote(siti, l, plan.Edited{ID: 9, Revision: 2})
	c.wrote(by("budi", plan.Planner, "script"), l, plan.Edited{ID: 1, Revision: 7})
	expect("written", siti, 1, 6)
	expect("written and never read", siti, 9, 0)
	expect("a script that never reads", by("budi", plan.Planner, "script"), 1, 0)
	head := by("siti", plan.Planner, "QGIS/34003")
	head.Method = http.MethodHead
	c.sent(head, l, versions(1, 2, 9))
	expect("only its headers", siti, 1, 6)
	// A token that may only read is sent what its person then writes on.
	reader := siti.WithContext(rest.WithActor(siti.Context(), plan.Actor{Name: "siti", Role: plan.Planner, ReadOnly: true, Layers: []string{}}))
	c.sent(reader, l, versions(1, 2, 8))
	expect("read with another token", siti, 1, 8)
	for what, e := range map[string]plan.Edit{
		"a creation": {Op: plan.Create, ID: 1}, "an edit with If-Match": {Op: plan.Update, ID: 1, Revisions: []int64{}},
		"an edit with read_revision": {Op: plan.Update, ID: 1, ReadRevision: new(int64)},
	} {
		if c.hold(siti, l, &e); e.Held != 0 {
			t.Errorf("%s is held to %d", what, e.Held)
		}
	}
	siti.Header.Set("If-Match", "*")
	expect("If-Match: *", siti, 1, 0)
}

// TestCopiesOfNobody: who cannot edit leaves no trace and costs no allocation.
func TestCopiesOfNobody(t *testing.T) {
	c, l, page := newCopies(1000), edited(), versions(1, 100, 1)
	for _, r := range []*http.Request{httptest.NewRequest(http.MethodGet, "/", nil), by("wati", plan.Public, "x"), by("agus", plan.Disaster, "x")} {
		if n := testing.AllocsPerRun(100, func() { c.sent(r, l, page) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
	if len(c.held) != 0 || c.count != 0 {
		t.Errorf("%d holders, %d copies", len(c.held), c.count)
	}
}

// check compares the count with what is there.
func (c *copies) check(t *testing.T) {
	t.Helper()
	n := 0
	for e := c.order.Front(); e != nil; e = e.Next() {
		n += len(holdingOf(e).revisions)
	}
	if n != c.count || c.order.Len() != len(c.held) || n+perHolder*len(c.held) > c.most {
		t.Errorf("%d copies are counted as %d; %d holders, %d in order; at most %d", n, c.count, len(c.held), c.order.Len(), c.most)
	}
}

// TestCopiesAreBounded: what was not used for the longest time goes first.
func TestCopiesAreBounded(t *testing.T) {
	c, l := newCopies(1000), edited()
	who := func(i int) *http.Request { return by(fmt.Sprint("orang", i), plan.Planner, "QGIS") }
	for i := range 3 {
		c.sent(who(i), l, versions(1, 301, 1))
	}
	c.sent(who(0), l, versions(1, 2, 1)) // used again
	c.sent(who(3), l, versions(1, 301, 1))
	c.check(t)
	for i, want := range []int64{1, 0, 1, 1} {
		if got := c.heldBy(who(i), l, 300); got != want {
			t.Errorf("person %d holds revision %d, want %d", i, got, want)
		}
	}
	// Whoever holds more than all is not remembered, and does no harm.
	c.sent(who(4), l, versions(1, 1001, 1))
	c.check(t)
	c.sent(who(4), l, versions(1, 10, 1))
	if got := c.heldBy(who(4), l, 9); got != 1 {
		t.Errorf("after that: %d", got)
	}
	// Many names cost something too.
	for i := range 5000 {
		c.sent(by("siti", plan.Planner, fmt.Sprint("program ", i)), l, versions(1, 2, 1))
	}
	c.check(t)
}

// TestCopiesWeigh measures the memory of a full house.
func TestCopiesWeigh(t *testing.T) {
	c, l := newCopies(mostCopies), edited()
	measure := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := measure()
	for i := range 30 {
		r := by(fmt.Sprint("orang", i), plan.Planner, "QGIS")
		for page := range int64(60) {
			c.sent(r, l, versions(page*1000+1, page*1000+1001, 1))
		}
	}
	c.check(t)
	bytes := measure() - before
	t.Logf("%d copies weigh %d bytes, %.1f each", c.count, bytes, float64(bytes)/float64(c.count))
	if c.count < mostCopies*9/10 || bytes > 48<<20 {
		t.Errorf("%d copies weigh %d bytes", c.count, bytes)
	}
	runtime.KeepAlive(c)
}

// TestCopiesTogether: readers and writers at once, for the race detector, more
// than there is room for: what they hold is the newest or not known.
func TestCopiesTogether(t *testing.T) {
	c, l := newCopies(500), edited()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			r := by(fmt.Sprint("orang", i), plan.Planner, "QGIS")
			for n := int64(1); n < 200; n++ {
				c.sent(r, l, versions(1, 100, n))
				c.wrote(r, l, plan.Edited{ID: 7, Revision: n + 1})
				if got := c.heldBy(r, l, 7); got != 0 && got != n+1 {
					t.Errorf("revision %d after %d", got, n+1)
				}
			}
		})
	}
	wg.Wait()
	c.check(t)
}
