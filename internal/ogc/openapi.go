package ogc

import (
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// openapi is the API definition: OpenAPI 3.0 made from the catalogue.
func (s *Service) openapi(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "f")
	if err != nil {
		return err
	}
	// Clients say version=3.0, another order of words, or just JSON.
	spec := rest.Media{Name: "json", Type: openAPIType, Also: []string{"application/openapi+json", "application/json"}}
	m, err := rest.Negotiate(r, p.Value("f"), spec, rest.HTML())
	if err != nil {
		return err
	}
	lang := rest.Language(r)
	doc, err := s.specs.of(s.see(r), lang, s.document)
	if err != nil {
		return err
	}
	rest.AddVary(w.Header(), "Accept")
	if m.Name != "html" {
		return rest.Write(w, r, rest.Body{Type: openAPIType, Data: doc.text, Lang: string(lang)})
	}
	page, err := s.openapiHTML(doc.api, lang)
	if err != nil {
		return err
	}
	return s.pages.Write(w, r, page)
}

// spec builds the document in one language.
type spec struct {
	lang  plan.Lang
	doc   *openapi3.T
	words map[string][]string
}

func (b spec) t(id, en string) string { return plan.Text{ID: id, EN: en}.In(b.lang) }

func (s *Service) document(v mirror.View, lang plan.Lang) *openapi3.T {
	b := spec{lang: lang, words: s.words}
	b.doc = &openapi3.T{
		OpenAPI: "3.0.3",
		Info: &openapi3.Info{
			Title:       s.cfg.City.Title.In(lang),
			Description: strings.TrimSpace(b.t("Rencana tata ruang kota sebagai data terbuka.", "The city's spatial plan as open data.") + " " + s.cfg.City.Notice().In(lang)),
			Version:     or(s.cfg.Version, "0"),
		},
		Servers: openapi3.Servers{{URL: s.url("ogc")}},
		Paths:   openapi3.NewPaths(),
	}
	b.components()
	b.security(s.cfg.PublicURL)
	b.writing()
	b.add("/", "getLandingPage", b.t("Halaman awal", "Landing page"), "landingPage", rest.JSON(), "f")
	b.add("/conformance", "getConformance", b.t("Kesesuaian dengan standar", "Conformance classes"), "confClasses", rest.JSON(), "f")
	b.add("/openapi", "getOpenAPI", b.t("Dokumen ini", "This document"), "object", rest.Media{Type: openAPIType}, "f")
	b.add("/collections", "getCollections", b.t("Semua lapisan", "All layers"), "collections", rest.JSON(), "f")
	b.add("/tileMatrixSets", "getTileMatrixSets", b.t("Skema ubin", "Tile matrix sets"), "object", rest.JSON(), "f")
	b.add("/tileMatrixSets/"+matrixSet, "getTileMatrixSet", matrixSet, "object", rest.JSON(), "f")
	for _, l := range v.Layers() {
		b.layer(l)
		b.schemas(l)
		if s.editor != nil && l.Access.CanEdit(plan.Admin) {
			b.writes(l, s.versions != nil)
		}
	}
	if s.editor != nil {
		b.manyEdits(s.cfg.PublicURL)
	}
	b.beside(v, s.served, s.cfg.PublicURL)
	return b.doc
}

