package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

func TestHash(t *testing.T) {
	h := newHasher()
	a, err := h.hash(t.Context(), "gampong pande")
	if err != nil {
		t.Fatal(err)
	}
	b, err := h.hash(t.Context(), "gampong pande")
	if err != nil || a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%s, %s, %v", a, b, err)
	}
	for _, tt := range []struct {
		hash, password string
		want           bool
	}{
		{a, "gampong pande", true},
		{b, "gampong pande", true},
		{a, "gampong pandE", false},
		{a, "", false},
		{"", "gampong pande", false},
		{"", "", false},
	} {
		if got, err := h.matches(t.Context(), tt.hash, tt.password); err != nil || got != tt.want {
			t.Errorf("%q against %q: %v, %v", tt.password, tt.hash, got, err)
		}
	}
}

// TestHashIsReadWithinBounds: whatever stands in the table costs no more than
// it may, and is never repeated in an error.
func TestHashIsReadWithinBounds(t *testing.T) {
	good := encodeHash(random(saltSize), random(argonKey))
	if _, err := parseHash(good); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "x", "$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1), strings.Replace(good, "m=19456", "m=99999999", 1),
		strings.Replace(good, "m=19456", "m=0", 1), strings.Replace(good, "t=2", "t=1000", 1), strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=300", 1),
		good + "$", good[:len(good)-30], strings.Replace(good, "$m", "$x", 1), "$2b$10$abcdefghijklmnopqrstuu",
	} {
		_, err := parseHash(bad)
		if err == nil {
			t.Errorf("%q is read", bad)
		} else if len(bad) > 10 && strings.Contains(err.Error(), bad[5:]) {
			t.Errorf("the error repeats the hash: %v", err)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add(encodeHash(make([]byte, saltSize), make([]byte, argonKey)))
	f.Add("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parseHash(s)
		if err == nil && (p.memory > 256*1024 || p.time > 16 || p.lanes > 8 || p.lanes == 0 || len(p.key) > 64) {
			t.Fatalf("%q costs %+v", s, p)
		}
	})
}

// TestScramVerifier for the salt and password of RFC 7677, section 3; StoredKey
// and ServerKey were computed with Python's hashlib. That PostgreSQL takes what
// is made is tested in internal/postgis.
func TestScramVerifier(t *testing.T) {
	salt, err := base64.StdEncoding.DecodeString("W22ZaJ0SNY7soEsUEjb6gQ==")
	if err != nil {
		t.Fatal(err)
	}
	got, err := scramVerifier("pencil", salt, 4096)
	const want = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
	if err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
}

// TestHashingIsBounded lets many come at once: few compute, some wait, the
// rest is told to come back.
func TestHashingIsBounded(t *testing.T) {
	h := newHasher()
	var leaves []func()
	for range cap(h.places) {
		leave, err := h.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leave)
	}
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, maxWaiting+20)
	var all sync.WaitGroup
	for range maxWaiting + 20 {
		all.Go(func() {
			_, err := h.enter(ctx)
			results <- err
		})
	}
	// The places stay taken: those above the limit are refused at once, and the
	// others wait until they are cancelled.
	for range 20 {
		if err := <-results; plan.KindOf(err) != plan.Unavailable {
			t.Errorf("%v", err)
		}
	}
	cancel()
	all.Wait()
	for range maxWaiting {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
	for _, leave := range leaves {
		leave()
	}
	if leave, err := h.enter(t.Context()); err != nil {
		t.Error(err)
	} else {
		leave()
	}
}

func TestCheckPassword(t *testing.T) {
	for password, good := range map[string]bool{
		"gampong pande": true, "1234567890": true, "aaaaaaaaaa": true, "sandi dengan é dan ü": true, "kata sandi 🙂🙂": true, "кодовое слово": true,
		"パスワードです、はい": true, "Ace\u0301h Ace\u0301h": true, "semicolon';--": true,
		"123456789": false, "": false, "siti.aminah": false, "SITI.Aminah": false, " siti.aminah ": false, "abc\u00a0defghij": false, "abc\u200bdefghij": false,
		"abc\u00addefghij": false, "ﬁkih ﬁkih ﬁkih": false, "abcdefghij²": false, "ｆｕｌｌｗｉｄｔｈｘｘ": false, "abc\x00defghij": false, "abc\tdefghij": false, "abc\ndefghij": false,
		"abc\xffdefghij": false, strings.Repeat("x", 513): false, strings.Repeat("x", 512): true,
	} {
		err := CheckPassword("siti.aminah", password)
		if (err == nil) != good {
			t.Errorf("%q: %v", password, err)
		}
		if err != nil && password != "" && strings.Contains(err.Error(), password) {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

func TestNewPassword(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		p := NewPassword()
		if err := CheckPassword("siti", p); err != nil || seen[p] || len(p) != 23 {
			t.Errorf("%q: %v", p, err)
		}
		seen[p] = true
	}
}
