package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/report"
	"github.com/simtaru/simtaru/internal/rest"
)

const (
	// maxBody is a photo that is a little too large, to say so in its words.
	maxBody = report.MaxPhoto + 2<<20
	// maxPart of a text, in bytes.
	maxPart = 4 * report.MaxMessage
	// smallForm needs no place to arrive: all texts, and hardly a photo.
	smallForm = 16 << 10
)

// sentBody is the answer to a report.
type sentBody struct {
	Status string `json:"status"`
	// Link is the page to follow the report by; nobody else is told of it.
	Link string `json:"link"`
}

// send is POST /api/v1/reports. What arrives may take minutes, and the work on it
// as long as any other request.
func (s *Service) send(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if s.origin.Check(r) != nil {
		return errElsewhere()
	}
	v, err := s.view()
	if err != nil {
		return err
	}
	secret, keyed, err := secretFor(r)
	if err != nil {
		return err
	}
	asker := auth.AskerOf(r, s.config.Proxies)
	if wait := s.tries.Take(asker, 1); wait > 0 {
		return tooMany(wait, plan.Text{ID: "laporan", EN: "reports"})
	}
	if err := s.accept(r, asker, v, secret, keyed); err != nil {
		return err
	}
	body, err := rest.Encode(sentBody{Status: "received", Link: s.config.PublicURL + "/reports/" + secret})
	if err != nil {
		return err
	}
	h := w.Header()
	secretly(h)
	h.Set("Location", s.config.PublicURL+"/api/v1/reports/"+secret)
	h.Set("Content-Type", rest.JSON().Type)
	w.WriteHeader(http.StatusCreated)
	if _, err := w.Write(body); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// accept reads a report and keeps it, unless it is known. A large form has a place
// from its first byte until it is kept, a small one, which anybody can send over
// the weakest line, only while its photo is worked on.
func (s *Service) accept(r *http.Request, asker auth.Asker, v mirror.View, secret string, keyed bool) error {
	large := r.ContentLength < 0 || r.ContentLength > smallForm
	if large {
		if !s.sending.Enter(asker) {
			return rest.Busy()
		}
		defer s.sending.Leave(asker)
	}
	photo := new(spool)
	defer photo.close()
	draft, err := read(r, photo)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.config.Timeout)
	defer cancel()
	edit, err := draft.Edit(v, s.config.Now())
	if err != nil {
		return err
	}
	sent := plan.Submission{Secret: hashOf(secret), Contact: draft.Contact}
	if keyed {
		if known, err := s.store.Submitted(ctx, sent.Secret); known || err != nil {
			return err
		}
	}
	if photo.size > 0 {
		if !large {
			if !s.sending.Enter(asker) {
				return rest.Busy()
			}
			defer s.sending.Leave(asker)
		}
		if sent.Photo, err = s.decoded(ctx, asker, photo); err != nil {
			return err
		}
	}
	return s.keep(ctx, asker, edit, sent)
}

// decoded is a photo as it is kept. What is none uses up nothing of what may be
// stored.
func (s *Service) decoded(ctx context.Context, asker auth.Asker, photo *spool) ([]byte, error) {
	if wait := s.photos.Take(asker, 1); wait > 0 {
		return nil, tooMany(wait, plan.Text{ID: "foto", EN: "photos"})
	}
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
		return photo.decode()
	case <-ctx.Done():
		s.photos.Give(asker, 1)
		return nil, rest.Busy()
	}
}

// keep stores a report, or finds that it has been stored meanwhile. Only what is
// stored is counted.
func (s *Service) keep(ctx context.Context, asker auth.Asker, edit plan.Edit, sent plan.Submission) error {
	if wait := s.pace.Take(asker, 1); wait > 0 {
		return tooMany(wait, plan.Text{ID: "laporan", EN: "reports"})
	}
	again, err := s.store.Submit(ctx, edit, sent)
	if again || err != nil {
		s.pace.Give(asker, 1)
	}
	return err
}

func tooMany(wait time.Duration, what plan.Text) error {
	return rest.TooMany(wait, plan.Unavailable, "too-many-reports", what)
}

// read reads the parts strictly: each at most once, none that is not known.
func read(r *http.Request, photo *spool) (d report.Draft, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return d, &rest.StatusError{Status: http.StatusUnsupportedMediaType, Header: http.Header{"Accept-Post": {"multipart/form-data"}}, Err: &plan.Error{
			Kind: plan.Invalid, Code: "unsupported-media-type", At: "Content-Type", Message: plan.Text{
				ID: "Kirim laporan sebagai multipart/form-data.", EN: "Send a report as multipart/form-data.",
			},
		}}
	}
	texts := map[string]string{}
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return d, broken(err)
		}
		name := part.FormName()
		if _, twice := texts[name]; twice || !known(name) {
			return d, invalid(name, "Bagian formulir ini tidak dikenal atau ditulis dua kali.", "This part of the form is not known, or is there twice.")
		}
		if name == "photo" {
			texts[name] = ""
			if err := photo.fill(part); err != nil {
				return d, err
			}
			continue
		}
		content, err := io.ReadAll(io.LimitReader(part, maxPart+1))
		switch {
		case err != nil:
			return d, broken(err)
		case len(content) > maxPart:
			return d, invalid(name, "Teks ini terlalu panjang.", "This text is too long.")
		}
		texts[name] = report.Clean(string(content))
	}
	for i, name := range []string{"lon", "lat"} {
		if !decimal.MatchString(texts[name]) {
			return d, invalid(name, "Tulis derajat dengan titik desimal, misalnya 95.3172 dan 5.5536.", "Write degrees with a decimal point, such as 95.3172 and 5.5536.")
		}
		d.At[i], _ = strconv.ParseFloat(texts[name], 64)
	}
	d.Kind, d.Message, d.Contact, d.HasPhoto = texts["kind"], texts["text"], texts["contact"], photo.size > 0
	return d, nil
}

// decimal is a plain number; others that strconv reads, like 1e3 and inf, are
// mistakes here.
var decimal = regexp.MustCompile(`^-?[0-9]{1,20}(\.[0-9]{1,30})?$`)

func known(name string) bool {
	switch name {
	case "kind", "lon", "lat", "text", "contact", "photo":
		return true
	}
	return false
}

func invalid(at, id, en string) *plan.Error {
	at = strings.ToValidUTF8(at, "?")
	if len(at) > 40 {
		at = "form"
	}
	return &plan.Error{Kind: plan.Invalid, Code: "report-form", At: at, Message: plan.Text{ID: id, EN: en}}
}

// broken is the error of a body that ends early or is too large.
func broken(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	if errors.Is(err, multipart.ErrMessageTooLarge) {
		return invalid("form", "Formulir ini terlalu besar.", "The form is too large.")
	}
	e := invalid("form", "Formulir tidak sampai dengan utuh. Kirim lagi.", "The form did not arrive whole. Send it again.")
	e.Cause = err
	return e
}

// schemeAndHost is the origin of an address.
func schemeAndHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}
