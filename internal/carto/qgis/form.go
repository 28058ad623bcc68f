package qgis

import "strconv"

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
		editable.add(el("field", "name", c.name, "editable", bit(c.filled())))
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
// layer with few fields has them all there. What the database computes, and what
// it keeps by itself, stand in tabs of their own.
func (v view) layout(columns []column) *node {
	var filled, computed, system []int
	first := firstTabLeast
	for i, c := range columns {
		switch {
		case c.filled():
			filled = append(filled, i)
			if c.field.Required || c.name == v.layer.Style.Field {
				first = max(first, len(filled))
			}
		case c.field != nil:
			computed = append(computed, i)
		case c.name != ReadRevision:
			system = append(system, i)
		}
	}
	first = min(first, firstTabMost)
	if len(filled) <= firstTabMost {
		first = len(filled)
	}
	form := el("attributeEditorForm").add(tab(v.say("Utama", "Main"), 1, columns, filled[:first]))
	if first < len(filled) {
		form.add(tab(v.say("Rincian", "Details"), 2, columns, filled[first:]))
	}
	if len(computed) > 0 {
		form.add(tab(v.say("Hasil hitungan", "Computed"), 2, columns, computed))
	}
	return form.add(tab(v.say("Riwayat", "History"), 1, columns, system))
}

// tab shows the columns at these indices.
func tab(title string, width int, columns []column, at []int) *node {
	t := el("attributeEditorContainer", "name", title, "columnCount", strconv.Itoa(width), "groupBox", "0", "showLabel", "1",
		"visibilityExpressionEnabled", "0", "visibilityExpression", "")
	for _, i := range at {
		t.add(place(columns[i], i))
	}
	return t
}

func place(c column, index int) *node {
	return el("attributeEditorField", "name", c.name, "index", strconv.Itoa(index), "showLabel", "1")
}
