package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/postgis"
)

// indicators measures a full computation of all of them, how soon one is fresh
// after an edit, and a what-if of 50 features; the first beside PostGIS, which
// computes one figure of them by overlays.
func (b *bench) indicators(ctx context.Context) error {
	if err := b.fullComputation(ctx); err != nil {
		return err
	}
	p, err := b.calm(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	if err := b.freshIndicator(ctx, p); err != nil {
		return err
	}
	return b.whatIf(ctx, p)
}

func (b *bench) fullComputation(ctx context.Context) error {
	store, err := postgis.Open(ctx, postgis.Config{DSN: b.dsn})
	if err != nil {
		return err
	}
	defer store.Close()
	m := mirror.New(store, mirror.Options{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go m.Run(ctx)
	for !m.Status().Ready {
		time.Sleep(10 * time.Millisecond)
	}
	board := indicator.NewBoard(m, indicator.Options{Workers: runtime.GOMAXPROCS(0)})
	start := time.Now()
	go board.Run(ctx)
	for !board.Ready() {
		time.Sleep(time.Millisecond)
	}
	all := time.Since(start)
	start = time.Now()
	if _, err := b.pool.Exec(ctx, `
		select b.kode, st_area(st_union(st_intersection(b.geom, g.geom))::geography) / st_area(b.geom::geography)
		from plan.boundary b join plan.green_space g on g.status = 'existing' and g.ownership = 'public'
		  and g.class like 'RTH-%' and st_intersects(b.geom, g.geom)
		group by b.kode, b.geom`); err != nil {
		return err
	}
	one := time.Since(start)
	fmt.Printf("\nall indicators of 90 gampong, computed in full\nsimtaru %.2f s for all   PostGIS %.2f s for one of them (public green space)   (aim under 30 s)\n", all.Seconds(), one.Seconds())
	return nil
}

// figure asks for one indicator until it says something else than before, and
// returns what identifies what it says.
func figure(ctx context.Context, p *process, before string) (string, error) {
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		status, header, body, err := get(ctx, p.url("/api/v1/indicators/rth_public?by=gampong"), "gzip")
		if err != nil {
			return "", err
		}
		if tag := header.Get("ETag"); status == http.StatusOK && tag != before {
			return tag, nil
		}
		if time.Since(start) > 30*time.Second {
			return "", fmt.Errorf("the indicator is still the old one after 30 s: %d %.200s", status, body)
		}
	}
}

func (b *bench) freshIndicator(ctx context.Context, p *process) error {
	tag, err := figure(ctx, p, "")
	if err != nil {
		return err
	}
	var times sample
	for i := range 100 {
		command, err := b.pool.Exec(ctx, `update plan.green_space set ownership = case ownership when 'public' then 'private' else 'public' end
			where id = (select g.id from plan.green_space g join plan.boundary b on st_contains(b.geom, g.geom)
			  where g.status = 'existing' and g.class like 'RTH-%' order by g.id offset $1 limit 1)`, i*7)
		if err != nil {
			return err
		}
		if command.RowsAffected() != 1 {
			return fmt.Errorf("there is no green space %d", i*7)
		}
		start := time.Now()
		if tag, err = figure(ctx, p, tag); err != nil {
			return err
		}
		times = append(times, time.Since(start))
	}
	fmt.Printf("\ncommit by SQL to fresh indicator, 100 edits\nmedian %.1f ms   p95 %.1f ms   (aim p95 under 1 s)\n", ms(times.median()), ms(times.quantile(0.95)))
	return nil
}

// whatIf supposes 50 parcels all over the city to be parks.
func (b *bench) whatIf(ctx context.Context, p *process) error {
	fmt.Printf("\nwhat-if of 50 parcels made parks, 20 requests   (aim under 500 ms)\n")
	for _, of := range []struct {
		what string
		ids  []string
	}{{"one indicator", []string{"rth_public"}}, {"all indicators", nil}} {
		var times sample
		for i := range 20 {
			edits, err := b.parks(ctx, i)
			if err != nil {
				return err
			}
			request := map[string]any{"edits": edits}
			if of.ids != nil {
				request["indicators"] = of.ids
			}
			took, err := suppose(ctx, p, request)
			if err != nil {
				return err
			}
			times = append(times, took)
		}
		fmt.Printf("%-15s median %.0f ms   p95 %.0f ms\n", of.what, ms(times.median()), ms(times.quantile(0.95)))
	}
	return nil
}

type supposedEdit struct {
	Op         string          `json:"op"`
	Layer      string          `json:"layer"`
	Properties map[string]any  `json:"properties"`
	Geometry   json.RawMessage `json:"geometry"`
}

func (b *bench) parks(ctx context.Context, i int) ([]supposedEdit, error) {
	rows, err := b.pool.Query(ctx, `select st_asgeojson(geom, 7) from plan.parcel where id % 1999 = $1 order by id limit 50`, i)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (supposedEdit, error) {
		var g string
		err := row.Scan(&g)
		return supposedEdit{"create", "green_space", map[string]any{"class": "RTH-4", "ownership": "public", "status": "existing"}, json.RawMessage(g)}, err
	})
}

func suppose(ctx context.Context, p *process, request map[string]any) (time.Duration, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url("/api/v1/indicators/what-if"), bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("what-if answered %s: %.300s", resp.Status, answer)
	}
	return time.Since(start), err
}
