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
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/report"
	"github.com/simtaru/simtaru/internal/rest"
)

const (
	// maxBody is a photo that is a little too large, to say so in its words.
	maxBody = report.MaxPhoto + 2<<20
	// maxPart of a text, in bytes.
	maxPart = 4 * report.MaxMessage
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
		return tooMany(wait)
	}
	photo := new(spool)
	defer photo.close()
	draft, err := s.receive(r, photo)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.config.Timeout)
	defer cancel()
	edit, err := draft.Edit(v, s.config.Now())
	if err != nil {
		return err
	}
	known := false
	if keyed {
		_, id, err := s.store.Submission(ctx, hashOf(secret))
		if err != nil {
			return err
		}
		known = id != 0
	}
	if !known {
		if err := s.keep(ctx, asker, edit, photo, plan.Submission{Secret: hashOf(secret), Contact: draft.Contact}); err != nil {
			return err
		}
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

// keep stores a report, or finds that it has been stored meanwhile. Whoever asks
// has used up one of the pace where that is so, or where a photo was decoded.
func (s *Service) keep(ctx context.Context, asker auth.Asker, edit plan.Edit, photo *spool, sent plan.Submission) (err error) {
	if wait := s.pace.Take(asker, 1); wait > 0 {
		return tooMany(wait)
	}
	worked := false
	defer func() {
		if err != nil && !worked {
			s.pace.Give(asker, 1)
		}
	}()
	if photo.size > 0 {
		select {
		case s.decoding <- struct{}{}:
		case <-ctx.Done():
			return rest.Busy()
		}
		worked = true
		sent.Photo, err = photo.decode()
		<-s.decoding
		if err != nil {
			return err
		}
	}
	again, err := s.store.Submit(ctx, edit, sent)
	if again {
		s.pace.Give(asker, 1)
	}
	return err
}

func tooMany(wait time.Duration) error {
	return rest.TooMany(wait, plan.Unavailable, "too-many-reports", plan.Text{ID: "laporan", EN: "reports"})
}

// receive reads the form, one of so many at once.
func (s *Service) receive(r *http.Request, photo *spool) (report.Draft, error) {
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
		return read(r, photo)
	default:
		return report.Draft{}, rest.Busy()
	}
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
