package rest

import (
	"net/http"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// Explanation is what /docs/problems says of one problem type.
type Explanation struct {
	Code   string
	Status int
	Text   string
}

// explained is an Explanation in both languages.
type explained struct {
	code   string
	status int
	text   plan.Text
}

// Explain lists the problem types of the HTTP interface; those of importing
// explain themselves in their detail.
func Explain(lang plan.Lang) []Explanation {
	list := []explained{
		{"invalid-parameter", http.StatusBadRequest, plan.Text{ID: "Nilai parameter tidak sah; at menyebut parameternya.", EN: "The value of a parameter is not valid; at names it."}},
		{"unknown-parameter", http.StatusBadRequest, plan.Text{ID: "Parameter tidak dikenal di alamat itu.", EN: "The address does not know the parameter."}},
		{"invalid-path", http.StatusBadRequest, plan.Text{ID: "Alamat berisi karakter yang tidak sah.", EN: "The address holds characters that are not allowed."}},
		{"outside-crs", http.StatusBadRequest, plan.Text{ID: "Data terletak di luar wilayah berlaku sistem koordinat yang diminta.", EN: "The data lies outside the domain of the reference system asked for."}},
		{"too-many-layers", http.StatusBadRequest, plan.Text{ID: "Terlalu banyak lapisan dalam satu ubin.", EN: "Too many layers in one tile."}},
		{"no-such-resource", http.StatusNotFound, plan.Text{ID: "Tidak ada apa-apa di alamat itu.", EN: "There is nothing at the address."}},
		{"no-such-layer", http.StatusNotFound, plan.Text{ID: "Lapisan itu tidak ada.", EN: "The layer does not exist."}},
		{"no-such-item", http.StatusNotFound, plan.Text{ID: "Objek itu tidak ada, atau sudah dihapus.", EN: "The feature does not exist, or was deleted."}},
		{"no-such-tile", http.StatusNotFound, plan.Text{ID: "Ubin itu di luar jangkauan zum atau di luar dunia.", EN: "The tile is outside the zoom range or the world."}},
		{"no-such-tile-matrix-set", http.StatusNotFound, plan.Text{ID: "Skema ubin itu tidak tersedia.", EN: "The tile matrix set is not offered."}},
		{"no-such-version", http.StatusNotFound, plan.Text{ID: "Objek itu tidak punya versi yang diminta.", EN: "The feature has no such version."}},
		{"changes-pruned", http.StatusGone, plan.Text{
			ID: "Token perubahan tidak dapat dilanjutkan: perubahannya sudah dihapus, atau basis datanya dipulihkan. Mulai lagi dengan since=now dan muat semuanya sekali.",
			EN: "The token of changes cannot be continued: they were pruned, or the database was restored. Begin again with since=now and load everything once.",
		}},
		{"method-not-allowed", http.StatusMethodNotAllowed, plan.Text{ID: "Metode itu tidak berlaku; lihat Allow.", EN: "The method does not apply; see Allow."}},
		{"not-acceptable", http.StatusNotAcceptable, plan.Text{ID: "Accept tidak menyebut format yang tersedia.", EN: "Accept names no format that there is."}},
		{"body-too-large", http.StatusRequestEntityTooLarge, plan.Text{ID: "Isi permintaan terlalu besar.", EN: "The request body is too large."}},
		{"url-too-long", http.StatusRequestURITooLong, plan.Text{ID: "Alamat terlalu panjang.", EN: "The address is too long."}},
		{"busy", http.StatusServiceUnavailable, plan.Text{ID: "Semua tempat terpakai; coba lagi sesuai Retry-After.", EN: "All places are taken; come back after Retry-After."}},
		{"starting", http.StatusServiceUnavailable, plan.Text{ID: "Rencana sedang dimuat, atau basis data belum terjangkau.", EN: "The plan is being loaded, or the database is not reached yet."}},
		{"stopping", http.StatusServiceUnavailable, plan.Text{ID: "Layanan sedang dihentikan.", EN: "The service is stopping."}},
		{"timeout", http.StatusServiceUnavailable, plan.Text{ID: "Permintaan butuh waktu terlalu lama.", EN: "The request took too long."}},
		{"internal", http.StatusServiceUnavailable, plan.Text{ID: "Kesalahan di pihak kami; sebutkan instance saat melapor.", EN: "A fault on our side; quote instance when you report it."}},
	}
	list = slices.Concat(list, explainLogins(), explainEdits(), explainIndicators(), explainZoning(), explainEvacuation(), explainSlums(), explainExtracts(), explainReports())
	out := make([]Explanation, len(list))
	for i, e := range list {
		out[i] = Explanation{e.code, e.status, e.text.In(lang)}
	}
	return out
}
