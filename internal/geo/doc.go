// Package geo is the geometry of the plan: coordinate reference systems, the
// exact box predicate, limits on what strangers send, the GeoJSON appender,
// and the one bridge between orb (where Go computes) and go-geom (EWKB).
//
// Unless a name says otherwise a geometry is longitude, latitude in degrees
// (CRS84), and a box is an orb.Bound that is closed and never crosses the
// antimeridian.
package geo
