package qgis

import (
	"slices"
	"strconv"
)

// form is the attribute form and the attribute table.
func (v view) form() []*node {
	columns := v.columns()
	fields, aliases, defaults := el("fieldConfiguration"), el("aliases"), el("defaults")
	constraints, expressions := el("constraints"), el("constraintExpressions")
	editable, labels, table := el("editable"), el("labelOnTop"), el("columns")
	for i, c := range columns {
		index := strconv.Itoa(i)
		fields.add(el("field", "name", c.name, "configurationFlags", "None").add(v.widget(c)))
		aliases.add(el("alias", "field", c.name, "index", index, "name", c.title))
		defaults.add(el("default", "field", c.name, "expression", c.value, "applyOnUpdate", bit(c.onUpdate)))
		kinds, expression := v.constraint(c)
		constraints.add(kinds)
		expressions.add(expression)
		editable.add(el("field", "name", c.name, "editable", bit(c.field != nil)))
		labels.add(el("field", "name", c.name, "labelOnTop", bit(c.field != nil)))
		table.add(el("column", "type", "field", "name", c.name, "width", "-1", "hidden", bit(c.name == ReadRevision)))
	}
	table.add(el("column", "type", "actions", "width", "-1", "hidden", "1"))
	return []*node{
		fields, aliases, defaults, constraints, expressions,
		el("attributetableconfig", "actionWidgetStyle", "dropDown", "sortOrder", "0", "sortExpression", "").add(table),
		leaf("featformsuppress", "0"), leaf("editorlayout", "tablayout"), v.layout(columns), editable, labels,
		leaf("previewExpression", v.displayName()), leaf("mapTip", v.mapTip()),
	}
}

// displayName names a feature in lists: by what people search it by, what the
// map writes on it, or else its number.
func (v view) displayName() string {
	name := v.nameField()
	if name == "" {
		return v.id()
	}
	return "coalesce(" + quoted(name) + ", " + v.id() + ")"
}

// id is a feature's number as an expression; over the service it is one that
// QGIS itself has given.
func (v view) id() string {
	if v.provider == postgres {
		return quoted("id")
	}
	return "$id"
}

func (v view) nameField() string {
	if v.layer.Search != "" {
		return v.layer.Search
	}
	if v.layer.Label != nil {
		return v.layer.Label.Field
	}
	return ""
}

func (v view) mapTip() string { return "[% " + v.displayName() + " %]" }

// Fields of the first tab.
const (
	firstTabLeast = 6
	firstTabMost  = 12
)

// layout puts what must be filled in first: declarations list the important
// fields first, so the first tab goes to the last one that is required, and a
// layer with few fields has them all there. What the database keeps by itself
// stands in a tab of its own.
func (v view) layout(columns []column) *node {
	fields := len(v.layer.Fields)
	first := firstTabLeast
	for i := range v.layer.Fields {
		if f := &v.layer.Fields[i]; f.Required || f.Name == v.layer.Style.Field {
			first = max(first, i+1)
		}
	}
	first = min(first, firstTabMost)
	if fields <= firstTabMost {
		first = fields
	}
	from := slices.IndexFunc(columns, func(c column) bool { return c.field != nil }) // after the id
	form := el("attributeEditorForm").add(tab(v.say("Utama", "Main"), 1, columns, from, from+first))
	if first < fields {
		form.add(tab(v.say("Rincian", "Details"), 2, columns, from+first, from+fields))
	}
	system := tab(v.say("Riwayat", "History"), 1, columns, 0, from)
	for i, c := range columns[from+fields:] {
		if c.name != ReadRevision {
			system.add(place(c, from+fields+i))
		}
	}
	return form.add(system)
}

// tab shows the columns from..to.
func tab(title string, width int, columns []column, from, to int) *node {
	t := el("attributeEditorContainer", "name", title, "columnCount", strconv.Itoa(width), "groupBox", "0", "showLabel", "1",
		"visibilityExpressionEnabled", "0", "visibilityExpression", "")
	for i := from; i < to; i++ {
		t.add(place(columns[i], i))
	}
	return t
}

func place(c column, index int) *node {
	return el("attributeEditorField", "name", c.name, "index", strconv.Itoa(index), "showLabel", "1")
}
