package ogc

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/plan"
)

// extractAPI describes the resources of extracts.
func extractAPI() map[string]told {
	return map[string]told{
		"POST /api/v1/extracts": {
			id: "makeExtract", summary: say("Membuat kutipan rencana untuk sebidang tanah; kutipan tidak berubah, dan tanpa login disimpan 90 hari", "Make an extract of the plan for a piece of land; it does not change, and without a login is kept for 90 days"),
			params: []string{"lang"}, body: "extractQuestion", answer: "extract", status: 201, errors: []int{404, 406, 422},
		},
		"GET /api/v1/extracts/{id}": {
			id: "getExtract", summary: say("Kutipan seperti saat dibuat, bita demi bita", "An extract as it was made, byte for byte"),
			params: []string{"extractId", "lang"}, answer: "extract", status: 200, errors: []int{404, 406, 410},
		},
		"GET /api/v1/extracts/{id}.pdf": {
			id: "printExtract", summary: say("Kutipan untuk dicetak, dua sampai empat halaman A4", "An extract on paper, two to four pages A4"),
			params: []string{"extractId", "lang"}, answer: "extractPDF", media: "application/pdf", status: 200, errors: []int{404, 406, 410},
		},
		"GET /api/v1/extracts/{id}/verify": {
			id: "verifyExtract", summary: say("Apakah kutipan asli, dan apakah rencana berubah sejak itu", "Whether an extract is genuine, and whether the plan has changed since"),
			params: []string{"extractId", "extractHash"}, answer: "extractVerdict", status: 200, errors: []int{404, 406, 422},
		},
	}
}

// extractParameters are those of extracts.
func (b spec) extractParameters() {
	b.path("extractId", "id", openapi3.NewUUIDSchema(), "Nomor kutipan, UUID", "Id of the extract, a UUID")
	b.query("extractHash", "sha256", false, openapi3.NewStringSchema().WithPattern("^[0-9a-fA-F]{16,64}$"), "SHA-256 yang tercetak, atau paling sedikit 16 angka pertamanya, untuk dibandingkan", "The SHA-256 that is printed, or at least its first 16 digits, to be compared")
}

// extractSchemas are the documents of extracts.
func extractSchemas() openapi3.Schemas {
	str, whole, number, flag := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef(), openapi3.NewFloat64Schema().NewRef(), openapi3.NewBoolSchema().NewRef()
	at := openapi3.NewDateTimeSchema().NewRef()
	text := derived[plan.Text](nil)
	free := openapi3.NewObjectSchema().NewRef()
	ring := array(array(array(number)))
	areas, lines, points := array(ring), array(array(array(number))), array(array(number))
	near := nearestSchema()
	zone := openapi3.Schemas{"block?": str, "intensity": array(free), "activities": array(free), "activitiesAbove?": flag, "references": array(free)}
	entry := openapi3.Schemas{
		"code?": str, "title": text, "color": str, "area?": whole, "percent?": number, "length?": whole, "points?": whole, "distance": whole, "sentence": text,
		"values?": free, "features": array(object(openapi3.Schemas{"id": whole, "revision": whole})), "zone?": object(zone),
	}
	theme := openapi3.Schemas{
		"id": str, "title": text, "layer": str, "sentence": text, "entries": array(object(entry)), "more?": whole, "unknown?": whole, "note?": text,
		"check?": object(openapi3.Schemas{"sum": number, "difference": number, "percent": number, "outside?": number, "overlap?": number, "sentence": text}),
		"legal?": array(object(openapi3.Schemas{"document": str, "article?": str, "link?": str, "status?": openapi3.NewStringSchema().WithEnum("in_force", "under_change", "draft").NewRef()})),
	}
	absent := array(object(openapi3.Schemas{"id": str, "title": text, "layer": str, "why?": text}))
	return openapi3.Schemas{
		"extractPDF": openapi3.NewStringSchema().WithFormat("binary").NewRef(),
		"extractQuestion": sent(openapi3.Schemas{
			"parcel?": whole, "activity?": str, "roadClass?": str,
			"geometry?": sent(openapi3.Schemas{"type": openapi3.NewStringSchema().WithEnum("Polygon").NewRef(), "coordinates": ring}),
		}),
		"extract": object(openapi3.Schemas{
			"format": whole, "id": openapi3.NewUUIDSchema().NewRef(), "createdAt": at, "keptUntil?": at, "office": text, "sentence": text,
			"parcel": object(openapi3.Schemas{
				"layer?": str, "id?": whole, "revision?": whole, "number?": str, "right?": text, "rightType?": str, "certificateNo?": str,
				"certificateArea": openapi3.NewFloat64Schema().WithNullable().NewRef(), "geometricArea": number, "area": number,
				"basis": openapi3.NewStringSchema().WithEnum("certificate", "geometry").NewRef(), "note?": text, "address?": str, "village?": str, "villageCode?": str, "district?": str,
			}),
			"options":   object(openapi3.Schemas{"activity?": str, "roadClass?": str}),
			"concerned": array(object(theme)), "notConcerned": absent, "withoutData": absent, "nearestPark": near, "nearestShelter": near,
			"layers": array(object(openapi3.Schemas{
				"layer": str, "title": text, "version": str, "updatedAt": openapi3.NewDateTimeSchema().WithNullable().NewRef(), "licence": str, "attribution": text,
			})),
			"rules":       ruleSetSchema(),
			"disclaimers": array(text),
			"map": object(openapi3.Schemas{
				"scale": whole, "tolerance?": number, "smallest?": number, "frame": array(number), "parcel": areas,
				"drawn": array(object(openapi3.Schemas{
					"theme": str, "code?": str, "title": text, "symbol": free, "here": flag, "areas?": areas, "lines?": lines, "points?": points,
				})),
				"neighbours": array(object(openapi3.Schemas{"number?": str, "areas": areas})), "buildings": array(areas),
				"roads": array(object(openapi3.Schemas{"name?": str, "lines": lines})),
			}),
		}),
		"extractVerdict": object(openapi3.Schemas{
			"id": openapi3.NewUUIDSchema().NewRef(), "createdAt": at, "sha256": str, "genuine": openapi3.NewBoolSchema().WithNullable().NewRef(),
			"proof":     openapi3.NewStringSchema().WithEnum("signed", "unsigned", "broken").NewRef(),
			"signature": openapi3.NewBytesSchema().WithNullable().NewRef(), "matches": openapi3.NewBoolSchema().WithNullable().NewRef(),
			"keptUntil": openapi3.NewDateTimeSchema().WithNullable().NewRef(), "checkedAt": at, "changed": openapi3.NewBoolSchema().WithNullable().NewRef(), "changes": array(text),
		}),
	}
}
