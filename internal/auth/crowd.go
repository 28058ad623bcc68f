package auth

import "sync"

// Crowd bounds how many requests of one asker are inside at once. A network may
// have Most, the /56 around one of IPv6 one more, and the /48 two. All together
// may have All, an eighth of which is kept for who is logged in; 0: there is no
// such bound. It is safe for concurrent use.
type Crowd struct {
	Most, All int

	mu     sync.Mutex
	inside map[asker]int
	all    int
}

// Enter lets a request in; false where as many of the asker are inside as may be.
// Whoever entered must leave.
func (c *Crowd) Enter(a Asker) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := float64(c.All)
	if a.Name == "" {
		all -= all * reserved
	}
	if c.All > 0 && float64(c.all+1) > all {
		return false
	}
	keys := shares(a)
	for i, k := range keys {
		if c.inside[k.of] >= c.Most+i {
			return false
		}
	}
	if c.inside == nil {
		c.inside = map[asker]int{}
	}
	for _, k := range keys {
		c.inside[k.of]++
	}
	c.all++
	return true
}

// Leave is the end of a request that entered.
func (c *Crowd) Leave(a Asker) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	for _, k := range shares(a) {
		if c.inside[k.of]--; c.inside[k.of] == 0 {
			delete(c.inside, k.of)
		}
	}
}
