package plan

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// MostObservations is how many observations are taken at once.
const MostObservations = 1000

// clockAhead is by how much the clock of a sender may be ahead of ours.
const clockAhead = 5 * time.Minute

// firstYear is the first that values may speak of: a date before it is a slip.
const firstYear = 1990

// maxUnitCode is the length of the longest code of a unit of land.
const maxUnitCode = 40

// Refuse says what is wrong with an observation of the indicator that arrives
// at the moment now; nil is nothing. Whether there is a unit of that code is
// for who knows the boundary.
func (i *Indicator) Refuse(o Observation, now time.Time) *Error {
	bad := func(at, code, id, en string) *Error {
		return &Error{Kind: Unprocessable, Code: code, At: at, Message: Text{ID: id, EN: en}}
	}
	switch {
	case !slices.Contains(i.Units, o.Kind):
		return bad("by", "observation-unit", fmt.Sprintf("Indikator ini tidak ada untuk satuan %q; yang ada: %v.", string(o.Kind), i.Units),
			fmt.Sprintf("This indicator does not exist for the unit %q; it does for: %v.", string(o.Kind), i.Units))
	case o.Code == "" || len(o.Code) > maxUnitCode:
		return bad("code", "observation-unit", "Tulis kode wilayahnya, misalnya 11.71.", "Write the code of the unit, such as 11.71.")
	case o.Value != nil && (math.IsNaN(*o.Value) || math.IsInf(*o.Value, 0)):
		return bad("value", "observation-value", "Nilainya bukan bilangan.", "The value is not a number.")
	case o.Value != nil && i.Min != nil && *o.Value < *i.Min:
		v, limit := Number(*o.Value), Number(*i.Min)
		return bad("value", "observation-value", fmt.Sprintf("Nilai %s %s di bawah batas %s.", v.ID, i.Unit, limit.ID),
			fmt.Sprintf("The value %s %s is below the limit %s.", v.EN, i.Unit, limit.EN))
	case o.Value != nil && i.Max != nil && *o.Value > *i.Max:
		v, limit := Number(*o.Value), Number(*i.Max)
		return bad("value", "observation-value", fmt.Sprintf("Nilai %s %s di atas batas %s.", v.ID, i.Unit, limit.ID),
			fmt.Sprintf("The value %s %s is above the limit %s.", v.EN, i.Unit, limit.EN))
	case o.At.Year() < firstYear:
		return bad("at", "observation-time", fmt.Sprintf("Waktu pengukuran sebelum tahun %d tidak diterima.", firstYear),
			fmt.Sprintf("A time of measurement before %d is not accepted.", firstYear))
	case o.At.After(now.Add(clockAhead)):
		return bad("at", "observation-time", fmt.Sprintf("Waktu pengukuran %s belum tiba.", o.At.Format(time.RFC3339)),
			fmt.Sprintf("The time of measurement %s has not come yet.", o.At.Format(time.RFC3339)))
	}
	return nil
}
