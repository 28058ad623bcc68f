package rest

import (
	"net/http"
	"net/url"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

// Params are the query parameters of a request, each given at most once.
type Params struct {
	values map[string]string
}

// ParseParams reads the query string strictly. known are the names the
// resource understands, in their exact case. A parameter that is unknown,
// wrongly cased or repeated, a broken escape, broken UTF-8 and a control
// character are errors that name the parameter (OGC API Features Part 1,
// /req/core/query-param-unknown and query-param-invalid).
func ParseParams(r *http.Request, known ...string) (Params, error) {
	return ParseQuery(r.URL.RawQuery, known...)
}

// maxParams bounds the number of parameters in one request.
const maxParams = 100

// ParseQuery is ParseParams for a raw query string.
func ParseQuery(raw string, known ...string) (Params, error) {
	p := Params{}
	if raw == "" {
		return p, nil
	}
	p.values = make(map[string]string, 8)
	n := 0
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		if n++; n > maxParams {
			return Params{}, Invalid("", plan.Text{ID: "Parameter terlalu banyak.", EN: "Too many parameters."})
		}
		rawKey, rawValue, _ := strings.Cut(part, "=")
		key, err := unescape(rawKey, "")
		if err != nil {
			return Params{}, err
		}
		if !contains(known, key) {
			return Params{}, unknown(key, known)
		}
		value, err := unescape(rawValue, key)
		if err != nil {
			return Params{}, err
		}
		if _, again := p.values[key]; again {
			return Params{}, Invalid(key, plan.Text{
				ID: "Parameter ini diberikan lebih dari sekali.",
				EN: "This parameter is given more than once.",
			})
		}
		p.values[key] = value
	}
	return p, nil
}

func unescape(raw, at string) (string, error) {
	s, err := url.QueryUnescape(raw)
	if err != nil || !utf8.ValidString(s) || strings.ContainsFunc(s, isControl) {
		return "", Invalid(at, plan.Text{
			ID: "Parameter berisi urutan persen atau karakter yang tidak sah.",
			EN: "The parameter holds a broken percent escape or a character that is not allowed.",
		})
	}
	return s, nil
}

// isControl holds for characters that no parameter or path of the service has
// a use for; NUL among them, which PostgreSQL text cannot hold.
func isControl(r rune) bool { return r < 0x20 || r == 0x7f }

func unknown(key string, known []string) error {
	for _, k := range known {
		if strings.EqualFold(k, key) {
			return &plan.Error{Kind: plan.Invalid, Code: "unknown-parameter", At: clip(key, 80), Message: plan.Text{
				ID: "Parameter ini tidak dikenal. Maksud Anda " + k + "? Huruf besar dan kecil dibedakan.",
				EN: "This parameter is not known. Did you mean " + k + "? Case matters.",
			}}
		}
	}
	list := append([]string(nil), known...)
	sort.Strings(list)
	message := plan.Text{ID: "Parameter ini tidak dikenal; di sini tidak ada parameter.", EN: "This parameter is not known; there are none here."}
	if len(list) > 0 {
		all := strings.Join(list, ", ")
		message = plan.Text{
			ID: "Parameter ini tidak dikenal. Yang dikenal: " + all + ".",
			EN: "This parameter is not known. Known are: " + all + ".",
		}
	}
	return &plan.Error{Kind: plan.Invalid, Code: "unknown-parameter", At: clip(strings.ToValidUTF8(key, "?"), 80), Message: message}
}

// Get returns the value of the parameter and whether it was given.
func (p Params) Get(name string) (string, bool) {
	v, ok := p.values[name]
	return v, ok
}

// Value returns the value of the parameter, "" where it was not given.
func (p Params) Value(name string) string { return p.values[name] }

// Len returns how many parameters were given.
func (p Params) Len() int { return len(p.values) }

// Int returns a parameter that is a whole number in plain digits, at least min;
// a number above max is max. absent is returned where the parameter was not
// given.
func (p Params) Int(name string, absent, minimum, maximum int) (int, error) {
	s, ok := p.values[name]
	if !ok {
		return absent, nil
	}
	n, ok := digits(s)
	if !ok || n < minimum {
		return 0, Invalid(name, plan.Text{
			ID: "Harus bilangan bulat, paling kecil " + itoa(minimum) + ".",
			EN: "Must be a whole number, at least " + itoa(minimum) + ".",
		})
	}
	return min(n, maximum), nil
}

// digits parses decimal digits without sign, saturating far above any limit.
func digits(s string) (int, bool) {
	if s == "" || len(s) > 100 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n < 1<<40 {
			n = n*10 + int(c-'0')
		}
	}
	return n, true
}

// ValidPath reports whether a decoded path has only what paths of the service
// can hold: UTF-8 without control characters.
func ValidPath(path string) bool {
	return utf8.ValidString(path) && !strings.ContainsFunc(path, isControl)
}
