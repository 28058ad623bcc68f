package zoning

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// Answer is one cell of the matrix in its canonical form: I, X, or a set of
// T, B and TB with or without the number of a condition, such as "T1,B3".
// Empty is not stated.
type Answer string

// Verdict sums up an answer.
type Verdict string

// The verdicts, from the most to the least that is allowed.
const (
	Allowed            Verdict = "allowed"
	Limited            Verdict = "limited"
	Conditional        Verdict = "conditional"
	LimitedConditional Verdict = "limited_conditional"
	Prohibited         Verdict = "prohibited"
	NotStated          Verdict = "not_stated"
)

// Verdicts lists all members of Verdict.
var Verdicts = []Verdict{Allowed, Limited, Conditional, LimitedConditional, Prohibited, NotStated}

// Title is how the verdict is told.
func (v Verdict) Title() plan.Text {
	switch v {
	case Allowed:
		return plan.Text{ID: "diizinkan", EN: "allowed"}
	case Limited:
		return plan.Text{ID: "diizinkan secara terbatas", EN: "allowed with limits"}
	case Conditional:
		return plan.Text{ID: "diizinkan dengan syarat", EN: "allowed on conditions"}
	case LimitedConditional:
		return plan.Text{ID: "diizinkan secara terbatas dan dengan syarat", EN: "allowed with limits and on conditions"}
	case Prohibited:
		return plan.Text{ID: "tidak diizinkan", EN: "not allowed"}
	case NotStated:
		return plan.Text{ID: "tidak disebut dalam aturan", EN: "not stated in the rules"}
	default:
		panic("zoning: no such verdict: " + string(v))
	}
}

var grantText = regexp.MustCompile(`^(T|B|TB)([1-9][0-9]{0,2})?$`)

// ParseAnswer reads a cell, in any order and case and with spaces; false where
// it is none.
func ParseAnswer(text string) (Answer, bool) {
	text = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	switch text {
	case "", "I", "X":
		return Answer(text), true
	}
	parts := strings.Split(text, ",")
	for _, p := range parts {
		if !grantText.MatchString(p) {
			return "", false
		}
	}
	slices.SortFunc(parts, func(a, b string) int {
		x, y := grantText.FindStringSubmatch(a), grantText.FindStringSubmatch(b)
		order := []string{"T", "B", "TB"}
		m, _ := strconv.Atoi(x[2])
		n, _ := strconv.Atoi(y[2])
		return cmp.Or(cmp.Compare(slices.Index(order, x[1]), slices.Index(order, y[1])), cmp.Compare(m, n))
	})
	if len(slices.Compact(slices.Clone(parts))) != len(parts) {
		return "", false
	}
	return Answer(strings.Join(parts, ",")), true
}

// Verdict sums the answer up.
func (a Answer) Verdict() Verdict {
	switch a {
	case "":
		return NotStated
	case "I":
		return Allowed
	case "X":
		return Prohibited
	}
	limited, conditional := false, false
	for p := range strings.SplitSeq(string(a), ",") {
		limited = limited || p[0] == 'T'
		conditional = conditional || p[0] == 'B' || strings.HasPrefix(p, "TB")
	}
	switch {
	case limited && conditional:
		return LimitedConditional
	case limited:
		return Limited
	default:
		return Conditional
	}
}

// Conditions lists the codes of the conditions that the answer names.
func (a Answer) Conditions() []string {
	var codes []string
	for p := range strings.SplitSeq(string(a), ",") {
		if p != "" && p[len(p)-1] >= '0' && p[len(p)-1] <= '9' {
			codes = append(codes, p)
		}
	}
	return codes
}
