package pdf

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/simtaru/simtaru/internal/plan"
)

// word chooses between the languages.
func (s *sheet) word(id, en string) string { return plan.Text{ID: id, EN: en}.In(s.lang) }

// number writes a figure with at most so many decimals.
func (s *sheet) number(v float64, decimals int) string {
	unit := math.Pow10(decimals)
	return plan.Number(math.Round(v*unit) / unit).In(s.lang)
}

// fixed writes a figure with exactly so many decimals.
func (s *sheet) fixed(v float64, decimals int) string { return plan.Fixed(v, decimals).In(s.lang) }

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
