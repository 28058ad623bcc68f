package rest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// Filterable reports whether a field can be asked for by equality. A timestamp
// cannot: nobody knows one to the microsecond. Nor can a field whose name is a
// parameter of its own.
func Filterable(f plan.Field) bool { return f.Type != plan.TimestampField && !reserved(f.Name) }

// reserved are the parameters of OGC API and ours, present and to come.
func reserved(name string) bool {
	switch name {
	case "bbox", "bbox-crs", "crs", "datetime", "limit", "after", "f", "filter", "filter-lang", "filter-crs", "sortby", "properties", "q":
		return true
	}
	return false
}

// Filters lists the property parameters of a layer.
func Filters(l *plan.Layer) []string {
	var names []string
	for _, f := range l.Fields {
		if Filterable(f) {
			names = append(names, f.Name)
		}
	}
	return names
}

// ParseFilter reads the parameters that are properties of the layer. A value
// that is not of the property's type is an error: it could never match, and
// the client would not learn why.
func ParseFilter(p Params, l *plan.Layer) ([]plan.Equal, error) {
	var where []plan.Equal
	for _, f := range l.Fields {
		text, ok := p.Get(f.Name)
		if !ok || !Filterable(f) {
			continue
		}
		v, err := parseValue(f, text)
		if err != nil {
			return nil, err
		}
		where = append(where, plan.Equal{Field: f.Name, Value: v})
	}
	return where, nil
}

func parseValue(f plan.Field, text string) (any, error) {
	bad := func(id, en string) error {
		return Invalid(f.Name, plan.Text{ID: "Nilai harus " + id + ".", EN: "The value must be " + en + "."})
	}
	switch f.Type {
	case plan.TextField:
		return text, nil
	case plan.IntegerField:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || strings.HasPrefix(text, "+") {
			return nil, bad("bilangan bulat", "a whole number")
		}
		return n, nil
	case plan.NumberField:
		n, ok := ParseNumber(text)
		if !ok {
			return nil, bad("bilangan dengan titik desimal", "a number with a decimal point")
		}
		return n, nil
	case plan.BooleanField:
		switch text {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return nil, bad("true atau false", "true or false")
	case plan.DateField:
		if t, err := time.Parse(time.DateOnly, text); err != nil || t.Year() < 1 {
			return nil, bad("tanggal seperti 2026-01-31", "a date like 2026-01-31")
		}
		return plan.Date(text), nil
	case plan.TimestampField:
		return nil, bad("diberikan lewat datetime", "given by datetime")
	default:
		panic(fmt.Sprintf("rest: unknown field type %T %q", f.Type, f.Type))
	}
}

// ParseNumber reads a finite decimal number: no NaN, no hexadecimal, no spaces.
func ParseNumber(s string) (float64, bool) {
	if s == "" || len(s) > 60 || strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
