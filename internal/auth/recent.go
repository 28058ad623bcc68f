package auth

import "container/list"

// recent is a map that holds at most max entries and drops the one that was
// used longest ago. It is not safe for concurrent use.
type recent[K comparable, V any] struct {
	max   int
	order *list.List // of *pair[K, V], most recently used first
	at    map[K]*list.Element
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](limit int) *recent[K, V] {
	return &recent[K, V]{max: limit, order: list.New(), at: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(key K) (V, bool) {
	e, ok := r.at[key]
	if !ok {
		var none V
		return none, false
	}
	r.order.MoveToFront(e)
	return e.Value.(*pair[K, V]).value, true
}

func (r *recent[K, V]) set(key K, value V) {
	if e, ok := r.at[key]; ok {
		e.Value.(*pair[K, V]).value = value
		r.order.MoveToFront(e)
		return
	}
	r.at[key] = r.order.PushFront(&pair[K, V]{key, value})
	if r.order.Len() > r.max {
		r.delete(r.order.Back().Value.(*pair[K, V]).key)
	}
}

func (r *recent[K, V]) delete(key K) {
	if e, ok := r.at[key]; ok {
		r.order.Remove(e)
		delete(r.at, key)
	}
}

func (r *recent[K, V]) deleteFunc(del func(V) bool) {
	for key, e := range r.at {
		if del(e.Value.(*pair[K, V]).value) {
			r.delete(key)
		}
	}
}
