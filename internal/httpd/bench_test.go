package httpd_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
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

// BenchmarkItemsHandler is the handler alone, for the public and for an editor,
// whose copies are noted.
func BenchmarkItemsHandler(b *testing.B) {
	db := newSource()
	db.features = crowd(20000)
	s := serveSource(b, db, quiet)
	wait(b, "the plan is loaded", func() bool { return s.mirror.Status().Ready })
	for _, query := range []string{"?limit=10000", "?limit=10"} {
		for _, actor := range []plan.Actor{{}, {Name: "siti", Role: plan.Planner}} {
			b.Run(query+" "+string(actor.Role), func(b *testing.B) {
				b.ReportAllocs()
				r := httptest.NewRequest(http.MethodGet, itemsOf+query, nil)
				r.Header.Set("User-Agent", "QGIS/34003")
				r = r.WithContext(rest.WithActor(r.Context(), actor))
				w := &blank{h: http.Header{}}
				for b.Loop() {
					clear(w.h)
					s.handler.ServeHTTP(w, r)
				}
				if w.n == 0 {
					b.Fatal("nothing was written")
				}
			})
		}
	}
}

// BenchmarkTile asks for a tile that is in the cache, and compares with a
// handler that does nothing but send the same bytes.
func BenchmarkTile(b *testing.B) {
	db := newSource()
	db.features = crowd(2000)
	s := serveSource(b, db, quiet)
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

// quiet logs as a service does, to nowhere.
func quiet(_ *httpd.Config, d *httpd.Deps) {
	d.Log = slog.New(slog.NewJSONHandler(io.Discard, nil))
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

// BenchmarkTileHandler is the handler alone, without a connection.
func BenchmarkTileHandler(b *testing.B) {
	db := newSource()
	db.features = crowd(2000)
	s := serveSource(b, db, quiet)
	wait(b, "the plan is loaded", func() bool { return s.mirror.Status().Ready })
	for _, path := range []string{"/tiles/" + spots + "/12/3132/1985", "/tiles/" + spots + "," + patches + "/12/3132/1985", "/livez"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Accept-Encoding", "gzip")
			w := &blank{h: http.Header{}}
			for b.Loop() {
				clear(w.h)
				s.handler.ServeHTTP(w, r)
			}
			if w.n == 0 {
				b.Fatal("nothing was written")
			}
		})
	}
}

// blank takes an answer and forgets it.
type blank struct {
	h http.Header
	n int
}

func (w *blank) Header() http.Header { return w.h }
func (w *blank) WriteHeader(int)     {}
func (w *blank) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}
