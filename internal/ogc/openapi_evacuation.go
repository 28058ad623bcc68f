package ogc

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/plan"
)

// evacuationAPI describes the resources of evacuation.
func evacuationAPI() map[string]told {
	return map[string]told{
		"GET /api/v1/evacuation/feed": {
			id: "getWarningFeed", summary: say("Apakah peringatan BMKG diikuti, kapan terakhir dibaca, dan peringatan untuk kota ini", "Whether warnings of BMKG are followed, when they were last read, and those for the city"),
			answer: "warningFeed", status: 200, errors: []int{406},
		},
		"GET /api/v1/evacuation/routes": {
			id: "getEvacuationRoutes", summary: say("Ke mana lari dari suatu tempat: tempat evakuasi tercepat yang masih menerima orang, jalannya, dan sisa waktunya", "Where to run from a place: the fastest shelters that take people, the way, and the time to spare"),
			params: []string{"leaveFrom", "k", "profile", "hazard", "departureMin", "avoid", "routesF"}, answer: "evacuationRoutes", status: 200, errors: []int{406, 422},
			also: map[string]string{geoJSONType: "evacuationWays", "application/gpx+xml": "xml", "application/vnd.google-earth.kml+xml": "xml"},
		},
		"GET /api/v1/evacuation/reach": {
			id: "getEvacuationReach", summary: say("Jalan yang dalam sekian menit sampai ke tempat evakuasi yang masih menerima orang, sebagai GeoJSON", "The roads from which a shelter that takes people is reached in so many minutes, as GeoJSON"),
			params: []string{"reachMinutes", "profile", "ruleOfHazard", "reachAs", "reachBy"}, answer: "evacuationReach", status: 200, errors: []int{406},
		},
		"GET /api/v1/evacuation/coverage": {
			id: "getEvacuationCoverage", summary: say("Berapa penduduk yang sampai ke tempat evakuasi dalam sekian menit dan berapa yang tidak, menurut gampong", "How many people come to a shelter in so many minutes and how many do not, by village"),
			params: []string{"coverMinutes", "profile", "hazardOrNone", "departureMin"}, answer: "evacuationCoverage", status: 200, errors: []int{406},
		},
		"GET /api/v1/evacuation/pack/{area}": {
			id: "getEvacuationPack", summary: say("Berkas untuk telepon tanpa jaringan: jalan suatu wilayah dengan langkah berikut dari setiap simpul ke tempat evakuasi tercepat", "A file for phones without a network: the roads of an area, with the next edge from each node to the fastest shelter"),
			params: []string{"packArea", "profile", "packHazard"}, answer: "binary", media: "application/vnd.simtaru.evacuation-pack", status: 200, errors: []int{404, 406, 422},
		},
	}
}

// evacuationParameters are those of evacuation.
func (b spec) evacuationParameters() {
	str := openapi3.NewStringSchema
	b.query("leaveFrom", "from", true, str(), "Tempat berangkat: bujur,lintang dalam derajat", "The place to leave from: longitude,latitude in degrees")
	b.query("k", "k", false, openapi3.NewIntegerSchema().WithMin(1).WithMax(10).WithDefault(3), "Berapa tempat evakuasi", "How many shelters")
	b.query("profile", "profile", false, b.among("profile").WithDefault("foot"), "Cara pergi", "How one goes")
	b.query("hazard", "hazard", false, b.among("hazard"), "Bahaya; tanpa ini yang sedang diumumkan di tempat itu", "The hazard; without it the one that is announced at the place")
	b.query("reachMinutes", "minutes", false, str().WithDefault("5,10,15"), "Menit yang menaik, dipisah koma: paling banyak 6, sampai 120", "Minutes in rising order, separated by commas: at most 6, up to 120")
	b.query("reachAs", "as", false, str().WithEnum("lines", "areas").WithDefault("lines"), "Jalannya, atau daerah sampai off_road meter dari jalan itu", "The roads, or the areas up to off_road metres from them")
	b.query("reachBy", "by", false, b.among("reach by").WithDefault("minutes"), "Menurut waktu, atau menurut tempat evakuasi terdekat dalam waktu terlama", "By time, or by the nearest shelter within the longest time")
	b.query("hazardOrNone", "hazard", false, b.among("hazard or none"), "Bahaya; tanpa ini yang sedang diumumkan; none: tidak ada", "The hazard; without it the one that is announced; none: no hazard")
	b.query("coverMinutes", "minutes", false, openapi3.NewFloat64Schema().WithMin(0).WithExclusiveMin(true).WithMax(120).WithDefault(15), "Paling lama sekian menit dari rumah sampai pintu", "At most so many minutes from home to the door")
	b.query("ruleOfHazard", "hazard", false, b.among("hazard"), "Bahaya yang kawasannya tidak dimasuki; tanpa ini tidak ada", "The hazard whose zones are not entered; without it there is none")
	b.path("packArea", "area", str(), "Kode gampong atau kecamatan, atau city untuk seluruh kota", "The code of a gampong or district, or city for all of it")
	b.query("packHazard", "hazard", false, b.among("hazard"), "Bahaya; tanpa ini tanpa bahaya, dan untuk setiap bahaya yang sedang diumumkan", "The hazard; without it none, and each that is announced")
	b.query("departureMin", "departure_min", false, openapi3.NewFloat64Schema().WithMin(0).WithMax(1440).WithDefault(0), "Berangkat sekian menit lagi", "Leave in so many minutes")
	b.query("avoid", "avoid", false, str(), "Yang dihindari, dipisah titik koma: bridges, atau bujur,lintang jalan", "What to avoid, separated by semicolons: bridges, or longitude,latitude of a road")
}

