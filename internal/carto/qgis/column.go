package qgis

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// ReadRevision is the column in which an editor says which revision it had
// read. QGIS sends only what was changed, so the project has it fill this one
// at each change; the database compares, and sets it back to null.
const ReadRevision = "read_revision"

// column is a column of the table as a form shows it.
type column struct {
	name, title string
	// field is nil for a column of the platform.
	field *plan.Field
	// value is an expression for new features; onUpdate also at each change.
	value    string
	onUpdate bool
}

// filled reports whether a person fills the column in.
func (c column) filled() bool { return c.field != nil && c.field.Computed == nil }

// columns in the order of the table, or of the properties in the service, where
// the id is none of them.
func (v view) columns() []column {
	var all []column
	if v.provider == postgres {
		all = append(all, column{name: "id", title: v.say("Nomor fitur", "Feature number")})
	}
	for i := range v.layer.Fields {
		f := &v.layer.Fields[i]
		title := f.Title.In(v.lang)
		switch {
		case f.Unit != "":
			title += " (" + unitWord(f.Unit, v.lang) + ")"
		case f.Type == plan.TimestampField:
			title += v.say(" (contoh: 2026-01-31 08:00)", " (example: 2026-01-31 08:00)")
		}
		all = append(all, column{name: f.Name, title: title, field: f})
	}
	// The database sets these whatever is sent. They may not be null, so that
	// a form for a new feature needs something to show.
	own := []column{
		{name: "revision", title: v.say("Versi", "Version"), value: "0"},
		{name: "updated_at", title: v.say("Diubah pada", "Changed at"), value: "now()"},
		{name: "updated_by", title: v.say("Diubah oleh", "Changed by"), value: "'" + v.say("(diisi saat disimpan)", "(set when saved)") + "'"},
		{name: ReadRevision, title: v.say("Versi yang dibaca", "Version that was read"), value: `"revision"`, onUpdate: true},
	}
	if v.provider == postgres {
		return append(all, own...)
	}
	// The service takes null for them, and a new feature must not claim to have
	// read revision 0. The last two are not sent to everybody.
	for i := range own[:3] {
		own[i].value = ""
	}
	switch {
	case v.editable:
		return append(all, own...)
	case v.staff:
		return append(all, own[:3]...)
	default:
		return append(all, own[:2]...)
	}
}

// nullValue is what QGIS writes for null in a value map.
const nullValue = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"

// widget is the editor of a column.
//
// A moment is written as text. The calendar of QGIS 3.40 loses the zone of what
// it shows, and moves it by seven hours when the form is saved; as text both old
// and new ones keep it, and take what has no zone for the time here, which is
// the zone of every person's sessions.
func (v view) widget(c column) *node {
	kind, config := "TextEdit", []*node{boolOption("IsMultiline", false), boolOption("UseHtml", false)}
	f := c.field
	switch {
	case c.name == ReadRevision:
		kind, config = "Hidden", nil
	case c.name == "updated_at":
		kind, config = "DateTime", moment("dd-MM-yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss")
	case f == nil:
	case f.Codes != nil:
		kind, config = "ValueMap", []*node{v.values(f)}
	case v.linked(f):
		kind, config = "ValueRelation", v.relationConfig(v.link(f))
	case f.Type == plan.TextField:
		config = []*node{boolOption("IsMultiline", maxLength(f) > 250), boolOption("UseHtml", false)}
	case f.Type == plan.BooleanField && !f.Required:
		// A check box has no third state that QGIS 3.22 would keep: what is not
		// known would become a no when the form is saved.
		kind, config = "ValueMap", []*node{v.yesOrNo()}
	case f.Type == plan.BooleanField:
		kind, config = "CheckBox", []*node{
			textOption("CheckedState", ""), textOption("UncheckedState", ""), intOption("TextDisplayMethod", 0),
		}
	case f.Type == plan.DateField:
		kind, config = "DateTime", moment("dd-MM-yyyy", "yyyy-MM-dd")
	case f.Type == plan.IntegerField && spins(f):
		kind, config = "Range", []*node{
			boolOption("AllowNull", !f.Required), intOption("Min", int(*f.Min)), intOption("Max", int(*f.Max)),
			intOption("Precision", 0), intOption("Step", 1), textOption("Style", "SpinBox"),
		}
	}
	return el("editWidget", "type", kind).add(el("config").add(mapOption(config...)))
}

// spins reports whether whole numbers fit a spin box, which holds 32 bits and
// would cut a larger value when the form is saved. Decimal numbers never get
// one, since it rounds what it shows.
func spins(f *plan.Field) bool {
	return f.Min != nil && f.Max != nil && *f.Min > math.MinInt32+1 && *f.Max < math.MaxInt32
}

