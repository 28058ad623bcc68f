package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// lost lists the acknowledged edits that history does not hold exactly once,
// and those of unknown outcome that it holds more than once. A mark counts
// where it came in, not where a later version carries it on.
func (y *yard) lost(d *deeds) (missing []string) {
	y.t.Helper()
	marks, deletions := map[string]int{}, map[string]int{}
	for _, layer := range y.edited(d) {
		rows, err := y.conn().Query(y.t.Context(), fmt.Sprintf(`
			select id, sys_op = 'delete', coalesce(remark, ''),
				remark is distinct from lag(remark) over (partition by id order by revision)
			from history.%s`, layer))
		if err != nil {
			y.t.Fatal(err)
		}
		var id int64
		var deletion, came bool
		var mark string
		if _, err := pgx.ForEachRow(rows, []any{&id, &deletion, &mark, &came}, func() error {
			if deletion {
				deletions[fmt.Sprint(layer, " ", id)]++
			} else if came {
				marks[mark]++
			}
			return nil
		}); err != nil {
			y.t.Fatal(err)
		}
	}
	for _, one := range d.all {
		n, what := marks[one.mark], one.mark
		if one.mark == "" {
			what = fmt.Sprint(one.layer, " ", one.id)
			n = deletions[what]
		}
		if n > 1 || one.sure && n == 0 {
			missing = append(missing, fmt.Sprintf("%s: %d times", what, n))
		}
	}
	return missing
}

func (y *yard) edited(d *deeds) []string {
	layers := map[string]bool{}
	for _, one := range d.all {
		layers[one.layer] = true
	}
	return slices.Sorted(maps.Keys(layers))
}

// torn fails where a transaction of unknown outcome happened in part.
func (y *yard) torn(d *deeds) {
	y.t.Helper()
	groups := map[string][]string{}
	for _, one := range d.all {
		if !one.sure && one.group != "" {
			groups[one.group] = append(groups[one.group], one.mark)
		}
	}
	for group, marks := range groups {
		n := 0
		for _, layer := range y.edited(d) {
			var found int
			if err := y.conn().QueryRow(y.t.Context(), "select count(distinct remark) from history."+layer+" where remark = any($1)", marks).Scan(&found); err != nil {
				y.t.Fatal(err)
			}
			n += found
		}
		if n != 0 && n != len(marks) {
			y.t.Errorf("of the transaction %s %d of %d edits happened", group, n, len(marks))
		}
	}
}

// replay plays history from empty, version by version, and wants the live
// tables, to the byte of every column.
func (y *yard) replay() {
	y.t.Helper()
	conn := y.conn()
	rows, err := conn.Query(y.t.Context(), "select id from simtaru.layer order by id")
	if err != nil {
		y.t.Fatal(err)
	}
	layers, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		y.t.Fatal(err)
	}
	versions := 0
	for _, layer := range layers {
		past := y.rows(`select id, revision, sys_op, sys_from, sys_to, to_jsonb(h) - 'sys_from' - 'sys_to' - 'sys_op' - 'sys_actor' - 'sys_txid'
			from history.`+layer+` h order by id, revision`, 6)
		live := map[string]string{}
		revision, ended := map[string]string{}, map[string]string{}
		for _, v := range past {
			id, rev, op, from, to, row := v[0], v[1], v[2], v[3], v[4], v[5]
			_, exists := live[id]
			if exists == (op == "create") {
				y.t.Errorf("%s %s revision %s is a %s, and the feature exists: %v", layer, id, rev, op, exists)
			}
			if before, ok := revision[id]; ok && !follows(before, rev) {
				y.t.Errorf("%s %s: revision %s comes after %s", layer, id, rev, before)
			}
			if exists && ended[id] != from {
				y.t.Errorf("%s %s: revision %s begins at %s, the one before ends at %s", layer, id, rev, from, ended[id])
			}
			revision[id], ended[id] = rev, to
			if op == "delete" {
				delete(live, id)
			} else {
				live[id] = row
			}
			versions++
		}
		for _, v := range y.rows("select id, to_jsonb(p) - 'read_revision' from plan."+layer+" p", 2) {
			if live[v[0]] != v[1] {
				y.t.Errorf("%s %s is %s, and replayed %s", layer, v[0], v[1], live[v[0]])
			}
			delete(live, v[0])
		}
		for id := range live {
			y.t.Errorf("%s %s is alive in history only", layer, id)
		}
	}
	y.t.Logf("%d versions replayed", versions)
}

func follows(before, after string) bool {
	var a, b int64
	_, err := fmt.Sscan(before, &a)
	_, err2 := fmt.Sscan(after, &b)
	return err == nil && err2 == nil && b == a+1
}

// rows reads a query's columns as text.
func (y *yard) rows(sql string, columns int) (all [][]string) {
	y.t.Helper()
	names := make([]string, columns)
	for i := range names {
		names[i] = fmt.Sprintf("coalesce(c%d::text, '')", i)
	}
	aliases := make([]string, columns)
	for i := range aliases {
		aliases[i] = fmt.Sprintf("c%d", i)
	}
	rows, err := y.conn().Query(y.t.Context(), fmt.Sprintf("select array[%s] from (%s) q(%s)", strings.Join(names, ", "), sql, strings.Join(aliases, ", ")))
	if err != nil {
		y.t.Fatal(err)
	}
	all, err = pgx.CollectRows(rows, pgx.RowTo[[]string])
	if err != nil {
		y.t.Fatal(err)
	}
	return all
}

