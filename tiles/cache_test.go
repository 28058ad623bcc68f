package tiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func newCache(t testing.TB, n uint64) *Cache {
	t.Helper()
	c, err := NewCache(n)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func constant(b string) Loader {
	return func(_ context.Context, dst []byte) ([]byte, error) { return append(dst, b...), nil }
}

func never(context.Context, []byte) ([]byte, error) { return nil, errors.New("loaded again") }

func TestCacheCodings(t *testing.T) {
	c := newCache(t, 1<<20)
	ctx := context.Background()
	want := strings.Repeat("tile ", 100)
	key := Key{Layers: "zoning", Tile: ID{14, 1, 2}, Version: 3}
	zipped, err := c.Get(ctx, key, Gzip, constant(want))
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := unzip(zipped); err != nil || string(raw) != want {
		t.Fatalf("unpacked: %q, %v", raw, err)
	}
	for range 2 {
		raw, err := c.Get(ctx, key, Identity, never)
		if err != nil || string(raw) != want {
			t.Fatalf("identity: %q, %v", raw, err)
		}
	}
	if b, err := c.Get(ctx, Key{Tile: ID{14, 1, 3}}, Identity, constant("")); err != nil || len(b) != 0 {
		t.Fatalf("empty tile: %q, %v", b, err)
	}
	if b, err := c.Get(ctx, Key{Tile: ID{14, 1, 3}}, Gzip, never); err != nil || len(b) != 0 {
		t.Fatalf("empty tile, again: %q, %v", b, err)
	}
	// Another version is another entry, whatever ends first.
	key.Version++
	if b, err := c.Get(ctx, key, Identity, constant("new")); err != nil || string(b) != "new" {
		t.Fatalf("next version: %q, %v", b, err)
	}
}

// TestCacheBuffers: the buffer that a loader appends to is used again, what was
// stored is not.
func TestCacheBuffers(t *testing.T) {
	c := newCache(t, 1<<20)
	var all [][]byte
	for i := range 50 {
		b, err := c.Get(context.Background(), Key{Version: uint64(i)}, Gzip, constant(strings.Repeat(fmt.Sprint(i), 1000)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	for i, b := range all {
		if raw, err := unzip(b); err != nil || string(raw) != strings.Repeat(fmt.Sprint(i), 1000) {
			t.Fatalf("tile %d changed", i)
		}
	}
}

func TestCacheLoadsOnce(t *testing.T) {
	c := newCache(t, 1<<20)
	var loads atomic.Int32
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			b, err := c.Get(context.Background(), Key{Version: uint64(i % 4)}, Coding(i%2), func(_ context.Context, dst []byte) ([]byte, error) {
				loads.Add(1)
				runtime.Gosched()
				return append(dst, "tile"...), nil
			})
			if err != nil || len(b) == 0 {
				t.Errorf("got %q, %v", b, err)
			}
		})
	}
	wg.Wait()
	if n := loads.Load(); n != 4 {
		t.Errorf("%d loads for 4 keys", n)
	}
	if s := c.Stats(); s.Loads != 4 || s.Failures != 0 {
		t.Errorf("stats %+v", s)
	}
}

func TestCacheStoresNoError(t *testing.T) {
	c := newCache(t, 1<<20)
	broken := errors.New("the database is away")
	for name, load := range map[string]Loader{
		"error": func(_ context.Context, dst []byte) ([]byte, error) { return append(dst, "half"...), broken },
		"panic": func(context.Context, []byte) ([]byte, error) { panic(broken) },
		"exit":  func(context.Context, []byte) ([]byte, error) { runtime.Goexit(); return nil, nil },
	} {
		key := Key{Layers: name}
		if b, err := c.Get(context.Background(), key, Gzip, load); err == nil || b != nil {
			t.Errorf("%s: got %q, %v", name, b, err)
		}
		if b, err := c.Get(context.Background(), key, Identity, constant("whole")); err != nil || string(b) != "whole" {
			t.Errorf("after %s: got %q, %v", name, b, err)
		}
	}
	if s := c.Stats(); s.Failures != 3 || s.Loads != 6 {
		t.Errorf("stats %+v", s)
	}
}

// TestCacheCancel: a request that gives up leaves the load to the others; the
// last one ends it, and who comes later does not get the cancelled load.
func TestCacheCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache(t, 1<<20)
		slow := func(ctx context.Context, dst []byte) ([]byte, error) {
			select {
			case <-time.After(time.Minute):
				return append(dst, "slow"...), nil
			case <-ctx.Done():
				time.Sleep(time.Second)
				return nil, ctx.Err()
			}
		}
		get := func(patience time.Duration, version uint64, load Loader) (string, error) {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			b, err := c.Get(ctx, Key{Version: version}, Identity, load)
			return string(b), err
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if b, err := get(time.Second, 1, slow); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("impatient: %q, %v", b, err)
			}
		})
		wg.Go(func() {
			time.Sleep(time.Millisecond)
			if b, err := get(time.Hour, 1, never); err != nil || b != "slow" {
				t.Errorf("patient: %q, %v", b, err)
			}
		})
		wg.Wait()

		if _, err := get(time.Second, 2, slow); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("alone: %v", err)
		}
		// The cancelled load still runs for a second.
		if b, err := get(time.Hour, 2, constant("fresh")); err != nil || b != "fresh" {
			t.Errorf("after the last gave up: %q, %v", b, err)
		}
		time.Sleep(time.Hour)
	})
}

