package qgis

import (
	"slices"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
)

// legendUnfolded is up to how many lines of a legend the layer list shows at
// first.
const legendUnfolded = 6

// tree is the list of layers in the groups of the catalogue. The map is drawn
// in the catalogue's order whatever the list's, which goes by subject; a group
// that is drawn above everything else, as what was found wrong is, also stands
// above everything else.
func (p project) tree(cat *plan.Catalog) *node {
	root := el("layer-tree-group")
	for _, g := range p.groups(cat) {
		group := el("layer-tree-group", "name", g.title, "checked", "Qt::Checked", "expanded", "1")
		// The list is read from the top, where what is drawn last belongs.
		for _, v := range slices.Backward(g.views) {
			group.add(p.leaf(v))
		}
		root.add(group)
	}
	order := el("custom-order", "enabled", "1")
	for _, v := range slices.Backward(p.views) {
		order.add(leaf("item", layerID(v.layer)))
	}
	return root.add(order)
}

func (p project) leaf(v view) *node {
	checked := "Qt::Unchecked"
	if v.layer.Visible {
		checked = "Qt::Checked"
	}
	return el("layer-tree-layer", "id", layerID(v.layer), "name", v.layer.Title.In(p.Lang), "providerKey", v.provider,
		"source", p.source(v.layer), "checked", checked, "expanded", bit(len(v.legend) <= legendUnfolded))
}

// treeGroup is a group and its layers in drawing order.
type treeGroup struct {
	title string
	views []view
}

func (g treeGroup) lowest() int  { return g.views[0].layer.Order }
func (g treeGroup) highest() int { return g.views[len(g.views)-1].layer.Order }

// groups returns the groups that have layers, in the order of their list.
func (p project) groups(cat *plan.Catalog) []treeGroup {
	var all []treeGroup
	list, ok := cat.List(catalog.Groups())
	if !ok {
		return []treeGroup{{title: p.title(), views: p.views}}
	}
	for _, c := range list.Codes {
		g := treeGroup{title: c.Title.In(p.Lang)}
		for _, v := range p.views {
			if v.layer.Group == c.Code {
				g.views = append(g.views, v)
			}
		}
		if len(g.views) > 0 {
			all = append(all, g)
		}
	}
	above := func(g treeGroup) bool {
		return !slices.ContainsFunc(all, func(other treeGroup) bool {
			return other.title != g.title && other.highest() >= g.lowest()
		})
	}
	if i := slices.IndexFunc(all, above); i > 0 {
		top := all[i]
		all = slices.Insert(slices.Delete(all, i, i+1), 0, top)
	}
	return all
}
