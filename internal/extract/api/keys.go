package api

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
)

// Keys sign extracts, and tell what they have signed: whoever can write into the
// database has no part in them. A nil *Keys signs nothing.
type Keys struct {
	sign   ed25519.PrivateKey
	public []ed25519.PublicKey
}

// ReadKeys reads PEM: private Ed25519 keys (PKCS #8), of which the first signs,
// and public ones of former keys, as openssl writes them.
func ReadKeys(text []byte) (*Keys, error) {
	k := new(Keys)
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		switch block.Type {
		case "PRIVATE KEY":
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			private, ok := key.(ed25519.PrivateKey)
			if err != nil || !ok {
				return nil, errors.Join(errors.New("a private key is not one of Ed25519"), err)
			}
			if k.sign == nil {
				k.sign = private
			}
			k.public = append(k.public, private.Public().(ed25519.PublicKey)) //nolint:forcetypeassert // it is of that type
		case "PUBLIC KEY":
			key, err := x509.ParsePKIXPublicKey(block.Bytes)
			public, ok := key.(ed25519.PublicKey)
			if err != nil || !ok {
				return nil, errors.Join(errors.New("a public key is not one of Ed25519"), err)
			}
			k.public = append(k.public, public)
		default:
			return nil, fmt.Errorf("%q is no key", block.Type)
		}
	}
	if k.sign == nil {
		return nil, errors.New("there is no private key")
	}
	return k, nil
}

// NewKey makes a private key, as ReadKeys reads it.
func NewKey() ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("write a key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// signed is the text that is signed of an extract.
func signed(id, sha256 string) []byte { return []byte("simtaru extract\n" + id + "\n" + sha256 + "\n") }

func (k *Keys) signature(e *plan.Extract) []byte {
	if k == nil {
		return nil
	}
	return ed25519.Sign(k.sign, signed(e.ID, e.SHA256))
}

// proof is how much is known of where an extract is from.
type proof string

const (
	// isSigned: it is what this service has signed.
	isSigned proof = "signed"
	// isUnsigned: there is no signature, or no key to check it with. It cannot be
	// said whether it is what was made.
	isUnsigned proof = "unsigned"
	// isBroken: it is not what was kept, or not what this service has signed.
	isBroken proof = "broken"
)

// proves looks at the bytes as they are kept, before anything is read from them.
func (k *Keys) proves(e *plan.Extract) proof {
	switch {
	case e.Document != nil && extract.Sum(e.Document) != e.SHA256:
		return isBroken
	case k == nil || e.Signature == nil:
		return isUnsigned
	}
	for _, public := range k.public {
		if ed25519.Verify(public, signed(e.ID, e.SHA256), e.Signature) {
			return isSigned
		}
	}
	return isBroken
}
