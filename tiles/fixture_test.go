package tiles

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// The fixtures of @mapbox/mvt-fixtures (CC0) hold the decoder that all other
// tests trust to the specification, and the encoder to its bytes.

type fixture struct {
	number string
	valid  bool
	about  string
	tile   []byte
}

func fixtures(t *testing.T) []fixture {
	t.Helper()
	dirs, err := filepath.Glob(sharedData(t, "mvt-fixtures", "fixtures") + "/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no fixtures", err)
	}
	var all []fixture
	for _, dir := range dirs {
		b, err := os.ReadFile(filepath.Join(dir, "info.json"))
		if err != nil {
			t.Fatal(err)
		}
		var info struct {
			Description string
			Validity    struct{ V2 bool }
		}
		if err := json.Unmarshal(b, &info); err != nil {
			t.Fatal(err)
		}
		tile, err := os.ReadFile(filepath.Join(dir, "tile.mvt"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fixture{filepath.Base(dir), info.Validity.V2, info.Description, tile})
	}
	return all
}

func TestDecoderOnFixtures(t *testing.T) {
	// Where the decoder is stricter than the fixtures, because nothing that this
	// package writes may look so.
	stricter := map[string]string{
		"016": "a feature of unknown type is allowed",
		"039": "version 1",
		"057": "a count of 2^29 with two coordinates is called valid, 058 with the same is not",
	}
	for _, f := range fixtures(t) {
		_, err := decode(f.tile)
		if reason, ok := stricter[f.number]; ok {
			if err == nil {
				t.Errorf("%s: accepted: %s", f.number, reason)
			}
			continue
		}
		if (err == nil) != f.valid {
			t.Errorf("%s: valid is %v, but the decoder says %v: %s", f.number, f.valid, err, f.about)
		}
	}
}

// TestEncoderReproducesFixtures encodes what the valid fixtures hold and must
// come to the same bytes, where they hold what this package writes: one layer of
// features with an id, at the usual extent, and with coordinates in the tile.
// The fixtures leave out an extent of 4096, which the specification demands and
// this package writes.
func TestEncoderReproducesFixtures(t *testing.T) {
	want := []string{
		"009", "017", "018", "019", "020", "021", "022", "032", "033", "034", "036", "043", "053", "054", "055", "059",
		"060", "065", "066", "068", "070", "071", "072", "073", "074", "075", "076", "077",
	}
	for _, f := range fixtures(t) {
		layers, err := decode(f.tile)
		if err != nil || len(layers) == 0 {
			continue
		}
		id := ID{18, 200550, 126805}
		var e Encoder
		b, err := e.Append(nil, id, again(t, id, layers)...)
		if err != nil {
			t.Fatal(err)
		}
		if b = withoutExtent(b); !slices.Equal(b, f.tile) && slices.Contains(want, f.number) {
			t.Errorf("%s: got\n%x, want\n%x", f.number, b, f.tile)
		}
	}
}

// withoutExtent takes the extent off a tile of one layer.
func withoutExtent(b []byte) []byte {
	body, ok := bytes.CutSuffix(b, []byte{tagLayerExtent, 0x80, 0x20})
	if !ok {
		return b
	}
	_, n := binary.Uvarint(b[1:])
	body = body[1+n:]
	return append(appendField(nil, tagLayer, len(body)), body...)
}

// again returns layers with what was decoded.
func again(t *testing.T, id ID, decoded []decodedLayer) []Layer {
	var layers []Layer
	for _, d := range decoded {
		l := Layer{Name: d.name}
		var fs []Feature
		for _, f := range d.features {
			for _, k := range f.keys {
				if !slices.Contains(l.Keys, k) {
					l.Keys = append(l.Keys, k)
				}
			}
			if g := geometryOf(id, f); g != nil {
				fs = append(fs, Feature{ID: f.id, Shape: shape(t, g), Data: f.tags})
			}
		}
		l.Features = slices.Values(fs)
		l.Tags = func(f Feature, t Tags) {
			for i, k := range l.Keys {
				switch v := f.Data.(map[string]any)[k].(type) {
				case string:
					t.String(i, v)
				case float32:
					t.Float(i, float64(v))
				case float64:
					t.Float(i, v)
				case int64:
					t.Int(i, v)
				case uint64:
					t.Int(i, int64(v))
				case bool:
					t.Bool(i, v)
				}
			}
		}
		layers = append(layers, l)
	}
	return layers
}

// geometryOf returns the geometry of a decoded feature in lon, lat.
func geometryOf(id ID, f decodedFeature) orb.Geometry {
	var parts [][]orb.Point
	for _, p := range f.parts {
		var ps []orb.Point
		for _, q := range p {
			if q.beyond() != 0 {
				return nil
			}
			ps = append(ps, lonLat(id, float64(q.x), float64(q.y)))
		}
		parts = append(parts, ps)
	}
	switch f.kind {
	case Point:
		return orb.MultiPoint(parts[0])
	case Line:
		var ml orb.MultiLineString
		for _, p := range parts {
			ml = append(ml, p)
		}
		return ml
	case Polygon:
		var mp orb.MultiPolygon
		for _, rings := range f.polygons {
			var p orb.Polygon
			for _, r := range rings {
				p = append(p, parts[r])
			}
			mp = append(mp, p)
		}
		return mp
	}
	return nil
}
