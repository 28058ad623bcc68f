package api

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// AlertConfig is what alerts say of who sends them.
type AlertConfig struct {
	// PublicURL is the address of the service, without a last slash.
	PublicURL string
	// Sender names who sends alerts, unique in the world; empty: the host of
	// PublicURL. It has no spaces, commas, < and &. Title names them to people.
	Sender string
	Title  plan.Text
	// Exercise marks all alerts as such: nobody is to act on them.
	Exercise bool
}

// Announced is the plan in memory, with what officers announce.
type Announced interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
}

// History has the versions of a feature, newest first, of revisions below before
// unless that is 0; the last page ends with revision 1.
type History interface {
	History(ctx context.Context, layer *plan.Layer, id, before int64, limit int) ([]plan.Version, error)
}

// Alerts announces closures and hazard events as CAP 1.2. What it answers is
// what everybody may see.
type Alerts struct {
	cfg     AlertConfig
	plan    Announced
	history History // nil: only what has one version can be told
	now     func() time.Time

	reading *rest.Places

	mu   sync.Mutex
	told map[subject]story
}

// subject is what a story is of.
type subject struct {
	kind evac.NoticeKind
	id   int64
}

// story is all that was told of a subject up to a revision; ended is that this
// deleted it.
type story struct {
	revision int64
	ended    bool
	told     []evac.Told
}

// Limits of alerts.
const (
	// mostAlerts are in the feed.
	mostAlerts = 200
	// recalled is how long the feed tells that an alert was called off.
	recalled = 24 * time.Hour
	// mostStories are kept, so that alerts go on while the database is away.
	mostStories = 1000
	// versionPage is how many versions are read at a time, and mostVersions how many
	// are: what was told before those is forgotten.
	versionPage, mostVersions = 100, 500
	// How many histories are read at a time, and how long others wait.
	readings    = 2
	readingWait = time.Second
)

// named is a name that CAP can put into references.
var named = regexp.MustCompile(`^[^\s,<&]+$`)

// NewAlerts returns alerts. It fails on a sender that CAP cannot name.
func NewAlerts(cfg AlertConfig, p Announced, h History) (*Alerts, error) {
	if !named.MatchString(cfg.Sender) {
		return nil, fmt.Errorf("the sender of alerts %q has a space, a comma, < or &, or is empty", cfg.Sender)
	}
	return &Alerts{cfg: cfg, plan: p, history: h, now: time.Now, reading: rest.NewPlaces(readings, readingWait), told: map[subject]story{}}, nil
}

// Resources are all resources, by pattern.
func (a *Alerts) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	return map[string]rest.Resource{alertsPath: get(a.feed), alertsPath + "/{id}": get(a.alert)}
}

const alertsPath = "/api/v1/evacuation/alerts"

func xmlMedia(name, mediaType string) rest.Media {
	return rest.Media{Name: name, Type: mediaType, Also: []string{"application/xml", "text/xml"}}
}

// view reads what a request has, and the plan.
func (a *Alerts) view(r *http.Request, m rest.Media) (v mirror.View, err error) {
	if _, err := rest.ParseParams(r); err != nil {
		return v, err
	}
	if _, err := rest.Negotiate(r, "", m); err != nil {
		return v, err
	}
	if !a.plan.Status().Ready {
		return v, rest.Starting()
	}
	return a.plan.View(plan.Actor{}), nil
}