// changePage is an answer of /api/v1/changes.
type changePage struct {
	Changes []struct {
		ID       int64  `json:"id"`
		Layer    string `json:"layer"`
		Feature  int64  `json:"feature"`
		Revision int64  `json:"revision"`
	} `json:"changes"`
	Next string `json:"next"`
	More bool   `json:"more"`
}

func (y *yard) changes(since string) (page changePage) {
	y.t.Helper()
	e := &httpEditor{yard: y, name: y.editors[0]}
	a, _ := e.again(y.t.Context(), http.MethodGet, "/api/v1/changes?limit=500&since="+url.QueryEscape(since), "", nil)
	if a.status != http.StatusOK {
		y.t.Fatalf("changes: %d %s", a.status, a.body)
	}
	if err := json.Unmarshal(a.body, &page); err != nil {
		y.t.Fatal(err)
	}
	return page
}

// feedIsWhole follows the change feed over HTTP from before the first edit and
// wants every version of history since then, each once.
func (y *yard) feedIsWhole() {
	y.t.Helper()
	told := map[string]int{}
	for since := y.since; ; {
		page := y.changes(since)
		for _, c := range page.Changes {
			told[fmt.Sprint(c.Layer, " ", c.Feature, " ", c.Revision)]++
		}
		since = page.Next
		if !page.More {
			break
		}
	}
	want := map[string]bool{}
	for _, v := range y.rows(`select c.layer, c.feature, c.revision from simtaru.change c where c.actor like 'penyunting%'`, 3) {
		want[strings.Join(v, " ")] = true
	}
	for key := range want {
		if told[key] != 1 {
			y.t.Errorf("the change %s was told %d times", key, told[key])
		}
	}
	if len(want) < 100 {
		y.t.Errorf("only %d changes", len(want))
	}
	y.t.Logf("%d changes followed", len(told))
}

type items map[string]map[string]string

// served reads every feature of every layer over HTTP, as its text.
func (y *yard) served() items {
	y.t.Helper()
	all := items{}
	e := &httpEditor{yard: y, name: y.editors[0]}
	for _, v := range y.rows("select id from simtaru.layer", 1) {
		all[v[0]] = map[string]string{}
		after := ""
		for {
			a, _ := e.again(y.t.Context(), http.MethodGet, "/ogc/collections/"+v[0]+"/items?limit=10000"+after, "", nil)
			var page struct {
				Features []json.RawMessage `json:"features"`
				Links    []struct {
					Rel, Href string
				} `json:"links"`
			}
			if err := json.Unmarshal(a.body, &page); err != nil || a.status != http.StatusOK {
				y.t.Fatalf("items of %s: %d %v", v[0], a.status, err)
			}
			for _, f := range page.Features {
				var head struct {
					ID json.Number `json:"id"`
				}
				if err := json.Unmarshal(f, &head); err != nil {
					y.t.Fatal(err)
				}
				all[v[0]][head.ID.String()] = string(f)
			}
			after = ""
			for _, l := range page.Links {
				if l.Rel == "next" {
					u, err := url.Parse(l.Href)
					if err != nil {
						y.t.Fatal(err)
					}
					after = "&after=" + u.Query().Get("after")
				}
			}
			if after == "" {
				break
			}
		}
	}
	return all
}

// database holds what memory serves against the live tables: every feature,
// its revision and its time.
func (y *yard) database(served items) {
	y.t.Helper()
	n := 0
	for layer, features := range served {
		live := y.rows("select id, revision, updated_at at time zone 'UTC' from plan."+layer, 3)
		if len(live) != len(features) {
			y.t.Errorf("%s: %d features are served, %d are there", layer, len(features), len(live))
		}
		for _, v := range live {
			var f struct {
				Properties struct {
					Revision  json.Number `json:"revision"`
					UpdatedAt time.Time   `json:"updated_at"`
				} `json:"properties"`
			}
			if err := json.Unmarshal([]byte(features[v[0]]), &f); err != nil {
				y.t.Fatalf("%s %s: %v", layer, v[0], err)
			}
			at, err := time.Parse("2006-01-02 15:04:05.999999", v[2])
			if err != nil {
				y.t.Fatal(err)
			}
			if f.Properties.Revision.String() != v[1] || !f.Properties.UpdatedAt.Equal(at) {
				y.t.Errorf("%s %s: revision %s of %s is served, %s of %s is there", layer, v[0], f.Properties.Revision, f.Properties.UpdatedAt, v[1], v[2])
			}
			n++
		}
	}
	y.t.Logf("%d features compared", n)
}

func sameItems(a, b items) bool {
	return maps.EqualFunc(a, b, func(x, y map[string]string) bool { return maps.Equal(x, y) })
}
