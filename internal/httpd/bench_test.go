package httpd_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/simtaru/simtaru/internal/httpd"
)

// BenchmarkItems reads a page of ten thousand features over a connection.
func BenchmarkItems(b *testing.B) {
	db := newSource()
	db.features = crowd(20000)
	s := serveSource(b, db)
	wait(b, "the plan is loaded", func() bool { return s.mirror.Status().Ready })
	for _, query := range []string{"?limit=10000", "?limit=10000&bbox=95.2,5.3,95.6,5.7", "?limit=10"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(fetch(b, s.URL+itemsOf+query, "identity"))
			}
		})
	}
}

// BenchmarkTile asks for a tile that is in the cache, and compares with a
// handler that does nothing but send the same bytes.
func BenchmarkTile(b *testing.B) {
	db := newSource()
	db.features = crowd(2000)
	s := serveSource(b, db, func(c *httpd.Config, _ *httpd.Deps) { c.TileCache = 64 << 20 })
	wait(b, "the plan is loaded", func() bool { return s.mirror.Status().Ready })
	path := "/tiles/" + spots + "/12/3132/1985"
	b.Run("simtaru", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				fetch(b, s.URL+path, "gzip")
			}
		})
	})
	b.Run("bare", func(b *testing.B) {
		bare := bareServer(b, s.get(b, path, "Accept-Encoding", "gzip"))
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				fetch(b, bare+path, "gzip")
			}
		})
	})
	b.Run("not modified", func(b *testing.B) {
		etag := s.get(b, path, "Accept-Encoding", "gzip").header.Get("ETag")
		for b.Loop() {
			if r := s.get(b, path, "Accept-Encoding", "gzip", "If-None-Match", etag); r.status != http.StatusNotModified {
				b.Fatal(r.status)
			}
		}
	})
}

func fetch(b *testing.B, url, coding string) int64 {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", coding)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal(fmt.Sprint(resp.StatusCode, err))
	}
	return n
}
