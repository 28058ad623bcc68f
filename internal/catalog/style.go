package catalog

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

func checkStyle(f *faults, l *plan.Layer) {
	s := l.Style
	checkSymbol(f, "style.symbol", l.Geometry, s.Symbol)
	main, key := s.Symbol.Fill, "fill"
	if l.Geometry == plan.MultiLineString {
		main, key = s.Symbol.Stroke, "stroke"
	}
	if main == "" {
		f.add("style.symbol."+key, "declaration-style", "symbol memerlukan %s, warna untuk yang tidak masuk kelas mana pun",
			"symbol needs %s, the colour of what belongs to no class", key)
	}
	if len(s.Classes) > maxClasses {
		f.add("style.classes", "declaration-style", "ada %d kelas; paling banyak %d", "there are %d classes; %d at most", len(s.Classes), maxClasses)
	}
	d := checkStyleField(f, l)
	for i, c := range s.Classes {
		path := fmt.Sprintf("style.classes[%d]", i)
		bilingual(f, path+".title", c.Title, maxTitle)
		checkSymbol(f, path+".symbol", l.Geometry, c.Symbol)
		for _, before := range s.Classes[:i] {
			if before.Value == c.Value {
				f.add(path+".value", "declaration-style", "nilai %q sudah punya kelas di atas", "value %q has a class above already", c.Value)
				break
			}
		}
		if d != nil && !fits(c.Value, d.Type) {
			f.add(path+".value", "declaration-style", "%q tidak dapat menjadi nilai %q, yang bertipe %s",
				"%q cannot be a value of %q, which is of type %s", c.Value, d.Name, d.Type)
		}
	}
}

// checkStyleField checks the field that classes go by and returns it, nil
// where there is none to go by.
func checkStyleField(f *faults, l *plan.Layer) *plan.Field {
	s := l.Style
	if s.Field == "" {
		if len(s.Classes) > 0 {
			f.add("style.classes", "declaration-style", "kelas memerlukan style.field, kolom yang menentukan kelasnya",
				"classes need style.field, the field that decides the class")
		}
		return nil
	}
	d, ok := known(f, "style.field", l, s.Field)
	if !ok {
		return nil
	}
	switch d.Type {
	case plan.TextField, plan.IntegerField, plan.BooleanField:
	default:
		f.add("style.field", "declaration-style", "%q bertipe %s; kelas hanya menurut teks, bilangan bulat atau ya/tidak",
			"%q is of type %s; classes go by text, whole numbers or yes/no only", d.Name, d.Type)
		return nil
	}
	if len(s.Classes) == 0 && d.Codes == nil {
		f.add("style.field", "declaration-style", "%q tidak mempunyai daftar kode; tulis style.classes atau beri codes pada kolom itu",
			"%q has no code list; write style.classes or give the field codes", d.Name)
	}
	carried(f, "style.field", d, drawnFrom(l))
	return d
}

// fits reports whether a value that a declaration writes as text can be a value
// of a field. A moment cannot: nobody hits it.
func fits(value string, t plan.FieldType) bool {
	switch t {
	case plan.BooleanField:
		return value == "true" || value == "false"
	case plan.IntegerField:
		n, err := strconv.ParseInt(value, 10, 64)
		return err == nil && strconv.FormatInt(n, 10) == value
	case plan.NumberField:
		v, err := strconv.ParseFloat(value, 64)
		return err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
	case plan.DateField:
		_, err := time.Parse(time.DateOnly, value)
		return err == nil
	case plan.TimestampField:
		return false
	default:
		return value != ""
	}
}

func checkSymbol(f *faults, path string, g plan.GeometryType, s plan.Symbol) {
	colour(f, path+".fill", s.Fill)
	colour(f, path+".stroke", s.Stroke)
	colour(f, path+".casing", s.Casing)
	between(f, path+".fill_opacity", s.FillOpacity, 0, 1)
	between(f, path+".stroke_width", s.StrokeWidth, 0, 50)
	between(f, path+".radius", s.Radius, 1, 50)
	if n := len(s.Dash); n%2 != 0 || n > 8 {
		f.add(path+".dash", "declaration-style", "dash berisi pasangan garis dan jeda, paling banyak empat pasang",
			"dash holds pairs of dash and gap, four at most")
	}
	for i, v := range s.Dash {
		between(f, fmt.Sprintf("%s.dash[%d]", path, i), &v, 0.1, 100)
	}
	useless := func(key string) {
		f.add(path+"."+key, "declaration-style", "%s tidak digambar pada %s; hapuslah", "%s is not drawn on %s; remove it", key, g)
	}
	if g == plan.MultiLineString && s.Fill != "" {
		useless("fill")
	}
	if g == plan.MultiLineString && s.FillOpacity != nil {
		useless("fill_opacity")
	}
	if g != plan.MultiLineString && s.Casing != "" {
		useless("casing")
	}
	if g != plan.Point && s.Radius != nil {
		useless("radius")
	}
	if g == plan.Point && s.Dash != nil {
		useless("dash")
	}
}
