package exchange

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// Action says what became of the row that a Problem is about.
type Action string

// The actions.
const (
	Refused  Action = "refused"  // the row was not taken
	Repaired Action = "repaired" // the row was changed, and then taken
)

// Problem is one thing that is wrong with one row, or was mended in it.
type Problem struct {
	// Position is where the fault stands, or the row begins.
	Position
	// Feature is the number of the row in the file, from 1.
	Feature int64
	Action  Action
	// Code is a stable slug; Message says the same in words.
	Code    string
	Message plan.Text
	// Field is the property or member that is meant, Value what it holds (cut
	// to fit a cell), Path the place in the geometry.
	Field, Value, Path string
	// At is the lon, lat of the fault, or the row's first point; nil where
	// there is none.
	At *orb.Point
	// AreaBefore and AreaAfter in m2 tell what a repair changed.
	AreaBefore, AreaAfter *float64
}

// Err is the problem as the error that people are shown.
func (p *Problem) Err() *plan.Error {
	at := p.Position.String()
	if p.Field != "" {
		at += ", " + p.Field
	}
	if p.Path != "" {
		at += ", " + p.Path
	}
	return &plan.Error{Kind: plan.Unprocessable, Code: p.Code, Message: p.Message, At: at}
}

// text is a pair of sentences in the order id, en.
func say(id, en string) plan.Text { return plan.Text{ID: id, EN: en} }

// sayf formats both sentences with the same arguments.
func sayf(id, en string, args ...any) plan.Text {
	return plan.Text{ID: fmt.Sprintf(id, args...), EN: fmt.Sprintf(en, args...)}
}

// excerpt is the beginning of a value as it can stand in a cell.
func excerpt(b []byte) string {
	const longest = 80
	s := strings.ToValidUTF8(string(b[:min(len(b), 4*longest+1)]), "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest]) + "..."
	}
	return s
}

// geometryProblem turns a fault of geo.Check into a problem.
func geometryProblem(f *geo.Fault) Problem {
	code := [...]string{
		geo.Empty: "empty-geometry", geo.NotFinite: "not-finite", geo.OutOfWorld: "out-of-world",
		geo.TooFewPoints: "too-few-points", geo.Unclosed: "unclosed-ring", geo.TooManyVertices: "too-many-vertices",
		geo.TooManyParts: "too-many-parts", geo.UnsupportedShape: "unsupported-geometry",
	}[f.Kind]
	return Problem{Code: code, Message: f.Message(), Path: f.Path, At: f.At}
}
