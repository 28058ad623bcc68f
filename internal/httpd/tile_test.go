package httpd_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"testing"
)

// protobuf calls f for each field of a message.
func protobuf(t testing.TB, b []byte, f func(field, v uint64, data []byte)) {
	t.Helper()
	varint := func() uint64 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			t.Fatal("the tile ends too early")
		}
		b = b[n:]
		return v
	}
	for len(b) > 0 {
		switch tag := varint(); tag & 7 {
		case 0:
			f(tag>>3, varint(), nil)
		case 1:
			f(tag>>3, binary.LittleEndian.Uint64(b), nil)
			b = b[8:]
		case 2:
			n := varint()
			f(tag>>3, 0, b[:n])
			b = b[n:]
		case 5:
			f(tag>>3, uint64(binary.LittleEndian.Uint32(b)), nil)
			b = b[4:]
		default:
			t.Fatalf("wire type %d", tag&7)
		}
	}
}

// tileFeatures lists what a tile holds, sorted: layer, id and properties (Vector
// Tile Specification 2.1, 4).
func tileFeatures(t testing.TB, tile []byte) []string {
	t.Helper()
	var out []string
	protobuf(t, tile, func(_, _ uint64, layer []byte) {
		var name string
		var keys []string
		var values []any
		var features [][]byte
		protobuf(t, layer, func(field, _ uint64, data []byte) {
			switch field {
			case 1:
				name = string(data)
			case 2:
				features = append(features, data)
			case 3:
				keys = append(keys, string(data))
			case 4:
				protobuf(t, data, func(kind, v uint64, text []byte) { values = append(values, tileValue(kind, v, text)) })
			}
		})
		for _, f := range features {
			var id uint64
			var tags []string
			protobuf(t, f, func(field, v uint64, data []byte) {
				switch field {
				case 1:
					id = v
				case 2:
					for len(data) > 0 {
						k, n := binary.Uvarint(data)
						v, m := binary.Uvarint(data[n:])
						data = data[n+m:]
						tags = append(tags, fmt.Sprintf("%s=%v", keys[k], values[v]))
					}
				}
			})
			slices.Sort(tags)
			out = append(out, fmt.Sprint(name, " ", id, " ", tags))
		}
	})
	slices.Sort(out)
	return out
}

// tileValue reads one of the kinds of value; whole numbers are written in
// several.
func tileValue(kind, v uint64, text []byte) any {
	switch kind {
	case 1:
		return string(text)
	case 2:
		return float64(math.Float32frombits(uint32(v)))
	case 3:
		return math.Float64frombits(v)
	case 6:
		return int64(v>>1) ^ -int64(v&1)
	case 7:
		return v == 1
	default:
		return int64(v)
	}
}
