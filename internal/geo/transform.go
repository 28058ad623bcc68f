package geo

import (
	"fmt"

	"github.com/paulmach/orb"
)

// FromLonLat returns g, which is lon, lat, in east, north of the CRS. The
// result is a copy, except for the geographic CRSs, which return g itself.
func (c CRS) FromLonLat(g orb.Geometry) (orb.Geometry, error) {
	if c.Geographic() {
		return g, nil
	}
	return mapPoints(g, c.Forward)
}

// ToLonLat is the inverse of FromLonLat.
func (c CRS) ToLonLat(g orb.Geometry) (orb.Geometry, error) {
	if c.Geographic() {
		return g, nil
	}
	return mapPoints(g, c.Inverse)
}

// mapPoints returns a copy of g with each point passed through f. A copy
// costs one allocation for each list of points.
func mapPoints(g orb.Geometry, f func(orb.Point) (orb.Point, error)) (orb.Geometry, error) {
	var err error
	switch g := g.(type) {
	case nil:
		return nil, nil
	case orb.Point:
		return f(g)
	case orb.MultiPoint:
		out, err := mapList(g, f)
		return orb.MultiPoint(out), err
	case orb.LineString:
		out, err := mapList(g, f)
		return orb.LineString(out), err
	case orb.Ring:
		out, err := mapList(g, f)
		return orb.Ring(out), err
	case orb.MultiLineString:
		out := make(orb.MultiLineString, len(g))
		for i, l := range g {
			if out[i], err = mapList(l, f); err != nil {
				return nil, err
			}
		}
		return out, nil
	case orb.Polygon:
		return mapPolygon(g, f)
	case orb.MultiPolygon:
		out := make(orb.MultiPolygon, len(g))
		for i, p := range g {
			if out[i], err = mapPolygon(p, f); err != nil {
				return nil, err
			}
		}
		return out, nil
	case orb.Collection:
		out := make(orb.Collection, len(g))
		for i, m := range g {
			if out[i], err = mapPoints(m, f); err != nil {
				return nil, err
			}
		}
		return out, nil
	default:
		panic(fmt.Sprintf("geo: cannot transform a %T", g))
	}
}

func mapPolygon(p orb.Polygon, f func(orb.Point) (orb.Point, error)) (orb.Polygon, error) {
	out := make(orb.Polygon, len(p))
	for i, r := range p {
		pts, err := mapList(r, f)
		if err != nil {
			return nil, err
		}
		out[i] = pts
	}
	return out, nil
}

func mapList(in []orb.Point, f func(orb.Point) (orb.Point, error)) ([]orb.Point, error) {
	out := make([]orb.Point, len(in))
	for i, p := range in {
		q, err := f(p)
		if err != nil {
			return nil, err
		}
		out[i] = q
	}
	return out, nil
}
