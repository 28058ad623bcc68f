package zoning

import (
	"errors"
	"fmt"

	"github.com/simtaru/simtaru/internal/plan"
)

// faults collects what is wrong with a document, in the order of finding.
type faults struct{ all []error }

// add notes a fault. Both sentences take the same arguments.
func (f *faults) add(at, code, id, en string, args ...any) {
	f.all = append(f.all, fault(at, code, id, en, args...))
}

func (f *faults) err() error { return errors.Join(f.all...) }

func fault(at, code, id, en string, args ...any) *plan.Error {
	return &plan.Error{Kind: plan.Unprocessable, Code: code, At: at, Message: plan.Text{ID: fmt.Sprintf(id, args...), EN: fmt.Sprintf(en, args...)}}
}
