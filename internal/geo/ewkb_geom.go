package geo

import (
	"bytes"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
)

// EncodeEWKB writes a geometry with its SRID (0 for none), little endian, onto
// the end of dst. It goes through go-geom, whose values carry their SRID and
// whose rings are checked. orb.Ring, orb.Bound and orb.Collection have no form
// of their own in EWKB's simple types and are refused, as is nil.
func EncodeEWKB(dst []byte, g orb.Geometry, srid int) ([]byte, error) {
	t, err := toGeom(g, srid)
	if err != nil {
		return nil, err
	}
	w := bytes.NewBuffer(dst)
	if err := ewkb.Write(w, ewkb.NDR, t); err != nil {
		return nil, fmt.Errorf("ewkb: %w", err)
	}
	return w.Bytes(), nil
}

// toGeom copies an orb geometry to go-geom: one flat slice of coordinates, and
// where its parts end.
func toGeom(g orb.Geometry, srid int) (geom.T, error) {
	var f flat
	switch g := g.(type) {
	case orb.Point:
		return geom.NewPointFlat(geom.XY, g[:]).SetSRID(srid), nil
	case orb.LineString:
		f.points(g)
		return geom.NewLineStringFlat(geom.XY, f.coords).SetSRID(srid), nil
	case orb.Polygon:
		ends := f.rings(g)
		return geom.NewPolygonFlat(geom.XY, f.coords, ends).SetSRID(srid), nil
	case orb.MultiPoint:
		f.points(g)
		return geom.NewMultiPointFlat(geom.XY, f.coords).SetSRID(srid), nil
	case orb.MultiLineString:
		ends := make([]int, len(g))
		for i, l := range g {
			ends[i] = f.points(l)
		}
		return geom.NewMultiLineStringFlat(geom.XY, f.coords, ends).SetSRID(srid), nil
	case orb.MultiPolygon:
		ends := make([][]int, len(g))
		for i, p := range g {
			ends[i] = f.rings(p)
		}
		return geom.NewMultiPolygonFlat(geom.XY, f.coords, ends).SetSRID(srid), nil
	default:
		return nil, fmt.Errorf("ewkb: cannot write %T", g)
	}
}

// flat gathers coordinates as go-geom keeps them: x, y, x, y.
type flat struct{ coords []float64 }

// points adds points and returns where they end.
func (f *flat) points(ps []orb.Point) int {
	for _, p := range ps {
		f.coords = append(f.coords, p[0], p[1])
	}
	return len(f.coords)
}

// rings adds rings and returns where each ends.
func (f *flat) rings(p orb.Polygon) []int {
	ends := make([]int, len(p))
	for i, r := range p {
		ends[i] = f.points(r)
	}
	return ends
}
