package bmkg

import (
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// State is how a feed or one of its addresses does.
type State string

// The states.
const (
	Off      State = "off"      // not configured
	Starting State = "starting" // not asked yet
	OK       State = "ok"
	Late     State = "late"    // has not answered as it should for three times its interval
	Failing  State = "failing" // the last answer was none, or broken
)

// Status is how a feed does, and what it says. The zero Status is that of a feed
// that is off.
type Status struct {
	State State
	Every time.Duration
	// AsOf is when the bulletins were last known to be all there are.
	AsOf    time.Time
	Sources []SourceStatus
	// Warnings for the district, the newest first.
	Warnings []Warning
	// Fault is why they could not be written; empty: they were.
	Fault plan.Text
	// Latest is the last earthquake that is told, Near the last within NearKM of
	// the city, Felt the last that was felt somewhere; nil: none.
	Latest, Near, Felt *Quake
}

// SourceStatus is how one address does.
type SourceStatus struct {
	Name  string
	State State
	// Fetched is when it was last asked, Good when it last answered as it should.
	Fetched, Good time.Time
	Entries       int
	Failures      int // since Good
	Err           plan.Text
	Faults        []plan.Text // parts of the last document that could not be read
}

// Warning is what became of a warning for the district.
type Warning struct {
	Quake    Quake
	Bulletin string
	Sent     time.Time
	Level    string
	Arrival  time.Time // zero: not told
	Over     bool
	// Left says that the last bulletin does not name the district any more.
	Left bool
	// Event is the hazard event; 0: could not be written. On is whether it is on,
	// Held whether an officer has decided that, Nowhere whether it has no area.
	Event             int64
	On, Held, Nowhere bool

	first string // key of a bulletin by which it is known again
}

func (w *warning) tell() Warning {
	return Warning{Quake: w.Quake, Bulletin: w.name(), Sent: w.sent, Level: w.level, Arrival: w.arrival, Over: w.over, Left: w.left, first: w.first}
}

// of says which event it is.
func (t *Warning) of(p *past) {
	if p == nil {
		return
	}
	t.Event, t.On, t.Held = p.now().Feature.ID, p.isOn(), p.held() || p.deleted()
	t.Nowhere = p.isOn() && p.now().Feature.Geometry == nil
}

// on reports whether some event is, or should be.
func (s *Status) on() bool {
	return slices.ContainsFunc(s.Warnings, func(w Warning) bool { return w.On || w.Event == 0 && !w.Over })
}

// NearKM is how near an earthquake is to the city to be told as such.
const NearKM = 300

// publish makes the status that others see.
func (f *Feed) publish(told []Warning, fault plan.Text) {
	s := Status{Every: f.config.Every, Warnings: told, Fault: fault}
	centre := f.centre()
	for i, source := range f.sources {
		one := SourceStatus{
			Name: source.name, Fetched: source.fetched, Good: source.good, Failures: source.failures, Err: source.err,
		}
		if d := source.doc; d != nil {
			one.Entries, one.Faults = len(d.bulletins)+len(d.quakes), slices.Clone(d.faults)
			for _, q := range d.quakes {
				s.consider(q, centre)
			}
			for _, b := range d.bulletins {
				if !b.drill {
					s.consider(&b.Quake, centre)
				}
			}
		}
		if i == 0 {
			s.AsOf, one.Faults = source.good, append(one.Faults, f.astray...)
		}
		s.Sources = append(s.Sources, one)
	}
	f.mu.Lock()
	f.status = s
	f.mu.Unlock()
}

func (s *Status) consider(q *Quake, centre *orb.Point) {
	later := func(than **Quake) {
		if *than == nil || q.Origin.After((*than).Origin) {
			*than = q
		}
	}
	later(&s.Latest)
	if q.Felt != "" && q.Felt != "-" {
		later(&s.Felt)
	}
	if centre != nil && q.At != nil && geo.Distance(*centre, *q.At) <= NearKM*1000 {
		later(&s.Near)
	}
}

// centre of where events hold, lon and lat in degrees; nil: not known.
func (f *Feed) centre() *orb.Point {
	var box *orb.Bound
	add := func(b orb.Bound) {
		if box != nil {
			b = b.Union(*box)
		}
		box = &b
	}
	if f.config.Area != nil {
		add(f.config.Area.Bound())
	} else if f.plan.Status().Ready {
		if s, ok := f.plan.View(plan.Actor{}).Snapshot(boundaryLayer); ok {
			s.Ascend(0, func(e *mirror.Feature) bool {
				if e.Geometry != nil {
					add(e.Bound)
				}
				return true
			})
		}
	}
	if box == nil {
		return nil
	}
	c := box.Center()
	return &c
}

// Status is how the feed does now.
func (f *Feed) Status() Status {
	if f == nil {
		return Status{State: Off}
	}
	f.mu.Lock()
	s := f.status
	f.mu.Unlock()
	now := f.now()
	s.Sources = slices.Clone(s.Sources)
	for i := range s.Sources {
		one := &s.Sources[i]
		switch {
		case one.Fetched.IsZero():
			one.State = Starting
		case one.Failures > 0:
			one.State = Failing
		case now.Sub(one.Good) > 3*f.config.Every:
			one.State = Late
		default:
			one.State = OK
		}
	}
	s.State = s.Sources[0].State
	if s.State == OK && !s.Fault.IsZero() {
		s.State = Failing
	}
	return s
}

// Register adds the figures of the feed.
func (f *Feed) Register(r *prometheus.Registry) {
	for i, source := range f.sources {
		labels := prometheus.Labels{"source": source.name}
		gauge := func(name, help string, value func(SourceStatus) float64) {
			r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, func() float64 { return value(f.Status().Sources[i]) }))
		}
		gauge("simtaru_warning_feed_age_seconds", "Time since a feed of warnings was last read as it should be; -1 never.", func(s SourceStatus) float64 {
			if s.Good.IsZero() {
				return -1
			}
			return f.now().Sub(s.Good).Seconds()
		})
		gauge("simtaru_warning_feed_failures", "Questions to a feed of warnings that failed since the last that did not.", func(s SourceStatus) float64 { return float64(s.Failures) })
		gauge("simtaru_warning_feed_faults", "Parts of a feed of warnings that could not be read.", func(s SourceStatus) float64 { return float64(len(s.Faults)) })
	}
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "simtaru_warnings_on", Help: "Hazard events of the warning feed that are on."}, func() float64 {
		n := 0
		for _, w := range f.Status().Warnings {
			if w.On {
				n++
			}
		}
		return float64(n)
	}))
	r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "simtaru_warning_edits_total", Help: "Edits of hazard events that the warning feed has made."}, func() float64 { return float64(f.written.Load()) }))
}
