package api

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/report"
	"github.com/simtaru/simtaru/internal/rest"
)

// keys are of at least 128 bits where they are random, as a UUID is.
var keys = regexp.MustCompile(`^[A-Za-z0-9_-]{22,100}$`)

// secretFor is the secret of a report: 256 random bits, or what the key that
// the client made comes to, so that who sends a report again gets the same link.
// Neither is kept.
func secretFor(r *http.Request) (secret string, keyed bool, err error) {
	values := r.Header["Idempotency-Key"]
	if len(values) == 0 {
		var b [32]byte
		_, _ = rand.Read(b[:]) // ends the program where it fails
		return base64.RawURLEncoding.EncodeToString(b[:]), false, nil
	}
	if len(values) > 1 || !keys.MatchString(values[0]) {
		return "", false, &plan.Error{Kind: plan.Invalid, Code: "invalid-header", At: "Idempotency-Key", Message: plan.Text{
			ID: "Idempotency-Key harus 22 sampai 100 huruf, angka, - atau _ yang acak, misalnya UUID.",
			EN: "Idempotency-Key must be 22 to 100 random letters, digits, - or _, such as a UUID.",
		}}
	}
	return base64.RawURLEncoding.EncodeToString(hashOf("report\n" + values[0])), true, nil
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func noSuchReport() error {
	return rest.NotFound("no-such-report", "", plan.Text{ID: "Tidak ada laporan dengan tautan ini, atau sudah dihapus.", EN: "There is no report by this link, or it was deleted."})
}

// holding runs ask with the hash of the secret in the address. What cannot be a
// secret is asked of nobody, and who has tried many that are none must wait.
func (s *Service) holding(r *http.Request, ask func(hash []byte) (found bool, err error)) error {
	secret := r.PathValue("secret")
	if raw, err := base64.RawURLEncoding.DecodeString(secret); err != nil || len(raw) != sha256.Size {
		return noSuchReport()
	}
	asker := auth.AskerOf(r, s.config.Proxies)
	if wait := s.unknown.Take(asker, 1); wait > 0 {
		return tooMany(wait, plan.Text{ID: "tautan yang salah", EN: "wrong links"})
	}
	found, err := ask(hashOf(secret))
	if err != nil || found {
		s.unknown.Give(asker, 1)
	}
	if err != nil || found {
		return err
	}
	return noSuchReport()
}

// find is the report of the secret in the address.
func (s *Service) find(r *http.Request) (told report.Told, err error) {
	v, err := s.view()
	if err != nil {
		return report.Told{}, err
	}
	return told, s.holding(r, func(hash []byte) (bool, error) {
		layer, id, err := s.store.Submission(r.Context(), hash)
		l, ok := v.Catalog().Layer(report.Layer)
		if err != nil || !ok || id == 0 || layer != report.Layer {
			return false, err
		}
		versions, err := s.store.History(r.Context(), l, id, 0, 100)
		if err != nil {
			return false, err
		}
		told, ok = report.Tell(v, versions)
		return ok, nil
	})
}

// status is GET /api/v1/reports/{secret}.
func (s *Service) status(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	secretly(w.Header())
	told, err := s.find(r)
	if err != nil {
		return err
	}
	return rest.WriteOnce(w, rest.Language(r), told)
}

// withdraw is DELETE /api/v1/reports/{secret}.
func (s *Service) withdraw(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	secretly(w.Header())
	if err := s.takeBack(r); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// takeBack deletes the report of the secret in the address, and all of it.
func (s *Service) takeBack(r *http.Request) error {
	if s.origin.Check(r) != nil {
		return errElsewhere()
	}
	if _, err := s.view(); err != nil {
		return err
	}
	return s.holding(r, func(hash []byte) (bool, error) { return s.store.Withdraw(r.Context(), hash) })
}

func errElsewhere() error {
	return &plan.Error{Kind: plan.Denied, Code: "csrf", Message: plan.Text{ID: "Kirim laporan dari peta ini, bukan dari situs lain.", EN: "Send reports from this map, not from another site."}}
}
