package httpd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits on a page of changes.
const (
	changesLimit    = 100
	maxChangesLimit = 1000
	// maxChangesLayers bounds the list of layers, more than a city has.
	maxChangesLayers = 200
)

// changesBody is GET /api/v1/changes.
type changesBody struct {
	Changes []changeBody `json:"changes"`
	// Next is the parameter since of the next request: now where more is true,
	// later otherwise.
	Next string `json:"next"`
	More bool   `json:"more"`
}

type changeBody struct {
	ID       int64   `json:"id"`
	Layer    string  `json:"layer"`
	Feature  int64   `json:"feature"`
	Op       plan.Op `json:"op"`
	Revision int64   `json:"revision"`
	// BBox is west, south, east, north of what was and what is there; null where
	// neither has a geometry.
	BBox *[4]float64 `json:"bbox"`
	// Actor is told to staff.
	Actor string    `json:"actor,omitempty"`
	At    time.Time `json:"at"`
}

// changes is GET /api/v1/changes?since=token: every change, once, for other
// systems to follow. Without since it begins with the oldest that is kept.
func (s *Server) changes(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "since", "limit", "layers")
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	q := plan.ChangesQuery{Since: p.Value("since")}
	if since, ok := p.Get("since"); ok && since == "" {
		return rest.Invalid("since", plan.Text{ID: "Tokennya kosong. Tanpa since dimulai dari yang tertua.", EN: "The token is empty. Without since it begins with the oldest."})
	}
	if q.Limit, err = p.Int("limit", changesLimit, 1, maxChangesLimit); err != nil {
		return err
	}
	v := s.see(r)
	list, given := p.Get("layers")
	if q.Layers, err = s.changesLayers(v, list, given); err != nil {
		return err
	}
	if s.archive == nil {
		return rest.Starting()
	}
	page, err := s.archive.Changes(r.Context(), q)
	switch {
	case errors.Is(err, plan.ErrReload):
		return changesPruned(err)
	case err != nil:
		return fmt.Errorf("changes: %w", err)
	}
	if !page.More {
		s.settle(r.Context(), page.Changes)
	}
	body := changesBody{Changes: make([]changeBody, len(page.Changes)), Next: page.Next, More: page.More}
	for i, c := range page.Changes {
		body.Changes[i] = changeBody{
			ID: c.ID, Layer: c.Layer, Feature: c.Feature, Op: c.Op, Revision: c.Revision, At: c.At.UTC(),
		}
		if b := union(union(nil, c.Before), c.After); b != nil {
			body.Changes[i].BBox = &[4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		}
		if !v.Actor().IsPublic() {
			body.Changes[i].Actor = c.Actor
		}
	}
	rest.AddVary(w.Header(), "Authorization", "Cookie")
	return rest.WriteJSON(w, r, rest.Body{Cache: "no-store"}, body)
}

// settleWait bounds how long an answer waits for the plan in memory.
const settleWait = time.Second

// settle waits until the plan in memory holds the newest of the changes, which
// were read from the database: whoever is told of a change reads the feature
// next, and must not get the one before.
func (s *Server) settle(ctx context.Context, changes []plan.Change) {
	ctx, cancel := context.WithTimeout(ctx, settleWait)
	defer cancel()
	type feature struct {
		layer string
		id    int64
	}
	last := make(map[feature]plan.Change, len(changes))
	for _, c := range changes {
		last[feature{c.Layer, c.Feature}] = c
	}
	for f, c := range last {
		s.plan.Reached(ctx, f.layer, f.id, c.Revision, c.Op)
	}
}

// changesLayers are the layers asked for, all that can be read where none are.
func (s *Server) changesLayers(v mirror.View, list string, given bool) ([]string, error) {
	if !s.plan.Status().Ready {
		return nil, rest.Starting()
	}
	ids := []string{}
	if !given {
		for _, l := range v.Layers() {
			ids = append(ids, l.ID)
		}
		return ids, nil
	}
	for id := range strings.SplitSeq(list, ",") {
		if _, ok := v.Layer(id); !ok {
			return nil, rest.NotFound("no-such-layer", "layers", plan.Text{
				ID: "Tidak ada lapisan dengan nama ini. Daftarnya di /ogc/collections.",
				EN: "There is no layer of this name. They are listed at /ogc/collections.",
			})
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if len(ids) > maxChangesLayers {
			return nil, rest.Invalid("layers", plan.Text{
				ID: fmt.Sprintf("Paling banyak %d lapisan.", maxChangesLayers), EN: fmt.Sprintf("At most %d layers.", maxChangesLayers),
			})
		}
	}
	return ids, nil
}

// changesPruned tells a follower that has been away for too long how to go on.
func changesPruned(cause error) error {
	return &rest.StatusError{Status: http.StatusGone, Err: &plan.Error{
		Kind: plan.NotFound, Code: "changes-pruned", At: "since", Cause: cause, Message: plan.Text{
			ID: "Perubahan sesudah token ini sudah tidak lengkap lagi, atau basis datanya lain. Minta token baru dengan since=now, muat semua objek sekali lagi, lalu ikuti dari token itu.",
			EN: "The changes after this token are not complete any more, or the database is another. Ask for a new token with since=now, load all features once more, and follow from that token.",
		},
	}}
}
