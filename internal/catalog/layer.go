package catalog

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// checkLayer checks what one declaration says by itself.
func checkLayer(f *faults, l *plan.Layer) {
	identifier(f, "id", l.ID)
	bilingual(f, "title", l.Title, maxTitle)
	bilingual(f, "description", l.Description, maxDescription)
	bilingual(f, "attribution", l.Attribution, maxDescription)
	identifier(f, "group", l.Group)
	oneOf(f, "geometry", l.Geometry, plan.GeometryTypes)
	oneOf(f, "policy", l.Policy, []plan.Policy{plan.Live, plan.Reviewed})
	checkLicence(f, l.Licence)
	if !checkZooms(f, l.Zooms) {
		// What follows measures against the zooms: one fault is enough.
		lenient := *l
		lenient.Zooms = plan.Zooms{Max: plan.MaxZoom, Show: plan.MaxZoom}
		l = &lenient
	}
	checkAccess(f, l.Access)
	checkTopology(f, l)
	checkWiden(f, l)
	checkFields(f, l)
	checkChecks(f, l)
	checkStyle(f, l)
	checkLabel(f, l)
	checkSearch(f, l)
	checkOverlay(f, l)
	checkLegal(f, "legal", l.Legal)
	checkChart(f, l)
	checkPhoto(f, l)
}

func checkLicence(f *faults, licence string) {
	if !regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9.+-]*|https?://[^\s"<>]+)$`).MatchString(licence) {
		f.add("licence", "declaration-licence",
			"%q bukan lisensi; tulis kode SPDX (misalnya CC-BY-4.0, ODbL-1.0) atau alamat https",
			"%q is not a licence; write an SPDX identifier (such as CC-BY-4.0, ODbL-1.0) or an https address", licence)
	}
}

func checkZooms(f *faults, z plan.Zooms) bool {
	if z.Min < 0 || z.Max > plan.MaxZoom || z.Min > z.Max {
		f.add("zooms", "declaration-zooms",
			"zoom %d sampai %d tidak sah; min dan max harus 0 sampai %d dan min tidak di atas max",
			"zooms %d to %d are not valid; min and max must be 0 to %d, and min not above max", z.Min, z.Max, plan.MaxZoom)
		return false
	}
	if z.Show != 0 && (z.Show < z.Min || z.Show > z.Max) {
		f.add("zooms.show", "declaration-zooms", "show (%d) harus di antara min (%d) dan max (%d)",
			"show (%d) must be between min (%d) and max (%d)", z.Show, z.Min, z.Max)
		return false
	}
	return true
}

// drawnFrom is the zoom from which the map draws a layer.
func drawnFrom(l *plan.Layer) int { return max(l.Zooms.Min, l.Zooms.Show) }

func checkAccess(f *faults, a plan.Access) {
	if len(a.Read) == 0 {
		f.add("access.read", "declaration-access", "tulis siapa yang boleh melihat, misalnya [public]", "say who may read, such as [public]")
	}
	for i, r := range a.Read {
		path := fmt.Sprintf("access.read[%d]", i)
		if oneOf(f, path, r, plan.Roles) && slices.Contains(a.Read[:i], r) {
			f.add(path, "declaration-access", "peran %q ditulis dua kali", "role %q is written twice", r)
		}
	}
	if a.System && len(a.Edit) > 0 {
		f.add("access.edit", "declaration-access", "layer ini diisi oleh basis data sendiri (system); kosongkan edit",
			"the database itself fills this layer (system); leave edit empty")
	}
	for i, r := range a.Edit {
		path := fmt.Sprintf("access.edit[%d]", i)
		switch {
		case !oneOf(f, path, r, plan.Roles):
		case r == plan.Public:
			f.add(path, "declaration-access", "umum tidak dapat menyunting layer; hapus public", "the public cannot edit a layer; remove public")
		case slices.Contains(a.Edit[:i], r):
			f.add(path, "declaration-access", "peran %q ditulis dua kali", "role %q is written twice", r)
		case !slices.Contains(a.Read, r) && !slices.Contains(a.Read, plan.Public):
			f.add(path, "declaration-access", "%q boleh menyunting tetapi tidak boleh melihat; tambahkan pada read",
				"%q may edit but not read; add it to read", r)
		}
	}
}

// mostWide is the greatest distance in m to which points and lines are widened.
const mostWide = 1000

func checkWiden(f *faults, l *plan.Layer) {
	if l.WidenM == 0 {
		return
	}
	if l.Geometry != plan.MultiPolygon {
		f.add("widen_m", "declaration-widen", "titik dan garis hanya dilebarkan menjadi MultiPolygon, bukan %s", "points and lines are widened to MultiPolygon only, not %s", l.Geometry)
	}
	between(f, "widen_m", &l.WidenM, 0.1, mostWide)
}

