package indicator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// oracle computes indicators from their definitions by SQL that shares nothing
// with this package: PostGIS unites, cuts and measures, one feature after the
// other, and larger areas are unions of gampong. What two kecamatan claim is of
// the first of them, so that they add up to the city. Long edges are cut before
// they are measured, so that they are straight and no geodesics (see package
// land).
type oracle struct {
	t    *testing.T
	cat  *plan.Catalog
	conn *pgx.Conn
}

// Tables of the oracle: claims are what features would have of a unit, in the
// order (part, place, id) in which they get it, pieces what they have got.
const oracleTables = `
create temp table features (layer text, id bigint, v jsonb, geom geometry, m2 float8);
create temp table units (kind text, code text, people float8, geom geometry, m2 float8);
create temp table claims (cover text, kind text, code text, part text, class text, k int, place int, id bigint, factor float8, geom geometry);
create temp table pieces (cover text, kind text, code text, part text, class text, factor float8, m2 float8)`

func m2(geom string) string { return "st_area(st_segmentize(" + geom + ", 2e-4)::geography)" }

func newOracle(t *testing.T, cat *plan.Catalog, c city) *oracle {
	o := &oracle{t, cat, testdb.New(t).Conn(t)}
	o.exec(oracleTables)
	var batch pgx.Batch
	for _, l := range cat.Layers() {
		for _, f := range c[l.ID] {
			values := map[string]any{}
			for i, field := range l.Fields {
				if f.Values[i] != nil {
					values[field.Name] = f.Values[i]
				}
			}
			text, err := json.Marshal(values)
			if err != nil {
				t.Fatal(err)
			}
			batch.Queue("insert into features values ($1, $2, $3, st_geomfromtext($4, 4326))", l.ID, f.ID, string(text), wkt.MarshalString(f.Geometry))
		}
	}
	if err := o.conn.SendBatch(t.Context(), &batch).Close(); err != nil {
		t.Fatal(err)
	}
	o.exec("update features set m2 = " + m2("geom") + " where st_dimension(geom) = 2")
	o.exec("insert into units (kind, code, people, geom) select 'gampong', v->>'kode', (v->>'population')::float8, geom from features where layer = 'boundary'")
	o.exec("insert into units (kind, code, people, geom) select 'city', left(code, 5), sum(people), st_union(geom) from units group by left(code, 5)")
	o.exec(`insert into units (kind, code, people, geom) with k as (select left(code, 8) as code, sum(people) as people, st_union(geom) as geom from units where kind = 'gampong' group by left(code, 8))
		select 'kecamatan', code, people, coalesce(st_difference(geom, (select st_union(b.geom) from k b where b.code < k.code)), geom) from k`)
	o.exec("update units set m2 = " + m2("geom"))
	o.exec("create index on features using gist (geom); create index on units using gist (geom); analyze features; analyze units")
	for _, c := range cat.Coverages() {
		o.divide(c.ID, c, nil)
	}
	for _, i := range cat.Indicators() {
		if i.Kind == plan.Standard {
			c, _ := cat.Coverage(i.Coverage)
			o.divide(i.ID, c, i.Standards)
		}
	}
	o.exec("create index on claims using gist (geom); analyze claims")
	o.exec(`insert into pieces select cover, kind, code, part, class, factor, ` + m2("coalesce(st_difference(geom, before), geom)") + ` from claims c, lateral (
		select st_union(b.geom) as before from claims b
		where b.cover = c.cover and b.kind = c.kind and b.code = c.code and b.geom && c.geom and (b.k, b.place, b.id) < (c.k, c.place, c.id)) b`)
	o.exec("create index on pieces (cover, kind, code); analyze pieces")
	return o
}

func (o *oracle) exec(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.conn.Exec(o.t.Context(), sql, args...); err != nil {
		o.t.Fatalf("%v\n%s", err, sql)
	}
}

