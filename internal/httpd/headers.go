package httpd

import "net/http"

// The content security policies. Nothing is ever loaded from another host.
const (
	// mapPolicy is for the web map.
	mapPolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; " +
		"connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
	// scriptPolicy is for scripts: a worker obeys the policy of its own file,
	// not that of the page which starts it, and the map's fetches the tiles.
	scriptPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"
	// dataPolicy is for what is not a page: a browser that is led to it runs
	// and loads nothing.
	dataPolicy = "default-src 'none'; frame-ancestors 'none'"
)

// headerSet is a set of headers whose values are shared by all answers:
// net/http reads them and never writes.
type headerSet map[string][]string

func (s headerSet) add(h http.Header) {
	for k, v := range s {
		h[k] = v
	}
}

// dataHeaders go with every answer; a page replaces the policy. Whatever a
// demonstration serves says so, tiles too.
func dataHeaders(demo bool) headerSet {
	s := headerSet{
		"X-Content-Type-Options":       {"nosniff"},
		"Content-Security-Policy":      {dataPolicy},
		"Referrer-Policy":              {"strict-origin-when-cross-origin"},
		"Cross-Origin-Resource-Policy": {"cross-origin"},
	}
	if demo {
		s["Simtaru-Demonstration"] = []string{"true"}
	}
	return s
}

// pageHeaders are the further headers of pages.
func pageHeaders(h http.Header, policy string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// exposed are the response headers that scripts of other sites may read.
const exposed = "Accept-Patch, Accept-Post, Allow, Content-Crs, ETag, Link, Location, Preference-Applied, Retry-After, Simtaru-As-Of, Simtaru-Demonstration, Simtaru-Widened-M, X-Request-Id"

// sharedHeaders are values for the busiest routes, made once.
type sharedHeaders struct{ anyOrigin, exposed, hsts []string }

func newSharedHeaders() sharedHeaders {
	return sharedHeaders{anyOrigin: []string{"*"}, exposed: []string{exposed}, hsts: []string{"max-age=31536000"}}
}
