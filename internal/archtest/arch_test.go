// Package archtest holds the rules of the code's structure that a compiler
// does not check. It has no code of its own.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/catalog"
)

const module = "github.com/simtaru/simtaru"

// layers of packages, from the outside in: a package may import only packages
// that stand in a later group, or, where siblings says so, in its own.
var groups = [][]string{
	{"cmd"},
	{"internal/httpd"},
	{"internal/ogc", "internal/evac", "internal/indicator", "internal/zoning", "internal/slum", "internal/extract", "internal/report", "internal/exchange", "internal/demo"},
	{"internal/postgis", "internal/mirror"},
	{"internal/auth"},
	{"internal/carto", "internal/catalog", "internal/rest", "internal/cql", "internal/geo", "tiles", "migrations", "web"},
	{"internal/plan"},
}

// domain packages compute with particular layers and may name them.
var domain = []string{"internal/evac", "internal/indicator", "internal/zoning", "internal/slum", "internal/extract", "internal/report", "internal/demo"}

func rank(pkg string) int {
	return slices.IndexFunc(groups, func(g []string) bool {
		return slices.ContainsFunc(g, func(p string) bool { return pkg == p || strings.HasPrefix(pkg, p+"/") })
	})
}

type goPackage struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,GoFiles,Imports", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module+"/")
		all = append(all, p)
	}
}

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range packages(t) {
		if testOnly(p.ImportPath) {
			continue
		}
		from := rank(p.ImportPath)
		if from < 0 {
			t.Errorf("%s stands in no group of the architecture: place it in archtest", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			imported, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			if testOnly(imported) {
				t.Errorf("%s imports %s, which is for tests", p.ImportPath, imported)
				continue
			}
			to := rank(imported)
			own := strings.HasPrefix(imported, p.ImportPath+"/") || strings.HasPrefix(p.ImportPath, imported+"/")
			if to <= from && !own && !allowed(p.ImportPath, imported) {
				t.Errorf("%s imports %s, which is not further in", p.ImportPath, imported)
			}
			if strings.HasPrefix(imported, "internal/postgis") && !strings.HasPrefix(p.ImportPath, "cmd/") && !strings.HasPrefix(p.ImportPath, "internal/postgis") {
				t.Errorf("%s imports %s: only cmd and tests may", p.ImportPath, imported)
			}
		}
	}
}

// testOnly names packages that exist for tests.
func testOnly(pkg string) bool {
	return slices.Contains([]string{"internal/archtest", "internal/testdb", "internal/golden", "internal/adr"}, pkg)
}

// allowed lists imports between siblings: the sink that an import fills, which
// internal/postgis implements in the words of internal/exchange, bodies of
// requests, which are read by the same strict parser, tiles of figures, which
// are kept and answered as those of layers, rules and scores of slums, which the
// demonstration city has in the words of internal/zoning and internal/slum, what
// an extract tells and measures, which is what those two do, metres a degree,
// cells of a table that a spreadsheet opens, how the feed of
// warnings does, and orders of plans.
func allowed(from, to string) bool {
	return (from == "internal/carto" || from == "internal/carto/qgis") && to == "internal/catalog" ||
		from == "internal/postgis" && to == "internal/exchange" ||
		from == "internal/ogc" && to == "internal/exchange" ||
		from == "internal/demo" && to == "internal/zoning" ||
		from == "internal/demo" && to == "internal/slum" ||
		from == "internal/zoning" && to == "internal/indicator/land" ||
		strings.HasPrefix(from, "internal/extract") && (to == "internal/zoning" || to == "internal/zoning/api" || to == "internal/indicator/land" || to == "internal/extract/pdf") ||
		strings.HasPrefix(from, "internal/evac") && to == "internal/indicator/land" ||
		from == "internal/evac/api" && to == "internal/exchange" ||
		from == "internal/evac/api" && (to == "internal/evac/bmkg" || to == "internal/evac/planner") ||
		from == "internal/evac/planner" && to == "internal/evac/flow" ||
		from == "internal/indicator/api" && (to == "internal/exchange" || to == "internal/ogc/tileset")
}

func TestTilesStandsAlone(t *testing.T) {
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.ImportPath, "tiles") {
			continue
		}
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, module+"/internal") {
				t.Errorf("%s is public but imports %s", p.ImportPath, imported)
			}
		}
	}
}

// TestNoLayerIsNamed finds string literals that are the id of a built-in
// layer, in Go and in TypeScript, outside the packages that compute with it.
func TestNoLayerIsNamed(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages(t) {
		if slices.ContainsFunc(domain, func(d string) bool { return p.ImportPath == d || strings.HasPrefix(p.ImportPath, d+"/") }) || p.ImportPath == "cmd/bench" {
			continue
		}
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			for _, s := range literals(t, path) {
				if _, is := cat.Layer(s); is && !strings.Contains("place road building parcel", s) {
					t.Errorf("%s names the layer %q: declare what is needed instead", path, s)
				}
			}
		}
	}
	root := filepath.Join("..", "..", "web", "src")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".ts") || strings.HasSuffix(path, ".test.ts") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, l := range cat.Layers() {
			for _, quote := range []string{`"`, `'`, "`"} {
				if strings.Contains(string(src), quote+l.ID+quote) {
					t.Errorf("%s names the layer %q", path, l.ID)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func literals(t *testing.T, path string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				found = append(found, s)
			}
		}
		return true
	})
	return found
}

// TestErrorsAreProblemDetails forbids the plain-text error writer, and
// exiting or reading the environment outside cmd.
func TestForbiddenCalls(t *testing.T) {
	forbidden := map[string]string{
		"http.Error": "return an error: one place writes problem details", "http.NotFound": "return an error",
		"os.Exit": "only cmd exits", "log.Fatal": "only cmd exits", "log.Fatalf": "only cmd exits",
		"os.Getenv": "only cmd reads the environment", "os.LookupEnv": "only cmd reads the environment",
		"context.Background": "only cmd and tests invent a context", "context.TODO": "pass a context",
	}
	for _, p := range packages(t) {
		if strings.HasPrefix(p.ImportPath, "cmd/") || testOnly(p.ImportPath) {
			continue
		}
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok {
						if why, bad := forbidden[x.Name+"."+n.Sel.Name]; bad {
							t.Errorf("%s: %s.%s: %s", set.Position(n.Pos()), x.Name, n.Sel.Name, why)
						}
					}
				case *ast.FuncDecl:
					if n.Name.Name == "init" && n.Recv == nil {
						t.Errorf("%s: no init", set.Position(n.Pos()))
					}
				}
				return true
			})
		}
	}
}
