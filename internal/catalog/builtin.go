package catalog

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

//go:embed layers/*.yaml codes/*.yaml coverages/*.yaml indicators/*.yaml
var declarations embed.FS

// Groups is the code list that layer groups come from: its codes are the
// groups, in the order of the layer list.
func Groups() plan.CodeRef { return plan.CodeRef{List: "layer_group", Version: "1"} }

// Builtin returns the declarations that come with the program, validated.
// Each call makes a new catalogue (tens of milliseconds).
func Builtin() (*plan.Catalog, error) { return load(declarations) }

// load reads layers/, codes/, coverages/ and indicators/ of a file system.
func load(files fs.FS) (*plan.Catalog, error) {
	layers, errLayers := parseAll(files, "layers/*.yaml", ParseLayer)
	lists, errLists := parseAll(files, "codes/*.yaml", ParseCodeList)
	coverages, errCoverages := parseAll(files, "coverages/*.yaml", ParseCoverage)
	indicators, errIndicators := parseAll(files, "indicators/*.yaml", ParseIndicator)
	if err := errors.Join(errLayers, errLists, errCoverages, errIndicators); err != nil {
		return nil, err
	}
	cat := define(New(layers, lists), coverages, indicators)
	if err := Validate(cat); err != nil {
		return nil, err
	}
	return cat, nil
}

// New makes a catalogue of layers in drawing order (Order, then id) and lists
// by id and version. The slices are its own afterwards.
func New(layers []*plan.Layer, lists []*plan.CodeList) *plan.Catalog {
	slices.SortStableFunc(layers, func(a, b *plan.Layer) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(lists, func(a, b *plan.CodeList) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version))
	})
	return plan.NewCatalog(layers, lists)
}

// With returns cat with l added, or put in the place of the layer of that id.
// It does not validate.
func With(cat *plan.Catalog, l *plan.Layer) *plan.Catalog {
	layers := slices.DeleteFunc(slices.Clone(cat.Layers()), func(old *plan.Layer) bool { return old.ID == l.ID })
	return New(append(layers, l), slices.Clone(cat.Lists())).WithIndicators(cat.Coverages(), cat.Indicators())
}

// WithCoverage is With for a coverage.
func WithCoverage(cat *plan.Catalog, c *plan.Coverage) *plan.Catalog {
	coverages := slices.DeleteFunc(slices.Clone(cat.Coverages()), func(old *plan.Coverage) bool { return old.ID == c.ID })
	return define(cat, append(coverages, c), cat.Indicators())
}

// WithIndicator is With for an indicator.
func WithIndicator(cat *plan.Catalog, i *plan.Indicator) *plan.Catalog {
	indicators := slices.DeleteFunc(slices.Clone(cat.Indicators()), func(old *plan.Indicator) bool { return old.ID == i.ID })
	return define(cat, cat.Coverages(), append(indicators, i))
}

// Fitting returns cat without the coverages and indicators that do not fit the
// rest of it, and their faults, joined as Validate joins them. What refers to
// one of those goes with it.
func Fitting(cat *plan.Catalog) (*plan.Catalog, error) {
	var faults []error
	for {
		unfit := map[any]bool{}
		for d, err := range definitions(cat) {
			if err != nil {
				unfit[d] = true
				faults = append(faults, err)
			}
		}
		if len(unfit) == 0 {
			return cat, errors.Join(faults...)
		}
		cat = cat.WithIndicators(
			slices.DeleteFunc(slices.Clone(cat.Coverages()), func(c *plan.Coverage) bool { return unfit[c] }),
			slices.DeleteFunc(slices.Clone(cat.Indicators()), func(i *plan.Indicator) bool { return unfit[i] }))
	}
}

// define returns cat with these definitions: coverages by id, indicators by
// Order, then id.
func define(cat *plan.Catalog, coverages []*plan.Coverage, indicators []*plan.Indicator) *plan.Catalog {
	return cat.WithIndicators(
		slices.SortedStableFunc(slices.Values(coverages), func(a, b *plan.Coverage) int { return cmp.Compare(a.ID, b.ID) }),
		slices.SortedStableFunc(slices.Values(indicators), func(a, b *plan.Indicator) int {
			return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
		}))
}

func parseAll[T any](files fs.FS, pattern string, parse func([]byte) (T, error)) ([]T, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", pattern, err)
	}
	var all []T
	var errs []error
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("read %s: %w", name, err))
			continue
		}
		one, err := parse(text)
		if err != nil {
			errs = append(errs, InFile(path.Base(name), err))
			continue
		}
		all = append(all, one)
	}
	return all, errors.Join(errs...)
}