func TestCacheWeight(t *testing.T) {
	const limit = 200_000
	c := newCache(t, limit)
	body := make([]byte, 4000)
	for i := range 2000 {
		// Bytes that do not compress.
		for j := range body {
			body[j] = byte((i*7919 + j*j*31 + j>>3) * 2654435761 >> 13)
		}
		if _, err := c.Get(context.Background(), Key{Version: uint64(i)}, Gzip, constant(string(body))); err != nil {
			t.Fatal(err)
		}
	}
	c.store.CleanUp()
	if s := c.Stats(); s.Bytes > limit || s.Bytes < limit/2 || s.Evictions == 0 || s.MaxBytes != limit {
		t.Errorf("stats %+v", s)
	}
}

func TestETag(t *testing.T) {
	seen := map[string]bool{}
	for _, tag := range []string{
		ETag(Gzip), ETag(Identity), ETag(Gzip, 1), ETag(Gzip, 1, 2), ETag(Gzip, 2, 1), ETag(Identity, 1, 2), ETag(Gzip, 1<<32|1), ETag(Gzip, 0),
	} {
		if len(tag) != 24 || tag[0] != '"' || tag[23] != '"' || bytes.ContainsAny([]byte(tag[1:23]), "\" ,\\") {
			t.Errorf("tag %s", tag)
		}
		if seen[tag] {
			t.Errorf("tag %s twice", tag)
		}
		seen[tag] = true
	}
	if first, again := ETag(Gzip, 1, 2), ETag(Gzip, 1, 2); first != again {
		t.Error("a tag changes")
	}
	// Tags are kept by browsers: they must be the same in the next build.
	if got, want := ETag(Gzip, 1, 2), `"NZZndiSMLH4KN1X6YQLALw"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func BenchmarkCacheHit(b *testing.B) {
	c := newCache(b, 1<<20)
	key := Key{Layers: "zoning", Tile: ID{14, 1, 2}, Version: 3}
	ctx := context.Background()
	load := constant(strings.Repeat("tile", 1000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Get(ctx, key, Gzip, load); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCoding weighs keeping tiles as they are against unpacking them.
func BenchmarkCoding(b *testing.B) {
	items := parcels(b, 400, 2300)
	Generalise(items, false)
	var e Encoder
	raw, err := e.Append(nil, tileAt(cityCentre, 15), parcelLayer(items))
	if err != nil {
		b.Fatal(err)
	}
	var p packer
	zipped, err := p.pack(raw)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("pack", func(b *testing.B) {
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if _, err := p.pack(raw); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(raw))/float64(len(zipped)), "ratio")
	})
	b.Run("unpack", func(b *testing.B) {
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if _, err := unzip(zipped); err != nil {
				b.Fatal(err)
			}
		}
	})
}
