package exchange

import (
	"math"
	"strconv"
)

// numeral is a number as it is written. raw is valid until the next token.
type numeral struct {
	raw []byte
	// mantissa * 10^exponent is the value where exact is set.
	mantissa uint64
	exponent int
	exact    bool
	negative bool
	// notJSON marks NaN and the infinities, which JSON does not have but many
	// programs write.
	notJSON bool
}

// number takes the number that is next, and also NaN, Infinity and -Infinity,
// so that one bad row does not make the rest of the file unreadable.
func (l *lexer) number() (numeral, error) {
	l.peek()
	if l.end-l.pos < longestNumber {
		l.reserve(longestNumber)
	}
	b := l.buf[l.pos:l.end]
	if len(b) > longestNumber {
		b = b[:longestNumber]
	}
	n := numeral{exact: true}
	i := 0
	if i < len(b) && b[i] == '-' {
		n.negative = true
		i++
	}
	if i < len(b) && (b[i] == 'N' || b[i] == 'I') {
		return l.notJSON(n, i)
	}
	first := i
	i = n.digits(b, i)
	if i == first || b[first] == '0' && i > first+1 {
		return n, l.unexpected("a number")
	}
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		i = n.digits(b, i)
		if i == point {
			return n, l.unexpected("a number")
		}
		n.exponent -= i - point
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		start := i
		for i < len(b) && '0' <= b[i] && b[i] <= '9' {
			i++
		}
		if i == start {
			return n, l.unexpected("a number")
		}
		n.exact = false
	}
	if i == longestNumber {
		return n, l.syntax("bilangan terlalu panjang", "a number of more than 1,000 characters")
	}
	if i < len(b) && isWord(b[i]) {
		l.pos += i
		return n, l.unexpected("',' or a bracket")
	}
	n.raw = b[:i]
	l.pos += i
	return n, nil
}

// digits takes digits from b[i:] into the mantissa.
func (n *numeral) digits(b []byte, i int) int {
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		if n.mantissa >= 1e18 { // 19 digits are full
			n.exact = false
		}
		n.mantissa = n.mantissa*10 + uint64(d)
	}
	return i
}

func (l *lexer) notJSON(n numeral, i int) (numeral, error) {
	start := l.pos
	l.pos += i
	word := "NaN"
	if l.buf[l.pos] == 'I' {
		word = "Infinity"
	}
	if err := l.word(word); err != nil {
		return n, err
	}
	n.raw, n.notJSON = l.buf[start:l.pos], true
	return n, nil
}

// float returns the nearest float64; false where there is no finite one.
func (n *numeral) float() (float64, bool) {
	if n.notJSON {
		return 0, false
	}
	// Clinger's fast path: both numbers are exact, so one rounding is right.
	if n.exact && n.mantissa < 1<<53 && n.exponent >= -22 {
		v := float64(n.mantissa) / math.Pow10(-n.exponent)
		if n.negative && v != 0 { // -0 is of no use to anybody
			v = -v
		}
		return v, true
	}
	v, err := strconv.ParseFloat(string(n.raw), 64)
	return v, err == nil
}
