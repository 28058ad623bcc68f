package qgis

import (
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// QGIS's numbers for snapping.
const (
	vertexAndSegment = "3"
	perLayer         = "3"
	pixels           = "1"
	snapTolerance    = "12"
)

// snapping is on, to vertices and segments, for the lines and borders that
// somebody may edit here and for those that they must keep to.
func (p project) snapping() *node {
	layers := el("individual-layer-settings")
	for _, v := range p.views {
		layers.add(el("layer-setting", "id", layerID(v.layer), "enabled", bit(p.snapsTo(v)), "type", vertexAndSegment,
			"tolerance", snapTolerance, "units", pixels, "minScale", "0", "maxScale", "0"))
	}
	return el("snapping-settings", "enabled", "1", "mode", perLayer, "type", vertexAndSegment, "tolerance", snapTolerance, "unit", pixels,
		"intersection-snapping", "0", "self-snapping", "0", "scaleDependencyMode", "0", "minScale", "0", "maxScale", "0").add(layers)
}

func (p project) snapsTo(v view) bool {
	if v.layer.Geometry == plan.Point {
		return false
	}
	return v.editable || slices.ContainsFunc(p.views, func(w view) bool {
		return w.editable && w.layer.Topology.Within == v.layer.ID
	})
}

// QGIS's numbers for what happens to a new polygon that overlaps others.
const (
	allowOverlaps   = 0
	avoidInTheLayer = 1
)

// avoidOverlaps cuts what is drawn by the neighbours in its layer, where every
// layer that can be edited forbids overlaps. Where one allows them, nothing is
// cut: QGIS has one setting for all layers, and its list of layers to keep off
// cuts whatever is drawn by them, so that a new parcel or hazard zone inside
// the zoning plan would vanish.
func (p project) avoidOverlaps() int {
	some := false
	for _, v := range p.views {
		if !v.editable || v.layer.Geometry != plan.MultiPolygon {
			continue
		}
		if !v.layer.Topology.Coverage && !v.layer.Topology.NoOverlap {
			return allowOverlaps
		}
		some = true
	}
	if some {
		return avoidInTheLayer
	}
	return allowOverlaps
}
