package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// httpEditor edits as another system would: with If-Match, with an
// Idempotency-Key where something is made, and asking again when the
// connection broke.
type httpEditor struct {
	*yard
	deeds *deeds
	name  string
	pool  map[string][]int64
	n     int
	own   []int64 // shelters it made
}

func (e *httpEditor) mark() string {
	e.n++
	return fmt.Sprintf("%s-%d", e.name, e.n)
}

func (e *httpEditor) work(ctx context.Context, r *rand.Rand) {
	switch p := r.IntN(100); {
	case p < 50:
		e.patch(ctx, r)
	case p < 70 || len(e.own) == 0:
		e.create(ctx, r)
	case p < 80:
		e.remove(ctx)
	default:
		e.batch(ctx, r)
	}
}

// answer is what came back; status 0 where nothing did.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (e *httpEditor) send(ctx context.Context, method, path, kind string, body any, header ...string) answer {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			e.t.Error(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+e.addr+path, bytes.NewReader(text))
	if err != nil {
		e.t.Error(err)
		return answer{}
	}
	req.SetBasicAuth(e.name, yardPassword)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		time.Sleep(5 * time.Millisecond)
		return answer{}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}
	}
	if resp.StatusCode == http.StatusServiceUnavailable {
		time.Sleep(20 * time.Millisecond)
	}
	return answer{resp.StatusCode, resp.Header, b}
}

// open is true where the answer leaves open what happened.
func (a answer) open() bool { return a.status == 0 || a.status == http.StatusServiceUnavailable }

func (e *httpEditor) unexpected(what string, a answer) {
	e.t.Errorf("%s: %s answered %d: %s", e.name, what, a.status, a.body)
}

// again asks until there is an answer: what carries a key may be repeated.
func (e *httpEditor) again(ctx context.Context, method, path, kind string, body any, header ...string) (answer, bool) {
	for ctx.Err() == nil {
		if a := e.send(ctx, method, path, kind, body, header...); !a.open() {
			return a, true
		}
	}
	return answer{}, false
}

func (e *httpEditor) create(ctx context.Context, r *rand.Rand) {
	mark := e.mark()
	feature := map[string]any{
		"type":     "Feature",
		"geometry": map[string]any{"type": "Point", "coordinates": []float64{95.3 + r.Float64()/50, 5.54 + r.Float64()/50}},
		"properties": map[string]any{
			"name": "Titik " + mark, "kind": "TES", "status": "open", "capacity": 10, "remark": mark,
		},
	}
	path := "/ogc/collections/shelter/items"
	a, answered := e.again(ctx, http.MethodPost, path, "application/geo+json", feature, "Idempotency-Key", mark)
	if !answered {
		e.deeds.add(false, "", deed{mark: mark, layer: "shelter"})
		return
	}
	if a.status != http.StatusCreated {
		e.unexpected("create", a)
		return
	}
	location := a.header.Get("Location")
	id, err := strconv.ParseInt(location[strings.LastIndexByte(location, '/')+1:], 10, 64)
	if err != nil {
		e.t.Errorf("Location %q", location)
	}
	e.own = append(e.own, id)
	e.deeds.add(true, "", deed{mark: mark, layer: "shelter"})
}

// pick chooses a feature that others edit too.
func (e *httpEditor) pick(r *rand.Rand) (layer string, id int64) {
	layer = [...]string{"zoning", "parcel", "shelter"}[r.IntN(3)]
	return layer, e.pool[layer][r.IntN(len(e.pool[layer]))]
}

func (e *httpEditor) patch(ctx context.Context, r *rand.Rand) {
	layer, id := e.pick(r)
	mark := e.mark()
	path := fmt.Sprintf("/ogc/collections/%s/items/%d", layer, id)
	read := e.send(ctx, http.MethodGet, path, "", nil)
	if read.status != http.StatusOK {
		if !read.open() {
			e.unexpected("read", read)
		}
		return
	}
	patch := map[string]any{"properties": map[string]any{"remark": mark}}
	a := e.send(ctx, http.MethodPatch, path, "application/merge-patch+json", patch, "If-Match", read.header.Get("ETag"))
	switch {
	case a.open():
		e.deeds.add(false, "", deed{mark: mark, layer: layer})
	case a.status == http.StatusOK, a.status == http.StatusNoContent:
		e.deeds.add(true, "", deed{mark: mark, layer: layer})
	case a.status == http.StatusPreconditionFailed, a.status == http.StatusConflict:
		e.deeds.refused.Add(1)
	default:
		e.unexpected("patch", a)
	}
}

