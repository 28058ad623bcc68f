package auth

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// fresh is how long an answer of the database is used without asking again:
	// what is disabled or revoked elsewhere is refused within that time.
	fresh = 2 * time.Second
	// usable is how long it is used while the database cannot be asked.
	usable = 5 * time.Minute
	// patience is how long the database may take.
	patience = 5 * time.Second
	// maxKept bounds the answers of each kind.
	maxKept = 10000
)

// lookup asks the database for what hangs on a key, at most once every fresh
// for each key, however many wait for it.
type lookup[V any] struct {
	fetch  func(ctx context.Context, key string) (V, error)
	now    func() time.Time
	flight singleflight.Group
	mu     sync.Mutex // guards kept
	kept   *recent[string, kept[V]]
}

// kept is an answer: a value, or that there is none.
type kept[V any] struct {
	value V
	known bool
	// at is when the database said so; asked when it was last tried.
	at, asked time.Time
}

func newLookup[V any](now func() time.Time, fetch func(context.Context, string) (V, error)) *lookup[V] {
	return &lookup[V]{fetch: fetch, now: now, kept: newRecent[string, kept[V]](maxKept)}
}

// found is what a lookup tells.
type found[V any] struct {
	value V
	// stale says that the database is away and the value some minutes old.
	stale bool
}

// get returns the value or ErrUnknown; any other error is of the database.
func (l *lookup[V]) get(ctx context.Context, key string) (found[V], error) {
	k, have := l.peek(key)
	if have && l.now().Sub(k.asked) < fresh {
		return k.answer()
	}
	done := l.flight.DoChan(key, func() (any, error) {
		// The question belongs to all who wait, not to the first of them.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		return nil, l.ask(ctx, key)
	})
	select {
	case r := <-done:
		k, have := l.peek(key)
		if have {
			return k.answer()
		}
		return found[V]{}, r.Err
	case <-ctx.Done():
		return found[V]{}, ctx.Err()
	}
}

// ask fills kept, and leaves an older value there where the database fails.
func (l *lookup[V]) ask(ctx context.Context, key string) error {
	if k, ok := l.peek(key); ok && l.now().Sub(k.asked) < fresh {
		return nil // the answer came while this question was on its way
	}
	v, err := l.fetch(ctx, key)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if err == nil || errors.Is(err, ErrUnknown) {
		l.kept.set(key, kept[V]{value: v, known: err == nil, at: now, asked: now})
		return err
	}
	if k, ok := l.kept.get(key); ok && k.known && now.Sub(k.at) < usable {
		k.asked = now
		l.kept.set(key, k)
	} else {
		l.kept.delete(key)
	}
	return err
}

// answer is stale where a later question failed.
func (k kept[V]) answer() (found[V], error) {
	if !k.known {
		return found[V]{}, ErrUnknown
	}
	return found[V]{value: k.value, stale: k.asked.After(k.at)}, nil
}

func (l *lookup[V]) peek(key string) (kept[V], bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.get(key)
}

// put keeps what was just written to the database.
func (l *lookup[V]) put(key string, value V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.kept.set(key, kept[V]{value: value, known: true, at: now, asked: now})
}

// forget makes the next get ask.
func (l *lookup[V]) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept.delete(key)
}

// forgetAll forgets what is known and matches. It looks at all that is kept.
func (l *lookup[V]) forgetAll(match func(V) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept.deleteFunc(func(k kept[V]) bool { return k.known && match(k.value) })
}
