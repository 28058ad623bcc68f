package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

func TestNotModified(t *testing.T) {
	tests := []struct {
		etag, header string
		want         bool
	}{
		{`"a"`, `"a"`, true},
		{`"a"`, `W/"a"`, true},
		{`W/"a"`, `"a"`, true},
		{`"a"`, `"a-gzip"`, true},
		{`"a"`, `"b", "a"`, true},
		{`"a"`, `*`, true},
		{`"a"`, `"b"`, false},
		{`"a"`, ``, false},
		{``, `*`, false},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		if tt.header != "" {
			r.Header.Set("If-None-Match", tt.header)
		}
		if got := NotModified(r, tt.etag); got != tt.want {
			t.Errorf("%s against %s: %v", tt.etag, tt.header, got)
		}
	}
}

func TestWriteAnswersAndRevalidates(t *testing.T) {
	h := Handler(slog.New(slog.DiscardHandler), func(w http.ResponseWriter, r *http.Request) error {
		return WriteJSON(w, r, Body{}, map[string]string{"a": "<&>"})
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if got := w.Body.String(); got != "{\"a\":\"<&>\"}\n" {
		t.Errorf("body %q", got)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("If-None-Match", w.Header().Get("ETag"))
	again := httptest.NewRecorder()
	h.ServeHTTP(again, r)
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d %q", again.Code, again.Body)
	}
}

// TestEveryKindIsAProblem holds the mapping, and that nothing of a cause
// reaches the client.
func TestEveryKindIsAProblem(t *testing.T) {
	want := map[plan.Kind]int{
		plan.Internal: 503, plan.Invalid: 400, plan.NotFound: 404, plan.Conflict: 409, plan.Stale: 412,
		plan.Unprocessable: 422, plan.Denied: 403, plan.Unauthenticated: 401, plan.TooLarge: 413, plan.Unavailable: 503,
	}
	secret := errors.New("ERROR: syntax error at select geom from plan.x (SQLSTATE 42601)")
	for _, k := range plan.Kinds {
		status, ok := want[k]
		if !ok {
			t.Fatalf("kind %d has no status here", k)
		}
		err := fmt.Errorf("get: %w", &plan.Error{
			Kind: k, Code: "c", At: "here", Cause: secret,
			Message: plan.Text{ID: "kalimat", EN: "sentence"},
		})
		check(t, err, status, secret.Error())
	}
	check(t, secret, 503, secret.Error())
	check(t, context.DeadlineExceeded, 503, "context")
	check(t, fmt.Errorf("read: %w", &http.MaxBytesError{Limit: 10}), 413, "http:")
	check(t, MethodNotAllowed("PUT", []string{"GET", "HEAD"}), 405, "")
}

func check(t *testing.T, err error, status int, secret string) {
	t.Helper()
	var log strings.Builder
	h := Handler(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("ETag", `"half"`)
			return err
		})
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/x", nil)
	r.Header.Set("Accept-Language", "en")
	h.ServeHTTP(w, r)
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if w.Code != status || p.Status != status || p.Title == "" || p.Detail == "" || !strings.HasPrefix(p.Type, "/docs/problems#") {
		t.Errorf("%v: status %d, body %s", err, w.Code, w.Body)
	}
	if w.Header().Get("Content-Type") != ProblemType || w.Header().Get("ETag") != "" || w.Header().Get("Content-Language") != "en" {
		t.Errorf("%v: headers %v", err, w.Header())
	}
	if (status == 503) != (w.Header().Get("Retry-After") != "") {
		t.Errorf("%v: Retry-After %q", err, w.Header().Get("Retry-After"))
	}
	if secret != "" && strings.Contains(w.Body.String(), secret) {
		t.Errorf("%v: the client sees the cause: %s", err, w.Body)
	}
	if !strings.Contains(log.String(), "error=") {
		t.Errorf("%v: not logged: %s", err, log.String())
	}
}

func TestAnErrorInTheMiddleBreaksTheAnswer(t *testing.T) {
	s := httptest.NewServer(Handler(slog.New(slog.DiscardHandler), func(w http.ResponseWriter, _ *http.Request) error {
		if _, err := io.WriteString(w, strings.Repeat(`[1,`, 10000)); err != nil {
			return err
		}
		return errors.New("the disk is gone")
	}))
	defer s.Close()
	resp, err := s.Client().Get(s.URL)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); err == nil {
		t.Error("a half answer looks like a whole one")
	}
}
