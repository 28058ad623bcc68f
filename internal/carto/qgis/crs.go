package qgis

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// crs is a coordinate reference system as QGIS finds it in its own database.
type crs struct {
	srid       int
	name       string
	geographic bool
}

// stored is the CRS of all geometries.
func stored() crs { return crs{srid: 4326, name: "WGS 84", geographic: true} }

// metric chooses the CRS of a project: the UTM zone around the middle of the
// city. Planners draw at 1:5,000 and measure metres and hectares, so the map
// must not be in degrees; UTM on WGS 84 is what Indonesian base maps and the
// RDTR are drawn in, QGIS has it without a grid or a custom definition, and it
// only concerns the drawing, as what is stored stays in EPSG:4326. What is
// wider than a zone and its neighbours fits no zone, and is drawn in degrees.
func metric(b orb.Bound) crs {
	if b.IsZero() || b.Right()-b.Left() > 12 {
		return stored()
	}
	center := b.Center()
	zone := min(int(math.Floor((center.Lon()+180)/6))+1, 60)
	srid, side := 32600, "N"
	if center.Lat() < 0 {
		srid, side = 32700, "S"
	}
	return crs{srid: srid + zone, name: "WGS 84 / UTM zone " + strconv.Itoa(zone) + side}
}

func (c crs) authID() string { return "EPSG:" + strconv.Itoa(c.srid) }

// node names the CRS by its authority. QGIS looks that up only beside a number
// of its own list, which differs from version to version and is not used.
func (c crs) node() *node {
	return el("spatialrefsys").add(
		leaf("srsid", "1"),
		leaf("srid", strconv.Itoa(c.srid)), leaf("authid", c.authID()), leaf("description", c.name),
		leaf("ellipsoidacronym", "EPSG:7030"), leaf("geographicflag", strconv.FormatBool(c.geographic)))
}

// Around returns a box around both, zero being none. It is rounded outward to
// a hundredth of a degree, about a kilometre, so that an edit at the edge of
// the city does not make a new project.
func Around(a, b orb.Bound) orb.Bound {
	if b.IsZero() {
		return a
	}
	floor := func(v float64) float64 { return math.Floor(v*100) / 100 }
	ceil := func(v float64) float64 { return math.Ceil(v*100) / 100 }
	b = orb.Bound{
		Min: orb.Point{floor(b.Min[0]), floor(b.Min[1])},
		Max: orb.Point{ceil(b.Max[0]), ceil(b.Max[1])},
	}
	if a.IsZero() {
		return b
	}
	return a.Union(b)
}
