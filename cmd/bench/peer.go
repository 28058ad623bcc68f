package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
)

// peer is what a thin server over PostGIS does: one query a request, on a pool
// of prepared connections, written to the wire as it comes.
type peer struct {
	url    string
	server *http.Server
	pool   *pgxpool.Pool
	cat    *plan.Catalog
}

func newPeer(ctx context.Context, pool *pgxpool.Pool) (*peer, error) {
	cat, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &peer{url: "http://" + l.Addr().String(), pool: pool, cat: cat}
	mux := http.NewServeMux()
	mux.HandleFunc("/tiles/{layer}/{z}/{x}/{y}", p.tile)
	mux.HandleFunc("/items/{layer}", p.items)
	p.server = &http.Server{Handler: mux, BaseContext: func(net.Listener) context.Context { return ctx }}
	go p.server.Serve(l)
	return p, nil
}

func (p *peer) close() { p.server.Close() }

func (p *peer) tile(w http.ResponseWriter, r *http.Request) {
	layer, ok := p.cat.Layer(r.PathValue("layer"))
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		n, err := strconv.Atoi(r.PathValue(name))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		at[i] = n
	}
	columns := []string{"id"}
	for _, f := range layer.Fields {
		if f.Tiles != nil && *f.Tiles <= at[0] {
			columns = append(columns, `"`+f.Name+`"`)
		}
	}
	sql := fmt.Sprintf(`select st_asmvt(t, '%[1]s', 4096, 'geom', 'id') from (
		select %[2]s, st_asmvtgeom(st_transform(geom, 3857), st_tileenvelope($1, $2, $3), 4096, 64, true) as geom
		from plan.%[1]s where geom && st_transform(st_tileenvelope($1, $2, $3, margin => 64.0 / 4096), 4326)
	) t where geom is not null`, layer.ID, strings.Join(columns, ", "))
	var body []byte
	if err := p.pool.QueryRow(r.Context(), sql, at[0], at[1], at[2]).Scan(&body); err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

func (p *peer) items(w http.ResponseWriter, r *http.Request) {
	layer, ok := p.cat.Layer(r.PathValue("layer"))
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	rows, err := p.pool.Query(r.Context(), fmt.Sprintf(`select st_asgeojson(t.*, 'geom', 9) from (select * from plan.%s order by id limit 10000) t`, layer.ID))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer rows.Close()
	w.Header().Set("Content-Type", "application/geo+json")
	w.Write([]byte(`{"type":"FeatureCollection","features":[`))
	for n := 0; rows.Next(); n++ {
		if n > 0 {
			w.Write([]byte{','})
		}
		w.Write(rows.RawValues()[0])
	}
	w.Write([]byte(`]}`))
}
