package evac

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Register adds the figures of the board.
func (b *Board) Register(r *prometheus.Registry) {
	gauge := func(name, help string, value func(*City) float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			if c := b.city.Load(); c != nil {
				return value(c)
			}
			return 0
		}))
	}
	gauge("simtaru_evacuation_age_seconds", "Time since what evacuation answers are made from last agreed with the database.", func(c *City) float64 { return time.Since(c.AsOf).Seconds() })
	gauge("simtaru_evacuation_update_seconds", "Time that the last update of roads, closures, shelters or hazards took.", func(*City) float64 { return b.Took().Seconds() })
	gauge("simtaru_evacuation_edges", "Edges of the road network.", func(c *City) float64 { return float64(len(c.net.Edges)) })
	gauge("simtaru_evacuation_shelters", "Shelters that are known.", func(c *City) float64 { return float64(len(c.shelters)) })
	gauge("simtaru_evacuation_closures", "Closures that hold now.", func(c *City) float64 {
		n := 0
		for i := range c.closures {
			if c.closures[i].holds(time.Now()) {
				n++
			}
		}
		return float64(n)
	})
}
