package plan

import (
	"time"

	"github.com/paulmach/orb"
)

// Feature is one version of one feature. It is immutable once made.
type Feature struct {
	ID int64
	// Revision counts the feature's versions from 1.
	Revision  int64
	UpdatedAt time.Time
	UpdatedBy string
	// Geometry is lon, lat in degrees: orb.Point, orb.MultiLineString or
	// orb.MultiPolygon as the layer declares, or nil.
	Geometry orb.Geometry
	// Values are the attributes in the order of Layer.Fields: nil, string,
	// int64, float64, bool, Date or time.Time.
	Values []any
}

// Interval is a span of transaction time: the OGC datetime parameter. A zero
// From or Until is an open end; both equal is one moment.
type Interval struct {
	From, Until time.Time
}

// Query selects features of one layer. Features come in the order of their
// ids, so After (the last id seen) is the key of the next page.
type Query struct {
	// ID selects one feature; 0 selects all.
	ID int64
	// Boxes select features whose geometry meets any of them; nil selects all,
	// those without geometry too. lon, lat; a box never crosses 180 degrees.
	Boxes []orb.Bound
	// Where are equalities that must all hold.
	Where []Equal
	// At selects the versions that were current in the span; nil means now.
	At *Interval
	// After is the last id of the page before; 0 starts.
	After int64
	// Limit is the size of a page, at least 1.
	Limit int
}

// Equal asks that a field has a value of the field's own type.
type Equal struct {
	Field string
	Value any
}

// Page is one page of an answer.
type Page struct {
	Features []*Feature
	// Matched counts all features that the query selects, without the limit.
	Matched int
	// Next is the After of the next page, 0 at the end.
	Next int64
	// AsOf is when the data was last known to agree with the database.
	AsOf time.Time
}
