package catalog

import (
	"maps"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// checkPhoto checks that the field which tells of a photo says yes or no.
func checkPhoto(f *faults, l *plan.Layer) {
	if l.Photo == "" {
		return
	}
	if d, ok := known(f, "photo", l, l.Photo); ok && d.Type != plan.BooleanField {
		f.add("photo", "declaration-photo", "%q bukan kolom ya atau tidak", "%q is not a yes or no field", d.Name)
	}
}

// checkPublishing checks that what a layer publishes fits the layer that it
// fills, so that no edit is refused for the other layer's sake.
func checkPublishing(f *faults, cat *plan.Catalog, l *plan.Layer) {
	p := l.Publishes
	if p == nil {
		return
	}
	const code = "declaration-publishes"
	if len(p.When) == 0 {
		f.add("publishes.when", code, "tulis kapan fitur diterbitkan, misalnya when: {status: [done]}", "say when a feature is published, such as when: {status: [done]}")
	}
	for name, values := range p.When {
		path := "publishes.when." + name
		if d, ok := known(f, path, l, name); ok && d.Type != plan.TextField {
			f.add(path, code, "%q bukan kolom teks", "%q is not a text field", name)
		}
		if len(values) == 0 {
			f.add(path, code, "tulis nilai-nilainya", "write its values")
		}
	}
	to, ok := cat.Layer(p.Layer)
	switch {
	case !ok:
		f.add("publishes.layer", code, "layer %q tidak ada", "there is no layer %q", p.Layer)
		return
	case to.ID == l.ID || !to.Access.System || to.Publishes != nil:
		f.add("publishes.layer", code, "layer %q harus diisi oleh basis data saja (access.system) dan tidak menerbitkan lagi",
			"the layer %q must be filled by the database alone (access.system) and publish nothing itself", p.Layer)
	case to.GeometryRequired && !l.GeometryRequired:
		f.add("publishes.layer", code, "layer %q mewajibkan geometri, layer ini tidak", "the layer %q requires a geometry, and this one does not", p.Layer)
	case to.Geometry != l.Geometry:
		f.add("publishes.layer", code, "layer %q menyimpan %s, bukan %s", "the layer %q stores %s, not %s", p.Layer, to.Geometry, l.Geometry)
	}
	for _, other := range cat.Layers() {
		if other.ID < l.ID && other.Publishes != nil && other.Publishes.Layer == p.Layer {
			f.add("publishes.layer", code, "layer %q sudah diisi dari %q", "the layer %q is filled from %q already", p.Layer, other.ID)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		path := "publishes.fields." + name
		target, ok := known(f, path, to, name)
		source, is := known(f, path, l, p.Fields[name])
		if ok && is && !accommodates(target, source) {
			f.add(path, code, "%q tidak muat dalam %q: jenis, panjang, rentang, kode dan wajib harus cocok", "%q does not fit into %q: type, length, range, codes and required must agree", source.Name, name)
		}
	}
	for _, d := range to.Fields {
		if _, filled := p.Fields[d.Name]; d.Required && !filled {
			f.add("publishes.fields", code, "%q wajib pada %q tetapi tidak diisi", "%q is required in %q and is not filled", d.Name, to.ID)
		}
	}
}

// accommodates reports whether each value of one field may stand in another.
func accommodates(to, from *plan.Field) bool {
	length := func(d *plan.Field) int {
		if d.MaxLength == 0 {
			return plan.DefaultMaxLength
		}
		return d.MaxLength
	}
	return from.Type == to.Type && to.Computed == nil && !to.Unique && to.Min == nil && to.Max == nil &&
		(from.Required || !to.Required) && (from.Type != plan.TextField || length(from) <= length(to)) &&
		(to.Codes == nil || from.Codes != nil && *from.Codes == *to.Codes)
}
