package evac

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// Shelter is a place of refuge as it stands.
type Shelter struct {
	ID       int64     `json:"id"`
	Name     string    `json:"name"`
	Kind     string    `json:"kind"` // TES or TEA
	Status   string    `json:"status"`
	At       orb.Point `json:"coordinates"` // lon, lat
	Capacity int64     `json:"capacity"`    // people
	Occupied int64     `json:"occupancy"`
	Room     int64     `json:"room"`
	// Height is that of the refuge floor above the ground in m.
	Height *float64 `json:"refuge_height"`
	// Contact is the telephone of the institution; empty: not known.
	Contact string `json:"-"`

	helped, vehicles *bool
	suits            map[string]*bool // by hazard

	// Address is empty, and Counted and Wheelchair are nil, where that is not known.
	Address    string `json:"-"`
	Counted    *int64 `json:"-"` // occupancy
	Wheelchair *bool  `json:"-"`
	// Revision and Updated are those of what is recorded of it.
	Revision int64     `json:"-"`
	Updated  time.Time `json:"-"`
}

// suiting are the fields that say whether a shelter is one for a hazard.
var suiting = map[string]string{"tsunami": "for_tsunami", "flood": "for_flood", "flash_flood": "for_flood", "earthquake": "for_earthquake"}

func sheltersOf(v mirror.View) (all []*Shelter) {
	for r := range tableOf(v, shelterLayer).all {
		at, ok := r.Geometry.(orb.Point)
		if !ok {
			continue
		}
		s := &Shelter{
			ID: r.ID, Name: get[string](r, "name"), Kind: get[string](r, "kind"), Status: get[string](r, "status"), At: at,
			Capacity: get[int64](r, "capacity"), Occupied: get[int64](r, "occupancy"), Height: maybe[float64](r, "refuge_height"), Contact: get[string](r, "contact"),
			helped: maybe[bool](r, "accepts_assisted"), vehicles: maybe[bool](r, "accepts_vehicle"), suits: map[string]*bool{},
			Address: get[string](r, "address"), Counted: maybe[int64](r, "occupancy"), Wheelchair: maybe[bool](r, "accepts_wheelchair"),
			Revision: r.Revision, Updated: r.UpdatedAt,
		}
		s.Room = max(s.Capacity-s.Occupied, 0)
		for hazard, field := range suiting {
			s.suits[hazard] = maybe[bool](r, field)
		}
		all = append(all, s)
	}
	return all
}

// Why is the reason why a shelter is passed over.
type Why string

// The reasons, in the order in which they are looked for.
const (
	Shut        Why = "closed"         // closed, damaged or only planned
	Full        Why = "full"           // no room, or said to be full
	OtherHazard Why = "not_for_hazard" // it is said not to be one for the hazard
	NotAccepted Why = "not_accepted"   // it does not take who comes so
	NoRoad      Why = "no_road"        // no road near its door that the profile may use
	NoWay       Why = "no_way"         // none that is open
	TooLate     Why = "too_late"       // the hazard is there first
	Avoided     Why = "avoided"        // only by what is to be avoided, or later so
)

// Whys lists the reasons.
func Whys() []Why {
	return []Why{Shut, Full, OtherHazard, NotAccepted, NoRoad, NoWay, TooLate, Avoided}
}

// Text is the reason in words.
func (w Why) Text() plan.Text {
	switch w {
	case Shut:
		return plan.Text{ID: "Tidak dibuka.", EN: "It is not open."}
	case Full:
		return plan.Text{ID: "Penuh.", EN: "It is full."}
	case OtherHazard:
		return plan.Text{ID: "Bukan untuk bahaya ini.", EN: "It is not for this hazard."}
	case NotAccepted:
		return plan.Text{ID: "Tidak menerima yang datang dengan cara ini.", EN: "It does not take people who come this way."}
	case NoRoad:
		return plan.Text{ID: "Tidak ada jalan yang tercatat sampai ke sana.", EN: "No road is known that leads to it."}
	case NoWay:
		return plan.Text{ID: "Tidak ada jalan terbuka ke sana.", EN: "No open way leads to it."}
	case TooLate:
		return plan.Text{ID: "Bahaya lebih dahulu tiba di jalan ke sana.", EN: "The hazard is on the way before you."}
	case Avoided:
		return plan.Text{ID: "Jalan ke sana melewati yang ingin dihindari.", EN: "The way there is by what is to be avoided."}
	}
	panic("evac: no such reason: " + string(w))
}

// stands reports whether it is a place to go to, if there is nothing better.
func (s *Shelter) stands() bool { return s.Status != "damaged" && s.Status != "planned" }

// Text is why a shelter is passed over, in words; how many are in it beyond its
// capacity is told.
func (p *Passed) Text() plan.Text {
	if over := p.Occupied - p.Capacity; p.Why == Full && over > 0 {
		return plan.Text{ID: fmt.Sprintf("Penuh: %d orang di atas daya tampungnya.", over), EN: fmt.Sprintf("It is full: %d people above its capacity.", over)}
	}
	return p.Why.Text()
}

// against says why nobody is sent to a shelter, whatever the roads; empty is
// nothing. What is not known is no reason, but vehicles must be said to be taken.
func (s *Shelter) against(p *network.Profile, hazard string) Why {
	no := func(b *bool) bool { return b != nil && !*b }
	switch {
	case s.Status == "full":
		return Full
	case s.Status != "ready" && s.Status != "open":
		return Shut
	case s.Room == 0:
		return Full
	case no(s.suits[hazard]):
		return OtherHazard
	case p.ID == "foot_helped" && no(s.helped), (p.ID == "motorcycle" || p.ID == "car") && (s.vehicles == nil || !*s.vehicles):
		return NotAccepted
	}
	return ""
}
