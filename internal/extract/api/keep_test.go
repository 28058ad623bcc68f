package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// TestKeep keeps documents in a database; only new ones count, by their bytes, and
// what cannot be drawn is neither kept nor counted.
func TestKeep(t *testing.T) {
	db := testdb.New(t)
	text, err := os.ReadFile("../testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	document := func(n int) *extract.Document {
		d, err := extract.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		d.ID, d.Parcel.Number = fmt.Sprintf("00000000-0000-4000-8000-%012d", n), fmt.Sprint(n)
		return d
	}
	one, err := document(1).Encode()
	if err != nil {
		t.Fatal(err)
	}
	service := func(address string) *Service {
		s, err := New(Config{PublicURL: address}, nil, db.Store, nil)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		s.pace = &auth.Pace{Now: func() time.Time { return now }, Burst: 2.5 * float64(len(one)), Every: time.Second}
		return s
	}
	who := auth.Asker{From: netip.MustParseAddr("192.0.2.1")}
	keep := func(s *Service, d *extract.Document, as rest.Media) (string, error) {
		kept, _, err := s.keep(t.Context(), who, d, as, plan.English)
		return kept.ID, err
	}
	count := func(want int) {
		t.Helper()
		var n int
		if err := db.Conn(t).QueryRow(t.Context(), "select count(*) from simtaru.extract").Scan(&n); err != nil || n != want {
			t.Errorf("%d are kept, not %d: %v", n, want, err)
		}
	}

	// An address that no code has room for makes every print fail.
	broken := service("https://" + strings.Repeat("a", 4000) + ".example")
	for range 3 {
		if _, err := keep(broken, document(1), printed()); err == nil {
			t.Fatal("it was printed")
		}
	}
	count(0)
	if _, err := keep(broken, document(1), rest.JSON()); err != nil {
		t.Errorf("what failed was counted: %v", err)
	}

	s := service("https://simtaru.example")
	for i, n := range []int{2, 2, 1, 2, 1, 3, 3} {
		d := document(n)
		d.ID = fmt.Sprintf("00000000-0000-4000-9000-%012d", i) // each time another, as it is drawn
		as := rest.JSON()
		if i < 2 {
			as = printed()
		}
		if id, err := keep(s, d, as); err != nil || n != 3 && i > 0 && id == d.ID {
			t.Errorf("%d: %s %v", n, id, err)
		}
	}
	count(3)
	_, err = keep(s, document(4), rest.JSON())
	var slow *rest.StatusError
	if !errors.As(err, &slow) || slow.Status != http.StatusTooManyRequests {
		t.Errorf("too much: %v", err)
	}
	if _, err := keep(s, document(3), rest.JSON()); err != nil {
		t.Errorf("what is kept already: %v", err)
	}
	large := document(5)
	large.Parcel.Address = strings.Repeat("x", plan.MaxExtract)
	var e *plan.Error
	if _, err := keep(service(""), large, rest.JSON()); !errors.As(err, &e) || e.Code != "extract-too-large" {
		t.Errorf("too large: %v", err)
	}
	count(3)
}
