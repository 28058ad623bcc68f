package qgis

import (
	"math"
	"strconv"

	"github.com/simtaru/simtaru/internal/plan"
)

// scale is the denominator of the scale at a zoom of the web map: 1:9,028 at
// zoom 15, where a pixel is a 96th of an inch. It is rounded up by a tenth, so
// that the scales that plans are drawn at, 1:5,000 and 1:10,000, still show
// what the map shows at zooms 16 and 15.
func scale(zoom int) string { return number(math.Round(10000 * math.Exp2(float64(15-zoom)))) }

// defaultLabelSize is the map's, in CSS pixels.
const defaultLabelSize = 12.0

// QGIS's numbers for where labels go.
const (
	curvedAlongLine    = "3"
	horizontalInside   = "4"
	orderedAroundPoint = "6"
)

// labeling writes the label field as the map does: dark grey in a white halo.
// The font is the reader's own, since QGIS complains of one it has not.
func labeling(l *plan.Layer, radius float64) *node {
	size := l.Label.Size
	if size == 0 {
		size = defaultLabelSize
	}
	style := el("text-style", "fieldName", l.Label.Field, "isExpression", "0",
		"fontSize", number(size*0.75), "fontSizeUnit", "Point", "fontWeight", "50", "textColor", rgba("#2B2B2B", 1), "textOpacity", "1",
		"multilineHeight", "1").
		add(el("text-buffer", "bufferDraw", "1", "bufferSize", mm(1.4), "bufferSizeUnits", "MM",
			"bufferColor", rgba("#FFFFFF", 1), "bufferOpacity", "1", "bufferNoFill", "1", "bufferJoinStyle", "128"))
	placement := el("placement", "placement", horizontalInside, "centroidInside", "1", "priority", "5")
	switch l.Geometry {
	case plan.MultiLineString:
		// 1 is on the line, 8 keeps to the map's directions.
		placement = el("placement", "placement", curvedAlongLine, "placementFlags", "9", "priority", "5")
	case plan.Point:
		placement = el("placement", "placement", orderedAroundPoint, "predefinedPositionOrder", "B,T,R,L",
			"dist", mm(0.3*size+radius), "distUnits", "MM", "offsetType", "0", "priority", "5")
	}
	// QGIS calls the smallest scale, which has the largest number, the maximum.
	rendering := el("rendering", "drawLabels", "1", "scaleVisibility", "1", "scaleMin", "0", "scaleMax", scale(max(l.Label.MinZoom, drawnFrom(l))),
		"mergeLines", bit(l.Geometry == plan.MultiLineString), "obstacle", "1", "fontMinPixelSize", "3", "fontMaxPixelSize", strconv.Itoa(10000))
	return el("labeling", "type", "simple").add(el("settings").add(style, el("text-format"), placement, rendering))
}

// drawnFrom is the zoom from which the map draws a layer.
func drawnFrom(l *plan.Layer) int { return max(l.Zooms.Min, l.Zooms.Show) }
