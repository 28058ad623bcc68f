package tiles

import (
	"encoding/binary"
	"math"
	"slices"
)

// Field numbers and types of the messages of the Vector Tile Specification 2.1,
// each as the tag byte that Protocol Buffers write before the value.
const (
	tagLayer = 3<<3 | 2

	tagLayerName    = 1<<3 | 2
	tagLayerFeature = 2<<3 | 2
	tagLayerKey     = 3<<3 | 2
	tagLayerValue   = 4<<3 | 2
	tagLayerExtent  = 5 << 3
	tagLayerVersion = 15 << 3

	tagFeatureID       = 1 << 3
	tagFeatureTags     = 2<<3 | 2
	tagFeatureType     = 3 << 3
	tagFeatureGeometry = 4<<3 | 2

	tagString = 1<<3 | 2
	tagFloat  = 2<<3 | 5
	tagDouble = 3<<3 | 1
	tagUint   = 5 << 3
	tagSint   = 6 << 3
	tagBool   = 7 << 3
)

// Commands of a geometry (specification, 4.3.1).
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func command(name, count int) uint64 { return uint64(name) | uint64(count)<<3 }

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// geometry writes the commands of one feature. The cursor goes on from part to
// part (specification, 4.3.2).
type geometry struct {
	buf    []byte
	cursor point
}

func (g *geometry) reset() { g.buf, g.cursor = g.buf[:0], point{} }

func (g *geometry) to(p point) {
	dx, dy := zigzag(p.x-g.cursor.x), zigzag(p.y-g.cursor.y)
	if dx|dy < 0x80 {
		g.buf = append(g.buf, byte(dx), byte(dy))
	} else {
		g.buf = binary.AppendUvarint(g.buf, dx)
		g.buf = binary.AppendUvarint(g.buf, dy)
	}
	g.cursor = p
}

func (g *geometry) points(ps []point) {
	if len(ps) == 0 {
		return
	}
	g.buf = binary.AppendUvarint(g.buf, command(moveTo, len(ps)))
	for _, p := range ps {
		g.to(p)
	}
}

func (g *geometry) line(ps []point) {
	g.buf = append(g.buf, byte(command(moveTo, 1)))
	g.to(ps[0])
	g.buf = binary.AppendUvarint(g.buf, command(lineTo, len(ps)-1))
	for _, p := range ps[1:] {
		g.to(p)
	}
}

func (g *geometry) ring(ps []point) {
	g.line(ps)
	g.buf = append(g.buf, byte(command(closePath, 1)))
}

// number is a value of a layer's dictionary that is not a string.
type number struct {
	tag  byte
	bits uint64
}

// layerWriter gathers one layer.
type layerWriter struct {
	keys     []string
	features []byte
	// keyAt is, for each declared key, its place in the layer's dictionary plus
	// one, 0 while no feature has it.
	keyAt    []uint32
	keyBuf   []byte
	keyCount uint32

	valueBuf   []byte
	valueCount uint32
	strings    map[string]uint32
	numbers    map[number]uint32

	tags []byte
}

func (w *layerWriter) reset(keys []string) {
	w.keys = keys
	w.features, w.keyBuf, w.valueBuf, w.tags = w.features[:0], w.keyBuf[:0], w.valueBuf[:0], w.tags[:0]
	w.keyAt = append(w.keyAt[:0], make([]uint32, len(keys))...)
	w.keyCount, w.valueCount = 0, 0
	if w.strings == nil {
		w.strings, w.numbers = map[string]uint32{}, map[number]uint32{}
	}
	clear(w.strings)
	clear(w.numbers)
}

// Tags takes the attributes of one feature. A key is given by its place in
// Layer.Keys and must not be given twice for one feature; one that is not given
// is absent, which is how MVT says null.
type Tags struct{ w *layerWriter }

// String adds a text.
func (t Tags) String(key int, v string) {
	w := t.w
	i, ok := w.strings[v]
	if !ok {
		i = w.value()
		w.strings[v] = i
		w.valueBuf = appendField(w.valueBuf, tagLayerValue, 1+uvarintLen(uint64(len(v)))+len(v))
		w.valueBuf = appendText(w.valueBuf, tagString, v)
	}
	w.tag(key, i)
}

