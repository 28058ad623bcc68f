package cch

import "cmp"

// heap is a binary one: the least value comes out first.
type heap[T cmp.Ordered] []T

func (h *heap[T]) push(x T) {
	s := append(*h, x)
	i := len(s) - 1
	for i > 0 && s[(i-1)/2] > x {
		s[i] = s[(i-1)/2]
		i = (i - 1) / 2
	}
	s[i] = x
	*h = s
}

func (h *heap[T]) pop() T {
	s := *h
	least, x := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	if len(s) == 0 {
		return least
	}
	i := 0
	for under := 1; under < len(s); under = 2*i + 1 {
		if under+1 < len(s) && s[under+1] < s[under] {
			under++
		}
		if x <= s[under] {
			break
		}
		s[i] = s[under]
		i = under
	}
	s[i] = x
	return least
}
