package exchange

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

const (
	windowSize = 256 << 10
	// longestNumber is the longest numeral that is read; the longest float64
	// that has a reason to exist takes 25 characters.
	longestNumber = 1000
	// deepest is how deeply values may nest below a record.
	deepest = 64
)

// Position is a place in the file that is read.
type Position struct {
	// Line counts from 1. Column counts bytes in the line, from 1.
	Line, Column int64
	// Offset counts bytes in the file from 0, a byte order mark included.
	Offset int64
}

func (p Position) String() string { return fmt.Sprintf("line %d, column %d", p.Line, p.Column) }

// SyntaxError says that the text is not the GeoJSON it should be, so that
// nothing after it can be read with certainty.
type SyntaxError struct {
	Position
	Message plan.Text
	Cause   error
}

func (e *SyntaxError) Error() string {
	s := fmt.Sprintf("%v: %s", e.Position, e.Message.EN)
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

func (e *SyntaxError) Unwrap() error { return e.Cause }

// lexer reads JSON tokens from a window that slides over the input. It never
// holds more than the window.
type lexer struct {
	src       io.Reader
	buf       []byte
	pos, end  int       // the unread part of buf
	base      int64     // offset of buf[0] in the input
	line      int64     // from 1
	lineStart int64     // offset of the first byte of the line
	err       error     // what src said last
	source    plan.Text // what the input is called
}

func newLexer(src io.Reader) *lexer {
	return &lexer{src: src, buf: make([]byte, windowSize), line: 1, source: plan.Text{ID: "berkas", EN: "the file"}}
}

func (l *lexer) offset() int64 { return l.base + int64(l.pos) }

func (l *lexer) position() Position {
	return Position{Line: l.line, Column: l.offset() - l.lineStart + 1, Offset: l.offset()}
}

// fill slides the window and reads more. It reports whether anything came.
func (l *lexer) fill() bool {
	if l.err != nil {
		return false
	}
	copy(l.buf, l.buf[l.pos:l.end])
	l.base += int64(l.pos)
	l.end -= l.pos
	l.pos = 0
	for range 100 {
		n, err := l.src.Read(l.buf[l.end:])
		l.end += n
		l.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	l.err = io.ErrNoProgress
	return false
}

// reserve makes n bytes visible from pos on, as far as the input has them.
func (l *lexer) reserve(n int) {
	for l.end-l.pos < n && l.fill() {
	}
}

// peek passes over white space and returns the byte that follows without
// taking it; 0 at the end of the input or of what can be read of it.
func (l *lexer) peek() byte {
	for {
		for l.pos < l.end {
			switch c := l.buf[l.pos]; c {
			case ' ', '\t', '\r':
				l.pos++
			case '\n':
				l.pos++
				l.line++
				l.lineStart = l.offset()
			default:
				return c
			}
		}
		if !l.fill() {
			return 0
		}
	}
}

// atEnd reports whether the input ended, once peek returned 0.
func (l *lexer) atEnd() bool { return l.pos == l.end && errors.Is(l.err, io.EOF) }

// expect takes c, which must be next.
func (l *lexer) expect(c byte) error {
	if l.peek() != c {
		return l.unexpected(strconv.QuoteRune(rune(c)))
	}
	l.pos++
	return nil
}

func (l *lexer) syntax(id, en string) error {
	return &SyntaxError{Position: l.position(), Message: plan.Text{ID: id, EN: en}}
}

// unexpected says what stands where wanted should.
func (l *lexer) unexpected(wanted string) error {
	c := l.peek()
	if c == 0 && l.pos == l.end {
		if l.err != nil && !errors.Is(l.err, io.EOF) {
			return &SyntaxError{Position: l.position(), Message: plan.Text{ID: l.source.ID + " tidak dapat dibaca", EN: l.source.EN + " cannot be read"}, Cause: l.err}
		}
		return l.syntax(l.source.ID+" berakhir di tengah isi; di sini mestinya ada "+wanted, l.source.EN+" ends in the middle; "+wanted+" should follow")
	}
	l.reserve(utf8.UTFMax)
	r, _ := utf8.DecodeRune(l.buf[l.pos:l.end])
	got := strconv.QuoteRune(r)
	return l.syntax("bukan JSON: ada "+got+", mestinya "+wanted, "not JSON: "+got+" where "+wanted+" should be")
}

// text is what readString found out about a string besides its content.
type text struct {
	tooLong bool
	// flaw is why the content is not text that can be stored.
	flaw *plan.Text
}

// readString appends the content of the string that is next to dst, up to
// limit bytes; the rest is passed over.
func (l *lexer) readString(dst []byte, limit int) ([]byte, text, error) {
	var t text
	if err := l.expect('"'); err != nil {
		return dst, t, err
	}
	start := len(dst)
	ascii := true
	for {
		i := l.pos
		for i < l.end {
			c := l.buf[i]
			if c == '"' || c == '\\' || c < ' ' {
				break
			}
			if c >= utf8.RuneSelf {
				ascii = false
			}
			i++
		}
		if room := limit - (len(dst) - start); i-l.pos > room {
			t.tooLong = true
			dst = append(dst, l.buf[l.pos:l.pos+max(room, 0)]...)
		} else {
			dst = append(dst, l.buf[l.pos:i]...)
		}
		l.pos = i
		if i == l.end {
			if !l.fill() {
				return dst, t, l.unexpected(`'"'`)
			}
			continue
		}
		switch c := l.buf[i]; c {
		case '"':
			l.pos++
			if !ascii && !t.tooLong && !utf8.Valid(dst[start:]) {
				t.flaw = &plan.Text{ID: "teks bukan UTF-8", EN: "the text is not UTF-8"}
			}
			return dst, t, nil
		case '\\':
			r, err := l.escape()
			if err != nil {
				return dst, t, err
			}
			switch {
			case r == 0:
				t.flaw = &plan.Text{ID: "teks memuat karakter NUL", EN: "the text holds the NUL character"}
			case r < 0:
				t.flaw = &plan.Text{ID: `teks memuat setengah pasangan surrogate (\ud800-\udfff)`, EN: `the text holds half a surrogate pair (\ud800-\udfff)`}
			case len(dst)-start+utf8.UTFMax <= limit:
				dst = utf8.AppendRune(dst, r)
			default:
				t.tooLong = true
			}
		default:
			return dst, t, l.syntax("karakter kendali di dalam teks; mungkin tanda petik penutup hilang", "a control character inside a text; perhaps its closing quote is missing")
		}
	}
}

// escape takes an escape sequence and returns its character; -1 for half a
// surrogate pair.
func (l *lexer) escape() (rune, error) {
	l.reserve(len(`\ud83d\ude00`))
	b := l.buf[l.pos:l.end]
	if len(b) < 2 {
		l.pos = l.end
		return 0, l.unexpected(`'"'`)
	}
	switch b[1] {
	case '"', '\\', '/':
		l.pos += 2
		return rune(b[1]), nil
	case 'b', 'f', 'n', 'r', 't':
		l.pos += 2
		return map[byte]rune{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}[b[1]], nil
	case 'u':
		hi, ok := hex4(b[2:])
		if !ok {
			break
		}
		l.pos += 6
		if hi < 0xd800 || hi > 0xdfff {
			return hi, nil
		}
		if hi < 0xdc00 && len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
			if lo, ok := hex4(b[8:]); ok && 0xdc00 <= lo && lo <= 0xdfff {
				l.pos += 6
				return (hi-0xd800)<<10 + (lo - 0xdc00) + 0x10000, nil
			}
		}
		return -1, nil
	}
	return 0, l.syntax("urutan escape yang tidak dikenal di dalam teks", "an unknown escape sequence inside a text")
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// word takes the keyword w, which must be next.
func (l *lexer) word(w string) error {
	l.reserve(len(w) + 1)
	b := l.buf[l.pos:l.end]
	if len(b) < len(w) || string(b[:len(w)]) != w || len(b) > len(w) && isWord(b[len(w)]) {
		return l.unexpected("a value")
	}
	l.pos += len(w)
	return nil
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}
