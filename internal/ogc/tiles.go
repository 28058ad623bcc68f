package ogc

import (
	"context"
	"math"
	"net/http"
	"strconv"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/ogc/tileset"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/tiles"
)

// Tiler makes tiles.
type Tiler interface {
	Get(ctx context.Context, r tileset.Request) (tileset.Answer, error)
	Write(w http.ResponseWriter, a tileset.Answer) error
}

// matrixSet is the only tile matrix set (Two Dimensional Tile Matrix Set 2.0,
// annex D): XYZ under another name.
const (
	matrixSet    = "WebMercatorQuad"
	matrixSetURI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
	mercatorEdge = 20037508.342789244 // metres

	relScheme      = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
	scaleOfZoom0   = 559082264.028717
	pixelsPerTile  = 256
	worldWellKnown = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
)

type matrixSetItem struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	URI   string `json:"uri"`
	CRS   string `json:"crs"`
	Links []Link `json:"links"`
}

type matrixSetList struct {
	TileMatrixSets []matrixSetItem `json:"tileMatrixSets"`
	Links          []Link          `json:"links"`
}

// matrixSetDoc is a tile matrix set definition.
type matrixSetDoc struct {
	ID                string       `json:"id"`
	Title             string       `json:"title"`
	URI               string       `json:"uri"`
	CRS               string       `json:"crs"`
	OrderedAxes       []string     `json:"orderedAxes"`
	WellKnownScaleSet string       `json:"wellKnownScaleSet"`
	TileMatrices      []tileMatrix `json:"tileMatrices"`
	Links             []Link       `json:"links"`
}

type tileMatrix struct {
	ID               string     `json:"id"`
	ScaleDenominator float64    `json:"scaleDenominator"`
	CellSize         float64    `json:"cellSize"`
	CornerOfOrigin   string     `json:"cornerOfOrigin"`
	PointOfOrigin    [2]float64 `json:"pointOfOrigin"`
	TileWidth        int        `json:"tileWidth"`
	TileHeight       int        `json:"tileHeight"`
	MatrixWidth      int        `json:"matrixWidth"`
	MatrixHeight     int        `json:"matrixHeight"`
}

func (s *Service) tileMatrixSets(w http.ResponseWriter, r *http.Request) error {
	a, err := document(r)
	if err != nil {
		return err
	}
	href := s.url("ogc", "tileMatrixSets")
	doc := matrixSetList{
		TileMatrixSets: []matrixSetItem{{
			ID: matrixSet, Title: "Web Mercator (XYZ)", URI: matrixSetURI, CRS: geo.EPSG3857.URI(),
			Links: []Link{{Href: href + "/" + matrixSet, Rel: "self", Type: "application/json", Title: matrixSet}},
		}},
		Links: same(a.media, both(), href, "", a.lang),
	}
	return s.answer(w, r, a, doc, func() (rest.Page, error) {
		return s.linksHTML(a, plan.Text{ID: "Skema ubin", EN: "Tile matrix sets"}, doc.Links, doc.TileMatrixSets[0].Links, nil)
	})
}

func (s *Service) tileMatrixSet(w http.ResponseWriter, r *http.Request) error {
	a, err := document(r)
	if err != nil {
		return err
	}
	if err := checkSet(r); err != nil {
		return err
	}
	doc := matrixSetDoc{
		ID: matrixSet, Title: "Web Mercator (XYZ)", URI: matrixSetURI, CRS: geo.EPSG3857.URI(),
		OrderedAxes: []string{"E", "N"}, WellKnownScaleSet: worldWellKnown,
		Links: same(a.media, both(), s.url("ogc", "tileMatrixSets", matrixSet), "", a.lang),
	}
	for z := range tiles.MaxZoom + 1 {
		n := math.Ldexp(1, z)
		doc.TileMatrices = append(doc.TileMatrices, tileMatrix{
			ID: strconv.Itoa(z), ScaleDenominator: scaleOfZoom0 / n, CellSize: 2 * mercatorEdge / pixelsPerTile / n,
			CornerOfOrigin: "topLeft", PointOfOrigin: [2]float64{-mercatorEdge, mercatorEdge},
			TileWidth: pixelsPerTile, TileHeight: pixelsPerTile, MatrixWidth: 1 << z, MatrixHeight: 1 << z,
		})
	}
	return s.answer(w, r, a, doc, func() (rest.Page, error) {
		return s.linksHTML(a, plan.Text{ID: matrixSet, EN: matrixSet}, doc.Links, []Link{{Href: matrixSetURI, Title: matrixSetURI}}, nil)
	})
}

