package catalog_test

import (
	"errors"
	"testing"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
)

// TestACoverageThatChangesAsksForAMethod: as a changed definition does.
func TestACoverageThatChangesAsksForAMethod(t *testing.T) {
	land := func(least float64, title string) *plan.Coverage {
		return &plan.Coverage{ID: "land", Parts: []plan.Part{{ID: "park", Title: plan.Text{ID: title, EN: title}, Set: plan.Set{Layer: "park", MinArea: least}}}}
	}
	share := func(id, coverage string, method int) *plan.Indicator {
		return &plan.Indicator{ID: id, Kind: plan.AreaShare, Coverage: coverage, Method: method}
	}
	of := func(c *plan.Coverage, list ...*plan.Indicator) *plan.Catalog {
		return plan.NewCatalog(nil, nil).WithIndicators([]*plan.Coverage{c}, list)
	}
	old := of(land(0, "Park"), share("share", "land", 2), share("other", "elsewhere", 1))
	for name, c := range map[string]struct {
		now     *plan.Catalog
		refused bool
	}{
		"the same":              {old, false},
		"another title":         {of(land(0, "Green"), share("share", "land", 2)), false},
		"another size":          {of(land(100, "Park"), share("share", "land", 2), share("other", "elsewhere", 1)), true},
		"with a method":         {of(land(100, "Park"), share("share", "land", 3), share("other", "elsewhere", 1)), false},
		"a new indicator of it": {of(land(100, "Park"), share("share", "land", 3), share("new", "land", 1)), false},
		"nothing counts by it":  {of(land(100, "Park"), share("other", "elsewhere", 1)), false},
	} {
		err := catalog.CheckMethods(old, c.now)
		var e *plan.Error
		if got := errors.As(err, &e) && e.Kind == plan.Conflict && e.Code == "same-method" && e.At == "share.method"; got != c.refused || (err != nil) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}
