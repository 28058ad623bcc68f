// Package catalog reads the declarations from which everything else is made:
// layers (layers/*.yaml, one a file), versions of code lists (codes/*.yaml),
// coverages (coverages/*.yaml) and indicators (indicators/*.yaml).
//
// A declaration is written by a planner, so it is read strictly and answered
// in words: an unknown key, an empty value (in YAML an unquoted #FF00FF is a
// comment), a misspelt field in a style are faults with a line and a remedy,
// in Indonesian and English. All faults of a file are reported at once; each
// is a *plan.Error, and Faults takes a returned error apart.
//
// Rules that concern one declaration are checked as it is parsed, rules between
// declarations by Validate.
package catalog
