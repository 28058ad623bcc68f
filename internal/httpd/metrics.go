package httpd

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/simtaru/simtaru/tiles"
)

// metrics are the figures of the HTTP layer. Labels come from the program,
// never from the client: the route is the pattern that answered, the method
// one of the known ones.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	bytes    *prometheus.CounterVec
	inFlight prometheus.Gauge
	panics   prometheus.Counter
	extracts prometheus.Gauge
	// tiles are resolved once, for the busiest route.
	tiles tileMetrics
}

type tileMetrics struct {
	ok, unchanged prometheus.Counter
	seconds       prometheus.Observer
	bytes         prometheus.Counter
}

const (
	tileRoute = "/tiles"
	noRoute   = "none"
)

func newMetrics(registry *prometheus.Registry) *metrics {
	m := &metrics{
		registry: registry,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "simtaru_http_requests_total", Help: "Requests answered, by route, method and status.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "simtaru_http_request_seconds", Help: "Time to answer a request, by route.",
			Buckets: []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 30},
		}, []string{"route"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "simtaru_http_response_bytes_total", Help: "Bytes of bodies before transfer, by route.",
		}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "simtaru_http_requests_in_flight", Help: "Requests being answered now.",
		}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "simtaru_http_panics_total", Help: "Handlers that panicked: each is a fault of the program.",
		}),
		extracts: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "simtaru_extract_bytes", Help: "Disk that extracts take in the database; NaN where it does not answer.",
		}),
	}
	m.tiles = tileMetrics{
		ok:        m.requests.WithLabelValues(tileRoute, http.MethodGet, "200"),
		unchanged: m.requests.WithLabelValues(tileRoute, http.MethodGet, "304"),
		seconds:   m.seconds.WithLabelValues(tileRoute),
		bytes:     m.bytes.WithLabelValues(tileRoute),
	}
	registry.MustRegister(m.requests, m.seconds, m.bytes, m.inFlight, m.panics)
	return m
}

// registerTiles adds the figures of the tile cache.
func registerTiles(registry *prometheus.Registry, stats func() tiles.CacheStats) {
	counter := func(name, help string, value func(tiles.CacheStats) float64) {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return value(stats()) }))
	}
	counter("simtaru_tile_cache_hits_total", "Tiles answered from the cache.", func(c tiles.CacheStats) float64 { return float64(c.Hits) })
	counter("simtaru_tile_cache_misses_total", "Tiles that had to be drawn.", func(c tiles.CacheStats) float64 { return float64(c.Misses) })
	counter("simtaru_tile_draws_total", "Tiles drawn; one for all who wait for it.", func(c tiles.CacheStats) float64 { return float64(c.Loads) })
	counter("simtaru_tile_draw_failures_total", "Tiles that could not be drawn.", func(c tiles.CacheStats) float64 { return float64(c.Failures) })
	counter("simtaru_tile_draw_seconds_total", "Time spent drawing tiles.", func(c tiles.CacheStats) float64 { return c.LoadTime.Seconds() })
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "simtaru_tile_cache_bytes", Help: "Weight of the tiles held.",
	}, func() float64 { return float64(stats().Bytes) }))
}

// RegisterRuntime adds the figures of the Go runtime and the process.
func RegisterRuntime(registry *prometheus.Registry) {
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
}

// observe accounts for one answer.
func (m *metrics) observe(route, method string, status int, bytes int64, took time.Duration) {
	if route == tileRoute && method == http.MethodGet && (status == http.StatusOK || status == http.StatusNotModified) {
		if status == http.StatusOK {
			m.tiles.ok.Inc()
		} else {
			m.tiles.unchanged.Inc()
		}
		m.tiles.seconds.Observe(took.Seconds())
		m.tiles.bytes.Add(float64(bytes))
		return
	}
	if route == "" {
		route = noRoute
	}
	m.requests.WithLabelValues(route, knownMethod(method), strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
	m.bytes.WithLabelValues(route).Add(float64(bytes))
}

func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}
