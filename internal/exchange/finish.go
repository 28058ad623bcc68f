package exchange

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
)

// finish judges a record whose text was read to the end.
func (r *Reader) finish(rec *Record, f *feature) {
	for _, name := range r.names {
		if len(r.foreign) < mostKeys {
			r.foreign[name]++
		}
	}
	if size := r.lex.offset() - rec.Offset; size > r.limits.recordBytes() {
		rec.complain(Problem{Code: "too-large", Message: sayf("objek sebesar %d byte; paling besar %d", "a feature of %d bytes; the most is %d", size, r.limits.recordBytes())})
	}
	if f.hasCRS && (f.crs == nil || f.crs.SRID() != r.crs.SRID()) {
		rec.complain(Problem{Code: "crs", Field: "crs", Message: say("crs di dalam objek tidak didukung; sebutkan di luarnya", "a crs inside a feature is not supported; name it outside")})
	}
	switch {
	case f.kind != "Feature":
		rec.complain(r.missing(f, "type", "Feature", f.kind))
	case !f.geometry:
		rec.complain(r.missing(f, "geometry", "", ""))
	case !f.props:
		rec.complain(r.missing(f, "properties", "", ""))
	}
	if r.shape != "" {
		r.place(rec)
	}
}

// missing is the problem of a member that is not there, or not what it must
// be, with a hint where only the case is wrong.
func (r *Reader) missing(f *feature, name, want, got string) Problem {
	p := Problem{Code: "no-feature", Field: name, Value: excerpt([]byte(got))}
	switch {
	case f.similar != "":
		p.Message = sayf("anggota %q tidak ada; %q lain karena huruf besar-kecil berarti", "the member %q is missing; %q is another, since case matters", name, f.similar)
	case want != "" && f.hasType:
		p.Message = sayf("%s mestinya %q", "%s should be %q", name, want)
	default:
		p.Message = sayf("anggota %q tidak ada", "the member %q is missing", name)
	}
	return p
}

// place makes the geometry of the record, in lon, lat, and checks it.
func (r *Reader) place(rec *Record) {
	if r.northFirst {
		for i, p := range r.coords.points {
			r.coords.points[i] = orb.Point{p[1], p[0]}
		}
	}
	if r.crs.Geographic() {
		rec.Geometry, rec.Closed = r.coords.geometry(r.shape, r.close)
	} else {
		for i, p := range r.coords.points {
			q, err := r.crs.Inverse(p)
			if err != nil {
				rec.complain(r.outside(i, p, err))
				return
			}
			r.coords.points[i] = q
		}
		rec.Geometry, rec.Closed = r.coords.geometry(r.shape, r.close)
	}
	rec.HasZ = r.coords.z
	var fault *geo.Fault
	if err := geo.Check(rec.Geometry, r.limits.Geometry); errors.As(err, &fault) {
		p := geometryProblem(fault)
		p.Field = "geometry"
		if fault.Kind == geo.OutOfWorld {
			p.Value = fmt.Sprintf("%v, %v", fault.At[0], fault.At[1])
			p.At = nil // not a place to look for
		}
		rec.complain(p)
	}
}

func (r *Reader) outside(i int, p orb.Point, err error) Problem {
	return Problem{
		Code: "out-of-world", Field: "geometry", Value: fmt.Sprintf("%v, %v", p[0], p[1]), Path: fmt.Sprintf("point %d", i+1),
		Message: sayf("koordinat di luar wilayah %v; apakah sistem koordinatnya benar?", "the coordinate is outside the domain of %v; is that the right reference system?", r.crs),
	}
}
