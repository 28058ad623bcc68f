package httpd

import "github.com/go-chi/chi/v5"

// Router lists the routes, so that a test can try every one.
func (s *Server) Router() chi.Routes { return s.router }

// Limits are the default and the maximum of limit, by the name that the API
// definition has for it.
func Limits() map[string][2]int {
	return map[string][2]int{"changesLimit": {changesLimit, maxChangesLimit}, "searchLimit": {searchLimit, maxSearchLimit}}
}
