package bmkg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// Actor is who the feed's edits are by. No person can have this name.
const Actor = "bmkg:inatews"

const (
	eventLayer    = "hazard_event"
	boundaryLayer = "boundary"
	codeField     = "kode"
)

// actor may edit hazard events and nothing else: the database narrows its role
// to that layer.
var actor = plan.Actor{Name: Actor, Role: plan.Disaster, Layers: []string{eventLayer}}

// Bounds of the configuration.
const (
	// Often is the least time between two questions to one address.
	Often = 30 * time.Second
	// Seldom is the most.
	Seldom = 10 * time.Minute
	// LongestLapse is below what an idempotency key is kept: an event that an officer
	// has deleted is not made again as long as its bulletins count.
	LongestLapse = 20 * time.Hour
)

// Config of a feed.
type Config struct {
	// Tsunami is the address of the bulletins, Quakes are those of earthquakes.
	Tsunami string
	Quakes  []string
	// Every is the time between two questions, give or take a tenth: Often to Seldom.
	Every time.Duration
	// Lapse is how long after its last bulletin an event ends that BMKG has not
	// ended; at most LongestLapse.
	Lapse time.Duration
	// District is whose warnings count.
	District District
	// Area is where events hold, lon and lat in degrees; nil: within the city's
	// boundary, as it is then.
	Area orb.MultiPolygon
	// Agent says who asks, in the header User-Agent.
	Agent string
}

// Plan is the plan in memory.
type Plan interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
}

// Store is the database.
type Store interface {
	Commit(ctx context.Context, actor plan.Actor, edits []plan.Edit, once plan.Once) ([]plan.Edited, error)
	History(ctx context.Context, layer *plan.Layer, id, beforeRevision int64, limit int) ([]plan.Version, error)
	Dissolve(ctx context.Context, layer *plan.Layer, field string, length int, at *plan.Interval) (map[string]orb.MultiPolygon, error)
}

// Feed follows BMKG. Status is safe for concurrent use.
type Feed struct {
	config  Config
	plan    Plan
	store   Store
	log     *slog.Logger
	now     func() time.Time
	client  *http.Client
	sources []*source // that of tsunamis first

	mu     sync.Mutex // guards the field below
	status Status

	written atomic.Int64 // edits, in all
	astray  []plan.Text  // what the last apply found wrong with times
	bare    plan.Text    // why a warning was written without some of it
}

// ahead is how far a clock may be behind that of BMKG.
const ahead = 2 * time.Minute

// New returns a feed that asks nothing until Run. A *plan.Error says what is
// wrong with the configuration, and At which part.
func New(c Config, p Plan, s Store, log *slog.Logger) (*Feed, error) {
	bad := func(at, id, en string) error {
		return &plan.Error{Kind: plan.Invalid, Code: "bad-option", At: at, Message: plan.Text{ID: id, EN: en}}
	}
	switch {
	case c.Every < Often || c.Every > Seldom:
		return nil, bad("every", "30 detik sampai 10 menit", "30 seconds to 10 minutes")
	case c.Lapse < time.Hour || c.Lapse > LongestLapse:
		return nil, bad("lapse", "1 sampai 20 jam", "1 to 20 hours")
	case !slices.ContainsFunc(c.District.Names, func(n string) bool { _, bare := split(n); return bare != "" }):
		return nil, bad("district", "sebutkan kabupaten atau kota yang peringatannya diikuti", "name the district whose warnings are followed")
	}
	if _, is := province(c.District.Province); c.District.Province != "" && !is {
		return nil, bad("province", "provinsi ini tidak dikenal", "there is no province of this name")
	}
	f := &Feed{config: c, plan: p, store: s, log: log, now: time.Now, client: newClient()}
	for i, address := range append([]string{c.Tsunami}, c.Quakes...) {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
			return nil, bad("url", "alamat http atau https tanpa nama dan kata sandi: "+address, "an http or https address without name and password: "+address)
		}
		name := "tsunami"
		if i > 0 {
			name = fmt.Sprintf("quakes-%d", i)
		}
		f.sources = append(f.sources, &source{name: name, url: u, warns: i == 0})
	}
	f.publish(nil, plan.Text{})
	return f, nil
}