func checkTopology(f *faults, l *plan.Layer) {
	t := l.Topology
	if (t.Coverage || t.NoOverlap) && l.Geometry != plan.MultiPolygon {
		f.add("topology", "declaration-topology", "coverage dan no_overlap hanya untuk MultiPolygon, bukan %s",
			"coverage and no_overlap are for MultiPolygon only, not %s", l.Geometry)
	}
	if t.Coverage && t.NoOverlap {
		f.add("topology.no_overlap", "declaration-topology", "coverage sudah melarang tumpang tindih; hapus no_overlap",
			"coverage forbids overlaps already; remove no_overlap")
	}
	if !(t.ToleranceM2 >= 0) || math.IsInf(t.ToleranceM2, 0) {
		f.add("topology.tolerance_m2", "declaration-topology", "toleransi harus 0 atau lebih, dalam m2", "the tolerance must be 0 or more, in m2")
	}
	if t.ToleranceM2 != 0 && !t.Coverage && !t.NoOverlap {
		f.add("topology.tolerance_m2", "declaration-topology", "toleransi tanpa coverage atau no_overlap tidak berarti; hapuslah",
			"a tolerance means nothing without coverage or no_overlap; remove it")
	}
	if !t.IsZero() && !l.Access.CanRead(plan.Planner) {
		f.add("topology", "declaration-topology", "masalah topologi ditampilkan kepada perencana, maka layer ini harus boleh mereka lihat; tambahkan planner pada access.read",
			"topology issues are shown to planners, so they must be able to read this layer; add planner to access.read")
	}
	if t.Within != "" && t.Within == l.ID {
		f.add("topology.within", "declaration-topology", "layer tidak dapat berada di dalam dirinya sendiri", "a layer cannot be within itself")
	}
}

func checkLabel(f *faults, l *plan.Layer) {
	if l.Label == nil {
		return
	}
	if l.Label.MinZoom < l.Zooms.Min || l.Label.MinZoom > maxMapZoom {
		f.add("label.min_zoom", "declaration-label", "min_zoom (%d) harus di antara zooms.min (%d) dan %d",
			"min_zoom (%d) must be between zooms.min (%d) and %d", l.Label.MinZoom, l.Zooms.Min, maxMapZoom)
	}
	if l.Label.Size != 0 {
		between(f, "label.size", &l.Label.Size, 6, 48)
	}
	d, ok := known(f, "label.field", l, l.Label.Field)
	if !ok {
		return
	}
	if d.Type == plan.BooleanField {
		f.add("label.field", "declaration-label", "%q bernilai ya atau tidak dan bukan label; pilih kolom lain",
			"%q is a yes or no and makes no label; choose another field", d.Name)
	}
	carried(f, "label.field", d, min(l.Label.MinZoom, l.Zooms.Max))
}

func checkSearch(f *faults, l *plan.Layer) {
	if l.Search == "" {
		return
	}
	if d, ok := known(f, "search", l, l.Search); ok && d.Type != plan.TextField {
		f.add("search", "declaration-search", "%q bukan kolom teks; pencarian memerlukan teks",
			"%q is not a text field; search needs text", d.Name)
	}
}

// maxWithin is the largest reach of an overlay, in metres.
const maxWithin = 1000

func checkOverlay(f *faults, l *plan.Layer) {
	o := l.Overlay
	if o == nil {
		return
	}
	bilingual(f, "overlay.sentence", o.Sentence, maxDescription)
	for _, name := range o.Fields() {
		known(f, "overlay.sentence", l, name)
	}
	for name, values := range o.Where {
		path := "overlay.where." + name
		if d, ok := known(f, path, l, name); ok && d.Type != plan.TextField {
			f.add(path, "declaration-overlay", "%q bukan kolom teks", "%q is not a text field", name)
		}
		if len(values) == 0 {
			f.add(path, "declaration-overlay", "tulis nilai-nilainya", "write its values")
		}
	}
	switch area := l.Geometry == plan.MultiPolygon; {
	case area && o.Within != 0:
		f.add("overlay.within", "declaration-overlay", "within hanya untuk titik dan garis", "within is for points and lines only")
	case !area && !(o.Within > 0 && o.Within <= maxWithin):
		f.add("overlay.within", "declaration-overlay", "tulis within, lebih dari 0 dan paling banyak %d m", "write within, above 0 and at most %d m", maxWithin)
	}
}

// maxLegal bounds the places in the law that one declaration names.
const maxLegal = 20

func checkLegal(f *faults, path string, places []plan.Legal) {
	if len(places) > maxLegal {
		f.add(path, "declaration-legal", "paling banyak %d dasar hukum", "at most %d places in the law", maxLegal)
	}
	for i, p := range places {
		at := fmt.Sprintf("%s[%d]", path, i)
		if p.Document == "" || len(p.Document) > maxDescription || len(p.Article) > maxTitle {
			f.add(at+".document", "declaration-legal", "tulis nama peraturannya, paling banyak %d huruf, dan pasalnya paling banyak %d", "name the regulation in at most %d characters, and the article in at most %d", maxDescription, maxTitle)
		}
		if p.Link != "" && !legalLink.MatchString(p.Link) {
			f.add(at+".link", "declaration-legal", "%q bukan alamat https", "%q is not an https address", p.Link)
		}
		if p.Status != "" {
			oneOf(f, at+".status", p.Status, plan.LegalStatuses)
		}
	}
}

var legalLink = regexp.MustCompile(`^https://[^\s"<>]{1,500}$`)

// known finds the field that a declaration refers to, and says so if there is
// none.
func known(f *faults, path string, l *plan.Layer, name string) (*plan.Field, bool) {
	d, ok := l.Field(name)
	if !ok {
		f.add(path, "declaration-field-unknown", "layer ini tidak mempunyai kolom %q; periksa ejaannya atau tambahkan pada fields",
			"this layer has no field %q; check the spelling or add it to fields", name)
	}
	return d, ok
}

// carried checks that tiles hold a field from zoom on, since the map draws by
// it there.
func carried(f *faults, path string, d *plan.Field, zoom int) {
	if d.Tiles == nil || *d.Tiles > zoom {
		f.add(path, "declaration-tiles", "peta memerlukan %q mulai zoom %d; tulis tiles: %[2]d pada kolom itu",
			"the map needs %q from zoom %d; write tiles: %[2]d at that field", d.Name, zoom)
	}
}