// evacuationSchemas are the documents of evacuation. Lengths are metres, times
// seconds.
func (b spec) evacuationSchemas() openapi3.Schemas {
	str, whole, number, flag := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef(), openapi3.NewFloat64Schema().NewRef(), openapi3.NewBoolSchema().NewRef()
	moment, text := openapi3.NewDateTimeSchema().NewRef(), derived[plan.Text](nil)
	perhaps := func(s *openapi3.Schema) *openapi3.SchemaRef { return s.WithNullable().NewRef() }
	position := openapi3.NewArraySchema().WithItems(openapi3.NewFloat64Schema()).WithMinItems(2).WithMaxItems(2).NewRef()
	with := shelterWith
	why, turn := b.among("why").NewRef(), b.among("turn").NewRef()
	line := openapi3.Schemas{"type": openapi3.NewStringSchema().WithEnum("LineString").NewRef(), "coordinates": array(position)}
	route := openapi3.Schemas{
		"destination": object(with(openapi3.Schemas{"for_hazard": perhaps(openapi3.NewBoolSchema())})),
		"length":      number, "duration": number, "arrives_at": moment, "margin": perhaps(openapi3.NewFloat64Schema()),
		"tightest": maybe(openapi3.Schemas{"coordinates": position, "name": str, "deadline": moment, "margin": number}),
		"bridges":  array(str), "geometry": object(line),
		"steps": array(object(openapi3.Schemas{"text": text, "turn": turn, "name": str, "bridge": flag, "coordinates": position, "length": number, "duration": number})),
	}
	lines := openapi3.Schemas{"type": openapi3.NewStringSchema().WithEnum("MultiLineString").NewRef(), "coordinates": array(array(position))}
	areas := openapi3.Schemas{"type": openapi3.NewStringSchema().WithEnum("MultiPolygon").NewRef(), "coordinates": array(array(array(position)))}
	band := openapi3.Schemas{
		"type":       openapi3.NewStringSchema().WithEnum("Feature").NewRef(),
		"geometry":   openapi3.NewSchemaRef("", &openapi3.Schema{OneOf: openapi3.SchemaRefs{object(lines), object(areas)}}),
		"properties": object(openapi3.Schemas{"over_minutes": number, "minutes": number, "length": number, "destination": maybe(openapi3.Schemas{"id": whole, "name": str})}),
	}
	reach := object(openapi3.Schemas{
		"type": openapi3.NewStringSchema().WithEnum("FeatureCollection").NewRef(), "graph_version": str, "closures_as_of": moment, "hazard_version": str,
		"profile": object(openapi3.Schemas{"id": str, "title": text}), "hazard": perhaps(openapi3.NewStringSchema()),
		"shelters": whole, "length_beyond": number, "off_road": perhaps(openapi3.NewFloat64Schema()), "features": array(object(band)),
	})
	nobody := perhaps(openapi3.NewInt64Schema())
	coverage := object(openapi3.Schemas{
		"graph_version": str, "closures_as_of": moment, "hazard_version": str, "minutes": number,
		"profile": object(openapi3.Schemas{"id": str, "title": text}), "hazard": perhaps(openapi3.NewStringSchema()), "departure_at": moment,
		"people": whole, "covered": whole, "uncovered": whole, "unplaced": whole, "uncounted_areas": whole, "places": whole, "room": whole,
		"areas": array(object(openapi3.Schemas{
			"id": whole, "code": str, "name": str, "district": str, "people": nobody, "covered": nobody, "uncovered": nobody, "unplaced": nobody,
			"basis": openapi3.NewStringSchema().WithEnum("occupants", "dwellings", "both", "roads", "uncounted").NewRef(),
		})),
		"shelters": array(object(openapi3.Schemas{"id": whole, "name": str, "capacity": whole, "room": whole, "people": whole})),
	})
	return openapi3.Schemas{"warningFeed": warningFeed(), "evacuationReach": reach, "evacuationCoverage": coverage, "evacuationRoutes": object(openapi3.Schemas{
		"graph_version": str, "closures_as_of": moment, "hazard_version": str, "warnings_as_of": perhaps(openapi3.NewDateTimeSchema()), "sentence": text,
		"from":    object(openapi3.Schemas{"coordinates": position, "road": str, "distance_to_road": number, "area": perhaps(openapi3.NewStringSchema())}),
		"profile": object(openapi3.Schemas{"id": str, "title": text}), "hazard": perhaps(openapi3.NewStringSchema()),
		"event": maybe(openapi3.Schemas{
			"id": whole, "hazard": str, "level": str, "starts_at": moment, "arrival_at": perhaps(openapi3.NewDateTimeSchema()), "source": str, "bulletin": str, "message": text,
		}),
		"departure_at": moment, "routes": array(object(route)), "alternative": maybe(route),
		"passed_over":          array(object(with(openapi3.Schemas{"distance": number, "why": why, "text": text}))),
		"cannot_reach_in_time": flag, "refuge": maybe(with(openapi3.Schemas{"distance": number})),
	})}
}

