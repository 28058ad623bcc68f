package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// serving starts the server on a free port and returns its address. It is
// stopped with the test and must then end in order.
func (s shell) serving(more ...string) string {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--listen", addr, "--database-url", s.db.DSN, "--log-level", "error"}, more...))
	}()
	s.t.Cleanup(func() {
		cancel()
		if code := <-ended; code != 0 {
			s.t.Errorf("the server ended with %d", code)
		}
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			continue
		}
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return "http://" + addr
		}
	}
	s.t.Fatal("the server was not ready within a minute")
	return ""
}

// TestRealClientsReadEveryLayer opens each built-in layer of the
// demonstration city that the public may read in GDAL and in QGIS, over OGC API
// Features.
func TestRealClientsReadEveryLayer(t *testing.T) {
	python := "/usr/bin/python3"
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import qgis.core, osgeo.gdal").CombinedOutput(); err != nil {
		t.Skipf("GDAL and QGIS are not installed: %s", out)
	}
	s := shell{t, testdb.Empty(t)}
	s.do(0, "demo", "--scale", "0.2")
	base := s.serving()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	var ids []string
	for _, l := range cat.Layers() {
		if !l.Access.CanRead(plan.Public) {
			continue
		}
		ids = append(ids, l.ID)
		want[l.ID] = s.count("plan." + l.ID)
	}
	slices.Sort(ids)
	for _, script := range []string{"count_gdal.py", "count_qgis.py"} {
		cmd := exec.CommandContext(t.Context(), python, append([]string{filepath.Join("testdata", script), base + "/ogc"}, ids...)...)
		cmd.Env = append(cmd.Environ(), "QT_QPA_PLATFORM=offscreen")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		_, text, _ := strings.Cut(string(out), "FOUND ")
		got := map[string]int{}
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		for _, id := range ids {
			if got[id] != want[id] || want[id] == 0 {
				t.Errorf("%s reads %d features of %s, the table has %d", script, got[id], id, want[id])
			}
		}
	}
}