// feedFile is a feed of Atom (RFC 4287).
type feedFile struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   string      `xml:"author>name"`
	Link     feedLink    `xml:"link"`
	Entries  []feedEntry `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type feedEntry struct {
	ID       string        `xml:"id"`
	Title    string        `xml:"title"`
	Updated  string        `xml:"updated"`
	Link     feedLink      `xml:"link"`
	Category *feedCategory `xml:"category"`
	Summary  string        `xml:"summary,omitempty"`
}

type feedCategory struct {
	Term string `xml:"term,attr"`
}

const (
	atomType = "application/atom+xml"
	capType  = "application/cap+xml"
)

// feed is GET /api/v1/evacuation/alerts: what is on, and what was called off
// lately, the newest first.
func (a *Alerts) feed(w http.ResponseWriter, r *http.Request) error {
	v, err := a.view(r, xmlMedia("atom", atomType))
	if err != nil {
		return err
	}
	lang, now, asOf := rest.Language(r), a.now(), a.plan.Status().AsOf
	say := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) }
	self := a.cfg.PublicURL + alertsPath
	f := &feedFile{
		ID: self, Title: say("Peringatan dan penutupan jalan", "Alerts and road closures"), Author: a.cfg.Sender, Updated: asOf.UTC().Format(time.RFC3339),
		Link: feedLink{"self", atomType, self},
	}
	notices := evac.Notices(v, now, now.Add(-recalled))
	if len(notices) > mostAlerts {
		notices = notices[:mostAlerts]
		f.Subtitle = fmt.Sprintf(say("%d yang terbaru; masih ada yang lain.", "The newest %d; there are others."), mostAlerts)
	}
	var away error // the history cannot be read now: it is not asked again
	for i := range notices {
		t, err := a.present(r.Context(), v, &notices[i], away)
		away = cmp.Or(away, err)
		switch {
		case err != nil && notices[i].On: // it is told, though not what it follows on
			t = &evac.Told{Notice: notices[i]}
		case err != nil, t == nil: // nothing was announced that could be called off
			continue
		}
		e := feedEntry{Title: headline(t, lang), Updated: t.Sent.UTC().Format(time.RFC3339), Summary: t.Message.In(lang)}
		e.ID = self + "/" + identifier(&t.Notice)
		e.Link = feedLink{"alternate", capType, e.ID}
		if err == nil {
			e.Category = &feedCategory{messageType(t)}
		}
		f.Entries = append(f.Entries, e)
	}
	if len(f.Entries) > 0 {
		f.Updated = f.Entries[0].Updated
	}
	data, err := encodeXML(f)
	if err != nil {
		return err
	}
	if a.plan.Status().Stale {
		w.Header().Set("Simtaru-As-Of", asOf.UTC().Format(time.RFC3339))
	}
	return rest.Write(w, r, rest.Body{Type: atomType, Data: data, Lang: string(lang)})
}

// alert is GET /api/v1/evacuation/alerts/{id}: one message, which stays as it is.
func (a *Alerts) alert(w http.ResponseWriter, r *http.Request) error {
	v, err := a.view(r, xmlMedia("cap", capType))
	if err != nil {
		return err
	}
	t, err := a.find(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	if t == nil {
		return rest.NotFound("no-such-alert", "id", plan.Text{ID: "Tidak ada peringatan dengan nama ini.", EN: "There is no alert of this name."})
	}
	data, err := encodeXML(a.capOf(t))
	if err != nil {
		return err
	}
	return rest.Write(w, r, rest.Body{Type: capType, Data: data})
}

// find is the message of an identifier; nil where there never was one.
func (a *Alerts) find(ctx context.Context, v mirror.View, name string) (*evac.Told, error) {
	parts := strings.Split(name, "-")
	if len(parts) != 3 {
		return nil, nil
	}
	kind := evac.NoticeKind(parts[0])
	id, err := strconv.ParseInt(parts[1], 10, 64)
	revision, err2 := strconv.ParseInt(parts[2], 10, 64)
	if _, ok := evac.NoticeLayer(v, kind); !ok || err != nil || err2 != nil || name != identifier(&evac.Notice{Kind: kind, ID: id, Revision: revision}) {
		return nil, nil
	}
	n, ok := evac.PresentNotice(v, kind, id)
	switch {
	case ok && n.Revision == revision:
		return a.present(ctx, v, &n, nil)
	case ok && n.Revision < revision:
		return nil, nil
	}
	upTo := revision
	if !ok {
		upTo = gone
	}
	all, err := a.story(ctx, v, subject{kind, id}, upTo, nil)
	return at(all, revision), err
}

// gone is the revision up to which the story of what is deleted is wanted.
const gone = math.MaxInt64

func at(all []evac.Told, revision int64) *evac.Told {
	if i := slices.IndexFunc(all, func(t evac.Told) bool { return t.Revision == revision }); i >= 0 {
		return &all[i]
	}
	return nil
}

// present is what the present version of a notice tells; nil: nothing. The first
// version needs no history.
func (a *Alerts) present(ctx context.Context, v mirror.View, n *evac.Notice, away error) (*evac.Told, error) {
	if n.Revision == 1 {
		if !n.On {
			return nil, nil
		}
		return &evac.Told{Notice: *n}, nil
	}
	all, err := a.story(ctx, v, subject{n.Kind, n.ID}, n.Revision, away)
	return at(all, n.Revision), err
}

// story is all that was told of a subject, up to a revision at least. What was
// read once is kept, since versions do not change; what is not kept is refused
// with away, where that is given.
func (a *Alerts) story(ctx context.Context, v mirror.View, of subject, revision int64, away error) ([]evac.Told, error) {
	a.mu.Lock()
	s, ok := a.told[of]
	a.mu.Unlock()
	if ok && (s.revision >= revision || s.ended && revision == gone) {
		return s.told, nil
	}
	if away != nil {
		return nil, away
	}
	layer, ok := evac.NoticeLayer(v, of.kind)
	if !ok || a.history == nil {
		return nil, rest.Starting()
	}
	leave, err := a.reading.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var versions []plan.Version
	for before := int64(0); ; {
		page, err := a.history.History(ctx, layer, of.id, before, versionPage)
		if err != nil {
			return nil, err
		}
		versions = append(versions, page...)
		if len(page) == 0 || len(versions) >= mostVersions || page[len(page)-1].Feature.Revision == 1 {
			break
		}
		before = page[len(page)-1].Feature.Revision
	}
	if len(versions) == 0 {
		return nil, nil
	}
	s = story{versions[0].Feature.Revision, versions[0].Op == plan.Delete, nil}
	slices.Reverse(versions)
	s.told = evac.Tell(v, of.kind, versions)
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.told) >= mostStories {
		clear(a.told)
	}
	a.told[of] = s
	return s.told, nil
}
