// Package postgis is the store: the only package that speaks SQL.
//
// PostGIS is the truth. What must hold for everybody who writes, through QGIS
// or through us, is held there: a layer's declaration becomes a table
// plan.<layer> with constraints, a row trigger that refuses what is wrong in
// words a planner reads, statement triggers that write history.<layer> and the
// change feed simtaru.change, and privileges (ddl*.go, apply*.go). The rest of
// the package reads: everything at once (Load), what has changed since (Since,
// Wait), pages of features and tiles of what is not in memory or no longer
// current (Features, Tile).
//
// Statements are files in sql/ or come from pure builders that return a
// Statement; values are always parameters, names come from the catalogue and
// are quoted. Errors that a person can do something about are *plan.Error.
package postgis