// quote writes texts as a list of literals.
func quote(texts ...string) string {
	var list []string
	for _, s := range texts {
		list = append(list, "'"+strings.ReplaceAll(s, "'", "''")+"'")
	}
	return strings.Join(list, ", ")
}

// holds is whether a feature belongs to a set.
func (o *oracle) holds(s plan.Set, f string) string {
	sql := f + ".layer = " + quote(s.Layer)
	for _, c := range s.Where {
		list, in, without := c.In, "in", "false"
		if len(list) == 0 {
			list, in, without = c.Not, "not in", "true"
		}
		sql += fmt.Sprintf(" and coalesce(%s.v->>%s %s (%s), %s)", f, quote(c.Field), in, quote(list...), without)
	}
	if s.MinArea > 0 {
		sql += fmt.Sprintf(" and %s.m2 >= %v", f, s.MinArea)
	}
	return sql
}

// divide fills claims for a coverage, without what is smaller than standards ask.
func (o *oracle) divide(cover string, c *plan.Coverage, standards []plan.StandardRow) {
	for k, p := range c.Parts {
		class, place, factor, geom, holds := "''", "0", "null::float8", "st_intersection(u.geom, f.geom)", o.holds(p.Set, "f")
		if p.By != "" {
			codes := codesOf(o.t, o.cat, p.Layer, p.By)
			class = fmt.Sprintf("coalesce(f.v->>%s, '')", quote(p.By))
			place = fmt.Sprintf("coalesce(array_position(array[%s]::text[], %s), %d)", quote(codes...), class, len(codes)+1)
		}
		if p.FactorField != "" {
			factor = fmt.Sprintf("(f.v->>%s)::float8", quote(p.FactorField))
		}
		if p.Within != nil {
			geom = fmt.Sprintf("st_intersection(%s, (select st_union(w.geom) from features w where w.geom && f.geom and %s))", geom, o.holds(*p.Within, "w"))
		}
		for _, s := range standards {
			holds += fmt.Sprintf(" and (%s <> %s or f.m2 >= %v)", class, quote(s.Class), s.MinArea)
		}
		o.exec(fmt.Sprintf(`insert into claims select %s, kind, code, %s, class, %d, place, id, factor, geom from (
			select u.kind, u.code, %s as class, %s as place, f.id, %s as factor, st_collectionextract(%s, 3) as geom
			from units u join features f on st_intersects(u.geom, f.geom) where %s) x where not st_isempty(geom)`,
			quote(cover), quote(p.ID), k, class, place, factor, geom, holds))
	}
}

func codesOf(t *testing.T, cat *plan.Catalog, layer, field string) (codes []string) {
	l, _ := cat.Layer(layer)
	f, _ := l.Field(field)
	list, ok := cat.List(*f.Codes)
	if !ok {
		t.Fatalf("no code list of %s in %s", field, layer)
	}
	for _, c := range list.Codes {
		codes = append(codes, c.Code)
	}
	return codes
}

// amount is what terms count of the piece p.
func amount(terms []plan.Term, factors bool, on map[string]bool) string {
	sql := "0"
	for _, t := range terms {
		if t.Switch != "" && !on[t.Switch] {
			continue
		}
		when, each := "p.part = "+quote(t.Part), "p.m2"
		if len(t.Classes) > 0 {
			when += " and p.class in (" + quote(t.Classes...) + ")"
		}
		if factors {
			class := "case p.class when '-' then 1"
			for code, v := range t.Factors {
				class += fmt.Sprintf(" when %s then %v", quote(code), v)
			}
			each += " * coalesce(p.factor, " + class + " else 1 end)"
		}
		if t.Weight != nil {
			each += fmt.Sprintf(" * %v", *t.Weight)
		}
		sql += " + case when " + when + " then " + each + " else 0 end"
	}
	return "(" + sql + ")"
}

// wanted is what a reading has to say; Denominator is nil where there is none.
type wanted struct {
	Code                  string
	Numerator             float64
	Denominator, Quotient *float64
	// Features are those near people; nil where they are counted by class.
	Features *int
}

