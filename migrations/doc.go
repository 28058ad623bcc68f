// Package migrations holds the platform's schema: everything in the database
// that does not follow from the declaration of a layer.
//
// Numbered files are append-only and run once each, in order, with
// github.com/jackc/tern. functions.sql and privileges.sql are re-created as a
// whole after them, each time they have changed, so that a function has one
// text and not a history of them. Text between {{ and }} would be a template
// of tern's: there is none, and a test keeps it so.
package migrations

import "embed"

// Files are the numbered migrations, functions.sql and privileges.sql.
//
//go:embed *.sql
var Files embed.FS
