package ogc

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// addEdits adds what changes the plan (Part 4, and what goes beyond it).
func (s *Service) addEdits(all map[string]rest.Resource) {
	if s.editor == nil {
		return
	}
	const items = "/ogc/collections/{layer}/items"
	list, one := all[items], all[items+"/{id}"]
	list.Methods[http.MethodPost] = s.createItem
	list.MaxBody, list.Allow = maxFeature, s.allow(list.Methods)
	one.Methods[http.MethodPut] = s.replaceItem
	one.Methods[http.MethodPatch] = s.patchItem
	one.Methods[http.MethodDelete] = s.deleteItem
	one.MaxBody, one.Allow = maxFeature, s.allow(one.Methods)
	all[items], all[items+"/{id}"] = list, one
	if s.versions != nil {
		revert := rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodPost: s.revert}, MaxBody: maxRevert}
		revert.Allow = s.allow(revert.Methods)
		all[items+"/{id}/revert"] = revert
	}
	all["/api/v1/edits"] = rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodPost: s.edits}, MaxBody: maxEdits}
}

// allow answers OPTIONS by route and login: QGIS offers to edit where POST, PUT
// and DELETE are listed, and asks for a feature that need not exist.
func (s *Service) allow(methods map[string]rest.HandlerFunc) func(http.Header, *http.Request) ([]string, error) {
	return func(h http.Header, r *http.Request) ([]string, error) {
		v, l, err := s.layer(r)
		if err != nil {
			return nil, err
		}
		list := []string{http.MethodOptions}
		edits := v.Actor().CanEdit(l)
		for m := range methods {
			switch {
			case m == http.MethodGet:
				list = append(list, m, http.MethodHead)
			case edits:
				list = append(list, m)
			}
		}
		slices.Sort(list)
		if edits && methods[http.MethodPatch] != nil {
			h.Set("Accept-Patch", strings.Join(patchTypes(), ", "))
		}
		if edits && methods[http.MethodPost] != nil {
			h.Set("Accept-Post", strings.Join(featureTypes(), ", "))
		}
		return list, nil
	}
}

// editable finds the layer of a request, which its actor must be allowed to
// edit. A layer that it may not even read is not there.
func (s *Service) editable(r *http.Request) (mirror.View, *plan.Layer, error) {
	v, l, err := s.layer(r)
	if err != nil {
		return v, nil, err
	}
	if e := mayEdit(v.Actor(), l); e != nil {
		return v, nil, e
	}
	if _, err := rest.ParseParams(r); err != nil {
		return v, nil, err
	}
	return v, l, nil
}

func mayEdit(a plan.Actor, l *plan.Layer) *plan.Error {
	switch {
	case a.CanEdit(l):
		return nil
	case a.Anonymous():
		return loginRequired()
	}
	return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
		ID: "Anda tidak berhak menyunting lapisan " + l.Title.In(plan.Indonesian) + ".",
		EN: "You may not edit the layer " + l.Title.In(plan.English) + ".",
	}}
}

func loginRequired() *plan.Error {
	return &plan.Error{Kind: plan.Unauthenticated, Code: "login-required", Message: plan.Text{
		ID: "Masuk dahulu untuk menyunting.", EN: "Log in before you edit.",
	}}
}

// createItem adds a feature (Part 4, POST on items).
func (s *Service) createItem(w http.ResponseWriter, r *http.Request) error {
	v, l, err := s.editable(r)
	if err != nil {
		return err
	}
	edit, b, err := s.readEdit(r, v, l, featureTypes(), exchange.ReadFeature)
	if err != nil {
		return err
	}
	edit.Op = plan.Create
	return s.commitItem(w, r, l, edit, b)
}

// replaceItem replaces a feature (Part 4, PUT). It does not make one: ids are
// the system's to give.
func (s *Service) replaceItem(w http.ResponseWriter, r *http.Request) error {
	return s.updateItem(w, r, featureTypes(), exchange.ReadFeature, true)
}

// patchItem changes a part of a feature (Part 4, PATCH with a merge patch).
func (s *Service) patchItem(w http.ResponseWriter, r *http.Request) error {
	return s.updateItem(w, r, patchTypes(), exchange.ReadPatch, false)
}

func (s *Service) updateItem(w http.ResponseWriter, r *http.Request, types []string, read reading, whole bool) error {
	v, l, id, revisions, err := s.target(r)
	if err != nil {
		return err
	}
	edit, b, err := s.readEdit(r, v, l, types, read)
	if err != nil {
		return err
	}
	edit.Op, edit.ID, edit.Revisions, edit.Whole = plan.Update, id, revisions, whole
	return s.commitItem(w, r, l, edit, b)
}

