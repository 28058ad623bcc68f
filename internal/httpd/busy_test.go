package httpd_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestManyEditsWaitTheirTurn: bodies of many edits that do not end take the few
// places there are; one more is told to come again, and the places come back.
func TestManyEditsWaitTheirTurn(t *testing.T) {
	o := openOffice(t)
	const senders = 4
	var writers []*io.PipeWriter
	ends := make(chan int, senders)
	for range senders {
		body, w := io.Pipe()
		writers = append(writers, w)
		go func() { ends <- o.send(t, http.MethodPost, "/api/v1/edits", asSiti, plainJSON, body).status }()
		if _, err := w.Write([]byte(`{"edits":[`)); err != nil {
			t.Fatal(err)
		}
	}
	one := `{"op":"create","layer":"spot","feature":` + spot("Kios") + `}`
	wait(t, "an edit is told that all places are taken", func() bool {
		r, _ := o.edits(t, asBudi, []string{one})
		return r.status == http.StatusServiceUnavailable && r.header.Get("Retry-After") != "" && strings.Contains(string(r.body), "#busy")
	})
	// One feature needs no such place.
	o.create(t, "Warung")
	for _, w := range writers {
		if _, err := w.Write([]byte(`]}`)); err != nil {
			t.Fatal(err)
		}
		_ = w.Close()
	}
	for range senders {
		if status := <-ends; status != http.StatusOK {
			t.Errorf("one that was in time: %d", status)
		}
	}
	if r, _ := o.edits(t, asBudi, []string{one}); r.status != http.StatusOK {
		t.Errorf("afterwards: %d %s", r.status, r.body)
	}
}
