package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// extract has extracts made of random parcels and of drawn land of some 0.8 km2,
// one after another, prints them and compares them with the plan, each for the
// first time and as from another address, since addresses have a pace. Beside it
// PostGIS computes the shares of zones alone.
func (b *bench) extract(ctx context.Context) error {
	p, err := b.calm(ctx, "--trusted-proxy", "127.0.0.1/32")
	if err != nil {
		return err
	}
	defer p.stop()
	var parcels int64
	var west, south, east, north float64
	if err := b.pool.QueryRow(ctx, "select n, st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select max(id) n, st_extent(geom)::geometry e from plan.parcel) x").
		Scan(&parcels, &west, &south, &east, &north); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 6))
	var made, drawn, compared, zones sample
	var printed [2]sample // of parcels, of drawn land
	var ids []string
	var size int
	for range 420 {
		id := 1 + r.Int64N(parcels)
		took, at, n, err := b.ask(ctx, p, fmt.Sprintf(`{"parcel": %d}`, id))
		if err != nil {
			return err
		}
		start := time.Now()
		if _, err := b.pool.Exec(ctx, `select st_area(st_intersection(z.geom, p.geom)::geography) from plan.parcel p join plan.zoning z on st_intersects(z.geom, p.geom) where p.id = $1`, id); err != nil {
			return err
		}
		made, zones, ids, size = append(made, took), append(zones, time.Since(start)), append(ids, at), size+n
	}
	const side = 0.008 // degrees, 0.8 km2
	for range 60 {
		x, y := west+r.Float64()*(east-west-side), south+r.Float64()*(north-south-side)
		ring := fmt.Sprintf("[[%.7f,%.7f],[%.7f,%.7f],[%.7f,%.7f],[%.7f,%.7f],[%.7f,%.7f]]", x, y, x+side, y, x+side, y+side, x, y+side, x, y)
		took, at, _, err := b.ask(ctx, p, `{"geometry": {"type": "Polygon", "coordinates": [`+ring+`]}}`)
		if err != nil {
			return err
		}
		if at != "" { // else it is out at sea
			drawn, ids = append(drawn, took), append(ids, at)
		}
	}
	for i, at := range ids[20:] {
		kind := 0
		if i+20 >= len(made) {
			kind = 1
		}
		for _, of := range []struct {
			path string
			took *sample
		}{{".pdf?lang=en", &printed[kind]}, {"/verify", &compared}} {
			start := time.Now()
			if _, _, err := from(ctx, http.MethodGet, at+of.path, "", http.StatusOK); err != nil {
				return err
			}
			*of.took = append(*of.took, time.Since(start))
		}
	}
	fmt.Printf("\nextracts over HTTP, %d parcels and %d drawn pieces of 0.8 km2, each for the first time\n", len(made)-20, len(drawn))
	for _, line := range []struct {
		what string
		s    sample
		aim  string
	}{
		{"parcel, JSON", made[20:], "aim p99 under 50 ms"},
		{"parcel, printed", printed[0], "aim p99 under 400 ms"},
		{"drawn, JSON", drawn, ""},
		{"drawn, printed", printed[1], ""},
		{"compared with the plan", compared, ""},
		{"PostGIS, zones of a parcel alone", zones[20:], ""},
	} {
		fmt.Printf("%-34s p50 %7.2f ms   p99 %7.2f ms   %s\n", line.what, ms(line.s.median()), ms(line.s.quantile(0.99)), line.aim)
	}
	fmt.Printf("an extract of a parcel has %d kB\n", size/len(made)/1000)
	return nil
}

// ask has an extract made and returns its address, empty for what is outside the
// plan, and its size.
func (b *bench) ask(ctx context.Context, p *process, question string) (took time.Duration, at string, size int, err error) {
	start := time.Now()
	header, body, err := from(ctx, http.MethodPost, p.url("/api/v1/extracts"), question, http.StatusCreated)
	if took = time.Since(start); err != nil {
		if strings.Contains(err.Error(), "outside-plan") {
			err = nil
		}
		return took, "", 0, err
	}
	var told struct{ ID string }
	if err := json.Unmarshal(body, &told); err != nil {
		return 0, "", 0, fmt.Errorf("%v: %w", header, err)
	}
	return took, p.url("/api/v1/extracts/" + told.ID), len(body), nil
}

// asked counts who asks.
var asked int

// from sends a request as from an address that has sent none.
func from(ctx context.Context, method, url, body string, want int) (http.Header, []byte, error) {
	asked++
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewBufferString(body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", asked>>16&255, asked>>8&255, asked&255))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != want {
		err = fmt.Errorf("%s answers %d: %.300s", url, resp.StatusCode, answer)
	}
	return resp.Header, answer, err
}
