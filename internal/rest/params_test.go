package rest

import (
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

func TestParamsAreReadStrictly(t *testing.T) {
	known := []string{"bbox", "limit", "datetime", "f"}
	tests := []struct{ query, at, code string }{
		{"", "", ""},
		{"bbox=1,2,3,4&limit=5", "", ""},
		{"bbox=1%2C2%2C3%2C4&&limit=5", "", ""},
		{"limit=", "", ""},
		{"colour=red", "colour", "unknown-parameter"},
		{"Limit=5", "Limit", "unknown-parameter"},
		{"BBOX=1,2,3,4", "BBOX", "unknown-parameter"},
		{"limit=5&limit=5", "limit", "invalid-parameter"},
		{"limit=5&%6cimit=6", "limit", "invalid-parameter"},
		{"f=%00", "f", "invalid-parameter"},
		{"f=%ff", "f", "invalid-parameter"},
		{"f=%zz", "f", "invalid-parameter"},
		{"f=a%0d%0ab", "f", "invalid-parameter"},
		{"%ff=1", "", "invalid-parameter"},
		{strings.Repeat("a=1&", 101), "a", "unknown-parameter"},
		{"=1", "", "unknown-parameter"},
	}
	for _, tt := range tests {
		_, err := ParseQuery(tt.query, known...)
		var pe *plan.Error
		if tt.code == "" {
			if err != nil {
				t.Errorf("%q: %v", tt.query, err)
			}
			continue
		}
		if !errors.As(err, &pe) || pe.At != tt.at || pe.Code != tt.code || pe.Kind != plan.Invalid {
			t.Errorf("%q: got %+v, want code %s at %q", tt.query, err, tt.code, tt.at)
		}
	}
}

func TestParamsUnknownSaysWhatIsMeant(t *testing.T) {
	_, err := ParseQuery("Limit=3", []string{"limit"}...)
	if err == nil || !strings.Contains(err.Error(), "limit?") {
		t.Errorf("got %v", err)
	}
}

func TestParamsInt(t *testing.T) {
	tests := []struct {
		value string
		want  int
		ok    bool
	}{
		{"1", 1, true},
		{"007", 7, true},
		{"10000", 10000, true},
		{"10001", 10000, true},
		{strings.Repeat("9", 80), 10000, true},
		{"0", 0, false},
		{"-1", 0, false},
		{"+1", 0, false},
		{"1e3", 0, false},
		{"unlimited", 0, false},
		{"1.5", 0, false},
		{"", 0, false},
		{"٣", 0, false},
		{"0x10", 0, false},
		{" 1", 0, false},
		{strings.Repeat("9", 101), 0, false},
	}
	for _, tt := range tests {
		p, err := ParseQuery("limit="+url.QueryEscape(tt.value), []string{"limit"}...)
		if err != nil {
			t.Fatal(err)
		}
		n, err := p.Int("limit", 100, 1, 10000)
		if (err == nil) != tt.ok || n != tt.want {
			t.Errorf("limit=%q: %d, %v", tt.value, n, err)
		}
	}
	if n, err := (Params{}).Int("limit", 100, 1, 10000); n != 100 || err != nil {
		t.Errorf("absent: %d, %v", n, err)
	}
}

func FuzzParams(f *testing.F) {
	for _, s := range []string{"", "limit=1", "limit=1&limit=2", "Limit=1", "f=%00", "bbox=1,2&&f==", "a%3Db=%F0%9F%99%82", "f=%"} {
		f.Add(s)
	}
	known := []string{"bbox", "limit", "f"}
	f.Fuzz(func(t *testing.T, query string) {
		p, err := ParseQuery(query, known...)
		if err != nil {
			var pe *plan.Error
			if !errors.As(err, &pe) || pe.Kind != plan.Invalid {
				t.Fatalf("%q: %v is not the client's error", query, err)
			}
			return
		}
		// What is accepted is what the standard library reads, where it reads it.
		if std, err := url.ParseQuery(query); err == nil {
			for k, v := range std {
				if got, ok := p.Get(k); !ok || len(v) != 1 || got != v[0] {
					t.Fatalf("%q: %s is %q, net/url has %q", query, k, got, v)
				}
			}
		}
		for k, v := range p.values {
			if !contains(known, k) || !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				t.Fatalf("%q: took %q=%q", query, k, v)
			}
		}
	})
}

func TestLanguage(t *testing.T) {
	tests := []struct {
		header string
		want   plan.Lang
	}{
		{"", plan.Indonesian},
		{"en", plan.English},
		{"en-GB,en;q=0.8", plan.English},
		{"id,en;q=0.8", plan.Indonesian},
		{"en;q=0.5,id;q=0.9", plan.Indonesian},
		{"de,en;q=0.3", plan.English},
		{"de", plan.Indonesian},
		{"ms-MY,en;q=0.9", plan.Indonesian},
		{"en;q=0,id", plan.Indonesian},
		{"*", plan.Indonesian},
		{"in", plan.Indonesian},
		{";;;=", plan.Indonesian},
		{strings.Repeat("en,", 500), plan.Indonesian},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", tt.header)
		if got := Language(r); got != tt.want {
			t.Errorf("%.40q: %s, want %s", tt.header, got, tt.want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	geojson := Media{Name: "json", Type: "application/geo+json", Also: []string{"application/json"}}
	tests := []struct{ accept, f, want, code string }{
		{"", "", "json", ""},
		{"*/*", "", "json", ""},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "html", ""},
		{"application/json", "", "json", ""},
		{"application/geo+json, application/json;q=0.5", "", "json", ""},
		{"application/geo+json;charset=utf-8", "", "json", ""},
		{"text/*;q=0.9, application/json;q=0.1", "", "html", ""},
		{"text/html;q=0, */*", "", "json", ""},
		{"application/geo+json;q=0, */*", "", "html", ""},
		{"application/xml", "", "", "not-acceptable"},
		{"*/*;q=0", "", "", "not-acceptable"},
		{"image/png, text/csv;q=0.5", "", "", "not-acceptable"},
		{"nonsense", "", "json", ""},
		{"text/html", "json", "json", ""},
		{"application/xml", "html", "html", ""},
		{"", "text/html", "html", ""},
		{"", "xml", "", "invalid-parameter"},
		{"", "JSON", "", "invalid-parameter"},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		if tt.accept != "" {
			r.Header.Set("Accept", tt.accept)
		}
		got, err := Negotiate(r, tt.f, geojson, HTML())
		var pe *plan.Error
		code := ""
		if errors.As(err, &pe) {
			code = pe.Code
		}
		if got.Name != tt.want || code != tt.code {
			t.Errorf("Accept %q f=%q: %q, %v", tt.accept, tt.f, got.Name, err)
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	tests := map[string]bool{
		"": false, "gzip": true, "gzip, deflate, br": true, "deflate": false, "gzip;q=0": false, "gzip; q=0.0": false,
		"GZIP": true, "*": true, "*;q=0": false, "identity, gzip;q=0.1": true, "gzip;q=0, *": false, "br, *;q=0.5": true,
		"gzip;q=x": false,
	}
	for header, want := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		if header != "" {
			r.Header.Set("Accept-Encoding", header)
		}
		if got := AcceptsGzip(r.Header); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}
