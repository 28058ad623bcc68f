package ogc

import (
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// schemas adds the schema and the queryables of a collection.
func (b spec) schemas(l *plan.Layer) {
	path, title := "/collections/"+l.ID, l.Title.In(b.lang)
	for _, name := range []string{"schema", "queryables"} {
		op := b.add(path+"/"+name, name+"."+l.ID, title, "object", rest.Media{Type: schemaType}, "fSchema")
		delete(op.Responses.Status(http.StatusOK).Value.Content, htmlType)
	}
}

// writing are the parts that all operations which change the plan share.
func (b spec) writing() {
	c := b.doc.Components
	header := func(key, name, text string, schema *openapi3.Schema) {
		p := openapi3.NewHeaderParameter(name).WithDescription(text).WithSchema(schema)
		c.Parameters[key] = &openapi3.ParameterRef{Value: p}
	}
	header("contentCrs", "Content-Crs", b.t("Sistem koordinat isi permintaan, dengan atau tanpa kurung sudut; urutan sumbu menurut otoritasnya",
		"Reference system of the body, in angle brackets or not; axes in the order of its authority"), openapi3.NewStringSchema())
	header("ifMatch", "If-Match", b.t("ETag dari revisi yang Anda baca: suntingan atas revisi lain ditolak dengan 412",
		"ETag of the revision that you had read: an edit of another is refused with 412"), openapi3.NewStringSchema())
	header("idempotencyKey", "Idempotency-Key", b.t("Kunci buatan klien: permintaan dengan kunci yang sama terjadi satu kali saja",
		"A key made by the client: a request under the same key happens once only"), openapi3.NewStringSchema().WithMaxLength(255))
	header("prefer", "Prefer", b.t("return=representation: jawaban memuat objeknya", "return=representation: the answer holds the feature"), openapi3.NewStringSchema())
	fSchema := openapi3.NewQueryParameter("f").WithDescription("Format").WithSchema(openapi3.NewStringSchema().WithEnum("json"))
	c.Parameters["fSchema"] = &openapi3.ParameterRef{Value: fSchema}
	edited := openapi3.NewObjectSchema().WithProperty("layer", openapi3.NewStringSchema()).WithProperty("id", openapi3.NewInt64Schema()).
		WithProperty("revision", openapi3.NewInt64Schema()).WithProperty("op", openapi3.NewStringSchema().WithEnum("create", "update", "delete")).
		WithProperty("widenedM", openapi3.NewFloat64Schema()).
		WithRequired([]string{"layer", "id", "revision", "op"})
	c.Schemas["edited"] = edited.NewRef()
	one := openapi3.NewObjectSchema().WithProperty("op", openapi3.NewStringSchema().WithEnum("create", "update", "replace", "delete")).
		WithProperty("layer", openapi3.NewStringSchema()).WithProperty("id", openapi3.NewInt64Schema().WithMin(1)).
		WithProperty("ifRevision", openapi3.NewInt64Schema().WithMin(1).WithNullable()).
		WithProperty("feature", openapi3.NewObjectSchema()).WithProperty("patch", openapi3.NewObjectSchema()).WithRequired([]string{"op", "layer"})
	edits := openapi3.NewArraySchema().WithItems(one)
	edits.MaxItems = openapi3.Ptr(uint64(plan.MostEdits))
	c.Schemas["edits"] = openapi3.NewObjectSchema().WithProperty("edits", edits).WithRequired([]string{"edits"}).NewRef()
	c.Schemas["editsDone"] = openapi3.NewObjectSchema().WithPropertyRef("edits", listOf("edited")).WithRequired([]string{"edits"}).NewRef()
	c.Schemas["revert"] = openapi3.NewObjectSchema().WithProperty("revision", openapi3.NewInt64Schema().WithMin(1)).WithRequired([]string{"revision"}).NewRef()
}

func ref(name string) *openapi3.SchemaRef {
	return openapi3.NewSchemaRef("#/components/schemas/"+name, nil)
}

func listOf(name string) *openapi3.SchemaRef {
	return array(ref(name))
}

// writes adds what changes a collection.
func (b spec) writes(l *plan.Layer, revert bool) {
	path, title := "/collections/"+l.ID+"/items", l.Title.In(b.lang)
	b.doc.Components.Schemas["new."+l.ID] = b.newFeature(l).NewRef()
	create := b.change("create."+l.ID, title, "contentCrs", "idempotencyKey", "prefer")
	create.RequestBody = bodyOf(ref("new."+l.ID), featureTypes()...)
	// Without Prefer there is no content, and OpenAPI 3.0 knows no optional one.
	created := openapi3.NewResponse().WithDescription(b.t("Objek dibuat", "The feature is made"))
	created.Headers = openapi3.Headers{}
	for _, name := range []string{"Location", "ETag"} {
		created.Headers[name] = stringHeader()
	}
	if l.WidenM > 0 {
		created.Headers[widenedHeader] = stringHeader()
	}
	create.Responses.Set("201", &openapi3.ResponseRef{Value: created})
	b.doc.Paths.Value(path).Post = create

	item := b.doc.Paths.Value(path + "/{featureId}")
	item.Put = b.change("replace."+l.ID, title, "featureId", "contentCrs", "ifMatch", "idempotencyKey", "prefer")
	item.Put.RequestBody = bodyOf(ref("new."+l.ID), featureTypes()...)
	item.Patch = b.change("update."+l.ID, title, "featureId", "contentCrs", "ifMatch", "idempotencyKey", "prefer")
	item.Patch.RequestBody = bodyOf(b.patch(l).NewRef(), patchTypes()...)
	item.Delete = b.change("delete."+l.ID, title, "featureId", "ifMatch", "idempotencyKey")
	done := &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription(b.t("Tersimpan", "Saved"))}
	for _, op := range []*openapi3.Operation{item.Put, item.Patch, item.Delete} {
		op.Responses.Set("204", done)
		if op != item.Delete {
			op.Responses.Set("200", b.answer(geoJSONType, ref("feature")))
		}
	}
	if revert {
		op := b.change("revert."+l.ID, title, "featureId", "ifMatch", "idempotencyKey")
		op.RequestBody = bodyOf(ref("revert"), "application/json")
		op.Responses.Set("200", b.answer("application/json", ref("edited")))
		b.doc.Paths.Set(path+"/{featureId}/revert", &openapi3.PathItem{Post: op})
	}
}

