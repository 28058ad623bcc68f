package tiles

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// A decoder for tests, written from the Vector Tile Specification 2.1 and
// strict: what the specification calls an error is one, recoverable or not.

type decodedLayer struct {
	name     string
	extent   uint32
	features []decodedFeature
}

type decodedFeature struct {
	id       uint64
	hasID    bool
	kind     Kind
	tags     map[string]any
	keys     []string  // of the tags, in order
	parts    [][]point // points, lines, rings (open)
	polygons [][]int   // rings of each polygon, the exterior first
}

var errShort = errors.New("message is cut off")

// wire reads Protocol Buffers.
type wire struct{ b []byte }

func (w *wire) uvarint() (uint64, error) {
	v, n := binary.Uvarint(w.b)
	if n <= 0 {
		return 0, errShort
	}
	w.b = w.b[n:]
	return v, nil
}

func (w *wire) bytes(n uint64) ([]byte, error) {
	if uint64(len(w.b)) < n {
		return nil, errShort
	}
	b := w.b[:n]
	w.b = w.b[n:]
	return b, nil
}

// fields calls do for each field of a message: its number, type and content;
// v holds varints and fixed numbers.
func fields(b []byte, do func(num, typ int, v uint64, b []byte) error) error {
	w := wire{b}
	for len(w.b) > 0 {
		tag, err := w.uvarint()
		if err != nil {
			return err
		}
		var v uint64
		var body []byte
		switch tag & 7 {
		case 0:
			v, err = w.uvarint()
		case 1:
			if body, err = w.bytes(8); err == nil {
				v = binary.LittleEndian.Uint64(body)
			}
		case 2:
			if v, err = w.uvarint(); err == nil {
				body, err = w.bytes(v)
			}
		case 5:
			if body, err = w.bytes(4); err == nil {
				v = uint64(binary.LittleEndian.Uint32(body))
			}
		default:
			err = fmt.Errorf("wire type %d", tag&7)
		}
		if err != nil {
			return err
		}
		if err := do(int(tag>>3), int(tag&7), v, body); err != nil {
			return err
		}
	}
	return nil
}

func decode(b []byte) ([]decodedLayer, error) {
	var layers []decodedLayer
	err := fields(b, func(num, typ int, _ uint64, b []byte) error {
		if num != 3 || typ != 2 {
			return fmt.Errorf("tile: field %d of type %d", num, typ)
		}
		l, err := decodeLayer(b)
		if err != nil {
			return err
		}
		for _, o := range layers {
			if o.name == l.name {
				return fmt.Errorf("two layers %q", l.name)
			}
		}
		layers = append(layers, l)
		return nil
	})
	return layers, err
}

func decodeLayer(b []byte) (decodedLayer, error) {
	l := decodedLayer{extent: 4096}
	var version uint64
	var keys []string
	var values []any
	var features [][]byte
	err := fields(b, func(num, typ int, v uint64, b []byte) error {
		want := map[int]int{1: 2, 2: 2, 3: 2, 4: 2, 5: 0, 15: 0}
		if t, ok := want[num]; !ok || t != typ {
			return fmt.Errorf("layer: field %d of type %d", num, typ)
		}
		switch num {
		case 1:
			l.name = string(b)
		case 2:
			features = append(features, b)
		case 3:
			keys = append(keys, string(b))
		case 4:
			value, err := decodeValue(b)
			if err != nil {
				return err
			}
			values = append(values, value)
		case 5:
			l.extent = uint32(v)
		case 15:
			version = v
		}
		return nil
	})
	if err != nil {
		return l, err
	}
	if version != 2 || l.name == "" || l.extent == 0 {
		return l, fmt.Errorf("layer %q: version %d, extent %d", l.name, version, l.extent)
	}
	for _, b := range features {
		f, err := decodeFeature(b, keys, values)
		if err != nil {
			return l, fmt.Errorf("layer %q: feature %d: %w", l.name, f.id, err)
		}
		l.features = append(l.features, f)
	}
	return l, nil
}

func decodeValue(b []byte) (value any, err error) {
	n := 0
	err = fields(b, func(num, typ int, v uint64, b []byte) error {
		n++
		switch {
		case num == 1 && typ == 2:
			if !utf8.Valid(b) {
				return errors.New("value: not UTF-8")
			}
			value = string(b)
		case num == 2 && typ == 5:
			value = math.Float32frombits(uint32(v))
		case num == 3 && typ == 1:
			value = math.Float64frombits(v)
		case num == 4 && typ == 0:
			value = int64(v)
		case num == 5 && typ == 0:
			value = v
		case num == 6 && typ == 0:
			value = unzigzag(v)
		case num == 7 && typ == 0:
			value = v != 0
		default:
			return fmt.Errorf("value: field %d of type %d", num, typ)
		}
		return nil
	})
	if err == nil && n != 1 {
		err = fmt.Errorf("value: %d fields", n)
	}
	return value, err
}

