package rest

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// explainZoning lists the problem types of zoning.
func explainZoning() []explained {
	return []explained{
		{"unknown-activity", http.StatusBadRequest, plan.Text{ID: "Kegiatan itu tidak ada dalam aturan; jawabannya menyebut yang mirip.", EN: "The rules do not have that activity; the answer names similar ones."}},
	}
}
