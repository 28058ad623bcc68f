package api

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

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

// send is POST /api/v1/reports.
func (s *Service) send(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if s.origin.Check(r) != nil {
		return &plan.Error{Kind: plan.Denied, Code: "csrf", Message: plan.Text{ID: "Kirim laporan dari peta ini, bukan dari situs lain.", EN: "Send reports from this map, not from another site."}}
	}
	v, err := s.view()
	if err != nil {
		return err
	}
	if wait := s.pace.Take(auth.AskerOf(r, s.config.Proxies), 1); wait > 0 {
		return rest.TooMany(wait, plan.Unavailable, "too-many-reports", plan.Text{ID: "laporan", EN: "reports"})
	}
	draft, file, err := read(r)
	if err != nil {
		return err
	}
	edit, err := draft.Edit(v, s.config.Now())
	if err != nil {
		return err
	}
	var photo []byte
	if draft.HasPhoto {
		if photo, err = s.decode(r, file); err != nil {
			return err
		}
	}
	secret, hash := newSecret()
	if err := s.store.Submit(r.Context(), edit, hash, photo); err != nil {
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

func (s *Service) decode(r *http.Request, file []byte) ([]byte, error) {
	select {
	case s.decoding <- struct{}{}:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	defer func() { <-s.decoding }()
	return report.Photo(file)
}

// read reads the parts strictly: each at most once, none that is not known.
func read(r *http.Request) (d report.Draft, photo []byte, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return d, nil, &rest.StatusError{Status: http.StatusUnsupportedMediaType, Header: http.Header{"Accept-Post": {"multipart/form-data"}}, Err: &plan.Error{
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
			return d, nil, broken(err)
		}
		name := part.FormName()
		if _, twice := texts[name]; twice || !known(name) {
			return d, nil, invalid(name, "Bagian formulir ini tidak dikenal atau ditulis dua kali.", "This part of the form is not known, or is there twice.")
		}
		limit := int64(maxPart)
		if name == "photo" {
			limit = report.MaxPhoto
		}
		content, err := io.ReadAll(io.LimitReader(part, limit+1))
		switch {
		case err != nil:
			return d, nil, broken(err)
		case int64(len(content)) > limit && name == "photo":
			return d, nil, report.TooLarge()
		case int64(len(content)) > limit:
			return d, nil, invalid(name, "Teks ini terlalu panjang.", "This text is too long.")
		case name == "photo":
			photo, texts[name] = content, ""
		default:
			texts[name] = strings.TrimSpace(strings.ReplaceAll(string(content), "\r\n", "\n"))
		}
	}
	for i, name := range []string{"lon", "lat"} {
		if !decimal.MatchString(texts[name]) {
			return d, nil, invalid(name, "Tulis derajat dengan titik desimal, misalnya 95.3172 dan 5.5536.", "Write degrees with a decimal point, such as 95.3172 and 5.5536.")
		}
		d.At[i], _ = strconv.ParseFloat(texts[name], 64)
	}
	d.Kind, d.Message, d.Contact, d.HasPhoto = texts["kind"], texts["text"], texts["contact"], len(photo) > 0
	return d, photo, nil
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
