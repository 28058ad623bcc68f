package exchange

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/simtaru/simtaru/internal/plan"
)

// Problems takes the problems of an import as they are found: those of the
// file in its order, then those that the database finds, in the same order.
type Problems interface {
	Write(*Problem) error
}

// CSV writes problems for a spreadsheet: comma-separated after RFC 4180, in
// UTF-8 with a byte order mark, which Excel needs to see that. Texts that a
// spreadsheet would take for a formula are quoted with an apostrophe.
type CSV struct {
	w    *csv.Writer
	lang plan.Lang
}

// NewCSV writes the heading to w. Flush must be called at the end.
func NewCSV(w io.Writer, lang plan.Lang) (*CSV, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	c := &CSV{w: csv.NewWriter(w), lang: lang}
	return c, c.w.Write([]string{
		"line", "column", "offset", "feature", "action", "code", "field", "value", "message", "path", "lon", "lat", "area_before_m2", "area_after_m2",
	})
}

// Write writes one row.
func (c *CSV) Write(p *Problem) error {
	number := func(v *float64, decimals int) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', decimals, 64)
	}
	var lon, lat string
	if p.At != nil {
		lon, lat = number(&p.At[0], 7), number(&p.At[1], 7)
	}
	return c.w.Write([]string{
		strconv.FormatInt(p.Line, 10), strconv.FormatInt(p.Column, 10), strconv.FormatInt(p.Offset, 10), strconv.FormatInt(p.Feature, 10),
		string(p.Action), p.Code, Harmless(p.Field), Harmless(p.Value), Harmless(p.Message.In(c.lang)), p.Path, lon, lat,
		number(p.AreaBefore, 2), number(p.AreaAfter, 2),
	})
}

// Flush writes what is buffered.
func (c *CSV) Flush() error {
	c.w.Flush()
	return c.w.Error()
}

// Harmless is a text as a cell may hold it: it keeps a spreadsheet from computing
// what a file says.
func Harmless(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return "'" + s
	}
	return s
}

// NDJSON writes problems for programs: one object a line, messages in both
// languages.
type NDJSON struct{ enc *json.Encoder }

// NewNDJSON writes to w, unbuffered.
func NewNDJSON(w io.Writer) *NDJSON {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &NDJSON{enc: enc}
}

// Write writes one line.
func (n *NDJSON) Write(p *Problem) error {
	return n.enc.Encode(struct {
		Line       int64       `json:"line"`
		Column     int64       `json:"column"`
		Offset     int64       `json:"offset"`
		Feature    int64       `json:"feature"`
		Action     Action      `json:"action"`
		Code       string      `json:"code"`
		Field      string      `json:"field,omitempty"`
		Value      string      `json:"value,omitempty"`
		Message    plan.Text   `json:"message"`
		Path       string      `json:"path,omitempty"`
		At         *[2]float64 `json:"at,omitempty"`
		AreaBefore *float64    `json:"areaBefore,omitempty"`
		AreaAfter  *float64    `json:"areaAfter,omitempty"`
	}{
		p.Line, p.Column, p.Offset, p.Feature, p.Action, p.Code, p.Field, p.Value, p.Message, p.Path,
		(*[2]float64)(p.At), p.AreaBefore, p.AreaAfter,
	})
}