func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

func decodeFeature(b []byte, keys []string, values []any) (decodedFeature, error) {
	f := decodedFeature{tags: map[string]any{}}
	var geometry []byte
	seen := map[int]int{}
	err := fields(b, func(num, typ int, v uint64, b []byte) error {
		seen[num]++
		switch {
		case num == 1 && typ == 0:
			f.id, f.hasID = v, true
		case num == 2 && typ == 2:
			return f.decodeTags(b, keys, values)
		case num == 3 && typ == 0:
			f.kind = Kind(v)
			if v > 3 {
				return fmt.Errorf("geometry type %d", v)
			}
		case num == 4 && typ == 2:
			geometry = b
		default:
			return fmt.Errorf("field %d of type %d", num, typ)
		}
		return nil
	})
	if err != nil {
		return f, err
	}
	if seen[3] != 1 || seen[4] != 1 {
		return f, fmt.Errorf("%d types and %d geometries", seen[3], seen[4])
	}
	return f, f.decodeGeometry(geometry)
}

func (f *decodedFeature) decodeTags(b []byte, keys []string, values []any) error {
	w := wire{b}
	for len(w.b) > 0 {
		k, err := w.uvarint()
		if err != nil {
			return err
		}
		v, err := w.uvarint()
		if err != nil {
			return err
		}
		if k >= uint64(len(keys)) || v >= uint64(len(values)) {
			return fmt.Errorf("tag %d=%d of %d keys and %d values", k, v, len(keys), len(values))
		}
		if _, ok := f.tags[keys[k]]; ok {
			return fmt.Errorf("key %q twice", keys[k])
		}
		f.tags[keys[k]] = values[v]
		f.keys = append(f.keys, keys[k])
	}
	return nil
}

func (f *decodedFeature) decodeGeometry(b []byte) error {
	w := wire{b}
	var at point
	move := func() error {
		var d [2]uint64
		for i := range d {
			var err error
			if d[i], err = w.uvarint(); err != nil {
				return err
			}
		}
		at.x += unzigzag(d[0])
		at.y += unzigzag(d[1])
		return nil
	}
	var part []point
	closed := true
	for len(w.b) > 0 {
		c, err := w.uvarint()
		if err != nil {
			return err
		}
		name, count := c&7, c>>3
		if name != closePath && count*2 > uint64(len(w.b)) {
			return fmt.Errorf("command %d: count %d is too large", name, count)
		}
		switch {
		case name == moveTo && count > 0 && (f.kind == Point && part == nil || f.kind != Point && count == 1 && closed):
			part = make([]point, 0, count)
			for range count {
				if err := move(); err != nil {
					return err
				}
				part = append(part, at)
			}
			f.parts = append(f.parts, part)
			closed = false
		case name == lineTo && count > 0 && f.kind != Point && len(part) == 1 && !closed:
			for range count {
				before := at
				if err := move(); err != nil {
					return err
				}
				if at == before {
					return errors.New("a point twice")
				}
				part = append(part, at)
			}
			f.parts[len(f.parts)-1] = part
			closed = f.kind == Line
		case name == closePath && count == 1 && f.kind == Polygon && len(part) >= 3 && !closed:
			if part[0] == at {
				return errors.New("the last point of a ring repeats the first")
			}
			closed = true
		case f.kind == 0:
			return nil
		default:
			return fmt.Errorf("command %d with count %d is out of place", name, count)
		}
	}
	if part == nil && f.kind != 0 || f.kind != Point && f.kind != 0 && !closed {
		return errors.New("geometry is empty or not ended")
	}
	return f.group()
}

// group finds the polygons of rings by their orientation.
func (f *decodedFeature) group() error {
	if f.kind != Polygon {
		return nil
	}
	for i, r := range f.parts {
		switch a := area2(r); {
		case a == 0:
			return errors.New("a ring without area")
		case a > 0:
			f.polygons = append(f.polygons, []int{i})
		case len(f.polygons) == 0:
			return errors.New("a hole comes first")
		default:
			n := len(f.polygons) - 1
			f.polygons[n] = append(f.polygons[n], i)
		}
	}
	return nil
}

// area2 returns twice the area of a polygon feature.
func (f *decodedFeature) area2() int64 {
	var sum int64
	for _, r := range f.parts {
		sum += area2(r)
	}
	return sum
}
