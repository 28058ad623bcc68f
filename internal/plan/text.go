package plan

import (
	"strconv"
	"strings"
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
func Number(v float64) Text {
	en := strconv.FormatFloat(v, 'f', -1, 64)
	whole, part, decimals := strings.Cut(en, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
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
