package catalog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

// Limits of a declaration. Identifiers stay well under PostgreSQL's 63 bytes,
// since names of constraints and triggers are made from them.
const (
	maxIdentifier  = 40
	maxTitle       = 120
	maxDescription = 2000
	maxFields      = 200
	maxClasses     = 200
	maxTextLength  = 100_000
	maxMapZoom     = 22 // MapLibre's highest
)

// identifier checks a name that becomes a table, column, URL segment or tile
// layer.
func identifier(f *faults, path, name string) {
	ok := name != "" && len(name) <= maxIdentifier && name[0] >= 'a' && name[0] <= 'z'
	for _, r := range name {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_')
	}
	if !ok {
		f.add(path, "declaration-identifier",
			"%q bukan nama yang sah; pakai huruf kecil a-z, angka dan garis bawah, diawali huruf, paling panjang %d",
			"%q is not a valid name; use lower-case a-z, digits and underscores, starting with a letter, %d at most",
			name, maxIdentifier)
	}
}

// reserved says what already uses a field's name; nil when it is free.
func reserved(name string) *plan.Text {
	switch name {
	case "id", "geom", "geometry", "revision", "updated_at", "updated_by", "read_revision":
		return &plan.Text{ID: "setiap tabel sudah mempunyainya", EN: "every table has it already"}
	case "valid_from", "valid_to", "valid_until", "op", "txid":
		return &plan.Text{
			ID: "tabel riwayat memakainya; untuk masa berlaku pakai misalnya starts_at dan ends_at",
			EN: "the history tables use it; for a period use starts_at and ends_at, say",
		}
	case "bbox", "crs", "datetime", "limit", "offset", "after", "cursor", "f", "lang", "filter",
		"properties", "sortby", "q", "profile", "skipgeometry", "token":
		return &plan.Text{ID: "parameter pada alamat layanan memakainya", EN: "a parameter of the service's addresses uses it"}
	case "tableoid", "ctid", "xmin", "xmax", "cmin", "cmax":
		return &plan.Text{ID: "PostgreSQL memakainya", EN: "PostgreSQL uses it"}
	}
	return nil
}

// bilingual checks a text that people read in both languages.
func bilingual(f *faults, path string, t plan.Text, limit int) {
	oneLanguage(f, path+".id", "Indonesia", "Indonesian", t.ID, limit)
	oneLanguage(f, path+".en", "Inggris", "English", t.EN, limit)
}

// optional checks a text that may be left out in both languages, not in one.
func optional(f *faults, path string, t plan.Text, limit int) {
	if !t.IsZero() {
		bilingual(f, path, t, limit)
	}
}

func oneLanguage(f *faults, path, bahasa, language, s string, limit int) {
	if strings.TrimSpace(s) == "" {
		f.add(path, "declaration-text-missing",
			"teks bahasa %[1]s belum ada; tulislah, sebab peta berbicara dua bahasa",
			"the text in %[2]s is missing; write it, since the map speaks both languages", bahasa, language)
		return
	}
	plain(f, path, s, limit)
}

// plain checks a text that is printed as it is: not padded, no control
// characters, not too long.
func plain(f *faults, path, s string, limit int) {
	if s != strings.TrimSpace(s) || strings.ContainsFunc(s, unicode.IsControl) {
		f.add(path, "declaration-text", "%q diawali atau diakhiri spasi, atau memuat baris baru; hapuslah",
			"%q starts or ends with a space, or holds a line break; remove it", s)
	}
	if n := utf8.RuneCountInString(s); n > limit {
		f.add(path, "declaration-text-long", "teks ini %d huruf; paling panjang %d", "this text has %d characters; %d at most", n, limit)
	}
}

// oneOf checks a value against the members of its type.
func oneOf[T ~string](f *faults, path string, v T, members []T) bool {
	if slices.Contains(members, v) {
		return true
	}
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = string(m)
	}
	f.add(path, "declaration-choice", "%q tidak dikenal; pilih salah satu: %s", "%q is not known; choose one of: %s",
		string(v), strings.Join(names, ", "))
	return false
}

func colour(f *faults, path, c string) {
	if c == "" {
		return
	}
	ok := len(c) == 7 && c[0] == '#'
	for _, r := range c[1:] {
		ok = ok && strings.ContainsRune("0123456789abcdefABCDEF", r)
	}
	if !ok {
		f.add(path, "declaration-colour", "%q bukan warna; tulis #RRGGBB dalam tanda kutip, misalnya \"#97DBF2\"",
			"%q is not a colour; write #RRGGBB in quotes, such as \"#97DBF2\"", c)
	}
}

// between checks a number that may be left out; NaN is outside everything.
func between(f *faults, path string, v *float64, low, high float64) {
	if v != nil && !(*v >= low && *v <= high) {
		f.add(path, "declaration-range", "%[1]v di luar %[2]v sampai %[3]v", "%[1]v is outside %[2]v to %[3]v", *v, low, high)
	}
}
