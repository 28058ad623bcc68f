package zoning

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

var (
	plainNumber    = regexp.MustCompile(`^-?[0-9]+([.,][0-9]+)?$`)
	groupedNumber  = regexp.MustCompile(`^-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?$|^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)
	doubtfulNumber = regexp.MustCompile(`^-?[1-9][0-9]{0,2}[.,][0-9]{3}$`)
)

// parseNumber reads a number with a decimal comma or point, and with groups of
// thousands where they cannot be taken for decimals: 1.234,5 and 1.234.567 are
// read, 1.234 is refused since it is 1234 in one office and 1.234 in another.
func parseNumber(text string) (float64, *plan.Text) {
	text = strings.TrimSpace(text)
	switch {
	case doubtfulNumber.MatchString(text):
		digits := strings.NewReplacer(".", "", ",", "").Replace(text)
		return 0, &plan.Text{
			ID: "dapat dibaca sebagai ribuan atau pecahan; tulis " + digits + " atau " + text + "0",
			EN: "can be read as thousands or as decimals; write " + digits + " or " + text + "0",
		}
	case plainNumber.MatchString(text):
		text = strings.Replace(text, ",", ".", 1)
	case groupedNumber.MatchString(text):
		last := strings.LastIndexAny(text, ".,")
		mark := text[last : last+1]
		if strings.Count(text, mark) > 1 { // groups only
			text = strings.ReplaceAll(text, mark, "")
		} else {
			text = strings.NewReplacer(".", "", ",", "").Replace(text[:last]) + "." + text[last+1:]
		}
	default:
		return 0, &plan.Text{ID: "bukan bilangan; tulis misalnya 1,5 atau 1.5", EN: "not a number; write 1.5 or 1,5 for instance"}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, &plan.Text{ID: "bilangan terlalu besar", EN: "the number is too large"}
	}
	return v, nil
}
