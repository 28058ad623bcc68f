package ogc

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// switchParams stands for the parameters of all switches.
const switchParams = "switches"

// indicatorAPI describes the resources of indicators.
func indicatorAPI() map[string]told {
	const root = "/api/v1/indicators"
	figure := []string{"indicator", "by", "at", switchParams}
	return map[string]told{
		"GET " + root: {
			id: "getIndicators", summary: say("Semua indikator dengan angka kota: nilai, target, status, umur, kecenderungan", "All indicators with the city's figures: value, target, status, age, trend"),
			answer: "indicators", status: 200, errors: []int{406},
		},
		"GET " + root + ".csv": {
			id: "getIndicatorsCSV", summary: say("Semua indikator kota untuk lembar kerja", "All indicators of the city for a spreadsheet"),
			params: []string{"csvLang"}, answer: "csv", media: "text/csv", status: 200,
		},
		"GET " + root + "/{id}": {
			id: "getIndicator", summary: say("Satu indikator per wilayah, dengan cara menghitung, penyebut lain, dan angka terbitan", "One indicator by area, with how it is counted, other denominators and published figures"),
			params: figure, answer: "indicator", status: 200, errors: []int{404, 406, 422},
		},
		"GET " + root + "/{id}.csv": {
			id: "getIndicatorCSV", summary: say("Satu indikator per wilayah untuk lembar kerja", "One indicator by area for a spreadsheet"),
			params: append(slices.Clone(figure), "csvLang"), answer: "csv", media: "text/csv", status: 200, errors: []int{404, 422},
		},
		"GET " + root + "/{id}.geojson": {
			id: "getIndicatorShapes", summary: say("Satu indikator per wilayah dengan garis luarnya", "One indicator by area with outlines"),
			params: figure, answer: "indicatorShapes", media: "application/geo+json", status: 200, errors: []int{404, 422},
		},
		"GET " + root + "/{id}/series": {
			id: "getIndicatorSeries", summary: say("Satu indikator dari waktu ke waktu", "One indicator through time"),
			params: []string{"indicator", "by", "areaCode", "from", "until"}, answer: "indicatorSeries", status: 200, errors: []int{404, 406},
		},
		"GET " + root + "/{id}/tiles.json": {
			id: "getIndicatorTileJSON", summary: say("Keterangan ubin indikator (TileJSON 3.0)", "About the tiles of an indicator (TileJSON 3.0)"),
			params: figure, answer: "object", status: 200, errors: []int{404, 406},
		},
		"GET " + root + "/{id}/tiles/{z}/{col}/{row}": {
			id: "getIndicatorTile", summary: say("Ubin vektor: gampong dengan angkanya", "Vector tile: the gampong with their figures"),
			params: append([]string{"z", "col", "row"}, figure...), answer: "binary", media: mvtType, status: 200, errors: []int{404, 406, 422},
		},
		"PUT " + root + "/{id}/observations": {
			id: "putObservations", summary: say("Mengirim nilai dari sistem lain, semua atau tidak sama sekali; value null menarik kembali nilai yang salah (perencana, admin)", "Send values from another system, all or none; a value of null takes a wrong one back (planners, administrators)"),
			who: editor, params: []string{"indicator"}, body: "observations", answer: "observed", status: 200, errors: []int{404, 422},
		},
		"POST " + root + "/what-if": {
			id: "whatIf", summary: say("Apa jadinya angka-angka bila suntingan ini dibuat; tidak ada yang disimpan. Geometri yang terlalu berat dihitung ditolak dengan too-entangled (422)",
				"What the figures would be if these edits were made; nothing is stored. Geometry that takes too long to compute is refused with too-entangled (422)"),
			body: "whatIf", answer: "differences", status: 200, errors: []int{404, 422},
		},
	}
}

// indicatorParameters are those of indicators.
func (b spec) indicatorParameters(switches []string) {
	str, day := openapi3.NewStringSchema, func() *openapi3.Schema { return openapi3.NewStringSchema().WithFormat("date") }
	b.path("indicator", "id", str().WithPattern("^[a-z][a-z0-9_]{0,39}$"), "Nama indikator", "Name of the indicator")
	b.query("by", "by", false, areaKind(), "Satuan wilayah; tanpa ini yang terbesar, untuk ubin yang terkecil", "Kind of areas; without it the largest, of tiles the smallest")
	b.query("at", "at", false, openapi3.NewDateTimeSchema(), "Dihitung dari riwayat, seperti pada waktu itu", "Computed from history, as it was at that time")
	b.query("csvLang", "lang", false, str().WithEnum("id", "en"),
		"Bahasa dan bentuk: id memakai titik koma dan koma desimal, agar terbuka di Excel berbahasa Indonesia; en, atau tanpa parameter ini, koma dan titik desimal. Selalu UTF-8 dengan tanda urutan bita",
		"Language and form: id has semicolons and a decimal comma, so that a spreadsheet set to Indonesian opens it; en, or without this parameter, commas and a decimal point. Always UTF-8 with a byte order mark")
	b.query("areaCode", "code", false, str(), "Kode wilayah; untuk kota boleh tanpa ini", "Code of the area; the city needs none")
	b.query("from", "from", false, day(), "Hari pertama", "The first day")
	b.query("until", "until", false, day(), "Hari terakhir", "The last day")
	for _, name := range []string{"z", "col", "row"} {
		b.path(name, name, str().WithPattern("^[0-9]{1,10}$"), "Zum, kolom, baris (XYZ)", "Zoom, column, row (XYZ)")
	}
	for _, id := range switches {
		b.query(switchKey(id), id, false, openapi3.NewBoolSchema(), "Pilihan cara menghitung, pada indikator yang memilikinya", "A choice of how to count, of indicators that have it")
	}
}

