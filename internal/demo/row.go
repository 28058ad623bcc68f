package demo

import (
	"iter"
	"math"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// Row is one feature for a layer: its values by field name, of the Go types
// that plan.Feature holds, and its geometry (lon, lat in degrees) of the
// layer's type. Fields that are not named have no value.
type Row struct {
	Values   map[string]any
	Geometry orb.Geometry
}

// remark stands in every row of a layer that has a field for it.
const remark = "Data demonstrasi: rekaan, bukan keadaan sebenarnya."

// source stands where a layer asks where its data is from.
const source = "Data demonstrasi simtaru"

// surveyed is when the invented city was looked at.
const surveyed = plan.Date("2025-06-30")

// maker is a layer and what makes its rows.
type maker struct {
	layer string
	rows  func(*builder, func(Row) bool)
}

func makers() []maker {
	return []maker{
		{"boundary", (*builder).boundaryRows},
		{"zoning", (*builder).zoningRows},
		{"road", (*builder).roadRows},
		{"parcel", (*builder).parcelRows},
		{"building", (*builder).buildingRows},
		{"green_space", (*builder).greenRows},
		{"slum_area", (*builder).slumRows},
		{"hazard_zone", (*builder).hazardRows},
		{"shelter", (*builder).shelterRows},
		{"evacuation_route", (*builder).routeRows},
		{"closure", (*builder).closureRows},
		{"hazard_event", (*builder).eventRows},
		{"place", (*builder).placeRows},
		{"healthy_village", (*builder).healthyRows},
		{"waste_bank", (*builder).wasteRows},
		{"public_parking", (*builder).parkingRows},
		{"wifi_corner", (*builder).wifiRows},
		{"smoke_free_area", (*builder).smokeFreeRows},
		{"renewable_energy", (*builder).energyRows},
		{"traffic_signal", (*builder).signalRows},
		{"report", (*builder).reportRows},
	}
}

// Layers returns the ids of the layers that the city has rows for: those that
// others lie within come first.
func (c *City) Layers() []string {
	var ids []string
	for _, m := range makers() {
		ids = append(ids, m.layer)
	}
	return ids
}

// Rows yields the rows of one layer, always in the same order; nothing for a
// layer the city has not. Rows are made while they are asked for, so a large
// layer is never in memory as a whole.
func (c *City) Rows(layer string) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, m := range makers() {
			if m.layer == layer {
				m.rows(c.b, yield)
				return
			}
		}
	}
}

// polygons turns rings of one zone into the geometry of a layer.
func polygons(shapes ...[][]grid) orb.MultiPolygon {
	out := make(orb.MultiPolygon, len(shapes))
	for i, rings := range shapes {
		for _, r := range rings {
			out[i] = append(out[i], ringOf(r))
		}
	}
	return out
}

func lineOf(gs []grid) orb.LineString {
	l := make(orb.LineString, len(gs))
	for i, g := range gs {
		l[i] = g.point()
	}
	return l
}

// shapeArea is the area of rings in m2.
func shapeArea(rings [][]grid) float64 {
	var sum int64
	for _, r := range rings {
		sum += area2(r)
	}
	return squareMetres(sum)
}

// round keeps the given number of decimals, as a person would have written.
func round(x float64, decimals int) float64 {
	f := 1.0
	for range decimals {
		f *= 10
	}
	return math.Round(float64(x*f)) / f
}
