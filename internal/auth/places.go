package auth

import "sync"

// Places bounds how much is done at once: for one asker, and for all together,
// of which an eighth is kept for who is logged in. It is safe for concurrent use.
type Places struct {
	// Each asker has so many; a network is as in Pace, and the /56 and the /48
	// around it have one and two more.
	Each int
	// All is how many there are.
	All int

	mu    sync.Mutex // guards what follows
	taken map[asker]int
	all   int
}

// Enter takes a place, or reports that there is none. Whoever has entered calls
// leave, once.
func (p *Places) Enter(a Asker) (leave func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	most := p.All
	if a.Name == "" {
		most -= int(float64(p.All) * reserved)
	}
	ok = p.all < most
	keys := shares(a)
	for i, k := range keys {
		ok = ok && p.taken[k.of] < p.Each+i
	}
	if !ok {
		return nil, false
	}
	p.add(keys, 1)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.add(keys, -1)
	}, true
}

func (p *Places) add(keys []share, n int) {
	if p.taken == nil {
		p.taken = map[asker]int{}
	}
	for _, k := range keys {
		if p.taken[k.of] += n; p.taken[k.of] == 0 {
			delete(p.taken, k.of)
		}
	}
	p.all += n
}
