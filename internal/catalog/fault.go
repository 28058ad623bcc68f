package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// faults collects what is wrong with a declaration. Paths are written as
// fields[3].title.id.
type faults struct {
	// at turns a path into the place that a person reads.
	at func(path string) string
	// line orders the faults; nil keeps the order of finding.
	line func(path string) int
	all  []fault
}

type fault struct {
	line int
	err  *plan.Error
}

// add notes a fault. Both sentences take the same arguments.
func (f *faults) add(path, code, id, en string, args ...any) {
	n := 0
	if f.line != nil {
		n = f.line(path)
	}
	f.all = append(f.all, fault{n, &plan.Error{
		Kind: plan.Unprocessable,
		Code: code,
		At:   f.at(path),
		Message: plan.Text{
			ID: fmt.Sprintf(id, args...),
			EN: fmt.Sprintf(en, args...),
		},
	}})
}

// err joins the faults in the order of their lines; nil when there are none.
func (f *faults) err() error {
	slices.SortStableFunc(f.all, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	errs := make([]error, len(f.all))
	for i, x := range f.all {
		errs[i] = x.err
	}
	return errors.Join(errs...)
}

// Faults takes an error of this package apart into what a person reads, in
// order.
func Faults(err error) []*plan.Error {
	switch e := err.(type) {
	case nil:
		return nil
	case *plan.Error:
		return []*plan.Error{e}
	case interface{ Unwrap() []error }:
		var all []*plan.Error
		for _, one := range e.Unwrap() {
			all = append(all, Faults(one)...)
		}
		return all
	default:
		return Faults(errors.Unwrap(err))
	}
}

// InFile puts the name of a file before the place of every fault in err:
// "12: title" becomes "parks.yaml:12: title".
func InFile(name string, err error) error {
	found := Faults(err)
	if len(found) == 0 {
		if err == nil {
			return nil
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	errs := make([]error, len(found))
	for i, e := range found {
		moved := *e
		moved.At = name + ":" + e.At
		errs[i] = &moved
	}
	return errors.Join(errs...)
}
