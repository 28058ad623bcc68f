package api

import (
	"net/http"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/slum"
)

// What one request may hold.
const (
	maxBody  = 2 << 20 // bytes
	maxAreas = 1000
	maxName  = 200 // characters
)

// Resources are all resources, by pattern.
func Resources(p Plan) map[string]rest.Resource {
	return map[string]rest.Resource{
		"/api/v1/slum/score":      {Methods: map[string]rest.HandlerFunc{http.MethodPost: score}, MaxBody: maxBody},
		"/api/v1/slum/areas/{id}": {Methods: map[string]rest.HandlerFunc{http.MethodGet: stored(p)}},
	}
}

// score is POST /api/v1/slum/score. Everybody may ask: it is arithmetic.
func score(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	var q question
	if err := rest.ReadJSON(r, maxBody, &q); err != nil {
		return err
	}
	on, err := q.check(time.Now())
	if err != nil {
		return err
	}
	lang := rest.Language(r)
	return rest.WriteOnce(w, lang, answerTo(&q, on, lang))
}

// answer is the score of each area, and of all together.
type answer struct {
	Areas    []areaAnswer `json:"areas"`
	Together compared     `json:"together"`
}

type areaAnswer struct {
	Name string `json:"name"`
	compared
	// Handling is null where the area is no slum, and where legality or
	// considerations are not known. It is by the score before a programme.
	Handling *slum.Handling `json:"handling"`
}

// compared is a score, that after a programme where one was sent, and what the
// programme has done.
type compared struct {
	Score        result    `json:"score"`
	After        *result   `json:"after"`
	Contribution *float64  `json:"contribution"`
	Findings     []finding `json:"findings"`
}

type result struct {
	Criteria        []criterion `json:"criteria"`
	Aspects         []aspect    `json:"aspects"`
	SectoralPercent *float64    `json:"sectoralPercent"`
	Total           *int        `json:"total"`
	// Highest is what the total could be if all were assessed.
	Highest     int         `json:"highest"`
	Class       *slum.Class `json:"class"`
	NotAssessed []string    `json:"notAssessed"`
	Areas       int         `json:"areas"`
}

type criterion struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Aspect int    `json:"aspect"`
	// Per is the denominator that the volume is a part of, Unit its UCUM code.
	Per         slum.Denominator `json:"per"`
	Unit        string           `json:"unit"`
	Volume      *float64         `json:"volume"`
	Denominator *float64         `json:"denominator"`
	Percent     *float64         `json:"percent"`
	Score       *int             `json:"score"`
	// Areas is in how many areas the criterion is assessed.
	Areas int `json:"areas"`
}

type aspect struct {
	Aspect  int      `json:"aspect"`
	Title   string   `json:"title"`
	Percent *float64 `json:"percent"`
}

type finding struct {
	Code    string   `json:"code"`
	At      []string `json:"at"`
	Message string   `json:"message"`
}

func answerTo(q *question, on time.Time, lang plan.Lang) answer {
	a := answer{Areas: []areaAnswer{}}
	before, after := make([]slum.Measured, len(q.Areas)), make([]slum.Measured, len(q.Areas))
	programme := false
	for i := range q.Areas {
		one := &q.Areas[i]
		before[i] = one.read()
		after[i] = before[i]
		if one.After != nil {
			programme = true
			after[i] = one.after()
		}
		s := compare(before[i:i+1], after[i:i+1], one.After != nil, one.decree(), on, lang)
		class := slum.Class("")
		if s.Score.Class != nil {
			class = *s.Score.Class
		}
		a.Areas = append(a.Areas, areaAnswer{Name: one.Name, compared: s, Handling: slum.HandlingOf(class, one.LandLegality, one.Considerations)})
	}
	// An area without a programme is after it what it was before.
	a.Together = compare(before, after, programme, slum.Decree{}, on, lang)
	return a
}

func compare(before, after []slum.Measured, programme bool, d slum.Decree, on time.Time, lang plan.Lang) compared {
	was := slum.Aggregate(before)
	c := compared{Score: tell(&was, lang), Findings: []finding{}}
	for _, f := range slum.Findings(&was, d, on) {
		at := f.At
		if at == nil {
			at = []string{}
		}
		c.Findings = append(c.Findings, finding{f.Code, at, f.Message.In(lang)})
	}
	if programme {
		is := slum.Aggregate(after)
		told := tell(&is, lang)
		c.After, c.Contribution = &told, slum.Contribution(&was, &is)
	}
	return c
}

func tell(r *slum.Result, lang plan.Lang) result {
	t := result{SectoralPercent: r.Sectoral, Total: r.Total, Highest: r.Highest, NotAssessed: r.NotAssessed(), Areas: r.Areas}
	if r.Class != "" {
		t.Class = &r.Class
	}
	for i := range r.Criteria {
		a := &r.Criteria[i]
		t.Criteria = append(t.Criteria, criterion{
			ID: a.ID, Title: a.Title.In(lang), Aspect: a.Aspect(), Per: a.Per, Unit: a.Per.Unit(),
			Volume: a.Volume, Denominator: a.Denominator, Percent: a.Percent, Score: a.Score, Areas: a.Areas,
		})
	}
	for i, title := range slum.Aspects() {
		t.Aspects = append(t.Aspects, aspect{i + 1, title.In(lang), r.Aspects[i]})
	}
	return t
}
