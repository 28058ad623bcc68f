package plan

// Lang is a language that the service speaks to people.
type Lang string

// The languages; Indonesian is the first one everywhere.
const (
	Indonesian Lang = "id"
	English    Lang = "en"
)

// Text is a sentence or title in both languages.
type Text struct {
	ID string `yaml:"id" json:"id"`
	EN string `yaml:"en" json:"en"`
}

// In returns the text in lang, and the other language where that one is
// missing: half a translation is better than none.
func (t Text) In(lang Lang) string {
	if (lang == English && t.EN != "") || t.ID == "" {
		return t.EN
	}
	return t.ID
}

// IsZero reports whether the text is empty in both languages.
func (t Text) IsZero() bool { return t.ID == "" && t.EN == "" }
