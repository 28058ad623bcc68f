package httpd

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// live says that the process answers; nothing else is looked at, since a
// restart would not help where the database is away.
func (s *Server) live(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	return rest.WriteJSON(w, r, rest.Body{Cache: "no-store"}, map[string]string{"status": "ok"})
}

// readiness says whether requests should be sent here.
type readiness struct {
	Status string `json:"status"`
	statusBody
	Layers   int `json:"layers"`
	Features int `json:"features"`
}

// ready is 200 once the plan is in memory, the database being away or not: the
// map goes on from memory. It is 503 before, and while the server stops.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	st := s.plan.Status()
	if s.stopping.Load() {
		return &plan.Error{Kind: plan.Unavailable, Code: "stopping", Message: plan.Text{
			ID: "Layanan sedang dihentikan.", EN: "The service is stopping.",
		}}
	}
	if !st.Ready {
		return rest.Starting()
	}
	body := readiness{Status: "ok", statusBody: statusOf(st)}
	if st.Err != nil || st.Stale {
		body.Status = "degraded"
	}
	// Counted is what the public sees, whoever asks: probes have no login, and
	// a figure must not tell how much else there is.
	v := s.plan.View(plan.Actor{})
	for _, l := range v.Layers() {
		if snap, ok := v.Snapshot(l.ID); ok {
			body.Layers++
			body.Features += snap.Len()
		}
	}
	return rest.WriteJSON(w, r, rest.Body{Cache: "no-store"}, body)
}

// showMetrics is the registry in the text format of Prometheus.
func (s *Server) showMetrics() rest.HandlerFunc {
	h := promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{DisableCompression: true, MaxRequestsInFlight: 4})
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := rest.ParseParams(r); err != nil {
			return err
		}
		if s.extracts != nil {
			s.metrics.extracts.Set(s.extracts.Disk(r.Context()))
		}
		w.Header().Set("Cache-Control", "no-store")
		h.ServeHTTP(w, r)
		return nil
	}
}
