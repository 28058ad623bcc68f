package geo

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
)

// UnmarshalEWKB reads a geometry for the write path, where the SRID travels
// with the value. go-geom's own limits are a variable of its package, off by
// default; here the whole geometry is walked within limits first.
func UnmarshalEWKB(b []byte, limits Limits) (geom.T, error) {
	if _, _, err := DecodeEWKB(b, limits); err != nil {
		return nil, err
	}
	return ewkb.Unmarshal(b)
}

// MarshalEWKB writes a geometry of the write path, little endian.
func MarshalEWKB(g geom.T) ([]byte, error) { return ewkb.Marshal(g, ewkb.NDR) }

// ToGeom copies an orb geometry to go-geom. It refuses what EncodeEWKB does.
func ToGeom(g orb.Geometry, srid int) (geom.T, error) {
	b, err := EncodeEWKB(nil, g, srid)
	if err != nil {
		return nil, err
	}
	return ewkb.Unmarshal(b)
}

// FromGeom copies a go-geom geometry in two dimensions to orb; an empty point
// becomes nil. Other dimensions and collections are errors: dropping a height
// is a decision for the caller.
func FromGeom(g geom.T) (orb.Geometry, int, error) {
	if g.Layout() != geom.XY {
		return nil, 0, fmt.Errorf("geometry has the dimensions %s, want XY", g.Layout())
	}
	b, err := ewkb.Marshal(g, ewkb.NDR)
	if err != nil {
		return nil, 0, fmt.Errorf("copy a geometry: %w", err)
	}
	// The value is in memory already: limits guard what strangers send.
	return DecodeEWKB(b, Limits{MaxVertices: 1 << 30, MaxParts: 1 << 30})
}
