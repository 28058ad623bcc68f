package main

import (
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/testdb"
)

// TestTheDemonstrationIsExact loads the whole city, too much for its commits to
// look at, checks it, and finds nothing wrong: zones cover the boundary to the
// vertex and parcels do not overlap. Then an issue is made, and found by a
// commit.
func TestTheDemonstrationIsExact(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "demo")
	if n := s.count("simtaru.topology_due where layer in ('zoning', 'parcel')"); n < 2 {
		t.Errorf("%d large layers wait for a check", n)
	}
	s.do(0, "layer", "check")
	if n := s.count("plan.topology_issue"); n != 0 {
		t.Errorf("%d issues", n)
	}
	if n := s.count("simtaru.topology_due"); n != 0 {
		t.Errorf("%d layers still wait", n)
	}
	if n := s.count("simtaru.topology_fact where layer in ('zoning', 'boundary')"); n != 1 {
		t.Errorf("%d facts of the coverages, want the world around the boundary alone", n)
	}
	s.db.Exec(t, "update plan.zoning set geom = st_multi(st_scale(geom, st_makepoint(0.9, 0.9), st_centroid(geom))) where id = (select id from plan.zoning where st_nrings(geom) = 1 order by st_area(geom) desc limit 1)")
	if n := s.count("plan.topology_issue where kind = 'gap' and layer = 'zoning'"); n == 0 {
		t.Error("a zone that shrinks leaves no gap")
	}
	s.do(0, "layer", "check", "zoning")
	s.do(1, "layer", "check", "road")
	s.do(1, "layer", "check", "tram_stop")
}

// TestServeChecksWhatWaits: a layer that a commit could not look at is checked
// soon after, while the server serves.
func TestServeChecksWhatWaits(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	s.serving()
	settled := func() {
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			if due, err := s.db.Store.TopologyDue(t.Context()); err != nil {
				t.Fatal(err)
			} else if len(due) == 0 {
				return
			}
		}
		t.Fatal("layers wait for their check for more than a minute")
	}
	settled() // from their declaration
	s.db.Exec(t, `insert into plan.parcel (nib, geom)
		select i::text, st_multi(st_makeenvelope(95 + i * 1e-4, 5, 95 + i * 1e-4 + 1.1e-4, 5.0001, 4326)) from generate_series(1, 600) i`)
	settled()
	if n := s.count("plan.topology_issue where layer = 'parcel' and kind = 'overlap' and area_m2 > 1"); n != 599 {
		t.Errorf("%d overlaps, want 599", n)
	}
}
