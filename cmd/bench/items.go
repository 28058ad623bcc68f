package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// items times one page of 10,000 parcels as GeoJSON over HTTP, uncompressed,
// against ST_AsGeoJSON over net/http.
func (b *bench) items(ctx context.Context) error {
	p, err := b.serve(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	urls := []string{p.url("/ogc/collections/parcel/items?limit=10000&f=json"), b.peer.url + "/items/parcel"}
	var times [2]sample
	var size [2]int
	for range 11 {
		for i, u := range urls {
			start := time.Now()
			status, _, body, err := get(ctx, u, "identity")
			if err != nil {
				return err
			}
			if status != http.StatusOK {
				return fmt.Errorf("%s answered %d: %.300s", u, status, body)
			}
			times[i] = append(times[i], time.Since(start))
			size[i] = len(body)
		}
	}
	fmt.Printf("\n10,000 parcels as GeoJSON over HTTP, median of 11\n")
	fmt.Printf("simtaru %.1f ms (%d kB)   ST_AsGeoJSON %.1f ms (%d kB)   ratio %.1f   (aim at least 10)\n",
		ms(times[0].median()), size[0]/1000, ms(times[1].median()), size[1]/1000, float64(times[1].median())/float64(times[0].median()))
	return nil
}

// fresh times 200 edits by SQL from the return of COMMIT to the first answer
// that carries the new tile.
func (b *bench) fresh(ctx context.Context) error {
	p, err := b.serve(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	const layer = "zoning"
	ids, err := b.sampleTiles(ctx, layer, 15)
	if err != nil {
		return err
	}
	var times sample
	for i := range 200 {
		id := ids[i%len(ids)]
		u := p.url(tilePath(layer, id))
		_, header, _, err := get(ctx, u, "gzip")
		if err != nil {
			return err
		}
		before := header.Get("ETag")
		t := id.Bound()
		tag, err := b.pool.Exec(ctx, `update plan.zoning set remark = $5 where id = (
			select id from plan.zoning where geom && st_makeenvelope($1,$2,$3,$4,4326) order by id limit 1)`,
			t.Min[0], t.Min[1], t.Max[0], t.Max[1], fmt.Sprint("edit ", i))
		if err != nil {
			return err
		}
		if tag.RowsAffected() != 1 {
			return fmt.Errorf("tile %v holds no zone", id)
		}
		start := time.Now()
		for {
			_, header, _, err = get(ctx, u, "gzip")
			if err != nil {
				return err
			}
			if header.Get("ETag") != before {
				break
			}
			if time.Since(start) > 30*time.Second {
				return fmt.Errorf("the tile %v is still the old one after 30 s", id)
			}
			time.Sleep(200 * time.Microsecond)
		}
		times = append(times, time.Since(start))
	}
	fmt.Printf("\ncommit by SQL to new tile served, 200 edits\nmedian %.1f ms   p99 %.1f ms   (aim p99 under 100 ms)\n", ms(times.median()), ms(times.quantile(0.99)))
	resident, err := p.residentMB()
	if err != nil {
		return err
	}
	fmt.Printf("resident after that       %.0f MB\n", resident)
	return nil
}
