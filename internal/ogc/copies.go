package ogc

import (
	"container/list"
	"hash/maphash"
	"net/http"
	"sync"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// copies remembers which revision of each feature an editor's program was last
// sent, so that who overwrites a colleague's work without knowing of it is
// refused although the request says nothing of what was read: QGIS sends a
// moved shape alone, and never If-Match.
//
// A copy is held by a program (the User-Agent, as it is sent) of a person,
// whichever of the person's sessions, passwords and tokens it came by. It is the
// newest revision that was sent as JSON, with 304 too, and is noted before the
// first byte goes out: so whoever was answered with the present version can
// write at once, and is never refused. What the same program wrote, it holds;
// what another program of the same person wrote is nobody else's work and
// refuses nothing. Refused is a program that read an older version and has not
// read since, also where the person has seen the newer one elsewhere, as in the
// web map: what it sends was made from the old one. Scripts that never read are
// not known here, and programs that send If-Match are not asked: the web map is
// one of them.
//
// It can only miss. Nothing is known after a restart, nor of what had to be
// forgotten, and a program may hold less than it was sent: two windows of one
// QGIS look alike, and one window drops, until its layer is reloaded, what
// overlaps the map that it has already. There the rule of read_revision stands,
// which refuses the attributes and says that the shape is stored.
//
// Cost: about 40 bytes a feature and program, [mostCopies] at most, and some 40 ns
// for each feature that is sent to an editor, 100 the first time. For others it
// is one look at who asks.
type copies struct {
	most int
	seed maphash.Seed

	mu    sync.Mutex
	held  map[holder]*list.Element // of *holding
	order list.List                // latest used first
	count int                      // revisions in all holdings
}

// mostCopies bounds the copies of everybody together, to some 40 MB. Whose
// copies of a layer were not used for the longest time are forgotten first, all
// of them; a program that holds more than this alone is not remembered.
const mostCopies = 1 << 20

// perHolder is what a holder weighs beside its copies, in copies.
const perHolder = 16

// holder is a program of a person, for one layer.
type holder struct {
	person, layer string
	program       uint64
}

// holding is what a holder has: revisions by feature.
type holding struct {
	holder    holder
	revisions map[int64]int64
}

func newCopies(most int) *copies {
	return &copies{most: most, seed: maphash.MakeSeed(), held: map[holder]*list.Element{}}
}

// holder is who asks for features of a layer; false where it is nobody whose
// role edits it. It does not matter that a token is narrower: its person may use
// another to write. It costs no allocation.
func (c *copies) holder(r *http.Request, l *plan.Layer) (holder, bool) {
	a := rest.ActorOf(r.Context())
	if a.Anonymous() || !l.Access.CanEdit(a.Role) {
		return holder{}, false
	}
	return holder{a.Name, l.ID, maphash.String(c.seed, r.UserAgent())}, true
}

// sent notes features that answer a request in JSON, before they are sent.
func (c *copies) sent(r *http.Request, l *plan.Layer, f *found) {
	if h, ok := c.holder(r, l); ok && r.Method != http.MethodHead {
		c.keep(h, f)
	}
}

// keep notes that a holder has features, unless it has later versions.
func (c *copies) keep(h holder, f *found) {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := c.use(h)
	before := len(of.revisions)
	for i := range f.len() {
		if x := f.at(i); x.Revision > of.revisions[x.ID] {
			of.revisions[x.ID] = x.Revision
		}
	}
	c.count += len(of.revisions) - before
	for c.count+perHolder*len(c.held) > c.most {
		c.forget(c.order.Back())
	}
}

// use finds or makes what a holder has.
func (c *copies) use(h holder) *holding {
	e, ok := c.held[h]
	if !ok {
		e = c.order.PushFront(&holding{h, map[int64]int64{}})
		c.held[h] = e
	}
	c.order.MoveToFront(e)
	return holdingOf(e)
}

func (c *copies) forget(e *list.Element) {
	of := holdingOf(e)
	c.order.Remove(e)
	delete(c.held, of.holder)
	c.count -= len(of.revisions)
}

func holdingOf(e *list.Element) *holding {
	of, _ := e.Value.(*holding) // nothing else is in the list
	return of
}

// revision is that of a holder's copy of a feature; 0 where none is known.
func (c *copies) revision(h holder, id int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.held[h]; ok {
		return holdingOf(e).revisions[id]
	}
	return 0
}

// wrote notes what came of an edit. It adds no copy: a script that never reads
// stays unknown.
func (c *copies) wrote(r *http.Request, l *plan.Layer, made plan.Edited) {
	h, ok := c.holder(r, l)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.held[h]
	if !ok {
		return
	}
	c.order.MoveToFront(e)
	if was := holdingOf(e).revisions[made.ID]; was != 0 && was < made.Revision {
		holdingOf(e).revisions[made.ID] = made.Revision
	}
}

// hold gives an edit that does not say what was read the revision of the copy
// that it was made from, where that is known.
func (c *copies) hold(r *http.Request, l *plan.Layer, e *plan.Edit) {
	if e.Op == plan.Create || e.Revisions != nil || e.ReadRevision != nil || len(r.Header["If-Match"]) > 0 {
		return
	}
	if h, ok := c.holder(r, l); ok {
		e.Held = c.revision(h, e.ID)
	}
}
