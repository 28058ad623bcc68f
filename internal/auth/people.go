package auth

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// personBody is a person as administrators see it.
type personBody struct {
	Name     string    `json:"name"`
	Role     plan.Role `json:"role"`
	Title    string    `json:"title"`
	Email    *string   `json:"email"`
	Disabled bool      `json:"disabled"`
	// HasPassword is false of who comes in through the identity provider only.
	HasPassword bool `json:"hasPassword"`
	// Bound says that the identity provider has confirmed the person once.
	Bound     bool   `json:"bound"`
	CreatedAt string `json:"createdAt"`
	CreatedBy string `json:"createdBy"`
	// Password that was made, told once.
	Password string `json:"password,omitempty"`
}

func personBodyOf(p Person) personBody {
	b := personBody{
		Name: p.Name, Role: p.Role, Title: p.Title, Disabled: p.Disabled, HasPassword: p.Hash != "", Bound: p.Subject != "",
		CreatedAt: p.CreatedAt.UTC().Format(time.RFC3339), CreatedBy: p.CreatedBy,
	}
	if p.Email != "" {
		b.Email = &p.Email
	}
	return b
}

// listPeople is GET /api/v1/people.
func (s *Service) listPeople(w http.ResponseWriter, r *http.Request) error {
	if _, err := admin(r); err != nil {
		return err
	}
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	people, err := s.directory.List(r.Context())
	if err != nil {
		return err
	}
	list := make([]personBody, len(people))
	for i, p := range people {
		list[i] = personBodyOf(p)
	}
	return rest.WriteJSON(w, r, rest.Body{Cache: noStore}, map[string]any{"people": list})
}

// addPerson is POST /api/v1/people. Without a password the person comes in
// through the identity provider; with "generate" one is made and told once.
func (s *Service) addPerson(w http.ResponseWriter, r *http.Request) error {
	id, err := admin(r)
	if err != nil {
		return err
	}
	var body struct {
		Name, Title, Email, Password string
		Role                         plan.Role
		Generate                     bool
	}
	if err := readJSON(r, &body); err != nil {
		return err
	}
	if err := CheckName(body.Name); err != nil {
		return err
	}
	made := ""
	if body.Generate && body.Password == "" {
		made = NewPassword()
		body.Password = made
	}
	var secret *Secret
	if body.Password != "" {
		hashed, err := s.directory.Secret(r.Context(), body.Name, body.Password)
		if err != nil {
			return err
		}
		secret = &hashed
	}
	p := Person{Name: body.Name, Role: body.Role, Title: body.Title, Email: body.Email, CreatedBy: id.Person.Name}
	if err := s.directory.Add(r.Context(), p, secret); err != nil {
		return err
	}
	s.people.forget(p.Name)
	if p, err = s.store.Person(r.Context(), p.Name); err != nil {
		return err
	}
	answer := personBodyOf(p)
	answer.Password = made
	w.Header().Set("Location", "/api/v1/people/"+p.Name)
	return writeStatus(w, http.StatusCreated, answer)
}

// changePerson is PATCH /api/v1/people/{name}: members that are left out stay
// as they are.
func (s *Service) changePerson(w http.ResponseWriter, r *http.Request) error {
	id, err := admin(r)
	if err != nil {
		return err
	}
	var body struct {
		Role                   *plan.Role
		Disabled               *bool
		Title, Email, Password *string
	}
	if err := readJSON(r, &body); err != nil {
		return err
	}
	name := chi.URLParam(r, "name")
	if !namePattern.MatchString(name) {
		return errNoPerson(name)
	}
	c := Change{Role: body.Role, Disabled: body.Disabled, Title: body.Title, Email: body.Email}
	if body.Password != nil {
		secret, err := s.directory.Secret(r.Context(), name, *body.Password)
		if err != nil {
			return err
		}
		c.Secret = &secret
	}
	if name == id.Person.Name && id.Way == BySession {
		c.Keep = id.session.Hash
	}
	p, err := s.change(r.Context(), id.Person.Name, name, c)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, r, rest.Body{Cache: noStore}, personBodyOf(p))
}

// writeStatus answers with v and a status other than 200.
func writeStatus(w http.ResponseWriter, status int, v any) error {
	text, err := rest.Encode(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", rest.JSON().Type)
	h.Set("Cache-Control", noStore)
	w.WriteHeader(status)
	_, err = w.Write(text)
	return err
}
