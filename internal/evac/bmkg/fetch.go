package bmkg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// patience bounds one fetch, with all its redirects.
const patience = 20 * time.Second

// source is an address, and how it went there. Its fields belong to the
// goroutine that polls; what others see is a copy.
type source struct {
	name  string
	url   *url.URL
	warns bool // it has bulletins

	etag, modified string    // of the last document that was whole
	doc            *document // the last that held anything; nil: none yet
	fetched        time.Time // begun
	good           time.Time // a whole document, or the answer that it is the same
	failures       int       // in a row
	err            plan.Text
}

var errElsewhere = errors.New("leads to another host")

// newClient follows redirects within a host only.
func newClient() *http.Client {
	return &http.Client{
		Timeout: patience,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			from := via[0].URL
			if len(via) > 3 || r.URL.Host != from.Host || r.URL.Scheme != from.Scheme {
				return errElsewhere
			}
			return nil
		},
	}
}

// fetch asks for what has changed, and reports whether the address answered as it
// should: with a whole document, or that it is the one known.
func (s *source) fetch(ctx context.Context, client *http.Client, agent string, now time.Time) bool {
	s.fetched = now
	data, same, err := s.ask(ctx, client, agent)
	var doc *document
	if err == nil && !same {
		doc = parse(data)
		if s.warns && doc.whole && len(doc.bulletins) == 0 {
			doc.whole = false
			doc.faults = []plan.Text{{ID: "Dokumennya tidak berisi satu pun buletin tsunami: alamatnya salah, atau isinya berubah.", EN: "The document holds no tsunami bulletin: the address is wrong, or what is there has changed."}}
		} else if len(doc.bulletins)+len(doc.quakes) > 0 {
			s.doc = doc
		}
		if !doc.whole {
			s.etag, s.modified = "", "" // it is not that document which we know
			err = &plan.Error{Code: "broken", Message: doc.faults[0]}
		}
	}
	if err != nil {
		s.failures++
		s.err = toldOf(err)
		return false
	}
	s.failures, s.err, s.good = 0, plan.Text{}, now
	return true
}

func (s *source) ask(ctx context.Context, client *http.Client, agent string) (data []byte, same bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url.String(), nil)
	if err != nil {
		return nil, false, fmt.Errorf("ask %s: %w", s.name, err)
	}
	r.Header.Set("User-Agent", agent)
	r.Header.Set("Accept", "application/xml, text/xml, application/json, */*;q=0.1")
	if s.doc != nil && s.etag != "" {
		r.Header.Set("If-None-Match", s.etag)
	}
	if s.doc != nil && s.modified != "" {
		r.Header.Set("If-Modified-Since", s.modified)
	}
	w, err := client.Do(r)
	if err != nil {
		return nil, false, fmt.Errorf("ask %s: %w", s.name, err)
	}
	defer w.Body.Close()
	switch {
	case w.StatusCode == http.StatusNotModified && s.doc != nil && (s.etag != "" || s.modified != ""):
		return nil, true, nil
	case w.StatusCode != http.StatusOK:
		return nil, false, &plan.Error{Code: "status", Message: plan.Text{
			ID: fmt.Sprintf("Alamatnya menjawab dengan status %d.", w.StatusCode), EN: fmt.Sprintf("The address answers with status %d.", w.StatusCode),
		}}
	}
	data, err = io.ReadAll(io.LimitReader(w.Body, mostBytes+1))
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", s.name, err)
	}
	if len(data) > mostBytes {
		return nil, false, &plan.Error{Code: "too-large", Message: plan.Text{
			ID: fmt.Sprintf("Jawabannya lebih dari %d MB.", mostBytes>>20), EN: fmt.Sprintf("The answer is larger than %d MB.", mostBytes>>20),
		}}
	}
	s.etag, s.modified = w.Header.Get("ETag"), w.Header.Get("Last-Modified")
	return data, false, nil
}

// toldOf is an error in words for everybody: they do not name addresses.
func toldOf(err error) plan.Text {
	var e *plan.Error
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &e):
		return e.Message
	case errors.Is(err, errElsewhere):
		return plan.Text{ID: "Alamatnya mengalihkan ke tempat lain; itu tidak diikuti.", EN: "The address redirects to another place, which is not followed."}
	case errors.As(err, &timeout) && timeout.Timeout():
		return plan.Text{ID: "Alamatnya terlalu lama menjawab.", EN: "The address takes too long to answer."}
	}
	return plan.Text{ID: "Alamatnya tidak dapat dihubungi, atau jawabannya terputus.", EN: "The address cannot be reached, or its answer broke off."}
}
