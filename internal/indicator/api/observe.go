package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// maxObservations in bytes: a thousand observations take a tenth of it.
const maxObservations = 1 << 20

// observedBody says what became of observations.
type observedBody struct {
	Received int `json:"received"`
	// Stored are those that were new.
	Stored int `json:"stored"`
}

// observe is PUT /api/v1/indicators/{id}/observations: values that other systems
// send, all or none. The same again stores nothing.
func (s *Service) observe(w http.ResponseWriter, r *http.Request) error {
	if err := maySend(rest.ActorOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	v, i, err := s.find(r)
	if err != nil {
		return err
	}
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if i.Kind != plan.External {
		return &plan.Error{Kind: plan.Unprocessable, Code: "indicator-is-computed", At: i.ID, Message: plan.Text{
			ID: "Indikator ini dihitung dari peta; nilainya tidak dapat dikirim.",
			EN: "This indicator is computed from the map; values of it cannot be sent.",
		}}
	}
	b, err := rest.OpenBody(r, []string{"application/json"}, maxObservations)
	if err != nil {
		return err
	}
	sent, err := exchange.ReadObserved(b, plan.MostObservations)
	if err != nil {
		return err
	}
	list, err := s.accept(i, sent)
	if err != nil {
		return err
	}
	stored := 0
	if len(list) > 0 {
		if stored, err = s.values.Observe(r.Context(), v.Actor(), i.ID, list); err != nil {
			return err
		}
		s.observedAgain(r.Context(), i.ID)
	}
	return rest.WriteOnce(w, rest.Language(r), observedBody{Received: len(list), Stored: stored})
}

// maySend refuses who may not send values. A token for some layers is for those
// layers alone.
func maySend(a plan.Actor, id string) error {
	switch {
	case a.CanSend(id):
		return nil
	case a.Anonymous():
		return &plan.Error{Kind: plan.Unauthenticated, Code: "login-required", Message: plan.Text{
			ID: "Masuk dahulu, atau pakai token, untuk mengirim nilai.", EN: "Log in, or use a token, to send values.",
		}}
	case a.ReadOnly:
		return &plan.Error{Kind: plan.Denied, Code: "read-only", Message: plan.Text{
			ID: "Login atau token ini hanya boleh membaca.", EN: "This login or token may only read.",
		}}
	case a.Indicators == nil && a.Layers != nil:
		return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
			ID: "Token ini terbatas pada lapisan tertentu dan tidak dapat mengirim nilai indikator.",
			EN: "This token is limited to layers and cannot send values of indicators.",
		}}
	case a.Role != plan.Planner && a.Role != plan.Admin:
		return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
			ID: "Nilai indikator dikirim oleh perencana atau admin.", EN: "Values of indicators are sent by planners and administrators.",
		}}
	default:
		return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
			ID: "Token ini bukan untuk nilai indikator ini.", EN: "This token is not for values of this indicator.",
		}}
	}
}

// Sends reports whether a request sends observations; which, and whether they
// are taken, is not said by that.
func Sends(r *http.Request) bool {
	id, inside := strings.CutPrefix(r.URL.Path, root+"/")
	id, ok := strings.CutSuffix(id, "/observations")
	return r.Method == http.MethodPut && inside && ok && !strings.Contains(id, "/")
}

// accept checks all observations and names each fault.
func (s *Service) accept(i *plan.Indicator, sent []exchange.Observed) ([]plan.Observation, error) {
	codes := map[plan.UnitKind]map[string]bool{}
	for _, by := range plan.UnitKinds {
		areas, _, err := s.board.Areas(by)
		if err != nil {
			return nil, err
		}
		codes[by] = make(map[string]bool, len(areas))
		for _, a := range areas {
			codes[by][a.Code] = true
		}
	}
	type key struct {
		kind plan.UnitKind
		code string
		at   time.Time
	}
	now, first := s.now(), map[key]bool{}
	faults := &plan.Faults{}
	list := make([]plan.Observation, len(sent))
	for n, o := range sent {
		refused := o.Refused
		k := key{o.Kind, o.Code, o.At}
		bad := func(code, at, id, en string) {
			refused = append(refused, &plan.Error{Kind: plan.Unprocessable, Code: code, At: at, Message: plan.Text{ID: id, EN: en}})
		}
		if len(refused) == 0 {
			if o.Unit != i.Unit {
				bad("wrong-unit", "unit", "Satuan indikator ini "+i.Unit+".", "The unit of this indicator is "+i.Unit+".")
			}
			e := i.Refuse(o.Observation, now)
			if e != nil {
				refused = append(refused, e)
			}
			if (e == nil || e.Code != "observation-unit") && !codes[o.Kind][o.Code] {
				bad("observation-unit", "code", "Tidak ada wilayah dengan kode ini.", "There is no area of this code.")
			}
			if first[k] {
				bad("observation-twice", "at", "Wilayah dan waktu ini sudah ada di permintaan yang sama.", "This area and time stand in the same request already.")
			}
			first[k] = true
		}
		for _, e := range refused {
			faults.List = append(faults.List, plan.Fault{Index: n, Err: e})
		}
		list[n] = o.Observation
	}
	if len(faults.List) > 0 {
		return nil, faults
	}
	return list, nil
}
