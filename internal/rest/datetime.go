package rest

import (
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// ParseDatetime reads an instant or an interval (Part 1, 7.15.4). It returns
// nil where the answer is the present state: from now on, as far as known.
func ParseDatetime(text string, now time.Time) (*plan.Interval, error) {
	from, until, interval := strings.Cut(text, "/")
	i, err := plan.Interval{}, error(nil)
	if i.From, err = parseInstant(from, interval); err != nil {
		return nil, err
	}
	i.Until = i.From
	if interval {
		if i.Until, err = parseInstant(until, true); err != nil {
			return nil, err
		}
		if i.From.IsZero() && i.Until.IsZero() {
			return nil, badTime("paling sedikit satu ujung harus ada", "at least one end must be given")
		}
		if !i.From.IsZero() && !i.Until.IsZero() && i.From.After(i.Until) {
			return nil, badTime("awal sesudah akhir", "the start is after the end")
		}
	}
	if !i.From.IsZero() && !i.From.Before(now) {
		return nil, nil
	}
	return &i, nil
}

// parseInstant reads one RFC 3339 time, or an open end where open is true.
func parseInstant(s string, open bool) (time.Time, error) {
	if open && (s == "" || s == "..") {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || strings.Contains(s, ",") {
		if strings.Contains(s, " ") {
			return time.Time{}, badTime("tanda + di alamat harus ditulis %2B", "write the sign + as %2B in an address")
		}
		return time.Time{}, badTime("bukan waktu RFC 3339 dengan zona", "not an RFC 3339 time with a zone")
	}
	if y := t.Year(); y < 1 || t.IsZero() {
		return time.Time{}, badTime("tahun di luar jangkauan", "the year is out of range")
	}
	return t.UTC(), nil
}

func badTime(id, en string) error {
	return Invalid("datetime", plan.Text{
		ID: "Waktu tidak sah: " + id + ". Contoh: 2026-01-31T08:00:00Z, 2026-01-01T00:00:00Z/..",
		EN: "The time is not valid: " + en + ". Example: 2026-01-31T08:00:00Z, 2026-01-01T00:00:00Z/..",
	})
}
