package auth

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"

	"github.com/simtaru/simtaru/internal/rest"
)

// The cost of argon2id (OWASP Password Storage Cheat Sheet): 19 MiB, two
// passes, one lane; about 30 ms.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32
	saltSize    = 16
)

// scramIterations is above PostgreSQL's 4096, since this is the weaker of the
// two forms and a client computes it once a connection: about 10 ms.
const scramIterations = 16384

// newSecret hashes a password for both doors.
func (h *hasher) newSecret(ctx context.Context, password string) (Secret, error) {
	verifier, err := scramVerifier(prepared(password), random(saltSize), scramIterations)
	if err != nil {
		return Secret{}, err
	}
	hash, err := h.hash(ctx, password)
	return Secret{Hash: hash, Verifier: verifier}, err
}

// scramVerifier is what PostgreSQL keeps of a password (RFC 5803):
// SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>. Computed here, the
// password itself is never in a statement, which a server may log.
func scramVerifier(password string, salt []byte, iterations int) (string, error) {
	salted, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("derive a key: %w", err)
	}
	mac := func(text string) []byte {
		m := hmac.New(sha256.New, salted)
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	stored := sha256.Sum256(mac("Client Key"))
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", iterations, b64(salt), b64(stored[:]), b64(mac("Server Key"))), nil
}

// maxWaiting bounds the logins that wait for their turn to be hashed.
const maxWaiting = 64

// hasher computes argon2id for half of the cores at a time, so that logins
// take neither the memory nor the processor away from everything else.
type hasher struct {
	places  chan struct{}
	waiting atomic.Int64
	// dummy is compared where there is nothing to compare with, so that an
	// unknown name takes as long as a known one.
	dummy string
}

func newHasher() *hasher {
	h := &hasher{places: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
	h.dummy = encodeHash(random(saltSize), random(argonKey))
	return h
}

// enter waits for a place.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return nil, rest.Busy()
	}
	defer h.waiting.Add(-1)
	select {
	case h.places <- struct{}{}:
		return func() { <-h.places }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a login's turn: %w", ctx.Err())
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := random(saltSize)
	return encodeHash(salt, argon2.IDKey([]byte(prepared(password)), salt, argonTime, argonMemory, argonLanes, argonKey)), nil
}

// matches reports whether password is the one of hash. An empty hash is none's,
// and takes as long to refuse.
func (h *hasher) matches(ctx context.Context, hash, password string) (bool, error) {
	none := hash == ""
	if none {
		hash = h.dummy
	}
	p, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	key := argon2.IDKey([]byte(prepared(password)), p.salt, p.time, p.memory, p.lanes, uint32(len(p.key)))
	return subtle.ConstantTimeCompare(key, p.key) == 1 && !none, nil
}

type phc struct {
	memory, time uint32
	lanes        uint8
	salt, key    []byte
}

func encodeHash(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes, b64(salt), b64(key))
}

// errHash says nothing of the hash itself: it goes to the log.
var errHash = errors.New("a stored password hash is not argon2id in PHC format, or costs too much")

// parseHash reads the PHC string format, within bounds: it may have been
// written by another version, with another cost.
func parseHash(s string) (phc, error) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, errHash
	}
	var p phc
	if n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.lanes); err != nil || n != 3 {
		return phc{}, errHash
	}
	if p.memory < 8 || p.memory > 256*1024 || p.time < 1 || p.time > 16 || p.lanes < 1 || p.lanes > 8 {
		return phc{}, errHash
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(part[4]); err != nil || len(p.salt) < 8 {
		return phc{}, errHash
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(part[5]); err != nil || len(p.key) < 16 || len(p.key) > 64 {
		return phc{}, errHash
	}
	return p, nil
}

// random returns n bytes that nobody can guess.
func random(n int) []byte {
	b := make([]byte, n)
	// crypto/rand.Read does not fail: it ends the program instead.
	_, _ = rand.Read(b)
	return b
}
