package ogc

import (
	"errors"
	"net/http"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// editsDoc answers a request with many edits.
type editsDoc struct {
	Edits []plan.Edited `json:"edits"`
}

// edits carries out many edits over several layers, all or none.
func (s *Service) edits(w http.ResponseWriter, r *http.Request) error {
	v := s.see(r)
	if v.Actor().Anonymous() {
		return loginRequired()
	}
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	crs, err := contentCRS(r)
	if err != nil {
		return err
	}
	b, err := openBody(r, []string{"application/json"}, maxEdits)
	if err != nil {
		return err
	}
	// Before the first byte is read: all that a body holds stays in memory until
	// it is committed.
	leave, err := s.editing.Enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	layer := func(id string) (*plan.Layer, *plan.Error) {
		l, ok := v.Layer(id)
		if !ok {
			return nil, &plan.Error{Kind: plan.NotFound, Code: "no-such-layer", At: "layer", Message: plan.Text{
				ID: "Tidak ada lapisan dengan nama ini.", EN: "There is no layer of this name.",
			}}
		}
		return l, mayEdit(v.Actor(), l)
	}
	list, err := exchange.ReadEdits(b, layer, exchange.BodyOptions{Catalog: v.Catalog(), CRS: crs})
	if err != nil {
		return err
	}
	once, err := b.once(r)
	if err != nil {
		return err
	}
	for i := range list {
		if l, ok := v.Layer(list[i].Layer); ok {
			s.copies.hold(r, l, &list[i])
		}
	}
	ctx := r.Context()
	done, err := s.editor.Commit(ctx, v.Actor(), list, once)
	if err != nil {
		return err
	}
	// The last edit of a layer shows after all the others.
	last := map[string]plan.Edited{}
	for _, e := range done {
		last[e.Layer] = e
		if l, ok := v.Layer(e.Layer); ok {
			s.copies.wrote(r, l, e)
		}
	}
	for _, e := range last {
		s.plan.Reached(ctx, e.Layer, e.ID, e.Revision, e.Op)
	}
	return writeDone(w, http.StatusOK, editsDoc{done})
}

// writeDone answers a write with a small document.
func writeDone(w http.ResponseWriter, status int, doc any) error {
	data, err := rest.Encode(doc)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", rest.JSON().Type)
	w.WriteHeader(status)
	_, err = w.Write(data)
	return err
}

// revert makes an old version of a feature the current one, as a new edit. A
// feature that was deleted comes back under its id.
func (s *Service) revert(w http.ResponseWriter, r *http.Request) error {
	_, l, id, revisions, err := s.target(r)
	if err != nil {
		return err
	}
	b, err := openBody(r, []string{"application/json"}, maxRevert)
	if err != nil {
		return err
	}
	revision, err := exchange.ReadRevision(b)
	if err != nil {
		return err
	}
	once, err := b.once(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	was, err := s.versions.Version(ctx, l, id, revision)
	if err != nil {
		return err
	}
	if was.Op == plan.Delete {
		return &plan.Error{Kind: plan.Unprocessable, Code: "version-is-a-deletion", At: "revision", Message: plan.Text{
			ID: "Versi ini adalah penghapusan. Untuk menghapus fitur, pakai DELETE.",
			EN: "This version is a deletion. To delete the feature, use DELETE.",
		}}
	}
	edit := plan.Edit{
		Layer: l.ID, Op: plan.Update, ID: id, Revisions: revisions, Whole: true,
		HasGeometry: true, Geometry: was.Feature.Geometry, Values: make(map[string]any, len(l.Fields)),
	}
	for i, f := range l.Fields {
		edit.Values[f.Name] = was.Feature.Values[i]
	}
	actor := rest.ActorOf(ctx)
	done, err := s.editor.Commit(ctx, actor, []plan.Edit{edit}, once)
	var e *plan.Error
	if errors.As(err, &e) && e.Kind == plan.NotFound && revisions == nil {
		edit.Op = plan.Create
		done, err = s.editor.Commit(ctx, actor, []plan.Edit{edit}, once)
	}
	if err != nil {
		return alone(err)
	}
	s.copies.wrote(r, l, done[0])
	s.plan.Reached(ctx, l.ID, id, done[0].Revision, done[0].Op)
	return writeDone(w, http.StatusOK, done[0])
}
