// Package ogc answers OGC API: Features Part 1 (core, GeoJSON, HTML, OpenAPI
// 3.0), Part 2 (coordinate reference systems), Part 3 (queryables), Part 4
// (create, replace, update, delete) and Part 5 (schemas), and Tiles Part 1,
// under /ogc; and edits of many layers at once, at /api/v1/edits.
//
// A write is one transaction of an [Editor], whose answer comes when the mirror
// shows it. Bodies are read by internal/exchange, strictly and once.
//
// Present features come from the mirror, as bytes appended to one pooled
// buffer; the past, and layers too large for memory, come from an [Archive].
// What a collection offers follows from its declaration alone.
//
// Versions: a feature's datetime is its transaction time (when the plan said
// so), not a property of the thing itself.
package ogc
