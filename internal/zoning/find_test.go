package zoning_test

import (
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/zoning"
)

func index(t *testing.T, text string) *zoning.Index {
	t.Helper()
	record, err := parse(t, text).Record()
	if err != nil {
		t.Fatal(err)
	}
	x, err := zoning.NewIndex(record)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestFindIsForgiving(t *testing.T) {
	x := index(t, strings.Replace(small, `{"code": "N01"`, `
	{"code": "55110", "kbli": "55110", "title": {"id": "Hotel bintang", "en": "Hotel"}, "cells": {}},
	{"code": "45201", "kbli": "45201", "title": {"id": "Bengkel mobil", "en": "Car repair"}, "cells": {}},
	{"code": "45407", "kbli": "45407", "title": {"id": "Bengkel sepeda motor", "en": "Motorcycle repair"}, "cells": {}},
	{"code": "N01"`, 1))
	for query, want := range map[string]string{
		"warung kopi": "56303", "Warkop": "56303", "CAFÉ": "56303", "cafe": "56303", "kafe": "56303", "kopi warung": "56303",
		"warng kpoi": "56303", "warugn": "56303", "rumha tungal": "N01", "bengkel": "45201", "bengkell motor": "45407", "bengkel mot": "45407", "sepda": "45407",
		"45407": "45407", "hot": "55110", "kuliner": "56303", "detached": "N01",
	} {
		found := x.Find(query, 5)
		if len(found) == 0 || found[0].Code != want {
			t.Errorf("%q finds %v, wanted %s first", query, found, want)
		}
	}
	for _, query := range []string{"pabrik nuklir", "zzz", "hotel kopi", "xx"} {
		if found := x.Find(query, 5); len(found) != 0 {
			t.Errorf("%q finds %s", query, found[0].Title.ID)
		}
	}
	if all := x.Find(" ", 3); len(all) != 3 || all[0].Code != "56303" {
		t.Errorf("no words find %v", all)
	}
}

func TestActivityByCode(t *testing.T) {
	x := index(t, strings.Replace(small, `{"code": "N01"`, `{"code": "A1", "kbli": "11111", "title": {"id": "a", "en": "a"}, "cells": {}},
	{"code": "A2", "kbli": "22222", "title": {"id": "b", "en": "b"}, "cells": {}}, {"code": "A3", "kbli": "22222", "title": {"id": "c", "en": "c"}, "cells": {}}, {"code": "N01"`, 1))
	for code, want := range map[string]string{"n01": "N01", "56303": "56303", "11111": "A1", "22222": "", "": "", "kopi": ""} {
		a, ok := x.Activity(code)
		if ok != (want != "") || ok && a.Code != want {
			t.Errorf("%q is %v", code, a)
		}
	}
}

func TestGroupsSpellConditionsOut(t *testing.T) {
	x := index(t, small)
	g := x.Groups("R-1", nil)
	if len(g) != 2 || g[0].Verdict != zoning.Allowed || g[1].Verdict != zoning.LimitedConditional ||
		len(g[1].Activities[0].Conditions) != 2 || g[1].Activities[0].Conditions[1].Text.ID != "persetujuan tetangga" {
		t.Errorf("%+v", g)
	}
	cafe, _ := x.Activity("56303")
	if g := x.Groups("K-1", cafe); len(g) != 1 || g[0].Verdict != zoning.Allowed || len(g[0].Activities) != 1 {
		t.Errorf("%+v", g)
	}
	if g := x.Groups("nowhere", nil); len(g) != 1 || g[0].Verdict != zoning.NotStated || len(g[0].Activities) != 2 {
		t.Errorf("%+v", g)
	}
}
