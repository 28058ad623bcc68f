package ogc

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

const (
	schemaType    = "application/schema+json"
	schemaDialect = "https://json-schema.org/draft/2020-12/schema"
	relSchema     = "http://www.opengis.net/def/rel/ogc/1.0/schema"
	relQueryables = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
)

// schemaDoc is the logical schema of a layer (Part 5), or its queryables
// (Part 3): a JSON Schema.
type schemaDoc struct {
	Schema      string `json:"$schema"`
	ID          string `json:"$id"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	// Properties keep the order of the declaration.
	Properties           properties `json:"properties"`
	Required             []string   `json:"required,omitempty"`
	AdditionalProperties bool       `json:"additionalProperties"`
}

// property is one property. Type is a single name, never a list: QGIS reads no
// other; so that a value may be missing is said by Required alone.
type property struct {
	name        string
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Type        string   `json:"type,omitempty"`
	Format      string   `json:"format,omitempty"`
	Enum        []any    `json:"enum,omitempty"`
	OneOf       []choice `json:"oneOf,omitempty"`
	Minimum     *float64 `json:"minimum,omitempty"`
	Maximum     *float64 `json:"maximum,omitempty"`
	MaxLength   int      `json:"maxLength,omitempty"`
	ReadOnly    bool     `json:"readOnly,omitempty"`
	Role        string   `json:"x-ogc-role,omitempty"`
	Seq         int      `json:"x-ogc-propertySeq,omitempty"`
	Unit        string   `json:"x-ogc-unit,omitempty"`
	UnitLang    string   `json:"x-ogc-unitLang,omitempty"`
}

// choice is one code of a list, with its meaning.
type choice struct {
	Const any    `json:"const"`
	Title string `json:"title,omitempty"`
}

type properties []property

// MarshalJSON writes an object in the order of the list.
func (p properties) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, one := range p {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, one.name), ':')
		text, err := json.Marshal(one)
		if err != nil {
			return nil, err
		}
		b = append(b, text...)
	}
	return append(b, '}'), nil
}

// schema says what the features of a layer are made of, for who reads and for
// who edits.
func (s *Service) schema(w http.ResponseWriter, r *http.Request) error {
	return s.describeSchema(w, r, "schema", func(v mirror.View, l *plan.Layer, lang plan.Lang) properties {
		shown := shownTo(v.Actor(), l)
		t := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) }
		all := append(properties{geometryProperty(l, lang)}, fieldProperties(v.Catalog(), l, lang)...)
		all[0].Description = widening(l).In(lang)
		all = append(all,
			property{name: "revision", Title: t("Revisi", "Revision"), Type: "integer", Format: "int64", ReadOnly: true},
			property{name: "updated_at", Title: t("Diubah pada", "Changed at"), Type: "string", Format: "date-time", ReadOnly: true})
		if shown != toPublic {
			all = append(all, property{name: "updated_by", Title: t("Diubah oleh", "Changed by"), Type: "string", ReadOnly: true})
		}
		if shown == toEditor {
			all = append(all, property{
				name: "read_revision", Title: t("Revisi yang dibaca", "Revision that was read"), Type: "integer", Format: "int64",
				Description: t("Diisi penyunting dengan revisi yang ia baca; suntingan atas revisi lain ditolak.",
					"Filled in by an editor with the revision that it had read; an edit of another is refused."),
			})
		}
		return all
	})
}

// queryables are the properties that items can be asked for by: what the
// parameters of the same names take, and the geometry by bbox.
func (s *Service) queryables(w http.ResponseWriter, r *http.Request) error {
	return s.describeSchema(w, r, "queryables", func(v mirror.View, l *plan.Layer, lang plan.Lang) properties {
		all := properties{geometryProperty(l, lang)}
		for i, p := range fieldProperties(v.Catalog(), l, lang) {
			if rest.Filterable(l.Fields[i]) {
				all = append(all, p)
			}
		}
		return all
	})
}

func (s *Service) describeSchema(w http.ResponseWriter, r *http.Request, name string, list func(mirror.View, *plan.Layer, plan.Lang) properties) error {
	v, l, err := s.layer(r)
	if err != nil {
		return err
	}
	p, err := rest.ParseParams(r, "f")
	if err != nil {
		return err
	}
	media := rest.Media{Name: "json", Type: schemaType, Also: []string{"application/json"}}
	if _, err := rest.Negotiate(r, p.Value("f"), media); err != nil {
		return err
	}
	lang := rest.Language(r)
	doc := schemaDoc{
		Schema: schemaDialect, ID: s.url("ogc", "collections", l.ID, name), Type: "object",
		Title: l.Title.In(lang), Description: l.Description.In(lang), Properties: list(v, l, lang),
	}
	for i := range doc.Properties {
		doc.Properties[i].Seq = i + 1
	}
	if name == "schema" {
		if l.GeometryRequired {
			doc.Required = append(doc.Required, "geometry")
		}
		for i := range l.Fields {
			if l.Fields[i].Required {
				doc.Required = append(doc.Required, l.Fields[i].Name)
			}
		}
	}
	rest.AddVary(w.Header(), "Accept")
	return rest.WriteJSON(w, r, rest.Body{Type: schemaType, Lang: string(lang)}, doc)
}

func geometryProperty(l *plan.Layer, lang plan.Lang) property {
	format := map[plan.GeometryType]string{
		plan.Point: "geometry-point", plan.MultiLineString: "geometry-multilinestring", plan.MultiPolygon: "geometry-multipolygon",
	}[l.Geometry]
	return property{name: "geometry", Title: plan.Text{ID: "Geometri", EN: "Geometry"}.In(lang), Format: format, Role: "primary-geometry"}
}

// widening says what else than its own type a layer takes; empty: nothing.
func widening(l *plan.Layer) plan.Text {
	if l.WidenM == 0 {
		return plan.Text{}
	}
	return plan.Text{
		ID: fmt.Sprintf("Titik dan garis juga diterima, dan dilebarkan %g m ke semua arah.", l.WidenM),
		EN: fmt.Sprintf("Points and lines are taken too, and widened by %g m on all sides.", l.WidenM),
	}
}

// fieldProperties are the properties of a layer's fields, in their order.
func fieldProperties(cat *plan.Catalog, l *plan.Layer, lang plan.Lang) properties {
	all := make(properties, len(l.Fields))
	for i := range l.Fields {
		f := &l.Fields[i]
		p := property{name: f.Name, Title: f.Title.In(lang), Description: f.Description.In(lang), Minimum: f.Min, Maximum: f.Max, ReadOnly: f.Computed != nil}
		switch f.Type {
		case plan.IntegerField:
			p.Type, p.Format = "integer", "int64"
		case plan.NumberField:
			p.Type = "number"
		case plan.BooleanField:
			p.Type = "boolean"
		case plan.DateField:
			p.Type, p.Format = "string", "date"
		case plan.TimestampField:
			p.Type, p.Format = "string", "date-time"
		case plan.TextField:
			p.Type, p.MaxLength = "string", f.MaxLength
			if p.MaxLength == 0 {
				p.MaxLength = plan.DefaultMaxLength
			}
		default:
			panic("ogc: unknown field type " + string(f.Type))
		}
		if f.Unit != "" {
			p.Unit, p.UnitLang = f.Unit, "UCUM"
		}
		p.choose(cat, f, lang)
		all[i] = p
	}
	return all
}

// choose lists the codes that a field may have.
func (p *property) choose(cat *plan.Catalog, f *plan.Field, lang plan.Lang) {
	if f.Codes == nil {
		return
	}
	list, ok := cat.List(*f.Codes)
	if !ok {
		return
	}
	for _, c := range list.Codes {
		value, ok := codeValue(f, c.Code)
		if !ok {
			continue
		}
		p.Enum = append(p.Enum, value)
		p.OneOf = append(p.OneOf, choice{Const: value, Title: c.Title.In(lang)})
	}
}

// codeValue is a code in the type of its field: codes are texts, but a list
// can be that of a number's values.
func codeValue(f *plan.Field, code string) (any, bool) {
	switch f.Type {
	case plan.IntegerField, plan.NumberField:
		n := json.Number(code)
		_, err := n.Float64()
		return n, err == nil
	case plan.BooleanField:
		return code == "true", code == "true" || code == "false"
	default:
		return code, true
	}
}
