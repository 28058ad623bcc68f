package main

import (
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/testdb"
)

// TestFiguresByCommand computes and records the indicators of a city of two
// gampong; a server then records those of the day.
func TestFiguresByCommand(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	s.db.Exec(t, `insert into plan.boundary (kode, nama, kode_kecamatan, kecamatan, population, geom)
		select '11.71.01.200' || i, 'Gampong ' || i, '11.71.01', 'Satu', 100 * i, st_multi(st_makeenvelope(95.3 + i * 0.01, 5.5, 95.31 + i * 0.01, 5.51, 4326)) from generate_series(1, 2) i`)
	s.db.Exec(t, `insert into plan.green_space (class, ownership, status, geom)
		values ('RTH-2', 'public', 'existing', st_multi(st_makeenvelope(95.31, 5.5, 95.315, 5.51, 4326)))`)
	s.do(0, "indicator", "compute")
	s.do(0, "indicator", "compute", "rth_public", "--by", "gampong")
	s.do(1, "indicator", "compute", "nothing")
	s.do(1, "indicator", "compute", "waste_bank_kg")
	s.do(1, "indicator", "record", "--label", "")
	if n := s.count("simtaru.indicator_value"); n != 0 {
		t.Errorf("%d values are recorded that nobody asked for", n)
	}
	s.do(0, "indicator", "record", "--label", "rtrw-2029")
	const halves = "simtaru.indicator_value where indicator = 'rth_public' and round(value) = 50 and unit_code = '11.71.01.2001' and label = 'rtrw-2029'"
	if n := s.count(halves); n != 1 {
		t.Errorf("the half of a gampong is recorded %d times", n)
	}
	all := s.count("simtaru.indicator_value")
	s.do(0, "indicator", "record", "--label", "rtrw-2029")
	if n := s.count("simtaru.indicator_value"); n != all || all < 50 {
		t.Errorf("%d values are recorded, and again %d", all, n)
	}

	s.serving()
	today := "simtaru.indicator_value where on_day = (now() at time zone 'Asia/Jakarta')::date"
	for deadline := time.Now().Add(30 * time.Second); s.count(today) != all; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a server recorded %d values of the day, want %d", s.count(today), all)
		}
	}
}
