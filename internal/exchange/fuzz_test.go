package exchange_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
)

// FuzzReader: the reader never panics, always ends, never calls invalid JSON
// good, and what it passes is within the limits.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		head + point + "]}", point + "\n" + point, "\x1e" + point + "\n",
		withGeometry(`{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0,1],[0,4],[0,0]]]]}`),
		withGeometry(`{"type":"Polygon","coordinates":[[[NaN,1e309],[-0.0,5e-1]]]}`),
		`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:32646"}},"features":[]}`,
		`{"type":"Feature","properties":{"a":"\ud83d\ude00","b":[{"c":null}]},"geometry":null}`,
	} {
		f.Add(s)
	}
	limits := exchange.Limits{Geometry: geo.Limits{MaxVertices: 50, MaxParts: 5}, TextBytes: 50, Members: 5, RecordBytes: 1000}
	f.Fuzz(func(t *testing.T, text string) {
		r := exchange.NewReader(strings.NewReader(text), exchange.ReaderOptions{Limits: limits})
		sound := true
		for n := 0; ; n++ {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			if n > len(text) {
				t.Fatal("more records than bytes")
			}
			if len(rec.Problems) > 0 {
				sound = false
				continue
			}
			if err := geo.Check(rec.Geometry, limits.Geometry); err != nil {
				t.Fatalf("a record passed that geo.Check refuses: %v", err)
			}
			if len(rec.Properties) > limits.Members {
				t.Fatalf("%d properties passed", len(rec.Properties))
			}
		}
		// What was good to the end is JSON to the standard library too.
		if sound && !strings.ContainsAny(text, "\x1e") {
			d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
			for {
				var v any
				if err := d.Decode(&v); errors.Is(err, io.EOF) {
					break
				} else if err != nil && !strings.Contains(err.Error(), "cannot unmarshal number") {
					t.Fatalf("taken as good, but: %v", err)
				}
			}
		}
	})
}
