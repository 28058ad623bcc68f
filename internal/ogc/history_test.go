package ogc

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// TestHistoryEndsAtItsBudget: heavy versions make a shorter page, which ends so
// that the next one goes on; light ones make the page that was asked for.
func TestHistoryEndsAtItsBudget(t *testing.T) {
	const newest = 60
	read := func(vertices int, asked *int) func(int64, int) ([]plan.Version, error) {
		return func(before int64, n int) (list []plan.Version, _ error) {
			if before == 0 {
				before = newest + 1
			}
			for r := before - 1; r > 0 && len(list) < n; r-- {
				list = append(list, plan.Version{Feature: &plan.Feature{Revision: r, Geometry: make(orb.LineString, vertices)}})
			}
			*asked += n
			return list, nil
		}
	}
	for _, tt := range []struct {
		vertices, limit, budget, want int
	}{
		{2, 21, publicHistory, 21},
		{2, 101, publicHistory, newest},
		{100_000, 101, publicHistory, historyBatch},
		{100_000, 101, staffHistory, 2 * historyBatch},
		{100_000, 2, publicHistory, 2},
	} {
		asked := 0
		got, err := gather(read(tt.vertices, &asked), 0, tt.limit, tt.budget)
		if err != nil || len(got) != tt.want {
			t.Errorf("%+v: %d versions, %v", tt, len(got), err)
		}
		if asked > tt.want+historyBatch {
			t.Errorf("%+v: %d were asked for", tt, asked)
		}
		// The pages together hold every version once, in order.
		last := int64(newest + 1)
		for before := int64(0); ; {
			page, err := gather(read(tt.vertices, &asked), before, tt.limit, tt.budget)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range stepsOf(&plan.Layer{}, page) {
				if s.Feature.Revision != last-1 {
					t.Fatalf("%+v: revision %d follows %d", tt, s.Feature.Revision, last)
				}
				last = s.Feature.Revision
			}
			if before = last; last == 1 {
				break
			}
		}
	}
}
