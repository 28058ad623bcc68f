package auth

import (
	"crypto/rand"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/simtaru/simtaru/internal/plan"
)

const (
	// minPassword in characters. There are no rules of composition: length is
	// what counts (NIST SP 800-63B, 5.1.1.2).
	minPassword = 10
	// maxPassword in bytes bounds what is hashed.
	maxPassword = 512
)

// CheckPassword refuses a password that is short, the person's name, or made
// of characters that programs read differently: libpq normalises by NFKC
// (SASLprep), others by NFC, and the password must open both doors whoever
// knocks.
func CheckPassword(name, password string) error {
	var message plan.Text
	switch {
	case !utf8.ValidString(password) || len(password) > maxPassword:
		message = plan.Text{
			ID: "Kata sandi paling panjang " + strconv.Itoa(maxPassword) + " bita UTF-8.",
			EN: "A password has at most " + strconv.Itoa(maxPassword) + " bytes of UTF-8.",
		}
	case utf8.RuneCountInString(password) < minPassword:
		message = plan.Text{
			ID: "Kata sandi paling pendek " + strconv.Itoa(minPassword) + " karakter. Beberapa kata yang mudah diingat sudah cukup.",
			EN: "A password has at least " + strconv.Itoa(minPassword) + " characters. A few words that are easy to remember will do.",
		}
	case strings.EqualFold(strings.TrimSpace(password), name):
		message = plan.Text{ID: "Kata sandi tidak boleh sama dengan nama masuk.", EN: "The password must not be the login name."}
	case strings.ContainsFunc(password, unusual) || norm.NFC.String(password) != norm.NFKC.String(password):
		message = plan.Text{
			ID: "Kata sandi memakai karakter yang dibaca berbeda oleh program lain, misalnya karakter tak terlihat atau \"ﬁ\" yang tersambung. Pakai huruf, angka, spasi, dan tanda baca biasa.",
			EN: "The password holds characters that other programs read differently, such as invisible ones or a joined \"ﬁ\". Use ordinary letters, digits, spaces and punctuation.",
		}
	default:
		return nil
	}
	return unprocessable("bad-password", "password", message)
}

// unusual holds for characters that SASLprep maps, drops or prohibits (RFC
// 4013, 2.1 to 2.3).
func unusual(r rune) bool {
	return r != ' ' && (unicode.IsSpace(r) || unicode.Is(unicode.Z, r) || unicode.Is(unicode.C, r)) || r == utf8.RuneError || unicode.Is(unicode.Variation_Selector, r) || r == 0x034F
}

// prepared is the password as both doors hash it: SASLprep, which for what
// CheckPassword lets pass is NFKC.
func prepared(password string) string { return norm.NFKC.String(password) }

// alphabet of generated passwords has no two characters that look alike.
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789"

// NewPassword makes a password of 100 random bits that can be read aloud.
func NewPassword() string {
	random := make([]byte, 20)
	// crypto/rand.Read does not fail: it ends the program instead.
	_, _ = rand.Read(random)
	var b strings.Builder
	for i, r := range random {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[r%byte(len(alphabet))])
	}
	return b.String()
}