// indicator computes the figures of units of a kind, in the order of their codes.
func (o *oracle) indicator(i *plan.Indicator, by plan.UnitKind, on map[string]bool) []wanted {
	o.t.Helper()
	scale, numerator, denominator := 100, "coalesce(sum("+amount(i.Parts, i.Kind == plan.WeightedAreaShare, on)+"), 0)", "u.m2"
	from := "units u left join pieces p on p.cover = " + quote(i.Coverage) + " and (p.kind, p.code) = (u.kind, u.code)"
	with, features := "", "null::bigint"
	switch i.Kind {
	case plan.AreaShare, plan.WeightedAreaShare:
		if len(i.Of) > 0 {
			denominator = "coalesce(sum(" + amount(i.Of, false, on) + "), 0)"
		}
	case plan.AreaByClass:
	case plan.PerHead:
		scale, denominator = 1, "u.people"
	case plan.Standard:
		var rows []string
		for _, row := range i.Standards {
			// A unit is asked for what it has itself or what smaller ones have.
			if slices.Index(plan.UnitKinds, row.Level) >= slices.Index(plan.UnitKinds, by) {
				rows = append(rows, fmt.Sprintf("(%s, %v::float8)", quote(row.Class), row.PerPerson))
			}
		}
		from = "units u cross join (values " + strings.Join(rows, ", ") + `) s (class, each), lateral (
			select coalesce(sum(` + amount(i.Parts, false, on) + "), 0) as supply from pieces p where p.cover = " + quote(i.ID) + ` and (p.kind, p.code, p.class) = (u.kind, u.code, s.class)) p`
		numerator, denominator = "sum(least(u.people * s.each, p.supply))", "sum(u.people * s.each)"
	case plan.PeopleNear:
		c, _ := o.cat.Coverage(i.Coverage)
		var lands []string
		for _, t := range i.Parts {
			p := c.Parts[slices.IndexFunc(c.Parts, func(p plan.Part) bool { return p.ID == t.Part })]
			if len(t.Classes) > 0 {
				p.Where = append(slices.Clone(p.Where), plan.Condition{Field: p.By, In: t.Classes})
			}
			lands = append(lands, "("+o.holds(p.Set, "f")+")")
		}
		with = fmt.Sprintf(`with homes as materialized (
			select h.at, h.people, exists (select from features f where f.geom && st_expand(h.at, %[1]v / 1e5) and (%[2]s) and st_dwithin(f.geom::geography, h.at::geography, %[1]v)) as near
			from (select st_centroid(h.geom) as at, (h.v->>%[3]s)::float8 as people from features h where %[4]s) h)`,
			i.Distance, strings.Join(lands, " or "), quote(i.People.Field), o.holds(i.People.Set, "h"))
		from = "units u left join homes h on st_contains(u.geom, h.at)"
		numerator, denominator = "coalesce(sum(h.people) filter (where h.near), 0)", "coalesce(sum(h.people), 0)"
		features = fmt.Sprintf(`(select count(*) from features f where f.geom && st_expand(u.geom, %[1]v / 1e5) and (%[2]s) and exists (
			select from homes h where h.near and h.people > 0 and h.at && st_expand(f.geom, %[1]v / 1e5) and st_contains(u.geom, h.at) and st_dwithin(f.geom::geography, h.at::geography, %[1]v)))`,
			i.Distance, strings.Join(lands, " or "))
	case plan.Length:
		from = "units u left join features f on st_intersects(u.geom, f.geom) and " + o.holds(*i.Features, "f")
		numerator, denominator = "coalesce(sum(st_length(st_intersection(u.geom, f.geom)::geography)), 0)", "null"
	default:
		o.t.Fatalf("%s: no SQL for the kind %s", i.ID, i.Kind)
	}
	value := fmt.Sprintf("%d * numerator / nullif(denominator, 0)", scale)
	if i.Kind == plan.AreaByClass || i.Kind == plan.Length {
		value = "numerator"
	}
	rows, err := o.conn.Query(o.t.Context(), fmt.Sprintf(`%s select code, numerator, denominator, %s, features from (
		select u.code, (%s)::float8 as numerator, (%s)::float8 as denominator, %s as features from %s where u.kind = %s group by u.code, u.m2, u.people, u.geom) x order by code`,
		with, value, numerator, denominator, features, from, quote(string(by))))
	if err != nil {
		o.t.Fatal(i.ID, err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[wanted])
	if err != nil {
		o.t.Fatal(i.ID, err)
	}
	return list
}

// classes is the land by code, part and class in a coverage, without weights.
func (o *oracle) classes(cover string, by plan.UnitKind) map[[3]string]float64 {
	o.t.Helper()
	rows, err := o.conn.Query(o.t.Context(), "select code, part, class, sum(m2) from pieces where cover = $1 and kind = $2 group by 1, 2, 3", cover, by)
	if err != nil {
		o.t.Fatal(err)
	}
	all, key, area := map[[3]string]float64{}, [3]string{}, 0.0
	if _, err := pgx.ForEachRow(rows, []any{&key[0], &key[1], &key[2], &area}, func() error {
		all[key] = area
		return nil
	}); err != nil {
		o.t.Fatal(err)
	}
	return all
}

// drawn is, by code and class, what the features of a part have in a unit, each
// by itself, and by class alone what they have anywhere.
func (o *oracle) drawn(cover string, part plan.Part, by plan.UnitKind) map[[2]string]float64 {
	o.t.Helper()
	all, key, area := map[[2]string]float64{}, [2]string{}, 0.0
	rows, err := o.conn.Query(o.t.Context(), fmt.Sprintf(`select code, class, sum(%s) from claims where cover = $1 and kind = $2 group by 1, 2
		union all select '', coalesce(v->>%s, ''), sum(m2) from features f where %s group by 2`, m2("geom"), quote(part.By), o.holds(part.Set, "f")), cover, by)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := pgx.ForEachRow(rows, []any{&key[0], &key[1], &area}, func() error {
		all[key] = area
		return nil
	}); err != nil {
		o.t.Fatal(err)
	}
	return all
}

// agreesOnDrawn holds what became of the land of features against SQL, and
// returns how much of it was counted twice and how much lies outside.
func (o *oracle) agreesOnDrawn(i *plan.Indicator, by plan.UnitKind, got []plan.Reading) (overlap, outside float64) {
	o.t.Helper()
	c, _ := o.cat.Coverage(i.Coverage)
	drawn := o.drawn(i.Coverage, c.Parts[0], by)
	for _, g := range got {
		for _, class := range g.Classes {
			d := *class.Drawn
			covered, whole := drawn[[2]string{g.Code, class.Class}], drawn[[2]string{"", class.Class}]
			sum, out := covered, (*float64)(nil)
			if by == plan.City {
				beyond := whole - covered
				sum, out = whole, &beyond
				outside += beyond
			}
			over := covered - class.Area
			overlap += over
			if differs(&d.Sum, &sum, 1e-6, speck) || differs(d.Outside, out, 1e-5, 10*speck) || differs(&d.Overlap, &over, 1e-5, 10*speck) {
				o.t.Errorf("%s of %s %s: %s, SQL has %s", i.ID, g.Code, class.Class, figures(&d.Sum, &d.Overlap, d.Outside), figures(&sum, &over, out))
			}
		}
		if d := g.Drawn; !near(d.Sum-d.Overlap-deref(d.Outside), *g.Value, 1e-3) || !near(*d.Uncovered, *g.Denominator-*g.Value, 0.1) {
			o.t.Errorf("%s of %s: %+v does not add up to %.3f", i.ID, g.Code, *d, *g.Value)
		}
	}
	return overlap, outside
}

func deref(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}
