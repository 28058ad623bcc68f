package mirror

import (
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

// lines is a source that says nothing of itself.
type lines chan []plan.Change

func (l lines) Status() Status                            { return Status{} }
func (l lines) Subscribe() (<-chan []plan.Change, func()) { return l, func() {} }

// Work of any length loses nothing: batches are gathered meanwhile.
func TestInbox(t *testing.T) {
	from := make(lines)
	in := Follow(t.Context(), from, 1000, "road", "closure")
	defer in.Stop()
	for i := range 500 {
		from <- []plan.Change{{ID: int64(2 * i), Layer: "road"}, {ID: int64(2*i + 1), Layer: "closure"}, {Layer: "parcel"}}
	}
	var got []plan.Change
	for len(got) < 1000 {
		<-in.Wake
		got = append(got, in.Take().Changes...)
	}
	for i, c := range got {
		if c.ID != int64(i) {
			t.Fatalf("change %d is %+v", i, c)
		}
	}
	from <- []plan.Change{{Layer: "road"}}
	from <- nil
	from <- []plan.Change{{Layer: "road"}}
	close(from)
	for n := (News{}); !n.Ended; {
		<-in.Wake
		reload := n.Reload
		n = in.Take()
		if n.Reload = n.Reload || reload; n.Ended && !n.Reload || n.Reload && len(n.Changes) > 0 && !reload {
			t.Errorf("%+v: a plan loaded anew makes the changes before it idle", n)
		}
	}
}

func TestInboxWithTooManyChanges(t *testing.T) {
	var n News
	if n.add(make([]plan.Change, 9), 9, nil); n.Reload || len(n.Changes) != 9 {
		t.Errorf("%d changes, reload %v", len(n.Changes), n.Reload)
	}
	if n.add(make([]plan.Change, 1), 9, nil); !n.Reload || n.Changes != nil {
		t.Errorf("%d changes are more than beginning anew is worth", len(n.Changes))
	}
	if n.add([]plan.Change{{}}, 9, nil); n.Changes != nil {
		t.Error("what comes after is gathered for nothing")
	}
}
