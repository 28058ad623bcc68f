// Package pdf prints an extract: two to four pages A4 in one language, drawn from
// the document alone, so that the same document is always the same bytes.
//
// Everything is text and lines: no pictures, and nothing is fetched. The map is
// true to the scale that it names, in metres around the middle of its frame, with
// north up. It can be read in black and white: zones carry their code, and what
// lies over them is hatched, each in its own direction.
//
// Lengths on paper are mm from the upper left corner, sizes of letters points.
package pdf
