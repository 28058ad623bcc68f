package httpd_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/web"
)

// TestGuides reads the guides of the program from the first page on: all are
// reached, and every link leads somewhere.
func TestGuides(t *testing.T) {
	docs, err := web.Docs()
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, func(_ *httpd.Config, d *httpd.Deps) { d.Docs = docs })
	seen, queue := map[string]bool{}, []string{"/docs"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		r := s.get(t, path)
		if r.status != http.StatusOK {
			t.Errorf("%s: %d", path, r.status)
		}
		for _, m := range regexp.MustCompile(`(?:href|src)="(/docs[^"#]*)`).FindAllSubmatch(r.body, -1) {
			queue = append(queue, string(m[1]))
		}
	}
	err = fs.WalkDir(docs, ".", func(path string, _ fs.DirEntry, err error) error {
		if name, ok := strings.CutSuffix(path, ".md"); ok && name != "index" && !seen["/docs/"+name] {
			t.Errorf("no guide leads to %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for was, is := range map[string]string{
		"en/editing": "en/edit-on-the-map", "en/edit": "en/edit-over-http", "id/menyunting.md": "id/sunting-di-peta", "id/sunting/": "id/sunting-lewat-http",
	} {
		if r := s.do(t, http.MethodGet, "/docs/"+was); r.status != http.StatusMovedPermanently || r.header.Get("Location") != "/docs/"+is || !seen["/docs/"+is] {
			t.Errorf("%s, which is %s now: %d %v", was, is, r.status, r.header)
		}
	}
}

// TestReadmeLinks: a file that the README names is there.
func TestReadmeLinks(t *testing.T) {
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`\]\(([^):#]+)\)`).FindAllSubmatch(text, -1)
	for _, m := range links {
		if _, err := os.Stat(filepath.Join(root, string(m[1]))); err != nil {
			t.Error(err)
		}
	}
	if len(links) < 20 {
		t.Errorf("only %d links were found", len(links))
	}
}
