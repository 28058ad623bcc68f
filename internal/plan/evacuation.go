package plan

import (
	"encoding/json"
	"time"

	"github.com/paulmach/orb"
)

// Evacuation is a plan for the evacuation of a city, or the wish for one.
type Evacuation struct {
	ID    string // a UUID
	Title string
	By    string // who asked
	// Asked is what was asked for, a JSON object.
	Asked                     json.RawMessage
	AskedAt                   time.Time
	StartedAt, EndedAt        *time.Time
	Status                    EvacuationStatus
	Cancelling                bool // somebody wants it to end
	Progress                  EvacuationProgress
	GraphVersion, HazardsFrom string // of what it was made from; empty: not yet
	ClosuresAsOf              *time.Time
	// Outcome is what it comes to, a JSON object; nil: there is no plan.
	Outcome json.RawMessage
	// Problem is why there is none, by its code; nil: nothing is wrong.
	Problem *EvacuationProblem
}

// EvacuationProblem is why a plan failed.
type EvacuationProblem struct {
	Code   string `json:"code"`
	Detail Text   `json:"detail"`
}

// EvacuationStatus is where a plan stands.
type EvacuationStatus string

// The members of EvacuationStatus.
const (
	EvacuationQueued    EvacuationStatus = "queued"
	EvacuationRunning   EvacuationStatus = "running"
	EvacuationDone      EvacuationStatus = "done"
	EvacuationFailed    EvacuationStatus = "failed"
	EvacuationCancelled EvacuationStatus = "cancelled"
)

// EvacuationProgress is how far the work is.
type EvacuationProgress struct {
	Phase   string  `json:"phase"`
	Share   float64 `json:"share"`   // of the phase, 0 to 1
	Saved   int     `json:"saved"`   // people who have their way
	Bound   int     `json:"bound"`   // whom no plan saves more than
	Gap     float64 `json:"gap"`     // share of the bound that is missing
	Seconds float64 `json:"seconds"` // since it began
}

// EvacuationFlow is a stretch of road that people of a plan use in one
// direction. Times are minutes after the hazard begins.
type EvacuationFlow struct {
	Kind         string // street, leaving home, entering a shelter
	Name         string
	Layer        string
	Feature      int64
	People       int
	Peak, PeakAt int // people who enter in the fullest minute
	Capacity     int // people a minute
	Saturated    float64
	First, Last  float64
	PerMinute    []int32
	Line         orb.LineString
}

// EvacuationGroup is people of a gampong who go together, or are left.
type EvacuationGroup struct {
	AreaCode, Area         string
	People                 int
	Shelter                int64 // 0: left
	ShelterName            string
	Why                    string // empty: saved
	LeaveFirst, LeaveLast  float64
	ArriveFirst, ArriveEnd float64
	Minutes, Waiting       float64 // on the way
	Metres                 float64
	Way                    string
	At                     orb.Point
}
