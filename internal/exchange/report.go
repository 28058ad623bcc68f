package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// UnknownProperty is a property that no field took.
type UnknownProperty struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
	// Perhaps is the field whose name differs in case only.
	Perhaps string `json:"perhaps,omitempty"`
}

// Report is what an import did. Read = Imported + Skipped + Refused, always.
type Report struct {
	Layer string `json:"layer"`
	// File is what the caller said the source is called.
	File string `json:"file"`
	// CRS is what the coordinates were taken to be in; FromFile that the file
	// says so itself.
	CRS      string `json:"crs"`
	FromFile bool   `json:"crsFromFile"`
	DryRun   bool   `json:"dryRun"`
	// Committed says that the rows are in the layer.
	Committed bool `json:"committed"`

	Read int64 `json:"read"`
	// Imported rows are in the layer, or would be but for DryRun.
	Imported int64 `json:"imported"`
	// Skipped rows are sound, and were not imported because others were
	// refused or the run did not come to its end.
	Skipped int64 `json:"skipped"`
	// Refused rows cannot be taken; each has at least one Problem.
	Refused int64 `json:"refused"`
	// Repaired rows had an invalid geometry, which the sink mended.
	Repaired int64 `json:"repaired"`

	// Problems counts the problems by code, repairs among them.
	Problems map[string]int64 `json:"problems"`
	// Unknown are the properties that were not imported, without those that a
	// mapping leaves out; Unmet the mapped ones that no row had.
	Unknown []UnknownProperty `json:"unknown"`
	Unmet   []string          `json:"unmet"`
	// Foreign are the members beside the properties, id among them, that were
	// not imported.
	Foreign map[string]int64 `json:"foreign"`
	// Heights counts rows whose third ordinate was dropped, Promoted those made
	// multi, Closed the rings that were closed, EmptyTexts the texts of no
	// character that became no value, WithoutGeometry the rows that have none.
	Heights         int64 `json:"heights"`
	Promoted        int64 `json:"promoted"`
	Closed          int64 `json:"closed"`
	EmptyTexts      int64 `json:"emptyTexts"`
	WithoutGeometry int64 `json:"withoutGeometry"`
	// Bytes is the size of what was read.
	Bytes int64 `json:"bytes"`
}

// Summary says it all in words, one line each.
func (r *Report) Summary(lang plan.Lang) string {
	var b strings.Builder
	line := func(t plan.Text) { b.WriteString(t.In(lang)); b.WriteByte('\n') }
	line(sayf("%s ke layer %s: %d dibaca, %d diimpor, %d ditahan, %d ditolak",
		"%s into layer %s: %d read, %d imported, %d held back, %d refused", r.File, r.Layer, r.Read, r.Imported, r.Skipped, r.Refused))
	switch {
	case r.DryRun:
		line(say("Hanya percobaan: tidak ada yang disimpan.", "A dry run: nothing was stored."))
	case !r.Committed:
		line(say("Tidak ada yang disimpan.", "Nothing was stored."))
	}
	if r.FromFile {
		line(sayf("Sistem koordinat menurut berkas: %s.", "Coordinate reference system, as the file says: %s.", r.CRS))
	} else if r.CRS != geo.CRS84.String() {
		line(sayf("Sistem koordinat: %s.", "Coordinate reference system: %s.", r.CRS))
	}
	r.notes(line)
	for _, code := range slices.Sorted(maps.Keys(r.Problems)) {
		line(sayf("  %-22s %d", "  %-22s %d", code, r.Problems[code]))
	}
	return b.String()
}

// notes tells what was changed or left out in rows that were taken.
func (r *Report) notes(line func(plan.Text)) {
	for _, n := range []struct {
		count  int64
		id, en string
	}{
		{r.Repaired, "%d geometri diperbaiki (lihat laporan).", "%d geometries were repaired (see the report)."},
		{r.Closed, "%d cincin poligon ditutup.", "%d rings were closed."},
		{r.Heights, "Ketinggian (ordinat ketiga) dibuang dari %d objek.", "Heights (third ordinates) were dropped from %d features."},
		{r.Promoted, "%d geometri tunggal dijadikan multi.", "%d single geometries were made multi."},
		{r.EmptyTexts, "%d teks kosong dianggap tidak berisi.", "%d empty texts were taken as no value."},
		{r.WithoutGeometry, "%d objek tanpa geometri.", "%d features have no geometry."},
	} {
		if n.count > 0 {
			line(sayf(n.id, n.en, n.count))
		}
	}
	for _, u := range r.Unknown {
		hint := "--map " + u.Name + "=..."
		if u.Perhaps != "" {
			hint = "--map " + u.Name + "=" + u.Perhaps
		}
		line(sayf("Tidak diimpor: %s (%d kali), tidak ada bidang bernama demikian; pakai %s bila perlu.",
			"Not imported: %s (%d times), there is no such field; use %s if it is wanted.", u.Name, u.Count, hint))
	}
	for _, name := range r.Unmet {
		line(sayf("--map %s: tidak ada objek yang memiliki atribut ini.", "--map %s: no feature has this property.", name))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Foreign)) {
		line(sayf("Anggota %s di luar properties tidak diimpor (%d kali).", "The member %s beside the properties was not imported (%d times).", name, r.Foreign[name]))
	}
}

// check holds the sum. It fails only if this package is wrong.
func (r *Report) check() error {
	if r.Read != r.Imported+r.Skipped+r.Refused {
		return fmt.Errorf("the counts do not add up: %d read, %d imported, %d skipped, %d refused", r.Read, r.Imported, r.Skipped, r.Refused)
	}
	return nil
}
