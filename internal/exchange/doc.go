// Package exchange brings plans in from files, and takes them out.
//
// A file comes from outside, so it is read once and strictly, here, and never
// by the database: two readers that disagree are a hole. The path of a row is
//
//	Reader    bytes to Record: GeoJSON's grammar, duplicate keys, limits
//	schema    Record to Row: names, types, ranges, codes of the layer
//	Sink      Row to table: staged, checked by PostGIS, inserted, committed
//
// Import drives them. It keeps one record in memory, whatever the file's size,
// and every row that is read is imported, skipped or refused: the counts of a
// Report add up, and what is refused is a Problem with its line.
package exchange