// Int adds a whole number.
func (t Tags) Int(key int, v int64) {
	if v >= 0 {
		t.w.number(key, number{tagUint, uint64(v)})
	} else {
		t.w.number(key, number{tagSint, zigzag(v)})
	}
}

// Float adds a number, as a float where that loses nothing.
func (t Tags) Float(key int, v float64) {
	if f := float32(v); float64(f) == v {
		t.w.number(key, number{tagFloat, uint64(math.Float32bits(f))})
	} else {
		t.w.number(key, number{tagDouble, math.Float64bits(v)})
	}
}

// Bool adds true or false.
func (t Tags) Bool(key int, v bool) {
	n := number{tag: tagBool}
	if v {
		n.bits = 1
	}
	t.w.number(key, n)
}

func (w *layerWriter) number(key int, n number) {
	i, ok := w.numbers[n]
	if !ok {
		i = w.value()
		w.numbers[n] = i
		w.appendNumber(n)
	}
	w.tag(key, i)
}

func (w *layerWriter) appendNumber(n number) {
	switch n.tag {
	case tagFloat:
		w.valueBuf = append(appendField(w.valueBuf, tagLayerValue, 5), n.tag)
		w.valueBuf = binary.LittleEndian.AppendUint32(w.valueBuf, uint32(n.bits))
	case tagDouble:
		w.valueBuf = append(appendField(w.valueBuf, tagLayerValue, 9), n.tag)
		w.valueBuf = binary.LittleEndian.AppendUint64(w.valueBuf, n.bits)
	default:
		w.valueBuf = append(appendField(w.valueBuf, tagLayerValue, 1+uvarintLen(n.bits)), n.tag)
		w.valueBuf = binary.AppendUvarint(w.valueBuf, n.bits)
	}
}

// value counts a new value and returns its place.
func (w *layerWriter) value() uint32 {
	w.valueCount++
	return w.valueCount - 1
}

func (w *layerWriter) tag(key int, value uint32) {
	if w.keyAt[key] == 0 {
		w.keyCount++
		w.keyAt[key] = w.keyCount
		w.keyBuf = appendText(w.keyBuf, tagLayerKey, w.keys[key])
	}
	w.tags = binary.AppendUvarint(w.tags, uint64(w.keyAt[key]-1))
	w.tags = binary.AppendUvarint(w.tags, uint64(value))
}

// feature appends a feature with the tags gathered since the last one.
func (w *layerWriter) feature(id uint64, kind Kind, geometry []byte) {
	n := 1 + uvarintLen(id) + 2 + 1 + uvarintLen(uint64(len(geometry))) + len(geometry)
	if len(w.tags) > 0 {
		n += 1 + uvarintLen(uint64(len(w.tags))) + len(w.tags)
	}
	b := appendField(w.features, tagLayerFeature, n)
	b = binary.AppendUvarint(append(b, tagFeatureID), id)
	if len(w.tags) > 0 {
		b = append(appendField(b, tagFeatureTags, len(w.tags)), w.tags...)
	}
	b = append(b, tagFeatureType, byte(kind))
	w.features = append(appendField(b, tagFeatureGeometry, len(geometry)), geometry...)
	w.tags = w.tags[:0]
}

// appendTo writes the layer to a tile, unless it has no feature.
func (w *layerWriter) appendTo(dst []byte, name string) []byte {
	if len(w.features) == 0 {
		return dst
	}
	n := 2 + 1 + uvarintLen(uint64(len(name))) + len(name) + len(w.features) + len(w.keyBuf) + len(w.valueBuf) + 1 + uvarintLen(Extent)
	dst = slices.Grow(dst, n+6)
	dst = appendField(dst, tagLayer, n)
	dst = append(dst, tagLayerVersion, 2)
	dst = appendText(dst, tagLayerName, name)
	dst = append(dst, w.features...)
	dst = append(dst, w.keyBuf...)
	dst = append(dst, w.valueBuf...)
	return binary.AppendUvarint(append(dst, tagLayerExtent), Extent)
}

// appendField writes the head of a field of n bytes.
func appendField(dst []byte, tag byte, n int) []byte {
	return binary.AppendUvarint(append(dst, tag), uint64(n))
}

func appendText(dst []byte, tag byte, s string) []byte {
	return append(appendField(dst, tag, len(s)), s...)
}

func uvarintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}