// layer adds the paths of one collection.
func (b spec) layer(l *plan.Layer) {
	path, title := "/collections/"+l.ID, l.Title.In(b.lang)
	b.add(path, "describe."+l.ID, title, "collection", rest.JSON(), "f")
	items := b.add(path+"/items", "items."+l.ID, title, "featureCollection", geoJSON(), "bbox", "bbox-crs", "crs", "datetime", "limit", "after", "f")
	for _, f := range l.Fields {
		if rest.Filterable(f) {
			items.AddParameter(b.filter(f))
		}
	}
	item := b.add(path+"/items/{featureId}", "item."+l.ID, title, "feature", geoJSON(), "featureId", "crs", "datetime", "f")
	item.Responses.Set("404", &openapi3.ResponseRef{Ref: "#/components/responses/NotFound"})
	history := b.add(path+"/items/{featureId}/history", "history."+l.ID, title, "history", rest.JSON(), "featureId", "historyLimit", "before", "geometry", "f")
	history.Responses.Set("404", &openapi3.ResponseRef{Ref: "#/components/responses/NotFound"})
	b.add(path+"/tiles", "tilesets."+l.ID, title, "object", rest.JSON(), "f")
	b.add(path+"/tiles/"+matrixSet, l.ID+".collection.vector.getTileSet", title, "object", rest.JSON(), "f")
	tile := b.add(path+"/tiles/"+matrixSet+"/{tileMatrix}/{tileRow}/{tileCol}", l.ID+".collection.vector.getTile", title,
		"binary", rest.Media{Type: mvtType}, "tileMatrix", "tileRow", "tileCol", "datetime", "fTile")
	tile.Responses.Set("204", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription(b.t("Ubin kosong", "Empty tile"))})
	tile.Responses.Set("404", &openapi3.ResponseRef{Ref: "#/components/responses/NotFound"})
}

// add adds GET path, answered as m and as a page, with shared parameters.
func (b spec) add(path, id, summary, schema string, m rest.Media, params ...string) *openapi3.Operation {
	content := openapi3.Content{m.Type: {Schema: openapi3.NewSchemaRef("#/components/schemas/"+schema, nil)}}
	if m.Type != mvtType {
		content[htmlType] = &openapi3.MediaType{Schema: openapi3.NewStringSchema().NewRef()}
	}
	op := openapi3.NewOperation()
	op.OperationID, op.Summary = id, summary
	op.Responses = openapi3.NewResponses(openapi3.WithStatus(http.StatusOK, &openapi3.ResponseRef{
		Value: openapi3.NewResponse().WithDescription(summary).WithContent(content),
	}))
	b.problems(op, 400, 401, 406, 429, 503)
	for _, name := range params {
		op.Parameters = append(op.Parameters, &openapi3.ParameterRef{Ref: "#/components/parameters/" + name})
	}
	b.doc.Paths.Set(path, &openapi3.PathItem{Get: op})
	return op
}

// filter is the parameter that asks for equality of a property.
func (b spec) filter(f plan.Field) *openapi3.Parameter {
	p := openapi3.NewQueryParameter(f.Name).WithDescription(f.Title.In(b.lang))
	p.Style, p.Explode = "form", new(bool)
	return p.WithSchema(valueSchema(f))
}

// valueSchema is the schema of a field's value.
func valueSchema(f plan.Field) *openapi3.Schema {
	switch f.Type {
	case plan.IntegerField:
		return openapi3.NewInt64Schema()
	case plan.NumberField:
		return openapi3.NewFloat64Schema()
	case plan.BooleanField:
		return openapi3.NewBoolSchema()
	case plan.DateField:
		return openapi3.NewStringSchema().WithFormat("date")
	case plan.TimestampField:
		return openapi3.NewDateTimeSchema()
	default:
		return openapi3.NewStringSchema()
	}
}

