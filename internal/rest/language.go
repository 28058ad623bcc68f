package rest

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"github.com/simtaru/simtaru/internal/plan"
)

// maxNegotiation bounds the headers that are parsed to choose a language or a
// media type, in bytes; a longer one is treated as absent.
const maxNegotiation = 1000

// Language chooses the language of an answer by Accept-Language: the first of
// the reader's languages that the service speaks, Indonesian where there is
// none. Malay readers get Indonesian.
func Language(r *http.Request) plan.Lang {
	header := r.Header.Get("Accept-Language")
	if header == "" || len(header) > maxNegotiation {
		return plan.Indonesian
	}
	tags, q, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return plan.Indonesian
	}
	for i, tag := range tags {
		if q[i] == 0 {
			continue
		}
		switch base, _ := tag.Base(); base.String() {
		case "id", "in", "ms":
			return plan.Indonesian
		case "en":
			return plan.English
		}
	}
	return plan.Indonesian
}

// AskedLanguage is that of the parameter lang, or else Language.
func AskedLanguage(r *http.Request, p Params) (plan.Lang, error) {
	v, ok := p.Get("lang")
	switch lang := plan.Lang(v); {
	case !ok:
		return Language(r), nil
	case lang != plan.Indonesian && lang != plan.English:
		return "", Invalid("lang", plan.Text{ID: "Bahasa yang tersedia: id, en.", EN: "Available languages: id, en."})
	default:
		return lang, nil
	}
}

// AddVary adds names to Vary that it does not hold yet.
func AddVary(h http.Header, names ...string) {
	for _, name := range names {
		present := false
		for _, v := range h["Vary"] {
			if strings.Contains(v, name) && holds(v, name) {
				present = true
				break
			}
		}
		if !present {
			h.Add("Vary", name)
		}
	}
}

// holds reports whether a comma-separated header value has the member name.
func holds(list, name string) bool {
	for part := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(part), name) {
			return true
		}
	}
	return false
}
