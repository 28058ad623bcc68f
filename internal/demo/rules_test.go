package demo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/zoning"
)

// TestRulesAreWhole: nothing contradicts itself or is missing, of all sub-zones
// of the official list.
func TestRulesAreWhole(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := demo.Rules()
	list, ok := cat.List(s.Codes)
	if !ok {
		t.Fatal("the code list is not built in")
	}
	for _, f := range zoning.Check(s, list) {
		t.Error(f)
	}
	verdicts := map[zoning.Verdict]int{}
	for _, a := range s.Activities {
		for _, zone := range s.Zones {
			verdicts[a.Cells[zone].Verdict()]++
		}
	}
	for _, v := range zoning.Verdicts {
		if verdicts[v] == 0 {
			t.Errorf("no cell is %s", v)
		}
	}
	document, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := zoning.Parse(document)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, back); d != "" {
		t.Error(d)
	}
}
