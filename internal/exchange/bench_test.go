package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
)

// BenchmarkRead reads 20,000 parcels of 25 vertices and six attributes from
// memory and makes rows of them.
func BenchmarkRead(b *testing.B) {
	var text bytes.Buffer
	text.WriteString(head)
	for i := range 20_000 {
		if i > 0 {
			text.WriteByte(',')
		}
		ring := orb.Ring{}
		for j := range 24 {
			ring = append(ring, orb.Point{95.3 + float64(i%141)*1e-4 + float64(j%5)*1.234567e-6, 5.5 + float64(i/141)*1e-4 + float64(j/5)*1.234567e-6})
		}
		fmt.Fprintf(&text, `{"type":"Feature","properties":{"nama":"Persil %d","floors":2,"width":7.25,"open":true,"day":"2020-01-31","kind":"A"},"geometry":%s}`,
			i, geo.AppendGeoJSON(nil, orb.MultiPolygon{{append(ring, ring[0])}}, 9))
	}
	text.WriteString("]}")
	layer, cat := testLayer()
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		r, err := exchange.Import(b.Context(), exchange.Options{Layer: layer, Catalog: cat, Source: bytes.NewReader(text.Bytes())}, discard{}, nil)
		if err != nil || r.Imported != 20_000 {
			b.Fatal(err, r)
		}
	}
}

// discard is a sink that counts.
type discard struct{}

func (discard) Begin(context.Context, exchange.Target) (exchange.Session, error) {
	return &counter{}, nil
}

type counter struct{ n int64 }

func (c *counter) Stage(_ context.Context, next func() (*exchange.Row, error)) error {
	for {
		if _, err := next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		c.n++
	}
}
func (*counter) Check(context.Context, func(*exchange.Problem) error) error { return nil }
func (c *counter) Insert(context.Context, func(*exchange.Problem) error) (int64, error) {
	return c.n, nil
}
func (*counter) Commit(context.Context) error { return nil }
func (*counter) Close() error                 { return nil }
