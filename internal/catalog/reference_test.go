package catalog

import (
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

// TestReferences tries each way to point at nothing, and one that is right.
func TestReferences(t *testing.T) {
	key := plan.Field{Name: "code", Type: plan.TextField, Unique: true}
	for name, tt := range map[string]struct {
		ref   plan.FieldRef
		codes bool
		says  string
	}{
		"right":         {ref: plan.FieldRef{Layer: "village", Field: "code"}},
		"no layer":      {ref: plan.FieldRef{Layer: "town", Field: "code"}, says: `no layer "town"`},
		"no field":      {ref: plan.FieldRef{Layer: "village", Field: "kode"}, says: `no field "kode"`},
		"not unique":    {ref: plan.FieldRef{Layer: "village", Field: "name"}, says: "is not unique"},
		"another type":  {ref: plan.FieldRef{Layer: "village", Field: "number"}, says: "is of type text"},
		"itself":        {ref: plan.FieldRef{Layer: "house", Field: "village"}, says: "cannot refer to itself"},
		"a code's list": {ref: plan.FieldRef{Layer: "village", Field: "code"}, codes: true, says: "holds a code of a list"},
	} {
		field := plan.Field{Name: "village", Type: plan.TextField, References: &tt.ref}
		if tt.codes {
			field.Codes = &plan.CodeRef{List: "x", Version: "1"}
		}
		village := &plan.Layer{ID: "village", Fields: []plan.Field{
			key, {Name: "name", Type: plan.TextField}, {Name: "number", Type: plan.IntegerField, Unique: true},
		}}
		house := &plan.Layer{ID: "house", Fields: []plan.Field{field}}
		f := &faults{at: in("house")}
		checkFieldReference(f, New([]*plan.Layer{village, house}, nil), "fields[0].references", house, &house.Fields[0])
		err := f.err()
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(Faults(err)[0].Message.EN, tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
