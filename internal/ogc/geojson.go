package ogc

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// encoder appends features of one layer as GeoJSON (RFC 7946, and Part 2 for
// other reference systems). It allocates nothing for a feature.
type encoder struct {
	layer *plan.Layer
	crs   geo.CRS
	shown shown
	// keys are the property names as they stand in the text: `"name":`, each
	// but the first with the comma before it.
	keys [][]byte
	// at and atText are the last time written: rows that were imported
	// together share it.
	at     time.Time
	atText []byte
}

// shown says which of the platform's own columns stand beside the attributes.
type shown string

const (
	toPublic shown = "public"
	// toStaff adds who made the version.
	toStaff shown = "staff"
	// toEditor adds the field by which QGIS tells which version it had read.
	toEditor shown = "editor"
)

// shownTo is what an actor sees of a layer's features.
func shownTo(a plan.Actor, l *plan.Layer) shown {
	switch {
	case a.IsPublic():
		return toPublic
	case a.CanEdit(l):
		return toEditor
	default:
		return toStaff
	}
}

func newEncoder(l *plan.Layer, crs geo.CRS, a plan.Actor) *encoder {
	e := &encoder{layer: l, crs: crs, shown: shownTo(a, l), keys: make([][]byte, len(l.Fields))}
	for i, f := range l.Fields {
		var key []byte
		if i > 0 {
			key = append(key, ',')
		}
		e.keys[i] = append(appendString(key, f.Name), ':')
	}
	return e
}

// feature appends f as a Feature object that lacks its closing brace, so that
// a single item can add links. Properties are the fields in their order, then
// revision and updated_at, which the server writes, then what shown adds.
func (e *encoder) feature(dst []byte, f *plan.Feature) ([]byte, error) {
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = strconv.AppendInt(dst, f.ID, 10)
	dst = append(dst, `,"geometry":`...)
	var err error
	if e.shown == toEditor {
		dst, err = e.crs.AppendExact(dst, f.Geometry)
	} else {
		dst, err = e.crs.AppendGeoJSON(dst, f.Geometry)
	}
	if err != nil {
		return dst, fmt.Errorf("feature %d: %w", f.ID, err)
	}
	dst = append(dst, `,"properties":{`...)
	for i, key := range e.keys {
		dst = append(dst, key...)
		dst = appendValue(dst, f.Values[i])
	}
	if len(e.keys) > 0 {
		dst = append(dst, ',')
	}
	dst = append(dst, `"revision":`...)
	dst = strconv.AppendInt(dst, f.Revision, 10)
	dst = append(dst, `,"updated_at":`...)
	if e.atText == nil || !f.UpdatedAt.Equal(e.at) {
		e.at, e.atText = f.UpdatedAt, appendTime(e.atText[:0], f.UpdatedAt)
	}
	dst = append(dst, e.atText...)
	if e.shown != toPublic {
		dst = append(dst, `,"updated_by":`...)
		dst = appendString(dst, f.UpdatedBy)
	}
	if e.shown == toEditor {
		dst = append(dst, `,"read_revision":null`...)
	}
	return append(dst, '}'), nil
}

// appendValue appends a value of a Feature as JSON.
func appendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return appendString(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return appendFloat(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case plan.Date:
		return appendString(dst, string(v))
	case time.Time:
		return appendTime(dst, v)
	default:
		panic(fmt.Sprintf("ogc: a feature holds a %T", v))
	}
}

// appendTime appends t in UTC to the microsecond, as PostgreSQL keeps it.
func appendTime(dst []byte, t time.Time) []byte {
	dst = append(dst, '"')
	dst = t.UTC().AppendFormat(dst, "2006-01-02T15:04:05.999999Z")
	return append(dst, '"')
}

// appendFloat appends the shortest text that reads back as v, and with a point
// also where v is whole: GDAL and QGIS take the type of a column from how its
// first values are written. What JSON does not have is null.
func appendFloat(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(dst, v, 'e', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', -1, 64)
	if bytes.IndexByte(dst[start:], '.') < 0 {
		dst = append(dst, ".0"...)
	}
	return dst
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Bytes that are not UTF-8 become
// U+FFFD, as encoding/json does it.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, `\ufffd`...)
				start = i + 1
			}
			i += n
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
