package exchange

import (
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// readRevision is the property by which an editor says which revision it had
// read.
const readRevision = "read_revision"

// named returns the values that a record has, by field, and the revision that
// its author had read. A record that is not partial lacks what it does not
// name: then a required field must be there. What is wrong is added to the
// record's problems.
func (s *schema) named(rec *Record, partly bool) (values map[string]any, read *int64) {
	values = make(map[string]any, len(rec.Properties))
	bad := map[string]bool{}
	complain := func(p Problem) {
		bad[p.Field] = true
		rec.complain(p)
	}
	for i := range rec.Properties {
		p := &rec.Properties[i]
		switch p.Name {
		case "id", "revision", "updated_at", "updated_by":
			continue // what was read comes back; the system keeps them itself
		case readRevision:
			var fault *Problem
			if read, fault = revisionValue(p); fault != nil {
				complain(*fault)
			}
			continue
		}
		i := s.layer.FieldIndex(p.Name)
		switch {
		case i >= 0 && s.layer.Fields[i].Computed != nil:
			continue // as what the system keeps
		case i < 0:
			complain(s.unknownProperty(p.Name))
			continue
		case p.Flawed:
			bad[p.Name] = true
			continue
		}
		v, fault := s.value(i, p)
		if fault != nil {
			fault.Field = p.Name
			complain(*fault)
			continue
		}
		if v == nil && s.layer.Fields[i].Required {
			complain(missingValue(&s.layer.Fields[i]))
			continue
		}
		values[p.Name] = v
	}
	if partly {
		return values, read
	}
	for i := range s.layer.Fields {
		f := &s.layer.Fields[i]
		if _, has := values[f.Name]; f.Required && !has && !bad[f.Name] {
			complain(missingValue(f))
		}
	}
	return values, read
}

func missingValue(f *plan.Field) Problem {
	return Problem{Code: "missing-value", Field: f.Name, Message: sayf("atribut wajib %s tidak berisi", "the required attribute %s has no value", f.Name)}
}

func (s *schema) unknownProperty(name string) Problem {
	p := Problem{Code: "unknown-property", Field: name}
	if lower := strings.ToLower(name); lower != name && s.layer.FieldIndex(lower) >= 0 {
		p.Message = sayf("atribut %q tidak dikenal; apakah maksudnya %s?", "the attribute %q is not known; is %s meant?", name, lower)
		return p
	}
	p.Message = sayf("atribut %q tidak dikenal; yang ada: %s", "the attribute %q is not known; there are: %s", name, s.fieldNames())
	return p
}

// revisionValue reads what QGIS fills in: a number, the same as a text, or null.
func revisionValue(p *Property) (*int64, *Problem) {
	if p.Kind == NullValue {
		return nil, nil
	}
	n, err := strconv.ParseInt(string(p.Raw), 10, 64)
	if p.Kind == NumberValue || p.Kind == TextValue {
		if err == nil && n > 0 {
			return &n, nil
		}
	}
	return nil, &Problem{Code: "wrong-type", Field: readRevision, Message: say("read_revision mestinya nomor revisi yang Anda baca", "read_revision should be the number of the revision that you read")}
}
