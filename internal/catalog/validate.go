package catalog

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

// Validate checks a whole catalogue: every declaration by itself, and what
// they say about each other. All faults are returned, joined; the At of each
// starts with the layer, list, coverage or indicator.
func Validate(cat *plan.Catalog) error {
	var errs []error
	layers, lists := map[string]bool{}, map[plan.CodeRef]bool{}
	for _, l := range cat.Lists() {
		ref := plan.CodeRef{List: l.ID, Version: l.Version}
		f := &faults{at: in(name(ref))}
		checkList(f, l)
		if lists[ref] {
			f.add("id", "declaration-twice", "daftar kode ini dinyatakan dua kali", "this code list is declared twice")
		}
		lists[ref] = true
		errs = append(errs, f.err())
	}
	for _, l := range cat.Layers() {
		f := &faults{at: in(l.ID)}
		checkLayer(f, l)
		checkReferences(f, cat, l)
		if layers[l.ID] {
			f.add("id", "declaration-twice", "layer ini dinyatakan dua kali", "this layer is declared twice")
		}
		layers[l.ID] = true
		errs = append(errs, f.err())
	}
	for _, err := range definitions(cat) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// in makes places such as "zoning: fields[3].codes".
func in(what string) func(string) string {
	return func(path string) string { return strings.TrimSuffix(what+": "+path, ": ") }
}

func name(ref plan.CodeRef) string { return ref.List + "@" + ref.Version }

// checkReferences checks what a layer says about lists and other layers.
func checkReferences(f *faults, cat *plan.Catalog, l *plan.Layer) {
	checkGroup(f, cat, l.Group)
	for i := range l.Fields {
		path := fmt.Sprintf("fields[%d]", i)
		checkCodes(f, cat, path, &l.Fields[i])
		checkFieldReference(f, cat, path+".references", l, &l.Fields[i])
	}
	if l.Topology.Within != "" {
		if outer, ok := cat.Layer(l.Topology.Within); !ok {
			f.add("topology.within", "declaration-topology", "layer %q tidak ada", "there is no layer %q", l.Topology.Within)
		} else if outer.Geometry != plan.MultiPolygon {
			f.add("topology.within", "declaration-topology", "layer %q bukan poligon, maka tidak dapat memuat layer lain",
				"layer %q has no polygons, so nothing can be within it", l.Topology.Within)
		} else if !outer.Access.CanRead(plan.Planner) {
			f.add("topology.within", "declaration-topology", "perencana tidak boleh melihat layer %q, padahal masalah topologi menampakkan batasnya",
				"planners may not read the layer %q, whose outline topology issues would show", l.Topology.Within)
		}
	}
	checkPublishing(f, cat, l)
	checkClassCodes(f, cat, l)
}

func checkGroup(f *faults, cat *plan.Catalog, group string) {
	if groups, ok := cat.List(Groups()); !ok {
		f.add("group", "declaration-group", "daftar kelompok %s tidak ada dalam katalog", "the list of groups %s is not in the catalogue", name(Groups()))
	} else if _, ok := find(groups, group); !ok {
		f.add("group", "declaration-group", "kelompok %q tidak ada; pilih salah satu: %s", "there is no group %q; choose one of: %s",
			group, strings.Join(codes(groups), ", "))
	}
}

// checkFieldReference checks that a field repeats a value which names one
// feature of another layer.
func checkFieldReference(f *faults, cat *plan.Catalog, path string, l *plan.Layer, d *plan.Field) {
	if d.References == nil {
		return
	}
	to, ok := cat.Layer(d.References.Layer)
	if !ok {
		f.add(path+".layer", "declaration-references", "layer %q tidak ada", "there is no layer %q", d.References.Layer)
		return
	}
	key, ok := to.Field(d.References.Field)
	switch {
	case to.ID == l.ID:
		f.add(path+".layer", "declaration-references", "layer tidak dapat menunjuk dirinya sendiri", "a layer cannot refer to itself")
	case d.Codes != nil:
		f.add(path, "declaration-references", "%q berisi kode dari daftar, maka tidak menunjuk layer lain",
			"%q holds a code of a list, so it refers to no other layer", d.Name)
	case !ok:
		f.add(path+".field", "declaration-references", "layer %q tidak mempunyai kolom %q", "the layer %q has no field %q", to.ID, d.References.Field)
	case !key.Unique:
		f.add(path+".field", "declaration-references", "kolom %q pada %q tidak unik, maka tidak menunjuk satu fitur",
			"field %q of %q is not unique, so it does not name one feature", key.Name, to.ID)
	case key.Type != d.Type:
		f.add(path+".field", "declaration-references", "%q bertipe %s sedangkan %q pada %q bertipe %s",
			"%q is of type %s and %q of %q of type %s", d.Name, d.Type, key.Name, to.ID, key.Type)
	}
}

func checkCodes(f *faults, cat *plan.Catalog, path string, d *plan.Field) {
	if d.Codes == nil {
		return
	}
	list, ok := cat.List(*d.Codes)
	if !ok {
		f.add(path+".codes", "declaration-codes-unknown", "daftar kode %s untuk %q tidak ada dalam katalog; versi yang ada: %s",
			"the code list %s of %q is not in the catalogue; versions there are: %s", name(*d.Codes), d.Name, versions(cat, d.Codes.List))
		return
	}
	limit := d.MaxLength
	if limit == 0 {
		limit = plan.DefaultMaxLength
	}
	for _, c := range list.Codes {
		if utf8.RuneCountInString(c.Code) > limit {
			f.add(path+".max_length", "declaration-codes", "kode %q dari %s lebih panjang dari max_length (%d)",
				"code %q of %s is longer than max_length (%d)", c.Code, name(*d.Codes), limit)
			return
		}
	}
}

// checkClassCodes checks that a style by a coded field goes by codes that
// exist, and that without classes there are colours to draw with.
func checkClassCodes(f *faults, cat *plan.Catalog, l *plan.Layer) {
	d, ok := l.Field(l.Style.Field)
	if !ok || d.Codes == nil {
		return
	}
	list, ok := cat.List(*d.Codes)
	if !ok {
		return
	}
	for i, c := range l.Style.Classes {
		if _, ok := find(list, c.Value); !ok {
			f.add(fmt.Sprintf("style.classes[%d].value", i), "declaration-style", "%q bukan kode dari %s", "%q is not a code of %s",
				c.Value, name(*d.Codes))
		}
	}
	if len(l.Style.Classes) > 0 {
		return
	}
	for _, c := range list.Codes {
		if c.Color != "" {
			return
		}
	}
	f.add("style.field", "declaration-style", "daftar %s tidak mempunyai warna; tulis style.classes", "the list %s has no colours; write style.classes",
		name(*d.Codes))
}

func find(list *plan.CodeList, code string) (plan.Code, bool) {
	for _, c := range list.Codes {
		if c.Code == code {
			return c, true
		}
	}
	return plan.Code{}, false
}

func codes(list *plan.CodeList) []string {
	all := make([]string, len(list.Codes))
	for i, c := range list.Codes {
		all[i] = c.Code
	}
	return all
}

func versions(cat *plan.Catalog, list string) string {
	var all []string
	for _, l := range cat.Lists() {
		if l.ID == list {
			all = append(all, l.Version)
		}
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, ", ")
}
