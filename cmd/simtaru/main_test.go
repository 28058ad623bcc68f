package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(testdb.Main(context.Background(), m))
}

// shell runs commands against a database of its own.
type shell struct {
	t  *testing.T
	db *testdb.DB
}

// do runs a command and fails unless it ends with the code.
func (s shell) do(code int, args ...string) {
	s.t.Helper()
	args = append(args, "--database-url", s.db.DSN, "--log-level", "error", "--lang", "en")
	if got := run(s.t.Context(), args); got != code {
		s.t.Fatalf("simtaru %s ended with %d, want %d", strings.Join(args, " "), got, code)
	}
}

func (s shell) count(table string) (n int) {
	s.t.Helper()
	if err := s.db.Conn(s.t).QueryRow(s.t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s shell) file(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

const busStop = `id: bus_stop
title: {id: Halte, en: Bus stops}
description: {id: Halte bus kota., en: City bus stops.}
group: transport
geometry: Point
order: 900
visible: false
policy: live
access: {read: [public], edit: [planner]}
zooms: {min: 10, max: 16}
licence: CC-BY-4.0
attribution: {id: Dinas Perhubungan, en: Transport Office}
style: {symbol: {fill: "#336699", radius: 4}}
fields:
  - {name: name, type: text, title: {id: Nama, en: Name}, required: true, max_length: 80, tiles: 12}
`

func TestALayerOfOnesOwn(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	s.do(0, "layer", "apply", s.file("bus_stop.yaml", busStop))
	s.do(0, "layer", "apply", s.file("again.yaml", busStop))
	s.do(0, "layer", "show", "bus_stop")
	s.do(1, "layer", "show", "tram_stop")
	s.do(1, "layer", "apply", s.file("bad.yaml", strings.Replace(busStop, "Point", "Circle", 1)))

	const stops = `{"type":"Feature","properties":{"name":"Simpang Lima"},"geometry":{"type":"Point","coordinates":[95.32,5.55]}}
{"type":"Feature","properties":{"label":"Darussalam"},"geometry":{"type":"Point","coordinates":[95.36,5.57]}}
`
	path := s.file("stops.ndjson", stops)
	s.do(1, "import", "bus_stop", path)
	if n := s.count("plan.bus_stop"); n != 0 {
		t.Errorf("a refused import left %d rows", n)
	}
	report, err := os.ReadFile(strings.TrimSuffix(path, ".ndjson") + "-report.csv")
	if err != nil || !strings.Contains(string(report), "2,1,") {
		t.Errorf("the report does not name line 2: %v\n%s", err, report)
	}
	s.do(0, "import", "bus_stop", path, "--skip-invalid", "--dry-run")
	s.do(0, "import", "bus_stop", path, "--skip-invalid")
	s.do(0, "migrate")
	if n := s.count("plan.bus_stop"); n != 1 {
		t.Errorf("%d rows, want the sound one", n)
	}
}

// TestTheDemonstrationIsMadeOnce keeps what was edited, deletions too.
func TestTheDemonstrationIsMadeOnce(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "demo", "--scale", "0.2")
	zones := s.count("plan.zoning")
	s.db.Exec(t, "delete from plan.closure")
	s.do(0, "demo", "--scale", "0.2")
	if n := s.count("plan.closure"); n != 0 {
		t.Errorf("%d deleted closures came back", n)
	}
	if n := s.count("plan.zoning"); n != zones || n == 0 {
		t.Errorf("%d zones, then %d", zones, n)
	}
}

// TestTheDemonstrationSparesAPlan refuses a database that holds something.
func TestTheDemonstrationSparesAPlan(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	s.db.Exec(t, "insert into plan.place (name, kind) values ('Balai Kota', 'government')")
	s.do(1, "demo")
	if n := s.count("plan.zoning"); n != 0 {
		t.Errorf("%d invented zones", n)
	}
}
