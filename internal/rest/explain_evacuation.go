package rest

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// explainEvacuation lists the problem types of evacuation.
func explainEvacuation() []explained {
	return []explained{
		{"far-from-roads", http.StatusUnprocessableEntity, plan.Text{ID: "Tempat berangkat lebih dari 1 km dari jalan yang tercatat.", EN: "The place to leave from is more than 1 km from any known road."}},
		{"no-roads", http.StatusUnprocessableEntity, plan.Text{ID: "Rencana belum berisi jalan.", EN: "The plan has no roads yet."}},
		{"cannot-avoid", http.StatusUnprocessableEntity, plan.Text{ID: "Yang diminta untuk dihindari tidak dapat dihindari.", EN: "What is to be avoided cannot be."}},
		{"nothing-to-avoid", http.StatusUnprocessableEntity, plan.Text{ID: "Di tempat yang ingin dihindari tidak ada jalan.", EN: "There is no road at a place that is to be avoided."}},
		{"avoids-start", http.StatusUnprocessableEntity, plan.Text{ID: "Tempat berangkat sendiri ada di jalan yang ingin dihindari.", EN: "The place to leave from is itself on a road to be avoided."}},
		{"invalid-definition", http.StatusBadRequest, plan.Text{ID: "Definisi rute tidak dapat dimengerti.", EN: "The definition of the route is not understood."}},
		{"unsupported-constraint", http.StatusUnprocessableEntity, plan.Text{ID: "Rute diminta dengan syarat yang tidak dapat dipenuhi.", EN: "A route is asked for with a constraint that cannot be kept."}},
		{"no-way", http.StatusUnprocessableEntity, plan.Text{ID: "Tidak ada jalan terbuka di antara dua titik.", EN: "No open way leads from one point to the next."}},
		{"nobody-to-evacuate", http.StatusUnprocessableEntity, plan.Text{ID: "Tidak ada orang yang tercatat di kawasan bahaya.", EN: "Nobody is recorded in the zones of the hazard."}},
		{"no-shelter-with-room", http.StatusUnprocessableEntity, plan.Text{ID: "Tidak ada tempat evakuasi yang terbuka, cocok, terjangkau jalan, dan masih menerima orang.", EN: "There is no shelter that is open, suits, is reached by a road, and has room."}},
		{"nothing-closed", http.StatusUnprocessableEntity, plan.Text{ID: "Di tempat yang hendak ditutup tidak ada jalan.", EN: "There is no road at what is to be closed."}},
		{"step-too-short", http.StatusUnprocessableEntity, plan.Text{ID: "Langkah waktu terlalu pendek untuk jalan yang tersempit.", EN: "The step of time is too short for the narrowest road."}},
		{"no-such-shelter", http.StatusUnprocessableEntity, plan.Text{ID: "Tempat evakuasi itu tidak ada.", EN: "There is no such shelter."}},
		{"plan-too-large", http.StatusUnprocessableEntity, plan.Text{ID: "Kota terlalu besar untuk langkah waktu sebanyak itu.", EN: "The city is too large for so many steps of time."}},
		{"nothing-to-compare", http.StatusUnprocessableEntity, plan.Text{ID: "Salah satu dari kedua rencana evakuasi tidak ada isinya.", EN: "One of two evacuation plans has not become a plan."}},
		{"no-such-plan", http.StatusNotFound, plan.Text{ID: "Rencana evakuasi itu tidak ada.", EN: "There is no such evacuation plan."}},
		{"too-many-plans", http.StatusConflict, plan.Text{ID: "Terlalu banyak rencana evakuasi disimpan; hapus yang tidak dipakai.", EN: "Too many evacuation plans are kept; delete those that are not needed."}},
		{"queue-full", http.StatusConflict, plan.Text{ID: "Terlalu banyak rencana evakuasi menunggu; coba lagi nanti.", EN: "Too many evacuation plans wait; try again later."}},
		{"no-such-alert", http.StatusNotFound, plan.Text{ID: "Peringatan dengan nama itu tidak pernah ada.", EN: "There never was an alert of that name."}},
		{"unknown-area", http.StatusNotFound, plan.Text{ID: "Tidak ada gampong atau kecamatan dengan kode itu.", EN: "There is no gampong or district of that code."}},
		{"pack-too-large", http.StatusUnprocessableEntity, plan.Text{ID: "Paket untuk wilayah ini lebih besar daripada 1 MB.", EN: "The pack of this area is larger than 1 MB."}},
		{"evacuation-not-ready", http.StatusServiceUnavailable, plan.Text{ID: "Jaringan jalan masih disiapkan.", EN: "The road network is still being prepared."}},
	}
}