// switchKey names the parameter of a switch among all parameters.
func switchKey(id string) string { return "switch." + id }

// switchesIn lists the switches of the indicators that a view may know of.
func switchesIn(v mirror.View) (ids []string) {
	for _, i := range v.Catalog().Indicators() {
		if slices.ContainsFunc(i.Layers(v.Catalog()), func(id string) bool { _, ok := v.Layer(id); return !ok }) {
			continue
		}
		for _, sw := range i.Switches {
			ids = append(ids, sw.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func areaKind() *openapi3.Schema {
	var kinds []any
	for _, k := range plan.UnitKinds {
		kinds = append(kinds, string(k))
	}
	return openapi3.NewStringSchema().WithEnum(kinds...)
}

// indicatorSchemas are the documents of indicators.
func indicatorSchemas() openapi3.Schemas {
	str, flag, whole := openapi3.NewStringSchema().NewRef(), openapi3.NewBoolSchema().NewRef(), openapi3.NewInt64Schema().NewRef()
	number, maybeNumber := openapi3.NewFloat64Schema().NewRef(), openapi3.NewFloat64Schema().WithNullable().NewRef()
	at, maybeAt := openapi3.NewDateTimeSchema().NewRef(), openapi3.NewDateTimeSchema().WithNullable().NewRef()
	anything := openapi3.NewObjectSchema().NewRef()
	text, kind := derived[plan.Text](nil), areaKind().NewRef()
	status := openapi3.NewStringSchema().WithEnum("met", "near", "missed", "none").NewRef()
	definition := func(more openapi3.Schemas) *openapi3.SchemaRef {
		more["layers"] = array(str)
		more["status?"], more["old?"], more["ageDays?"] = status, flag, openapi3.NewInt64Schema().WithNullable().NewRef()
		more["trend?"] = maybe(openapi3.Schemas{"since": str, "difference": number})
		return derived[plan.Indicator](more)
	}
	edit := sent(openapi3.Schemas{
		"op": openapi3.NewStringSchema().WithEnum("create", "update", "delete").NewRef(), "layer": str, "id?": openapi3.NewInt64Schema().WithMin(1).NewRef(),
		"properties?": anything, "geometry?": openapi3.NewObjectSchema().WithNullable().NewRef(),
	})
	return openapi3.Schemas{
		"csv":        str,
		"reading":    derived[plan.Reading](openapi3.Schemas{"by": kind, "status": status, "at": maybeAt}),
		"indicators": record(openapi3.Schemas{"indicators": array(definition(openapi3.Schemas{"value": ref("reading")})), "asOf?": at}).NewRef(),
		"indicator": definition(openapi3.Schemas{
			"coverage?": derived[plan.Coverage](nil), "readings": listOf("reading"), "at?": at, "asOf?": at,
			"areas?":  array(derived[plan.StatedArea](openapi3.Schemas{"value": maybeNumber, "difference": maybeNumber})),
			"claims?": array(derived[plan.Claim](openapi3.Schemas{"difference": maybeNumber, "ofNumerator": maybeNumber, "ofDenominator": maybeNumber, "ofItself": maybeNumber})),
		}),
		"indicatorShapes": object(openapi3.Schemas{"type": str, "features": array(anything), "note?": text}),
		"indicatorSeries": record(openapi3.Schemas{"indicator": str, "by": kind, "code": str, "unit": str, "series": array(object(openapi3.Schemas{
			"on?": str, "label?": str, "value": maybeNumber, "numerator": maybeNumber, "denominator": maybeNumber, "method": whole, "at": at,
		}))}).NewRef(),
		"observations": sent(openapi3.Schemas{"observations": array(sent(openapi3.Schemas{"by": kind, "code": str, "at": at, "value": maybeNumber, "unit": str}))}),
		"observed":     object(openapi3.Schemas{"received": whole, "stored": whole}),
		"whatIf":       sent(openapi3.Schemas{"edits": array(edit), "indicators?": array(str)}),
		"differences": record(openapi3.Schemas{"differences": array(object(openapi3.Schemas{
			"indicator": str, "by": kind, "code": str, "name": str, "before": ref("reading"), "after": ref("reading"), "difference": maybeNumber,
		}))}).NewRef(),
	}
}
