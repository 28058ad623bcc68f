// Package api is the HTTP side of indicators: their definitions and figures as
// JSON, CSV, GeoJSON and tiles, as they are and as they were, the values that
// other systems send, and what edits would make of the figures.
//
// An indicator exists for whoever may read the boundary and all layers that it
// is computed from; to everybody else it is not there.
package api
