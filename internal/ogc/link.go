package ogc

import (
	"net/url"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Link is a link as all OGC API documents write it.
type Link struct {
	Href      string `json:"href"`
	Rel       string `json:"rel"`
	Type      string `json:"type,omitempty"`
	Title     string `json:"title,omitempty"`
	Hreflang  string `json:"hreflang,omitempty"`
	Templated bool   `json:"templated,omitempty"`
}

// Media types of the documents.
const (
	geoJSONType = "application/geo+json"
	openAPIType = "application/vnd.oai.openapi+json;version=3.0"
	mvtType     = "application/vnd.mapbox-vector-tile"
	htmlType    = "text/html"
)

func geoJSON() rest.Media {
	return rest.Media{Name: "json", Type: geoJSONType, Also: []string{"application/json"}}
}

// same returns the links to a document itself and to its other formats. query
// is the request's query without f, "" or starting with "?".
func same(chosen rest.Media, offers []rest.Media, href, query string, lang plan.Lang) []Link {
	links := make([]Link, 0, len(offers))
	for _, o := range offers {
		l := Link{Href: withQuery(href, query, "f="+o.Name), Rel: "alternate", Type: bare(o.Type), Hreflang: string(lang)}
		l.Title = plan.Text{ID: "Dokumen ini dalam format lain", EN: "This document in another format"}.In(lang)
		if o.Name == chosen.Name {
			l.Rel = "self"
			l.Title = plan.Text{ID: "Dokumen ini", EN: "This document"}.In(lang)
		}
		links = append(links, l)
	}
	return links
}

func bare(mediaType string) string {
	t, _, _ := strings.Cut(mediaType, "; charset")
	return t
}

func withQuery(href string, parts ...string) string {
	sep := "?"
	for _, p := range parts {
		if p == "" {
			continue
		}
		href += sep + p
		sep = "&"
	}
	return href
}

// rebuild writes the given parameters in the order of names, without those in
// skip, so that equal requests have equal links.
func rebuild(p rest.Params, names []string, skip ...string) string {
	var b strings.Builder
	for _, name := range names {
		v, ok := p.Get(name)
		if !ok || contains(skip, name) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(name))
		b.WriteByte('=')
		// Commas, colons and slashes are legal in a query: kept readable.
		b.WriteString(strings.NewReplacer("%2C", ",", "%3A", ":", "%2F", "/").Replace(url.QueryEscape(v)))
	}
	return b.String()
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
