// Package carto turns declarations into cartography: the MapLibre style of the
// plan and the legend of a layer. Both come from the same resolved classes, so
// what the legend shows is what the map draws. No layer is named here.
package carto
