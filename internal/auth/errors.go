package auth

import (
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

func unprocessable(code, at string, message plan.Text) error {
	return &plan.Error{Kind: plan.Unprocessable, Code: code, At: at, Message: message}
}

// errWrongLogin is one text for an unknown name, a wrong password and a
// disabled person.
func errWrongLogin() error {
	return &plan.Error{Kind: plan.Unauthenticated, Code: "wrong-login", Message: plan.Text{
		ID: "Nama atau kata sandi salah, atau akun ini dinonaktifkan.",
		EN: "The name or the password is wrong, or the account is disabled.",
	}}
}

func errSessionEnded() error {
	return &plan.Error{Kind: plan.Unauthenticated, Code: "session-ended", Message: plan.Text{
		ID: "Sesi Anda sudah berakhir. Masuk lagi.",
		EN: "Your session has ended. Log in again.",
	}}
}

func errWrongToken() error {
	return &plan.Error{Kind: plan.Unauthenticated, Code: "wrong-token", Message: plan.Text{
		ID: "Token ini tidak dikenal, sudah kedaluwarsa, atau sudah dicabut.",
		EN: "This token is not known, has expired, or was revoked.",
	}}
}

func errScheme() error {
	return &plan.Error{Kind: plan.Unauthenticated, Code: "wrong-credentials", At: "Authorization", Message: plan.Text{
		ID: "Authorization tidak dapat dibaca. Pakai Basic (nama dan kata sandi) atau Bearer (token).",
		EN: "Authorization cannot be read. Use Basic (name and password) or Bearer (a token).",
	}}
}

func errSlowed(wait time.Duration) error {
	return rest.TooMany(wait, plan.Unauthenticated, "too-many-logins", plan.Text{ID: "upaya masuk yang gagal", EN: "failed logins"})
}

func errCSRF() error {
	return &plan.Error{Kind: plan.Denied, Code: "csrf", Message: plan.Text{
		ID: "Permintaan ini tidak membawa tanda sesi (X-CSRF-Token) atau datang dari situs lain. Muat ulang halaman, lalu coba lagi.",
		EN: "The request lacks the session's X-CSRF-Token, or comes from another site. Load the page again and retry.",
	}}
}

// errLoginFirst is for resources that the public has no use for.
func errLoginFirst() error {
	return &plan.Error{Kind: plan.Unauthenticated, Code: "login-required", Message: plan.Text{
		ID: "Masuk dahulu.", EN: "Log in first.",
	}}
}

func errAdminsOnly() error {
	return &plan.Error{Kind: plan.Denied, Code: "admins-only", Message: plan.Text{
		ID: "Hanya admin yang boleh melakukan ini.", EN: "Only an administrator may do this.",
	}}
}

// errNotByToken keeps a token from making itself wider.
func errNotByToken() error {
	return &plan.Error{Kind: plan.Denied, Code: "not-by-token", Message: plan.Text{
		ID: "Ini tidak dapat dilakukan dengan token. Masuk dengan nama dan kata sandi.",
		EN: "A token cannot do this. Log in with name and password.",
	}}
}

func errAway(cause error) error {
	return &plan.Error{Kind: plan.Unavailable, Code: "logins-unavailable", Cause: cause, Message: plan.Text{
		ID: "Login sedang tidak dapat diperiksa karena basis data tidak terjangkau. Coba lagi sebentar lagi.",
		EN: "Logins cannot be checked, since the database cannot be reached. Try again shortly.",
	}}
}
