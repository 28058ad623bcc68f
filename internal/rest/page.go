package rest

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

//go:embed page/layout.html page/page.css
var pageFiles embed.FS

// PagePolicy is the content security policy of pages of text: styles and
// images of our own, no scripts at all.
const PagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

// Pages writes the service's pages of text in one layout.
type Pages struct {
	o      PageOptions
	root   string
	layout *template.Template
}

// PageOptions are what all pages have in common.
type PageOptions struct {
	// PublicURL is the address of the service, without a last slash.
	PublicURL string
	Site      plan.Text
	// Notice stands on top of every page; empty for none.
	Notice plan.Text
}

// Page is one page.
type Page struct {
	Lang   plan.Lang
	Title  string
	Crumbs []Crumb
	Body   template.HTML
	// Alternates are the same document in other formats.
	Alternates []Alternate
	// Cache is that of Body.
	Cache string
}

// Crumb is one step of the way to a page.
type Crumb struct{ Href, Title string }

// Alternate is a link to another format of a page.
type Alternate struct{ Href, Type, Name string }

// NewPages returns a writer of pages.
func NewPages(o PageOptions) (*Pages, error) {
	u, err := url.Parse(o.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("public address: %w", err)
	}
	layout, err := template.ParseFS(pageFiles, "page/layout.html")
	if err != nil {
		return nil, fmt.Errorf("page layout: %w", err)
	}
	return &Pages{o: o, root: strings.TrimRight(u.Path, "/"), layout: layout}, nil
}

// Root is the path below which the service lives, without a last slash.
func (p *Pages) Root() string { return p.root }

// Write answers with a page.
func (p *Pages) Write(w http.ResponseWriter, r *http.Request, page Page) error {
	var b bytes.Buffer
	err := p.layout.Execute(&b, struct {
		Page
		Root, Site, Notice, Guide string
	}{page, p.root, p.o.Site.In(page.Lang), p.o.Notice.In(page.Lang), plan.Text{ID: "Panduan", EN: "Guide"}.In(page.Lang)})
	if err != nil {
		return fmt.Errorf("page %q: %w", page.Title, err)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", PagePolicy)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	return Write(w, r, Body{Type: HTML().Type, Data: b.Bytes(), Lang: string(page.Lang), Cache: page.Cache})
}

// PageCSS is GET /page.css: the style of all pages of text.
func PageCSS(w http.ResponseWriter, r *http.Request) error {
	if _, err := ParseParams(r); err != nil {
		return err
	}
	data, err := pageFiles.ReadFile("page/page.css")
	if err != nil {
		return fmt.Errorf("page style: %w", err)
	}
	return Write(w, r, Body{Type: "text/css; charset=utf-8", Data: data, Cache: Revalidate})
}
