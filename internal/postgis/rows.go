package postgis

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// systemColumns are read before the fields of a layer.
const systemColumns = "id, revision, updated_at, updated_by, geom::bytea"

// featureColumns lists what featureRows reads, in its order.
func featureColumns(layer *plan.Layer) string {
	var b strings.Builder
	b.WriteString(systemColumns)
	for _, f := range layer.Fields {
		b.WriteString(", ")
		b.WriteString(column(f))
	}
	return b.String()
}

// column is a field as the wire's fixed binary types have it.
func column(f plan.Field) string {
	name := pgx.Identifier{f.Name}.Sanitize()
	switch f.Type {
	case plan.TextField:
		return name + "::text"
	case plan.IntegerField:
		return name + "::int8"
	case plan.NumberField:
		return name + "::float8"
	case plan.BooleanField, plan.DateField, plan.TimestampField:
		return name
	default:
		panic(fmt.Sprintf("field type %q", f.Type))
	}
}

// binaryFormat asks for every column in PostgreSQL's binary format.
var binaryFormat = pgx.QueryResultFormats{pgx.BinaryFormatCode}

// featureReader decodes rows of featureColumns. It reads the wire itself: the
// whole city goes through it at each start, 20 columns a feature.
type featureReader struct {
	layer *plan.Layer
	// seen gives equal short texts one copy: codes and names repeat.
	seen map[string]string
}

func newFeatureReader(layer *plan.Layer) *featureReader {
	return &featureReader{layer: layer, seen: map[string]string{}}
}

// limits of what is read back: the database holds nothing larger.
var storedLimits = geo.Limits{}

func (r *featureReader) read(raw [][]byte) (*plan.Feature, error) {
	f := &plan.Feature{
		ID:        int64(binary.BigEndian.Uint64(raw[0])),
		Revision:  int64(binary.BigEndian.Uint64(raw[1])),
		UpdatedAt: timestamp(raw[2]),
		UpdatedBy: r.text(raw[3]),
		Values:    make([]any, len(r.layer.Fields)),
	}
	if raw[4] != nil {
		g, _, err := geo.DecodeEWKB(raw[4], storedLimits)
		if err != nil {
			return nil, fmt.Errorf("%s %d: %w", r.layer.ID, f.ID, err)
		}
		f.Geometry = g
	}
	for i, field := range r.layer.Fields {
		if b := raw[5+i]; b != nil {
			f.Values[i] = r.value(field.Type, b)
		}
	}
	return f, nil
}

func (r *featureReader) value(t plan.FieldType, b []byte) any {
	switch t {
	case plan.TextField:
		return r.text(b)
	case plan.IntegerField:
		return int64(binary.BigEndian.Uint64(b))
	case plan.NumberField:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	case plan.BooleanField:
		return b[0] != 0
	case plan.DateField:
		return plan.Date(epoch.AddDate(0, 0, int(int32(binary.BigEndian.Uint32(b)))).Format(time.DateOnly))
	case plan.TimestampField:
		return timestamp(b)
	default:
		panic(fmt.Sprintf("field type %q", t))
	}
}

// text returns b as a string, the same one for the same short text.
func (r *featureReader) text(b []byte) string {
	const long, many = 64, 50_000
	if len(b) > long {
		return string(b)
	}
	if s, ok := r.seen[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(r.seen) < many {
		r.seen[s] = s
	}
	return s
}

// epoch is where PostgreSQL counts days and microseconds from.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func timestamp(b []byte) time.Time {
	us := int64(binary.BigEndian.Uint64(b))
	return time.UnixMicro(epoch.UnixMicro() + us).UTC()
}