// moment is a date, with a time where the format has one.
func moment(display, stored string) []*node {
	return []*node{
		boolOption("allow_null", true), boolOption("calendar_popup", true), textOption("display_format", display),
		textOption("field_format", stored), boolOption("field_format_overwrite", false), boolOption("field_iso_format", false),
	}
}

// values lists the codes by their titles; what is kept is the code.
func (v view) values(f *plan.Field) *node {
	var pairs []string
	if !f.Required {
		pairs = append(pairs, v.notStated(), nullValue)
	}
	if codes, ok := v.cat.List(*f.Codes); ok {
		for _, c := range codes.Codes {
			pairs = append(pairs, codeTitle(c, v.lang), c.Code)
		}
	}
	return valueMap(pairs...)
}

func (v view) yesOrNo() *node {
	return valueMap(v.notStated(), nullValue, v.say("Ya", "Yes"), "true", v.say("Tidak", "No"), "false")
}

func (v view) notStated() string { return v.say("(belum diisi)", "(not stated)") }

// valueMap is a list of pairs of what is shown and what is kept.
func valueMap(pairs ...string) *node {
	list := el("Option", "type", "List", "name", "map")
	for i := 0; i+1 < len(pairs); i += 2 {
		list.add(mapOption(textOption(pairs[i], pairs[i+1])))
	}
	return list
}

// official tells codes of regulations, which planners know by heart, from
// those that are words for programs.
var official = regexp.MustCompile(`^[A-Z0-9][A-Z0-9.-]*$`)

// codeTitle puts an official code behind its title: Jalur Hijau (RTH-8).
func codeTitle(c plan.Code, lang plan.Lang) string {
	title := c.Title.In(lang)
	if official.MatchString(c.Code) && !strings.Contains(title, c.Code) {
		title += " (" + c.Code + ")"
	}
	return title
}

func maxLength(f *plan.Field) int {
	if f.MaxLength == 0 {
		return plan.DefaultMaxLength
	}
	return f.MaxLength
}

// rule is what a value must satisfy beyond being there and being unique, as an
// expression, and in words; empty where there is nothing. The database says
// the same; here it is said before anything is sent.
func (v view) rule(f *plan.Field) (expression, words string) {
	name := quoted(f.Name)
	word := func(id, en string, args ...any) string { return fmt.Sprintf(v.say(id, en), args...) }
	var parts []string
	switch {
	case f.Type == plan.TextField && f.Codes == nil:
		parts = append(parts, fmt.Sprintf("length(%s) <= %d", name, maxLength(f)))
		words = word("Paling banyak %d huruf.", "At most %d characters.", maxLength(f))
	case f.Min != nil && f.Max != nil:
		words = word("Harus %s sampai %s.", "Must be %s to %s.", number(*f.Min), number(*f.Max))
	case f.Min != nil:
		words = word("Paling sedikit %s.", "At least %s.", number(*f.Min))
	case f.Max != nil:
		words = word("Paling banyak %s.", "At most %s.", number(*f.Max))
	}
	if f.Min != nil {
		parts = append(parts, name+" >= "+number(*f.Min))
	}
	if f.Max != nil {
		parts = append(parts, name+" <= "+number(*f.Max))
	}
	for i := range v.layer.Checks {
		// A quotient is left to the database, which looks at it only when it changes.
		if c := &v.layer.Checks[i]; c.Order != nil && c.At() == f.Name {
			first, text := quoted(c.Order[0]), c.Text(v.layer)
			parts = append(parts, fmt.Sprintf("(%s is null or %[1]s <= %s)", first, name))
			words = strings.TrimSpace(words + " " + upper(v.say(text.ID, text.EN)) + ".")
		}
	}
	if len(parts) == 0 {
		return "", ""
	}
	// What is null satisfies no comparison.
	return name + " is null or (" + strings.Join(parts, " and ") + ")", words
}

// constraints of QGIS, which add up.
const (
	notNull   = 1
	unique    = 2
	satisfies = 4
)

// constraint says which constraints a column has: all are hard, so that a form
// cannot be closed while one is broken.
func (v view) constraint(c column) (kinds, expression *node) {
	bits, rule, words := 0, "", ""
	if c.field != nil {
		rule, words = v.rule(c.field)
		if c.field.Required {
			bits |= notNull
		}
		if c.field.Unique {
			bits |= unique
		}
		if rule != "" {
			bits |= satisfies
		}
	}
	strength := func(kind int) string { return bit(bits&kind != 0) }
	return el("constraint", "field", c.name, "constraints", strconv.Itoa(bits),
			"notnull_strength", strength(notNull), "unique_strength", strength(unique), "exp_strength", strength(satisfies)),
		el("constraint", "field", c.name, "exp", rule, "desc", words)
}

// upper begins a sentence.
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
