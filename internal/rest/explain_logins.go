package rest

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// explainLogins lists the problem types of logins, tokens and people.
func explainLogins() []explained {
	return []explained{
		{"bad-json", http.StatusBadRequest, plan.Text{ID: "Isi permintaan bukan JSON yang diharapkan di sana; at menyebut anggota yang salah jenisnya.", EN: "The body is not the JSON that is expected there; at names a member of the wrong type."}},
		{"wrong-login", http.StatusUnauthorized, plan.Text{ID: "Nama atau kata sandi salah, atau akun dinonaktifkan.", EN: "The name or the password is wrong, or the account is disabled."}},
		{"wrong-credentials", http.StatusUnauthorized, plan.Text{ID: "Authorization tidak dapat dibaca.", EN: "Authorization cannot be read."}},
		{"wrong-token", http.StatusUnauthorized, plan.Text{ID: "Token tidak dikenal, kedaluwarsa, atau dicabut.", EN: "The token is not known, has expired, or was revoked."}},
		{"session-ended", http.StatusUnauthorized, plan.Text{ID: "Sesi sudah berakhir; masuk lagi.", EN: "The session has ended; log in again."}},
		{"login-required", http.StatusUnauthorized, plan.Text{ID: "Hanya untuk yang sudah masuk.", EN: "Only for those who have logged in."}},
		{"login-not-confirmed", http.StatusUnauthorized, plan.Text{ID: "Penyedia identitas tidak memastikan login itu.", EN: "The identity provider did not confirm the login."}},
		{"csrf", http.StatusForbidden, plan.Text{ID: "Dengan cookie sesi, X-CSRF-Token wajib dan permintaan dari situs lain ditolak.", EN: "With the session's cookie X-CSRF-Token is required, and requests from other sites are refused."}},
		{"not-by-token", http.StatusForbidden, plan.Text{ID: "Token tidak boleh mengurus akun, token, atau orang.", EN: "A token may not manage accounts, tokens or people."}},
		{"sends-only", http.StatusForbidden, plan.Text{ID: "Token itu hanya untuk mengirim nilai indikator tertentu.", EN: "The token is for sending values of certain indicators only."}},
		{"admins-only", http.StatusForbidden, plan.Text{ID: "Hanya untuk admin.", EN: "For administrators only."}},
		{"not-registered", http.StatusForbidden, plan.Text{ID: "Akun di penyedia identitas itu bukan milik orang yang terdaftar.", EN: "The account at the identity provider is nobody's who was added here."}},
		{"no-such-person", http.StatusNotFound, plan.Text{ID: "Tidak ada orang dengan nama masuk itu.", EN: "There is nobody with the login name."}},
		{"no-such-token", http.StatusNotFound, plan.Text{ID: "Orang itu tidak punya token dengan nomor itu.", EN: "The person has no token of that number."}},
		{"name-taken", http.StatusConflict, plan.Text{ID: "Nama masuk itu sudah dipakai.", EN: "The login name is taken."}},
		{"email-taken", http.StatusConflict, plan.Text{ID: "Alamat surel itu sudah dipakai orang lain.", EN: "Somebody else has the e-mail address."}},
		{"last-admin", http.StatusConflict, plan.Text{ID: "Tidak akan ada lagi admin yang aktif.", EN: "No enabled administrator would be left."}},
		{"too-many-tokens", http.StatusConflict, plan.Text{ID: "Orang itu punya terlalu banyak token yang berlaku; cabut dahulu sebagian.", EN: "The person has too many tokens in force; revoke some first."}},
		{"bad-name", http.StatusUnprocessableEntity, plan.Text{ID: "Nama masuk tidak memenuhi syarat.", EN: "The login name is not allowed."}},
		{"bad-role", http.StatusUnprocessableEntity, plan.Text{ID: "Peran itu tidak ada.", EN: "There is no such role."}},
		{"bad-title", http.StatusUnprocessableEntity, plan.Text{ID: "Nama lengkap terlalu panjang, atau memuat karakter kendali.", EN: "The full name is too long, or holds control characters."}},
		{"bad-email", http.StatusUnprocessableEntity, plan.Text{ID: "Alamat surel tidak sah.", EN: "The e-mail address is not valid."}},
		{"bad-password", http.StatusUnprocessableEntity, plan.Text{ID: "Kata sandi terlalu pendek, atau tidak boleh dipakai.", EN: "The password is too short, or is not allowed."}},
		{"bad-token-name", http.StatusUnprocessableEntity, plan.Text{ID: "Nama token kosong atau terlalu panjang.", EN: "The name of the token is empty or too long."}},
		{"bad-indicators", http.StatusUnprocessableEntity, plan.Text{ID: "Token itu tidak menyebut indikator, menyebut terlalu banyak, atau yang bukan external.", EN: "The token names no indicators, too many, or one that is not external."}},
		{"indicators-alone", http.StatusUnprocessableEntity, plan.Text{ID: "Token untuk mengirim nilai indikator tidak dapat sekaligus untuk lapisan atau hanya membaca.", EN: "A token for sending values of indicators cannot be for layers or reading as well."}},
		{"bad-expiry", http.StatusUnprocessableEntity, plan.Text{ID: "Waktu kedaluwarsa sudah lewat.", EN: "The expiry has passed."}},
		{"too-many-logins", http.StatusTooManyRequests, plan.Text{ID: "Terlalu banyak upaya masuk yang gagal; tunggu sesuai Retry-After.", EN: "Too many failed logins; wait as Retry-After says."}},
		{"logins-unavailable", http.StatusServiceUnavailable, plan.Text{ID: "Login tidak dapat diperiksa karena basis data tidak terjangkau.", EN: "Logins cannot be checked, since the database is out of reach."}},
		{"provider-unavailable", http.StatusServiceUnavailable, plan.Text{ID: "Penyedia identitas tidak terjangkau.", EN: "The identity provider cannot be reached."}},
	}
}
