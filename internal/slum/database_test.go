package slum_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/slum"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

const seven = 7 // aspects

func layer(t testing.TB) (*plan.Catalog, *plan.Layer) {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	l, ok := cat.Layer("slum_area")
	if !ok {
		t.Fatal("there is no layer")
	}
	return cat, l
}

// TestDeclarationFollowsTheCriteria: the fields of the layer are computed as the
// criteria say.
func TestDeclarationFollowsTheCriteria(t *testing.T) {
	_, l := layer(t)
	computed := func(name string, f plan.Function, of ...string) {
		t.Helper()
		d, ok := l.Field(name)
		if !ok || d.Computed == nil || d.Computed.Function != f || !slices.Equal(d.Computed.Of, of) {
			t.Errorf("%s: %+v, want %s of %v", name, d, f, of)
		}
	}
	within := map[int][]string{}
	var aspects, scores []string
	for _, c := range slum.Criteria() {
		volume, percent, score := "c"+c.ID+"_volume", "c"+c.ID+"_percent", "c"+c.ID+"_score"
		computed(percent, plan.Percent, volume, string(c.Per))
		computed(score, plan.SlumScore, percent)
		within[c.Aspect()], scores = append(within[c.Aspect()], percent), append(scores, score)
		d, ok := l.Field(volume)
		if per, has := l.Field(string(c.Per)); !ok || !has || d.Unit != c.Per.Unit() || per.Unit != c.Per.Unit() {
			t.Errorf("%s: the unit of volume and denominator is %s", c.ID, c.Per.Unit())
		}
		p, _ := l.Field(percent)
		if !strings.HasSuffix(p.Title.ID, c.Title.ID) || !strings.HasSuffix(p.Title.EN, c.Title.EN) {
			t.Errorf("%s: %v and %v", c.ID, p.Title, c.Title)
		}
	}
	for i := range seven {
		name := fmt.Sprintf("a%d_percent", i+1)
		computed(name, plan.Mean, within[i+1]...)
		aspects = append(aspects, name)
	}
	computed("sectoral_percent", plan.Mean, aspects...)
	computed("criteria_assessed", plan.Given, scores...)
	computed("total_score", plan.Total, scores...)
	computed("computed_class", plan.SlumClass, "total_score")
}

// TestDatabaseAgrees scores 3,000 areas in Go and in the database, to the last
// bit: whole and broken numbers, near the thresholds and far from them, absurd
// ones, and ones that are missing or 0.
func TestDatabaseAgrees(t *testing.T) {
	const areas, seed = 3000, 20261125
	cat, declared := layer(t)
	l := *declared
	l.Fields = slices.Clone(l.Fields)
	names := []string{"kawasan"}
	for i := range l.Fields {
		if l.Fields[i].Name != "kawasan" {
			l.Fields[i].Required = false // also a denominator may be missing
		}
	}
	for _, d := range slum.Denominators {
		names = append(names, string(d))
	}
	for _, c := range slum.Criteria() {
		names = append(names, "c"+c.ID+"_volume")
	}
	db := testdb.New(t)
	if _, err := db.Store.Apply(t.Context(), &l, cat.Lists()); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(seed, 0))
	all := make([]slum.Measured, areas)
	rows := make([][]any, areas)
	for i := range all {
		all[i] = random(r, &l)
		rows[i] = []any{fmt.Sprint(i)}
		for _, d := range slum.Denominators {
			rows[i] = append(rows[i], value(all[i].Denominators, d, &l))
		}
		for _, c := range slum.Criteria() {
			rows[i] = append(rows[i], value(all[i].Volumes, c.ID, &l))
		}
	}
	conn := db.Conn(t)
	if _, err := conn.CopyFrom(t.Context(), pgx.Identifier{"plan", "slum_area"}, names, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	columns := []string{"sectoral_percent", "criteria_assessed", "total_score", "computed_class"}
	for i := range seven {
		columns = append(columns, fmt.Sprintf("a%d_percent", i+1))
	}
	for _, c := range slum.Criteria() {
		columns = append(columns, "c"+c.ID+"_percent", "c"+c.ID+"_score")
	}
	found, err := conn.Query(t.Context(), "select "+strings.Join(columns, ", ")+" from plan.slum_area order by kawasan::int")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	classes, missing := map[slum.Class]int{}, 0
	for i := 0; found.Next(); i++ {
		have, err := found.Values()
		if err != nil {
			t.Fatal(err)
		}
		s := slum.Score(all[i])
		classes[s.Class]++
		missing += len(s.NotAssessed())
		for k, want := range told(&s) {
			if !same(have[k], want) {
				t.Fatalf("area %d, %s: the database has %v, Go %v, of %+v", i, columns[k], have[k], want, all[i])
			}
		}
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	// Otherwise this shows little.
	for _, c := range slum.Classes {
		if classes[c] < areas/100 {
			t.Errorf("only %d areas of class %s", classes[c], c)
		}
	}
	if missing < areas {
		t.Errorf("only %d criteria are not assessed", missing)
	}
}

// random makes an area that tends to be good or bad.
func random(r *rand.Rand, l *plan.Layer) slum.Measured {
	m := slum.Measured{Volumes: map[string]float64{}, Denominators: map[slum.Denominator]float64{}}
	for _, d := range slum.Denominators {
		v := 0.0
		switch r.IntN(12) {
		case 0:
			continue
		case 1:
		case 2:
			v = math.Exp(r.Float64()*60 - 30)
		default:
			v = float64(1+r.IntN(4000)) / []float64{1, 4, 10, 10000}[r.IntN(4)]
		}
		if f, _ := l.Field(string(d)); f.Type == plan.IntegerField {
			v = math.Round(min(v, 1e15))
		}
		m.Denominators[d] = v
	}
	tends := r.Float64()
	for _, c := range slum.Criteria() {
		whole := m.Denominators[c.Per]
		switch r.IntN(12) {
		case 0:
			continue
		case 1:
			m.Volumes[c.ID] = 0
		case 2:
			m.Volumes[c.ID] = math.Exp(r.Float64()*1400 - 700)
		case 3:
			m.Volumes[c.ID] = whole * []float64{0.2499, 0.24995, 0.25, 0.5099, 0.50995, 0.7599, 0.75995}[r.IntN(7)]
		default:
			m.Volumes[c.ID] = math.Round(whole*min(1, tends+r.Float64()*0.6)*1e4) / 1e4
		}
	}
	return m
}

// value is what a column takes: nothing where there is no value.
func value[K ~string](m map[K]float64, key K, l *plan.Layer) any {
	v, ok := m[key]
	if !ok {
		return nil
	}
	if f, has := l.Field(string(key)); has && f.Type == plan.IntegerField {
		return int64(v)
	}
	return v
}

// told lists a score in the order of the columns.
func told(s *slum.Result) []any {
	assessed := int64(16 - len(s.NotAssessed()))
	all := []any{number(s.Sectoral), assessed, whole(s.Total), nil}
	if s.Class != "" {
		all[3] = string(s.Class)
	}
	for _, p := range s.Aspects {
		all = append(all, number(p))
	}
	for i := range s.Criteria {
		all = append(all, number(s.Criteria[i].Percent), whole(s.Criteria[i].Score))
	}
	return all
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func whole(v *int) any {
	if v == nil {
		return nil
	}
	return int64(*v)
}

func same(have, want any) bool {
	a, isA := have.(float64)
	b, isB := want.(float64)
	if isA && isB {
		return math.Float64bits(a) == math.Float64bits(b)
	}
	return have == want
}
