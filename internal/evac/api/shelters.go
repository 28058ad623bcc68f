package api

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/rest"
)

// shelterStatus is a shelter as it stands, in the words of the feed OpenShelters
// of FEMA and the American Red Cross, whose readers know them. What is not
// recorded here is null: neither are people per square foot, nor American law
// and pets. The members in small letters are our own.
type shelterStatus struct {
	ID         int64    `json:"SHELTER_ID"`
	Name       string   `json:"SHELTER_NAME"`
	Address    *string  `json:"ADDRESS"`
	City       *string  `json:"CITY"`
	State      *string  `json:"STATE"`
	Zip        *string  `json:"ZIP"`
	Status     string   `json:"SHELTER_STATUS"`
	Capacity   int64    `json:"EVACUATION_CAPACITY"`
	PostImpact *int64   `json:"POST_IMPACT_CAPACITY"`
	People     *int64   `json:"TOTAL_POPULATION"`
	Opens      *string  `json:"HOURS_OPEN"`
	Closes     *string  `json:"HOURS_CLOSE"`
	Office     *string  `json:"ORG_NAME"`
	Match      *string  `json:"MATCH_TYPE"`
	ADA        *string  `json:"ADA_COMPLIANT"`
	Wheelchair *string  `json:"WHEELCHAIR_ACCESSIBLE"`
	Pets       *string  `json:"PET_ACCOMMODATIONS_CODE"`
	Lat        float64  `json:"LATITUDE"`
	Lon        float64  `json:"LONGITUDE"`
	Kind       string   `json:"kind"`
	Own        string   `json:"status"`
	Room       int64    `json:"room"`
	Height     *float64 `json:"refuge_height"` // m
	Revision   int64    `json:"revision"`
	Updated    string   `json:"updated_at"`
}

func statusOf(s *evac.Shelter) shelterStatus {
	at := degrees(s.At)
	b := shelterStatus{
		ID: s.ID, Name: s.Name, Status: openness(s), Capacity: s.Capacity, People: s.Counted, Lat: at[1], Lon: at[0],
		Kind: s.Kind, Own: s.Status, Room: s.Room, Height: s.Height, Revision: s.Revision, Updated: s.Updated.UTC().Format(time.RFC3339),
	}
	if s.Address != "" {
		b.Address = &s.Address
	}
	if s.Wheelchair != nil {
		yes := map[bool]string{true: "YES", false: "NO"}[*s.Wheelchair]
		b.Wheelchair = &yes
	}
	return b
}

// openness is a status in the words of OpenShelters. One that is ready, but not
// opened yet, is on standby; one that is only planned, or damaged, is closed.
func openness(s *evac.Shelter) string {
	switch {
	case s.Status == "full" || s.Status == "open" && s.Room == 0:
		return "FULL"
	case s.Status == "open":
		return "OPEN"
	case s.Status == "ready":
		return "STANDBY"
	}
	return "CLOSED"
}

// shelterVersions tell from what the list was made, and how old it is.
type shelterVersions struct {
	Shelters string    `json:"shelter_version"`
	AsOf     time.Time `json:"shelters_as_of"`
}

type shelterList struct {
	shelterVersions
	Shelters []shelterStatus `json:"shelters"`
}

type shelterCollection struct {
	Type string `json:"type"`
	shelterVersions
	Features []member `json:"features"`
}

// csvFormat is a table for a spreadsheet.
func csvFormat() rest.Media { return rest.Media{Name: "csv", Type: "text/csv; charset=utf-8"} }

// shelterStatuses is GET /api/v1/evacuation/shelters/status.
func (s *Service) shelterStatuses(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r, []rest.Media{rest.JSON(), geoJSON(), csvFormat()})
	if err != nil {
		return err
	}
	v := shelterVersions{q.city.ShelterVersion, q.city.AsOf.UTC()}
	all := make([]shelterStatus, 0, len(q.city.Shelters()))
	for _, x := range q.city.Shelters() {
		all = append(all, statusOf(x))
	}
	s.tellAge(w, q.city)
	rest.AddVary(w.Header(), "Accept")
	switch q.media.Name {
	case csvFormat().Name:
		data, err := table(all)
		if err != nil {
			return err
		}
		w.Header().Set("Simtaru-As-Of", v.AsOf.Format(time.RFC3339))
		w.Header().Set("Content-Disposition", `attachment; filename="shelters.csv"`)
		return rest.Write(w, r, rest.Body{Type: q.media.Type, Data: data})
	case geoJSON().Name:
		c := shelterCollection{"FeatureCollection", v, make([]member, len(all))}
		for i, x := range q.city.Shelters() {
			c.Features[i] = memberOf(x.At, all[i])
		}
		return rest.WriteJSON(w, r, rest.Body{Type: q.media.Type}, c)
	}
	return rest.WriteJSON(w, r, rest.Body{}, shelterList{v, all})
}

// table has a row for each shelter, under the names that it has as JSON: RFC
// 4180 in UTF-8 with a byte order mark, which Excel needs to see that. What is
// not known is empty.
func table(all []shelterStatus) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	var head []string
	for f := range reflect.TypeFor[shelterStatus]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		head = append(head, name)
	}
	rows := [][]string{head}
	for _, s := range all {
		v := reflect.ValueOf(s)
		row := make([]string, v.NumField())
		for i := range row {
			x := v.Field(i)
			if x.Kind() == reflect.Pointer {
				if x.IsNil() {
					continue
				}
				x = x.Elem()
			}
			if row[i] = fmt.Sprint(x.Interface()); x.Kind() == reflect.String {
				row[i] = exchange.Harmless(row[i])
			}
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write shelters: %w", err)
	}
	return b.Bytes(), nil
}
