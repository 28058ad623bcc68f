package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Check is a rule between fields of one feature. It has one of its members, and
// is kept where one of its fields has no value.
type Check struct {
	// Order names two fields: the second is not less, or earlier, than the first.
	Order []string `yaml:"order,omitempty" json:"order,omitempty"`
	// Quotient names three fields of numbers: the first is the second divided by
	// the third, rounded down. It is looked at when one of them changes.
	Quotient []string `yaml:"quotient,omitempty" json:"quotient,omitempty"`
}

// Fields names the fields of the rule.
func (c *Check) Fields() []string { return slices.Concat(c.Order, c.Quotient) }

// At is the field whose value the rule asks for.
func (c *Check) At() string {
	if c.Order != nil {
		return c.Order[1]
	}
	return c.Quotient[0]
}

// Code is that of an Error that tells of a broken rule.
func (c *Check) Code() string {
	if c.Order != nil {
		return "value-order"
	}
	return "value-quotient"
}

// Text says the rule in words that follow the name of the field At. That of a
// quotient has NumberHere where that stands.
func (c *Check) Text(l *Layer) Text {
	if c.Order != nil {
		first, _ := l.Field(c.Order[0])
		if first.Type == DateField || first.Type == TimestampField {
			return Text{ID: "tidak boleh sebelum " + first.Title.ID, EN: "may not be before " + first.Name}
		}
		return Text{ID: "tidak boleh kurang dari " + first.Title.ID, EN: "may not be less than " + first.Name}
	}
	whole, _ := l.Field(c.Quotient[1])
	each, _ := l.Field(c.Quotient[2])
	return Text{
		ID: fmt.Sprintf("harus %s, yaitu %s dibagi %s, dibulatkan ke bawah", NumberHere, whole.Title.ID, each.Title.ID),
		EN: fmt.Sprintf("must be %s, which is %s divided by %s, rounded down", NumberHere, whole.Name, each.Name),
	}
}

// NumberHere stands in Check.Text for what a quotient comes to.
const NumberHere = "{n}"

// Slack is what a quotient may be below a whole number to count as it: decimal
// fractions are not exact.
const Slack = 1e-9

// Broken lists the rules that values break, which are found by field as
// Feature.Values has them, and what each asks for.
func (l *Layer) Broken(value func(field string) any) (broken []*Error) {
	for i := range l.Checks {
		c := &l.Checks[i]
		text := c.Text(l)
		switch {
		case c.Order != nil:
			if !after(value(c.Order[0]), value(c.Order[1])) {
				continue
			}
		default:
			is, ok := numberOf(value(c.Quotient[0]))
			whole, has := numberOf(value(c.Quotient[1]))
			each, by := numberOf(value(c.Quotient[2]))
			want := math.Floor(whole/each + Slack)
			if !ok || !has || !by || is == want {
				continue
			}
			for _, s := range []*string{&text.ID, &text.EN} {
				*s = strings.ReplaceAll(*s, NumberHere, fmt.Sprintf("%.0f", want))
			}
		}
		broken = append(broken, &Error{Kind: Unprocessable, Code: c.Code(), At: c.At(), Message: text})
	}
	return broken
}

// after reports whether a is greater, or later, than b; values of other types
// than they should have are told elsewhere.
func after(a, b any) bool {
	if x, ok := numberOf(a); ok {
		y, ok := numberOf(b)
		return ok && x > y
	}
	switch x := a.(type) {
	case Date:
		y, ok := b.(Date)
		return ok && x > y
	case time.Time:
		y, ok := b.(time.Time)
		return ok && x.After(y)
	}
	return false
}

func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
