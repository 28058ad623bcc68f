package zoning

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// Set is the rules for one version of a list of sub-zone codes. It is
// immutable once read.
type Set struct {
	// Codes is the list of sub-zones whose codes are meant: the same code may
	// mean something else in another version.
	Codes plan.CodeRef `json:"codes"`
	Title plan.Text    `json:"title"`
	// Source is the document that the rules are taken from.
	Source string `json:"source"`
	// Zones are the sub-zones that the matrix has a column for, in its order.
	Zones      []string    `json:"zones"`
	Activities []Activity  `json:"activities"`
	Conditions []Condition `json:"conditions"`
	Intensity  []Rule      `json:"intensity"`
	Provisions []Provision `json:"provisions"`
}

// Activity is one row of the matrix.
type Activity struct {
	// Code names the activity in the set: its KBLI code, or one of its own where
	// it is no business.
	Code string `json:"code"`
	// KBLI is the 5-digit code of KBLI 2020; empty where there is none. Several
	// activities may share one.
	KBLI  string    `json:"kbli,omitempty"`
	Title plan.Text `json:"title"`
	Group plan.Text `json:"group,omitzero"`
	// Also are other words by which people look for it.
	Also []string `json:"also,omitempty"`
	// Cells are the answers by sub-zone. A sub-zone that is missing is not
	// stated: neither allowed nor forbidden.
	Cells map[string]Answer `json:"cells"`
}

// Condition spells out what a letter with a number asks for.
type Condition struct {
	Code string    `json:"code"`
	Text plan.Text `json:"text"`
}

// Rule says how much may be built, where all its predicates hold. A nil figure
// is not stated.
type Rule struct {
	Zones []string `json:"zones"`
	// Blocks are full block ids, WP.SWP.block, or the beginning of some at a
	// dot; none: any block.
	Blocks []string `json:"blocks,omitempty"`
	// Roads are the classes of the road in front; none: any.
	Roads []string `json:"roads,omitempty"`
	// PlotFrom is the least plot in m2, PlotTo the first that is too large; nil
	// is no bound.
	PlotFrom float64  `json:"plotFrom,omitempty"`
	PlotTo   *float64 `json:"plotTo,omitempty"`

	// KDB is the largest footprint, KDH the least planted land and KTB the
	// largest basement, in percent of the plot.
	KDB *float64 `json:"kdb,omitempty"`
	KDH *float64 `json:"kdh,omitempty"`
	KTB *float64 `json:"ktb,omitempty"`
	// KLB is the largest floor area over the area of the plot, KLBMin the least.
	KLB    *float64 `json:"klb,omitempty"`
	KLBMin *float64 `json:"klbMin,omitempty"`
	// Height in m and Floors at most.
	Height *float64 `json:"height,omitempty"`
	Floors *float64 `json:"floors,omitempty"`
	// Setback is the least distance to the road in m, by its class. Side and
	// Rear are those to the neighbours.
	Setback map[string]float64 `json:"setback,omitempty"`
	Side    *float64           `json:"side,omitempty"`
	Rear    *float64           `json:"rear,omitempty"`
	// SmallestPlot in m2 that may be built on.
	SmallestPlot *float64 `json:"smallestPlot,omitempty"`
}

// Provision is where a rule stands in the law.
type Provision struct {
	Document string `json:"document"`
	Article  string `json:"article,omitempty"`
	Link     string `json:"link,omitempty"`
	// About says what it rules.
	About plan.Text `json:"about"`
	// Zones that it speaks of; none: all.
	Zones []string `json:"zones,omitempty"`
}

// RoadClasses are the classes that rules tell roads apart by, the widest
// first.
func RoadClasses() []string { return []string{"arteri", "kolektor", "lokal", "lingkungan"} }

// Encode is the canonical document: equal sets are equal bytes.
func (s *Set) Encode() ([]byte, error) {
	b, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write a set of rules: %w", err)
	}
	return append(b, '\n'), nil
}

// Record is the set as it is to be kept.
func (s *Set) Record() (plan.RuleSet, error) {
	document, err := s.Encode()
	if err != nil {
		return plan.RuleSet{}, err
	}
	sum := sha256.Sum256(document)
	return plan.RuleSet{Codes: s.Codes, Document: document, SHA256: hex.EncodeToString(sum[:])}, nil
}

// condition finds what a code such as T1 asks for.
func (s *Set) condition(code string) (Condition, bool) {
	i := slices.IndexFunc(s.Conditions, func(c Condition) bool { return c.Code == code })
	if i < 0 {
		return Condition{}, false
	}
	return s.Conditions[i], true
}
