package ogc

import (
	"maps"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/plan"
)

// evacuationPlanAPI describes the plans for the evacuation of the city.
func evacuationPlanAPI() map[string]told {
	const plans = "/api/v1/evacuation/plans"
	return map[string]told{
		"GET " + plans: {
			id: "getEvacuationPlans", summary: say("Rencana evakuasi kota, yang terbaru dahulu (petugas kebencanaan, admin)", "The evacuation plans of the city, the newest first (disaster officers, administrators)"),
			who: editor, answer: "evacuationPlans", status: 200, errors: []int{403, 406},
		},
		"POST " + plans: {
			id: "orderEvacuationPlan", summary: say("Meminta rencana evakuasi seluruh kota; dibuat satu per satu", "Ask for a plan for the evacuation of the whole city; they are made one after the other"),
			who: editor, body: "evacuationOrder", answer: "evacuationPlan", status: 202, errors: []int{406, 409, 422},
		},
		"GET " + plans + "/{id}": {
			id: "getEvacuationPlan", summary: say("Sampai di mana suatu rencana, dan hasilnya: siapa yang selamat, siapa yang tidak dan mengapa", "How far a plan is, and what it comes to: who is saved, who is not, and why"),
			who: editor, params: []string{"evacuationPlanId", "against"}, answer: "evacuationPlan", status: 200, errors: []int{403, 404, 406, 422},
		},
		"DELETE " + plans + "/{id}": {
			id: "deleteEvacuationPlan", summary: say("Mengakhiri rencana yang sedang dibuat (yang terbaik sampai saat itu disimpan), atau menghapus rencana", "End a plan that is being made (the best until then is kept), or delete one"),
			who: editor, params: []string{"evacuationPlanId"}, status: 204, errors: []int{404},
		},
		"GET " + plans + "/{id}/flows": {
			id: "getEvacuationFlows", summary: say("Arus orang di jalan menurut suatu rencana, sebagai GeoJSON", "The flows of people on the roads by a plan, as GeoJSON"),
			who: editor, params: []string{"evacuationPlanId"}, answer: "evacuationFlows", media: "application/geo+json", status: 200, errors: []int{403, 404, 406},
		},
		"GET " + plans + "/{id}/groups": {
			id: "getEvacuationGroups", summary: say("Siapa ke mana, kapan, dan lewat jalan apa", "Who goes where, when and by which roads"),
			who: editor, params: []string{"evacuationPlanId"}, answer: "evacuationGroups", status: 200, errors: []int{403, 404, 406},
		},
		"GET " + plans + "/{id}/groups.csv": {
			id: "getEvacuationGroupsTable", summary: say("Siapa ke mana, kapan, dan lewat jalan apa, sebagai tabel CSV", "Who goes where, when and by which roads, as a CSV table"),
			who: editor, params: []string{"evacuationPlanId"}, answer: "csv", media: "text/csv", status: 200, errors: []int{403, 404},
		},
	}
}

func (b spec) evacuationPlanParameters() {
	b.path("evacuationPlanId", "id", openapi3.NewUUIDSchema(), "Nomor rencana, UUID", "Id of the plan, a UUID")
	b.query("against", "against", false, openapi3.NewUUIDSchema(), "Nomor rencana lain untuk dibandingkan", "Id of another plan to compare with")
}

