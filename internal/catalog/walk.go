package catalog

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// walk holds a YAML node against the Go type that it will be decoded into and
// notes the line of every path. The decoder's own strict mode knows neither
// paths nor empty values, and its messages speak of Go types.
func walk(f *faults, lines map[string]int, path string, n *yaml.Node, t reflect.Type) {
	if _, ok := lines[path]; !ok {
		lines[path] = n.Line
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		f.add(path, "declaration-anchor",
			"jangkar dan alias YAML (& dan *) tidak dipakai di sini; tulislah nilainya",
			"YAML anchors and aliases (& and *) are not used here; write the value out")
		return
	case n.Style&yaml.TaggedStyle != 0:
		f.add(path, "declaration-tag",
			"tag YAML (%s) tidak dipakai di sini; hapus tag itu", "YAML tags (%s) are not used here; remove the tag", n.Tag)
		return
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null":
		f.add(path, "declaration-empty-value",
			"nilainya kosong; isi atau hapus kuncinya (warna harus dalam tanda kutip: \"#RRGGBB\", sebab # memulai komentar)",
			"the value is empty; fill it in or remove the key (a colour needs quotes: \"#RRGGBB\", since # starts a comment)")
		return
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		walkMapping(f, lines, path, n, t)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			f.add(path, "declaration-kind", "di sini harus ada daftar (baris yang diawali \"- \")", "a list is needed here (lines that start with \"- \")")
			return
		}
		for i, c := range n.Content {
			walk(f, lines, fmt.Sprintf("%s[%d]", path, i), c, t.Elem())
		}
	default:
		walkScalar(f, path, n, t)
	}
}

func walkMapping(f *faults, lines map[string]int, path string, n *yaml.Node, t reflect.Type) {
	if n.Kind != yaml.MappingNode {
		f.add(path, "declaration-kind", "di sini harus ada pasangan kunci: nilai (%s)", "key: value pairs are needed here (%s)",
			strings.Join(keys(t), ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		at := strings.TrimPrefix(path+"."+k.Value, ".")
		member, ok := memberType(t, k)
		if !ok {
			lines[at] = k.Line
			f.add(at, "declaration-key", "kunci %q tidak dikenal; yang dikenal: %s", "unknown key %q; known keys: %s",
				k.Value, strings.Join(keys(t), ", "))
			continue
		}
		if seen[k.Value] {
			lines[at] = k.Line
			f.add(at, "declaration-key-twice", "kunci %q ditulis dua kali; hapus salah satu", "key %q is written twice; remove one", k.Value)
			continue
		}
		seen[k.Value] = true
		lines[at] = k.Line
		walk(f, lines, at, v, member)
	}
}

func walkScalar(f *faults, path string, n *yaml.Node, t reflect.Type) {
	if n.Kind != yaml.ScalarNode {
		f.add(path, "declaration-kind", "di sini harus ada satu nilai saja", "a single value is needed here")
		return
	}
	tag := n.ShortTag()
	switch t.Kind() {
	case reflect.String:
	case reflect.Bool:
		if tag != "!!bool" {
			f.add(path, "declaration-boolean", "%q bukan true atau false", "%q is not true or false", n.Value)
		}
	case reflect.Int:
		if _, err := strconv.Atoi(n.Value); tag != "!!int" || err != nil {
			f.add(path, "declaration-integer", "%q bukan bilangan bulat", "%q is not a whole number", n.Value)
		}
	case reflect.Float64:
		v, err := strconv.ParseFloat(n.Value, 64)
		if tag != "!!int" && tag != "!!float" || err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			f.add(path, "declaration-number", "%q bukan bilangan; pecahan ditulis dengan titik, misalnya 0.5",
				"%q is not a number; write fractions with a point, such as 0.5", n.Value)
		}
	default:
		panic(fmt.Sprintf("catalog: %s has a type that declarations do not use: %s", path, t))
	}
}

// memberType is the type of what stands under a key; false where the key is
// none.
func memberType(t reflect.Type, key *yaml.Node) (reflect.Type, bool) {
	if key.Kind != yaml.ScalarNode {
		return nil, false
	}
	if t.Kind() == reflect.Map {
		// The keys are a planner's own, such as codes: no null, no merge, no tag.
		plain := key.Style&yaml.TaggedStyle == 0 && key.Anchor == "" && key.ShortTag() != "!!null" && key.ShortTag() != "!!merge"
		return t.Elem(), plain && key.Value != ""
	}
	return memberOf(t, key.Value)
}

func memberOf(t reflect.Type, key string) (reflect.Type, bool) {
	for i := range t.NumField() {
		m := t.Field(i)
		if inlined(m) {
			if found, ok := memberOf(m.Type, key); ok {
				return found, true
			}
		} else if yamlKey(m) == key {
			return m.Type, true
		}
	}
	return nil, false
}

// keys lists the YAML keys of a struct in order; a map takes any.
func keys(t reflect.Type) []string {
	if t.Kind() == reflect.Map {
		return []string{"..."}
	}
	var all []string
	for i := range t.NumField() {
		if m := t.Field(i); inlined(m) {
			all = append(all, keys(m.Type)...)
		} else {
			all = append(all, yamlKey(m))
		}
	}
	return all
}

// inlined reports whether the members of a struct stand among those around it.
func inlined(m reflect.StructField) bool { return strings.HasSuffix(m.Tag.Get("yaml"), ",inline") }

func yamlKey(m reflect.StructField) string {
	key, _, _ := strings.Cut(m.Tag.Get("yaml"), ",")
	return key
}
