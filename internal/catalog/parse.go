package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/simtaru/simtaru/internal/plan"
)

// maxSize is the size in bytes above which a declaration is not read.
const maxSize = 1 << 20

// ParseLayer reads one layer from YAML and checks everything that can be
// checked without the rest of the catalogue. Each fault is a *plan.Error whose
// At is "line: path".
func ParseLayer(text []byte) (*plan.Layer, error) {
	l := new(plan.Layer)
	if err := parse(text, l, func(f *faults) { checkLayer(f, l) }); err != nil {
		return nil, err
	}
	return l, nil
}

// ParseCodeList reads one version of a code list from YAML, like ParseLayer.
func ParseCodeList(text []byte) (*plan.CodeList, error) {
	l := new(plan.CodeList)
	if err := parse(text, l, func(f *faults) { checkList(f, l) }); err != nil {
		return nil, err
	}
	return l, nil
}

// ParseCoverage reads one coverage from YAML, like ParseLayer.
func ParseCoverage(text []byte) (*plan.Coverage, error) {
	c := new(plan.Coverage)
	if err := parse(text, c, func(f *faults) { checkCoverage(f, c) }); err != nil {
		return nil, err
	}
	return c, nil
}

// ParseIndicator reads one indicator from YAML, like ParseLayer.
func ParseIndicator(text []byte) (*plan.Indicator, error) {
	i := new(plan.Indicator)
	if err := parse(text, i, func(f *faults) { checkIndicator(f, i) }); err != nil {
		return nil, err
	}
	return i, nil
}

// ParseDefinition reads an indicator or a coverage, whichever the text is by
// its keys; the other one is nil.
func ParseDefinition(text []byte) (*plan.Coverage, *plan.Indicator, error) {
	root, err := document(text)
	if err != nil {
		return nil, nil, err
	}
	for i := 0; i < len(root.Content); i += 2 {
		switch root.Content[i].Value {
		case "kind", "explanation", "unit":
			indicator, err := ParseIndicator(text)
			return nil, indicator, err
		}
	}
	coverage, err := ParseCoverage(text)
	return coverage, nil, err
}

// parse decodes text into a pointer to a struct; check runs on what was
// decoded, if its shape was right.
func parse(text []byte, into any, check func(*faults)) error {
	root, err := document(text)
	if err != nil {
		return err
	}
	lines := map[string]int{}
	f := &faults{
		line: func(path string) int { return lineOf(lines, path) },
		at: func(path string) string {
			return strings.TrimSuffix(fmt.Sprintf("%d: %s", lineOf(lines, path), path), ": ")
		},
	}
	walk(f, lines, "", root, reflect.TypeOf(into).Elem())
	if err := f.err(); err != nil {
		return err
	}
	if err := root.Decode(into); err != nil {
		return syntax(err)
	}
	check(f)
	return f.err()
}

// document returns the root of the only YAML document in text.
func document(text []byte) (*yaml.Node, error) {
	if len(text) > maxSize {
		return nil, &plan.Error{Kind: plan.TooLarge, Code: "declaration-too-large", Message: plan.Text{
			ID: fmt.Sprintf("deklarasi lebih besar dari %d bita", maxSize),
			EN: fmt.Sprintf("the declaration is larger than %d bytes", maxSize),
		}}
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "declaration-empty", At: "1", Message: plan.Text{
			ID: "berkas ini kosong; tulislah satu deklarasi di dalamnya",
			EN: "the file is empty; write one declaration into it",
		}}
	}
	if err != nil {
		return nil, syntax(err)
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, syntax(err)
		}
		return nil, &plan.Error{
			Kind: plan.Unprocessable, Code: "declaration-many", At: strconv.Itoa(more.Line),
			Message: plan.Text{
				ID: "ada deklarasi kedua setelah \"---\"; satu berkas hanya memuat satu deklarasi",
				EN: "a second declaration follows \"---\"; a file holds one declaration only",
			},
		}
	}
	return doc.Content[0], nil
}

// syntax puts a fault of the YAML parser into a person's words. The parser's
// own sentence stays in it, since it says what was found.
func syntax(err error) error {
	what, line := strings.TrimPrefix(err.Error(), "yaml: "), ""
	if m := regexp.MustCompile(`line (\d+): `).FindStringSubmatchIndex(what); m != nil {
		line, what = what[m[2]:m[3]], what[:m[0]]+what[m[1]:]
	}
	return &plan.Error{Kind: plan.Unprocessable, Code: "declaration-syntax", At: line, Message: plan.Text{
		ID: fmt.Sprintf("bukan YAML yang benar (%s); periksa lekukan, titik dua dan tanda kutip", strings.TrimSpace(what)),
		EN: fmt.Sprintf("not valid YAML (%s); check indentation, colons and quotes", strings.TrimSpace(what)),
	}}
}

// lineOf returns the line of a path, or of the nearest thing around it that
// was written: what is missing has no line of its own.
func lineOf(lines map[string]int, path string) int {
	for {
		if n, ok := lines[path]; ok {
			return n
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return max(1, lines[""])
		}
		path = path[:i]
	}
}
