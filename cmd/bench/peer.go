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
	"github.com/simtaru/simtaru/tiles"
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
	id, err := tiles.ParseID(r.PathValue("z"), r.PathValue("x"), r.PathValue("y"))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	body, err := p.render(r.Context(), r.PathValue("layer"), id)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// render makes a tile by one query, with the attributes that simtaru's has.
func (p *peer) render(ctx context.Context, name string, id tiles.ID) ([]byte, error) {
	layer, ok := p.cat.Layer(name)
	if !ok {
		return nil, fmt.Errorf("no layer %q", name)
	}
	columns := []string{"id"}
	for _, f := range layer.Fields {
		if f.Tiles != nil && *f.Tiles <= int(id.Z) {
			columns = append(columns, `"`+f.Name+`"`)
		}
	}
	sql := fmt.Sprintf(`select st_asmvt(t, '%[1]s', 4096, 'geom', 'id') from (
		select %[2]s, st_asmvtgeom(st_transform(geom, 3857), st_tileenvelope($1, $2, $3), 4096, 64, true) as geom
		from plan.%[1]s where geom && st_transform(st_tileenvelope($1, $2, $3, margin => 64.0 / 4096), 4326)
	) t where geom is not null`, layer.ID, strings.Join(columns, ", "))
	var tile []byte
	err := p.pool.QueryRow(ctx, sql, int(id.Z), int(id.X), int(id.Y)).Scan(&tile)
	return tile, err
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
