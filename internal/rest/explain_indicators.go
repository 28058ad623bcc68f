package rest

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// explainIndicators lists the problem types of indicators.
func explainIndicators() []explained {
	return []explained{
		{"no-such-indicator", http.StatusNotFound, plan.Text{ID: "Indikator itu tidak ada.", EN: "The indicator does not exist."}},
		{"too-many-observations", http.StatusRequestEntityTooLarge, plan.Text{ID: "Lebih dari 1.000 nilai dalam satu permintaan.", EN: "More than 1,000 values in one request."}},
		{"too-many-indicators", http.StatusRequestEntityTooLarge, plan.Text{ID: "Terlalu banyak indikator dalam satu permintaan.", EN: "Too many indicators in one request."}},
		{"indicator-external", http.StatusUnprocessableEntity, plan.Text{ID: "Nilai indikator itu dikirim oleh sistem lain dan tidak dihitung.", EN: "The values of the indicator are sent by other systems and not computed."}},
		{"indicator-is-computed", http.StatusUnprocessableEntity, plan.Text{ID: "Indikator itu dihitung dari peta; nilainya tidak dapat dikirim.", EN: "The indicator is computed from the map; values of it cannot be sent."}},
		{"boundary-stands", http.StatusUnprocessableEntity, plan.Text{ID: "Batas wilayah tidak dapat diandaikan lain.", EN: "Another boundary cannot be supposed."}},
		{"too-entangled", http.StatusUnprocessableEntity, plan.Text{ID: "Suntingan yang diandaikan terlalu berat untuk dihitung; sederhanakan geometrinya, atau tanyakan sebagian saja.", EN: "The edits that were supposed take too long to compute; simplify their geometry, or ask of some of them only."}},
		{"no-such-feature", http.StatusNotFound, plan.Text{ID: "Objek yang diandaikan berubah itu tidak ada; at menyebut suntingannya.", EN: "The feature that was supposed to change does not exist; at names the edit."}},
		{"wrong-unit", http.StatusUnprocessableEntity, plan.Text{ID: "Nilai dikirim dalam satuan lain dari satuan indikatornya.", EN: "A value is in another unit than its indicator."}},
		{"observation-unit", http.StatusUnprocessableEntity, plan.Text{ID: "Wilayah itu tidak ada, atau indikatornya tidak ada untuk satuan wilayah itu.", EN: "The area does not exist, or the indicator does not for that kind of area."}},
		{"observation-value", http.StatusUnprocessableEntity, plan.Text{ID: "Nilai di luar batas indikatornya.", EN: "A value is outside the limits of its indicator."}},
		{"observation-time", http.StatusUnprocessableEntity, plan.Text{ID: "Waktu pengukuran belum tiba, atau terlalu lampau.", EN: "The time of measurement has not come yet, or is too long ago."}},
		{"observation-twice", http.StatusUnprocessableEntity, plan.Text{ID: "Wilayah dan waktu yang sama ada dua kali dalam satu permintaan.", EN: "The same area and time stand twice in one request."}},
		{"indicators-not-ready", http.StatusServiceUnavailable, plan.Text{ID: "Indikator masih dihitung; coba lagi sesuai Retry-After.", EN: "Indicators are still being computed; come back after Retry-After."}},
		{"layer-not-in-memory", http.StatusServiceUnavailable, plan.Text{ID: "Lapisan yang diperlukan tidak ada di memori, sehingga indikatornya tidak dapat dihitung.", EN: "A layer that is needed is not in memory, so that the indicator cannot be computed."}},
	}
}