// Run asks until ctx ends. Only that is an error.
func (f *Feed) Run(ctx context.Context) error {
	for ctx.Err() == nil && !f.plan.Status().Ready {
		pause(ctx, 100*time.Millisecond)
	}
	for ctx.Err() == nil {
		f.poll(ctx)
		every := f.config.Every
		if s := f.Status(); s.on() {
			every = Often
		}
		pause(ctx, f.wait(every))
	}
	return context.Cause(ctx)
}

// wait is an interval give or take a tenth, so that not all servers ask at once.
func (f *Feed) wait(every time.Duration) time.Duration {
	every = max(every, Often*10/9)
	return every + time.Duration((rand.Float64()-0.5)*0.2*float64(every))
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// poll asks each address once, and writes what follows.
func (f *Feed) poll(ctx context.Context) {
	var told []Warning
	var fault plan.Text
	// Earthquakes, which are told only, do not keep from asking for warnings.
	soon, cancel := context.WithTimeout(ctx, patience+patience/2)
	defer cancel()
	for i, s := range f.sources {
		alive := s.fetch(soon, f.client, f.config.Agent, f.now())
		if ctx.Err() != nil {
			return
		}
		if !alive {
			f.log.Warn("the warning feed cannot be read", "source", s.name, "why", s.err.EN, "failures", s.failures)
		}
		if i > 0 {
			continue
		}
		var err error
		if told, err = f.apply(ctx, s.doc, alive); ctx.Err() != nil {
			return
		} else if err != nil {
			f.log.Error("a warning could not be written", "err", err)
			fault = plan.Text{ID: "Peringatan tidak dapat ditulis ke rencana; dicoba lagi.", EN: "A warning could not be written into the plan; it is tried again."}
			var e *plan.Error
			if errors.As(err, &e) && !e.Message.IsZero() {
				fault.ID, fault.EN = fault.ID+" "+e.Message.ID, fault.EN+" "+e.Message.EN
			}
		}
		f.publish(told, fault)
	}
	f.publish(told, fault)
}

// recent is how long after its last change an event that is off is still looked
// at: as long as bulletins about it may come.
const recent = 48 * time.Hour

// mostVersions is how much of an event's history is looked at.
const mostVersions = 500

// apply brings the events of the city to what a document says. Only one that is
// alive ends any.
func (f *Feed) apply(ctx context.Context, doc *document, alive bool) ([]Warning, error) {
	now := f.now()
	f.astray, f.bare = nil, plan.Text{}
	v := f.plan.View(actor)
	layer, ok := v.Layer(eventLayer)
	if !ok {
		return nil, &plan.Error{Code: "no-event-layer", Message: plan.Text{ID: "Tidak ada layer kejadian bahaya.", EN: "There is no layer of hazard events."}}
	}
	var warnings []*warning
	if doc != nil {
		real := slices.DeleteFunc(slices.Clone(doc.bulletins), func(b *bulletin) bool { return b.drill })
		for _, e := range group(real) {
			warnings = append(warnings, e.warning(f.config.District))
		}
	}
	mine, err := f.mine(ctx, v, layer, now)
	if err != nil {
		return f.unknown(warnings, now), err
	}
	var told []Warning
	var errs []error
	for _, w := range warnings {
		p := linked(mine, w, warnings)
		fresh := now.Sub(w.sent) < f.config.Lapse
		if p == nil && (!w.listed || w.over || !fresh) {
			continue
		}
		t := w.tell()
		if w.Origin.After(now.Add(ahead)) {
			f.astray = append(f.astray, plan.Text{
				ID: fmt.Sprintf("Gempa di buletin %s terjadi di masa depan: zona waktunya salah, atau jam server ini.", w.key),
				EN: fmt.Sprintf("The earthquake of bulletin %s is in the future: its time zone is wrong, or the clock of this server.", w.key),
			})
		}
		if p != nil {
			delete(mine, p.now().Feature.ID)
		}
		if p, err = f.settle(ctx, layer, p, w, alive); err != nil {
			errs = append(errs, err)
		}
		t.of(p)
		told = append(told, t)
	}
	for _, p := range mine { // BMKG has nothing more of them
		if p, err = f.age(ctx, layer, p, alive); err != nil {
			errs = append(errs, err)
		}
		if p.isOn() {
			t := Warning{Bulletin: fmt.Sprint(p.value(numberField)), first: p.keys[0]}
			t.Level, _ = p.value(levelField).(string)
			t.Arrival, _ = p.value(arrivalField).(time.Time)
			t.Quake.Origin, _ = p.value(startField).(time.Time)
			t.Sent, _ = stamped(p.key)
			t.of(p)
			told = append(told, t)
		}
	}
	if !f.bare.IsZero() {
		f.astray = append(f.astray, plan.Text{ID: "Sebuah peringatan ditulis tanpa waktunya: " + f.bare.ID, EN: "A warning was written without its times: " + f.bare.EN})
	}
	slices.SortFunc(told, func(a, b Warning) int { return cmp.Or(b.Sent.Compare(a.Sent), cmp.Compare(b.Event, a.Event)) })
	return told[:min(len(told), 5)], errors.Join(errs...)
}

// unknown are the warnings of a document while the database cannot say what became
// of them, and those of before.
func (f *Feed) unknown(warnings []*warning, now time.Time) (told []Warning) {
	before := f.Status().Warnings
	for _, w := range warnings {
		i := slices.IndexFunc(before, func(t Warning) bool { return slices.Contains(w.keys, t.first) })
		if i < 0 && (!w.listed || w.over || now.Sub(w.sent) >= f.config.Lapse) {
			continue
		}
		t := w.tell()
		if i >= 0 {
			t.Event, t.On, t.Held, t.Nowhere = before[i].Event, before[i].On, before[i].Held, before[i].Nowhere
			before = slices.Delete(slices.Clone(before), i, i+1)
		}
		told = append(told, t)
	}
	return append(told, before...)
}

// mine are the events that the feed has made and that may still change, by id.
func (f *Feed) mine(ctx context.Context, v mirror.View, layer *plan.Layer, now time.Time) (map[int64]*past, error) {
	found := map[int64]*past{}
	s, ok := v.Snapshot(eventLayer)
	if !ok {
		return nil, &plan.Error{Code: "events-not-loaded", Message: plan.Text{ID: "Kejadian bahaya belum dimuat.", EN: "Hazard events are not loaded yet."}}
	}
	var due []int64
	s.Ascend(0, func(e *mirror.Feature) bool {
		if is, _ := e.Values[max(layer.FieldIndex(statusField), 0)].(string); is == "on" || now.Sub(e.UpdatedAt) < recent {
			due = append(due, e.ID)
		}
		return true
	})
	for _, id := range due {
		p, err := f.history(ctx, layer, id)
		if err != nil {
			return nil, err
		}
		if p.key != "" {
			found[id] = p
		}
	}
	return found, nil
}

func (f *Feed) history(ctx context.Context, layer *plan.Layer, id int64) (*past, error) {
	versions, err := f.store.History(ctx, layer, id, 0, mostVersions)
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, fmt.Errorf("the event %d has no history", id)
	}
	return pastOf(layer, versions), nil
}

// linked is the event of a warning: one to which a bulletin of it was applied or,
// where all those are gone from the list, one of the same time that is of no
// other. Of several it is the one whose time is nearest.
func linked(mine map[int64]*past, w *warning, all []*warning) *past {
	var best *past
	apart := func(p *past) time.Duration {
		start, _ := p.value(startField).(time.Time)
		return start.Sub(w.Origin).Abs()
	}
	for _, id := range slices.Sorted(maps.Keys(mine)) {
		p := mine[id]
		if !p.shares(w) && (apart(p) > sameTime || slices.ContainsFunc(all, p.shares)) {
			continue
		}
		if best == nil || p.shares(w) && !best.shares(w) || p.shares(w) == best.shares(w) && apart(p) < apart(best) {
			best = p
		}
	}
	return best
}

func (p *past) shares(w *warning) bool {
	return slices.ContainsFunc(w.keys, func(k string) bool { return slices.Contains(p.keys, k) })
}
