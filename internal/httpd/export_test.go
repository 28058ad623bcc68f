package httpd

import "github.com/go-chi/chi/v5"

// Router lists the routes, so that a test can try every one.
func (s *Server) Router() chi.Routes { return s.router }
