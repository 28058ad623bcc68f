package cch

// pages is an array of numbers in pieces, which metrics share as long as none of
// them has another number there: a closure changes some hundred of the hierarchy's
// arcs, and who copied all would make 5 MB of garbage for Luxembourg.
type pages []*page

const (
	pageBits = 10
	pageSize = 1 << pageBits
)

type page [pageSize]uint32

// flat is an array of n numbers, and the same as pages.
func flat(n int) (pages, []uint32) {
	all := make([]uint32, (n+pageSize-1)&^(pageSize-1))
	p := make(pages, len(all)/pageSize)
	for i := range p {
		p[i] = (*page)(all[i*pageSize:])
	}
	return p, all[:n]
}

func (p pages) at(i uint32) uint32 { return p[i>>pageBits][i%pageSize] }

// run is what there is in one piece of the numbers from one position up to
// another, of which there is at least one.
func (p pages) run(from, to uint32) []uint32 {
	at := from % pageSize
	return p[from>>pageBits][at:min(at+to-from, pageSize)]
}

// copied is an array of which some pages are shared with another one.
type copied struct {
	pages
	own []bool // by page
}

// copyOf shares all pages.
func copyOf(p pages) copied { return copied{append(pages(nil), p...), make([]bool, len(p))} }

func (c copied) set(i, v uint32) {
	n := i >> pageBits
	if !c.own[n] {
		fresh := *c.pages[n]
		c.pages[n], c.own[n] = &fresh, true
	}
	c.pages[n][i%pageSize] = v
}
