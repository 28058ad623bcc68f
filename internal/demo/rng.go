package demo

import "math/rand/v2"

// rng draws from PCG. The methods are written out here because only the
// generator itself is fixed by math/rand/v2, not what is derived from it.
type rng struct{ pcg *rand.PCG }

// draw returns a generator for one thing: its kind and its keys.
func draw(seed uint64, kind string, keys ...uint64) rng {
	h := mix(seed ^ 0x51a7a2d1)
	for i := range len(kind) {
		h = mix(h ^ uint64(kind[i]))
	}
	for _, k := range keys {
		h = mix(h ^ k)
	}
	return rng{rand.NewPCG(h, mix(h))}
}

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// float returns a number in [0, 1).
func (r rng) float() float64 { return float64(r.pcg.Uint64()>>11) / (1 << 53) }

// signed turns a hash into a number in [-1, 1).
func signed(h uint64) float64 { return float64(float64(int64(h)>>11) / (1 << 52)) }

// between returns a number in [lo, hi).
func (r rng) between(lo, hi float64) float64 { return lo + float64(r.float()*(hi-lo)) }

// intn returns a number in [0, n). The bias is below 2^-50.
func (r rng) intn(n int) int { return int((r.pcg.Uint64() >> 11) % uint64(n)) }

// whole returns a number in [lo, hi].
func (r rng) whole(lo, hi int) int { return lo + r.intn(hi-lo+1) }

// chance is true with probability p.
func (r rng) chance(p float64) bool { return r.float() < p }

// pick returns one of the members of s.
func pick[T any](r rng, s []T) T { return s[r.intn(len(s))] }
