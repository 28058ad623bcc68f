package main

import (
	"os"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/testdb"
	"github.com/simtaru/simtaru/internal/zoning"
)

func TestRulesOfTheCommandLine(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	s.do(1, "rules", "export")
	s.do(1, "rules", "check")
	document, err := demo.Rules().Encode()
	if err != nil {
		t.Fatal(err)
	}
	file := s.file("rules.json", string(document))
	wrong := s.file("wrong.json", strings.Replace(string(document), `"kdh": 10,`, `"kdh": 30,`, 1))

	if got := s.output(1, "rules", "import", wrong); !strings.Contains(got, "wrong: intensity[0] R-1: KDB 75 % and KDH 30 % together are more than 100 %") {
		t.Errorf("%q", got)
	}
	if got := s.output(0, "rules", "import", "--dry-run", file); !strings.Contains(got, "nothing was imported") {
		t.Errorf("%q", got)
	}
	if n := s.count("simtaru.rule_set"); n != 0 {
		t.Fatalf("%d sets were imported", n)
	}
	if got := s.output(0, "rules", "import", file); !strings.Contains(got, "imported as revision 1") {
		t.Errorf("%q", got)
	}
	if got := s.output(0, "rules", "import", file); !strings.Contains(got, "already so") {
		t.Errorf("%q", got)
	}
	if got := s.output(0, "rules", "export"); got != string(document) {
		t.Error("the export is not what was imported")
	}

	// By a spreadsheet and back, part by part.
	parts := []string{"rules", "import"}
	for _, part := range []string{"matrix", "intensity", "conditions"} {
		parts = append(parts, s.file(part+".csv", s.output(0, "rules", "export", "--part", part)))
	}
	if got := s.output(0, parts...); !strings.Contains(got, "already so") {
		t.Errorf("%q", got)
	}
	edited := strings.Replace(s.output(0, "rules", "export", "--part", "intensity"), "R-1,,,0,90,75,", "R-1,,,0,90,72.5,", 1)
	if got := s.output(0, "rules", "import", s.file("edited.csv", edited)); !strings.Contains(got, "imported as revision 2") {
		t.Errorf("%q", got)
	}
	if got := s.output(0, "rules", "list"); !strings.HasPrefix(got, "zone@2021  2  ") {
		t.Errorf("%q", got)
	}
	s.do(0, "rules", "check")

	// Rules of a code list that is not there yet.
	own := s.file("own.json", strings.ReplaceAll(string(document), `"version": "2021"`, `"version": "own"`))
	s.do(1, "rules", "import", own)
	s.do(0, "rules", "import", "--new-list", own)
	if n := s.count("simtaru.code where list = 'zone' and version = 'own'"); n != 50 {
		t.Errorf("%d codes", n)
	}
}

func TestYogyakartaIsImported(t *testing.T) {
	const file = "../../../shared/data/yogyakarta/rdtr_kota_yogyakarta_itbx_intensitas.json"
	if _, err := os.Stat(file); err != nil {
		t.Skip(err)
	}
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	s.do(1, "rules", "import", "--codes", "zone@yogyakarta", "--new-list", file) // no title, no source
	got := s.output(0, "rules", "import", "--codes", "zone@yogyakarta", "--new-list", "--title", "Kota Yogyakarta", "--source", "Peta RDTR Kota Yogyakarta", file)
	if !strings.Contains(got, "147 x 15, 75; imported as revision 1") {
		t.Errorf("%q", got)
	}
	set, err := zoning.Parse([]byte(s.output(0, "rules", "export", "--codes", "zone@yogyakarta")))
	if err != nil {
		t.Fatal(err)
	}
	count := map[zoning.Answer]int{}
	for _, a := range set.Activities {
		for _, zone := range set.Zones {
			count[a.Cells[zone]]++
		}
	}
	if count["I"] != 853 || count["X"] != 912 || count["B"] != 295 || count["T"] != 140 || count[""] != 5 {
		t.Errorf("%v", count)
	}
}
