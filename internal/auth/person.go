package auth

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

// ErrUnknown is what a store answers where there is no such person, session or
// token.
var ErrUnknown = errors.New("not known")

// Person is somebody who may log in.
type Person struct {
	Name  string
	Role  plan.Role
	Title string
	// Email as the identity provider knows it; empty: none.
	Email string
	// Hash of the password in PHC format; empty: no password.
	Hash string
	// Issuer and Subject of the identity provider, once bound.
	Issuer, Subject string
	Disabled        bool
	// Generation counts what ends sessions and remembered passwords.
	Generation int64
	CreatedAt  time.Time
	CreatedBy  string
}

// Actor is the person as the rest of the program knows it.
func (p *Person) Actor() plan.Actor { return plan.Actor{Name: p.Name, Role: p.Role, Person: true} }

// Secret is what is kept of a password: neither form can be turned back.
type Secret struct {
	// Hash is argon2id in PHC format, for logins over HTTP.
	Hash string
	// Verifier is SCRAM-SHA-256 as PostgreSQL keeps it, for logins there.
	Verifier string
}

// Change of a person; nil leaves as it is. A new role, disabling or enabling,
// and a new password end the person's sessions.
type Change struct {
	Role     *plan.Role
	Disabled *bool
	Title    *string
	// Email; empty removes it. Another address lets the identity provider bind
	// the person anew.
	Email *string
	// Secret of the new password.
	Secret *Secret
	// Keep is the hash of the one session that goes on after a new password:
	// that of the person who has set it.
	Keep []byte
	// Revoke revokes the person's tokens as well: whoever had the account must
	// not keep a way in. Directory sets it on disabling, and on a password that
	// somebody else sets.
	Revoke bool
}

// Session of a browser.
type Session struct {
	// Hash is the SHA-256 of the cookie.
	Hash       []byte
	Person     string
	Generation int64
	ExpiresAt  time.Time
}

// Token of another system, which acts as the person but may be narrower.
type Token struct {
	ID int64
	// Hash is the SHA-256 of the token.
	Hash   []byte
	Person string
	// Name says what the token is for.
	Name string
	// Layers that may be reached; nil: all that the person may reach.
	Layers []string
	// Indicators are the external indicators that values may be sent of, and then
	// nothing else may be done; nil: the token is not for that alone.
	Indicators []string
	ReadOnly   bool
	CreatedAt  time.Time
	// ExpiresAt, RevokedAt and LastUsedAt are zero where that is never.
	ExpiresAt, RevokedAt, LastUsedAt time.Time
}

// InForce reports whether the token lets anybody in at that time.
func (t *Token) InForce(at time.Time) bool {
	return t.RevokedAt.IsZero() && (t.ExpiresAt.IsZero() || t.ExpiresAt.After(at))
}

// namePattern is the check of simtaru.person.
var namePattern = regexp.MustCompile(`^[a-z][a-z0-9_.-]{1,62}$`)

// CheckName refuses a name that no person may have, in words.
func CheckName(name string) error {
	if !namePattern.MatchString(name) {
		return unprocessable("bad-name", "name", plan.Text{
			ID: "Nama masuk terdiri atas 2 sampai 63 karakter: huruf kecil a-z, angka, titik, garis bawah, tanda hubung; huruf lebih dahulu.",
			EN: "A login name has 2 to 63 characters: lower-case letters a-z, digits, dots, underscores, hyphens; a letter first.",
		})
	}
	reserved := []string{"public", "none", "postgres", "current_user", "session_user", "current_role"}
	if strings.HasPrefix(name, "pg_") || strings.HasPrefix(name, "simtaru") || slices.Contains(reserved, name) {
		return unprocessable("bad-name", "name", plan.Text{
			ID: "Nama ini dipakai oleh sistem. Pilih nama lain.",
			EN: "This name belongs to the system. Choose another.",
		})
	}
	return nil
}

// CheckRole refuses what is no role.
func CheckRole(role plan.Role) error {
	if slices.Contains(plan.Roles, role) {
		return nil
	}
	return unprocessable("bad-role", "role", plan.Text{
		ID: "Peran harus salah satu dari public, planner, disaster, admin.",
		EN: "A role is one of public, planner, disaster, admin.",
	})
}

// checkTitle bounds the name by which colleagues know a person.
func checkTitle(title string) error {
	if utf8.ValidString(title) && utf8.RuneCountInString(title) <= 120 && !strings.ContainsFunc(title, unicode.IsControl) {
		return nil
	}
	return unprocessable("bad-title", "title", plan.Text{
		ID: "Nama lengkap paling panjang 120 karakter, tanpa karakter kendali.",
		EN: "A full name has at most 120 characters and no control characters.",
	})
}

// checkEmail looks for the shape only: the identity provider is who verifies.
func checkEmail(email string) error {
	local, domain, ok := strings.Cut(email, "@")
	bad := func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`,;<>()"`, r) }
	if email == "" || ok && local != "" && domain != "" && len(email) <= 254 && utf8.ValidString(email) && !strings.ContainsFunc(email, bad) && !strings.Contains(domain, "@") {
		return nil
	}
	return unprocessable("bad-email", "email", plan.Text{ID: "Alamat surel tidak sah.", EN: "The e-mail address is not valid."})
}
