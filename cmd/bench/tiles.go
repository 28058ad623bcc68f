package main

import (
	"context"
	"encoding/gob"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/tiles"
)

var (
	tileLayers = []string{"parcel", "zoning", "building"}
	tileZooms  = []int{12, 13, 14, 15, 16}
)

// perZoom bounds the tiles that are timed at one zoom.
const perZoom = 40

// sampleTiles returns up to perZoom tiles of the layer that are not empty,
// spread over its extent.
func (b *bench) sampleTiles(ctx context.Context, layer string, zoom int) ([]tiles.ID, error) {
	var box orb.Bound
	err := b.pool.QueryRow(ctx, `select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(geom) e from plan.`+layer+`) x`).
		Scan(&box.Min[0], &box.Min[1], &box.Max[0], &box.Max[1])
	if err != nil {
		return nil, err
	}
	var full []tiles.ID
	for id := range tiles.Cover(box, uint8(zoom)) {
		var found bool
		t := id.Bound()
		err := b.pool.QueryRow(ctx, `select exists(select from plan.`+layer+` where geom && st_makeenvelope($1,$2,$3,$4,4326))`,
			t.Min[0], t.Min[1], t.Max[0], t.Max[1]).Scan(&found)
		if err != nil {
			return nil, err
		}
		if found {
			full = append(full, id)
		}
	}
	if len(full) <= perZoom {
		return full, nil
	}
	spread := make([]tiles.ID, perZoom)
	for i := range spread {
		spread[i] = full[i*len(full)/perZoom]
	}
	return spread, nil
}

// cold times tiles that nobody has asked for, over HTTP, without compression
// on either side: simtaru without its cache, PostGIS with warm buffers.
func (b *bench) cold(ctx context.Context) error {
	p, err := b.serve(ctx, "--tile-cache", "0")
	if err != nil {
		return err
	}
	defer p.stop()
	type column struct {
		name string
		url  func(layer string, id tiles.ID) string
	}
	columns := []column{
		{"simtaru", func(l string, id tiles.ID) string { return p.url(tilePath(l, id)) }},
		{"ST_AsMVT", func(l string, id tiles.ID) string { return b.peer.url + tilePath(l, id) }},
	}
	for _, r := range b.o.against {
		columns = append(columns, column{r.name, func(l string, id tiles.ID) string {
			return strings.NewReplacer("{layer}", l, "{z}", fmt.Sprint(id.Z), "{x}", fmt.Sprint(id.X), "{y}", fmt.Sprint(id.Y)).Replace(r.url)
		}})
	}
	fmt.Printf("\ncold tiles over HTTP: median of up to %d tiles, best of 3 each\n%-10s %4s %6s %9s", perZoom, "layer", "zoom", "tiles", "bytes")
	for _, c := range columns {
		fmt.Printf(" %12s", c.name)
	}
	fmt.Printf(" %8s %8s\n", "ratio", "lowest")
	var ratios []float64
	for _, layer := range tileLayers {
		for _, zoom := range tileZooms {
			ids, err := b.sampleTiles(ctx, layer, zoom)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				return fmt.Errorf("%s has no tile at zoom %d", layer, zoom)
			}
			times := make([]sample, len(columns))
			var bytes int
			var each []float64
			for _, id := range ids {
				for i, c := range columns {
					best := time.Duration(1 << 62)
					for range 3 {
						start := time.Now()
						status, _, body, err := get(ctx, c.url(layer, id), "identity")
						if err != nil {
							return err
						}
						best = min(best, time.Since(start))
						if status != http.StatusOK && status != http.StatusNoContent {
							return fmt.Errorf("%s: %s answered %d", c.name, c.url(layer, id), status)
						}
						if i == 0 {
							bytes += len(body)
						}
					}
					times[i] = append(times[i], best)
				}
				each = append(each, float64(times[1][len(times[1])-1])/float64(times[0][len(times[0])-1]))
			}
			fmt.Printf("%-10s %4d %6d %9d", layer, zoom, len(ids), bytes/3/len(ids))
			for _, t := range times {
				fmt.Printf(" %9.2f ms", ms(t.median()))
			}
			slices.Sort(each)
			fmt.Printf(" %7.1fx %7.1fx\n", each[len(each)/2], each[0])
			ratios = append(ratios, each...)
		}
	}
	slices.Sort(ratios)
	fmt.Printf("all %d tiles: median ratio %.1f, lowest %.1f   (aim: median at least 10, none under 4)\n", len(ratios), ratios[len(ratios)/2], ratios[0])
	return nil
}

// warm compares tiles a second from the cache with a bare net/http server that
// sends the same bytes, in turn, three times each.
func (b *bench) warm(ctx context.Context) error {
	p, err := b.serve(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	recorded := struct {
		Addr    string
		Answers map[string]answer
	}{Answers: map[string]answer{}}
	if recorded.Addr, err = freeAddr(); err != nil {
		return err
	}
	var paths []string
	for _, layer := range tileLayers {
		ids, err := b.sampleTiles(ctx, layer, 15)
		if err != nil {
			return err
		}
		for _, id := range ids {
			path := tilePath(layer, id)
			status, header, body, err := get(ctx, p.url(path), "gzip")
			if err != nil {
				return err
			}
			if status == http.StatusOK {
				paths = append(paths, path)
				recorded.Answers[path] = answer{Header: header, Body: body}
			}
		}
	}
	file := filepath.Join(os.TempDir(), fmt.Sprintf("simtaru-bench-%d.gob", os.Getpid()))
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	if err := gob.NewEncoder(f).Encode(recorded); err != nil {
		return err
	}
	f.Close()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	bare, err := launch(ctx, recorded.Addr, (&url.URL{Path: paths[0]}).EscapedPath(), nil, self, "-bare", file)
	if err != nil {
		return err
	}
	defer bare.stop()
	var ours, theirs, ratio []float64
	for range 3 {
		a, err := throughput(ctx, p.addr, paths, 32, 4*time.Second)
		if err != nil {
			return err
		}
		z, err := throughput(ctx, bare.addr, paths, 32, 4*time.Second)
		if err != nil {
			return err
		}
		ours, theirs, ratio = append(ours, a), append(theirs, z), append(ratio, a/z)
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	slices.Sort(ratio)
	fmt.Printf("\nwarm tiles, 32 connections, %d tiles, median of 3\n", len(paths))
	fmt.Printf("simtaru %.0f/s   bare net/http %.0f/s   %.0f %%   (aim at least 80 %%)\n", ours[1], theirs[1], 100*ratio[1])
	return nil
}

func tilePath(layer string, id tiles.ID) string {
	return fmt.Sprintf("/tiles/%s/%d/%d/%d", layer, id.Z, id.X, id.Y)
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }
