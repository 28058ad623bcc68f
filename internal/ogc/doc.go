// Package ogc answers OGC API: Features Part 1 (core, GeoJSON, HTML, OpenAPI
// 3.0) and Part 2 (coordinate reference systems), and Tiles Part 1, under
// /ogc.
//
// Present features come from the mirror, as bytes appended to one pooled
// buffer; the past, and layers too large for memory, come from an [Archive].
// What a collection offers follows from its declaration alone.
//
// Versions: a feature's datetime is its transaction time (when the plan said
// so), not a property of the thing itself.
package ogc
