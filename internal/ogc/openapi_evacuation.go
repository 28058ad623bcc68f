package ogc

import (
	"maps"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/plan"
)

// evacuationAPI describes the resources of evacuation.
func evacuationAPI() map[string]told {
	return map[string]told{
		"GET /api/v1/evacuation/routes": {
			id: "getEvacuationRoutes", summary: say("Ke mana lari dari suatu tempat: tempat evakuasi tercepat yang masih menerima orang, jalannya, dan sisa waktunya", "Where to run from a place: the fastest shelters that take people, the way, and the time to spare"),
			params: []string{"leaveFrom", "k", "profile", "hazard", "departureMin", "avoid"}, answer: "evacuationRoutes", status: 200, errors: []int{406, 422},
		},
		"GET /api/v1/evacuation/reach": {
			id: "getEvacuationReach", summary: say("Jalan yang dalam sekian menit sampai ke tempat evakuasi yang masih menerima orang, sebagai GeoJSON", "The roads from which a shelter that takes people is reached in so many minutes, as GeoJSON"),
			params: []string{"reachMinutes", "profile", "ruleOfHazard", "reachAs", "reachBy"}, answer: "evacuationReach", status: 200, errors: []int{406},
		},
		"GET /api/v1/evacuation/coverage": {
			id: "getEvacuationCoverage", summary: say("Berapa penduduk yang sampai ke tempat evakuasi dalam sekian menit dan berapa yang tidak, menurut gampong", "How many people come to a shelter in so many minutes and how many do not, by village"),
			params: []string{"coverMinutes", "profile", "ruleOfHazard", "departureMin"}, answer: "evacuationCoverage", status: 200, errors: []int{406},
		},
	}
}

// evacuationParameters are those of evacuation.
func (b spec) evacuationParameters() {
	str := openapi3.NewStringSchema
	b.query("leaveFrom", "from", true, str(), "Tempat berangkat: bujur,lintang dalam derajat", "The place to leave from: longitude,latitude in degrees")
	b.query("k", "k", false, openapi3.NewIntegerSchema().WithMin(1).WithMax(10).WithDefault(3), "Berapa tempat evakuasi", "How many shelters")
	b.query("profile", "profile", false, str().WithEnum("foot", "foot_elderly", "foot_helped", "bicycle", "motorcycle", "car").WithDefault("foot"), "Cara pergi", "How one goes")
	b.query("hazard", "hazard", false, str().WithEnum("earthquake", "flash_flood", "flood", "tsunami"), "Bahaya; tanpa ini yang sedang diumumkan di tempat itu", "The hazard; without it the one that is announced at the place")
	b.query("reachMinutes", "minutes", false, str().WithDefault("5,10,15"), "Menit yang menaik, dipisah koma: paling banyak 6, sampai 120", "Minutes in rising order, separated by commas: at most 6, up to 120")
	b.query("reachAs", "as", false, str().WithEnum("lines", "areas").WithDefault("lines"), "Jalannya, atau daerah sampai off_road meter dari jalan itu", "The roads, or the areas up to off_road metres from them")
	b.query("reachBy", "by", false, str().WithEnum("minutes", "shelter").WithDefault("minutes"), "Menurut waktu, atau menurut tempat evakuasi terdekat dalam waktu terlama", "By time, or by the nearest shelter within the longest time")
	b.query("coverMinutes", "minutes", false, openapi3.NewFloat64Schema().WithMin(0).WithExclusiveMin(true).WithMax(120).WithDefault(15), "Paling lama sekian menit dari rumah sampai pintu", "At most so many minutes from home to the door")
	b.query("ruleOfHazard", "hazard", false, str().WithEnum("earthquake", "flash_flood", "flood", "tsunami"), "Bahaya yang kawasannya tidak dimasuki; tanpa ini tidak ada", "The hazard whose zones are not entered; without it there is none")
	b.query("departureMin", "departure_min", false, openapi3.NewFloat64Schema().WithMin(0).WithMax(1440).WithDefault(0), "Berangkat sekian menit lagi", "Leave in so many minutes")
	b.query("avoid", "avoid", false, str(), "Yang dihindari, dipisah titik koma: bridges, atau bujur,lintang jalan", "What to avoid, separated by semicolons: bridges, or longitude,latitude of a road")
}

// evacuationSchemas are the documents of evacuation. Lengths are metres, times
// seconds.
func evacuationSchemas() openapi3.Schemas {
	str, whole, number, flag := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef(), openapi3.NewFloat64Schema().NewRef(), openapi3.NewBoolSchema().NewRef()
	moment, text := openapi3.NewDateTimeSchema().NewRef(), derived[plan.Text](nil)
	perhaps := func(s *openapi3.Schema) *openapi3.SchemaRef { return s.WithNullable().NewRef() }
	position := openapi3.NewArraySchema().WithItems(openapi3.NewFloat64Schema()).WithMinItems(2).WithMaxItems(2).NewRef()
	shelter := openapi3.Schemas{
		"id": whole, "name": str, "kind": str, "status": str, "coordinates": position, "capacity": whole, "occupancy": whole, "room": whole,
		"refuge_height": perhaps(openapi3.NewFloat64Schema()),
	}
	with := func(more openapi3.Schemas) openapi3.Schemas {
		all := maps.Clone(shelter)
		maps.Copy(all, more)
		return all
	}
	why := openapi3.NewStringSchema().WithEnum("closed", "full", "not_for_hazard", "not_accepted", "no_road", "no_way", "too_late", "avoided").NewRef()
	turn := openapi3.NewStringSchema().WithEnum("depart", "straight", "slight_left", "left", "sharp_left", "slight_right", "right", "sharp_right", "back", "arrive").NewRef()
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
		"properties": object(openapi3.Schemas{"over_minutes": number, "minutes": number, "length": number, "shelter": maybe(openapi3.Schemas{"id": whole, "name": str})}),
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
	return openapi3.Schemas{"evacuationReach": reach, "evacuationCoverage": coverage, "evacuationRoutes": object(openapi3.Schemas{
		"graph_version": str, "closures_as_of": moment, "hazard_version": str, "sentence": text,
		"from":    object(openapi3.Schemas{"coordinates": position, "road": str, "distance_to_road": number}),
		"profile": object(openapi3.Schemas{"id": str, "title": text}), "hazard": perhaps(openapi3.NewStringSchema()),
		"event": maybe(openapi3.Schemas{
			"id": whole, "hazard": str, "level": str, "starts_at": moment, "arrival_at": perhaps(openapi3.NewDateTimeSchema()), "source": str, "bulletin": str, "message": text,
		}),
		"departure_at": moment, "routes": array(object(route)), "alternative": maybe(route),
		"passed_over":          array(object(with(openapi3.Schemas{"distance": number, "why": why, "text": text}))),
		"cannot_reach_in_time": flag, "refuge": maybe(with(openapi3.Schemas{"distance": number})),
	})}
}
