package api

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
)

// A key that openssl made signs; after a new one is put on top, its public part
// goes on to tell what it has signed.
func TestKeys(t *testing.T) {
	openssl := func(args ...string) []byte {
		t.Helper()
		out, err := exec.Command("openssl", args...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	read := func(text ...[]byte) *Keys {
		t.Helper()
		k, err := ReadKeys(bytes.Join(text, nil))
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	file := filepath.Join(t.TempDir(), "old.pem")
	openssl("genpkey", "-algorithm", "ed25519", "-out", file)
	old := openssl("pkey", "-in", file)
	public := openssl("pkey", "-in", file, "-pubout")
	fresh, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	e := &plan.Extract{ID: "7", Document: []byte("{}")}
	e.SHA256 = extract.Sum(e.Document)
	e.Signature = read(old).signature(e)
	for name, c := range map[string]struct {
		keys *Keys
		want proof
	}{
		"the same": {read(old), isSigned}, "a new one on top": {read(fresh, old), isSigned}, "the public part": {read(fresh, public), isSigned},
		"another": {read(fresh), isBroken}, "none": {nil, isUnsigned},
	} {
		if got := c.keys.proves(e); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
	// As the guide tells others to check.
	for name, text := range map[string][]byte{"public.pem": public, "message": []byte("simtaru extract\n7\n" + e.SHA256 + "\n"), "signature": e.Signature} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(file), name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Dir(file))
	openssl("pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-rawin", "-in", "message", "-sigfile", "signature")
	if e.Signature = read(fresh, old).signature(e); read(fresh).proves(e) != isSigned {
		t.Error("the first key does not sign")
	}
	for name, text := range map[string][]byte{
		"nothing": nil, "no private key": public, "no key": []byte("secret"), "RSA": openssl("genpkey", "-algorithm", "rsa"),
		"a certificate": []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
	} {
		if _, err := ReadKeys(text); err == nil {
			t.Errorf("%s is a key", name)
		}
	}
}
