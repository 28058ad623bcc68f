package plan_test

import (
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

func TestFiguresAndTimesInWords(t *testing.T) {
	night := time.Date(2026, 12, 31, 18, 5, 59, 0, time.UTC) // in the city it is the next year
	for _, c := range []struct{ got, want plan.Text }{
		{plan.Number(-1234567.25), plan.Text{ID: "-1.234.567,25", EN: "-1,234,567.25"}},
		{plan.Number(999), plan.Text{ID: "999", EN: "999"}},
		{plan.Fixed(1000, 1), plan.Text{ID: "1.000,0", EN: "1,000.0"}},
		{plan.Fixed(-0.26, 1), plan.Text{ID: "-0,3", EN: "-0.3"}},
		{plan.Day(night), plan.Text{ID: "1 Januari 2027", EN: "1 January 2027"}},
		{plan.Moment(night), plan.Text{ID: "1 Januari 2027, 01.05 WIB", EN: "1 January 2027, 01:05 WIB"}},
	} {
		if c.got != c.want {
			t.Errorf("%+v, not %+v", c.got, c.want)
		}
	}
}
