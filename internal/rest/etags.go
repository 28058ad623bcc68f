package rest

import (
	"net/http"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// ETags is what If-Match or If-None-Match lists (RFC 9110, 8.8.3).
type ETags struct {
	// Any is the asterisk: whatever there is.
	Any bool
	// Strong are the strong tags without quotes and the mark of the gzipped form.
	Strong []string
	// Weak are the weak ones, which never match in If-Match.
	Weak []string
}

// ParseETags reads the values of the header called name. What is no list of
// tags is Invalid; ok is false where the header is not there.
func ParseETags(h http.Header, name string) (tags ETags, ok bool, err error) {
	values, ok := h[http.CanonicalHeaderKey(name)]
	if !ok {
		return tags, false, nil
	}
	bad := &plan.Error{Kind: plan.Invalid, Code: "invalid-header", At: name, Message: plan.Text{
		ID: "Isi " + name + ` tidak sah. Contoh: ` + name + `: "3-abc", "4-def" atau ` + name + ": *",
		EN: "The value of " + name + ` is not valid. Example: ` + name + `: "3-abc", "4-def" or ` + name + ": *",
	}}
	rest := strings.Join(values, ",")
	if strings.TrimSpace(rest) == "*" {
		return ETags{Any: true}, true, nil
	}
	some := false
	for {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" {
			break
		}
		if rest[0] != ',' { // the list may have empty elements
			tag, weak, after, ok := cutETag(rest)
			if !ok {
				return ETags{}, true, bad
			}
			some, rest = true, strings.TrimLeft(after, " \t")
			if weak {
				tags.Weak = append(tags.Weak, tag)
			} else {
				tags.Strong = append(tags.Strong, strings.TrimSuffix(tag, GzipSuffix))
			}
		}
		if rest == "" {
			break
		}
		if rest[0] != ',' {
			return ETags{}, true, bad
		}
		rest = rest[1:]
	}
	if !some {
		return ETags{}, true, bad
	}
	return tags, true, nil
}

// cutETag takes one tag off the front of s.
func cutETag(s string) (tag string, weak bool, rest string, ok bool) {
	s, weak = strings.CutPrefix(s, "W/")
	s, ok = strings.CutPrefix(s, `"`)
	if !ok {
		return "", false, "", false
	}
	tag, rest, ok = strings.Cut(s, `"`)
	for _, c := range []byte(tag) {
		ok = ok && c > ' ' && c != 0x7f
	}
	return tag, weak, rest, ok
}