func (e *httpEditor) remove(ctx context.Context) {
	id := e.own[len(e.own)-1]
	e.own = e.own[:len(e.own)-1]
	a := e.send(ctx, http.MethodDelete, fmt.Sprintf("/ogc/collections/shelter/items/%d", id), "", nil)
	gone := deed{layer: "shelter", id: id}
	switch {
	case a.open():
		e.deeds.add(false, "", gone)
	case a.status == http.StatusNoContent:
		e.deeds.add(true, "", gone)
	default:
		e.unexpected("delete", a)
	}
}

// batch changes three features at once: all of them, or none.
func (e *httpEditor) batch(ctx context.Context, r *rand.Rand) {
	group := e.mark()
	var edits []any
	var list []deed
	seen := map[string]bool{}
	for i := range 3 {
		layer, id := e.pick(r)
		if key := fmt.Sprint(layer, id); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		mark := fmt.Sprintf("%s.%d", group, i)
		edits = append(edits, map[string]any{
			"op": "update", "layer": layer, "id": id,
			"patch": map[string]any{"properties": map[string]any{"remark": mark}},
		})
		list = append(list, deed{mark: mark, layer: layer})
	}
	a, answered := e.again(ctx, http.MethodPost, "/api/v1/edits", "application/json", map[string]any{"edits": edits}, "Idempotency-Key", group)
	switch {
	case !answered:
		e.deeds.add(false, group, list...)
	case a.status == http.StatusOK:
		e.deeds.add(true, group, list...)
	case a.status == http.StatusConflict, a.status == http.StatusPreconditionFailed:
		e.deeds.refused.Add(1)
	default:
		e.unexpected("edits", a)
	}
}

// sqlEditor edits as QGIS does: through a login of its own, in transactions.
type sqlEditor struct {
	*yard
	deeds *deeds
	name  string
	pool  map[string][]int64
	conn  *pgx.Conn
	n     int
}

func (e *sqlEditor) close() {
	if e.conn != nil {
		_ = e.conn.Close(context.WithoutCancel(e.t.Context()))
	}
}

func (e *sqlEditor) connect(ctx context.Context) bool {
	if e.conn != nil && !e.conn.IsClosed() {
		return true
	}
	var err error
	e.conn, err = pgx.Connect(ctx, fmt.Sprintf("host=127.0.0.1 port=%d dbname=%s user=%s password='%s' sslmode=disable", e.pg.Port(), databaseName, e.name, yardPassword))
	if err != nil {
		e.conn = nil
		time.Sleep(20 * time.Millisecond)
	}
	return err == nil
}

func (e *sqlEditor) work(ctx context.Context, r *rand.Rand) {
	if !e.connect(ctx) {
		return
	}
	e.n++
	group := fmt.Sprintf("%s-%d", e.name, e.n)
	var list []deed
	committing := false
	err := func() error {
		tx, err := e.conn.Begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(ctx) }()
		for i := range 1 + r.IntN(3) {
			layer := [...]string{"zoning", "parcel", "shelter"}[r.IntN(3)]
			id := e.pool[layer][r.IntN(len(e.pool[layer]))]
			mark := fmt.Sprintf("%s.%d", group, i)
			// A second mark on one feature is a version of its own: both count.
			if _, err := tx.Exec(ctx, "update plan."+layer+" set remark = $1 where id = $2", mark, id); err != nil {
				return err
			}
			list = append(list, deed{mark: mark, layer: layer})
		}
		committing = true
		return tx.Commit(ctx)
	}()
	var pg *pgconn.PgError
	switch {
	case err == nil:
		e.deeds.add(true, group, list...)
	case errors.As(err, &pg) && pg.Code != "57P01" && pg.Code != "57P02" && pg.Code != "57P03":
		if pg.Code != "40P01" && pg.Code != "SU412" {
			e.t.Errorf("%s: %v", e.name, err)
		}
		e.deeds.refused.Add(1)
	case committing:
		e.deeds.add(false, group, list...)
	}
}
