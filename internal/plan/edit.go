package plan

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
)

// Edit is one change of one feature that an actor asks for.
type Edit struct {
	Layer string
	Op    Op
	// ID of the feature; a Create without one is given one.
	ID int64
	// Revisions are the only ones that the feature may have now, as If-Match
	// says it; nil accepts any.
	Revisions []int64
	// ReadRevision is the revision that the editor had read, as QGIS fills it in.
	// Unlike Revisions it bears with a save in two parts by one person (see
	// the trigger of the column read_revision); nil is not checked.
	ReadRevision *int64
	// Held is the revision of the copy that the editor is known to hold; 0 where
	// that is not known. A feature that somebody else has changed since is Stale.
	Held int64
	// Whole replaces the feature: what Values and Geometry do not have becomes
	// null. Without it an Update changes only what they have.
	Whole bool
	// Values by field name, in the types of Feature.Values; nil is null.
	Values map[string]any
	// Geometry is lon, lat in degrees, as the layer declares it or single where
	// that is multi; HasGeometry tells null from absent.
	Geometry    orb.Geometry
	HasGeometry bool
	// Refused is what is known to be wrong with the edit already. A commit that
	// holds such an edit changes nothing and finds the faults of the others.
	Refused []*Error
}

// Edited is what became of an Edit.
type Edited struct {
	Layer    string `json:"layer"`
	ID       int64  `json:"id"`
	Revision int64  `json:"revision"`
	Op       Op     `json:"op"`
	// WidenedM is how far in m a point or line was widened to an area; 0: it was
	// not.
	WidenedM float64 `json:"widenedM,omitempty"`
}

// Once makes a commit happen at most once, however often it is asked for: the
// result is kept with the key in the same transaction. The zero value does
// not.
type Once struct {
	// Key is chosen by the client, for one actor.
	Key string
	// Fingerprint of the request: another one under the same key is refused.
	Fingerprint string
}

// Submission is what somebody sends with a feature who may not edit its layer.
// It is for the server alone, and goes with the feature.
type Submission struct {
	// Secret is the SHA-256 of the secret by which the sender follows it.
	Secret []byte
	// Photo is a JPEG; nil for none.
	Photo []byte
	// Contact is how to reach the sender; empty for none.
	Contact string
}

// MostEdits is how many edits one commit takes, MostFaults how many faults it
// names.
const (
	MostEdits  = 10_000
	MostFaults = 1_000
)

// Fault says what is wrong with the edit at Index, from 0. Layer and ID are
// those of the edit; no ID where the feature was yet to be made.
type Fault struct {
	Index int
	Layer string
	ID    int64
	Err   *Error
}

// Faults is the error of a commit that names each fault. Nothing was changed.
type Faults struct {
	List []Fault
	// Cut says that there may be more than are listed.
	Cut bool
}

func (f *Faults) Error() string {
	return fmt.Sprintf("%d of the edits are refused, the first at %d: %v", len(f.List), f.List[0].Index, f.List[0].Err)
}

// Unwrap makes the first fault the kind of the whole.
func (f *Faults) Unwrap() error { return f.List[0].Err }

// Version is one version of a feature in its history.
type Version struct {
	// Feature as it was; of a deletion it has id, revision, time and actor only.
	Feature *Feature
	Op      Op
	// Until is when the next version replaced it; zero while it is current.
	Until time.Time
}
