package bmkg

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// Quake is an earthquake as a document tells it.
type Quake struct {
	ID     string
	Origin time.Time
	// At is lon, lat in degrees; nil: not told.
	At        *orb.Point
	Magnitude float64 // 0: not told
	Depth     float64 // km; 0: not told
	Place     string
	Felt      string // where and how much, in the words of BMKG
	Potential string
}

// bulletin is one message about a tsunami.
type bulletin struct {
	Quake
	// key tells bulletins apart, the later ones being greater: when it was sent,
	// as 20260815073130 in WIB, else the id it was given.
	key  string
	sent time.Time // zero: not told
	// major and minor are those of PD-3.4; 0: not told.
	major, minor int
	ended        bool
	areas        []area
	drill        bool
}

// area is a district that is warned.
type area struct {
	province, district string
	level              string    // empty: could not be read
	arrival            time.Time // zero: not told
}

// name is PD-3.4, or what can be said.
func (b *bulletin) name() string {
	switch {
	case b.major == 0:
		return "PD"
	case b.minor == 0:
		return fmt.Sprintf("PD-%d", b.major)
	}
	return fmt.Sprintf("PD-%d.%d", b.major, b.minor)
}

// document is what could be read of one.
type document struct {
	bulletins []*bulletin
	quakes    []*Quake
	// faults are what could not be.
	faults []plan.Text
	// whole says that it was read to its end, and that there was something in it.
	whole bool
}

const (
	mostFaults = 10
	mostParts  = 500 // BMKG lists 30, the newest first
)

func (d *document) fault(id, en string) {
	if len(d.faults) < mostFaults {
		d.faults = append(d.faults, plan.Text{ID: id, EN: en})
	}
}

// parse reads a document. It takes whatever there is.
func parse(data []byte) *document {
	d := &document{}
	root, err := read(data)
	if err != nil {
		d.fault("Dokumennya rusak: "+err.Error()+".", "The document is broken: "+err.Error()+".")
	}
	drill := d.drill(root)
	all := root.all(parts...)
	if len(all) > mostParts {
		d.fault(fmt.Sprintf("Lebih dari %d bagian; sisanya tidak dibaca.", mostParts), fmt.Sprintf("More than %d parts; the rest is not read.", mostParts))
		all = all[:mostParts]
	}
	for i, n := range all {
		if len(n.all("wzarea")) > 0 || pdPattern.MatchString(n.get("subject")) || pdPattern.MatchString(n.get("headline")) {
			if b := d.bulletin(n, i+1); b != nil {
				b.drill = b.drill || drill
				d.bulletins = append(d.bulletins, b)
			}
			continue
		}
		q := quakeOf(n)
		if q.Origin.IsZero() {
			d.fault(fmt.Sprintf("Bagian %d tidak menyebut waktu gempa yang dapat dibaca.", i+1), fmt.Sprintf("Part %d tells no time of an earthquake that can be read.", i+1))
			continue
		}
		d.quakes = append(d.quakes, q)
	}
	d.whole = err == nil && len(d.bulletins)+len(d.quakes) > 0
	if err == nil && !d.whole {
		d.fault("Dokumennya tidak berisi satu pun buletin atau gempa.", "The document holds neither a bulletin nor an earthquake.")
	}
	return d
}

// noReal are what CAP calls messages that warn of nothing.
var noReal = map[string]bool{"exercise": true, "test": true, "draft": true, "system": true}

// drill tells whether all of a document is one, as CAP says it.
func (d *document) drill(root *node) bool {
	for _, n := range append(root.kids, root) {
		if s := strings.ToLower(n.get("status")); noReal[s] {
			d.fault("Dokumennya ditandai "+s+": bukan peringatan yang sebenarnya.", "The document is marked "+s+": it is no real warning.")
			return true
		}
	}
	return false
}

