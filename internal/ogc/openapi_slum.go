package ogc

import "github.com/getkin/kin-openapi/openapi3"

// slumAPI describes the resource of slum scores.
func slumAPI() map[string]told {
	return map[string]told{
		"POST /api/v1/slum/score": {
			id: "scoreSlum", summary: say("Nilai kekumuhan per wilayah dan seluruhnya menurut 16 kriteria; tidak ada yang disimpan", "Slum scores of areas, each and all together, by 16 criteria; nothing is stored"),
			body: "slumQuestion", answer: "slumAnswer", status: 200, errors: []int{422},
		},
		"GET /api/v1/slum/areas/{id}": {
			id: "getSlumArea", summary: say("Nilai, penanganan, dan temuan satu kawasan kumuh dalam rencana", "The score, handling and findings of one slum area of the plan"),
			params: []string{"slumArea"}, answer: "slumArea", status: 200, errors: []int{404, 406},
		},
	}
}

// slumSchemas are the documents of slum scores.
func slumSchemas() openapi3.Schemas {
	str, whole := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef()
	maybeNumber, maybeWhole := openapi3.NewFloat64Schema().WithNullable().NewRef(), openapi3.NewInt64Schema().WithNullable().NewRef()
	class, date := openapi3.NewStringSchema().WithEnum("KB", "KS", "KR", "TK"), openapi3.NewStringSchema().WithFormat("date").NewRef()
	numbers := func(names ...string) *openapi3.SchemaRef {
		members := openapi3.Schemas{}
		for _, name := range names {
			members[name+"?"] = maybeNumber
		}
		return sent(members)
	}
	volumes := numbers("1a", "1b", "1c", "2a", "2b", "3a", "3b", "4a", "4b", "4c", "5a", "5b", "6a", "6b", "7a", "7b")
	denominators := numbers("verified_area", "buildings", "households", "ideal_road_length", "ideal_drain_length")
	rating := openapi3.NewInt64Schema().WithEnum(0, 1, 3, 5).NewRef()
	area := sent(openapi3.Schemas{
		"name?": str, "volumes?": volumes, "denominators?": denominators, "landLegality?": openapi3.NewStringSchema().WithEnum("legal", "not_legal").NewRef(),
		"after?":          sent(openapi3.Schemas{"volumes?": volumes, "denominators?": denominators}),
		"considerations?": sent(openapi3.Schemas{"strategic?": rating, "density?": rating, "social?": rating}),
		"decree?":         sent(openapi3.Schemas{"listed?": openapi3.NewBoolSchema().NewRef(), "class?": class.NewRef(), "score?": whole, "date?": date}),
	})
	areas := openapi3.NewArraySchema().WithMinItems(1).WithMaxItems(1000)
	areas.Items = area
	criterion := object(openapi3.Schemas{
		"id": str, "title": str, "aspect": whole, "per": str, "unit": str, "volume": maybeNumber, "denominator": maybeNumber, "percent": maybeNumber, "score": maybeWhole, "areas": whole,
	})
	nullClass := openapi3.NewStringSchema().WithNullable()
	nullClass.Enum = []any{"KB", "KS", "KR", "TK", nil}
	score := record(openapi3.Schemas{
		"criteria": array(criterion), "aspects": array(object(openapi3.Schemas{"aspect": whole, "title": str, "percent": maybeNumber})),
		"sectoralPercent": maybeNumber, "total": maybeWhole, "highest": whole, "class": nullClass.NewRef(), "notAssessed": array(str), "areas": whole,
	})
	after := *score
	after.Nullable = true
	compared := func(more openapi3.Schemas) *openapi3.SchemaRef {
		more["score"], more["after"], more["contribution"] = score.NewRef(), after.NewRef(), maybeNumber
		more["findings"] = array(object(openapi3.Schemas{"code": str, "at": array(str), "message": str}))
		return record(more).NewRef()
	}
	handling := record(openapi3.Schemas{"classification": str, "priority": whole, "weight": str, "pattern": str}).WithNullable()
	one := compared(openapi3.Schemas{"name": str, "handling": handling.NewRef()})
	return openapi3.Schemas{
		"slumArea":     one,
		"slumQuestion": sent(openapi3.Schemas{"areas": areas.NewRef(), "on?": date}),
		"slumAnswer":   record(openapi3.Schemas{"areas": array(ref("slumArea")), "together": compared(openapi3.Schemas{})}).NewRef(),
	}
}
