package ogc

import "github.com/getkin/kin-openapi/openapi3"

// reportAPI describes the resources of reports from citizens.
func reportAPI() map[string]told {
	const reports = "/api/v1/reports"
	return map[string]told{
		"POST " + reports: {
			id: "sendReport", summary: say("Melaporkan suatu tempat; tautan di jawabannya satu-satunya cara mengikuti laporan", "Report a place; the link in the answer is the only way to follow the report"),
			params: []string{"reportKey"}, body: "newReport", accepts: "multipart/form-data", answer: "sentReport", status: 201, errors: []int{403, 404, 413, 415, 422},
		},
		"GET " + reports + "/{secret}": {
			id: "getReport", summary: say("Keadaan laporan, bagi yang memegang rahasianya", "The state of a report, for who holds its secret"),
			params: []string{"reportSecret"}, answer: "reportStatus", status: 200, errors: []int{404, 406},
		},
		"DELETE " + reports + "/{secret}": {
			id: "withdrawReport", summary: say("Menarik laporan: laporan, foto, kontak dan riwayatnya dihapus", "Withdraw a report: it, its photo, contact and history are deleted"),
			params: []string{"reportSecret"}, status: 204, errors: []int{403, 404, 409},
		},
		"GET " + reports + "/contacts/{id}": {
			id: "getReportContact", summary: say("Kontak pelapor, bagi petugas yang boleh membaca laporan", "How to reach who reported, for officers who may read reports"),
			params: []string{"reportId"}, answer: "reportContact", status: 200, errors: []int{404, 406},
		},
		"GET " + reports + "/photos/{id}": {
			id: "getReportPhoto", summary: say("Foto laporan: bagi petugas, dan bagi umum bila dibuka petugas", "The photo of a report: for officers, and for the public where an officer has opened it"),
			params: []string{"reportId"}, answer: "reportPhoto", media: "image/jpeg", status: 200, errors: []int{404},
		},
	}
}

func (b spec) reportParameters() {
	b.path("reportSecret", "secret", openapi3.NewStringSchema(), "Rahasia dari tautan laporan", "The secret of the report's link")
	b.parameter("reportKey", openapi3.NewHeaderParameter("Idempotency-Key"), openapi3.NewStringSchema().WithPattern("^[A-Za-z0-9_-]{22,100}$"),
		"Kunci acak buatan klien: laporan dengan kunci yang sama hanya disimpan sekali dan mendapat tautan yang sama", "A random key made by the client: a report under the same key is stored once and has the same link")
	b.path("reportId", "id", openapi3.NewInt64Schema(), "Nomor laporan", "Number of the report")
}

// reportSchemas are the documents of reports.
func reportSchemas() openapi3.Schemas {
	str, flag, num := openapi3.NewStringSchema().NewRef(), openapi3.NewBoolSchema().NewRef(), openapi3.NewFloat64Schema().NewRef()
	text := object(openapi3.Schemas{"id": str, "en": str})
	coded := object(openapi3.Schemas{"code": str, "title": text})
	history := array(object(openapi3.Schemas{"at": openapi3.NewDateTimeSchema().NewRef(), "status": coded, "answer": str}))
	binary := openapi3.NewStringSchema().WithFormat("binary").NewRef()
	return openapi3.Schemas{
		"newReport": sent(openapi3.Schemas{
			"kind": openapi3.NewStringSchema().WithEnum("zone", "use", "route", "other").NewRef(), "lon": num, "lat": num,
			"text": openapi3.NewStringSchema().WithMinLength(5).WithMaxLength(2000).NewRef(), "contact?": openapi3.NewStringSchema().WithMaxLength(200).NewRef(), "photo?": binary,
		}),
		"sentReport":    object(openapi3.Schemas{"status": str, "link": str}),
		"reportContact": object(openapi3.Schemas{"contact": str}),
		"reportPhoto":   binary,
		"reportStatus": object(openapi3.Schemas{
			"kind": coded, "text": str, "lon": num, "lat": num, "photo": flag, "status": coded, "answer": str, "public": flag, "history": history,
		}),
	}
}
