package postgis_test

import (
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestRulesAreKeptAndNeverChanged(t *testing.T) {
	db := testdb.New(t)
	ctx := t.Context()
	codes := plan.CodeRef{List: "zone", Version: "t"}
	list := &plan.CodeList{ID: "zone", Version: "t", Title: plan.Text{ID: "Zona", EN: "Zones"}, Source: "uji", Codes: []plan.Code{{Code: "R-1", Title: plan.Text{ID: "R-1", EN: "R-1"}}}}
	set := func(digit, document string) plan.RuleSet {
		return plan.RuleSet{Codes: codes, Document: []byte(document), SHA256: strings.Repeat(digit, 64)}
	}
	if _, _, err := db.Store.ImportRules(ctx, set("1", `{}`), nil); err == nil {
		t.Error("rules are kept for a list that does not exist")
	}
	first, outcome, err := db.Store.ImportRules(ctx, set("1", `{"a": 1}`), list)
	if err != nil || outcome != postgis.Created || first.Revision != 1 || first.ImportedBy == "" {
		t.Fatalf("%+v %s %v", first, outcome, err)
	}
	if _, outcome, err = db.Store.ImportRules(ctx, set("1", `{"a": 1}`), nil); err != nil || outcome != postgis.Unchanged {
		t.Errorf("%s %v", outcome, err)
	}
	second, outcome, err := db.Store.ImportRules(ctx, set("2", `{"a": 2}`), nil)
	if err != nil || outcome != postgis.Changed || second.Revision != 2 {
		t.Fatalf("%+v %s %v", second, outcome, err)
	}
	// What held before may hold again.
	third, outcome, err := db.Store.ImportRules(ctx, set("1", `{"a": 1}`), nil)
	if err != nil || outcome != postgis.Changed || third.Revision != 3 {
		t.Fatalf("%+v %s %v", third, outcome, err)
	}
	all, err := db.Store.RuleSets(ctx, 0)
	if err != nil || len(all) != 1 || all[0].ID != third.ID || string(all[0].Document) != `{"a": 1}` || all[0].Codes != codes {
		t.Errorf("%+v %v", all, err)
	}
	if none, err := db.Store.RuleSets(ctx, third.ID); err != nil || len(none) != 0 {
		t.Errorf("%+v %v", none, err)
	}
	conn := db.Conn(t)
	for _, sql := range []string{
		"update simtaru.rule_set set document = '{}'", "delete from simtaru.rule_set", "truncate simtaru.rule_set",
		"delete from simtaru.code_list where list = 'zone' and version = 't'",
	} {
		if _, err := conn.Exec(ctx, sql); err == nil {
			t.Errorf("%s is done", sql)
		}
	}
}
