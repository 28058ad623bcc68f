package exchange

import (
	"errors"
	"io"
)

// separator is the record separator of RFC 8142 (GeoJSON text sequences).
const separator = 0x1e

// nextLine reads the next record of a file of records.
func (r *Reader) nextLine() (*Record, error) {
	l := r.lex
	line := l.line
	fresh := r.count == 0
	for l.peek() == separator {
		l.pos++
		r.separators, fresh = true, true
	}
	if l.peek() == 0 && l.pos == l.end {
		if !l.atEnd() {
			return nil, l.unexpected("a feature")
		}
		r.mode = atEnd
		return nil, io.EOF
	}
	if r.wide && !r.separators {
		return nil, l.syntax(
			"objek yang terbagi atas beberapa baris harus dipisahkan dengan RS (RFC 8142) atau berada dalam FeatureCollection",
			"features of several lines must be separated by RS (RFC 8142) or be in a FeatureCollection")
	}
	if !fresh && (r.separators || l.line == line && r.count > 0 && !r.newline) {
		return nil, l.unexpected("a new line")
	}
	rec := r.begin()
	if l.peek() != '{' {
		return r.endLine(nil, l.unexpected("'{'"))
	}
	l.pos++
	f, err := r.readFeature(rec, false)
	return r.endLine(f, err)
}

// endLine finishes the record, or gives the line up and passes over the rest
// of it.
func (r *Reader) endLine(f *feature, err error) (*Record, error) {
	l, rec := r.lex, &r.rec
	r.newline = false
	var syntax *SyntaxError
	switch {
	case err == nil:
		r.wide = r.wide || l.line != rec.Line
		r.finish(rec, f)
		return rec, nil
	case !errors.As(err, &syntax) || syntax.Cause != nil:
		return nil, err
	case l.line != rec.Line && !r.separators:
		// Where such a record ends nobody knows.
		return nil, err
	}
	rec.complain(Problem{Position: syntax.Position, Code: "syntax", Message: syntax.Message})
	if !r.separators {
		r.newline = true
		return rec, l.passLine()
	}
	return rec, l.passRecord()
}

// passLine passes over the rest of the line.
func (l *lexer) passLine() error {
	for {
		for l.pos < l.end {
			c := l.buf[l.pos]
			l.pos++
			if c == '\n' {
				l.line++
				l.lineStart = l.offset()
				return nil
			}
		}
		if !l.fill() {
			return l.readError()
		}
	}
}

// passRecord passes over everything up to the next separator.
func (l *lexer) passRecord() error {
	for {
		for l.pos < l.end {
			switch l.buf[l.pos] {
			case separator:
				return nil
			case '\n':
				l.pos++
				l.line++
				l.lineStart = l.offset()
			default:
				l.pos++
			}
		}
		if !l.fill() {
			return l.readError()
		}
	}
}

// readError is what went wrong with the input, nil at its end.
func (l *lexer) readError() error {
	if errors.Is(l.err, io.EOF) {
		return nil
	}
	return l.unexpected("more")
}
