package zoning

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// MaxDocument is the size in bytes above which a document of rules is not
// read.
const MaxDocument = 16 << 20

// Parse reads the canonical document. It is strict: an unknown or repeated
// member, a value of another type and a cell that is none are faults, each a
// *plan.Error whose At is "line: path". What a set contradicts itself in is for
// [Check].
func Parse(text []byte) (*Set, error) {
	if len(text) > MaxDocument {
		return nil, &plan.Error{Kind: plan.TooLarge, Code: "rules-too-large", Message: plan.Text{
			ID: fmt.Sprintf("berkas aturan lebih besar dari %d bita", MaxDocument), EN: fmt.Sprintf("the file of rules is larger than %d bytes", MaxDocument),
		}}
	}
	r := &strictReader{text: text, dec: json.NewDecoder(bytes.NewReader(text)), lines: map[string]int{}}
	r.dec.UseNumber()
	if err := r.value("", reflect.TypeFor[Set]()); err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fault(r.at("end"), "rules-syntax", "ada tulisan sesudah akhir dokumen", "there is text after the end of the document")
	}
	if err := r.faults.err(); err != nil {
		return nil, err
	}
	s := new(Set)
	if err := json.Unmarshal(text, s); err != nil {
		return nil, r.syntax(err)
	}
	s.normalise(&r.faults, func(path string) string { return fmt.Sprintf("%d: %s", r.lines[path], path) })
	if err := r.faults.err(); err != nil {
		return nil, err
	}
	return s, nil
}

// normalise brings cells to their canonical form, and lists that are absent to
// empty ones.
func (s *Set) normalise(f *faults, at func(path string) string) {
	for i := range s.Activities {
		a := &s.Activities[i]
		if a.Cells == nil {
			a.Cells = map[string]Answer{}
		}
		for zone, cell := range a.Cells {
			answer, ok := ParseAnswer(string(cell))
			switch {
			case !ok:
				f.add(at(fmt.Sprintf("activities[%d].cells.%s", i, zone)), "rules-cell",
					"%q bukan isi matriks; tulis I, X, T, B atau TB, dengan nomor syarat bila ada, misalnya T1,B3",
					"%q is no cell of a matrix; write I, X, T, B or TB, with the number of a condition if any, such as T1,B3", string(cell))
			case answer == "":
				delete(a.Cells, zone)
			default:
				a.Cells[zone] = answer
			}
		}
	}
	s.Zones, s.Activities, s.Conditions = orEmpty(s.Zones), orEmpty(s.Activities), orEmpty(s.Conditions)
	s.Intensity, s.Provisions = orEmpty(s.Intensity), orEmpty(s.Provisions)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// strictReader holds a JSON text against the Go type that it will be decoded
// into, and notes the line of every path.
type strictReader struct {
	text   []byte
	dec    *json.Decoder
	lines  map[string]int
	faults faults
}

// line is where the decoder stands.
func (r *strictReader) line() int {
	return 1 + bytes.Count(r.text[:r.dec.InputOffset()], []byte("\n"))
}

func (r *strictReader) at(path string) string {
	return strings.TrimSuffix(fmt.Sprintf("%d: %s", r.line(), path), ": ")
}

func (r *strictReader) syntax(err error) error {
	at := fmt.Sprint(r.line())
	var s *json.SyntaxError
	if errors.As(err, &s) {
		at = fmt.Sprint(1 + bytes.Count(r.text[:min(int(s.Offset), len(r.text))], []byte("\n")))
	}
	return &plan.Error{Kind: plan.Unprocessable, Code: "rules-syntax", At: at, Cause: err, Message: plan.Text{
		ID: "bukan JSON yang benar", EN: "this is not valid JSON",
	}}
}

// value reads one value. Its error is one of syntax, after which nothing can be
// read; other faults are collected.
func (r *strictReader) value(path string, t reflect.Type) error {
	tok, err := r.dec.Token()
	if err != nil {
		return r.syntax(err)
	}
	r.lines[path] = r.line()
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch tok {
	case json.Delim('{'):
		return r.object(path, t)
	case json.Delim('['):
		return r.list(path, t)
	}
	if t == nil { // below a fault
		return nil
	}
	wanted := map[reflect.Kind]plan.Text{
		reflect.Struct: {ID: "objek {...}", EN: "an object {...}"}, reflect.Map: {ID: "objek {...}", EN: "an object {...}"},
		reflect.Slice: {ID: "daftar [...]", EN: "a list [...]"}, reflect.String: {ID: "teks dalam tanda kutip", EN: "text in quotes"},
		reflect.Float64: {ID: "bilangan", EN: "a number"},
	}[t.Kind()]
	right := false
	switch tok := tok.(type) {
	case string:
		right = t.Kind() == reflect.String
	case json.Number:
		_, err := tok.Float64()
		right = t.Kind() == reflect.Float64 && err == nil
	}
	if !right {
		r.faults.all = append(r.faults.all, &plan.Error{Kind: plan.Unprocessable, Code: "rules-type", At: r.at(path), Message: plan.Text{
			ID: "di sini harus ada " + wanted.ID, EN: "here must be " + wanted.EN,
		}})
	}
	return nil
}

func (r *strictReader) object(path string, t reflect.Type) error {
	if t != nil && t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
		r.faults.add(r.at(path), "rules-type", "objek {...} tidak berlaku di sini", "an object {...} does not belong here")
		t = nil
	}
	seen := map[string]bool{}
	for r.dec.More() {
		tok, err := r.dec.Token()
		if err != nil {
			return r.syntax(err)
		}
		key, _ := tok.(string)
		below := strings.TrimPrefix(path+"."+key, ".")
		var member reflect.Type
		switch {
		case t == nil:
		case t.Kind() == reflect.Map:
			member = t.Elem()
		default:
			names := memberNames(t)
			if i := slices.Index(names, key); i >= 0 {
				member = t.Field(i).Type
			} else {
				r.faults.add(r.at(below), "rules-member", "%q tidak dikenal; yang dikenal: %s", "%q is not known; known are: %s", key, strings.Join(names, ", "))
			}
		}
		if seen[key] {
			r.faults.add(r.at(below), "rules-member-twice", "%q ditulis dua kali", "%q is written twice", key)
		}
		seen[key] = true
		if err := r.value(below, member); err != nil {
			return err
		}
	}
	return r.closing()
}

func (r *strictReader) list(path string, t reflect.Type) error {
	var member reflect.Type
	switch {
	case t == nil:
	case t.Kind() == reflect.Slice:
		member = t.Elem()
	default:
		r.faults.add(r.at(path), "rules-type", "daftar [...] tidak berlaku di sini", "a list [...] does not belong here")
	}
	for i := 0; r.dec.More(); i++ {
		if err := r.value(fmt.Sprintf("%s[%d]", path, i), member); err != nil {
			return err
		}
	}
	return r.closing()
}

func (r *strictReader) closing() error {
	if _, err := r.dec.Token(); err != nil {
		return r.syntax(err)
	}
	return nil
}

func memberNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("json"), ",")
	}
	return names
}
