// Package postgis is the store: the only package that speaks SQL.
//
// PostGIS is the truth. What must hold for everybody who writes, through QGIS
// or through us, is held there: a layer's declaration becomes a table
// plan.<layer> with constraints, a row trigger that refuses what is wrong in
// words a planner reads, statement triggers that write history.<layer> and the
// change feed simtaru.change, and privileges and policies (ddl*.go, apply*.go).
// A geometry may come in any form that can become the layer's; an edit of what
// somebody else has changed or deleted meanwhile is refused with who and when
// (internal/adr/0003-two-doors-one-rulebook.md). Our own edits go through the
// same door: Edit and Commit run as the person's login role.
//
// The rest of the package reads: everything at once (Load), what has changed
// since (Since, Wait), pages of features and tiles of what is not in memory or
// no longer current (Features, Tile).
//
// Statements are files in sql/ or come from pure builders that return a
// Statement; values are always parameters, names come from the catalogue and
// are quoted. Errors that a person can do something about are *plan.Error.
package postgis
