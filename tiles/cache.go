package tiles

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/maypok86/otter/v2"
	"github.com/maypok86/otter/v2/stats"
)

// Key names one version of one tile. Since the version is part of it, an answer
// computed from old data can only be stored under the old key: nothing needs to
// be invalidated, and what is not asked for any more goes when room is needed.
type Key struct {
	// Layers names what the tile is made of, and the audience if answers differ.
	Layers string
	Tile   ID
	// Version changes whenever the content may.
	Version uint64
}

// Coding is a content coding of HTTP.
type Coding uint8

// The codings that a Cache can answer in.
const (
	Gzip Coding = iota
	Identity
)

// Loader renders a tile: it appends it to dst. It should return soon after ctx
// is done.
type Loader func(ctx context.Context, dst []byte) ([]byte, error)

// Cache keeps tiles by weight in bytes. It keeps them gzipped, which is what
// browsers ask for; a tile that is asked for without gzip is kept a second time
// as it is, since unpacking it for each request would cost several times as much
// as sending it. It is safe for concurrent use.
type Cache struct {
	store   *otter.Cache[entryKey, []byte]
	counter *stats.Counter
	max     uint64
	packers sync.Pool

	mu      sync.Mutex
	flights map[Key]*flight

	hits, misses, loads, failures atomic.Uint64
	loading                       atomic.Int64 // nanoseconds
}

type entryKey struct {
	Key
	coding Coding
}

// overhead is what an entry takes beside its bytes, about.
const overhead = 256

// NewCache makes a cache that holds at most maxBytes.
func NewCache(maxBytes uint64) (*Cache, error) {
	c := &Cache{counter: stats.NewCounter(), max: maxBytes, flights: map[Key]*flight{}}
	store, err := otter.New(&otter.Options[entryKey, []byte]{
		MaximumWeight: max(1, maxBytes),
		Weigher: func(k entryKey, v []byte) uint32 {
			return uint32(min(uint64(len(k.Layers)+len(v)+overhead), 1<<32-1))
		},
		StatsRecorder: c.counter,
	})
	if err != nil {
		return nil, fmt.Errorf("tile cache: %w", err)
	}
	c.store = store
	return c, nil
}

// Get returns a tile in the coding asked for, empty for an empty tile. The bytes
// are shared: nobody may write to them.
//
// When it is not there, load renders it; requests for the same key wait for the
// one load. It runs on a goroutine of its own with the values, but not the
// deadline, of the first request's context, and is cancelled when nobody waits
// any more. An error, or a panic in load, is returned to those who wait and is
// not stored.
func (c *Cache) Get(ctx context.Context, key Key, coding Coding, load Loader) ([]byte, error) {
	if b, ok := c.store.GetIfPresent(entryKey{key, coding}); ok {
		c.hits.Add(1)
		return b, nil
	}
	if coding == Gzip {
		c.misses.Add(1)
		return c.load(ctx, key, load)
	}
	b, err := c.Get(ctx, key, Gzip, load)
	if err != nil || len(b) == 0 {
		return b, err
	}
	if b, err = unzip(b); err != nil {
		return nil, fmt.Errorf("tile %s: unpack: %w", key.Tile, err)
	}
	c.store.Set(entryKey{key, coding}, b)
	return b, nil
}

// flight is a load under way.
type flight struct {
	done    chan struct{} // closed when body and err are there
	body    []byte
	err     error
	waiters int // guarded by Cache.mu
	cancel  context.CancelFunc
}

func (c *Cache) load(ctx context.Context, key Key, load Loader) ([]byte, error) {
	c.mu.Lock()
	f := c.flights[key]
	if f == nil {
		// The load may have ended between the look at the store and the lock.
		if b, ok := c.store.GetIfPresent(entryKey{key, Gzip}); ok {
			c.mu.Unlock()
			return b, nil
		}
		f = &flight{done: make(chan struct{})}
		var inner context.Context
		inner, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
		c.flights[key] = f
		go c.run(inner, key, f, load)
	}
	f.waiters++
	c.mu.Unlock()

	select {
	case <-f.done:
		return f.body, f.err
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		if f.waiters--; f.waiters == 0 {
			f.cancel()
			c.land(key, f)
		}
		return nil, context.Cause(ctx)
	}
}

// land takes a flight off the list, so that nobody joins it any more. The caller
// holds mu.
func (c *Cache) land(key Key, f *flight) {
	if c.flights[key] == f {
		delete(c.flights, key)
	}
}

// run renders a tile and lets those who wait for it go on, whatever happens.
func (c *Cache) run(ctx context.Context, key Key, f *flight, load Loader) {
	start := time.Now()
	f.err = fmt.Errorf("tile %s: the loader ended its goroutine", key.Tile)
	defer func() {
		if v := recover(); v != nil {
			f.body, f.err = nil, fmt.Errorf("tile %s: the loader panicked: %v\n%s", key.Tile, v, debug.Stack())
		}
		c.loads.Add(1)
		c.loading.Add(int64(time.Since(start)))
		if f.err != nil {
			c.failures.Add(1)
		} else {
			c.store.Set(entryKey{key, Gzip}, f.body)
		}
		c.mu.Lock()
		c.land(key, f)
		c.mu.Unlock()
		f.cancel()
		close(f.done)
	}()
	f.body, f.err = c.render(ctx, load)
}

func (c *Cache) render(ctx context.Context, load Loader) ([]byte, error) {
	p, _ := c.packers.Get().(*packer)
	if p == nil {
		p = &packer{}
	}
	raw, err := load(ctx, p.raw[:0])
	if err != nil {
		return nil, err
	}
	p.raw = raw
	defer c.packers.Put(p) // not after a panic: the loader may still hold dst
	return p.pack(raw)
}

// packer is the working memory of one load.
type packer struct {
	raw []byte
	out bytes.Buffer
	zip *gzip.Writer
}

func (p *packer) pack(raw []byte) ([]byte, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	p.out.Reset()
	if p.zip == nil {
		zip, err := gzip.NewWriterLevel(&p.out, gzip.BestSpeed)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		p.zip = zip
	}
	p.zip.Reset(&p.out)
	if _, err := p.zip.Write(raw); err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	if err := p.zip.Close(); err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return slices.Clone(p.out.Bytes()), nil
}

// unzipLimit bounds what a tile can grow to, should the memory be damaged.
const unzipLimit = 1 << 30

func unzip(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, unzipLimit))
}

// CacheStats are the figures of a cache since it was made.
type CacheStats struct {
	// Hits were answered from memory, Misses waited for a load.
	Hits, Misses uint64
	// Loads were begun and have ended, Failures of them with an error.
	Loads, Failures uint64
	LoadTime        time.Duration
	Evictions       uint64
	// Entries and Bytes are what is held now, of at most MaxBytes.
	Entries         int
	Bytes, MaxBytes uint64
}

// Stats returns the figures of the cache.
func (c *Cache) Stats() CacheStats {
	return CacheStats{
		Hits: c.hits.Load(), Misses: c.misses.Load(),
		Loads: c.loads.Load(), Failures: c.failures.Load(),
		LoadTime:  time.Duration(c.loading.Load()),
		Evictions: c.counter.Snapshot().Evictions,
		Entries:   c.store.EstimatedSize(), Bytes: c.store.WeightedSize(), MaxBytes: c.max,
	}
}