var (
	pdPattern    = regexp.MustCompile(`(?i)\bPD\s*-?\s*(\d)(?:\.(\d{1,3}))?`)
	endPattern   = regexp.MustCompile(`(?i)\bTELAH\s+BERAKHIR\b`)
	drillPattern = regexp.MustCompile(`(?i)\b(LATIHAN|EXERCISE|DRILL|SIMULASI|GLADI|TEST|UJI[ -]COBA|UJI[ -]KOMUNIKASI)\b`)
	// Of a headline it would be a place, or where one flees to.
	drillSubject = regexp.MustCompile(`(?i)\bTES\b`)
)

func quakeOf(n *node) *Quake {
	q := &Quake{
		ID: cut(n.get("eventid", "identifier"), 60), Place: cut(n.get("area", "wilayah"), 120), Felt: cut(n.get("felt", "dirasakan"), 300),
		Potential: cut(n.get("potential", "potensi"), 120),
	}
	q.Magnitude, _ = number(n.get("magnitude", "mag"))
	q.Depth, _ = number(n.get("depth", "kedalaman", "dalam"))
	if q.Magnitude < 0 || q.Magnitude > 10 {
		q.Magnitude = 0
	}
	if q.Depth < 0 || q.Depth > 1000 {
		q.Depth = 0
	}
	if at, ok := place(n); ok {
		q.At = &at
	}
	var ok bool
	if q.Origin, ok = moment(n.get("datetime"), time.UTC); ok {
		return q
	}
	if q.Origin, ok = moment(n.get("waktu"), time.UTC); ok {
		return q
	}
	date := n.get("date", "tanggal")
	if q.Origin, ok = moment(date+" "+n.get("time", "jam"), wib); ok {
		return q
	}
	q.Origin, _ = moment(n.get("description"), wib)
	return q
}

// bulletin reads the part of a number; nil where there is no telling when it was.
func (d *document) bulletin(n *node, part int) *bulletin {
	b := &bulletin{Quake: *quakeOf(n)}
	words := n.get("subject") + " " + n.get("headline")
	if found := pdPattern.FindStringSubmatch(words); found != nil {
		b.major, _ = strconv.Atoi(found[1])
		b.minor, _ = strconv.Atoi(found[2])
	}
	b.ended = b.major == 4 || b.major == 0 && endPattern.MatchString(n.get("headline")+" "+n.get("description"))
	if b.drill = drillPattern.MatchString(words) || drillSubject.MatchString(n.get("subject")) || noReal[strings.ToLower(n.get("status"))]; b.drill {
		d.fault(fmt.Sprintf("Bagian %d adalah latihan.", part), fmt.Sprintf("Part %d is a drill.", part))
	}
	var ok bool
	if b.sent, ok = moment(n.get("timesent"), wib); !ok {
		if b.sent, ok = stamped(b.ID); !ok {
			b.sent = b.Origin
		}
	}
	if b.Origin.IsZero() {
		if b.Origin = b.sent; b.Origin.IsZero() {
			d.fault(fmt.Sprintf("Buletin di bagian %d tidak menyebut waktu yang dapat dibaca.", part), fmt.Sprintf("The bulletin in part %d tells no time that can be read.", part))
			return nil
		}
		d.fault(fmt.Sprintf("Waktu gempa di bagian %d tidak terbaca; dipakai waktu pengiriman.", part), fmt.Sprintf("The time of the earthquake in part %d cannot be read; that of sending is taken.", part))
	}
	usual := func(t time.Time) bool { return t.Sub(b.Origin) >= -time.Minute && t.Sub(b.Origin) <= farthest }
	if !usual(b.sent) {
		d.fault(fmt.Sprintf("Buletin di bagian %d menyebut waktu pengiriman yang tidak mungkin.", part), fmt.Sprintf("The bulletin in part %d tells a time of sending that cannot be.", part))
		if b.sent, ok = stamped(b.ID); !ok || !usual(b.sent) {
			b.sent = b.Origin
		}
	}
	b.key = b.sent.In(wib).Format("20060102150405")
	for _, w := range n.all("wzarea") {
		d.area(b, w, part)
	}
	return b
}

