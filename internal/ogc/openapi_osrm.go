package ogc

import (
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
)

// osrmAPI describes the resources that clients of OSRM know.
func osrmAPI() map[string]told {
	return map[string]told{
		"GET /osrm/route/v1/{profile}/{coordinates}": {
			id: "getOsrmRoute", summary: say("Jalan tercepat lewat beberapa tempat, dalam bentuk OSRM", "The fastest way by some places, in OSRM's form"),
			params: append([]string{"overview", "geometries", "steps", "alternatives", "annotations", "continueStraight"}, osrm...), answer: "osrmRoute", status: 200, errors: []int{406}, refused: "osrmRefusal",
		},
		"GET /osrm/table/v1/{profile}/{coordinates}": {
			id: "getOsrmTable", summary: say("Lama perjalanan dari setiap tempat ke setiap tempat, dalam bentuk OSRM", "How long it takes from each place to each, in OSRM's form"),
			params: append([]string{"sources", "destinations", "tableAnnotations"}, osrm...), answer: "osrmTable", status: 200, errors: []int{406}, refused: "osrmRefusal",
		},
		"GET /osrm/nearest/v1/{profile}/{coordinates}": {
			id: "getOsrmNearest", summary: say("Jalan terdekat dari suatu tempat, dalam bentuk OSRM", "The roads nearest to a place, in OSRM's form"),
			params: append([]string{"number"}, osrm...), answer: "osrmNearest", status: 200, errors: []int{406}, refused: "osrmRefusal",
		},
	}
}

// osrm are the parameters that all services of OSRM have.
var osrm = []string{"osrmProfile", "coordinates", "radiuses", "hints", "generateHints", "skipWaypoints"}

// osrmParameters are those of OSRM.
func (b spec) osrmParameters() {
	str := openapi3.NewStringSchema
	words := func(key, name, id, en string, all ...any) {
		b.query(key, name, false, str().WithEnum(all...).WithDefault(all[0]), id, en)
	}
	b.path("osrmProfile", "profile", b.among("spoken profile"), "Cara pergi", "How one goes")
	b.path("coordinates", "coordinates", str(), "bujur,lintang;bujur,lintang, paling banyak 100", "longitude,latitude;longitude,latitude, at most 100")
	b.query("radiuses", "radiuses", false, str(), "Paling jauh dari jalan dalam meter, untuk setiap koordinat, dipisah titik koma; lebih dari 1000 menjadi 1000", "How far from a road at most in metres, for each coordinate, separated by semicolons; more than 1000 is 1000")
	b.query("hints", "hints", false, str(), "Tidak dipakai: hanya mempercepat OSRM", "Not used: they only make OSRM quicker")
	words("generateHints", "generate_hints", "Tidak ada petunjuk OSRM dalam jawaban", "There are no hints in answers", "false", "true")
	words("skipWaypoints", "skip_waypoints", "Tanpa tempat di jalan", "Without the places on roads", "false", "true")
	words("overview", "overview", "Garis seluruh rute", "The line of the whole route", "simplified", "full", "false")
	words("geometries", "geometries", "Bentuk garis", "The form of lines", "polyline", "polyline6", "geojson")
	words("steps", "steps", "Dengan langkah", "With steps", "false", "true")
	words("alternatives", "alternatives", "Selalu satu rute", "There is always one route", "false", "true", "1", "2", "3")
	words("annotations", "annotations", "Tidak tersedia", "Not to be had", "false")
	words("continueStraight", "continue_straight", "Boleh berbalik di tempat singgah", "One may turn back at a stop", "default", "false")
	words("tableAnnotations", "annotations", "Isi tabel", "What the table has", "duration")
	b.query("sources", "sources", false, str().WithDefault("all"), "Nomor koordinat asal, dipisah titik koma; atau all", "Numbers of the coordinates to leave from, separated by semicolons; or all")
	b.query("destinations", "destinations", false, str().WithDefault("all"), "Nomor koordinat tujuan, dipisah titik koma; atau all", "Numbers of the coordinates to go to, separated by semicolons; or all")
	b.query("number", "number", false, openapi3.NewIntegerSchema().WithMin(1).WithMax(100).WithDefault(1), "Berapa jalan", "How many roads")
}

// osrmSchemas are OSRM's documents. Lengths are metres, times seconds.
func osrmSchemas() openapi3.Schemas {
	str, whole, number, flag := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef(), openapi3.NewFloat64Schema().NewRef(), openapi3.NewBoolSchema().NewRef()
	position := openapi3.NewArraySchema().WithItems(openapi3.NewFloat64Schema()).WithMinItems(2).WithMaxItems(2).NewRef()
	answer := func(more openapi3.Schemas) *openapi3.SchemaRef {
		all := openapi3.Schemas{"code": openapi3.NewStringSchema().WithEnum("Ok").NewRef(), "graph_version": str, "closures_as_of": openapi3.NewDateTimeSchema().NewRef(), "hazard_version": str}
		maps.Copy(all, more)
		return object(all)
	}
	measured := func(more openapi3.Schemas) *openapi3.SchemaRef {
		all := openapi3.Schemas{"distance": number, "duration": number, "weight": number}
		maps.Copy(all, more)
		return object(all)
	}
	waypoints := array(object(openapi3.Schemas{"location": position, "name": str, "distance": number}))
	shape := openapi3.NewOneOfSchema(openapi3.NewStringSchema(), record(openapi3.Schemas{"type": openapi3.NewStringSchema().WithEnum("LineString").NewRef(), "coordinates": array(position)})).NewRef()
	step := measured(openapi3.Schemas{
		"geometry": shape, "name": str, "mode": str, "driving_side": str,
		"maneuver":      object(openapi3.Schemas{"location": position, "bearing_before": whole, "bearing_after": whole, "type": str, "modifier?": str}),
		"intersections": array(object(openapi3.Schemas{"location": position, "bearings": array(whole), "entry": array(flag), "in?": whole, "out?": whole})),
	})
	leg := measured(openapi3.Schemas{"summary": str, "steps": array(step)})
	return openapi3.Schemas{
		"osrmRoute":   answer(openapi3.Schemas{"routes": array(measured(openapi3.Schemas{"weight_name": str, "geometry?": shape, "legs": array(leg)})), "waypoints?": waypoints}),
		"osrmTable":   answer(openapi3.Schemas{"durations": array(array(openapi3.NewFloat64Schema().WithNullable().NewRef())), "sources?": waypoints, "destinations?": waypoints}),
		"osrmNearest": answer(openapi3.Schemas{"waypoints": waypoints}),
		"osrmRefusal": object(openapi3.Schemas{
			"code":    openapi3.NewStringSchema().WithEnum("InvalidUrl", "InvalidQuery", "InvalidOptions", "InvalidValue", "NoSegment", "NoRoute", "NotImplemented", "TooBig").NewRef(),
			"message": str,
		}),
	}
}
