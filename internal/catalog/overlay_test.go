package catalog

import (
	"errors"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

func TestOverlayOfALayer(t *testing.T) {
	const overlay = "\noverlay:\n  sentence: {id: \"Taman {name}.\", en: \"Park {name}, open: {open}.\"}\n  where: {name: [A, B]}\n"
	l, err := ParseLayer([]byte(park + overlay))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(l.Overlay.Fields(), " "); got != "name open" || len(l.Overlay.Where["name"]) != 2 {
		t.Errorf("%q %v", got, l.Overlay)
	}
	points := strings.NewReplacer("geometry: MultiPolygon", "geometry: Point", "topology: {no_overlap: true, tolerance_m2: 1}\n", "").Replace(park)
	if _, err := ParseLayer([]byte(points + overlay + "  within: 20\n")); err != nil {
		t.Error(err)
	}
	for text, want := range map[string]string{
		park + strings.Replace(overlay, "{open}", "{nothing}", 1):          "declaration-field-unknown",
		park + strings.Replace(overlay, "name: [A", "area: [A", 1):         "declaration-overlay",
		park + strings.Replace(overlay, "name: [A, B]", "name: []", 1):     "declaration-overlay",
		park + overlay + "  within: 20\n":                                  "declaration-overlay",
		points + overlay:                                                   "declaration-overlay",
		points + overlay + "  within: 1001\n":                              "declaration-overlay",
		park + strings.Replace(overlay, `, en: "Park {name}, open`, ``, 1): "",
	} {
		_, err := ParseLayer([]byte(text))
		var p *plan.Error
		if !errors.As(err, &p) || want != "" && p.Code != want {
			t.Errorf("%v, wanted %s", err, want)
		}
	}
}

func TestLegalOfALayer(t *testing.T) {
	for text, want := range map[string]string{
		"\nlegal:\n  - {document: Qanun 1, article: Pasal 2, link: \"https://example.org/1\", status: in_force}\n  - {document: Perwal 3}\n": "",
		"\nlegal:\n  - {article: Pasal 2}\n":                           "declaration-legal",
		"\nlegal:\n  - {document: Qanun 1, link: \"javascript:x\"}\n":  "declaration-legal",
		"\nlegal:\n  - {document: Qanun 1, status: old}\n":             "declaration-choice",
		"\nlegal:\n" + strings.Repeat("  - {document: Qanun 1}\n", 21): "declaration-legal",
	} {
		for _, declared := range []string{park + text, strings.Replace(park, "  - name: name\n", "  - name: name\n    "+strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ")+"\n", 1)} {
			l, err := ParseLayer([]byte(declared))
			var p *plan.Error
			if want == "" {
				if err != nil || len(l.Legal) != 2 && len(l.Fields[0].Legal) != 2 {
					t.Errorf("%v %+v", err, l)
				}
			} else if !errors.As(err, &p) || p.Code != want {
				t.Errorf("%v, wanted %s", err, want)
			}
		}
	}
}
