package qgis

import "github.com/simtaru/simtaru/internal/plan"

// linksOf returns the fields of a layer that hold the key of another layer of
// the project.
func linksOf(l *plan.Layer, layers []*plan.Layer) []link {
	var all []link
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.References == nil {
			continue
		}
		for _, to := range layers {
			if to.ID == f.References.Layer {
				all = append(all, link{field: f, to: to})
			}
		}
	}
	return all
}

// relation tells QGIS that two layers belong together.
func relation(from *plan.Layer, k link, lang plan.Lang) *node {
	return el("relation", "id", layerID(from)+"_"+k.field.Name, "name", from.Title.In(lang)+": "+k.field.Title.In(lang),
		"strength", "Association", "referencingLayer", layerID(from), "referencedLayer", layerID(k.to)).
		add(el("fieldRef", "referencingField", k.field.Name, "referencedField", k.field.References.Field))
}

// relationConfig offers the features of the other layer by name. A value that
// is none of theirs stays as it is.
func (v view) relationConfig(k link) []*node {
	name := (view{layer: k.to}).nameField()
	if name == "" {
		name = k.field.References.Field
	}
	return []*node{
		textOption("Layer", layerID(k.to)), textOption("LayerName", k.to.Title.In(v.lang)), textOption("LayerProviderName", v.provider),
		textOption("Key", k.field.References.Field), textOption("Value", name), textOption("Description", ""),
		boolOption("AllowNull", !k.field.Required), boolOption("AllowMulti", false), boolOption("OrderByValue", true),
		boolOption("UseCompleter", false), intOption("NofColumns", 1), textOption("FilterExpression", ""),
	}
}
