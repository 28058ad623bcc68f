package exchange

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// BodyOptions says how the body of a request is to be understood.
type BodyOptions struct {
	// Catalog has the code lists.
	Catalog *plan.Catalog
	// CRS of the coordinates, in the axis order of its authority: EPSG:4326 is
	// latitude, longitude.
	CRS    geo.CRS
	Limits Limits
}

// ReadFeature reads a body that is one GeoJSON Feature of the layer, by the
// rules of Reader. The edit has its geometry and the values that it names; what
// the system itself keeps (id, revision, updated_at, updated_by, computed fields)
// is passed over, and a foreign member or an id decide nothing.
//
// The error is a *plan.Error where the text is not JSON, and *plan.Faults with
// all that is wrong otherwise.
func ReadFeature(src io.Reader, layer *plan.Layer, o BodyOptions) (plan.Edit, error) {
	return newBody(src, o).single(layer, (*body).whole)
}

// ReadPatch reads a body that is a merge patch (RFC 7396) of a feature:
// properties and geometry as far as they change. Null removes a value, a
// geometry is replaced as a whole.
func ReadPatch(src io.Reader, layer *plan.Layer, o BodyOptions) (plan.Edit, error) {
	return newBody(src, o).single(layer, (*body).patch)
}

// body reads one request.
type body struct {
	*Reader
	o BodyOptions
	// schemas by layer, made when first needed.
	schemas map[*plan.Layer]*schema
}

func newBody(src io.Reader, o BodyOptions) *body {
	b := &body{
		Reader: NewReader(src, ReaderOptions{Limits: o.Limits, CRS: &o.CRS}), o: o,
		schemas: map[*plan.Layer]*schema{},
	}
	b.northFirst = o.CRS.NorthFirst()
	b.lex.source = say("isi permintaan", "the body")
	return b
}

// single reads a body that is one object.
func (b *body) single(layer *plan.Layer, read func(*body) (*change, error)) (plan.Edit, error) {
	if err := b.open(); err != nil {
		return plan.Edit{}, malformed(err)
	}
	c, err := read(b)
	if err == nil {
		err = b.end()
	}
	if err != nil {
		return plan.Edit{}, malformed(err)
	}
	edit := plan.Edit{Layer: layer.ID}
	if err := b.fill(&edit, layer, c); err != nil {
		return plan.Edit{}, err
	}
	if len(edit.Refused) == 0 {
		return edit, nil
	}
	faults := &plan.Faults{}
	for _, e := range edit.Refused {
		faults.List = append(faults.List, plan.Fault{Layer: layer.ID, Err: e})
	}
	return plan.Edit{}, faults
}

// open makes sure that the body is an object, without taking its brace.
func (b *body) open() error {
	l := b.lex
	l.reserve(16)
	if l.peek() == 0 && l.atEnd() {
		return l.syntax("isi permintaan kosong", "the body is empty")
	}
	if l.peek() != '{' {
		return l.unexpected("'{'")
	}
	return nil
}

// end makes sure that nothing follows.
func (b *body) end() error {
	if b.lex.peek() != 0 || !b.lex.atEnd() {
		return b.lex.unexpected("the end")
	}
	return nil
}

// change is a feature or a patch as it was read. It is good until the next.
type change struct {
	rec *Record
	// partly says that absent means unchanged.
	partly, hasGeometry bool
}

// members reads an object and what it has of a Feature.
func (b *body) members() (*Record, *feature, error) {
	rec := b.begin()
	if err := b.lex.expect('{'); err != nil {
		return nil, nil, err
	}
	f, err := b.readFeature(rec, false)
	return rec, f, err
}

// whole reads a Feature.
func (b *body) whole() (*change, error) {
	rec, f, err := b.members()
	if err != nil {
		return nil, err
	}
	b.finish(rec, f)
	return &change{rec: rec, hasGeometry: true}, nil
}

// patch reads a merge patch. What a Feature would carry along is passed over;
// a member that means nothing here is refused, since it is most likely a
// property at the wrong place.
func (b *body) patch() (*change, error) {
	rec, f, err := b.members()
	if err != nil {
		return nil, err
	}
	if f.hasCRS {
		rec.complain(Problem{Code: "crs", Field: "crs", Message: say("crs di dalam objek tidak didukung; sebutkan di luarnya", "a crs inside a feature is not supported; name it outside")})
	}
	if f.hasType && f.kind != "Feature" {
		rec.complain(b.missing(f, "type", "Feature", f.kind))
	}
	if b.noProperties {
		rec.complain(Problem{Code: "wrong-properties", Field: "properties", Message: say("properties harus objek; atribut dihapus satu per satu dengan null", "properties must be an object; remove attributes one by one with null")})
	}
	for _, name := range b.names {
		if !slices.Contains([]string{"id", "bbox", "links"}, name) {
			rec.complain(Problem{Code: "unknown-member", Field: name, Message: sayf("anggota %q tidak dikenal; atribut ditulis di dalam properties", "the member %q is not known; attributes stand in properties", name)})
		}
	}
	if b.shape != "" {
		b.place(rec)
	}
	return &change{rec: rec, partly: true, hasGeometry: f.geometry}, nil
}

// fill makes the edit of a change of the layer. What is wrong with it goes to
// Refused.
func (b *body) fill(edit *plan.Edit, layer *plan.Layer, c *change) error {
	s := b.schemas[layer]
	if s == nil {
		var err error
		if s, err = newSchema(layer, b.o.Catalog, nil, nil); err != nil {
			return err
		}
		b.schemas[layer] = s
	}
	edit.Values, edit.ReadRevision = s.named(c.rec, c.partly)
	edit.HasGeometry = c.hasGeometry
	if g := s.promote(c.rec); g != nil {
		edit.Geometry = orb.Clone(g)
	}
	for i := range c.rec.Problems {
		edit.Refused = append(edit.Refused, c.rec.Problems[i].refusal())
	}
	return nil
}

// malformed is the error of a text that is not what it should be.
func malformed(err error) error {
	var syntax *SyntaxError
	var large *http.MaxBytesError
	if !errors.As(err, &syntax) || errors.As(err, &large) {
		return err
	}
	return &plan.Error{Kind: plan.Invalid, Code: "invalid-json", At: syntax.Position.String(), Message: sentence(syntax.Message), Cause: syntax.Cause}
}

// refusal is the problem as an error of the member or property that it names.
func (p *Problem) refusal() *plan.Error {
	e := &plan.Error{Kind: plan.Unprocessable, Code: p.Code, At: p.Field, Message: p.Message}
	switch p.Code {
	case "no-feature", "duplicate-member", "wrong-type-member", "wrong-properties", "wrong-geometry", "wrong-coordinates", "crs", "unreadable-text":
		e.Kind = plan.Invalid // not GeoJSON at all
	case "too-many-vertices", "too-many-parts", "too-large":
		e.Kind = plan.TooLarge
	}
	if p.Path != "" {
		e.Message.ID += " (" + p.Path + ")"
		e.Message.EN += " (" + p.Path + ")"
	}
	if e.At == "" {
		e.At = "geometry"
	}
	e.Message = sentence(e.Message)
	return e
}

// sentence makes a sentence of what is written to stand in a table.
func sentence(t plan.Text) plan.Text {
	s := func(s string) string {
		r, n := utf8.DecodeRuneInString(s)
		return string(unicode.ToUpper(r)) + strings.TrimSuffix(s[n:], ".") + "."
	}
	return plan.Text{ID: s(t.ID), EN: s(t.EN)}
}
