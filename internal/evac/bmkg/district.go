package bmkg

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// District is a city or regency by the names that are written for it.
type District struct {
	// Province in full or shortened; empty matches every one.
	Province string
	// Names each with Kota or Kabupaten before it, or without.
	Names []string
}

// words are those of a name: in capitals, without accents and marks.
func words(name string) []string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '`':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// kinds of districts, by the words that say so.
var kinds = map[string]string{
	"KOTA": "KOTA", "KOTAMADYA": "KOTA", "KODYA": "KOTA", "KOTIF": "KOTA", "CITY": "KOTA",
	"KABUPATEN": "KAB", "KAB": "KAB", "KABUP": "KAB", "REGENCY": "KAB",
}

// split takes a name of a district apart: of which kind it is, if it says so, and
// its name in one word, without the part of it that is meant (bagian utara) or
// an island of it (pulau ...).
func split(name string) (kind, bare string) {
	all := words(name)
	if len(all) > 1 && kinds[all[0]] != "" {
		kind, all = kinds[all[0]], all[1:]
	}
	for i, w := range all {
		if i > 0 && slices.Contains([]string{"BAGIAN", "BAG", "BGN", "PESISIR", "PANTAI", "PULAU"}, w) {
			all = all[:i]
			break
		}
		if w == "KEP" && len(all) > 1 {
			all[i] = "KEPULAUAN"
		}
	}
	return kind, strings.Join(all, "")
}

// provinces by how they are written, without blanks.
var provinces = map[string]string{
	"NAD": "ACEH", "NANGGROEACEHDARUSSALAM": "ACEH", "DIACEH": "ACEH", "DAERAHISTIMEWAACEH": "ACEH",
	"SUMUT": "SUMATERAUTARA", "SUMBAR": "SUMATERABARAT", "SUMSEL": "SUMATERASELATAN", "SUMATRAUTARA": "SUMATERAUTARA",
	"SUMATRABARAT": "SUMATERABARAT", "SUMATRASELATAN": "SUMATERASELATAN",
	"KEPRI": "KEPULAUANRIAU", "BABEL": "KEPULAUANBANGKABELITUNG", "BANGKABELITUNG": "KEPULAUANBANGKABELITUNG",
	"JABAR": "JAWABARAT", "JATENG": "JAWATENGAH", "JATIM": "JAWATIMUR", "DKI": "DKIJAKARTA", "JAKARTA": "DKIJAKARTA", "DKJ": "DKIJAKARTA",
	"DIY": "DIYOGYAKARTA", "YOGYAKARTA": "DIYOGYAKARTA", "JOGJA": "DIYOGYAKARTA", "DAERAHISTIMEWAYOGYAKARTA": "DIYOGYAKARTA",
	"NTB": "NUSATENGGARABARAT", "NTT": "NUSATENGGARATIMUR",
	"KALBAR": "KALIMANTANBARAT", "KALTENG": "KALIMANTANTENGAH", "KALSEL": "KALIMANTANSELATAN", "KALTIM": "KALIMANTANTIMUR", "KALTARA": "KALIMANTANUTARA",
	"SULUT": "SULAWESIUTARA", "SULTENG": "SULAWESITENGAH", "SULSEL": "SULAWESISELATAN", "SULTRA": "SULAWESITENGGARA", "SULBAR": "SULAWESIBARAT",
	"MALUT": "MALUKUUTARA", "PABAR": "PAPUABARAT", "IRJABAR": "PAPUABARAT",
}

// known are the names of provinces that have no short one.
var known = []string{"ACEH", "RIAU", "JAMBI", "BENGKULU", "LAMPUNG", "BANTEN", "BALI", "GORONTALO", "MALUKU", "PAPUA", "PAPUASELATAN", "PAPUATENGAH", "PAPUAPEGUNUNGAN", "PAPUABARATDAYA"}

// province is the name in one word, and whether that is one.
func province(name string) (bare string, is bool) {
	all := words(name)
	if len(all) > 1 && slices.Contains([]string{"PROVINSI", "PROPINSI", "PROV", "PROP"}, all[0]) {
		all = all[1:]
	}
	bare = strings.Join(all, "")
	if long := provinces[bare]; long != "" {
		return long, true
	}
	for _, long := range provinces {
		if long == bare {
			return bare, true
		}
	}
	return bare, slices.Contains(known, bare)
}

// Matches tells whether a warning for a district, as BMKG writes it, is for this
// one: also where it is for a part or an island of it. Kota and Kabupaten of one
// name are two; where one side does not say which, it is meant. A province
// that nobody knows does not speak against it.
func (d District) Matches(prov, name string) bool {
	if d.Province != "" {
		ours, _ := province(d.Province)
		if theirs, is := province(prov); is && theirs != ours {
			return false
		}
	}
	kind, bare := split(name)
	whole := strings.Join(words(name), "") // Kotabaru is no Kota
	return bare != "" && slices.ContainsFunc(d.Names, func(own string) bool {
		k, b := split(own)
		return b == bare && (k == "" || kind == "" || k == kind) || b == whole
	})
}

// levels by their words, and how BMKG calls them in English.
var levels = map[string]string{"AWAS": "awas", "SIAGA": "siaga", "WASPADA": "waspada"}

var levelPattern = regexp.MustCompile(`(?i)\b(AWAS|SIAGA|WASPADA)\b`)

// level is the code of a level; empty where it cannot be read.
func level(text string) string { return levels[strings.ToUpper(levelPattern.FindString(text))] }

// grave orders levels: the higher the graver; 0 is not known.
func grave(level string) int {
	return slices.Index([]string{"", "waspada", "siaga", "awas"}, level)
}
