package demo

// zoneName is what the official schema writes beside a sub-zone's code.
type zoneName struct{ code, name, class, zone, kind string }

const (
	lindung  = "31000000"
	budiDaya = "32000000"
)

// zoneNames are the codes that the city uses.
func zoneNames() []zoneName {
	return []zoneName{
		{"BA", "Badan Air", "BA", "Badan Air", lindung},
		{"PS", "Perlindungan Setempat", "PS", "Perlindungan Setempat", lindung},
		{"RTH-1", "Rimba Kota", "RTH", "Ruang Terbuka Hijau", lindung},
		{"RTH-2", "Taman Kota", "RTH", "Ruang Terbuka Hijau", lindung},
		{"RTH-3", "Taman Kecamatan", "RTH", "Ruang Terbuka Hijau", lindung},
		{"RTH-4", "Taman Kelurahan", "RTH", "Ruang Terbuka Hijau", lindung},
		{"RTH-5", "Taman RW", "RTH", "Ruang Terbuka Hijau", lindung},
		{"RTH-6", "Taman RT", "RTH", "Ruang Terbuka Hijau", lindung},
		{"RTH-7", "Pemakaman", "RTH", "Ruang Terbuka Hijau", lindung},
		{"RTH-8", "Jalur Hijau", "RTH", "Ruang Terbuka Hijau", lindung},
		{"EM", "Ekosistem Mangrove", "EM", "Ekosistem Mangrove", lindung},
		{"CB", "Cagar Budaya", "CB", "Cagar Budaya", lindung},
		{"THR", "Taman Hutan Raya", "THR", "Taman Hutan Raya", lindung},
		{"BJ", "Badan Jalan", "BJ", "Badan Jalan", budiDaya},
		{"R-1", "Perumahan Kepadatan Sangat Tinggi", "R", "Perumahan", budiDaya},
		{"R-2", "Perumahan Kepadatan Tinggi", "R", "Perumahan", budiDaya},
		{"R-3", "Perumahan Kepadatan Sedang", "R", "Perumahan", budiDaya},
		{"R-4", "Perumahan Kepadatan Rendah", "R", "Perumahan", budiDaya},
		{"R-5", "Perumahan Kepadatan Sangat Rendah", "R", "Perumahan", budiDaya},
		{"K-1", "Perdagangan dan Jasa Skala Kota", "K", "Perdagangan dan Jasa", budiDaya},
		{"K-2", "Perdagangan dan Jasa Skala WP", "K", "Perdagangan dan Jasa", budiDaya},
		{"K-3", "Perdagangan dan Jasa Skala SWP", "K", "Perdagangan dan Jasa", budiDaya},
		{"KT", "Perkantoran", "KT", "Perkantoran", budiDaya},
		{"SPU-1", "Sarana Pelayanan Umum Skala Kota", "SPU", "Sarana Pelayanan Umum", budiDaya},
		{"SPU-2", "Sarana Pelayanan Umum Skala Kecamatan", "SPU", "Sarana Pelayanan Umum", budiDaya},
		{"SPU-3", "Sarana Pelayanan Umum Skala Kelurahan", "SPU", "Sarana Pelayanan Umum", budiDaya},
		{"SPU-4", "Sarana Pelayanan Umum Skala RW", "SPU", "Sarana Pelayanan Umum", budiDaya},
		{"C-1", "Campuran Intensitas Tinggi", "C", "Campuran", budiDaya},
		{"C-2", "Campuran Intensitas Menengah/Sedang", "C", "Campuran", budiDaya},
		{"KPI", "Kawasan Peruntukan Industri", "KPI", "Kawasan Peruntukan Industri", budiDaya},
		{"W", "Pariwisata", "W", "Pariwisata", budiDaya},
		{"TR", "Transportasi", "TR", "Transportasi", budiDaya},
		{"HK", "Pertahanan dan Keamanan", "HK", "Pertahanan dan Keamanan", budiDaya},
		{"PG", "Pergudangan", "PG", "Pergudangan", budiDaya},
		{"PL-3", "Instalasi Pengolahan Air Minum (IPAM)", "PL", "Peruntukan Lainnya", budiDaya},
		{"PL-4", "Instalasi Pengolahan Air Limbah (IPAL)", "PL", "Peruntukan Lainnya", budiDaya},
		{"PP", "Pengelolaan Persampahan", "PP", "Pengelolaan Persampahan", budiDaya},
		{"PTL", "Pembangkitan Tenaga Listrik", "PTL", "Pembangkitan Tenaga Listrik", budiDaya},
		{"RTNH", "Ruang Terbuka Non Hijau", "RTNH", "Ruang Terbuka Non Hijau", budiDaya},
		{"P-1", "Tanaman Pangan", "P", "Pertanian", budiDaya},
		{"P-2", "Hortikultura", "P", "Pertanian", budiDaya},
		{"KR", "Perkebunan Rakyat", "KR", "Perkebunan Rakyat", budiDaya},
		{"IK-1", "Perikanan Tangkap", "IK", "Perikanan", budiDaya},
		{"IK-2", "Perikanan Budi Daya", "IK", "Perikanan", budiDaya},
	}
}
