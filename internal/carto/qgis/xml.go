package qgis

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
)

// node is an element of a document. Its attributes keep their order, so that
// the same input gives the same bytes.
type node struct {
	name     string
	attrs    []xml.Attr
	text     string
	children []*node
}

// el makes an element with attributes in pairs of name and value.
func el(name string, attrs ...string) *node {
	n := &node{name: name}
	for i := 0; i+1 < len(attrs); i += 2 {
		n.attrs = append(n.attrs, xml.Attr{Name: xml.Name{Local: attrs[i]}, Value: attrs[i+1]})
	}
	return n
}

// leaf makes an element that holds text.
func leaf(name, text string) *node { return &node{name: name, text: text} }

// add appends children and returns n.
func (n *node) add(children ...*node) *node {
	n.children = append(n.children, children...)
	return n
}

// holding sets the text of n and returns it.
func (n *node) holding(text string) *node {
	n.text = text
	return n
}

// MarshalXML implements xml.Marshaler: all escaping is the encoder's.
func (n *node) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	start := xml.StartElement{Name: xml.Name{Local: n.name}, Attr: n.attrs}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if n.text != "" {
		if err := e.EncodeToken(xml.CharData(n.text)); err != nil {
			return err
		}
	}
	for _, c := range n.children {
		if err := e.Encode(c); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// document writes root as a whole document.
func document(root *node) ([]byte, error) {
	var b bytes.Buffer
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	if err := e.Encode(root); err != nil {
		return nil, fmt.Errorf("write the %s element: %w", root.name, err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// option is one value of QGIS's way to write a map.
func option(name, kind, value string) *node {
	return el("Option", "type", kind, "name", name, "value", value)
}

func textOption(name, value string) *node { return option(name, "QString", value) }
func boolOption(name string, value bool) *node {
	return option(name, "bool", strconv.FormatBool(value))
}
func intOption(name string, value int) *node { return option(name, "int", strconv.Itoa(value)) }

// mapOption is a map without a name: the root of a configuration.
func mapOption(values ...*node) *node { return el("Option", "type", "Map").add(values...) }

// bit writes a truth as QGIS's attributes do.
func bit(v bool) string {
	if v {
		return "1"
	}
	return "0"
}

// number writes a float as short as it can be read back.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
