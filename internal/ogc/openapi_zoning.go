package ogc

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/plan"
)

// zoningAPI describes the resources of zoning.
func zoningAPI() map[string]told {
	return map[string]told{
		"GET /api/v1/zoning/at": {
			id: "getZoningAt", summary: say("Apa yang diizinkan rencana di suatu titik: sub-zona, kegiatan, besarnya bangunan, tumpang susun", "What the plan allows at a point: sub-zone, activities, how much may be built, overlays"),
			params: []string{"lon", "lat", "activity", "plotM2", "roadClass"}, answer: "zoningAt", status: 200, errors: []int{406},
		},
		"GET /api/v1/activities": {
			id: "getActivities", summary: say("Mencari kegiatan menurut kata, dengan ejaan yang longgar", "Activities by word, forgiving of spelling"),
			params: []string{"activityWords", "activityLimit"}, answer: "activities", status: 200, errors: []int{406},
		},
	}
}

// zoningParameters are those of zoning.
func (b spec) zoningParameters() {
	str, num := openapi3.NewStringSchema, openapi3.NewFloat64Schema
	b.query("lon", "lon", true, num().WithMin(-180).WithMax(180), "Bujur dalam derajat", "Longitude in degrees")
	b.query("lat", "lat", true, num().WithMin(-90).WithMax(90), "Lintang dalam derajat", "Latitude in degrees")
	b.query("activity", "activity", false, str(), "Kode kegiatan; tanpa ini semua kegiatan", "Code of an activity; without it all activities")
	b.query("plotM2", "plot_m2", false, num().WithMin(0).WithExclusiveMin(true).WithMax(1e7), "Luas persil dalam m2", "Size of the plot in m2")
	b.query("roadClass", "road_class", false, str(), "Kelas jalan di depan persil: arteri, kolektor, lokal, lingkungan", "Class of the road in front: arteri, kolektor, lokal, lingkungan")
	b.query("activityWords", "q", false, str().WithMaxLength(100), "Kata yang dicari; tanpa ini semua kegiatan", "Words to look for; without them all activities")
	b.query("activityLimit", "limit", false, openapi3.NewIntegerSchema().WithMin(1).WithMax(1000).WithDefault(20), "Jumlah kegiatan; yang lebih besar dipotong", "How many activities; more is cut to the maximum")
}

// zoningSchemas are the documents of zoning.
func zoningSchemas() openapi3.Schemas {
	str, whole, number := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef(), openapi3.NewFloat64Schema().NewRef()
	text := derived[plan.Text](nil)
	numbersByName := openapi3.NewObjectSchema()
	numbersByName.AdditionalProperties = openapi3.AdditionalProperties{Schema: number}
	figures := openapi3.Schemas{"tooSmall?": openapi3.NewBoolSchema().NewRef()}
	for _, name := range []string{"footprint?", "floorArea?", "floorAreaMin?", "green?", "basement?", "floors?"} {
		figures[name] = number
	}
	intensity := openapi3.Schemas{
		"zones": array(str), "blocks?": array(str), "roads?": array(str), "setback?": numbersByName.NewRef(), "figures?": object(figures),
	}
	for _, name := range []string{"plotFrom?", "plotTo?", "kdb?", "kdh?", "ktb?", "klb?", "klbMin?", "height?", "floors?", "side?", "rear?", "smallestPlot?"} {
		intensity[name] = number
	}
	state := openapi3.NewStringSchema().WithEnum("here", "none", "unknown").NewRef()
	near := nearestSchema()
	activity := openapi3.Schemas{"code": str, "kbli?": str, "title": text, "group": text}
	admitted := openapi3.Schemas{
		"code": str, "kbli?": str, "title": text, "group": text, "answer": str,
		"conditions?": array(object(openapi3.Schemas{"code": str, "text": text})),
	}
	verdict := openapi3.NewStringSchema().WithEnum("allowed", "limited", "conditional", "limited_conditional", "prohibited", "not_stated").NewRef()
	zone := openapi3.Schemas{
		"id": whole, "revision": whole, "code": str, "title": text, "color?": str, "block?": str, "district?": str, "village?": str,
		"activities": array(object(openapi3.Schemas{"verdict": verdict, "title": text, "activities": array(object(admitted))})),
		"intensity":  array(object(intensity)),
		"special":    array(object(openapi3.Schemas{"field": str, "title": text, "state": state, "value?": str})),
		"references": array(object(openapi3.Schemas{"document": str, "article?": str, "link?": str, "about": text, "zones?": array(str)})),
	}
	return openapi3.Schemas{
		"zoningAt": object(openapi3.Schemas{
			"lon": number, "lat": number, "status": openapi3.NewStringSchema().WithEnum("zone", "border", "overlap", "no_plan").NewRef(),
			"sentence": text, "zones": array(object(zone)),
			"overlays": array(object(openapi3.Schemas{
				"layer": str, "title": text, "state": state,
				"features": array(object(openapi3.Schemas{"id": whole, "sentence": text, "distance": number})),
			})),
			"plot": near, "nearestPark": near, "nearestShelter": near,
			"rules":     ruleSetSchema(),
			"release":   openapi3.NewStringSchema().WithNullable().NewRef(),
			"updatedAt": openapi3.NewDateTimeSchema().WithNullable().NewRef(),
		}),
		"activities": object(openapi3.Schemas{"activities": array(object(activity))}),
	}
}

// nearestSchema is the nearest place of a kind, with its distance in metres.
func nearestSchema() *openapi3.SchemaRef {
	str := openapi3.NewStringSchema().NewRef()
	return maybe(openapi3.Schemas{"layer": str, "id": openapi3.NewInt64Schema().NewRef(), "name": str, "distance": openapi3.NewFloat64Schema().NewRef()})
}

// ruleSetSchema tells which rules have answered.
func ruleSetSchema() *openapi3.SchemaRef {
	str := openapi3.NewStringSchema().NewRef()
	return maybe(openapi3.Schemas{
		"list": str, "version": str, "title": derived[plan.Text](nil), "source": str, "revision": openapi3.NewInt64Schema().NewRef(),
		"sha256": str, "importedAt": openapi3.NewDateTimeSchema().NewRef(),
	})
}
