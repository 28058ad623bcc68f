package ogc

import (
	"strconv"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// historyRow is one version on the page.
type historyRow struct {
	Revision, Operation, Actor, From, Until string
	Changes                                 []changeCell
	Moved                                   string
}

type changeCell struct{ Title, Before, After string }

func (s *Service) historyHTML(v mirror.View, l *plan.Layer, q *historyQuery, steps []step, links []Link) (rest.Page, error) {
	t := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(q.lang) }
	staff := !v.Actor().IsPublic()
	head := []string{t("Revisi", "Revision"), t("Yang terjadi", "What happened")}
	if staff {
		head = append(head, t("Oleh", "By"))
	}
	head = append(head, t("Sejak", "From"), t("Sampai", "Until"), t("Perubahan", "Changes"))
	rows := make([]historyRow, len(steps))
	for i, x := range steps {
		rows[i] = historyRow{
			Revision: strconv.FormatInt(x.Feature.Revision, 10), Operation: opTitle(x.Op).In(q.lang), Actor: x.Feature.UpdatedBy,
			From: timeText(x.Feature.UpdatedAt), Until: timeText(x.Until),
		}
		if x.moved && x.Op == plan.Update {
			rows[i].Moved = t("bentuk atau letak berubah", "shape or place changed")
		}
		if x.Op == plan.Delete {
			continue // all of it went
		}
		for _, c := range x.changes {
			before, after := cellOf(v.Catalog(), c.field, c.before, q.lang), cellOf(v.Catalog(), c.field, c.after, q.lang)
			rows[i].Changes = append(rows[i].Changes, changeCell{after.Title, orDash(before.Text), orDash(after.Text)})
		}
	}
	next := ""
	for _, link := range links {
		if link.Rel == "next" {
			next = link.Href
			if _, ok := q.params.Get("f"); !ok {
				next += "&f=html"
			}
		}
	}
	id := strconv.FormatInt(q.id, 10)
	return s.page("history.html", struct {
		Head        []string
		Rows        []historyRow
		Staff       bool
		Next, Older string
	}{head, rows, staff, next, t("Versi yang lebih lama", "Older versions")}, rest.Page{
		Lang: q.lang, Title: t("Riwayat ", "History of ") + l.Title.In(q.lang) + " " + id,
		Crumbs: s.crumbs(q.lang, l), Alternates: alternates(links),
	})
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
