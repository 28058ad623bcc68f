package api

import (
	"bytes"
	"net/http"

	"github.com/google/uuid"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/extract/pdf"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// find reads the extract that a path names.
func (s *Service) find(r *http.Request) (*plan.Extract, error) {
	none := &plan.Error{Kind: plan.NotFound, Code: "no-such-extract", At: "id", Message: plan.Text{
		ID: "Tidak ada kutipan dengan nomor ini: ia tidak dibuat oleh layanan ini.", EN: "There is no extract with this id: this service has not made it.",
	}}
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil || id.String() != r.PathValue("id") {
		return nil, none
	}
	kept, found, err := s.archive.Extract(r.Context(), id.String())
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, none
	}
	return &kept, nil
}

// get is GET /api/v1/extracts/{id}: the bytes as they were kept, or on paper.
func (s *Service) get(w http.ResponseWriter, r *http.Request) error {
	return s.hand(w, r, rest.JSON(), printed())
}

// print is GET /api/v1/extracts/{id}.pdf.
func (s *Service) print(w http.ResponseWriter, r *http.Request) error { return s.hand(w, r, printed()) }

func (s *Service) hand(w http.ResponseWriter, r *http.Request, forms ...rest.Media) error {
	p, err := rest.ParseParams(r, "lang")
	if err != nil {
		return err
	}
	lang, err := rest.AskedLanguage(r, p)
	if err != nil {
		return err
	}
	as, err := rest.Negotiate(r, "", forms...)
	if err != nil {
		return err
	}
	kept, err := s.find(r)
	if err != nil {
		return err
	}
	if kept.Document == nil {
		return forgotten()
	}
	body, there := s.ready(kept, as, lang)
	if !there && !rest.NotModified(r, body.ETag) {
		if body, err = s.draw(r, kept, as, lang); err != nil {
			return err
		}
	}
	body.Cache = rest.Revalidate
	rest.AddVary(w.Header(), "Accept")
	noindex(w.Header())
	describe(w.Header(), *kept, body)
	return rest.Write(w, r, body)
}

func forgotten() error {
	return &rest.StatusError{Status: http.StatusGone, Err: &plan.Error{Kind: plan.NotFound, Code: "extract-forgotten", At: "id", Message: plan.Text{
		ID: "Isi kutipan ini sudah dihapus karena masa simpannya habis.", EN: "The content of this extract was removed: its time is over.",
	}}}
}

// noindex keeps what is for who has its link out of search engines.
func noindex(h http.Header) { h.Set("X-Robots-Tag", "noindex") }

// printed is the form on paper.
func printed() rest.Media { return rest.Media{Name: "pdf", Type: "application/pdf"} }

// drawing names a print: equal ones have equal bytes.
type drawing struct {
	sha256 string
	lang   plan.Lang
}

// ready is an extract in one of its forms, where that costs nothing: as it was
// kept, or as it was drawn before. Where it does not, Data is missing.
func (s *Service) ready(kept *plan.Extract, as rest.Media, lang plan.Lang) (rest.Body, bool) {
	if as.Name != printed().Name {
		return rest.Body{Type: as.Type, Data: kept.Document}, true
	}
	name := drawing{extract.Sum(kept.Document), lang}
	b := rest.Body{Type: as.Type, Lang: string(lang), ETag: rest.ETagOf([]byte(name.sha256 + string(lang) + s.cfg.Version))}
	var there bool
	b.Data, there = s.drawn.GetIfPresent(name)
	return b, there
}

// draw is body in a place for computing, which is free again when it returns.
func (s *Service) draw(r *http.Request, kept *plan.Extract, as rest.Media, lang plan.Lang) (rest.Body, error) {
	done, err := s.begin(r)
	if err != nil {
		return rest.Body{}, err
	}
	defer done()
	return s.body(kept, as, lang)
}

// body is ready, or drawn now.
func (s *Service) body(kept *plan.Extract, as rest.Media, lang plan.Lang) (rest.Body, error) {
	body, there := s.ready(kept, as, lang)
	if there {
		return body, nil
	}
	d, err := extract.Decode(kept.Document)
	if err != nil {
		return body, err
	}
	var b bytes.Buffer
	if err := pdf.Write(&b, d, lang, s.cfg.PublicURL); err != nil {
		return body, err
	}
	body.Data = b.Bytes()
	s.drawn.Set(drawing{d.SHA256, lang}, body.Data)
	return body, nil
}

// describe names the document, and a PDF for who saves it.
func describe(h http.Header, kept plan.Extract, body rest.Body) {
	h.Set("Simtaru-SHA256", extract.Sum(kept.Document))
	if body.Type == printed().Type {
		h.Set("Content-Disposition", `inline; filename="simtaru-`+kept.ID+`.pdf"`)
	}
}
