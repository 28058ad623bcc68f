// Package plan holds the vocabulary of a city's spatial plan: layers and
// their declarations, features, queries, changes, actors and errors.
//
// Every other package speaks these types; this one speaks to nobody: it does
// no I/O, knows no SQL and no HTTP. Coordinates are longitude, latitude in
// degrees (CRS84 order) wherever a type here holds a geometry.
package plan