// components are the parts that paths share. QGIS reads the size of a page
// from components.parameters.limit.
func (b spec) components() {
	c := openapi3.NewComponents()
	c.Parameters, c.Schemas, c.Responses = openapi3.ParametersMap{}, openapi3.Schemas{}, openapi3.ResponseBodies{}
	query := func(key, name, text string, schema *openapi3.Schema) {
		p := openapi3.NewQueryParameter(name).WithDescription(text).WithSchema(schema)
		p.Style, p.Explode = "form", new(bool)
		c.Parameters[key] = &openapi3.ParameterRef{Value: p}
	}
	crs := make([]any, 0, len(geo.CRSs()))
	for _, uri := range crsURIs() {
		crs = append(crs, uri)
	}
	numbers := openapi3.NewArraySchema().WithItems(openapi3.NewFloat64Schema()).WithMinItems(4).WithMaxItems(6)
	query("bbox", "bbox", b.t("Kotak: barat,selatan,timur,utara dalam bbox-crs. Barat > timur melintasi antimeridian.",
		"Box: west,south,east,north in bbox-crs. West > east crosses the antimeridian."), numbers)
	uri := func() *openapi3.Schema {
		return openapi3.NewStringSchema().WithFormat("uri").WithEnum(crs...).WithDefault(geo.CRS84.URI())
	}
	query("bbox-crs", "bbox-crs", b.t("Sistem koordinat bbox", "Reference system of bbox"), uri())
	query("crs", "crs", b.t("Sistem koordinat jawaban", "Reference system of the answer"), uri())
	query("datetime", "datetime", b.t("Keadaan rencana pada suatu waktu: saat atau selang RFC 3339, ujung terbuka ..",
		"The plan as of a time: an RFC 3339 instant or interval, open ends as .."), openapi3.NewStringSchema())
	query("limit", "limit", b.t("Jumlah objek per halaman; yang lebih besar dipotong", "Features a page; more is cut to the maximum"),
		openapi3.NewIntegerSchema().WithMin(1).WithMax(maxLimit).WithDefault(defaultLimit))
	query("after", "after", b.t("Tanda halaman dari tautan next", "Page mark from the link next"), openapi3.NewInt64Schema().WithMin(1))
	query("historyLimit", "limit", b.t("Jumlah versi per halaman; yang lebih besar dipotong", "Versions a page; more is cut to the maximum"),
		openapi3.NewIntegerSchema().WithMin(1).WithMax(maxHistoryLimit).WithDefault(historyLimit))
	query("before", "before", b.t("Hanya versi sebelum revisi ini", "Only versions before this revision"), openapi3.NewInt64Schema().WithMin(1))
	query("geometry", "geometry", b.t("Sertakan geometri setiap versi", "With the geometry of each version"), openapi3.NewBoolSchema().WithDefault(false))
	query("f", "f", b.t("Format; lebih kuat daripada Accept", "Format; stronger than Accept"), openapi3.NewStringSchema().WithEnum("json", "html"))
	query("fTile", "f", b.t("Format ubin", "Format of the tile"), openapi3.NewStringSchema().WithEnum("mvt"))
	for _, name := range []string{"featureId", "tileMatrix", "tileRow", "tileCol"} {
		p := openapi3.NewPathParameter(name).WithSchema(openapi3.NewStringSchema().WithPattern("^[0-9]{1,19}$"))
		c.Parameters[name] = &openapi3.ParameterRef{Value: p}
	}
	for name, schema := range schemas() {
		c.Schemas[name] = schema.NewRef()
	}
	problem := func(text string) *openapi3.ResponseRef {
		return &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription(text).WithContent(openapi3.Content{
			rest.ProblemType: {Schema: openapi3.NewSchemaRef("#/components/schemas/problem", nil)},
		})}
	}
	c.Responses["Problem"] = problem(b.t("Kesalahan (RFC 9457)", "An error (RFC 9457)"))
	c.Responses["NotFound"] = problem(b.t("Tidak ditemukan", "Not found"))
	b.doc.Components = &c
}