// checkSet refuses tile matrix sets that are not offered.
func checkSet(r *http.Request) error {
	if r.PathValue("set") == matrixSet {
		return nil
	}
	return rest.NotFound("no-such-tile-matrix-set", "", plan.Text{
		ID: "Skema ubin ini tidak tersedia; yang tersedia: " + matrixSet + ".",
		EN: "This tile matrix set is not offered; offered is " + matrixSet + ".",
	})
}

// tilesetDoc is tile set metadata (Two Dimensional Tile Matrix Set 2.0, 7.3).
type tilesetDoc struct {
	Title               string        `json:"title"`
	Description         string        `json:"description,omitempty"`
	Attribution         string        `json:"attribution,omitempty"`
	DataType            string        `json:"dataType"`
	CRS                 string        `json:"crs"`
	TileMatrixSetID     string        `json:"tileMatrixSetId"`
	TileMatrixSetURI    string        `json:"tileMatrixSetURI"`
	TileMatrixSetLimits []matrixLimit `json:"tileMatrixSetLimits,omitempty"`
	Layers              []layerDoc    `json:"layers,omitempty"`
	BoundingBox         *boundingBox  `json:"boundingBox,omitempty"`
	Links               []Link        `json:"links"`
}

type tilesetList struct {
	Tilesets []tilesetDoc `json:"tilesets"`
	Links    []Link       `json:"links"`
}

type matrixLimit struct {
	TileMatrix string `json:"tileMatrix"`
	MinTileRow uint32 `json:"minTileRow"`
	MaxTileRow uint32 `json:"maxTileRow"`
	MinTileCol uint32 `json:"minTileCol"`
	MaxTileCol uint32 `json:"maxTileCol"`
}

type layerDoc struct {
	ID                string `json:"id"`
	Title             string `json:"title"`
	DataType          string `json:"dataType"`
	GeometryDimension int    `json:"geometryDimension"`
	MinTileMatrix     string `json:"minTileMatrix"`
	MaxTileMatrix     string `json:"maxTileMatrix"`
}

type boundingBox struct {
	LowerLeft  [2]float64 `json:"lowerLeft"`
	UpperRight [2]float64 `json:"upperRight"`
	CRS        string     `json:"crs"`
}

func (s *Service) tilesets(w http.ResponseWriter, r *http.Request) error {
	a, err := document(r)
	if err != nil {
		return err
	}
	v, l, err := s.layer(r)
	if err != nil {
		return err
	}
	set := s.describeTiles(v, l, a)
	set.TileMatrixSetLimits, set.Layers, set.BoundingBox = nil, nil, nil
	href := s.url("ogc", "collections", l.ID, "tiles")
	set.Links = []Link{
		{Href: href + "/" + matrixSet, Rel: "self", Type: "application/json", Title: l.Title.In(a.lang)},
		set.Links[0],
	}
	doc := tilesetList{Tilesets: []tilesetDoc{set}, Links: same(a.media, both(), href, "", a.lang)}
	return s.answer(w, r, a, doc, func() (rest.Page, error) {
		return s.linksHTML(a, l.Title, doc.Links, set.Links, l)
	})
}

func (s *Service) tileset(w http.ResponseWriter, r *http.Request) error {
	a, err := document(r)
	if err != nil {
		return err
	}
	v, l, err := s.layer(r)
	if err != nil {
		return err
	}
	if err := checkSet(r); err != nil {
		return err
	}
	doc := s.describeTiles(v, l, a)
	own := same(a.media, both(), s.url("ogc", "collections", l.ID, "tiles", matrixSet), "", a.lang)
	further := doc.Links
	doc.Links = append(own, further...)
	return s.answer(w, r, a, doc, func() (rest.Page, error) { return s.linksHTML(a, l.Title, own, further, l) })
}

