package zoning

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// published is the form in which the map application of Kota Yogyakarta gives
// out its matrix ("skrk") and its intensity by class of plot.
type published struct {
	Matrix []struct {
		Group    string            `json:"Zonasi"`
		Activity string            `json:"Kegiatan"`
		Cells    map[string]string `json:"skrk"`
	} `json:"skrk"`
	Classes []struct {
		Class  string             `json:"Kelas"`
		Note   string             `json:"Keterangan"`
		Bounds bounds             `json:"Batas"`
		KDB    map[string]float64 `json:"KDB"`
		Height map[string]float64 `json:"Tinggi"`
		KLB    map[string]float64 `json:"KLB"`
		KDH    map[string]float64 `json:"KDH"`
	} `json:"intensitas"`
}

type bounds struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// IsPublished reports whether a JSON text has the form that [ParsePublished]
// reads.
func IsPublished(text []byte) bool {
	var p struct {
		Matrix json.RawMessage `json:"skrk"`
	}
	return json.Unmarshal(text, &p) == nil && p.Matrix != nil
}

// ParsePublished reads the matrix that the map application of Kota Yogyakarta
// publishes. It has no codes of activities: they are numbered from 001 in its
// order. Its classes of plots are whole m2 from the one bound to the other,
// both included, and the last one has no end.
func ParsePublished(text []byte, codes plan.CodeRef, title plan.Text, source string) (*Set, error) {
	var p published
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "rules-syntax", Cause: err, Message: plan.Text{
			ID: "berkas ini tidak berbentuk seperti yang diterbitkan", EN: "the file does not have the published form",
		}}
	}
	s := &Set{Codes: codes, Title: title, Source: source}
	var f faults
	for i, row := range p.Matrix {
		a := Activity{Code: fmt.Sprintf("%03d", i+1), Title: plan.Text{ID: row.Activity}, Group: plan.Text{ID: row.Group}, Cells: map[string]Answer{}}
		for _, zone := range sortedKeys(row.Cells) {
			if !slices.Contains(s.Zones, zone) {
				s.Zones = append(s.Zones, zone)
			}
			a.Cells[zone] = Answer(row.Cells[zone])
		}
		s.Activities = append(s.Activities, a)
	}
	for i, c := range p.Classes {
		to := &[]float64{c.Bounds.Max + 1}[0]
		if i == len(p.Classes)-1 && strings.Contains(c.Note, ">=") {
			to = nil
		}
		zones := map[string]bool{}
		for _, m := range []map[string]float64{c.KDB, c.Height, c.KLB, c.KDH} {
			for zone := range m {
				zones[zone] = true
			}
		}
		for _, zone := range sortedKeys(zones) {
			figure := func(m map[string]float64) *float64 {
				if v, ok := m[zone]; ok {
					return &v
				}
				return nil
			}
			s.Intensity = append(s.Intensity, Rule{
				Zones: []string{zone}, PlotFrom: c.Bounds.Min, PlotTo: to,
				KDB: figure(c.KDB), Height: figure(c.Height), KLB: figure(c.KLB), KDH: figure(c.KDH),
			})
		}
	}
	s.normalise(&f, func(path string) string { return path })
	if err := f.err(); err != nil {
		return nil, err
	}
	return s, nil
}