// manyEdits adds the resource for edits of several layers, which stands beside
// /ogc.
func (b spec) manyEdits(publicURL string) {
	op := b.change("edits", b.t("Banyak suntingan sekaligus, semua atau tidak sama sekali", "Many edits at once, all or none"), "contentCrs", "idempotencyKey")
	op.RequestBody = bodyOf(ref("edits"), "application/json")
	op.Responses.Set("200", b.answer("application/json", ref("editsDone")))
	b.doc.Paths.Set("/api/v1/edits", &openapi3.PathItem{Post: op, Servers: openapi3.Servers{{URL: publicURL}}})
}

// change is an operation that changes the plan, and how it can be refused.
func (b spec) change(id, summary string, params ...string) *openapi3.Operation {
	op := openapi3.NewOperation()
	op.OperationID, op.Summary, op.Responses = id, summary, openapi3.NewResponsesWithCapacity(12)
	b.problems(op, 400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503)
	for _, name := range params {
		op.Parameters = append(op.Parameters, &openapi3.ParameterRef{Ref: "#/components/parameters/" + name})
	}
	op.Security = securityOf(http.MethodPost, editor)
	return op
}

func (b spec) answer(mediaType string, schema *openapi3.SchemaRef) *openapi3.ResponseRef {
	return &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription(b.t("Tersimpan", "Saved")).
		WithContent(openapi3.Content{mediaType: {Schema: schema}})}
}

func bodyOf(schema *openapi3.SchemaRef, types ...string) *openapi3.RequestBodyRef {
	content := openapi3.Content{}
	for _, t := range types {
		content[t] = &openapi3.MediaType{Schema: schema}
	}
	return &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).WithContent(content)}
}

// newFeature is the schema of a feature that is sent.
func (b spec) newFeature(l *plan.Layer) *openapi3.Schema {
	properties := b.attributes(l)
	for i := range l.Fields {
		if l.Fields[i].Required {
			properties.Required = append(properties.Required, l.Fields[i].Name)
			properties.Properties[l.Fields[i].Name].Value.Nullable = false
		}
	}
	return openapi3.NewObjectSchema().WithProperty("type", openapi3.NewStringSchema().WithEnum("Feature")).
		WithProperty("geometry", b.geometrySchema(l)).WithProperty("properties", properties).
		WithRequired([]string{"type", "geometry", "properties"})
}

// patch is the schema of a merge patch.
func (b spec) patch(l *plan.Layer) *openapi3.Schema {
	return openapi3.NewObjectSchema().WithProperty("geometry", b.geometrySchema(l)).WithProperty("properties", b.attributes(l))
}

// attributes are the properties that can be sent; null is no value.
func (b spec) attributes(l *plan.Layer) *openapi3.Schema {
	o := openapi3.NewObjectSchema()
	o.Properties = openapi3.Schemas{}
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.Computed != nil {
			continue
		}
		v := valueSchema(*f)
		v.Title, v.Nullable, v.Min, v.Max = f.Title.In(b.lang), true, f.Min, f.Max
		o.Properties[f.Name] = v.NewRef()
	}
	return o
}

// geometrySchema is the type of a layer, or the single one where that is multi,
// or what the layer widens to it.
func (b spec) geometrySchema(l *plan.Layer) *openapi3.Schema {
	types := []any{string(l.Geometry)}
	if single, multi := strings.CutPrefix(string(l.Geometry), "Multi"); multi {
		types = append(types, single)
	}
	for _, thin := range plan.Thin {
		if l.Widens(thin) {
			types = append(types, thin)
		}
	}
	g := openapi3.NewObjectSchema().WithProperty("type", openapi3.NewStringSchema().WithEnum(types...)).
		WithProperty("coordinates", openapi3.NewArraySchema().WithItems(openapi3.NewSchema())).WithRequired([]string{"type", "coordinates"})
	g.Nullable, g.Description = !l.GeometryRequired, widening(l).In(b.lang)
	return g
}

// methodsOf lists the methods of a path, reading first.
func methodsOf(p *openapi3.PathItem) []string {
	order := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	return slices.DeleteFunc(order, func(m string) bool { return p.GetOperation(m) == nil })
}
