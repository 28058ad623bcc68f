package demo

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// told is an invented report from a citizen, so many days after the first of
// June 2025; public is what an officer lets everybody read.
type told struct {
	kind, message, status, answer, public string
	day                                   int
}

func reports() []told {
	return []told{
		{"route", "Pohon tumbang menutup jalan evakuasi di depan sekolah.", "done", "Sudah disingkirkan.", "Pohon tumbang menutup jalan evakuasi.", -40},
		{"route", "Ada bangunan liar menyempitkan jalan menuju tempat evakuasi.", "accepted", "Sedang ditertibkan.", "Jalan menuju tempat evakuasi menyempit.", -21},
		{"use", "Bengkel las beroperasi sampai malam di antara rumah.", "checking", "", "", -12},
		{"zone", "Di peta taman, kenyataannya rumah sejak dulu.", "declined", "Zona mengikuti Qanun; usul perubahan lewat peninjauan kembali.", "", -9},
		{"use", "Lahan sempadan sungai ditimbun.", "accepted", "Diperiksa bersama dinas terkait.", "Penimbunan di sempadan sungai.", -6},
		{"other", "Papan nama jalan hilang.", "received", "", "", -1},
	}
}

func (b *builder) reportRows(yield func(Row) bool) {
	start := time.Date(2025, 6, 1, 8, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	var streets []*road
	for _, s := range b.roads {
		if !s.bridge && s.class >= residential && s.length > 60 {
			streets = append(streets, s)
		}
	}
	slices.SortStableFunc(streets, func(a, b *road) int { return cmp.Compare(mix(a.key), mix(b.key)) })
	for i, r := range reports() {
		s := streets[(i*11+3)%len(streets)]
		p, _ := s.at(s.length / 3)
		values := map[string]any{
			"kind": r.kind, "message": r.message + " (rekaan)", "status": r.status, "photo": false, "reported_at": start.AddDate(0, 0, r.day).UTC(),
			"remark": remark,
		}
		if r.answer != "" {
			values["answer"] = r.answer
		}
		if r.public != "" {
			values["public_message"], values["public_answer"] = r.public+" (rekaan)", r.answer
		}
		if !yield(Row{values, orb.Point(globe(p).point())}) {
			return
		}
	}
}
