package catalog

import (
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

// TestPublishingThatDoesNotFit: each way in which an edit of the one layer
// could be refused for the other's sake, or publish what is not meant.
func TestPublishingThatDoesNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		change func(from, to *plan.Layer)
		at     string
	}{
		"no such layer":     {func(from, _ *plan.Layer) { from.Publishes.Layer = "none" }, "publishes.layer"},
		"an edited layer":   {func(_, to *plan.Layer) { to.Access = plan.Access{Read: []plan.Role{plan.Public}} }, "publishes.layer"},
		"another geometry":  {func(_, to *plan.Layer) { to.Geometry = plan.MultiPolygon }, "publishes.layer"},
		"always":            {func(from, _ *plan.Layer) { from.Publishes.When = nil }, "publishes.when"},
		"by no field":       {func(from, _ *plan.Layer) { from.Publishes.When = map[string][]string{"none": {"x"}} }, "publishes.when.none"},
		"from no field":     {func(from, _ *plan.Layer) { from.Publishes.Fields["message"] = "none" }, "publishes.fields.message"},
		"into no field":     {func(from, _ *plan.Layer) { from.Publishes.Fields["none"] = "message" }, "publishes.fields.none"},
		"another type":      {func(from, _ *plan.Layer) { from.Publishes.Fields["photo"] = "message" }, "publishes.fields.photo"},
		"too long":          {func(_, to *plan.Layer) { to.Fields[2].MaxLength = 10 }, "publishes.fields.message"},
		"another code list": {func(from, _ *plan.Layer) { from.Publishes.Fields["kind"] = "status" }, "publishes.fields.kind"},
		"not always there":  {func(_, to *plan.Layer) { to.Fields[2].Required = true }, "publishes.fields.message"},
		"not filled":        {func(from, _ *plan.Layer) { delete(from.Publishes.Fields, "kind") }, "publishes.fields"},
		"a photo of words":  {func(from, _ *plan.Layer) { from.Photo = "message" }, "photo"},
	} {
		cat := builtin(t)
		from, _ := cat.Layer("report")
		to, _ := cat.Layer("published_report")
		c.change(from, to)
		err := Validate(cat)
		if err == nil || !strings.Contains(err.Error(), c.at) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
