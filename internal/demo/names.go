package demo

import "fmt"

// Names are generic: trees, flowers, virtues and directions, as streets in
// Aceh are called, and never of a living person.

func arteryNames(line int) string {
	switch line {
	case 1:
		return "Jalan Lingkar Selatan"
	case 2:
		return "Jalan Meurandeh Raya"
	case 3:
		return "Jalan Seulanga Raya"
	case 4:
		return "Jalan Nanggroe Raya"
	case 5:
		return "Jalan Lingkar Utara"
	case 6:
		return "Jalan Tambak Raya"
	case 101:
		return "Jalan Geurutee Raya"
	case 102:
		return "Jalan Cut Meutia Raya"
	case 104:
		return "Jalan Keutapang Raya"
	case 106:
		return "Jalan Darussalam Raya"
	}
	return fmt.Sprintf("Jalan Utama %d", line)
}

func streetWords() []string {
	return []string{
		"Seulanga", "Meulu", "Jeumpa", "Cempaka", "Kenanga", "Melati", "Mawar", "Bungong Jeumpa", "Keupula", "Tanjong",
		"Geulumpang", "Trembesi", "Ketapang", "Asam Jawa", "Mangga", "Rambutan", "Belimbing", "Pala", "Cengkeh", "Lada",
		"Kopi", "Pinang", "Kelapa", "Aren", "Bambu", "Rotan", "Damar", "Meranti", "Beringin", "Angsana",
		"Mahoni", "Cemara", "Flamboyan", "Bakau", "Nipah", "Waru", "Pandan", "Serai", "Kunyit", "Jahe",
		"Merak", "Rajawali", "Elang", "Camar", "Kutilang", "Murai", "Pipit", "Punai", "Bangau", "Kuntul",
		"Bandeng", "Tongkol", "Kakap", "Tiram", "Udang", "Teuku Di Meunasah", "Meunasah Tuha", "Lampoh U", "Blang Luah", "Ujong Blang",
		"Alue Raya", "Lhok Baro", "Cot Goh", "Krueng Cut", "Paya Umeet", "Rimueng", "Gajah Puteh", "Rencong", "Seudati", "Saman",
		"Rapai", "Seurune", "Damai", "Makmur", "Sejahtera", "Bahagia", "Mulia", "Utama", "Pelajar", "Pemuda",
		"Nelayan", "Pelabuhan", "Pasar Lama", "Balai Desa", "Pendidikan", "Kesehatan", "Merpati", "Garuda", "Kasturi", "Delima",
	}
}

// streetName draws a name for a street of the given class.
func streetName(c class, r rng) string {
	w := pick(r, streetWords())
	roman := [...]string{"", "", "", " I", " II", " III", " IV", " V"}
	switch c {
	case collector:
		return "Jalan " + w + pick(r, []string{"", "", " Raya"})
	case local:
		return "Jalan " + w
	case residential:
		return pick(r, []string{"Jalan ", "Jalan ", "Jalan ", "Lorong "}) + w + roman[r.intn(len(roman))]
	case lane:
		return pick(r, []string{"Lorong ", "Lorong ", "Gang "}) + w + roman[r.intn(len(roman))]
	}
	return ""
}

// waterfrontName is that of the street along a river or behind the beach.
func waterfrontName(water *cut, bank int, r rng) string {
	if water.kind == coastCut {
		return "Jalan Pantai " + pick(r, streetWords())
	}
	side := [...]string{"Barat", "Timur"}[min(bank, 1)]
	if water.street.name != "Krueng Aceh" {
		side = [...]string{"Barat", "Timur"}[max(bank-1, 0)]
		return "Jalan Tanggul " + side
	}
	return "Jalan Tepi Krueng " + side
}
