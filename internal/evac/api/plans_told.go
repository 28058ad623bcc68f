package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
)

const csvType = "text/csv; charset=utf-8"

// groupsTable is a table for a spreadsheet, with a byte order mark.
func groupsTable(groups []groupBody) ([]byte, error) {
	buf := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(buf)
	w.UseCRLF = true
	if err := w.Write([]string{
		"area_code", "area", "lon", "lat", "people", "shelter_id", "shelter_name", "why", "leave_first", "leave_last", "arrive_first", "arrive_last", "minutes", "waiting", "length", "way",
	}); err != nil {
		return nil, err
	}
	for i := range groups {
		g := &groups[i]
		times := make([]string, 8)
		if g.Shelter != nil {
			times[0] = strconv.FormatInt(*g.Shelter, 10)
			for k, v := range []float64{g.LeaveFirst, g.LeaveLast, g.ArriveFirst, g.ArriveLast, g.Minutes, g.Waiting, g.Metres} {
				times[1+k] = strconv.FormatFloat(v, 'f', -1, 64)
			}
		}
		row := []string{
			exchange.Harmless(g.Code), exchange.Harmless(g.Area), strconv.FormatFloat(g.At[0], 'f', decimals, 64), strconv.FormatFloat(g.At[1], 'f', decimals, 64), strconv.Itoa(g.People),
			times[0], exchange.Harmless(g.ShelterName), g.Why,
		}
		if err := w.Write(append(append(row, times[1:]...), exchange.Harmless(g.Way))); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return buf.Bytes(), w.Error()
}

func hundredth(v float64) float64 { return math.Round(v*100) / 100 }

// comparison is what a plan comes to less what another does.
type comparison struct {
	ID     string     `json:"id"`
	Title  string     `json:"title"`
	People int        `json:"people"`
	Saved  int        `json:"saved"`
	Mean   float64    `json:"mean_arrival"` // minutes
	Areas  []areaDiff `json:"areas"`
}

// areaDiff is a gampong of which not as many are saved by both.
type areaDiff struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Saved int    `json:"saved"`
}

// compare tells how a plan differs from another.
func compare(e, o *plan.Evacuation) (*comparison, error) {
	if e.Outcome == nil || o.Outcome == nil {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "nothing-to-compare", At: "against", Message: plan.Text{
			ID: "Salah satu dari keduanya belum atau tidak menjadi rencana.", EN: "One of the two has not become a plan, or not yet.",
		}}
	}
	var a, b evac.Outcome
	for text, into := range map[*plan.Evacuation]*evac.Outcome{e: &a, o: &b} {
		if err := json.Unmarshal(text.Outcome, into); err != nil {
			return nil, fmt.Errorf("read a plan: %w", err)
		}
	}
	c := &comparison{ID: o.ID, Title: o.Title, People: a.People - b.People, Saved: a.Saved - b.Saved, Mean: hundredth(a.Arrival.Mean - b.Arrival.Mean), Areas: []areaDiff{}}
	was := map[int64]evac.AreaTold{}
	for _, x := range b.Areas {
		was[x.ID] = x
	}
	for _, x := range a.Areas {
		if d := x.Saved - was[x.ID].Saved; d != 0 {
			c.Areas = append(c.Areas, areaDiff{x.Code, x.Name, d})
		}
		delete(was, x.ID)
	}
	for _, x := range b.Areas {
		if _, only := was[x.ID]; only && x.Saved != 0 {
			c.Areas = append(c.Areas, areaDiff{x.Code, x.Name, -x.Saved})
		}
	}
	return c, nil
}
