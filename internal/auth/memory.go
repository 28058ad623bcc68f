package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"sync"
	"time"
)

const (
	// rememberRight is how long a right password is not hashed again, from its
	// last use: QGIS sends it with every request.
	rememberRight = 10 * time.Minute
	// rememberWrong is the same for a wrong one: a program that keeps sending
	// an old password learns nothing and costs nothing.
	rememberWrong = time.Minute
	maxRemembered = 5000
)

// memory knows passwords that were checked lately, by HMAC under a key that is
// made at each start: its content tells nobody a password.
type memory struct {
	key []byte
	now func() time.Time
	mu  sync.Mutex // guards known
	// known holds right and wrong ones apart, so that a flood of wrong ones
	// makes nobody be hashed again.
	right, wrong *recent[[sha256.Size]byte, checked]
}

type checked struct {
	generation int64
	until      time.Time
}

func newMemory(now func() time.Time) *memory {
	return &memory{
		key: random(32), now: now,
		right: newRecent[[sha256.Size]byte, checked](maxRemembered), wrong: newRecent[[sha256.Size]byte, checked](maxRemembered),
	}
}

// digest names a name and password as they come from one place: a password
// that is remembered of its owner answers nobody's guesses elsewhere.
func (m *memory) digest(name, password string, from netip.Addr) [sha256.Size]byte {
	h := hmac.New(sha256.New, m.key)
	for _, part := range []string{name, network(from).String(), password} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write([]byte(part))
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// recall returns what was found out about the password while the person was of
// this generation; known is false where that is nothing.
func (m *memory) recall(digest [sha256.Size]byte, generation int64) (right, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if c, ok := m.right.get(digest); ok && c.generation == generation && now.Before(c.until) {
		c.until = now.Add(rememberRight)
		m.right.set(digest, c)
		return true, true
	}
	c, ok := m.wrong.get(digest)
	return false, ok && c.generation == generation && now.Before(c.until)
}

func (m *memory) note(digest [sha256.Size]byte, generation int64, right bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if right {
		m.wrong.delete(digest)
		m.right.set(digest, checked{generation, m.now().Add(rememberRight)})
		return
	}
	m.wrong.set(digest, checked{generation, m.now().Add(rememberWrong)})
}
