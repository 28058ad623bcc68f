package catalog

import (
	"fmt"
	"math"
	"regexp"

	"github.com/simtaru/simtaru/internal/plan"
)

func checkFields(f *faults, l *plan.Layer) {
	if len(l.Fields) == 0 || len(l.Fields) > maxFields {
		f.add("fields", "declaration-fields", "layer ini punya %d kolom; harus 1 sampai %d", "this layer has %d fields; 1 to %d are needed",
			len(l.Fields), maxFields)
	}
	for i := range l.Fields {
		d := &l.Fields[i]
		path := fmt.Sprintf("fields[%d]", i)
		identifier(f, path+".name", d.Name)
		if why := reserved(d.Name); why != nil {
			f.add(path+".name", "declaration-field-reserved", "nama %[1]q tidak dapat dipakai: %[2]s", "the name %[1]q cannot be used: %[3]s",
				d.Name, why.ID, why.EN)
		}
		if l.FieldIndex(d.Name) < i {
			f.add(path+".name", "declaration-field-twice", "kolom %q sudah ada di atas", "field %q stands above already", d.Name)
		}
		bilingual(f, path+".title", d.Title, maxTitle)
		optional(f, path+".description", d.Description, maxDescription)
		checkLegal(f, path+".legal", d.Legal)
		if oneOf(f, path+".type", d.Type, plan.FieldTypes) {
			checkFieldType(f, path, d)
			checkComputed(f, path, l, i)
		}
		if d.Tiles != nil && (*d.Tiles < 0 || *d.Tiles > l.Zooms.Max) {
			f.add(path+".tiles", "declaration-tiles", "tiles (%d) harus 0 sampai zooms.max (%d)", "tiles (%d) must be 0 to zooms.max (%d)",
				*d.Tiles, l.Zooms.Max)
		}
	}
}

// checkFieldType checks the keys that only some types have.
func checkFieldType(f *faults, path string, d *plan.Field) {
	number := d.Type == plan.IntegerField || d.Type == plan.NumberField
	only := func(key, forID, forEN string) {
		f.add(path+"."+key, "declaration-field-type", "%[1]s hanya untuk kolom %[2]s, sedangkan %[4]q bertipe %[5]s",
			"%[1]s is for %[3]s fields only, and %[4]q is of type %[5]s", key, forID, forEN, d.Name, d.Type)
	}
	if d.Unit != "" && !number {
		only("unit", "bilangan", "number")
	}
	if d.Min != nil && !number {
		only("min", "bilangan", "number")
	}
	if d.Max != nil && !number {
		only("max", "bilangan", "number")
	}
	if d.MaxLength != 0 && d.Type != plan.TextField {
		only("max_length", "teks", "text")
	}
	if d.Codes != nil && d.Type != plan.TextField {
		only("codes", "teks", "text")
	}
	if d.Unique && d.Type == plan.BooleanField {
		f.add(path+".unique", "declaration-field-type", "nilai ya atau tidak tidak dapat unik; hapus unique",
			"a yes or no cannot be unique; remove unique")
	}
	if d.MaxLength < 0 || d.MaxLength > maxTextLength {
		f.add(path+".max_length", "declaration-range", "max_length harus 1 sampai %d", "max_length must be 1 to %d", maxTextLength)
	}
	checkUnit(f, path+".unit", d.Unit)
	checkRange(f, path, d)
}

func checkRange(f *faults, path string, d *plan.Field) {
	checkBound(f, path+".min", d.Type, d.Min)
	checkBound(f, path+".max", d.Type, d.Max)
	if d.Min != nil && d.Max != nil && *d.Min > *d.Max {
		f.add(path+".min", "declaration-range", "min (%v) di atas max (%v)", "min (%v) is above max (%v)", *d.Min, *d.Max)
	}
}

// checkBound checks one limit. Beyond 2^53 a float64 no longer tells
// neighbouring integers apart.
func checkBound(f *faults, path string, t plan.FieldType, v *float64) {
	switch {
	case v == nil:
	case math.IsNaN(*v) || math.IsInf(*v, 0):
		f.add(path, "declaration-range", "batas harus bilangan", "a limit must be a number")
	case t == plan.IntegerField && (*v != math.Trunc(*v) || math.Abs(*v) > 1<<53):
		f.add(path, "declaration-range", "kolom bilangan bulat memerlukan batas bulat, bukan %v",
			"a field of whole numbers needs a whole limit, not %v", *v)
	}
}

// checkUnit refuses what is certainly no UCUM code. It is not a UCUM parser:
// it knows the alphabet and the mistakes that people here make.
func checkUnit(f *faults, path, unit string) {
	if unit == "" {
		return
	}
	if right, ok := misspeltUnit(unit); ok {
		f.add(path, "declaration-unit", "%q bukan kode UCUM; tulis %q", "%q is not a UCUM code; write %q", unit, right)
		return
	}
	if len(unit) > maxIdentifier || !regexp.MustCompile(`^([A-Za-z0-9%/.*'"\[\]()^+_-]|\{[a-zA-Z0-9_ ]+\})+$`).MatchString(unit) {
		f.add(path, "declaration-unit", "%q bukan kode UCUM; misalnya m, m2, har, %%, km/h, {person}",
			"%q is not a UCUM code; such as m, m2, har, %%, km/h, {person}", unit)
	}
}

func misspeltUnit(unit string) (string, bool) {
	switch unit {
	case "ha", "Ha", "hektar", "hektare": // ha would be a hecto-year
		return "har", true
	case "m²", "m^2", "sqm":
		return "m2", true
	case "km/jam", "kph", "kmh":
		return "km/h", true
	case "jiwa", "orang", "person", "persons", "people":
		return "{person}", true
	case "KK", "household", "households":
		return "{household}", true
	case "persen", "percent":
		return "%", true
	case "menit", "minute", "minutes":
		return "min", true
	case "tahun", "year", "years":
		return "a", true
	case "Rp", "IDR":
		return "{IDR}", true
	case "kWh":
		return "kW.h", true
	case "Mbps":
		return "Mbit/s", true
	}
	return "", false
}
