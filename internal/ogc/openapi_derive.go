package ogc

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// derived is the schema of what a type is as JSON, with further members and
// others in the place of its own. A name with a question mark at its end may be
// absent.
func derived[T any](more openapi3.Schemas) *openapi3.SchemaRef {
	s := schemaOf(reflect.TypeFor[T]()).Value
	for name, schema := range more {
		short, optional := strings.CutSuffix(name, "?")
		s.Properties[short] = schema
		s.Required = slices.DeleteFunc(s.Required, func(r string) bool { return r == short })
		if !optional {
			s.Required = append(s.Required, short)
		}
	}
	slices.Sort(s.Required)
	return s.NewRef()
}

// schemaOf is the schema of a type of package plan; another kind of type than
// those have is a mistake of the program.
func schemaOf(t reflect.Type) *openapi3.SchemaRef {
	if t == reflect.TypeFor[time.Time]() {
		return openapi3.NewDateTimeSchema().NewRef()
	}
	switch t.Kind() {
	case reflect.Pointer:
		s := *schemaOf(t.Elem()).Value
		s.Nullable = true
		return s.NewRef()
	case reflect.Slice:
		return array(schemaOf(t.Elem()))
	case reflect.Map:
		m := openapi3.NewObjectSchema()
		m.AdditionalProperties = openapi3.AdditionalProperties{Schema: schemaOf(t.Elem())}
		return m.NewRef()
	case reflect.String:
		return openapi3.NewStringSchema().NewRef()
	case reflect.Bool:
		return openapi3.NewBoolSchema().NewRef()
	case reflect.Int, reflect.Int64:
		return openapi3.NewInt64Schema().NewRef()
	case reflect.Float64:
		return openapi3.NewFloat64Schema().NewRef()
	case reflect.Struct:
		return structSchema(t).NewRef()
	default:
		panic(fmt.Sprintf("ogc: %v has no schema", t))
	}
}

func structSchema(t reflect.Type) *openapi3.Schema {
	s := openapi3.NewObjectSchema()
	s.Properties = openapi3.Schemas{}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			inner := structSchema(f.Type)
			maps.Copy(s.Properties, inner.Properties)
			s.Required = append(s.Required, inner.Required...)
			continue
		}
		s.Properties[name] = schemaOf(f.Type)
		if !strings.Contains(options, "omit") {
			s.Required = append(s.Required, name)
		}
	}
	return s
}
