package rest

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// Media is a format in which a resource can be had.
type Media struct {
	// Name is the value of the parameter f: json, html, mvt.
	Name string
	// Type is the Content-Type of the answer.
	Type string
	// Also are broader media types that an Accept header may name to mean this
	// one, without parameters: application/json for GeoJSON.
	Also []string
}

// JSON is plain JSON.
func JSON() Media { return Media{Name: "json", Type: "application/json"} }

// HTML is a page for people.
func HTML() Media {
	return Media{Name: "html", Type: "text/html; charset=utf-8", Also: []string{"application/xhtml+xml"}}
}

// base is the media type without parameters.
func (m Media) base() string {
	t, _, _ := strings.Cut(m.Type, ";")
	return strings.TrimSpace(t)
}

// Negotiate chooses one of the offers: the one that f names, which is an error
// of the parameter (400) where no offer has that name; else the one that Accept
// prefers, the first one on a draw; 406 where Accept refuses them all
// (RFC 9110, 12.5.1). Elements of Accept that cannot be parsed are skipped.
func Negotiate(r *http.Request, f string, offers ...Media) (Media, error) {
	if f != "" {
		for _, o := range offers {
			if f == o.Name || f == o.Type || f == o.base() {
				return o, nil
			}
		}
		return Media{}, Invalid("f", plan.Text{
			ID: "Format yang tersedia: " + names(offers) + ".",
			EN: "Available formats: " + names(offers) + ".",
		})
	}
	ranges := parseAccept(r.Header.Values("Accept"))
	if len(ranges) == 0 {
		return offers[0], nil
	}
	best, bestQ := Media{}, 0.0
	for _, o := range offers {
		if q := quality(ranges, o); q > bestQ {
			best, bestQ = o, q
		}
	}
	if bestQ == 0 {
		return Media{}, &StatusError{Status: http.StatusNotAcceptable, Header: http.Header{"Vary": {"Accept"}}, Err: &plan.Error{
			Kind: plan.Invalid, Code: "not-acceptable", At: "Accept",
			Message: plan.Text{
				ID: "Format yang tersedia: " + types(offers) + ".",
				EN: "Available formats: " + types(offers) + ".",
			},
		}}
	}
	return best, nil
}

// mediaRange is one element of an Accept header.
type mediaRange struct {
	kind, sub string
	q         float64
}

func parseAccept(values []string) []mediaRange {
	var out []mediaRange
	for _, v := range values {
		if len(v) > maxNegotiation {
			continue
		}
		for part := range strings.SplitSeq(v, ",") {
			if m, ok := parseRange(part); ok {
				out = append(out, m)
			}
		}
	}
	return out
}

func parseRange(s string) (mediaRange, bool) {
	t, params, err := mime.ParseMediaType(s)
	if err != nil {
		return mediaRange{}, false
	}
	kind, sub, ok := strings.Cut(t, "/")
	if !ok || kind == "" || sub == "" || (kind == "*" && sub != "*") {
		return mediaRange{}, false
	}
	q := 1.0
	if text, ok := params["q"]; ok {
		q, err = strconv.ParseFloat(text, 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return mediaRange{}, false
		}
	}
	return mediaRange{kind: kind, sub: sub, q: q}, true
}

// quality is the weight that the most specific matching range gives to the
// offer; 0 where none matches. Parameters other than q are not compared: a
// client that asks for version=3.0 or a charset gets what there is.
func quality(ranges []mediaRange, o Media) float64 {
	best, q := -1, 0.0
	for _, m := range ranges {
		spec := -1
		full := m.kind + "/" + m.sub
		switch {
		case full == o.base():
			spec = 3
		case contains(o.Also, full):
			spec = 2
		case m.sub == "*" && strings.HasPrefix(o.base(), m.kind+"/"):
			spec = 1
		case full == "*/*":
			spec = 0
		}
		if spec > best || (spec == best && spec >= 0 && m.q > q) {
			best, q = spec, m.q
		}
	}
	return q
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func names(offers []Media) string {
	var s []string
	for _, o := range offers {
		s = append(s, o.Name)
	}
	return strings.Join(s, ", ")
}

func types(offers []Media) string {
	var s []string
	for _, o := range offers {
		s = append(s, o.base())
	}
	return strings.Join(s, ", ")
}

// AcceptsGzip reports whether the client takes gzip: named with a weight above
// zero, or covered by * and not refused by name.
func AcceptsGzip(h http.Header) bool {
	values := h["Accept-Encoding"]
	if len(values) == 1 && (values[0] == "gzip" || strings.HasPrefix(values[0], "gzip, ")) {
		return true // what clients send, without parsing
	}
	named, star, starQ := false, false, 0.0
	for _, v := range values {
		if len(v) > maxNegotiation {
			continue
		}
		for part := range strings.SplitSeq(v, ",") {
			coding, q := parseCoding(part)
			switch coding {
			case "gzip", "x-gzip":
				if q > 0 {
					return true
				}
				named = true
			case "*":
				star, starQ = true, q
			}
		}
	}
	return !named && star && starQ > 0
}

func parseCoding(s string) (string, float64) {
	coding, params, _ := strings.Cut(s, ";")
	coding = strings.ToLower(strings.TrimSpace(coding))
	q := 1.0
	for p := range strings.SplitSeq(params, ";") {
		k, v, ok := strings.Cut(strings.TrimSpace(p), "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(k), "q") {
			continue
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil || !(f >= 0 && f <= 1) {
			return coding, 0
		}
		q = f
	}
	return coding, q
}