// deleteItem removes a feature (Part 4, DELETE).
func (s *Service) deleteItem(w http.ResponseWriter, r *http.Request) error {
	_, l, id, revisions, err := s.target(r)
	if err != nil {
		return err
	}
	return s.commitItem(w, r, l, plan.Edit{Layer: l.ID, Op: plan.Delete, ID: id, Revisions: revisions}, nil)
}

// target is which feature of an editable layer is meant, and in which revisions.
func (s *Service) target(r *http.Request) (v mirror.View, l *plan.Layer, id int64, revisions []int64, err error) {
	if v, l, err = s.editable(r); err != nil {
		return v, nil, 0, nil, err
	}
	id, ok := featureID(r.PathValue("id"))
	if !ok {
		return v, nil, 0, nil, noItem(l)
	}
	revisions, err = condition(r)
	return v, l, id, revisions, err
}

// reading is how a body becomes an edit.
type reading = func(src io.Reader, layer *plan.Layer, o exchange.BodyOptions) (plan.Edit, error)

func (s *Service) readEdit(r *http.Request, v mirror.View, l *plan.Layer, types []string, read reading) (plan.Edit, *body, error) {
	crs, err := contentCRS(r)
	if err != nil {
		return plan.Edit{}, nil, err
	}
	b, err := openBody(r, types, maxFeature)
	if err != nil {
		return plan.Edit{}, nil, err
	}
	edit, err := read(b, l, exchange.BodyOptions{Catalog: v.Catalog(), CRS: crs})
	return edit, b, alone(err)
}

// commitItem commits an edit of one feature and answers with what became of it.
func (s *Service) commitItem(w http.ResponseWriter, r *http.Request, l *plan.Layer, edit plan.Edit, b *body) error {
	once, err := b.once(r)
	if err != nil {
		return err
	}
	s.copies.hold(r, l, &edit)
	ctx := r.Context()
	done, err := s.editor.Commit(ctx, rest.ActorOf(ctx), []plan.Edit{edit}, once)
	if err != nil {
		return alone(err)
	}
	made := done[0]
	s.copies.wrote(r, l, made)
	s.plan.Reached(ctx, made.Layer, made.ID, made.Revision, made.Op)
	return s.answerEdit(w, r, made)
}

// alone makes the error of an edit that is the only one of its request: its
// one fault, where it has one.
func alone(err error) error {
	var faults *plan.Faults
	if errors.As(err, &faults) && len(faults.List) == 1 {
		return faults.List[0].Err
	}
	return err
}

// widenedHeader tells how far in m a point or line was widened to an area.
const widenedHeader = "Simtaru-Widened-M"

// answerEdit answers the edit of one feature.
func (s *Service) answerEdit(w http.ResponseWriter, r *http.Request, made plan.Edited) error {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if made.WidenedM > 0 {
		h.Set(widenedHeader, strconv.FormatFloat(made.WidenedM, 'f', -1, 64))
	}
	status := http.StatusNoContent
	href := s.url("ogc", "collections", made.Layer, "items", strconv.FormatInt(made.ID, 10))
	if made.Op == plan.Create {
		status = http.StatusCreated
		h.Set("Location", href)
	}
	if made.Op == plan.Delete {
		w.WriteHeader(status)
		return nil
	}
	// The plain form of the tag serves If-Match as well.
	h.Set("ETag", `"`+strconv.FormatInt(made.Revision, 10)+`"`)
	wanted := wantsFeature(h, r)
	v := s.see(r)
	l, ok := v.Layer(made.Layer)
	if !ok {
		w.WriteHeader(status)
		return nil
	}
	f, err := s.one(r.Context(), v, l, strconv.FormatInt(made.ID, 10), plan.Query{})
	if err != nil || f.at(0).Revision != made.Revision {
		// It was changed again already, or cannot be read: the edit stands.
		h.Del("Preference-Applied")
		w.WriteHeader(status)
		return nil
	}
	form := itemForm{lang: rest.Language(r), crs: geo.CRS84}
	h.Set("ETag", s.itemETag(v, l, f.at(0), form))
	if !wanted {
		w.WriteHeader(status)
		return nil
	}
	s.copies.sent(r, l, &f)
	text, err := s.itemJSON(v, l, f.at(0), form)
	if err != nil {
		return err
	}
	if status == http.StatusNoContent {
		status = http.StatusOK
	}
	h.Set("Content-Type", geoJSONType)
	h.Set("Content-Crs", "<"+form.crs.URI()+">")
	h.Set("Content-Language", string(form.lang))
	h.Set("Content-Location", href)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, err = w.Write(text)
	return err
}
