package ogc

import (
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
)

// wayAPI describes what other programs and devices take of evacuation.
func wayAPI() map[string]told {
	return map[string]told{
		"GET /api/v1/evacuation/shelters/status": {
			id: "getShelterStatus", summary: say("Keadaan semua tempat evakuasi sekarang, dengan nama isian OpenShelters (FEMA dan Palang Merah Amerika)", "All shelters as they stand, under the names of OpenShelters (FEMA and the American Red Cross)"),
			params: []string{"sheltersF"}, answer: "shelterStatuses", status: 200, errors: []int{406},
			also: map[string]string{geoJSONType: "shelterStatusFeatures", "text/csv": "csv"},
		},
		"POST " + routesPath: {
			id: "computeRoute", summary: say("Rute lewat beberapa titik (OGC API Routes)", "A route by some points (OGC API Routes)"),
			body: "routeDefinition", answer: "routeExchangeModel", media: geoJSONType, status: 200, errors: []int{406, 422},
		},
		"GET /api/v1/evacuation/alerts": {
			id: "getAlerts", summary: say("Peringatan dan penutupan jalan yang berlaku, dan yang baru dicabut, sebagai Atom", "Alerts and road closures that are on, and those called off lately, as Atom"),
			answer: "xml", media: "application/atom+xml", status: 200, errors: []int{406},
		},
		"GET /api/v1/evacuation/alerts/{id}": {
			id: "getAlert", summary: say("Satu peringatan sebagai CAP 1.2", "One alert as CAP 1.2"),
			params: []string{"alertId"}, answer: "xml", media: "application/cap+xml", status: 200, errors: []int{404, 406},
		},
	}
}

// wayParameters are those of it.
func (b spec) wayParameters() {
	formats := func(key string, all ...any) {
		b.query(key, "f", false, openapi3.NewStringSchema().WithEnum(all...).WithDefault(all[0]), "Format; lebih kuat daripada Accept", "Format; stronger than Accept")
	}
	b.path("alertId", "id", openapi3.NewStringSchema(), "Nama peringatan, dari daftarnya", "Name of the alert, from the feed")
	formats("routesF", "json", "geojson", "gpx", "kml")
	formats("sheltersF", "json", "geojson", "csv")
}

func position() *openapi3.SchemaRef { return numbers(2).NewRef() }

func oneOf(all ...any) *openapi3.SchemaRef {
	return openapi3.NewStringSchema().WithEnum(all...).NewRef()
}

func nullable(s *openapi3.Schema) *openapi3.SchemaRef { return s.WithNullable().NewRef() }

// shelterWith are the members of a shelter, and more.
func shelterWith(more openapi3.Schemas) openapi3.Schemas {
	str, whole := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef()
	all := openapi3.Schemas{
		"id": whole, "name": str, "kind": str, "status": str, "coordinates": position(), "capacity": whole, "occupancy": whole, "room": whole,
		"refuge_height": nullable(openapi3.NewFloat64Schema()),
	}
	maps.Copy(all, more)
	return all
}

// located is a feature of GeoJSON.
func located(shape string, coordinates *openapi3.SchemaRef, properties openapi3.Schemas) *openapi3.SchemaRef {
	return object(openapi3.Schemas{
		"type": oneOf("Feature"), "properties": object(properties),
		"geometry": object(openapi3.Schemas{"type": oneOf(shape), "coordinates": coordinates}),
	})
}

// routesPath is where OGC API Routes has its routes.
const routesPath = "/ogc/routes"

// waySchemas are its documents. Lengths are metres, times seconds.
func (b spec) waySchemas() openapi3.Schemas {
	points := record(openapi3.Schemas{"type": oneOf("MultiPoint"), "coordinates": openapi3.NewArraySchema().WithItems(numbers(2)).WithMinItems(2).WithMaxItems(100).NewRef()}).NewRef()
	areas := record(openapi3.Schemas{"type": oneOf("MultiPolygon"), "coordinates": openapi3.NewArraySchema().WithItems(openapi3.NewSchema()).NewRef()}).NewRef()
	str, whole, number, moment := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef(), openapi3.NewFloat64Schema().NewRef(), openapi3.NewDateTimeSchema().NewRef()
	ways := openapi3.NewOneOfSchema(
		located("LineString", array(position()), openapi3.Schemas{
			"feature": oneOf("route", "alternative"), "rank": nullable(openapi3.NewIntegerSchema()), "name": str, "destination": whole, "length": number, "duration": number,
			"arrives_at": moment, "margin": nullable(openapi3.NewFloat64Schema()), "bridges": array(str), "steps": array(str),
		}).Value,
		located("Point", position(), shelterWith(openapi3.Schemas{"feature": oneOf("destination", "refuge")})).Value,
		located("Point", position(), openapi3.Schemas{"feature": oneOf("from"), "road": str}).Value,
	).NewRef()
	status := openapi3.Schemas{
		"SHELTER_ID": whole, "SHELTER_NAME": str, "SHELTER_STATUS": oneOf("OPEN", "FULL", "STANDBY", "CLOSED"), "EVACUATION_CAPACITY": whole, "LATITUDE": number, "LONGITUDE": number,
		"POST_IMPACT_CAPACITY": nullable(openapi3.NewInt64Schema()), "TOTAL_POPULATION": nullable(openapi3.NewInt64Schema()),
		"kind": str, "status": str, "room": whole, "refuge_height": nullable(openapi3.NewFloat64Schema()), "revision": whole, "updated_at": moment,
	}
	for _, name := range []string{"ADDRESS", "CITY", "STATE", "ZIP", "HOURS_OPEN", "HOURS_CLOSE", "ORG_NAME", "MATCH_TYPE", "ADA_COMPLIANT", "WHEELCHAIR_ACCESSIBLE", "PET_ACCOMMODATIONS_CODE"} {
		status[name] = nullable(openapi3.NewStringSchema())
	}
	return openapi3.Schemas{
		"xml": str,
		"routeDefinition": object(openapi3.Schemas{"inputs": object(openapi3.Schemas{
			"name?": openapi3.NewStringSchema().WithMaxLength(250).NewRef(), "waypoints": points, "preference?": b.among("preference").WithDefault("fastest").NewRef(),
			"mode?": b.among("profile").WithDefault("foot").NewRef(), "obstacles?": areas,
		})}),
		"routeExchangeModel": object(openapi3.Schemas{
			"type": oneOf("FeatureCollection"), "name?": str, "graph_version": str, "closures_as_of": moment, "hazard_version": str,
			"features": openapi3.NewArraySchema().WithItems(openapi3.NewObjectSchema()).NewRef(),
		}),
		"evacuationWays": object(openapi3.Schemas{
			"type": oneOf("FeatureCollection"), "graph_version": str, "closures_as_of": moment, "hazard_version": str, "sentence": str,
			"cannot_reach_in_time": openapi3.NewBoolSchema().NewRef(), "features": array(ways),
		}),
		"shelterStatuses":       object(openapi3.Schemas{"shelter_version": str, "shelters_as_of": moment, "shelters": array(object(status))}),
		"shelterStatusFeatures": object(openapi3.Schemas{"type": oneOf("FeatureCollection"), "shelter_version": str, "shelters_as_of": moment, "features": array(located("Point", position(), status))}),
	}
}
