package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/tiles"
)

const (
	editorLayer    = "zoning"
	editorPassword = "kata sandi untuk mengukur"
	overHTTP       = 8
	overSQL        = 4
)

// editor changes one zone after another, all of them its own, and waits until
// the tile over each is another one.
type editor struct {
	bench  *bench
	server *process
	name   string
	work   []placed
	sql    *pgx.Conn // nil: over HTTP
	times  sample
}

// placed is a feature and a tile that shows it.
type placed struct {
	id   int64
	tile tiles.ID
}

// editors measures reads while nobody edits, then with 12 editors at work, once
// at the pace of busy people and once without a pause, and how soon an edit
// shows in its tile.
func (b *bench) editors(ctx context.Context) error {
	p, err := b.calm(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	team, err := b.team(ctx, p)
	if err != nil {
		return err
	}
	defer func() {
		for _, e := range team {
			if e.sql != nil {
				_ = e.sql.Close(ctx)
			}
		}
	}()
	ids, err := b.sampleTiles(ctx, editorLayer, 15)
	if err != nil {
		return err
	}
	paths := make([]string, len(ids))
	for i, id := range ids {
		paths[i] = tilePath(editorLayer, id)
	}
	var logins sample
	for _, e := range team[:overHTTP] {
		start := time.Now()
		if err := e.edit(ctx, e.work[0].id, e.name); err != nil {
			return err
		}
		logins = append(logins, time.Since(start))
	}
	const span = 16 * time.Second
	if _, err := throughput(ctx, p.addr, paths, 4, time.Second); err != nil { // warm
		return err
	}
	idle, err := throughput(ctx, p.addr, paths, 4, span)
	if err != nil {
		return err
	}
	fmt.Printf("\n%d editors over HTTP and %d over SQL on %s, tiles read over 4 connections\n", overHTTP, overSQL, editorLayer)
	fmt.Printf("first edit of a login      median %.0f ms: its password is checked by argon2id, and remembered\n", ms(logins.median()))
	fmt.Printf("nobody edits              %8.0f tiles/s\n", idle)
	for _, pause := range []time.Duration{time.Second, 0} {
		work, stop := context.WithTimeout(ctx, span)
		var wg sync.WaitGroup
		failed := make(chan error, len(team))
		for i, e := range team {
			e.times = nil
			wg.Go(func() {
				time.Sleep(pause * time.Duration(i) / time.Duration(len(team))) // people do not act in step
				if err := e.run(work, pause); err != nil && work.Err() == nil {
					failed <- err
				}
			})
		}
		busy, err := throughput(ctx, p.addr, paths, 4, span)
		stop()
		wg.Wait()
		close(failed)
		if err := errors.Join(err, <-failed); err != nil {
			return err
		}
		var all sample
		for _, e := range team {
			all = append(all, e.times...)
		}
		pace, aim := "an edit a second each", "   (aim at least 80 %, p99 under 100 ms)"
		if pause == 0 {
			pace, aim = "edits without a pause", ""
		}
		fmt.Printf("%s     %8.0f tiles/s, %3.0f %% of idle   %5.1f edits/s, commit to new tile: median %.1f ms, p99 %.1f ms%s\n",
			pace, busy, 100*busy/idle, float64(len(all))/span.Seconds(), ms(all.median()), ms(all.quantile(0.99)), aim)
	}
	return nil
}

// team makes the editors, each with a login and zones of its own.
func (b *bench) team(ctx context.Context, p *process) ([]*editor, error) {
	rows, err := b.pool.Query(ctx, `select id, st_x(c), st_y(c) from (
		select id, st_pointonsurface(geom) c from plan.`+editorLayer+` order by id limit 1200) z`)
	if err != nil {
		return nil, err
	}
	var zones []placed
	var id int64
	var lon, lat float64
	if _, err := pgx.ForEachRow(rows, []any{&id, &lon, &lat}, func() error {
		for tile := range tiles.Cover(orb.Point{lon, lat}.Bound(), 15) {
			zones = append(zones, placed{id, tile})
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var team []*editor
	for i := range overHTTP + overSQL {
		e := &editor{bench: b, server: p, name: fmt.Sprintf("pengukur%d", i+1)}
		for j := i; j < len(zones); j += overHTTP + overSQL {
			e.work = append(e.work, zones[j])
		}
		if err := b.person(ctx, e.name); err != nil {
			return nil, err
		}
		if i >= overHTTP {
			if e.sql, err = pgx.Connect(ctx, fmt.Sprintf("host=127.0.0.1 port=%d dbname=simtaru user=%s password='%s' sslmode=disable", b.pg.Port(), e.name, editorPassword)); err != nil {
				return nil, err
			}
		}
		team = append(team, e)
	}
	return team, nil
}

// person makes a planner, or gives the one that a run before has made the
// password again.
func (b *bench) person(ctx context.Context, name string) error {
	var out []byte
	for _, args := range [][]string{{"user", "add", name, "--role", "planner"}, {"user", "passwd", name}} {
		cmd := exec.CommandContext(ctx, b.o.program, append(args, "--password-stdin")...)
		cmd.Env = append(os.Environ(), "DATABASE_URL="+b.dsn)
		cmd.Stdin = strings.NewReader(editorPassword + "\n")
		var err error
		if out, err = cmd.CombinedOutput(); err == nil {
			return nil
		}
	}
	return fmt.Errorf("make the planner %s: %s", name, out)
}

// run edits until ctx ends.
func (e *editor) run(ctx context.Context, pause time.Duration) error {
	for i := 0; ; i++ {
		z := e.work[i%len(e.work)]
		u := e.server.url(tilePath(editorLayer, z.tile))
		_, header, _, err := get(ctx, u, "gzip")
		if err != nil {
			return err
		}
		before := header.Get("ETag")
		// The answer to an HTTP edit comes after the commit, and when the tile is
		// new already: all of the request counts.
		start := time.Now()
		if err := e.edit(ctx, z.id, fmt.Sprintf("%s %d", e.name, i)); err != nil {
			return err
		}
		if e.sql != nil {
			start = time.Now()
		}
		for {
			if _, header, _, err = get(ctx, u, "gzip"); err != nil {
				return err
			}
			if header.Get("ETag") != before {
				break
			}
			time.Sleep(time.Millisecond)
		}
		e.times = append(e.times, time.Since(start))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// edit returns when the edit is committed.
func (e *editor) edit(ctx context.Context, id int64, remark string) error {
	if e.sql != nil {
		_, err := e.sql.Exec(ctx, "update plan."+editorLayer+" set remark = $1 where id = $2", remark, id)
		return err
	}
	u := e.server.url(fmt.Sprintf("/ogc/collections/%s/items/%d", editorLayer, id))
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, u, strings.NewReader(fmt.Sprintf(`{"properties":{"remark":%q}}`, remark)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/merge-patch+json")
	req.SetBasicAuth(e.name, editorPassword)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s answered %s", u, resp.Status)
	}
	return nil
}