// evacuationPlanSchemas are the documents of plans. Times are minutes after the
// hazard begins, lengths metres.
func evacuationPlanSchemas() openapi3.Schemas {
	str, whole, number, flag := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef(), openapi3.NewFloat64Schema().NewRef(), openapi3.NewBoolSchema().NewRef()
	perhaps := func(s *openapi3.Schema) *openapi3.SchemaRef { return s.WithNullable().NewRef() }
	moment, text := openapi3.NewDateTimeSchema().NewRef(), derived[plan.Text](nil)
	position := openapi3.NewArraySchema().WithItems(openapi3.NewFloat64Schema()).WithMinItems(2).WithMaxItems(2).NewRef()
	departure := openapi3.Schemas{"from_min": number, "to_min": number}
	order := openapi3.Schemas{
		"title?": openapi3.NewStringSchema().WithMaxLength(200).NewRef(), "profile?": str, "hazard?": str,
		"minutes": openapi3.NewFloat64Schema().WithMin(1).WithMax(180).NewRef(), "arrival_min?": perhaps(openapi3.NewFloat64Schema()),
		"departure?": perhaps(record(departure)), "step_s?": perhaps(openapi3.NewIntegerSchema().WithMin(1).WithMax(60)),
		"people?": openapi3.NewStringSchema().WithEnum("night").NewRef(), "without_shelters?": openapi3.NewArraySchema().WithItems(openapi3.NewInt64Schema()).WithNullable().NewRef(),
		"closed?": perhaps(record(openapi3.Schemas{"type": str, "coordinates": openapi3.NewSchema().NewRef()})),
	}
	times := object(openapi3.Schemas{"mean": number, "p95": number, "last": number})
	left := array(object(openapi3.Schemas{"why": openapi3.NewStringSchema().WithEnum("no_room", "too_late", "crowded", "no_way").NewRef(), "text": text, "people": whole}))
	area := openapi3.Schemas{"id": whole, "code": str, "name": str, "district": str, "people": whole, "saved": whole, "arrival": times, "not_saved": left}
	outcome := openapi3.Schemas{
		"people": whole, "outside": whole, "unplaced": whole, "saved": whole, "not_saved_at_least": whole, "gap": number, "optimal": flag, "arrival": times,
		"mean_arrival_at_least": number, "on_the_way": times, "not_saved": left, "worst_area": maybe(area), "areas?": array(object(area)),
		"shelters?": array(object(openapi3.Schemas{
			"id": whole, "name": str, "capacity": whole, "room": whole, "people": whole, "full": flag, "first": number, "last": number, "arrivals_per_minute": array(whole),
		})),
		"arrivals_per_minute?": array(whole),
		"model": object(openapi3.Schemas{
			"steps": whole, "step_seconds": number, "network_nodes": whole, "network_edges": whole, "nodes": whole, "edges": whole, "groups": whole,
			"people_moved": number, "rounding_seconds": number,
		}),
	}
	asked := maps.Clone(order)
	one := openapi3.Schemas{
		"id": openapi3.NewUUIDSchema().NewRef(), "title": str, "asked_by": str, "asked_at": moment, "started_at": perhaps(openapi3.NewDateTimeSchema()),
		"ended_at": perhaps(openapi3.NewDateTimeSchema()), "status": openapi3.NewStringSchema().WithEnum("queued", "running", "done", "failed", "cancelled").NewRef(),
		"cancelling": flag, "progress": derived[plan.EvacuationProgress](nil), "note": maybe(openapi3.Schemas{"id": str, "en": str}),
		"problem":       maybe(openapi3.Schemas{"code": str, "detail": text}),
		"graph_version": perhaps(openapi3.NewStringSchema()), "closures_as_of": perhaps(openapi3.NewDateTimeSchema()), "hazard_version": perhaps(openapi3.NewStringSchema()),
		"asked": object(asked), "outcome": maybe(outcome),
		"against?": object(openapi3.Schemas{
			"id": openapi3.NewUUIDSchema().NewRef(), "title": str, "people": whole, "saved": whole, "mean_arrival": number,
			"areas": array(object(openapi3.Schemas{"code": str, "name": str, "saved": whole})),
		}),
	}
	flow := openapi3.Schemas{
		"type": openapi3.NewStringSchema().WithEnum("Feature").NewRef(),
		"geometry": object(openapi3.Schemas{
			"type": openapi3.NewStringSchema().WithEnum("LineString").NewRef(), "coordinates": array(position),
		}),
		"properties": object(openapi3.Schemas{
			"kind": openapi3.NewStringSchema().WithEnum("street", "leaving", "entering").NewRef(), "name": str, "layer": str, "feature": whole, "people": whole, "peak": whole,
			"peak_minute": whole, "capacity": whole, "saturated": number, "first": number, "last": number, "per_minute": array(whole),
		}),
	}
	return openapi3.Schemas{
		"evacuationOrder": sent(order), "evacuationPlan": object(one), "evacuationPlans": object(openapi3.Schemas{"plans": array(object(one))}),
		"evacuationFlows": object(openapi3.Schemas{"type": openapi3.NewStringSchema().WithEnum("FeatureCollection").NewRef(), "features": array(object(flow))}),
		"evacuationGroups": object(openapi3.Schemas{"groups": array(object(openapi3.Schemas{
			"area_code": str, "area": str, "coordinates": position, "people": whole, "shelter_id": perhaps(openapi3.NewInt64Schema()), "shelter_name": str, "why": str,
			"leave_first": number, "leave_last": number, "arrive_first": number, "arrive_last": number, "minutes": number, "waiting": number, "length": number, "way": str,
		}))}),
	}
}
