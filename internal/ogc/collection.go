package ogc

import (
	"net/http"
	"strings"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// collections is the list of layers (Part 1, 7.13).
type collections struct {
	Links       []Link       `json:"links"`
	CRS         []string     `json:"crs"`
	Collections []collection `json:"collections"`
}

// collection describes one layer (Part 1, 7.14; Part 2, 6.2).
type collection struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Attribution string   `json:"attribution,omitempty"`
	Extent      extent   `json:"extent"`
	ItemType    string   `json:"itemType"`
	CRS         []string `json:"crs"`
	StorageCRS  string   `json:"storageCrs"`
	Links       []Link   `json:"links"`
}

// extent has no temporal part: the day from which versions are kept is not
// known here, and an interval open on both sides would say nothing.
type extent struct {
	Spatial spatialExtent `json:"spatial"`
}

type spatialExtent struct {
	BBox [][4]float64 `json:"bbox"`
	CRS  string       `json:"crs"`
}

// crsURIs are the reference systems of every collection, CRS84 first.
func crsURIs() []string {
	all := geo.CRSs()
	uris := make([]string, len(all))
	for i, c := range all {
		uris[i] = c.URI()
	}
	return uris
}

func (s *Service) collections(w http.ResponseWriter, r *http.Request) error {
	a, err := document(r)
	if err != nil {
		return err
	}
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	doc := collections{
		Links: same(a.media, both(), s.url("ogc", "collections"), "", a.lang),
		CRS:   crsURIs(), Collections: []collection{},
	}
	v := s.see(r)
	for _, l := range v.Layers() {
		c := s.describe(v, l, a)
		c.Links = append([]Link{{
			Href: s.url("ogc", "collections", l.ID), Rel: "self", Type: "application/json", Title: c.Title,
		}}, c.Links...)
		doc.Collections = append(doc.Collections, c)
	}
	return s.answer(w, r, a, doc, func() (rest.Page, error) { return s.collectionsHTML(a, doc) })
}

func (s *Service) collection(w http.ResponseWriter, r *http.Request) error {
	a, err := document(r)
	if err != nil {
		return err
	}
	v, l, err := s.layer(r)
	if err != nil {
		return err
	}
	doc := s.describe(v, l, a)
	doc.Links = append(same(a.media, both(), s.url("ogc", "collections", l.ID), "", a.lang), doc.Links...)
	return s.answer(w, r, a, doc, func() (rest.Page, error) { return s.collectionHTML(v, a, l, doc) })
}

// describe is the collection without the links to its own document.
func (s *Service) describe(v mirror.View, l *plan.Layer, a ask) collection {
	t := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(a.lang) }
	self := s.url("ogc", "collections", l.ID)
	c := collection{
		ID: l.ID, Title: l.Title.In(a.lang), Description: l.Description.In(a.lang),
		Attribution: s.attribution(l, a.lang),
		Extent:      extent{spatialExtent{BBox: [][4]float64{box(s.bound(v, l))}, CRS: geo.CRS84.URI()}},
		ItemType:    "feature", CRS: crsURIs(), StorageCRS: geo.CRS84.URI(),
		Links: []Link{
			{Href: self + "/items?f=json", Rel: "items", Type: geoJSONType, Title: t("Objek sebagai GeoJSON", "Features as GeoJSON")},
			{Href: self + "/items?f=html", Rel: "items", Type: htmlType, Title: t("Objek sebagai halaman", "Features as a page")},
			{Href: self + "/schema", Rel: relSchema, Type: schemaType, Title: t("Skema objek", "Schema of the features")},
			{Href: self + "/queryables", Rel: relQueryables, Type: schemaType, Title: t("Atribut untuk menyaring", "Attributes to filter by")},
			{Href: self + "/tiles", Rel: "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", Type: "application/json", Title: t("Ubin vektor", "Vector tiles")},
			{Href: s.url("tiles", l.ID+".json"), Rel: "http://www.opengis.net/def/rel/ogc/1.0/tileset-vector", Type: "application/json", Title: "TileJSON"},
		},
	}
	if href := licenceURL(l.Licence); href != "" {
		c.Links = append(c.Links, Link{Href: href, Rel: "license", Type: htmlType, Title: l.Licence})
	}
	return c
}

// attribution names the source, after the notice of a demonstration.
func (s *Service) attribution(l *plan.Layer, lang plan.Lang) string {
	return strings.TrimSpace(s.cfg.City.Notice().In(lang) + " " + l.Attribution.In(lang))
}

// bound is the box of the layer's features; the city's for an empty layer, or
// one that is not in memory.
func (s *Service) bound(v mirror.View, l *plan.Layer) orb.Bound {
	if snap, ok := v.Snapshot(l.ID); ok {
		if b, ok := snap.Bound(); ok {
			return b
		}
	}
	return s.cfg.City.In(v).Bound
}

func box(b orb.Bound) [4]float64 { return [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} }

// licenceURL is where the text of a licence stands: the licence itself when it
// is a URL, else its page at SPDX.
func licenceURL(licence string) string {
	switch {
	case licence == "", strings.HasPrefix(licence, "LicenseRef-"):
		return ""
	case strings.HasPrefix(licence, "https://"), strings.HasPrefix(licence, "http://"):
		return licence
	default:
		return "https://spdx.org/licenses/" + licence + ".html"
	}
}
