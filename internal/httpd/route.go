package httpd

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/rest"
)

// methods are the handlers of one resource. GET answers HEAD too, and OPTIONS
// is answered for all of them.
type methods map[string]rest.HandlerFunc

// allow lists the methods of the resource, sorted.
func (m methods) allow() []string {
	list := []string{http.MethodOptions}
	for k := range m {
		list = append(list, k)
		if k == http.MethodGet {
			list = append(list, http.MethodHead)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// see is the plan as whoever asks may see it.
func (s *Server) see(r *http.Request) mirror.View { return s.plan.View(rest.ActorOf(r.Context())) }

// route makes pattern answer with m: accounted under the pattern, readable by
// scripts of other sites, compressed, and within the deadline.
func (s *Server) route(r chi.Router, pattern string, m methods) {
	s.mount(r, pattern, rest.Resource{Methods: m}, true)
}

// stream is route without compression and deadline, for answers without end.
func (s *Server) stream(r chi.Router, pattern string, m methods) {
	s.mount(r, pattern, rest.Resource{Methods: m}, false)
}

func (s *Server) mount(r chi.Router, pattern string, res rest.Resource, bounded bool) {
	m := methods(res.Methods)
	allow := m.allow()
	list := strings.Join(allow, ", ")
	if res.MaxBody == 0 {
		res.MaxBody = maxBody
	}
	inner := rest.Handler(s.log, func(w http.ResponseWriter, r *http.Request) error {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		h, ok := m[method]
		switch {
		case ok:
			return h(w, r)
		case method != http.MethodOptions:
			return rest.MethodNotAllowed(r.Method, allow)
		}
		mine, err := res.Allow(w.Header(), r)
		if err == nil {
			options(w, r, strings.Join(mine, ", "))
		}
		return err
	})
	if bounded && !res.Upload {
		inner = s.compress(s.deadline(inner))
	}
	r.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rec := rest.Find(w); rec != nil {
			rec.Route = pattern
		}
		cors(w.Header())
		// A browser asks before a cross-site request, and without the login that
		// it will send: it is told of all methods.
		if r.Method == http.MethodOptions && (res.Allow == nil || preflight(r)) {
			options(w, r, list)
			return
		}
		if r.Body != nil && r.Body != http.NoBody {
			if res.Upload {
				r.Body = s.patient(w, r.Body)
			}
			r.Body = http.MaxBytesReader(w, r.Body, res.MaxBody)
		}
		inner.ServeHTTP(w, r)
	}))
}

// cors lets scripts of any site read what is public anyway. No credentials are
// ever allowed across sites.
func cors(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", exposed)
}

// options tells what a resource can do, to plain clients by Allow (QGIS asks
// so) and to browsers before a cross-site request.
func options(w http.ResponseWriter, r *http.Request, allow string) {
	h := w.Header()
	h.Set("Allow", allow)
	if preflight(r) {
		h.Set("Access-Control-Allow-Methods", allow)
		h.Set("Access-Control-Allow-Headers", "Accept, Accept-Language, Authorization, Content-Type, Content-Crs, Content-Encoding, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, X-CSRF-Token")
		h.Set("Access-Control-Max-Age", "3600")
	}
	w.WriteHeader(http.StatusNoContent)
}

func preflight(r *http.Request) bool { return r.Header.Get("Access-Control-Request-Method") != "" }

// deadline bounds how long h may think.
func (s *Server) deadline(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), s.cfg.Timeout)
		defer cancel()
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}