// describeTiles is the metadata of a layer's tiles. Its first link is the
// template of the tiles.
func (s *Service) describeTiles(v mirror.View, l *plan.Layer, a ask) tilesetDoc {
	b := s.bound(v, l)
	doc := tilesetDoc{
		Title: l.Title.In(a.lang), Description: l.Description.In(a.lang), Attribution: s.attribution(l, a.lang),
		DataType: "vector", CRS: geo.EPSG3857.URI(), TileMatrixSetID: matrixSet, TileMatrixSetURI: matrixSetURI,
		Layers: []layerDoc{{
			ID: l.ID, Title: l.Title.In(a.lang), DataType: "vector", GeometryDimension: dimension(l.Geometry),
			MinTileMatrix: strconv.Itoa(l.Zooms.Min), MaxTileMatrix: strconv.Itoa(l.Zooms.Max),
		}},
		BoundingBox: &boundingBox{LowerLeft: b.Min, UpperRight: b.Max, CRS: geo.CRS84.URI()},
		Links: []Link{
			{
				Href: s.url("ogc", "collections", l.ID, "tiles", matrixSet) + "/{tileMatrix}/{tileRow}/{tileCol}?f=mvt",
				Rel:  "item", Type: mvtType, Title: "MVT", Templated: true,
			},
			{Href: s.url("ogc", "tileMatrixSets", matrixSet), Rel: relScheme, Type: "application/json", Title: matrixSet},
			{Href: s.url("tiles", l.ID+".json"), Rel: "alternate", Type: "application/json", Title: "TileJSON"},
			{Href: s.url("ogc", "collections", l.ID), Rel: "http://www.opengis.net/def/rel/ogc/1.0/geodata", Type: "application/json", Title: l.Title.In(a.lang)},
		},
	}
	for z := l.Zooms.Min; z <= l.Zooms.Max; z++ {
		doc.TileMatrixSetLimits = append(doc.TileMatrixSetLimits, limitOf(b.Min, b.Max, z))
	}
	return doc
}

// limitOf is the range of tiles of a zoom that a box covers.
func limitOf(lo, hi [2]float64, z int) matrixLimit {
	n := math.Ldexp(1, z)
	col := func(lon float64) uint32 { return uint32(min(max(math.Floor((lon+180)/360*n), 0), n-1)) }
	row := func(lat float64) uint32 {
		y := (1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2
		return uint32(min(max(math.Floor(y*n), 0), n-1))
	}
	return matrixLimit{
		TileMatrix: strconv.Itoa(z),
		MinTileCol: col(lo[0]), MaxTileCol: col(hi[0]), MinTileRow: row(hi[1]), MaxTileRow: row(lo[1]),
	}
}

func dimension(g plan.GeometryType) int {
	switch g {
	case plan.Point:
		return 0
	case plan.MultiLineString:
		return 1
	default:
		return 2
	}
}

// tile is one tile of one layer.
func (s *Service) tile(w http.ResponseWriter, r *http.Request) error {
	if err := checkSet(r); err != nil {
		return err
	}
	if _, _, err := s.layer(r); err != nil {
		return err
	}
	req := tileset.Of(r, r.PathValue("layer"), r.PathValue("z"), r.PathValue("col"), r.PathValue("row"))
	req.Formats = true
	if _, err := rest.Negotiate(r, "", rest.Media{Name: "mvt", Type: mvtType, Also: []string{"application/octet-stream", "application/x-protobuf"}}); err != nil {
		return err
	}
	answer, err := s.tiles.Get(r.Context(), req)
	if err != nil {
		return err
	}
	return s.tiles.Write(w, answer)
}

// linksHTML is a page that is a list of links.
func (s *Service) linksHTML(a ask, title plan.Text, own, links []Link, l *plan.Layer) (rest.Page, error) {
	return s.page("tiles.html", struct {
		Text  string
		Links []Link
	}{plan.Text{ID: "Ubin vektor (Mapbox Vector Tile 2.1).", EN: "Vector tiles (Mapbox Vector Tile 2.1)."}.In(a.lang), links}, rest.Page{
		Lang: a.lang, Title: title.In(a.lang), Crumbs: s.crumbs(a.lang, l), Alternates: alternates(own),
	})
}
