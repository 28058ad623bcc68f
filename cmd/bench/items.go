package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// items times one page of 10,000 parcels as GeoJSON over HTTP, uncompressed,
// against ST_AsGeoJSON over net/http.
func (b *bench) items(ctx context.Context) error {
	p, err := b.calm(ctx)
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
			n, err := drain(ctx, u)
			if err != nil {
				return err
			}
			times[i] = append(times[i], time.Since(start))
			size[i] = int(n)
		}
	}
	fmt.Printf("\n10,000 parcels as GeoJSON over HTTP, median of 11\n")
	fmt.Printf("simtaru %.1f ms (%d kB)   ST_AsGeoJSON %.1f ms (%d kB)   ratio %.1f   (aim at least 10)\n",
		ms(times[0].median()), size[0]/1000, ms(times[1].median()), size[1]/1000, float64(times[1].median())/float64(times[0].median()))
	return nil
}

// drain reads an answer to its end without keeping it, so that the client's
// own memory is not what is measured.
func drain(ctx context.Context, url string) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s answered %d", url, resp.StatusCode)
	}
	return io.Copy(io.Discard, resp.Body)
}

// fresh times 200 edits by SQL from the return of COMMIT to the first answer
// that carries the new tile.
func (b *bench) fresh(ctx context.Context) error {
	p, err := b.calm(ctx)
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
