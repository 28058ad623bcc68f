package cch

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Reorder makes an order of g out of the one of a graph that an edit changed
// into g: now[v] is what node v of the old graph is called in g, None where it
// is gone. Nodes that are still there keep their order. A new one that has such
// a neighbour comes just before the lowest of them; the others, which only know
// new nodes, are dissected for themselves and come first of all.
//
// It costs some 5 ms of one core for Luxembourg. Where more than one node in
// twenty is new it is NewOrder. Arcs that lead past old cuts make the hierarchy
// grow a little with each edit: make a new order at leisure after many.
func Reorder(g Graph, at []orb.Point, old Order, now []uint32) (Order, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	n := g.Nodes()
	if len(now) != len(old) || len(at) != n {
		return nil, fmt.Errorf("%d new names for %d nodes, %d coordinates for %d", len(now), len(old), len(at), n)
	}
	kept := make([]uint32, n) // the old rank; None: new
	for v := range kept {
		kept[v] = None
	}
	for rank, v := range old {
		if v >= uint32(len(now)) {
			return nil, fmt.Errorf("old order of %d nodes has node %d", len(old), v)
		}
		w := now[v]
		if w == None {
			continue
		}
		if w >= uint32(n) || kept[w] != None {
			return nil, fmt.Errorf("old node %d is now %d, which is unknown or taken", v, w)
		}
		kept[w] = uint32(rank)
	}
	border, inner := strangers(g.neighbours(), kept)
	if len(border)+len(inner) > n/20 {
		return NewOrder(g, at)
	}
	order, err := orderAmong(g, at, inner)
	if err != nil {
		return nil, err
	}
	for rank, v := range old {
		for ; len(border) > 0 && border[0].before == uint32(rank); border = border[1:] {
			order = append(order, border[0].node)
		}
		if w := now[v]; w != None {
			order = append(order, w)
		}
	}
	return order, nil
}

type stranger struct{ node, before uint32 }

// strangers returns new nodes: those with a kept neighbour, in the order of the
// lowest ones, and those without.
func strangers(near Graph, kept []uint32) (border []stranger, inner []uint32) {
	for v := range uint32(len(kept)) {
		if kept[v] != None {
			continue
		}
		before := None
		for _, w := range near.Head[near.FirstOut[v]:near.FirstOut[v+1]] {
			before = min(before, kept[w]) // None is the highest
		}
		if before == None {
			inner = append(inner, v)
		} else {
			border = append(border, stranger{v, before})
		}
	}
	slices.SortStableFunc(border, func(a, b stranger) int { return cmp.Compare(a.before, b.before) })
	return border, inner
}

// orderAmong orders some of the nodes, as if there were no others.
func orderAmong(g Graph, at []orb.Point, nodes []uint32) (Order, error) {
	name := make([]uint32, g.Nodes()) // from 1
	for i, v := range nodes {
		name[v] = uint32(i) + 1
	}
	sub := Graph{FirstOut: []uint32{0}}
	points := make([]orb.Point, len(nodes))
	for i, v := range nodes {
		points[i] = at[v]
		for _, w := range g.Head[g.FirstOut[v]:g.FirstOut[v+1]] {
			if name[w] > 0 {
				sub.Head = append(sub.Head, name[w]-1)
			}
		}
		sub.FirstOut = append(sub.FirstOut, uint32(len(sub.Head)))
	}
	order, err := NewOrder(sub, points)
	for i, v := range order {
		order[i] = nodes[v]
	}
	return order, err
}
