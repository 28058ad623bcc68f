package httpd

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// guides are the user guides: Markdown, rendered when asked for. /docs is
// index.md, /docs/id/peta is id/peta.md. The first folder is the language.
type guides struct {
	docs  fs.FS
	pages *rest.Pages
	md    goldmark.Markdown
	// name is under which the name of the guide being read is kept.
	name parser.ContextKey
	// table is the page of problems.
	table *template.Template
}

func newGuides(docs fs.FS, pages *rest.Pages) (*guides, error) {
	g := &guides{docs: docs, pages: pages, name: parser.NewContextKey()}
	// Raw HTML stays switched off: a guide is text, and the policy of the page
	// would run nothing anyway.
	g.md = goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Linkify),
		goldmark.WithParserOptions(parser.WithAutoHeadingID(),
			parser.WithASTTransformers(util.Prioritized(guideLinks{root: pages.Root(), name: g.name}, 100))),
	)
	var err error
	if g.table, err = template.New("problems").Parse(problemsPage); err != nil {
		return nil, fmt.Errorf("page of problems: %w", err)
	}
	return g, nil
}

// show is GET /docs and below.
func (g *guides) show(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	name := strings.Trim(strings.TrimPrefix(r.URL.Path, "/docs"), "/")
	if name == "problems" {
		return g.problems(w, r)
	}
	if name == "" {
		name = "index"
	}
	if g.docs == nil || !fs.ValidPath(name) || strings.Contains(name, "\\") {
		return rest.NoRoute()
	}
	if to := renamed(name); to != "" {
		http.Redirect(w, r, g.pages.Root()+"/docs/"+to, http.StatusMovedPermanently)
		return nil
	}
	file := strings.TrimSuffix(name, ".md") + ".md"
	if isImage(name) {
		file = name
	}
	source, err := fs.ReadFile(g.docs, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return rest.NoRoute()
	case err != nil:
		return fmt.Errorf("guide %s: %w", name, err)
	}
	if isImage(name) {
		return rest.Write(w, r, rest.Body{Type: kindOf(name), Data: source})
	}
	page, err := g.render(name, source)
	if err != nil {
		return fmt.Errorf("guide %s: %w", name, err)
	}
	page.Lang = plan.Indonesian
	if folder, _, ok := strings.Cut(name, "/"); ok && folder == string(plan.English) {
		page.Lang = plan.English
	}
	if name != "index" {
		page.Crumbs = []rest.Crumb{{Href: g.pages.Root() + "/docs", Title: plan.Text{ID: "Panduan", EN: "Guide"}.In(page.Lang)}}
	}
	return g.pages.Write(w, r, page)
}

// renamed is the guide that had the name before, for links that are kept
// elsewhere.
func renamed(name string) string {
	switch strings.TrimSuffix(name, ".md") {
	case "en/editing":
		return "en/edit-on-the-map"
	case "en/edit":
		return "en/edit-over-http"
	case "id/menyunting":
		return "id/sunting-di-peta"
	case "id/sunting":
		return "id/sunting-lewat-http"
	}
	return ""
}

func isImage(name string) bool {
	switch path.Ext(name) {
	case ".png", ".svg", ".webp", ".jpg":
		return true
	}
	return false
}

// render turns Markdown into a page; its first heading is the title.
func (g *guides) render(name string, source []byte) (rest.Page, error) {
	pc := parser.NewContext()
	pc.Set(g.name, name)
	doc := g.md.Parser().Parse(text.NewReader(source), parser.WithContext(pc))
	var page rest.Page
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 1 {
			page.Title = plain(h, source)
			doc.RemoveChild(doc, n)
			break
		}
	}
	var b bytes.Buffer
	if err := g.md.Renderer().Render(&b, source, doc); err != nil {
		return rest.Page{}, fmt.Errorf("render: %w", err)
	}
	page.Body = template.HTML(b.String()) //nolint:gosec // our own text, without raw HTML
	return page, nil
}

// plain is the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(source))
		} else {
			b.WriteString(plain(c, source))
		}
	}
	return b.String()
}

// guideLinks makes links between guides absolute, so that they work from /docs
// as from /docs/: id/peta.md in index.md becomes /docs/id/peta. Links with a
// scheme, to a fragment, or absolute ones stay as they are.
type guideLinks struct {
	root string
	name parser.ContextKey
}

// Transform implements parser.ASTTransformer.
func (g guideLinks) Transform(doc *ast.Document, _ text.Reader, pc parser.Context) {
	name, _ := pc.Get(g.name).(string)
	fix := func(dest []byte) []byte {
		to, fragment, _ := strings.Cut(string(dest), "#")
		if to == "" || strings.Contains(to, ":") || strings.HasPrefix(to, "/") {
			return dest
		}
		to = path.Join(g.root+"/docs", path.Dir(name), strings.TrimSuffix(to, ".md"))
		if fragment != "" {
			to += "#" + fragment
		}
		return []byte(to)
	}
	// The walker returns no error of its own, and this one has none.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Link:
				n.Destination = fix(n.Destination)
			case *ast.Image:
				n.Destination = fix(n.Destination)
			}
		}
		return ast.WalkContinue, nil
	})
}

// problems explains the statuses that problem details come with.
func (g *guides) problems(w http.ResponseWriter, r *http.Request) error {
	lang := rest.Language(r)
	var b bytes.Buffer
	if err := g.table.Execute(&b, rest.Explain(lang)); err != nil {
		return fmt.Errorf("page of problems: %w", err)
	}
	return g.pages.Write(w, r, rest.Page{
		Lang: lang, Title: plan.Text{ID: "Arti pesan kesalahan", EN: "What errors mean"}.In(lang),
		Crumbs: []rest.Crumb{{Href: path.Join(g.pages.Root(), "/docs"), Title: plan.Text{ID: "Panduan", EN: "Guide"}.In(lang)}},
		Body:   template.HTML(b.String()), //nolint:gosec // made by html/template just now
	})
}

const problemsPage = `<div class="scroll"><table>
{{range .}}<tr id="{{.Code}}"><th scope="row"><code>{{.Code}}</code></th><td>{{.Status}}</td><td>{{.Text}}</td></tr>
{{end}}</table></div>`
