package mirror

import "github.com/simtaru/simtaru/internal/plan"

// queue is how many batches a subscriber may lag behind.
const queue = 64

type subscriber struct{ batches chan []plan.Change }

// Subscribe returns the changes as they become visible in the snapshots, batch
// by batch. A nil batch says that the whole plan was loaded anew. The channel
// is closed when the reader falls too far behind, since a reader that missed
// changes must begin again; stop ends the subscription.
func (m *Mirror) Subscribe() (batches <-chan []plan.Change, stop func()) {
	s := &subscriber{batches: make(chan []plan.Change, queue)}
	m.mu.Lock()
	m.subs[s] = struct{}{}
	m.mu.Unlock()
	return s.batches, func() {
		m.mu.Lock()
		m.drop(s)
		m.mu.Unlock()
	}
}

// publish hands a batch to every subscriber without waiting for any.
func (m *Mirror) publish(batch []plan.Change) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for s := range m.subs {
		select {
		case s.batches <- batch:
		default:
			m.drop(s)
		}
	}
}

// drop ends a subscription once; m.mu is held.
func (m *Mirror) drop(s *subscriber) {
	if _, ok := m.subs[s]; ok {
		delete(m.subs, s)
		close(s.batches)
	}
}
