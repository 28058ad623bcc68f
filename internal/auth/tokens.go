package auth

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

const (
	// maxTokens of one person that are neither expired nor revoked.
	maxTokens = 50
	// maxTokenLayers and maxTokenIndicators bound the lists of one token.
	maxTokenLayers, maxTokenIndicators = 100, 100
)

// tokenBody is a token as its person sees it.
type tokenBody struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// Layers is null where all may be reached.
	Layers []string `json:"layers"`
	// Indicators is null where the token is not for sending values alone.
	Indicators []string `json:"indicators"`
	ReadOnly   bool     `json:"readOnly"`
	CreatedAt  *string  `json:"createdAt"`
	Expires    *string  `json:"expires"`
	RevokedAt  *string  `json:"revokedAt"`
	// LastUsed is right to the hour.
	LastUsed *string `json:"lastUsed"`
}

func tokenBodyOf(t Token) tokenBody {
	at := func(t time.Time) *string {
		if t.IsZero() {
			return nil
		}
		text := t.UTC().Format(time.RFC3339)
		return &text
	}
	return tokenBody{
		ID: t.ID, Name: t.Name, Layers: t.Layers, Indicators: t.Indicators, ReadOnly: t.ReadOnly,
		CreatedAt: at(t.CreatedAt), Expires: at(t.ExpiresAt), RevokedAt: at(t.RevokedAt), LastUsed: at(t.LastUsedAt),
	}
}

// listTokens is GET /api/v1/tokens.
func (s *Service) listTokens(w http.ResponseWriter, r *http.Request) error {
	id, err := inPerson(r)
	if err != nil {
		return err
	}
	return s.tokensOf(w, r, id.Person.Name)
}

// addToken is POST /api/v1/tokens; the secret is in this answer and nowhere
// else.
func (s *Service) addToken(w http.ResponseWriter, r *http.Request) error {
	id, err := inPerson(r)
	if err != nil {
		return err
	}
	var body struct {
		Name       string
		Layers     *[]string
		Indicators *[]string
		ReadOnly   bool
		Expires    *time.Time
	}
	if err := readJSON(r, &body); err != nil {
		return err
	}
	t := Token{Person: id.Person.Name, Name: strings.TrimSpace(body.Name), ReadOnly: body.ReadOnly}
	if body.Layers != nil {
		t.Layers = append([]string{}, *body.Layers...)
	}
	if body.Indicators != nil {
		t.Indicators = append([]string{}, *body.Indicators...)
	}
	if body.Expires != nil {
		t.ExpiresAt = *body.Expires
	}
	if err := s.checkToken(r, t, id.Person); err != nil {
		return err
	}
	secret := tokenPrefix + newCookie()
	hash := sha256.Sum256([]byte(secret))
	t.Hash = hash[:]
	t, err = s.store.AddToken(r.Context(), t, id.Person.Generation)
	if errors.Is(err, ErrUnknown) {
		s.people.forget(id.Person.Name)
		return errSessionEnded()
	}
	if err != nil {
		return err
	}
	s.log.Info("token made", "person", t.Person, "token", t.ID, "layers", t.Layers, "indicators", t.Indicators, "read_only", t.ReadOnly, "expires", t.ExpiresAt)
	w.Header().Set("Location", "/api/v1/tokens/"+strconv.FormatInt(t.ID, 10))
	return writeStatus(w, http.StatusCreated, map[string]any{"token": tokenBodyOf(t), "secret": secret})
}

// checkToken refuses what the table would, and layers that are not there for
// the person: one that is private does not show by another message.
func (s *Service) checkToken(r *http.Request, t Token, p Person) error {
	if n := utf8.RuneCountInString(t.Name); n < 1 || n > 120 || strings.ContainsFunc(t.Name, unicode.IsControl) {
		return unprocessable("bad-token-name", "name", plan.Text{
			ID: "Beri token nama, paling panjang 120 karakter, supaya kelak jelas untuk apa.",
			EN: "Name the token, in at most 120 characters, so that it is clear later what it is for.",
		})
	}
	if !t.ExpiresAt.IsZero() && !t.ExpiresAt.After(s.now()) {
		return unprocessable("bad-expiry", "expires", plan.Text{
			ID: "Waktu kedaluwarsa harus di masa depan.", EN: "The expiry must lie in the future.",
		})
	}
	if len(t.Layers) > maxTokenLayers {
		return unprocessable("too-many-layers", "layers", plan.Text{
			ID: "Paling banyak " + strconv.Itoa(maxTokenLayers) + " lapisan.", EN: "At most " + strconv.Itoa(maxTokenLayers) + " layers.",
		})
	}
	for _, name := range t.Layers {
		if s.catalog == nil {
			break
		}
		if l, ok := s.catalog.Catalog().Layer(name); !ok || !p.Actor().CanRead(l) {
			return unprocessable("no-such-layer", "layers", plan.Text{
				ID: "Tidak ada lapisan dengan nama salah satu dari ini.", EN: "One of these is not the name of a layer.",
			})
		}
	}
	if err := s.checkIndicators(t, p); err != nil {
		return err
	}
	have, err := s.store.Tokens(r.Context(), p.Name)
	if err != nil {
		return err
	}
	alive := 0
	for _, h := range have {
		if h.InForce(s.now()) {
			alive++
		}
	}
	if alive >= maxTokens {
		return &plan.Error{Kind: plan.Conflict, Code: "too-many-tokens", Message: plan.Text{
			ID: "Sudah ada " + strconv.Itoa(maxTokens) + " token yang berlaku. Cabut yang tidak dipakai lagi.",
			EN: "There are " + strconv.Itoa(maxTokens) + " tokens in force. Revoke those that are not used any more.",
		}}
	}
	return nil
}

