package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/simtaru/simtaru/internal/postgis/cluster"
)

// bench is what the sections share.
type bench struct {
	o    options
	dsn  string
	pool *pgxpool.Pool
	pg   *cluster.Cluster
	// peer answers with what PostGIS computes, over net/http.
	peer *peer
}

func run(ctx context.Context, o options) error {
	dir := o.dir
	if dir == "" {
		tmp, err := os.MkdirTemp("", "simtaru-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		if err := os.Chmod(tmp, 0o755); err != nil {
			return err
		}
		dir = tmp
	}
	pg, err := cluster.Start(ctx, cluster.Config{Dir: filepath.Join(dir, "postgres")})
	if err != nil {
		return err
	}
	defer func() { _ = pg.Stop(context.WithoutCancel(ctx)) }()
	dsn, err := pg.Database(ctx, "simtaru")
	if err != nil {
		return err
	}
	b := &bench{o: o, dsn: dsn, pg: pg}
	if err := b.fill(ctx); err != nil {
		return err
	}
	if b.pool, err = pgxpool.New(ctx, b.dsn); err != nil {
		return err
	}
	defer b.pool.Close()
	if b.peer, err = newPeer(ctx, b.pool); err != nil {
		return err
	}
	defer b.peer.close()

	sections := []struct {
		name string
		run  func(context.Context) error
	}{
		{"start", b.start}, {"cold", b.cold}, {"warm", b.warm}, {"items", b.items}, {"fresh", b.fresh}, {"editors", b.editors}, {"indicators", b.indicators}, {"zoning", b.zoning}, {"evacuation", b.evacuation}, {"extract", b.extract}, {"routing", b.routing}, {"plan", b.plan},
	}
	for _, s := range sections {
		if strings.Contains(","+o.skip+",", ","+s.name+",") {
			continue
		}
		if err := s.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// fill makes the demonstration city, unless the directory holds one already,
// and checks its topology, which the server would otherwise do in the
// background while it is measured.
func (b *bench) fill(ctx context.Context) error {
	for _, args := range [][]string{{"migrate"}, {"demo", "--scale", fmt.Sprint(b.o.scale)}, {"layer", "check"}} {
		start := time.Now()
		cmd := exec.CommandContext(ctx, b.o.program, args...)
		cmd.Env = append(os.Environ(), "DATABASE_URL="+b.dsn)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("simtaru %s: %w\n%s", strings.Join(args, " "), err, out)
		}
		fmt.Printf("  simtaru %-20s %8.1f s\n", strings.Join(args, " "), time.Since(start).Seconds())
	}
	return nil
}

// serve starts simtaru on the bench's database.
func (b *bench) serve(ctx context.Context, args ...string) (*process, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	args = append([]string{"serve", "--listen", addr, "--log-level", "warn"}, args...)
	return launch(ctx, addr, "/readyz", []string{"DATABASE_URL=" + b.dsn}, b.o.program, args...)
}

// calm starts simtaru and waits until it has computed the indicators too, so
// that what is measured next has the machine for itself.
func (b *bench) calm(ctx context.Context, args ...string) (*process, error) {
	p, err := b.serve(ctx, args...)
	if err != nil {
		return nil, err
	}
	if _, err := figure(ctx, p, ""); err != nil {
		p.stop()
		return nil, err
	}
	time.Sleep(2 * time.Second) // the day's values are recorded meanwhile
	return p, nil
}

// start measures three starts from the program's first instruction to the
// first 200 of /readyz, and the memory then.
func (b *bench) start(ctx context.Context) error {
	var times sample
	var resident float64
	for range 3 {
		p, err := b.serve(ctx)
		if err != nil {
			return err
		}
		times = append(times, p.ready)
		if resident, err = p.residentMB(); err != nil {
			return err
		}
		p.stop()
	}
	fmt.Printf("\nstart to ready            median %.2f s of 3   (aim under 5 s)\n", times.median().Seconds())
	fmt.Printf("resident after start      %.0f MB              (aim under 700 MB)\n", resident)
	return nil
}
