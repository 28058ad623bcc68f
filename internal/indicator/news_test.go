package indicator

import (
	"testing"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// A computation of any length loses nothing: batches are gathered meanwhile.
func TestNews(t *testing.T) {
	n := newNews()
	batches := make(chan []plan.Change, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.collect(t.Context(), still{mirror.View{}}, batches)
	}()
	for i := range 500 {
		batches <- []plan.Change{{ID: int64(i)}, {ID: int64(i)}}
	}
	batches <- nil
	batches <- []plan.Change{{ID: 7}}
	close(batches)
	<-done
	<-n.wake
	if changes, reload, _, ended := n.take(); !reload || len(changes) != 0 || !ended {
		t.Errorf("%d changes, reload %v, ended %v: a plan loaded anew makes the changes before it idle", len(changes), reload, ended)
	}
	n.add(make([]plan.Change, mostNews))
	if changes, reload, _, _ := n.take(); reload || len(changes) != mostNews {
		t.Errorf("%d changes, reload %v", len(changes), reload)
	}
	n.add(make([]plan.Change, mostNews))
	n.add(make([]plan.Change, 1))
	if changes, reload, _, _ := n.take(); !reload || changes != nil {
		t.Errorf("%d changes are more than a full computation is worth", len(changes))
	}
}