// warningFeed is the document of the feed of warnings. Times are seconds, depths
// kilometres.
func warningFeed() *openapi3.SchemaRef {
	str, flag, number, text := openapi3.NewStringSchema().NewRef(), openapi3.NewBoolSchema().NewRef(), openapi3.NewFloat64Schema().NewRef(), derived[plan.Text](nil)
	perhaps := func(s *openapi3.Schema) *openapi3.SchemaRef { return s.WithNullable().NewRef() }
	moment, figure, whole := perhaps(openapi3.NewDateTimeSchema()), perhaps(openapi3.NewFloat64Schema()), openapi3.NewInt64Schema().NewRef()
	words := maybe(openapi3.Schemas{"id": str, "en": str})
	state := openapi3.NewStringSchema().WithEnum("off", "starting", "ok", "late", "failing").NewRef()
	quake := maybe(openapi3.Schemas{
		"at": openapi3.NewDateTimeSchema().NewRef(), "coordinates": perhaps(openapi3.NewArraySchema().WithItems(openapi3.NewFloat64Schema()).WithMinItems(2).WithMaxItems(2)),
		"magnitude": figure, "depth": figure, "place": str, "felt": str, "potential": str,
	})
	return object(openapi3.Schemas{
		"state": state, "sentence": text, "as_of": moment, "lag": figure, "every": number, "error": words,
		"warnings": array(object(openapi3.Schemas{
			"event": perhaps(openapi3.NewInt64Schema()), "on": flag, "held": flag, "ended": flag, "left_out": flag, "without_area": flag,
			"level": perhaps(openapi3.NewStringSchema().WithEnum("awas", "siaga", "waspada", nil)), "arrival_at": moment, "bulletin": str, "sent_at": moment, "earthquake": quake,
		})),
		"earthquakes": object(openapi3.Schemas{"latest": quake, "near": quake, "felt": quake}),
		"sources": array(object(openapi3.Schemas{
			"name": str, "state": state, "fetched_at": moment, "good_at": moment, "lag": figure, "entries": whole, "failures": whole, "error": words, "faults": array(text),
		})),
	})
}
