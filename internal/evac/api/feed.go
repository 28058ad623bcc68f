package api

import (
	"math"
	"net/http"
	"time"

	"github.com/simtaru/simtaru/internal/evac/bmkg"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Warnings is the feed of warnings.
type Warnings interface{ Status() bmkg.Status }

type feedBody struct {
	State    bmkg.State    `json:"state"`
	Sentence plan.Text     `json:"sentence"`
	AsOf     *time.Time    `json:"as_of"`
	Lag      *float64      `json:"lag"`   // s since then
	Every    float64       `json:"every"` // s
	Error    *plan.Text    `json:"error"`
	Warnings []warningBody `json:"warnings"`
	Quakes   quakesBody    `json:"earthquakes"`
	Sources  []sourceBody  `json:"sources"`
}

type warningBody struct {
	Event    *int64     `json:"event"`
	On       bool       `json:"on"`
	Held     bool       `json:"held"`
	Over     bool       `json:"ended"`
	Left     bool       `json:"left_out"`
	Nowhere  bool       `json:"without_area"`
	Level    *string    `json:"level"`
	Arrival  *time.Time `json:"arrival_at"`
	Bulletin string     `json:"bulletin"`
	Sent     *time.Time `json:"sent_at"`
	Quake    *quakeBody `json:"earthquake"`
}

type quakesBody struct {
	Latest *quakeBody `json:"latest"`
	Near   *quakeBody `json:"near"`
	Felt   *quakeBody `json:"felt"`
}

type quakeBody struct {
	Origin    time.Time   `json:"at"`
	At        *[2]float64 `json:"coordinates"`
	Magnitude *float64    `json:"magnitude"`
	Depth     *float64    `json:"depth"` // km
	Place     string      `json:"place"`
	Felt      string      `json:"felt"`
	Potential string      `json:"potential"`
}

type sourceBody struct {
	Name     string      `json:"name"`
	State    bmkg.State  `json:"state"`
	Fetched  *time.Time  `json:"fetched_at"`
	Good     *time.Time  `json:"good_at"`
	Lag      *float64    `json:"lag"` // s
	Entries  int         `json:"entries"`
	Failures int         `json:"failures"`
	Error    *plan.Text  `json:"error"`
	Faults   []plan.Text `json:"faults"`
}

// feed is GET /api/v1/evacuation/feed.
func (s *Service) feed(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	return rest.WriteJSON(w, r, rest.Body{Cache: "no-store"}, feedOf(s.warnings.Status(), s.now()))
}

func feedOf(st bmkg.Status, now time.Time) *feedBody {
	lag := func(at time.Time) *float64 {
		if at.IsZero() {
			return nil
		}
		v := max(tenth(now.Sub(at).Seconds()), 0)
		return &v
	}
	b := &feedBody{
		State: st.State, Sentence: sentenceOf(st), AsOf: moment(st.AsOf), Lag: lag(st.AsOf), Every: st.Every.Seconds(), Error: perhaps(st.Fault),
		Warnings: make([]warningBody, 0, len(st.Warnings)), Sources: make([]sourceBody, 0, len(st.Sources)),
		Quakes: quakesBody{quakeOf(st.Latest), quakeOf(st.Near), quakeOf(st.Felt)},
	}
	for _, x := range st.Warnings {
		one := warningBody{
			On: x.On, Held: x.Held, Over: x.Over, Left: x.Left, Nowhere: x.Nowhere, Arrival: moment(x.Arrival), Bulletin: x.Bulletin, Sent: moment(x.Sent), Quake: quakeOf(&x.Quake),
		}
		if x.Event != 0 {
			one.Event = &x.Event
		}
		if x.Level != "" {
			one.Level = &x.Level
		}
		b.Warnings = append(b.Warnings, one)
	}
	for _, x := range st.Sources {
		faults := x.Faults
		if faults == nil {
			faults = []plan.Text{}
		}
		b.Sources = append(b.Sources, sourceBody{x.Name, x.State, moment(x.Fetched), moment(x.Good), lag(x.Good), x.Entries, x.Failures, perhaps(x.Err), faults})
	}
	return b
}

func quakeOf(q *bmkg.Quake) *quakeBody {
	if q == nil || q.Origin.IsZero() {
		return nil
	}
	b := &quakeBody{Origin: q.Origin.UTC(), Place: q.Place, Felt: q.Felt, Potential: q.Potential}
	if q.At != nil {
		at := degrees(*q.At)
		b.At = &at
	}
	positive := func(v float64) *float64 {
		if v <= 0 {
			return nil
		}
		v = math.Round(v*100) / 100
		return &v
	}
	b.Magnitude, b.Depth = positive(q.Magnitude), positive(q.Depth)
	return b
}

func sentenceOf(st bmkg.Status) plan.Text {
	var t plan.Text
	for _, w := range st.Warnings {
		if w.On {
			t = plan.Text{ID: "Peringatan tsunami sedang berlaku. ", EN: "A tsunami warning is on. "}
		}
		if w.Nowhere {
			t.ID += "Daerahnya tidak diketahui, karena rencana tidak berisi batas kota: gambarlah. "
			t.EN += "Its area is not known, since the plan has no boundary of the city: draw it. "
			break
		}
	}
	last := plan.Text{ID: "belum pernah", EN: "never yet"}
	if !st.AsOf.IsZero() {
		last = plan.Moment(st.AsOf)
	}
	switch st.State {
	case bmkg.Off:
		return plan.Text{ID: "Peringatan BMKG tidak diikuti; kejadian bahaya dinyalakan oleh petugas.", EN: "Warnings of BMKG are not followed; officers switch hazard events on."}
	case bmkg.Starting:
		t.ID, t.EN = t.ID+"Peringatan BMKG segera dibaca.", t.EN+"Warnings of BMKG are about to be read."
	case bmkg.OK:
		t.ID, t.EN = t.ID+"Peringatan BMKG diikuti; terakhir dibaca: "+last.ID+".", t.EN+"Warnings of BMKG are followed; last read: "+last.EN+"."
	default:
		t.ID += "Peringatan BMKG sedang TIDAK dapat diikuti; terakhir dibaca: " + last.ID + ". Yang berlaku tetap berlaku. Ikuti BMKG dengan cara lain."
		t.EN += "Warnings of BMKG can NOT be followed at the moment; last read: " + last.EN + ". What is on stays on. Follow BMKG by other means."
	}
	return t
}

// moment is null for no moment.
func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// perhaps is null for no text.
func perhaps(t plan.Text) *plan.Text {
	if t.IsZero() {
		return nil
	}
	return &t
}
