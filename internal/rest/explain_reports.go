package rest

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// explainReports lists the problem types of reports from citizens.
func explainReports() []explained {
	return []explained{
		{"report-form", http.StatusBadRequest, plan.Text{ID: "Bagian formulir laporan tidak sah; at menyebut bagiannya.", EN: "A part of the form of a report is not valid; at names it."}},
		{"no-reports", http.StatusNotFound, plan.Text{ID: "Kota ini tidak menerima laporan di sini.", EN: "The city takes no reports here."}},
		{"no-such-report", http.StatusNotFound, plan.Text{ID: "Tidak ada laporan dengan tautan itu, atau sudah dihapus.", EN: "There is no report by that link, or it was deleted."}},
		{"no-such-photo", http.StatusNotFound, plan.Text{ID: "Tidak ada foto itu, atau tidak untuk umum.", EN: "There is no such photo, or it is not for the public."}},
		{"no-such-contact", http.StatusNotFound, plan.Text{ID: "Kontak pelapor hanya untuk petugas yang boleh membaca laporan.", EN: "How to reach who reported is only for officers who may read reports."}},
		{"report-kind", http.StatusUnprocessableEntity, plan.Text{ID: "Jenis laporan itu tidak ada.", EN: "There is no such kind of report."}},
		{"report-place", http.StatusUnprocessableEntity, plan.Text{ID: "Tempat yang dilaporkan di luar kota, atau lon dan lat tertukar.", EN: "The place is outside the city, or lon and lat are exchanged."}},
		{"no-boundary", http.StatusServiceUnavailable, plan.Text{ID: "Batas kota belum dapat dibaca, sehingga tempat laporan belum dapat diperiksa.", EN: "The city's boundary cannot be read yet, so the place of a report cannot be checked."}},
		{"report-text", http.StatusUnprocessableEntity, plan.Text{ID: "Teks laporan kosong, terlalu panjang, atau berisi kode HTML.", EN: "The text is missing, too long, or holds HTML."}},
		{"photo-too-large", http.StatusRequestEntityTooLarge, plan.Text{ID: "Foto lebih dari 8 MB atau 40 megapiksel; JPEG progresif atau CMYK dapat ditolak di atas 6 megapiksel.", EN: "The photo has more than 8 MB or 40 megapixels; a progressive or CMYK JPEG may be refused above 6."}},
		{"photo-unreadable", http.StatusUnprocessableEntity, plan.Text{ID: "Foto bukan JPEG atau PNG yang utuh.", EN: "The photo is not a whole JPEG or PNG."}},
		{"too-many-reports", http.StatusTooManyRequests, plan.Text{ID: "Terlalu banyak laporan, foto, kontak atau tautan yang salah; tunggu sesuai Retry-After.", EN: "Too many reports, photos, contacts or wrong links; wait as Retry-After says."}},
	}
}
