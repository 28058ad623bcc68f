package pdf

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/simtaru/simtaru/internal/plan"
)

// word chooses between the languages.
func (s *sheet) word(id, en string) string { return plan.Text{ID: id, EN: en}.In(s.lang) }

// number writes a figure with at most so many decimals.
func (s *sheet) number(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, part, _ := strings.Cut(text, ".")
	part = strings.TrimRight(part, "0")
	return s.group(whole, part)
}

// fixed writes a figure with exactly so many decimals.
func (s *sheet) fixed(v float64, decimals int) string {
	whole, part, _ := strings.Cut(strconv.FormatFloat(v, 'f', decimals, 64), ".")
	return s.group(whole, part)
}

func (s *sheet) group(whole, part string) string {
	mark, point := ".", ","
	if s.lang == plan.English {
		mark, point = ",", "."
	}
	sign := ""
	if rest, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = "−", rest
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + mark + whole[i:]
	}
	if part != "" {
		whole += point + part
	}
	return sign + whole
}

// western is the time of western Indonesia.
func western(t time.Time) time.Time { return t.In(time.FixedZone("WIB", 7*60*60)) }

func (s *sheet) date(t time.Time) string {
	t = western(t)
	months := strings.Fields("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember")
	if s.lang == plan.English {
		months = strings.Fields("January February March April May June July August September October November December")
	}
	return strconv.Itoa(t.Day()) + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

func (s *sheet) moment(t time.Time) string {
	return s.date(t) + western(t).Format(s.word(", 15.04 WIB", ", 15:04 WIB"))
}

// clean leaves what the font has: composed letters, in one line. A sign that it
// lacks becomes a box, so that nobody takes the text for complete.
func clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case r < 0x180, r >= 0x384 && r < 0x500, strings.ContainsRune("‐‑‒–—‘’‚“”„†•…‰′″‹›€™−≈≠≤≥→■□▲●", r):
			return r
		default:
			return '□'
		}
	}, norm.NFC.String(text)))
}
