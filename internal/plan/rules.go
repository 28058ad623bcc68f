package plan

import "time"

// RuleSet is one document of zoning rules as it is kept: package zoning reads
// it.
type RuleSet struct {
	// ID grows with each import.
	ID    int64
	Codes CodeRef
	// Revision counts the sets for Codes from 1.
	Revision int
	// Document is JSON; SHA256 is that of its canonical form.
	Document   []byte
	SHA256     string
	ImportedAt time.Time
	ImportedBy string
}