// schemas are those of the documents, as far as clients rely on them.
func schemas() map[string]*openapi3.Schema {
	str, num, obj, arr := openapi3.NewStringSchema, openapi3.NewIntegerSchema, openapi3.NewObjectSchema, openapi3.NewArraySchema
	ref := func(name string) *openapi3.SchemaRef { return openapi3.NewSchemaRef("#/components/schemas/"+name, nil) }
	links := arr()
	links.Items = ref("link")
	list := func(name string) *openapi3.Schema { a := arr(); a.Items = ref(name); return a }
	geometry := obj().WithProperty("type", str().WithEnum("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")).
		WithProperty("coordinates", arr().WithItems(openapi3.NewSchema())).WithRequired([]string{"type", "coordinates"})
	geometry.Nullable = true
	feature := obj().WithProperty("type", str().WithEnum("Feature")).WithProperty("id", openapi3.NewInt64Schema()).
		WithProperty("geometry", geometry).WithProperty("properties", obj().WithAnyAdditionalProperties()).
		WithProperty("links", links).WithRequired([]string{"type", "id", "geometry", "properties"})
	value := obj().WithProperty("before", openapi3.NewSchema()).WithProperty("after", openapi3.NewSchema()).WithRequired([]string{"before", "after"})
	changed := obj()
	changed.AdditionalProperties = openapi3.AdditionalProperties{Schema: value.NewRef()}
	version := obj().WithProperty("revision", num()).WithProperty("operation", str().WithEnum("create", "update", "delete")).
		WithProperty("actor", str()).WithProperty("from", openapi3.NewDateTimeSchema()).WithProperty("until", openapi3.NewDateTimeSchema().WithNullable()).
		WithProperty("changed", changed).WithProperty("geometryChanged", openapi3.NewBoolSchema()).WithProperty("geometry", geometry).
		WithRequired([]string{"revision", "operation", "from", "until", "changed", "geometryChanged"})
	return map[string]*openapi3.Schema{
		"version": version,
		"history": obj().WithProperty("versions", list("version")).WithProperty("links", links).WithRequired([]string{"versions", "links"}),
		"object":  obj(),
		"binary":  str().WithFormat("binary"),
		"link": obj().WithProperty("href", str()).WithProperty("rel", str()).WithProperty("type", str()).
			WithProperty("title", str()).WithProperty("templated", openapi3.NewBoolSchema()).WithRequired([]string{"href", "rel"}),
		"landingPage": obj().WithProperty("title", str()).WithProperty("description", str()).WithProperty("links", links).WithRequired([]string{"links"}),
		"confClasses": obj().WithProperty("conformsTo", arr().WithItems(str())).WithRequired([]string{"conformsTo"}),
		"collections": obj().WithProperty("links", links).WithProperty("collections", list("collection")).WithRequired([]string{"links", "collections"}),
		"collection": obj().WithProperty("id", str()).WithProperty("title", str()).WithProperty("extent", obj()).
			WithProperty("itemType", str()).WithProperty("crs", arr().WithItems(str())).WithProperty("storageCrs", str()).
			WithProperty("links", links).WithRequired([]string{"id", "links", "extent"}),
		"feature": feature,
		"featureCollection": obj().WithProperty("type", str().WithEnum("FeatureCollection")).
			WithProperty("timeStamp", openapi3.NewDateTimeSchema()).
			WithProperty("numberMatched", num().WithMin(0)).WithProperty("numberReturned", num().WithMin(0)).
			WithProperty("links", links).WithProperty("features", list("feature")).
			WithRequired([]string{"type", "features", "links", "numberMatched", "numberReturned", "timeStamp"}),
		"problem": problemSchema(),
	}
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// operation is one line of the documentation as a page.
type operation struct {
	ID, Method, Path, Summary string
	Parameters                []*openapi3.Parameter
}

func (s *Service) openapiHTML(doc *openapi3.T, lang plan.Lang) (rest.Page, error) {
	var ops []operation
	for _, path := range doc.Paths.InMatchingOrder() {
		item := doc.Paths.Value(path)
		full := "/ogc" + strings.TrimSuffix(path, "/")
		if len(item.Servers) > 0 {
			full = path
		}
		for _, method := range methodsOf(item) {
			o := item.GetOperation(method)
			op := operation{ID: o.OperationID, Method: method, Path: full, Summary: o.Summary}
			for _, p := range o.Parameters {
				v := p.Value
				if v == nil {
					v = doc.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")].Value
				}
				op.Parameters = append(op.Parameters, v)
			}
			ops = append(ops, op)
		}
	}
	return s.page("openapi.html", struct {
		Description string
		Operations  []operation
	}{doc.Info.Description, ops}, rest.Page{
		Lang: lang, Title: plan.Text{ID: "Dokumentasi API", EN: "API documentation"}.In(lang),
		Crumbs:     s.crumbs(lang, nil)[:1],
		Alternates: []rest.Alternate{{Href: s.url("ogc", "openapi"), Type: openAPIType, Name: "OpenAPI 3.0"}},
	})
}
