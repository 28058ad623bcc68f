package httpd

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/unicode/norm"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits of a search.
const (
	maxSearchText  = 100 // characters
	searchLimit    = 10
	maxSearchLimit = 50
)

// finder searches the features of the layers that declare a search field. Its
// index of a layer is made from the snapshot when it is first asked after a
// change, in some milliseconds for a city; a search then looks at every name,
// well below a millisecond for ten thousand.
type finder struct {
	mu    sync.Mutex // guards index, and lets one request build it
	index map[string]layerIndex
}

type layerIndex struct {
	of    *mirror.Snapshot
	names []named
}

// named is one name and where it is.
type named struct {
	key   string // folded: what is compared
	bare  string // key without the words for a kind of place
	name  string
	id    int64
	bound orb.Bound
	has   bool // has a geometry
}

func newFinder() *finder { return &finder{index: map[string]layerIndex{}} }

// layer returns the index of a layer, made anew where the snapshot is another.
// It is the same for everybody: who may read the layer is asked before.
func (f *finder) layer(snap *mirror.Snapshot) []named {
	id := snap.Layer().ID
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := f.index[id]; at.of == snap {
		return at.names
	}
	x := layerIndex{of: snap, names: indexOf(snap)}
	f.index[id] = x
	return x.names
}

// indexOf lists the names of a snapshot. The pieces of a line that share a name
// (a street is many) are one entry with a box around them all.
func indexOf(snap *mirror.Snapshot) []named {
	l := snap.Layer()
	field := l.FieldIndex(l.Search)
	if field < 0 {
		return nil
	}
	var out []named
	at := map[string]int{}
	snap.Ascend(1, func(m *mirror.Feature) bool {
		name, _ := m.Values[field].(string)
		if strings.TrimSpace(name) == "" {
			return true
		}
		if i, ok := at[name]; ok && l.Geometry == plan.MultiLineString {
			if m.Geometry != nil {
				out[i].extend(m.Bound)
			}
			return true
		}
		at[name] = len(out)
		key := fold(name)
		n := named{key: key, bare: core(key), name: name, id: m.ID}
		if m.Geometry != nil {
			n.extend(m.Bound)
		}
		out = append(out, n)
		return true
	})
	return out
}

func (n *named) extend(b orb.Bound) {
	if !n.has {
		n.bound, n.has = b, true
		return
	}
	n.bound = n.bound.Union(b)
}

// fold makes names comparable: lower case, no marks on letters, punctuation as
// spaces, doubled letters once (Keudah, Keuddah), and the kinds of place that
// people abbreviate or leave out written one way.
func fold(s string) string {
	var b strings.Builder
	space := true
	last := rune(0)
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '`':
		case unicode.IsLetter(r):
			r = unicode.ToLower(r)
			if r != last || space {
				b.WriteRune(r)
			}
			last, space = r, false
		case unicode.IsDigit(r):
			b.WriteRune(r)
			last, space = 0, false
		default:
			if !space {
				b.WriteByte(' ')
			}
			last, space = 0, true
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		if full, ok := abbreviation(w); ok {
			words[i] = full
		}
	}
	return strings.Join(words, " ")
}

// abbreviation writes out what people shorten in Indonesian and Acehnese
// addresses. The words are folded already.
func abbreviation(w string) (string, bool) {
	switch w {
	case "gp", "gampong", "gampoeng", "kampung", "kp", "desa", "ds", "kelurahan", "kel":
		return "gampong", true
	case "kec", "kecamatan":
		return "kecamatan", true
	case "jl", "jln", "jalan":
		return "jalan", true
	case "rs":
		return "rumah sakit", true
	default:
		return "", false
	}
}

// kinds are the words that say what a place is rather than its name.
func isKind(w string) bool { return w == "gampong" || w == "kecamatan" || w == "jalan" }

// core is a folded name without words for the kind of place, unless that is
// all there is.
func core(key string) string {
	words := strings.Fields(key)
	kept := slices.DeleteFunc(slices.Clone(words), isKind)
	if len(kept) == 0 {
		return key
	}
	return strings.Join(kept, " ")
}

// rank says how well a name answers a query, both folded: lower is better, -1
// not at all.
func rank(n named, query, queryCore string) int {
	key, bare := n.key, n.bare
	switch {
	case key == query:
		return 0
	case bare == queryCore:
		return 1
	case strings.HasPrefix(key, query), strings.HasPrefix(bare, queryCore):
		return 2
	}
	switch i := strings.Index(bare, queryCore); {
	case i < 0:
		return -1
	case strings.Contains(bare, " "+queryCore):
		return 3
	default:
		return 4
	}
}

type searchBody struct {
	Results []searchResult `json:"results"`
}

type searchResult struct {
	Layer string `json:"layer"`
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	// Detail says what it is: the title of its layer.
	Detail string      `json:"detail"`
	BBox   *[4]float64 `json:"bbox,omitempty"`
	Center *orb.Point  `json:"center,omitempty"`
}

// search is GET /api/v1/search?q=...: named places, best first.
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "q", "lang", "limit")
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	limit, err := p.Int("limit", searchLimit, 1, maxSearchLimit)
	if err != nil {
		return err
	}
	lang := rest.Language(r)
	if v, ok := p.Get("lang"); ok {
		if lang = plan.Lang(v); lang != plan.Indonesian && lang != plan.English {
			return rest.Invalid("lang", plan.Text{ID: "Bahasa yang tersedia: id, en.", EN: "Available languages: id, en."})
		}
	}
	q := p.Value("q")
	if q == "" || utf8.RuneCountInString(q) > maxSearchText {
		return rest.Invalid("q", plan.Text{
			ID: "Tulis nama yang dicari, paling panjang 100 huruf.", EN: "Give the name to look for, at most 100 characters.",
		})
	}
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	body := searchBody{Results: s.finder.find(s.see(r), q, limit, lang)}
	return rest.WriteJSON(w, r, rest.Body{Lang: string(lang)}, body)
}

// find returns the best matches of q in all layers of the view.
func (f *finder) find(v mirror.View, q string, limit int, lang plan.Lang) []searchResult {
	query := fold(q)
	queryCore := core(query)
	out := []searchResult{}
	if query == "" {
		return out
	}
	type hit struct {
		named
		layer *plan.Layer
		rank  int
	}
	var hits []hit
	for _, l := range v.Layers() {
		snap, ok := v.Snapshot(l.ID)
		if l.Search == "" || !ok {
			continue
		}
		for _, n := range f.layer(snap) {
			if k := rank(n, query, queryCore); k >= 0 {
				hits = append(hits, hit{n, l, k})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		if d := len(a.key) - len(b.key); d != 0 {
			return d
		}
		return strings.Compare(a.key, b.key)
	})
	for _, h := range hits[:min(limit, len(hits))] {
		r := searchResult{Layer: h.layer.ID, ID: h.id, Name: h.name, Detail: h.layer.Title.In(lang)}
		if h.has {
			c := h.bound.Center()
			r.BBox = &[4]float64{h.bound.Min[0], h.bound.Min[1], h.bound.Max[0], h.bound.Max[1]}
			r.Center = &c
		}
		out = append(out, r)
	}
	return out
}
