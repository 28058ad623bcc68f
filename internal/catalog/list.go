package catalog

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

const (
	maxCode  = 60
	maxCodes = 10_000
)

// checkList checks one version of a code list by itself.
func checkList(f *faults, l *plan.CodeList) {
	identifier(f, "id", l.ID)
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`).MatchString(l.Version) {
		f.add("version", "declaration-version", "%q bukan versi; misalnya \"2021\" atau \"1\"", "%q is not a version; such as \"2021\" or \"1\"", l.Version)
	}
	bilingual(f, "title", l.Title, maxTitle)
	if strings.TrimSpace(l.Source) == "" {
		f.add("source", "declaration-source", "tulis asal daftar ini: peraturan, transkripsi, atau bahwa ini pilihan sendiri",
			"say where the list comes from: a regulation, a transcription, or a choice of one's own")
	} else {
		plain(f, "source", l.Source, maxDescription)
	}
	if len(l.Codes) == 0 || len(l.Codes) > maxCodes {
		f.add("codes", "declaration-codes", "daftar ini punya %d kode; harus 1 sampai %d", "this list has %d codes; 1 to %d are needed", len(l.Codes), maxCodes)
	}
	first := map[string]int{}
	for i, c := range l.Codes {
		path := fmt.Sprintf("codes[%d]", i)
		if !isCode(c.Code) {
			f.add(path+".code", "declaration-code", "%q bukan kode: harus 1 sampai %d huruf tanpa spasi di tepi", "%q is not a code: 1 to %d characters, no space at its ends",
				c.Code, maxCode)
		}
		if j, ok := first[c.Code]; ok {
			f.add(path+".code", "declaration-code-twice", "kode %q sudah ada pada urutan %d", "code %q stands at position %d already", c.Code, j+1)
		} else {
			first[c.Code] = i
		}
		bilingual(f, path+".title", c.Title, maxTitle)
		colour(f, path+".color", c.Color)
		if c.Group != "" && !isCode(c.Group) {
			f.add(path+".group", "declaration-code", "%q bukan kode", "%q is not a code", c.Group)
		}
		plain(f, path+".note", c.Note, maxDescription)
	}
}

func isCode(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && utf8.RuneCountInString(s) <= maxCode &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
