package bmkg

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of a document: those of BMKG have some thousand elements.
const (
	mostBytes = 8 << 20
	mostNodes = 200_000
	mostDepth = 32
	mostText  = 64 << 10
)

// node is an element of XML or a member of JSON. A list in JSON is so many
// nodes of one name, as it is in XML.
type node struct {
	name string // in lower case, without a namespace
	text string
	raw  []byte // of text, until the element ends
	kids []*node
}

// get is the text of the first child that has any, of these names.
func (n *node) get(names ...string) string {
	for _, name := range names {
		for _, k := range n.kids {
			if k.name == name && k.text != "" {
				return k.text
			}
		}
	}
	return ""
}

// all are the nodes of a name, at whatever depth, in their order. Those inside
// one are its own.
func (n *node) all(names ...string) (found []*node) {
	for _, k := range n.kids {
		if slices.Contains(names, k.name) {
			found = append(found, k)
		} else {
			found = append(found, k.all(names...)...)
		}
	}
	return found
}

// read makes a tree of a document. With an error the tree is what could be read
// before it.
func read(data []byte) (*node, error) {
	data = bytes.TrimSpace(utf8Of(data))
	switch {
	case len(data) > 0 && (data[0] == '{' || data[0] == '['):
		return readJSON(data)
	case len(data) > 0 && data[0] == '<':
		return readXML(data)
	}
	return &node{}, errors.New("neither XML nor JSON")
}

// utf8Of decodes text of whatever encoding. What it says of its own is not
// relied upon: UTF-16 shows in its first bytes, and what is not UTF-8 is
// taken for Latin 1, in which any byte is a letter.
func utf8Of(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return utf8Of(data[3:])
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}), bytes.HasPrefix(data, []byte{0, '<'}):
		order = binary.BigEndian
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{'<', 0}):
		order = binary.LittleEndian
	}
	var runes []rune
	switch {
	case order != nil:
		units := make([]uint16, 0, len(data)/2)
		for i := 0; i+1 < len(data); i += 2 {
			units = append(units, order.Uint16(data[i:]))
		}
		runes = utf16.Decode(units)
	case utf8.Valid(data):
		runes = []rune(string(data))
	default:
		for _, b := range data {
			runes = append(runes, rune(b))
		}
	}
	out := make([]byte, 0, len(data))
	for _, r := range runes {
		// What XML forbids is of no use in JSON either.
		if r == 0xFEFF || r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// entity is a declaration of one, by which a small document could become a
// large one. The decoder knows none; a document that has them is not BMKG's.
var entity = regexp.MustCompile(`(?i)<!ENTITY`)

var prologue = regexp.MustCompile(`^<\?xml[^>]*>`)

func readXML(data []byte) (*node, error) {
	root := &node{}
	if entity.Match(data) {
		return root, errors.New("declares entities")
	}
	// What it says of its version and encoding is over: it is decoded.
	d := xml.NewDecoder(bytes.NewReader(prologue.ReplaceAll(data, nil)))
	d.Strict = false
	open := []*node{root}
	for count := 0; ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(open) > 1 {
				err = fmt.Errorf("cut off within <%s>", open[len(open)-1].name)
				trim(open)
				return root, err
			}
			return root, nil
		}
		if err != nil {
			trim(open)
			return root, fmt.Errorf("XML: %w", err)
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if count++; count > mostNodes || len(open) > mostDepth {
				trim(open)
				return root, errors.New("too large or too deep")
			}
			k := &node{name: strings.ToLower(t.Name.Local)}
			top.kids = append(top.kids, k)
			open = append(open, k)
		case xml.EndElement:
			open = end(open, strings.ToLower(t.Name.Local))
		case xml.CharData:
			if len(top.raw) < mostText {
				top.raw = append(top.raw, t...)
			}
		}
	}
}

// end closes the innermost element of a name, and those inside that were not;
// the end of none is passed over.
func end(open []*node, name string) []*node {
	for i := len(open) - 1; i > 0; i-- {
		if open[i].name == name {
			for k := len(open) - 1; k >= i; k-- {
				n := open[k]
				n.text, n.raw = clean(string(n.raw)), nil
				if k > i {
					n.lift(open[k-1])
				}
			}
			return open[:i]
		}
	}
	return open
}

// lift gives what is in an element that nobody ended to that which it is in: it
// came after it. What has members of its own keeps them, but for more of its kind.
func (n *node) lift(to *node) {
	var own []*node
	for _, k := range n.kids {
		if groups[n.name] && !groups[k.name] {
			own = append(own, k)
		} else {
			to.kids = append(to.kids, k)
		}
	}
	n.kids = own
}

// groups are the elements that have members.
var groups = map[string]bool{"info": true, "gempa": true, "wzarea": true, "obsarea": true, "point": true}

// trim takes elements away that were not ended: half a bulletin is none.
func trim(open []*node) {
	for i := len(open) - 1; i > 0; i-- {
		if parent := open[i-1]; slices.Contains(parts, open[i].name) {
			parent.kids = parent.kids[:len(parent.kids)-1]
		}
	}
}

// parts are the elements that are a bulletin or an earthquake.
var parts = []string{"info", "gempa"}

func readJSON(data []byte) (*node, error) {
	root := &node{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return root, fmt.Errorf("JSON: %w", err)
	}
	count := 0
	err := root.take("", value, 0, &count)
	return root, err
}

// take hangs a value of JSON below a node.
func (n *node) take(name string, value any, depth int, count *int) error {
	if *count++; depth > mostDepth || *count > mostNodes {
		return errors.New("too large or too deep")
	}
	switch v := value.(type) {
	case map[string]any:
		k := n
		if name != "" {
			k = &node{name: name}
			n.kids = append(n.kids, k)
		}
		for _, member := range slices.Sorted(maps.Keys(v)) {
			if err := k.take(strings.ToLower(member), v[member], depth+1, count); err != nil {
				return err
			}
		}
	case []any:
		if name == "" {
			name = "info" // a bare list
		}
		for _, inner := range v {
			if err := n.take(name, inner, depth+1, count); err != nil {
				return err
			}
		}
	case nil:
	default:
		n.kids = append(n.kids, &node{name: name, text: clean(fmt.Sprint(v))})
	}
	return nil
}

// clean is a text on one line, without what would not be seen, and not endless.
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0x7F || r == 0xA0 || r >= 0x80 && r < 0xA0 || r == 0x2028 || r == 0x2029
	}), " ")
	return cut(s, mostText)
}

// cut is the beginning of a text, at most so many characters.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}
