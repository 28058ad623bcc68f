package exchange

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

// value turns a property into a value of the field, or says why it is none.
// Nothing is guessed: a text is no number, 1 is no boolean.
func (s *schema) value(field int, p *Property) (any, *Problem) {
	f := &s.layer.Fields[field]
	switch {
	case p.Kind == NullValue:
		return nil, nil
	case p.Kind == TextValue && f.Type == plan.TextField && len(bytes.TrimSpace(p.Raw)) == 0:
		s.empty++
		return nil, nil
	}
	var v any
	var fault *Problem
	switch f.Type {
	case plan.TextField:
		if p.Kind != TextValue {
			return nil, wrongType(f, p, "teks", "a text")
		}
		v, fault = s.textValue(field, string(p.Raw))
	case plan.IntegerField:
		if p.Kind != NumberValue {
			return nil, wrongType(f, p, "bilangan bulat", "a whole number")
		}
		v, fault = integerValue(f, string(p.Raw))
	case plan.NumberField:
		if p.Kind != NumberValue {
			return nil, wrongType(f, p, "bilangan", "a number")
		}
		v, fault = numberValue(f, string(p.Raw))
	case plan.BooleanField:
		if p.Kind != BoolValue {
			return nil, wrongType(f, p, "true atau false", "true or false")
		}
		v = string(p.Raw) == "true"
	case plan.DateField:
		if p.Kind != TextValue {
			return nil, wrongType(f, p, "tanggal YYYY-MM-DD", "a date YYYY-MM-DD")
		}
		v, fault = dateValue(string(p.Raw))
	case plan.TimestampField:
		if p.Kind != TextValue {
			return nil, wrongType(f, p, "waktu RFC 3339", "a time in RFC 3339")
		}
		v, fault = timestampValue(string(p.Raw))
	default:
		panic(fmt.Sprintf("exchange: unknown field type %q", f.Type))
	}
	if fault != nil {
		return nil, fault
	}
	return v, s.inList(field, v)
}

// fromText turns the text of an Assignment into a value.
func (s *schema) fromText(field int, text string) (any, *Problem) {
	p := Property{Kind: TextValue, Raw: []byte(text)}
	switch s.layer.Fields[field].Type {
	case plan.IntegerField, plan.NumberField:
		p.Kind = NumberValue
		l := newLexer(strings.NewReader(text))
		if n, err := l.number(); err != nil || n.notJSON || l.peek() != 0 || !l.atEnd() {
			p.Kind = TextValue
		}
	case plan.BooleanField:
		if text == "true" || text == "false" {
			p.Kind = BoolValue
		}
	}
	return s.value(field, &p)
}

func wrongType(f *plan.Field, p *Property, id, en string) *Problem {
	got := map[ValueKind]plan.Text{
		BoolValue: say("boolean", "a boolean"), NumberValue: say("bilangan", "a number"), TextValue: say("teks", "a text"),
		ObjectValue: say("objek", "an object"), ArrayValue: say("larik", "an array"),
	}[p.Kind]
	m := say(f.Name+" mestinya "+id+", bukan "+got.ID, f.Name+" should be "+en+", not "+got.EN)
	if p.Kind == TextValue && f.Type == plan.NumberField && bytes.ContainsRune(p.Raw, ',') {
		m.ID += "; desimal ditulis dengan titik, tanpa tanda petik"
		m.EN += "; decimals are written with a point, without quotes"
	}
	return &Problem{Code: "wrong-type", Message: m}
}

func (s *schema) textValue(field int, text string) (any, *Problem) {
	limit := s.layer.Fields[field].MaxLength
	if limit == 0 {
		limit = plan.DefaultMaxLength
	}
	if len(text) > limit {
		if n := utf8.RuneCountInString(text); n > limit {
			return nil, &Problem{Code: "too-long", Message: sayf("%d karakter, paling banyak %d", "%d characters, the most is %d", n, limit)}
		}
	}
	return text, nil
}

// integerValue takes 5, 5.0 and 5e0 alike: they are one number, and GDAL
// writes the second for a real column.
func integerValue(f *plan.Field, raw string) (any, *Problem) {
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		v, ferr := strconv.ParseFloat(raw, 64)
		if ferr != nil || v != math.Trunc(v) || math.Abs(v) > 1<<53 {
			return nil, &Problem{Code: "wrong-type", Message: sayf("%s mestinya bilangan bulat", "%s should be a whole number", f.Name)}
		}
		n = int64(v)
	}
	if fault := inRange(f, float64(n)); fault != nil {
		return nil, fault
	}
	return n, nil
}

func numberValue(f *plan.Field, raw string) (any, *Problem) {
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return nil, &Problem{Code: "not-finite", Message: say("bilangan terlalu besar", "the number is too large")}
	}
	if v == 0 {
		v = 0 // not -0
	}
	if fault := inRange(f, v); fault != nil {
		return nil, fault
	}
	return v, nil
}

func inRange(f *plan.Field, v float64) *Problem {
	switch {
	case f.Min != nil && v < *f.Min:
		return &Problem{Code: "out-of-range", Message: sayf("paling kecil %v", "the least is %v", *f.Min)}
	case f.Max != nil && v > *f.Max:
		return &Problem{Code: "out-of-range", Message: sayf("paling besar %v", "the most is %v", *f.Max)}
	}
	return nil
}

func dateValue(text string) (any, *Problem) {
	if _, err := time.Parse(time.DateOnly, text); err != nil || text[:4] == "0000" {
		return nil, &Problem{Code: "wrong-type", Message: say("bukan tanggal YYYY-MM-DD yang ada di kalender", "not a date YYYY-MM-DD that the calendar has")}
	}
	return plan.Date(text), nil
}

// timestampValue wants the zone: without it 07:00 is two different moments in
// Aceh and in the server.
func timestampValue(text string) (any, *Problem) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.Year() < 1 {
		return nil, &Problem{Code: "wrong-type", Message: say("bukan waktu RFC 3339 dengan zona, misalnya 2004-12-26T07:58:53+07:00", "not a time in RFC 3339 with its zone, such as 2004-12-26T07:58:53+07:00")}
	}
	return t, nil
}

// inList says of a code that is in no list the same as simtaru.refuse_code.
func (s *schema) inList(field int, v any) *Problem {
	codes := s.codes[field]
	if codes == nil || v == nil {
		return nil
	}
	text := fmt.Sprint(v)
	if codes.known[text] {
		return nil
	}
	f := &s.layer.Fields[field]
	text = excerpt([]byte(text))
	return &Problem{Code: "unknown-code", Message: say(
		fmt.Sprintf(`%s: kode "%s" tidak ada dalam daftar %s versi %s. Kode yang ada antara lain: %s.`, f.Title.ID, text, f.Codes.List, f.Codes.Version, codes.some),
		fmt.Sprintf(`%s: the code "%s" is not in the list %s, version %s. Among its codes are: %s.`, f.Name, text, f.Codes.List, f.Codes.Version, codes.some),
	)}
}
