package evac

import (
	"math"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// Sentence says the answer in a sentence or two, for who has no time to read more.
func (a *Answer) Sentence() plan.Text {
	switch {
	case len(a.Routes) > 0:
		r := &a.Routes[0]
		title := r.Title()
		t := plan.Text{ID: "Pergi ke " + title.ID + ".", EN: "Go to " + title.EN + "."}
		if r.Tight != nil {
			spare := minutes(r.Tight.Margin.Truncate(time.Minute))
			t.ID += " Sisa waktu di tempat paling genting: " + spare.ID + "."
			t.EN += " Time to spare at the tightest place: " + spare.EN + "."
		}
		return t
	case a.Late && a.Refuge != nil:
		return plan.Text{
			ID: "Tidak ada tempat evakuasi yang tercapai tepat waktu. Naiklah setinggi mungkin sekarang; yang tertinggi di dekat sini: " + a.Refuge.Name + ".",
			EN: "No shelter can be reached in time. Get as high as you can now; the tallest known nearby is " + a.Refuge.Name + ".",
		}
	case a.Late:
		return plan.Text{
			ID: "Tidak ada tempat evakuasi yang tercapai tepat waktu. Naiklah setinggi mungkin sekarang.",
			EN: "No shelter can be reached in time. Get as high as you can now.",
		}
	case len(a.Passed) == 0:
		return plan.Text{ID: "Belum ada tempat evakuasi yang tercatat.", EN: "No shelter is known."}
	}
	return plan.Text{
		ID: "Tidak ada jalan terbuka ke tempat evakuasi yang masih menerima orang.",
		EN: "No open way leads to a shelter that takes people.",
	}
}

// Title names a route by its shelter, how far that is and how long it takes.
func (r *Route) Title() plan.Text {
	m, far := minutes(r.Duration), paces(r.Metres)
	return plan.Text{
		ID: r.Shelter.Name + ": " + far.ID + ", sekitar " + m.ID,
		EN: r.Shelter.Name + ": " + far.EN + ", about " + m.EN,
	}
}

// minutes is a time as one says it, at least what it is.
func minutes(d time.Duration) plan.Text {
	n := max(math.Ceil(d.Minutes()), 0)
	t := plan.Fixed(n, 0)
	if n == 1 {
		return plan.Text{ID: "1 menit", EN: "1 minute"}
	}
	return plan.Text{ID: t.ID + " menit", EN: t.EN + " minutes"}
}
