package ogc

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits on the size of a page of features.
const (
	// defaultLimit is what a page has without limit: enough to look at, little
	// enough for whoever did not think of a limit. QGIS asks for 1,000 or more
	// by itself, since it takes the larger of 1,000 and the default.
	defaultLimit = 100
	// maxLimit is what larger limits are cut to.
	maxLimit = 10000
	// maxRows is the same for pages of HTML, which nobody reads to the end.
	maxRows = 1000
)

// itemsQuery is a request for features, understood.
type itemsQuery struct {
	ask
	plan.Query
	crs geo.CRS
	// canonical is the query string in a fixed order, without f and after.
	canonical string
	// format is "f=..." where the client gave it, to be kept in next.
	format string
	// names are the parameters of the resource.
	names []string
}

// parseItems reads the parameters of GET /collections/{layer}/items. Every
// one is checked, whatever the others are.
func parseItems(r *http.Request, l *plan.Layer, now time.Time) (itemsQuery, error) {
	names := []string{"bbox", "bbox-crs", "crs", "datetime", "limit", "after", "f"}
	names = append(names, rest.Filters(l)...)
	p, err := rest.ParseParams(r, names...)
	if err != nil {
		return itemsQuery{}, err
	}
	q := itemsQuery{ask: ask{params: p, lang: rest.Language(r)}, names: names}
	if q.media, err = rest.Negotiate(r, p.Value("f"), geoJSON(), rest.HTML()); err != nil {
		return itemsQuery{}, err
	}
	if q.crs, err = parseCRS(p, "crs"); err != nil {
		return itemsQuery{}, err
	}
	boxCRS, err := parseCRS(p, "bbox-crs")
	if err != nil {
		return itemsQuery{}, err
	}
	if text, ok := p.Get("bbox"); ok {
		if q.Boxes, err = parseBBox(text, boxCRS); err != nil {
			return itemsQuery{}, err
		}
	}
	if text, ok := p.Get("datetime"); ok {
		if q.At, err = rest.ParseDatetime(text, now); err != nil {
			return itemsQuery{}, err
		}
	}
	if q.Where, err = rest.ParseFilter(p, l); err != nil {
		return itemsQuery{}, err
	}
	if q.Limit, err = p.Int("limit", defaultLimit, 1, maxLimit); err != nil {
		return itemsQuery{}, err
	}
	if q.media.Name == "html" {
		q.Limit = min(q.Limit, maxRows)
	}
	if text, ok := p.Get("after"); ok {
		if q.After, ok = featureID(text); !ok {
			return itemsQuery{}, rest.Invalid("after", plan.Text{
				ID: "Bukan tanda halaman dari layanan ini: pakai tautan next seperti adanya.",
				EN: "This is not a page mark of this service: use the link next as it is.",
			})
		}
	}
	q.canonical = rebuild(p, names, "f", "after")
	if f, ok := p.Get("f"); ok {
		q.format = "f=" + f
	}
	return q, nil
}

// featureID reads an id in its only spelling: a positive decimal number.
func featureID(s string) (int64, bool) {
	id, err := strconv.ParseInt(s, 10, 64)
	return id, err == nil && id > 0 && strconv.FormatInt(id, 10) == s
}

// parseCRS reads a parameter that names one of the offered systems by URI.
func parseCRS(p rest.Params, name string) (geo.CRS, error) {
	text, ok := p.Get(name)
	if !ok {
		return geo.CRS84, nil
	}
	if c, ok := geo.LookupURI(text); ok {
		return c, nil
	}
	all := strings.Join(crsURIs(), ", ")
	return 0, rest.Invalid(name, plan.Text{
		ID: "Sistem koordinat ini tidak tersedia. Yang tersedia: " + all + ".",
		EN: "This reference system is not offered. Offered are: " + all + ".",
	})
}

// parseBBox reads four or six numbers in the axis order of c and returns boxes
// in lon, lat: two where the box crosses the antimeridian, nil where it is the
// whole world and so selects everything, features without geometry too. Of six
// numbers the heights are checked and not used: the plan is flat.
func parseBBox(text string, c geo.CRS) ([]orb.Bound, error) {
	v, err := parseNumbers(text)
	if err != nil {
		return nil, err
	}
	if len(v) == 6 {
		if v[2] > v[5] {
			return nil, badBox("tinggi terendah di atas yang tertinggi", "the lowest height is above the highest")
		}
		v = []float64{v[0], v[1], v[3], v[4]}
	}
	if c.NorthFirst() {
		v[0], v[1], v[2], v[3] = v[1], v[0], v[3], v[2]
	}
	west, south, east, north := v[0], v[1], v[2], v[3]
	if south > north {
		return nil, badBox("batas selatan di atas batas utara", "the southern edge is above the northern one")
	}
	if c.Geographic() {
		if west < -180 || west > 180 || east < -180 || east > 180 || south < -90 || north > 90 {
			return nil, badBox("di luar bujur -180..180, lintang -90..90", "outside longitude -180..180, latitude -90..90")
		}
		if west == -180 && east == 180 && south == -90 && north == 90 {
			return nil, nil
		}
		return geo.SplitBox(west, south, east, north), nil
	}
	if west > east {
		return nil, badBox("batas barat di sebelah timur batas timur", "the western edge is east of the eastern one")
	}
	b, err := c.LonLatBound(orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}})
	if err != nil {
		return nil, badBox("di luar wilayah berlaku "+c.String(), "outside the domain of "+c.String())
	}
	return []orb.Bound{b}, nil
}

func parseNumbers(text string) ([]float64, error) {
	parts := strings.SplitN(text, ",", 8)
	if len(parts) != 4 && len(parts) != 6 {
		return nil, badBox("harus empat atau enam bilangan", "must be four or six numbers")
	}
	v := make([]float64, len(parts))
	for i, part := range parts {
		f, ok := rest.ParseNumber(part)
		if !ok {
			return nil, badBox(fmt.Sprintf("bilangan ke-%d tidak sah", i+1), fmt.Sprintf("number %d is not a number", i+1))
		}
		v[i] = f
	}
	return v, nil
}

func badBox(id, en string) error {
	return rest.Invalid("bbox", plan.Text{
		ID: "Kotak tidak sah: " + id + ". Contoh: bbox=95.27,5.50,95.38,5.60",
		EN: "The box is not valid: " + en + ". Example: bbox=95.27,5.50,95.38,5.60",
	})
}
