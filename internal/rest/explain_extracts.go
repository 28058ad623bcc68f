package rest

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// explainExtracts lists the problem types of extracts.
func explainExtracts() []explained {
	return []explained{
		{"extract-of-what", http.StatusBadRequest, plan.Text{ID: "Kutipan dibuat untuk satu bidang (parcel) atau satu poligon (geometry).", EN: "An extract is of one parcel or of one polygon (geometry)."}},
		{"swapped-coordinates", http.StatusBadRequest, plan.Text{ID: "Bujur dan lintang tertukar.", EN: "Longitude and latitude are exchanged."}},
		{"no-such-extract", http.StatusNotFound, plan.Text{ID: "Layanan ini tidak membuat kutipan itu.", EN: "This service has not made that extract."}},
		{"extract-forgotten", http.StatusGone, plan.Text{ID: "Kutipan gambar tanpa login disimpan 90 hari; sesudah itu hanya sidik isinya.", EN: "Extracts of what was drawn without a login are kept for 90 days, then only their hash."}},
		{"outside-plan", http.StatusUnprocessableEntity, plan.Text{ID: "Tidak ada rencana tata ruang untuk tempat itu di sini.", EN: "There is no spatial plan for the place here."}},
		{"extract-too-large", http.StatusUnprocessableEntity, plan.Text{ID: "Paling luas 1 km², tidak lebih panjang dari satu halaman peta, dan yang berlaku di situ muat dalam 8 MB.", EN: "At most 1 km², no longer than a page of map, and what holds there fits in 8 MB."}},
		{"extract-too-small", http.StatusUnprocessableEntity, plan.Text{ID: "Kurang dari 1 m².", EN: "Less than 1 m²."}},
		{"extract-too-entangled", http.StatusUnprocessableEntity, plan.Text{ID: "Garis-garisnya terlalu rumit untuk diukur.", EN: "The lines are too entangled to be measured."}},
		{"no-geometry", http.StatusUnprocessableEntity, plan.Text{ID: "Bidang tanah itu belum digambar.", EN: "The parcel has not been drawn yet."}},
		{"too-many-extracts", http.StatusTooManyRequests, plan.Text{ID: "Terlalu banyak kutipan dibuat; tunggu sesuai Retry-After.", EN: "Too many extracts were made; wait as Retry-After says."}},
	}
}
