package report

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// Layer holds the reports.
const Layer = "report"

const boundaryLayer = "boundary"

// The fields of a report that are sent or told to who sent it.
const (
	kindField    = "kind"
	messageField = "message"
	photoField   = "photo"
	whenField    = "reported_at"
	statusField  = "status"
	answerField  = "answer"
)

// received is the status of a report that nobody has looked at.
const received = "received"

// Limits of a report, in characters.
const (
	MaxMessage = 2000
	MaxContact = 200
	minMessage = 5
)

// beyond is how far outside the city a report may lie, in degrees: a bridge or
// the shore, some 100 m.
const beyond = 0.001

// Draft is a report on its way in.
type Draft struct {
	Kind string
	// At is lon, lat in degrees.
	At      orb.Point
	Message string
	// Contact is how to reach the sender. It is checked and is not part of the
	// feature, whose history would keep it.
	Contact string
	// HasPhoto tells that a photo comes with it.
	HasPhoto bool
}

// Declared reports whether a city takes reports.
func Declared(v mirror.View) bool {
	l, ok := v.Catalog().Layer(Layer)
	if !ok {
		return false
	}
	for _, name := range []string{kindField, messageField, photoField, whenField, statusField} {
		if _, ok := l.Field(name); !ok {
			return false
		}
	}
	return true
}

// Edit checks a draft, whose texts are clean, and makes of it the feature that is stored. Errors are
// *plan.Error and name the part that is wrong.
func (d Draft) Edit(v mirror.View, now time.Time) (plan.Edit, error) {
	for _, check := range []func(mirror.View) *plan.Error{d.kind, d.place, d.texts} {
		if err := check(v); err != nil {
			return plan.Edit{}, err
		}
	}
	values := map[string]any{
		kindField: d.Kind, messageField: d.Message, photoField: d.HasPhoto, whenField: now.UTC(), statusField: received,
	}
	return plan.Edit{Layer: Layer, Op: plan.Create, Values: values, Geometry: d.At, HasGeometry: true}, nil
}

func bad(code, at, id, en string) *plan.Error {
	return &plan.Error{Kind: plan.Unprocessable, Code: code, At: at, Message: plan.Text{ID: id, EN: en}}
}

func (d Draft) kind(v mirror.View) *plan.Error {
	var codes []string
	for _, c := range Codes(v, kindField) {
		codes = append(codes, c.Code)
	}
	if slices.Contains(codes, d.Kind) {
		return nil
	}
	list := strings.Join(codes, ", ")
	return bad("report-kind", "kind", "Pilih jenis laporan: "+list+".", "Choose the kind of report: "+list+".")
}

// Codes are those of a field of reports.
func Codes(v mirror.View, field string) []plan.Code {
	l, ok := v.Catalog().Layer(Layer)
	if !ok {
		return nil
	}
	if f, ok := l.Field(field); ok && f.Codes != nil {
		if list, ok := v.Catalog().List(*f.Codes); ok {
			return list.Codes
		}
	}
	return nil
}

func (d Draft) place(v mirror.View) *plan.Error {
	_, declared := v.Catalog().Layer(boundaryLayer)
	// Where the public may not see the boundary, it may know what is outside.
	snap, loaded := v.As(plan.Actor{Role: plan.Admin}).Snapshot(boundaryLayer)
	box, bounded := orb.Bound{}, false
	if loaded {
		box, bounded = snap.Bound()
	}
	switch {
	case bounded && geo.Swapped(box, d.At):
		return bad("report-place", "lon", "lon dan lat tampaknya tertukar.", "lon and lat seem to be exchanged.")
	case !(math.Abs(d.At[0]) <= 180 && math.Abs(d.At[1]) < 90):
		return bad("report-place", "lon", "Tempatnya di luar dunia.", "The place is outside the world.")
	case declared && !loaded:
		return &plan.Error{Kind: plan.Unavailable, Code: "no-boundary", Message: plan.Text{
			ID: "Batas kota belum dapat dibaca, sehingga tempatnya belum dapat diperiksa. Coba lagi nanti.",
			EN: "The city's boundary cannot be read yet, so the place cannot be checked. Try again later.",
		}}
	case !bounded:
		return nil // the city has no boundary yet
	}
	near, inside := d.At.Bound().Pad(beyond), false
	snap.Search(near, func(f *mirror.Feature) bool {
		inside = f.Geometry != nil && geo.Intersects(near, f.Geometry)
		return !inside
	})
	if !inside {
		return bad("report-place", "lon", "Tempat ini di luar kota. Pilih tempat di dalam batas kota.", "This place is outside the city. Choose one within its boundary.")
	}
	return nil
}

// Clean is a text without what nobody sees: spaces around it, carriage returns,
// and signs that turn the direction of what follows or have no width, which
// come along when a text or a telephone number is copied. Joiners stay: scripts
// and emoji need them.
func Clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\r' || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(text, "\x00"), "\r\n", "\n")))
}

var markup = regexp.MustCompile(`<[!/?A-Za-z]`)

func (d Draft) texts(mirror.View) *plan.Error {
	for _, t := range []struct {
		at, text string
		limit    int
	}{{"text", d.Message, MaxMessage}, {"contact", d.Contact, MaxContact}} {
		switch {
		case utf8.RuneCountInString(t.text) > t.limit:
			return bad("report-text", t.at, "Teks ini terlalu panjang.", "This text is too long.")
		case strings.ContainsFunc(t.text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
			return bad("report-text", t.at, "Teks ini berisi karakter yang tidak sah.", "The text holds characters that are not allowed.")
		case markup.MatchString(t.text):
			return bad("report-text", t.at, "Tulis teks biasa, tanpa kode HTML.", "Write plain text, without HTML.")
		}
	}
	if utf8.RuneCountInString(d.Message) < minMessage {
		return bad("report-text", "text", "Tulis apa yang Anda laporkan.", "Write what you report.")
	}
	return nil
}
