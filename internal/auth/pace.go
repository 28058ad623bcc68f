package auth

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/rest"
)

// Asker is who wants something done that costs: somebody who is logged in, by
// name, or else a network.
type Asker struct {
	Name string
	From netip.Addr
}

// AskerOf returns who sent a request. Proxies are trusted as Address says.
func AskerOf(r *http.Request, proxies []netip.Prefix) Asker {
	return Asker{rest.ActorOf(r.Context()).Name, Address(r, proxies)}
}

// Pace lets each asker take so much at once and then one each Every; and all
// together likewise. What one is, is the caller's: a request, or a byte. Take it
// when all else is checked, since what strangers are refused must not use up
// what others may do.
//
// Of what all may take, an eighth is kept for who is logged in, and another for
// who is and for networks that have taken nothing within the hour: whoever fills
// the rest shuts out himself and no newcomer, and no crowd of newcomers shuts out
// who is logged in. It is safe for concurrent use.
type Pace struct {
	// Now is the clock.
	Now func() time.Time
	// Burst and Every of one asker. A network is an IPv4 address or a /64 of IPv6;
	// the /56 and the /48 around it, which may be one customer's as well, take 4 and
	// 16 times as much.
	Burst float64
	Every time.Duration
	// AllBurst and AllEvery are those of all together; 0: there is no such bound.
	AllBurst float64
	AllEvery time.Duration

	mu   sync.Mutex // guards what follows
	from *recent[asker, bucket]
	all  bucket
}

// asker is a key of what was taken: a name, or a network.
type asker struct {
	name    string
	network netip.Prefix
}

// share is what one key may take, as a multiple of what an asker may.
type share struct {
	of   asker
	many float64
}

const (
	// reserved is the part of what all may do that is kept for who is logged in,
	// and the part that is kept for newcomers as well.
	reserved = 0.125
	// newcomer is after how long without taking a network is one.
	newcomer = time.Hour
)

// shares are the keys that an asker counts for, the widest last.
func shares(a Asker) []share {
	from := a.From.Unmap().WithZone("")
	switch {
	case a.Name != "":
		return []share{{asker{name: a.Name}, 1}}
	case !from.Is6():
		return []share{{asker{network: netip.PrefixFrom(from, from.BitLen())}, 1}}
	}
	var all []share
	for i, bits := range []int{64, 56, 48} {
		all = append(all, share{asker{network: netip.PrefixFrom(from, bits).Masked()}, []float64{1, 4, 16}[i]})
	}
	return all
}

// Take takes n and returns 0, or takes nothing and returns how long the asker
// must wait. More than the burst is taken where nothing else was.
func (p *Pace) Take(a Asker, n float64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.from == nil {
		p.from = newRecent[asker, bucket](maxThrottled)
	}
	now, keys := p.Now(), shares(a)
	var wait time.Duration
	var widest bucket
	for _, k := range keys {
		widest, _ = p.from.get(k.of)
		wait = max(wait, widest.wait(now, p.Burst*k.many, p.every(k), n))
	}
	if p.AllBurst > 0 {
		most := p.AllBurst
		if a.Name == "" {
			most -= p.AllBurst * reserved
			if now.Sub(widest.at) < newcomer {
				most -= p.AllBurst * reserved
			}
		}
		wait = max(wait, p.all.wait(now, most, p.AllEvery, n))
	}
	if wait == 0 {
		p.add(now, keys, n)
	}
	return wait
}

// Give gives back what was taken for something that was not done in the end.
func (p *Pace) Give(a Asker, n float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.add(p.Now(), shares(a), -n)
}

func (p *Pace) add(now time.Time, keys []share, n float64) {
	for _, k := range keys {
		b, _ := p.from.get(k.of)
		p.from.set(k.of, b.add(now, p.every(k), n))
	}
	if p.AllBurst > 0 {
		p.all = p.all.add(now, p.AllEvery, n)
	}
}

func (p *Pace) every(k share) time.Duration {
	return time.Duration(float64(p.Every) / k.many)
}
