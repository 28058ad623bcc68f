package ogc

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// landingPage is the entry of the API (Part 1, 7.2).
type landingPage struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Attribution string `json:"attribution,omitempty"`
	Links       []Link `json:"links"`
}

// conformance lists what is implemented and tested, nothing else.
type conformance struct {
	ConformsTo []string `json:"conformsTo"`
	// Preferences and Modes are those of OGC API Routes.
	Preferences *preferences `json:"http://www.opengis.net/spec/ogcapi-routes-1/1.0/conf/core,omitempty"`
	Modes       *modes       `json:"http://www.opengis.net/spec/ogcapi-routes-1/1.0/conf/mode,omitempty"`
	Links       []Link       `json:"links"`
}

type preferences struct {
	Values []string `json:"values"`
}

type modes struct {
	Modes []string `json:"modes"`
}

func (s *Service) conformanceClasses() []string {
	classes := []string{
		"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
		"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
		"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
		"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
		"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
		"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
		"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
		"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
		"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
		"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
		"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
		"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
		"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
		"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
		"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
		"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
	}
	if s.editor != nil {
		classes = append(classes,
			"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
			"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
			"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
			"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
		)
	}
	if s.served[routesPath] != nil {
		classes = append(classes,
			"http://www.opengis.net/spec/ogcapi-routes-1/1.0/conf/core",
			"http://www.opengis.net/spec/ogcapi-routes-1/1.0/conf/intermediate-waypoints",
			"http://www.opengis.net/spec/ogcapi-routes-1/1.0/conf/mode",
			"http://www.opengis.net/spec/ogcapi-routes-1/1.0/conf/obstacles",
		)
	}
	return classes
}

// ask is what every document request has in common.
type ask struct {
	params rest.Params
	media  rest.Media
	lang   plan.Lang
}

// document reads a request for a document that comes as JSON and HTML and
// takes no parameter but f.
func document(r *http.Request) (ask, error) {
	p, err := rest.ParseParams(r, "f")
	if err != nil {
		return ask{}, err
	}
	m, err := rest.Negotiate(r, p.Value("f"), rest.JSON(), rest.HTML())
	if err != nil {
		return ask{}, err
	}
	return ask{params: p, media: m, lang: rest.Language(r)}, nil
}

// both are the formats of documents.
func both() []rest.Media { return []rest.Media{rest.JSON(), rest.HTML()} }

func (s *Service) landing(w http.ResponseWriter, r *http.Request) error {
	a, err := document(r)
	if err != nil {
		return err
	}
	t := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(a.lang) }
	doc := landingPage{
		Title:       s.cfg.City.Title.In(a.lang),
		Description: t("Rencana tata ruang kota sebagai data terbuka.", "The city's spatial plan as open data."),
		Attribution: s.cfg.City.Notice().In(a.lang),
		Links: append(same(a.media, both(), s.url("ogc"), "", a.lang),
			Link{Href: s.url("ogc", "openapi"), Rel: "service-desc", Type: openAPIType, Title: t("Definisi API", "API definition")},
			Link{Href: s.url("ogc", "openapi") + "?f=html", Rel: "service-doc", Type: htmlType, Title: t("Dokumentasi API", "API documentation")},
			Link{Href: s.url("ogc", "conformance"), Rel: "conformance", Type: "application/json", Title: t("Kesesuaian dengan standar", "Conformance")},
			Link{Href: s.url("ogc", "collections"), Rel: "data", Type: "application/json", Title: t("Lapisan-lapisan", "Layers")},
			Link{Href: s.url("ogc", "tileMatrixSets"), Rel: "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", Type: "application/json", Title: t("Skema ubin", "Tiling schemes")},
			Link{Href: s.url("styles", "plan.json"), Rel: "http://www.opengis.net/def/rel/ogc/1.0/styles", Type: "application/json", Title: t("Gaya peta MapLibre", "MapLibre style")},
			Link{Href: s.cfg.PublicURL + "/", Rel: "related", Type: htmlType, Title: t("Peta web", "Web map")},
		),
	}
	if s.served[routesPath] != nil {
		doc.Links = append(doc.Links, Link{Href: s.url("ogc", "routes"), Rel: "http://www.opengis.net/def/rel/ogc/1.0/routes", Type: "application/json", Title: t("Rute (POST)", "Routes (POST)")})
	}
	return s.answer(w, r, a, doc, func() (rest.Page, error) { return s.landingHTML(a, doc) })
}

func (s *Service) conformance(w http.ResponseWriter, r *http.Request) error {
	a, err := document(r)
	if err != nil {
		return err
	}
	doc := conformance{
		ConformsTo: s.conformanceClasses(),
		Links:      same(a.media, both(), s.url("ogc", "conformance"), "", a.lang),
	}
	if s.served[routesPath] != nil {
		doc.Preferences, doc.Modes = &preferences{s.words["preference"]}, &modes{s.words["profile"]}
	}
	return s.answer(w, r, a, doc, func() (rest.Page, error) { return s.conformanceHTML(a, doc) })
}

// answer writes a document in the format that was chosen.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, a ask, doc any, page func() (rest.Page, error)) error {
	rest.AddVary(w.Header(), "Accept")
	if a.media.Name != "html" {
		return rest.WriteJSON(w, r, rest.Body{Type: a.media.Type, Lang: string(a.lang)}, doc)
	}
	p, err := page()
	if err != nil {
		return err
	}
	return s.pages.Write(w, r, p)
}
