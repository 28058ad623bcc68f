package rest

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// explainSlums lists the problem types of slum scores.
func explainSlums() []explained {
	return []explained{
		{"slum-measure", http.StatusUnprocessableEntity, plan.Text{
			ID: "Data untuk penilaian kekumuhan tidak dapat dipakai; at menyebut anggotanya.",
			EN: "What was sent to be scored as a slum cannot be used; at names the member.",
		}},
	}
}
