package ogc

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/plan"
)

// apiSchemas are the documents of /api/v1.
func apiSchemas() openapi3.Schemas {
	str := func() *openapi3.Schema { return openapi3.NewStringSchema() }
	text, flag, id := str().NewRef(), openapi3.NewBoolSchema().NewRef(), openapi3.NewInt64Schema().NewRef()
	time, maybeTime := openapi3.NewDateTimeSchema().NewRef(), openapi3.NewDateTimeSchema().WithNullable().NewRef()
	maybeText := str().WithNullable().NewRef()
	var roles []any
	for _, r := range plan.Roles {
		roles = append(roles, string(r))
	}
	role := str().WithEnum(roles...).NewRef()
	password := str().WithFormat("password").NewRef()
	texts := openapi3.NewArraySchema().WithItems(str()).WithNullable().NewRef()
	name := str().WithPattern("^[a-z][a-z0-9_.-]{1,62}$").NewRef()
	return openapi3.Schemas{
		"session": record(openapi3.Schemas{
			"person": maybe(openapi3.Schemas{"name": text, "title": text, "role": role}),
			"csrf":   maybeText, "expires": maybeTime,
			"oidc": maybe(openapi3.Schemas{"title": text, "href": text}),
		}).NewRef(),
		"login":     sent(openapi3.Schemas{"name": text, "password": password}),
		"passwords": sent(openapi3.Schemas{"old": password, "new": password}),

		"token": object(openapi3.Schemas{
			"id": id, "name": text, "layers": texts, "indicators": texts, "readOnly": flag,
			"createdAt": maybeTime, "expires": maybeTime, "revokedAt": maybeTime, "lastUsed": maybeTime,
		}),
		"tokens":    object(openapi3.Schemas{"tokens": listOf("token")}),
		"newToken":  sent(openapi3.Schemas{"name": str().WithMinLength(1).WithMaxLength(120).NewRef(), "layers?": texts, "indicators?": texts, "readOnly?": flag, "expires?": maybeTime}),
		"madeToken": object(openapi3.Schemas{"token": ref("token"), "secret": text}),

		"person": object(openapi3.Schemas{
			"name": text, "role": role, "title": text, "email": maybeText, "disabled": flag, "hasPassword": flag, "bound": flag,
			"createdAt": time, "createdBy": text, "password?": password,
		}),
		"people": object(openapi3.Schemas{"people": listOf("person")}),
		"newPerson": sent(openapi3.Schemas{
			"name": name, "role": role, "title?": text, "email?": text, "password?": password, "generate?": flag,
		}),
		"personChange": sent(openapi3.Schemas{"role?": role, "disabled?": flag, "title?": text, "email?": text, "password?": password}),

		"change": object(openapi3.Schemas{
			"id": id, "layer": text, "feature": id, "op": str().WithEnum("create", "update", "delete").NewRef(), "revision": id,
			"bbox": numbers(4).WithNullable().NewRef(), "actor?": text, "at": time,
		}),
		"changes": object(openapi3.Schemas{"changes": listOf("change"), "next": text, "more": flag}),
		"place": object(openapi3.Schemas{
			"layer": text, "id": id, "name": text, "detail": text, "bbox?": numbers(4).NewRef(), "center?": numbers(2).NewRef(),
		}),
		"places":  object(openapi3.Schemas{"results": listOf("place")}),
		"catalog": catalogSchema(),
	}
}

// numbers is an array of so many.
func numbers(n int64) *openapi3.Schema {
	return openapi3.NewArraySchema().WithItems(openapi3.NewFloat64Schema()).WithMinItems(n).WithMaxItems(n)
}

func catalogSchema() *openapi3.SchemaRef {
	str, flag, number := openapi3.NewStringSchema().NewRef(), openapi3.NewBoolSchema().NewRef(), openapi3.NewFloat64Schema().NewRef()
	whole, any := openapi3.NewIntegerSchema().NewRef(), openapi3.NewObjectSchema().NewRef()
	text := object(openapi3.Schemas{"id": str, "en": str})
	field := openapi3.Schemas{
		"name": str, "type": str, "title": text, "description?": text, "unit?": str, "required?": flag, "unique?": flag,
		"codes?": object(openapi3.Schemas{"list": str, "version": str}), "min?": number, "max?": number, "maxLength?": whole, "computed?": flag,
	}
	return record(openapi3.Schemas{
		"city": object(openapi3.Schemas{
			"title": text, "demo": flag, "notice?": text, "bbox": numbers(4).NewRef(), "center": numbers(2).NewRef(), "zoom": number,
		}),
		"status": object(openapi3.Schemas{"asOf?": str, "behind": number, "databaseDown": flag}),
		"groups": array(object(openapi3.Schemas{"id": str, "title": text})),
		"layers": array(object(openapi3.Schemas{
			"id": str, "title": text, "description": text, "group": str, "geometry": str, "order": whole, "visible": flag,
			"zooms": any, "policy": str, "fields": array(object(field)), "legend": openapi3.NewArraySchema().WithItems(any.Value).NewRef(),
			"style": any, "label?": any, "licence": str, "attribution": text, "search?": str, "topology?": any, "chart?": any, "edit": flag,
			"bbox?": numbers(4).NewRef(), "count?": whole, "tiles": str, "items": str,
		})),
		"codes": array(object(openapi3.Schemas{
			"list": str, "version": str, "title": text, "codes": array(object(openapi3.Schemas{"code": str, "title": text, "color?": str})),
		})),
	}).NewRef()
}

// problemSchema is an error (RFC 9457), with what a stale edit met and what is
// wrong with each of many edits.
func problemSchema() *openapi3.Schema {
	str, whole := openapi3.NewStringSchema().NewRef(), openapi3.NewInt64Schema().NewRef()
	current := object(openapi3.Schemas{"revision": whole, "updatedBy": str, "updatedAt": openapi3.NewDateTimeSchema().NewRef()})
	fault := record(openapi3.Schemas{
		"position": whole, "layer?": str, "id?": whole, "status": whole, "type": str, "detail": str, "at?": str, "current?": current,
	})
	return record(openapi3.Schemas{
		"type": str, "title": str, "status": whole, "detail?": str, "instance?": str, "at?": str, "current?": current,
		"faults?": openapi3.NewArraySchema().WithItems(fault).NewRef(), "cut?": openapi3.NewBoolSchema().NewRef(),
	})
}
