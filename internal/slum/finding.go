package slum

import (
	"fmt"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// Decree is what the mayor's decree says of an area. What it does not say is
// nil, empty or zero.
type Decree struct {
	// Listed says whether the area is in the decree; nil: not known.
	Listed *bool
	Class  Class
	Score  *int
	Date   plan.Date
}

// Finding is what somebody should look at.
type Finding struct {
	Code string
	// At are the criteria concerned, empty for the whole.
	At      []string
	Message plan.Text
}

// reviewed is after how many years a decree is to be reviewed.
const reviewed = 5

// Findings compares the score of an area, or of several together, with what is
// said of it and with itself, on a day.
func Findings(r *Result, d Decree, on time.Time) []Finding {
	var all []Finding
	add := func(code string, at []string, id, en string) {
		all = append(all, Finding{code, at, plan.Text{ID: id, EN: en}})
	}
	if missing := r.NotAssessed(); len(missing) > 0 {
		list := strings.Join(missing, ", ")
		add("not-assessed", missing,
			fmt.Sprintf("Tidak dinilai: %s. Jumlah nilai dapat mencapai %d.", list, r.Highest),
			fmt.Sprintf("Not assessed: %s. The total could be up to %d.", list, r.Highest))
	}
	var partly, over []string
	for i := range r.Criteria {
		a := &r.Criteria[i]
		if a.Areas > 0 && a.Areas < r.Areas {
			partly = append(partly, a.ID)
		}
		if a.Percent != nil && *a.Volume > *a.Denominator {
			over = append(over, a.ID)
		}
	}
	if len(partly) > 0 {
		list := strings.Join(partly, ", ")
		add("partly-assessed", partly, "Dinilai di sebagian wilayah saja: "+list+".", "Assessed in some of the areas only: "+list+".")
	}
	if len(over) > 0 {
		list := strings.Join(over, ", ")
		add("more-than-whole", over, "Volume melebihi penyebutnya: "+list+".", "The volume is more than its denominator: "+list+".")
	}
	listed := d.Listed != nil && *d.Listed
	if r.Total != nil {
		total := *r.Total
		// What is not assessed could make it a slum.
		if listed && r.Highest < lightest {
			add("in-decree-no-slum", nil, fmt.Sprintf("Nilai %d, di bawah %d, tetapi tercantum dalam SK.", total, lightest),
				fmt.Sprintf("The score is %d, under %d, but the area is in the decree.", total, lightest))
		}
		if d.Listed != nil && !listed && total >= lightest {
			add("slum-not-in-decree", nil, fmt.Sprintf("Nilai %d, %d atau lebih, tetapi tidak tercantum dalam SK.", total, lightest),
				fmt.Sprintf("The score is %d, %d or more, but the area is not in the decree.", total, lightest))
		}
		if d.Score != nil && *d.Score != total {
			add("score-differs", nil, fmt.Sprintf("Nilai menurut SK %d, menurut hitungan %d.", *d.Score, total),
				fmt.Sprintf("The score in the decree is %d, the computed one %d.", *d.Score, total))
		}
		if d.Class != "" && d.Class != r.Class {
			add("class-differs", nil, fmt.Sprintf("Tingkat menurut SK %s, menurut hitungan %s.", d.Class, r.Class),
				fmt.Sprintf("The class in the decree is %s, the computed one %s.", d.Class, r.Class))
		}
	}
	if day, err := time.Parse(time.DateOnly, string(d.Date)); err == nil && day.AddDate(reviewed, 0, 0).Before(on) {
		add("decree-old", nil, fmt.Sprintf("SK bertanggal %s, lebih dari %d tahun: perlu ditinjau ulang.", d.Date, reviewed),
			fmt.Sprintf("The decree is of %s, more than %d years old: it is due for review.", d.Date, reviewed))
	}
	return all
}
