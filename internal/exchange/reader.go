package exchange

import (
	"bytes"
	"errors"
	"io"

	"github.com/simtaru/simtaru/internal/geo"
)

// ReaderOptions says how a file is to be understood.
type ReaderOptions struct {
	Limits Limits
	// CRS is what the coordinates are in; nil means that the file may say so,
	// and otherwise they are lon, lat.
	CRS *geo.CRS
	// CloseRings closes the rings that are not, instead of refusing them.
	CloseRings bool
}

// Reader reads GeoJSON strictly: a FeatureCollection, or Features that are
// separated by newlines or record separators (RFC 8142).
//
// Memory is flat: one window and one record within its Limits, whatever the
// file holds. Coordinates are taken east before north in every CRS, as all
// writers of GeoJSON write them.
type Reader struct {
	lex    *lexer
	limits Limits
	close  bool

	crs      geo.CRS
	crsFixed bool // by the options
	crsNamed bool // by the file

	mode  mode
	count int64
	rec   Record
	// wide says that a record took several lines, which is right only if it is
	// the only one or if separators are used.
	wide, separators bool
	newline          bool // the line of the record before was passed over to its end
	ended            error

	members, geometryMembers, properties, crsMembers *keys
	coords                                           coordinates
	shape                                            string // type of the geometry in coords, empty for none
	noProperties                                     bool   // the properties member was null
	northFirst                                       bool   // coordinates come as the authority of the CRS orders them
	scratch                                          []byte
	top                                              collection
	foreign                                          map[string]int64
	names                                            []string // foreign members of the record
}

type mode uint8

const (
	atStart mode = iota
	inCollection
	inLines
	atEnd
)

// NewReader reads from src, which it buffers.
func NewReader(src io.Reader, o ReaderOptions) *Reader {
	r := &Reader{
		lex: newLexer(src), limits: o.Limits, close: o.CloseRings,
		members: newKeys(), geometryMembers: newKeys(), properties: newKeys(), crsMembers: newKeys(),
		foreign: map[string]int64{},
	}
	if o.CRS != nil {
		r.crs, r.crsFixed = *o.CRS, true
	}
	return r
}

// CRS is what the coordinates are taken to be in, and whether the file says
// so itself.
func (r *Reader) CRS() (c geo.CRS, named bool) { return r.crs, r.crsNamed }

// Position is where the reader stands.
func (r *Reader) Position() Position { return r.lex.position() }

// Foreign counts the members of features that were passed over, id among
// them.
func (r *Reader) Foreign() map[string]int64 { return r.foreign }

// Next returns the next record, io.EOF at the end, or a *SyntaxError after
// which nothing more can be read. The record is good until the next call. In
// a file of lines a broken line is a record with a Problem, and the next call
// goes on after it.
func (r *Reader) Next() (*Record, error) {
	if r.ended != nil {
		return nil, r.ended
	}
	rec, err := r.next()
	if err != nil {
		r.ended = err
		return nil, err
	}
	return rec, nil
}

func (r *Reader) next() (*Record, error) {
	switch r.mode {
	case atStart:
		return r.start()
	case inCollection:
		return r.nextMember()
	case inLines:
		return r.nextLine()
	default:
		return nil, io.EOF
	}
}

// start finds out what the file is, and reads its first record.
func (r *Reader) start() (*Record, error) {
	l := r.lex
	l.reserve(16)
	if err := l.foreignFormat(); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(l.buf[l.pos:l.end], []byte("\xef\xbb\xbf")) {
		l.pos += 3
		l.lineStart = l.offset()
	}
	if c := l.peek(); c == 0 && l.atEnd() {
		return nil, l.syntax("berkas kosong", "the file is empty")
	} else if c == separator {
		r.mode = inLines
		return r.nextLine()
	}
	rec := r.begin()
	if err := l.expect('{'); err != nil {
		return nil, err
	}
	f, err := r.readFeature(rec, true)
	if errors.Is(err, errTop) {
		return r.startCollection(rec, f)
	}
	if err == nil {
		switch {
		case f.kind == "FeatureCollection":
			return nil, l.syntax("FeatureCollection tanpa features", "a FeatureCollection without features")
		case heightOf(f.kind) >= 0 || f.kind == "GeometryCollection":
			return nil, l.syntax("geometri saja; mestinya Feature atau FeatureCollection", "a bare geometry; it must be a Feature or a FeatureCollection")
		}
		if f.hasCRS {
			if err := r.adopt(f.crs); err != nil {
				return nil, err
			}
			f.hasCRS, f.crs = false, nil
		}
	}
	if err != nil && f.kind != "Feature" || f.hasCRS && f.crs == nil {
		return nil, err // not known to be lines, or in an unknown reference system
	}
	r.mode = inLines
	return r.endLine(f, err)
}

// foreignFormat recognises by their first bytes what people mistake for
// GeoJSON.
func (l *lexer) foreignFormat() error {
	head := l.buf[l.pos:l.end]
	for _, f := range []struct{ magic, id, en string }{
		{"\x1f\x8b", "berkas gzip", "a gzip file"},
		{"PK\x03\x04", "berkas ZIP", "a ZIP file"},
		{"SQLite format 3", "GeoPackage atau SQLite", "a GeoPackage or SQLite file"},
		{"\x00\x00\x27\x0a", "shapefile", "a shapefile"},
		{"<", "XML (KML atau GML)", "XML (KML or GML)"},
		{"\xff\xfe", "teks UTF-16", "UTF-16 text"},
		{"\xfe\xff", "teks UTF-16", "UTF-16 text"},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return l.syntax("ini "+f.id+", bukan GeoJSON dalam UTF-8; ubah dulu, misalnya dengan ogr2ogr", "this is "+f.en+", not GeoJSON in UTF-8; convert it first, for instance with ogr2ogr")
		}
	}
	return nil
}

func (r *Reader) begin() *Record {
	r.lex.peek() // white space before the record is not part of it
	r.count++
	r.rec.reset(r.count, r.lex.position())
	return &r.rec
}
