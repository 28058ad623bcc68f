package zoning

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sought is an activity as people look for it.
type sought struct {
	activity *Activity
	// title are the words of its names, all also those of its group, other words
	// and codes.
	title, all []string
}

func soughtOf(a *Activity) sought {
	s := sought{activity: a, title: fold(a.Title.ID + " " + a.Title.EN)}
	s.all = append(fold(strings.Join(a.Also, " ")+" "+a.Group.ID+" "+a.Group.EN+" "+a.Code+" "+a.KBLI), s.title...)
	return s
}

// fold takes a text apart into words of lower-case letters without marks, and
// digits.
func fold(text string) []string {
	var b strings.Builder
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// The ranks of a word, from the best; wrongly spelled ones are behind.
const (
	exactWord = iota
	beginsWord
	insideWord
	nearWord
	nearBeginning
	noWord = 100
)

// Find returns the activities that a text speaks of, the best first and at most
// limit; each of its words must be in the activity's, at its beginning or
// inside, or with a letter or two wrong. A text without words finds all, in
// their order. It costs less than a millisecond for a few hundred activities.
func (x *Index) Find(text string, limit int) []*Activity {
	words := fold(text)
	type hit struct {
		*Activity
		rank, length int
	}
	var hits []hit
	for _, s := range x.sought {
		total := 0
		for _, w := range words {
			total += 2*rankOf(w, s.all) + min(rankOf(w, s.title), nearBeginning+1)
		}
		if total < noWord {
			hits = append(hits, hit{s.activity, total, len(s.title)})
		}
	}
	if len(words) > 0 {
		slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.length, b.length)) })
	}
	found := make([]*Activity, min(limit, len(hits)))
	for i := range found {
		found[i] = hits[i].Activity
	}
	return found
}

func rankOf(query string, words []string) int {
	best := noWord
	wrong := mistakes(query)
	for _, w := range words {
		switch {
		case w == query:
			return exactWord
		case strings.HasPrefix(w, query):
			best = min(best, beginsWord)
		case len(query) > 2 && strings.Contains(w, query):
			best = min(best, insideWord)
		case wrong == 0 || best <= nearWord:
		case distance(query, w, wrong) <= wrong:
			best = min(best, nearWord)
		case len(w) > len(query) && distance(query, w[:len(query)], wrong) <= wrong:
			best = min(best, nearBeginning)
		}
	}
	return best
}

// mistakes is how many letters may be wrong in a word of that length.
func mistakes(word string) int {
	switch {
	case len(word) < 4:
		return 0
	case len(word) < 7:
		return 1
	default:
		return 2
	}
}

// distance counts the letters to add, remove, replace or swap with the next so
// that a becomes b; above limit it is some number above limit. Letters are
// bytes: both are folded, and other scripts only come out as further apart.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
