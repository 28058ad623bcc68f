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

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/ogc/tileset"
	"github.com/simtaru/simtaru/internal/postgis"
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

// column is one way to get a tile; it returns the tile's size in bytes.
type column struct {
	name  string
	fetch func(ctx context.Context, layer string, id tiles.ID) (int, error)
}

// cold times tiles that nobody has asked for: simtaru without its cache,
// PostGIS with warm buffers, nothing compressed. First what it takes to make
// them, then what a client sees of it over HTTP.
func (b *bench) cold(ctx context.Context) error {
	inside, err := b.inside(ctx)
	if err != nil {
		return err
	}
	makers := []column{
		{"mirror", inside},
		{"ST_AsMVT", func(ctx context.Context, layer string, id tiles.ID) (int, error) {
			tile, err := b.peer.render(ctx, layer, id)
			return len(tile), err
		}},
	}
	if err := b.compare(ctx, "cold tiles, made in memory and by one query", makers); err != nil {
		return err
	}
	p, err := b.calm(ctx, "--tile-cache", "0")
	if err != nil {
		return err
	}
	defer p.stop()
	over := func(url func(layer string, id tiles.ID) string) func(context.Context, string, tiles.ID) (int, error) {
		return func(ctx context.Context, layer string, id tiles.ID) (int, error) {
			status, _, body, err := get(ctx, url(layer, id), "identity")
			if err == nil && status != http.StatusOK && status != http.StatusNoContent {
				err = fmt.Errorf("%s answered %d", url(layer, id), status)
			}
			return len(body), err
		}
	}
	clients := []column{
		{"simtaru", over(func(l string, id tiles.ID) string { return p.url(tilePath(l, id)) })},
		{"ST_AsMVT", over(func(l string, id tiles.ID) string { return b.peer.url + tilePath(l, id) })},
	}
	for _, r := range b.o.against {
		clients = append(clients, column{r.name, over(func(l string, id tiles.ID) string {
			return strings.NewReplacer("{layer}", l, "{z}", fmt.Sprint(id.Z), "{x}", fmt.Sprint(id.X), "{y}", fmt.Sprint(id.Y)).Replace(r.url)
		})})
	}
	return b.compare(ctx, "the same over HTTP", clients)
}

// inside loads the plan into this process and renders tiles from it.
func (b *bench) inside(ctx context.Context) (func(context.Context, string, tiles.ID) (int, error), error) {
	store, err := postgis.Open(ctx, postgis.Config{DSN: b.dsn})
	if err != nil {
		return nil, err
	}
	m := mirror.New(store, mirror.Options{})
	go func() {
		_ = m.Run(ctx) // until the bench ends
		store.Close()
	}()
	for !m.Status().Ready {
		time.Sleep(10 * time.Millisecond)
	}
	service, err := tileset.New(tileset.Config{Program: "bench"}, m, nil)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, layer string, id tiles.ID) (int, error) {
		a, err := service.Get(ctx, tileset.Request{Layers: layer, Z: fmt.Sprint(id.Z), X: fmt.Sprint(id.X), Y: fmt.Sprint(id.Y)})
		return len(a.Body), err
	}, nil
}

// compare prints the times of each column and the ratio of the second to the
// first.
func (b *bench) compare(ctx context.Context, title string, columns []column) error {
	fmt.Printf("\n%s: median of up to %d tiles, best of 3 each\n%-10s %4s %6s %9s", title, perZoom, "layer", "zoom", "tiles", "bytes")
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
			times, bytes, err := race(ctx, columns, layer, ids)
			if err != nil {
				return err
			}
			each := make([]float64, len(ids))
			for i := range ids {
				each[i] = float64(times[1][i]) / float64(times[0][i])
			}
			slices.Sort(each)
			fmt.Printf("%-10s %4d %6d %9d", layer, zoom, len(ids), bytes/len(ids))
			for _, t := range times {
				fmt.Printf(" %9.3f ms", ms(t.median()))
			}
			fmt.Printf(" %7.1fx %7.1fx\n", each[len(each)/2], each[0])
			ratios = append(ratios, each...)
		}
	}
	slices.Sort(ratios)
	fmt.Printf("all %d tiles: median ratio %.1f, lowest %.1f   (aim: median at least 10, none under 4)\n", len(ratios), ratios[len(ratios)/2], ratios[0])
	return nil
}

// race fetches each tile three times in each way, in turn, and returns the
// best time of each, by column, and the bytes of the first column.
func race(ctx context.Context, columns []column, layer string, ids []tiles.ID) ([]sample, int, error) {
	times := make([]sample, len(columns))
	var bytes int
	for _, id := range ids {
		best := make(sample, len(columns))
		for try := range 3 {
			for i, c := range columns {
				start := time.Now()
				n, err := c.fetch(ctx, layer, id)
				took := time.Since(start)
				if err != nil {
					return nil, 0, fmt.Errorf("%s: %w", c.name, err)
				}
				if try == 0 || took < best[i] {
					best[i] = took
				}
				if try == 0 && i == 0 {
					bytes += n
				}
			}
		}
		for i := range columns {
			times[i] = append(times[i], best[i])
		}
	}
	return times, bytes, nil
}

// warm compares tiles a second from the cache with a bare net/http server that
// sends the same bytes, in turn, three times each.
func (b *bench) warm(ctx context.Context) error {
	p, err := b.calm(ctx)
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
