package exchange

import (
	"io"
	"strconv"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// Observed is an observation as another system has sent it.
type Observed struct {
	plan.Observation
	// Unit of the value, as the sender says.
	Unit string
	// Refused is what is known to be wrong with it already.
	Refused []*plan.Error
}

// ReadObserved reads a body that holds at most so many observations:
//
//	{"observations":[{"by":"city","code":"11.71","at":"2026-01-31T08:00:00+07:00","value":1.2,"unit":"kg"}, ...]}
//
// A value of null takes back what was sent. They come in order; what is wrong with one is in its Refused. The error is of
// the body as a whole.
func ReadObserved(src io.Reader, most int) ([]Observed, error) {
	r := &observations{envelope: envelope{body: newBody(src, BodyOptions{}), top: newKeys(), members: newKeys()}}
	if err := r.open(); err != nil {
		return nil, malformed(err)
	}
	l := r.lex
	l.pos++ // the brace
	there := false
	err := l.object(r.top, func(name string, duplicate bool) error {
		if name != "observations" || duplicate {
			return l.syntax("isi permintaan hanya memiliki anggota observations, satu kali", "the body has the member observations only, once")
		}
		there = true
		return r.array(most, name, r.one)
	})
	if err == nil && !there {
		err = l.syntax("anggota observations tidak ada", "the member observations is missing")
	}
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, malformed(err)
	}
	return r.list, nil
}

type observations struct {
	envelope
	list []Observed
}

func (r *observations) one() error {
	l := r.lex
	if err := l.expect('{'); err != nil {
		return err
	}
	var o Observed
	it := &item{}
	seen := map[string]bool{}
	err := l.object(r.members, func(name string, duplicate bool) (err error) {
		if duplicate {
			it.complain("duplicate-member", name, "anggota muncul dua kali", "the member appears twice")
			return l.skip(0)
		}
		seen[name] = true
		text := ""
		switch name {
		case "by":
			text, err = r.text(it, name)
			o.Kind = plan.UnitKind(text)
		case "code":
			o.Code, err = r.text(it, name)
		case "unit":
			o.Unit, err = r.text(it, name)
		case "at":
			if text, err = r.text(it, name); err == nil && !it.said(name) {
				o.At = r.moment(it, text)
			}
		case "value":
			o.Value, err = r.amount(it)
		default:
			it.complain("unknown-member", name, "anggota ini tidak dikenal; yang ada: by, code, at, value, unit", "the member is not known; there are: by, code, at, value, unit")
			return l.skip(0)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range []string{"by", "code", "at", "value", "unit"} {
		if !seen[name] {
			it.complain("missing-member", name, "anggota "+name+" tidak ada", "the member "+name+" is missing")
		}
	}
	for i := range it.problems {
		o.Refused = append(o.Refused, it.problems[i].refusal())
	}
	r.list = append(r.list, o)
	return nil
}

// moment reads a time to the microsecond, which is what the database keeps.
func (r *observations) moment(it *item, text string) time.Time {
	t, fault := timestampValue(text)
	if fault != nil {
		fault.Field = "at"
		it.problems = append(it.problems, *fault)
		return time.Time{}
	}
	at, _ := t.(time.Time)
	return at.UTC().Truncate(time.Microsecond)
}

// amount reads a number that is finite, or null.
func (r *observations) amount(it *item) (*float64, error) {
	c := r.lex.peek()
	if c == '"' || c == '{' || c == '[' {
		it.complain("wrong-type-member", "value", "value mestinya bilangan, atau null", "value should be a number, or null")
		return nil, r.lex.skip(0)
	}
	p, err := r.lex.scalar(c)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Flawed:
		it.complain("not-finite", "value", "value bukan bilangan JSON", "value is not a JSON number")
		return nil, nil
	case p.Kind == NullValue:
		return nil, nil
	case p.Kind != NumberValue:
		it.complain("wrong-type-member", "value", "value mestinya bilangan, atau null", "value should be a number, or null")
		return nil, nil
	}
	v, bad := strconv.ParseFloat(string(p.Raw), 64)
	if bad != nil {
		it.complain("not-finite", "value", "bilangan terlalu besar", "the number is too large")
		return nil, nil
	}
	if v == 0 {
		v = 0 // not -0
	}
	return &v, nil
}
