package plan

import (
	"strconv"
	"strings"
	"time"
)

// Lang is a language that the service speaks to people.
type Lang string

// The languages; Indonesian is the first one everywhere.
const (
	Indonesian Lang = "id"
	English    Lang = "en"
)

// Text is a sentence or title in both languages.
type Text struct {
	ID string `yaml:"id" json:"id"`
	EN string `yaml:"en" json:"en"`
}

// In returns the text in lang, and the other language where that one is
// missing: half a translation is better than none.
func (t Text) In(lang Lang) string {
	if (lang == English && t.EN != "") || t.ID == "" {
		return t.EN
	}
	return t.ID
}

// IsZero reports whether the text is empty in both languages.
func (t Text) IsZero() bool { return t.ID == "" && t.EN == "" }

// Number is a figure as people write it in each language, with all its digits.
func Number(v float64) Text { return grouped(strconv.FormatFloat(v, 'f', -1, 64)) }

// Fixed is a figure as people write it in each language, with exactly so many
// decimals.
func Fixed(v float64, decimals int) Text { return grouped(strconv.FormatFloat(v, 'f', decimals, 64)) }

// grouped sets marks between the thousands of a figure, and the point of each
// language.
func grouped(figure string) Text {
	whole, part, decimals := strings.Cut(figure, ".")
	sign := ""
	if rest, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = "-", rest
	}
	group := func(mark string) string {
		s := whole
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + mark + s[i:]
		}
		return sign + s
	}
	t := Text{ID: group("."), EN: group(",")}
	if decimals {
		t.ID, t.EN = t.ID+","+part, t.EN+"."+part
	}
	return t
}

// western is the time of western Indonesia, which has no summer time: the city
// keeps it.
func western(t time.Time) time.Time { return t.In(time.FixedZone("WIB", 7*60*60)) }

// Day is the day of a moment in the city, in words.
func Day(t time.Time) Text {
	t = western(t)
	months := strings.Fields("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember")
	return Text{
		ID: strconv.Itoa(t.Day()) + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year()),
		EN: t.Format("2 January 2006"),
	}
}

// Moment is a day and a time of day in the city, in words: 25 November 2026,
// 10.04 WIB.
func Moment(t time.Time) Text {
	day, t := Day(t), western(t)
	return Text{ID: day.ID + t.Format(", 15.04 WIB"), EN: day.EN + t.Format(", 15:04 WIB")}
}
