package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// zoning asks 3,000 random places of the plan's box what may be built there,
// one after another, beside PostGIS, which only finds the zone.
func (b *bench) zoning(ctx context.Context) error {
	p, err := b.calm(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	var west, south, east, north float64
	if err := b.pool.QueryRow(ctx, "select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(geom)::geometry e from plan.zoning) x").
		Scan(&west, &south, &east, &north); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 5))
	var answers, zones sample
	for i := range 3100 {
		lon, lat := west+r.Float64()*(east-west), south+r.Float64()*(north-south)
		start := time.Now()
		status, _, body, err := get(ctx, p.url(fmt.Sprintf("/api/v1/zoning/at?lon=%.6f&lat=%.6f&plot_m2=200", lon, lat)), "gzip")
		if err != nil {
			return err
		}
		took := time.Since(start)
		if status != http.StatusOK {
			return fmt.Errorf("a point is answered with %d: %.200s", status, body)
		}
		start = time.Now()
		var found int
		if err := b.pool.QueryRow(ctx, "select count(*) from plan.zoning where st_intersects(geom, st_setsrid(st_makepoint($1, $2), 4326))", lon, lat).Scan(&found); err != nil {
			return err
		}
		if i >= 100 { // the first ones warm up
			answers, zones = append(answers, took), append(zones, time.Since(start))
		}
	}
	fmt.Printf("\nwhat may be built at a point, 3,000 places over HTTP\n")
	fmt.Printf("simtaru p50 %.2f ms p99 %.2f ms   PostGIS, the zone alone: p50 %.2f ms p99 %.2f ms   (aim p99 under 5 ms)\n",
		ms(answers.median()), ms(answers.quantile(0.99)), ms(zones.median()), ms(zones.quantile(0.99)))
	return nil
}