// farthest is how long after an earthquake its first wave may be expected: from
// the other side of the ocean.
const farthest = 24 * time.Hour

func (d *document) area(b *bulletin, w *node, part int) {
	a := area{province: cut(w.get("province"), 80), district: cut(w.get("district"), 80), level: level(w.get("level"))}
	if a.district == "" {
		d.fault(fmt.Sprintf("Sebuah daerah di bagian %d tidak bernama.", part), fmt.Sprintf("An area in part %d has no name.", part))
		return
	}
	if a.level == "" {
		d.fault(fmt.Sprintf("Tingkat untuk %s di bagian %d tidak terbaca.", a.district, part), fmt.Sprintf("The level for %s in part %d cannot be read.", a.district, part))
	}
	if at := w.get("time"); at != "" {
		t, ok := momentNear(w.get("date"), at, wib, b.Origin)
		if after := t.Sub(b.Origin); ok && after >= -time.Minute && after <= farthest {
			a.arrival = t
		} else {
			d.fault(fmt.Sprintf("Waktu tiba untuk %s di bagian %d tidak mungkin.", a.district, part), fmt.Sprintf("The arrival for %s in part %d cannot be.", a.district, part))
		}
	}
	b.areas = append(b.areas, a)
}

// Two bulletins can be of one earthquake up to these; a second PD-1 only up to
// the last.
const (
	sameTime    = 600 * time.Second
	sameDegrees = 2.0
	sameQuake   = time.Minute
)

// event is an earthquake with its bulletins, in the order that they were sent.
type event []*bulletin

func (e event) last() *bulletin { return e[len(e)-1] }

// group puts bulletins to their earthquakes, in whatever order they come.
func group(all []*bulletin) (events []event) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *bulletin) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.major, b.major), cmp.Compare(a.minor, b.minor), cmp.Compare(a.ID, b.ID))
	})
	for _, b := range all {
		best, off := -1, time.Duration(math.MaxInt64)
		for i, e := range events {
			if apart := e.last().Origin.Sub(b.Origin).Abs(); apart <= sameTime && near(e.last().At, b.At) && apart < off {
				best, off = i, apart
			}
		}
		if best < 0 || b.major == 1 && off > sameQuake && slices.ContainsFunc(events[best], func(o *bulletin) bool { return o.major == 1 }) {
			events = append(events, event{b})
			continue
		}
		events[best] = append(events[best], b)
	}
	return events
}

// near reports whether two places may be one; who knows none does not say no.
func near(a, b *orb.Point) bool {
	if a == nil || b == nil {
		return true
	}
	lon := math.Abs(a[0] - b[0])
	return min(lon, 360-lon) <= sameDegrees && math.Abs(a[1]-b[1]) <= sameDegrees
}

// warning is what an earthquake's bulletins come to for a district.
type warning struct {
	*bulletin // the last
	// first is the key of the first: the earthquake's own name.
	first string
	keys  []string // of all
	// listed says that the district was warned; the last bulletin may leave it out,
	// which does not end the warning.
	listed, left bool
	level        string
	arrival      time.Time
	over         bool
}

func (e event) warning(d District) *warning {
	w := &warning{bulletin: e.last(), first: e[0].key}
	for _, b := range e {
		w.keys = append(w.keys, b.key)
		switch {
		case b.ended:
			w.over = true
			continue
		case len(b.areas) == 0:
			continue
		}
		w.left = w.listed
		level, arrival, listed := "", time.Time{}, false
		for _, a := range b.areas {
			if !d.Matches(a.province, a.district) {
				continue
			}
			if listed = true; grave(a.level) > grave(level) {
				level = a.level
			}
			if !a.arrival.IsZero() && (arrival.IsZero() || a.arrival.Before(arrival)) {
				arrival = a.arrival
			}
		}
		if !listed {
			continue
		}
		w.listed, w.left, w.over = true, false, false
		if level != "" {
			w.level = level
		}
		if !arrival.IsZero() {
			w.arrival = arrival
		}
	}
	return w
}
