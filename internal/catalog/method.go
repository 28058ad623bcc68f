package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// CheckMethods refuses a catalogue in which a coverage divides the land
// otherwise than in the old one, while an indicator that counts by it keeps its
// method: values from before and after would stand in one line. It returns all
// such indicators, joined, each a *plan.Error.
func CheckMethods(old, now *plan.Catalog) error {
	var faults []error
	for _, c := range now.Coverages() {
		was, ok := old.Coverage(c.ID)
		if !ok {
			continue
		}
		same, err := dividesAlike(was, c)
		if err != nil {
			return err
		}
		if same {
			continue
		}
		for _, i := range now.Indicators() {
			before, known := old.Indicator(i.ID)
			if !known || i.Coverage != c.ID || i.Method > before.Method {
				continue
			}
			faults = append(faults, &plan.Error{Kind: plan.Conflict, Code: "same-method", At: i.ID + ".method", Message: plan.Text{
				ID: fmt.Sprintf("Cakupan %s kini membagi lahan dengan cara lain, sehingga nilai lama %s tidak dapat dibandingkan. Naikkan method indikator itu menjadi %d dan terapkan bersama cakupannya.", c.ID, i.ID, before.Method+1),
				EN: fmt.Sprintf("The coverage %s now divides the land otherwise, so that values of %s from before cannot be compared. Raise the method of that indicator to %d and apply it together with the coverage.", c.ID, i.ID, before.Method+1),
			}})
		}
	}
	return errors.Join(faults...)
}

// dividesAlike compares what coverages count; names of things do not matter.
func dividesAlike(a, b *plan.Coverage) (bool, error) {
	counting := func(c *plan.Coverage) ([]byte, error) {
		parts := slices.Clone(c.Parts)
		for k := range parts {
			parts[k].Title = plan.Text{}
		}
		return json.Marshal(parts)
	}
	x, err := counting(a)
	if err != nil {
		return false, fmt.Errorf("write the coverage %s: %w", a.ID, err)
	}
	y, err := counting(b)
	if err != nil {
		return false, fmt.Errorf("write the coverage %s: %w", b.ID, err)
	}
	return bytes.Equal(x, y), nil
}
