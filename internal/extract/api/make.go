package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// keepUnnamed is how long an extract is kept that was asked for without a login.
const keepUnnamed = 90 * 24 * time.Hour

// make is POST /api/v1/extracts.
func (s *Service) make(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "lang")
	if err != nil {
		return err
	}
	lang, err := rest.AskedLanguage(r, p)
	if err != nil {
		return err
	}
	as, err := rest.Negotiate(r, "", rest.JSON(), printed())
	if err != nil {
		return err
	}
	var sent question
	if err := rest.ReadJSON(r, maxBody, &sent); err != nil {
		return err
	}
	kept, body, err := s.compute(r, &sent, as, lang)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Location", s.cfg.PublicURL+"/api/v1/extracts/"+kept.ID)
	h.Set("Cache-Control", "no-store")
	describe(h, kept, body)
	h.Set("Content-Type", body.Type)
	if body.Lang != "" {
		h.Set("Content-Language", body.Lang)
	}
	w.WriteHeader(http.StatusCreated)
	_, err = w.Write(body.Data)
	return err
}

// compute makes and keeps an extract in a place for computing, which is free again
// when it returns: who does not read the answer holds up nobody.
func (s *Service) compute(r *http.Request, sent *question, as rest.Media, lang plan.Lang) (kept plan.Extract, body rest.Body, err error) {
	done, err := s.begin(r)
	if err != nil {
		return kept, body, err
	}
	defer done()
	v, x, err := s.plan.See(plan.Actor{})
	if err != nil {
		return kept, body, err
	}
	q, err := s.read(r.Context(), v, x, sent)
	if err != nil {
		return kept, body, err
	}
	d, err := extract.Make(r.Context(), v, x, q)
	if err != nil {
		return kept, body, err
	}
	d.ID, d.CreatedAt = uuid.NewString(), time.Now().UTC().Truncate(time.Second)
	return s.keep(r.Context(), auth.AskerOf(r, s.cfg.Proxies), d, as, lang)
}

// keep keeps an extract, unless one that says the same is kept as long already, and
// returns that in the form that was asked for. What cannot be drawn is not kept.
func (s *Service) keep(ctx context.Context, who auth.Asker, d *extract.Document, as rest.Media, lang plan.Lang) (plan.Extract, rest.Body, error) {
	none := func(err error) (plan.Extract, rest.Body, error) { return plan.Extract{}, rest.Body{}, err }
	if who.Name == "" {
		until := d.CreatedAt.Add(keepUnnamed)
		d.KeptUntil = &until
	}
	key, err := d.Key()
	if err != nil {
		return none(err)
	}
	kept, found, err := s.archive.ExtractOf(ctx, key)
	if err != nil {
		return none(err)
	}
	if found {
		body, err := s.body(&kept, as, lang)
		return kept, body, err
	}
	document, err := d.Encode()
	if err != nil {
		return none(err)
	}
	if len(document) > plan.MaxExtract {
		return none(tooLarge())
	}
	size := float64(len(document))
	if wait := s.pace.Take(who, size); wait > 0 {
		return none(tooMany(wait))
	}
	mine := plan.Extract{ID: d.ID, Key: key, Document: document, SHA256: d.SHA256, Until: d.KeptUntil}
	mine.Signature = s.cfg.Keys.signature(&mine)
	body, err := s.body(&mine, as, lang)
	if err == nil {
		kept, err = s.archive.KeepExtract(ctx, mine)
	}
	if err != nil {
		s.pace.Give(who, size)
		return none(err)
	}
	if kept.ID != mine.ID { // another request was faster
		s.pace.Give(who, size)
		body, err = s.body(&kept, as, lang)
	}
	return kept, body, err
}

func tooMany(wait time.Duration) error {
	return rest.TooMany(wait, plan.Unavailable, "too-many-extracts", plan.Text{ID: "kutipan diminta", EN: "extracts were asked for"})
}

func tooLarge() error {
	return &plan.Error{Kind: plan.Unprocessable, Code: "extract-too-large", At: "geometry", Message: plan.Text{
		ID: "Terlalu banyak yang ada di bidang ini dan di sekitarnya untuk satu kutipan. Gambarlah bagian yang lebih kecil.",
		EN: "There is too much on this land and around it for one extract. Draw a smaller part.",
	}}
}