// checkIndicators refuses a token that would send nothing, or more than that.
func (s *Service) checkIndicators(t Token, p Person) error {
	switch {
	case t.Indicators == nil:
		return nil
	case t.Layers != nil || t.ReadOnly:
		return unprocessable("indicators-alone", "indicators", plan.Text{
			ID: "Token untuk mengirim nilai indikator tidak dapat sekaligus dibatasi pada lapisan atau hanya membaca. Buat dua token.",
			EN: "A token for sending values of indicators cannot be limited to layers or to reading as well. Make two tokens.",
		})
	case len(t.Indicators) == 0 || len(t.Indicators) > maxTokenIndicators:
		return unprocessable("bad-indicators", "indicators", plan.Text{
			ID: "Sebutkan 1 sampai " + strconv.Itoa(maxTokenIndicators) + " indikator.", EN: "Name 1 to " + strconv.Itoa(maxTokenIndicators) + " indicators.",
		})
	}
	actor := p.Actor()
	actor.Indicators = t.Indicators
	for _, name := range t.Indicators {
		if !actor.CanSend(name) {
			return &plan.Error{Kind: plan.Denied, Code: "not-allowed", At: "indicators", Message: plan.Text{
				ID: "Nilai indikator dikirim oleh perencana atau admin.", EN: "Values of indicators are sent by planners and administrators.",
			}}
		}
		if s.catalog == nil {
			continue
		}
		if i, ok := s.catalog.Catalog().Indicator(name); !ok || i.Kind != plan.External {
			return unprocessable("bad-indicators", "indicators", plan.Text{
				ID: "Salah satu dari ini bukan indikator yang nilainya dikirim sistem lain (external).",
				EN: "One of these is not an indicator whose values other systems send (external).",
			})
		}
	}
	return nil
}

// revokeToken is DELETE /api/v1/tokens/{id}.
func (s *Service) revokeToken(w http.ResponseWriter, r *http.Request) error {
	id, err := inPerson(r)
	if err != nil {
		return err
	}
	return s.revoke(w, r, id, id.Person.Name)
}

// listPersonTokens is GET /api/v1/people/{name}/tokens.
func (s *Service) listPersonTokens(w http.ResponseWriter, r *http.Request) error {
	if _, err := admin(r); err != nil {
		return err
	}
	return s.tokensOf(w, r, chi.URLParam(r, "name"))
}

// revokePersonToken is DELETE /api/v1/people/{name}/tokens/{id}.
func (s *Service) revokePersonToken(w http.ResponseWriter, r *http.Request) error {
	id, err := admin(r)
	if err != nil {
		return err
	}
	return s.revoke(w, r, id, chi.URLParam(r, "name"))
}

func (s *Service) tokensOf(w http.ResponseWriter, r *http.Request, name string) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	tokens, err := s.directory.Tokens(r.Context(), name)
	if err != nil {
		return err
	}
	list := make([]tokenBody, len(tokens))
	for i, t := range tokens {
		list[i] = tokenBodyOf(t)
	}
	return rest.WriteJSON(w, r, rest.Body{Cache: noStore}, map[string]any{"tokens": list})
}

func (s *Service) revoke(w http.ResponseWriter, r *http.Request, by *Identity, name string) error {
	number, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		number = 0 // no token has it
	}
	if err := s.directory.Revoke(r.Context(), by.Person.Name, name, number); err != nil {
		return err
	}
	s.tokens.forgetAll(func(t Token) bool { return t.ID == number })
	w.Header().Set("Cache-Control", noStore)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
