package demo

import (
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// ruledZones are all codes of the list of sub-zones, zone@2021, so that each
// has rules also where the city draws none of it.
const ruledZones = `BA HL LG PS RTH-1 RTH-2 RTH-3 RTH-4 RTH-5 RTH-6 RTH-7 RTH-8 EM CB THR KSA BJ R-1 R-2 R-3 R-4 R-5 K-1 K-2 K-3 KT
SPU-1 SPU-2 SPU-3 SPU-4 C-1 C-2 KPI W TR HK PG PL-3 PL-4 PP PTL RTNH P-1 P-2 P-3 KR IK-1 IK-2 LS TWA`

// Rules are the zoning rules of the city. They are invented like the rest: only
// their form is that of a real plan.
func Rules() *zoning.Set {
	s := &zoning.Set{
		Codes:     plan.CodeRef{List: "zone", Version: "2021"},
		Title:     plan.Text{ID: "Aturan zonasi kota demonstrasi", EN: "Zoning rules of the demonstration city"},
		Source:    "Rekaan untuk demonstrasi; bukan aturan Kota Banda Aceh / invented for demonstration; not the rules of Banda Aceh",
		Zones:     strings.Fields(ruledZones),
		Intensity: ruledIntensity(),
		Provisions: []zoning.Provision{
			{Document: "Peraturan Zonasi Demonstrasi (rekaan)", Article: "Pasal 12", About: plan.Text{ID: "kegiatan dan penggunaan lahan (matriks ITBX)", EN: "activities and land use (the ITBX matrix)"}},
			{Document: "Peraturan Zonasi Demonstrasi (rekaan)", Article: "Pasal 17", About: plan.Text{ID: "intensitas pemanfaatan ruang (KDB, KLB, KDH, KTB)", EN: "building intensity (KDB, KLB, KDH, KTB)"}},
			{Document: "Peraturan Zonasi Demonstrasi (rekaan)", Article: "Pasal 19", About: plan.Text{ID: "tata bangunan: garis sempadan, jarak bebas, tinggi", EN: "building lines, free distances and heights"}},
			{Document: "Peraturan Zonasi Demonstrasi (rekaan)", Article: "Pasal 24", About: plan.Text{ID: "zona lindung", EN: "protected zones"}, Zones: strings.Fields("BA HL LG PS EM CB THR KSA LS TWA")},
		},
	}
	for line := range strings.Lines(ruledConditions) {
		f := strings.Split(strings.TrimSpace(line), " | ")
		s.Conditions = append(s.Conditions, zoning.Condition{Code: f[0], Text: plan.Text{ID: f[1], EN: f[2]}})
	}
	var group plan.Text
	for line := range strings.Lines(ruledActivities) {
		f := strings.Split(strings.TrimSpace(line), " | ")
		if len(f) == 2 {
			group = plan.Text{ID: f[0], EN: f[1]}
			continue
		}
		a := zoning.Activity{Code: f[0], Title: plan.Text{ID: f[1], EN: f[2]}, Group: group, Cells: cells(s.Zones, f[4])}
		if a.Code[0] != 'N' {
			a.KBLI = a.Code
		}
		if f[3] != "-" {
			a.Also = strings.Split(f[3], ", ")
		}
		s.Activities = append(s.Activities, a)
	}
	return s
}

// cells reads answers such as "R:I R-5:T1 K:I *:X": of a sub-zone, of all of a
// zone, of the rest. The nearest to the sub-zone holds; "-" is not stated.
func cells(zones []string, text string) map[string]zoning.Answer {
	said := map[string]string{}
	for word := range strings.FieldsSeq(text) {
		name, answer, _ := strings.Cut(word, ":")
		said[name] = answer
	}
	out := map[string]zoning.Answer{}
	for _, z := range zones {
		zone, _, _ := strings.Cut(z, "-")
		answer := "X"
		for _, name := range []string{"*", zone, z} {
			if a, ok := said[name]; ok {
				answer = a
			}
		}
		if answer != "-" {
			out[z] = zoning.Answer(answer)
		}
	}
	return out
}

const ruledConditions = `T1 | luas lantai kegiatan paling besar 100 m2 | at most 100 m2 of floor area for the activity
T2 | buka paling lama pukul 07.00 sampai 22.00 | open from 7.00 to 22.00 at most
T3 | paling banyak satu untuk setiap blok | at most one in each block
T4 | paling banyak 20 kamar | at most 20 rooms
T5 | hanya di persil yang menghadap jalan kolektor atau arteri | only on plots that face a collector or arterial road
T6 | tidak diperluas dari yang sudah ada | no larger than what exists
B1 | persetujuan tertulis tetangga yang berbatasan | written consent of the neighbours
B2 | tempat parkir di dalam persil | parking inside the plot
B3 | dokumen lingkungan (UKL-UPL atau SPPL) disetujui | approved environmental document (UKL-UPL or SPPL)
B4 | analisis dampak lalu lintas disetujui | approved traffic impact analysis
B5 | rekomendasi dinas lingkungan dan tanpa bangunan tetap | recommendation of the environment office and no permanent building
B6 | lantai dasar terbuka atau ditinggikan sesuai kajian bencana | open or raised ground floor by a hazard study
B7 | rekomendasi tim ahli cagar budaya | recommendation of the heritage experts`

// A line of two is a group, others are code, names, other words and cells. Codes
// of five digits are KBLI 2020.
const ruledActivities = `Hunian | Housing
N01 | Rumah tunggal | Detached house | rumah tinggal, hunian | R:I C:I K:I KT:T6 SPU:T6 W:T1,B2 P:T6 KR:T6 IK-2:T6 CB:B7 RTNH:- LS:-
N02 | Rumah kopel dan deret | Semi-detached and terraced houses | rumah deret, perumahan | R:I R-4:B3 R-5:X C:I K:I K-1:B4 P:X LS:-
N03 | Rumah susun | Block of flats | apartemen, rusun | R-1:B3,B4 R-2:B3,B4 R-3:T3,B3,B4 C:I K-1:I K-2:B4 KT:B4 LS:-
55900 | Rumah kos dan asrama | Boarding house and hostel | kos-kosan, kost, indekos, asrama | R:T4,B1 R-5:X C:I K:I KT:B2 SPU-1:B2 SPU-2:B2 W:I
N04 | Rumah dinas | Official residence | - | R:I C:I KT:I HK:I SPU:B2 TR:T6 KPI:T1
N05 | Panti asuhan dan panti jompo | Orphanage and home for the aged | panti sosial | R:B1,B3 C:I SPU:I K:B3
Perdagangan | Trade
47111 | Minimarket dan supermarket | Minimarket and supermarket | swalayan, toko modern | R-1:T3,T5,B2 R-2:T3,T5,B2 R-3:T3,T5,B2 K:I C:I KT:B2 TR:T1 W:T3,B2 SPU-1:T3
47112 | Toko kelontong | Grocery shop | warung, kedai, toko sembako | R:T1 K:I C:I KT:T1 SPU:T1 W:I TR:T1 KPI:T1 P:T1 IK-1:T1 HK:- RTNH:T1,B5
47191 | Toserba dan pusat belanja | Department store and mall | mal, mall, plaza | K-1:B3,B4 K-2:B3,B4 C-1:B3,B4 C-2:T5,B3,B4
N10 | Pasar rakyat | Market | pasar tradisional | K:I C:B4 SPU-1:B4 SPU-2:B4 SPU-3:B4 R:T3,B3 RTNH:T2,B5
N11 | Apotek dan toko obat | Pharmacy | farmasi, obat | R:T1,T5 K:I C:I KT:I SPU:I W:T1
N12 | Toko bahan bangunan | Building materials shop | toko besi, material, panglong | K:I C:B2,B4 R:T5,B2 PG:I KPI:I
N13 | Toko pakaian dan tekstil | Clothes shop | butik, distro | R:T1 K:I C:I W:I
N14 | Stasiun pengisian bahan bakar | Fuel station | spbu, pertamina, bensin | K-1:B3,B4 K-2:B3,B4 K-3:T5,B3,B4 C:B3,B4 TR:I KPI:I
N15 | Dealer kendaraan | Vehicle dealer | showroom mobil, showroom motor | K:I C:B2 R-1:T5,B2
N16 | Agen gas dan air minum isi ulang | Gas and refill water agent | depot air, elpiji | R:T1,B1 K:I C:I KPI:I
N17 | Pedagang kaki lima | Street vendors | pkl, lapak | RTNH:T2,B5 K:T2 TR:T2 RTH-2:T2,B5 RTH-3:T2,B5 W:T2 R:X BJ:X
Makanan dan penginapan | Food and lodging
56101 | Restoran | Restaurant | tempat makan | R:T2,T5,B2 R-5:X K:I C:I KT:T1 W:I TR:T1 SPU-1:T1 RTNH:- CB:B7
56102 | Warung makan | Eating house | rumah makan, warung nasi | R:T1,T2 K:I C:I KT:T1 W:I TR:I SPU:T1 KPI:T1 IK-1:T1 RTH-2:T1,B5 CB:B7
56303 | Warung kopi dan kafe | Coffee house and café | warkop, kedai kopi, keude kupi, cafe, kopi | R:T1,T2,B1 R-5:T1,B1,B3 K:I C:I KT:T1,T2 W:I TR:I SPU:T1,T2 KPI:T1 IK-1:T1 RTH-2:T1,B5 RTNH:T2,B5 CB:B7
56210 | Jasa boga | Catering | katering | R:T1,B3 K:I C:I KPI:I
55110 | Hotel | Hotel | hotel bintang | K-1:B3,B4 K-2:B3,B4 C-1:I C-2:B3,B4 W:B3 R:X TR:T3,B4
55130 | Pondok wisata | Homestay | homestay, losmen, penginapan, guest house | R:T4,B1 K:I C:I W:I CB:B7 IK-1:T4
Jasa | Services
45407 | Bengkel sepeda motor | Motorcycle repair shop | bengkel motor, servis motor | R:T1,T2,B1,B3 R-5:X K:I C:B3 KPI:I TR:T1
45201 | Bengkel mobil | Car repair shop | bengkel, servis mobil | R:X R-1:T5,B1,B3 R-2:T5,B1,B3 K:B3 C:B3 KPI:I TR:I
N20 | Pencucian kendaraan | Car wash | doorsmeer, cuci mobil, cuci motor | R:T5,B3 R-5:X K:B3 C:B3 TR:I KPI:I
96111 | Pangkas rambut | Barber | barbershop, tukang cukur | R:T1 K:I C:I W:I KT:T1
96112 | Salon kecantikan | Beauty salon | salon | R:T1 K:I C:I W:I KT:T1
96200 | Penatu | Laundry | laundry, binatu, cuci pakaian | R:T1,B3 K:I C:I W:T1 KPI:I
N21 | Kantor swasta | Private office | perkantoran, kantor notaris, jasa profesi | R:T1,B2 R-5:X K:I C:I KT:I W:T1 KPI:T6 SPU:T1
N22 | Bank dan lembaga keuangan | Bank | atm, koperasi, baitul mal | R-1:T3,T5 R-2:T3,T5 K:I C:I KT:I W:T1
N23 | Percetakan dan fotokopi | Printing and copying | digital printing | R:T1 K:I C:I KT:T1 SPU:T1 KPI:I
N24 | Tempat hiburan dan bioskop | Entertainment and cinema | bioskop, karaoke, game | K-1:T2,B3 C-1:T2,B3 W:T2,B3
N25 | Gedung pertemuan | Function hall | balai, aula, resepsi | R:T2,T5,B1,B2 R-5:X K:B4 C:B4 SPU:I W:B4 KT:B4
Pelayanan umum | Public services
N30 | PAUD dan taman kanak-kanak | Kindergarten | tk, sekolah, pendidikan | R:I C:I SPU:I K:B2 KT:T6
N31 | Sekolah dasar dan menengah | School | sd, smp, sma, madrasah, pendidikan | R:B2,B4 C:B4 SPU:I K-3:B4 K-2:B4
N32 | Perguruan tinggi | University | kampus, universitas, pendidikan | SPU-1:I C-1:B4 KT:B4 K-1:B4
N33 | Dayah dan pesantren | Islamic boarding school | dayah, pesantren, pendidikan | R:B1,B2,B3 SPU:I C:B3 P:T6 KR:B3
86103 | Rumah sakit | Hospital | rs, kesehatan | SPU-1:I SPU-2:B3,B4 C-1:B3,B4 K-1:B3,B4 K-2:B3,B4
N34 | Puskesmas dan klinik | Clinic | dokter, klinik, kesehatan | R:B2,B3 K:I C:I SPU:I KT:T6 W:T1 KPI:T1
N35 | Masjid dan meunasah | Mosque and prayer house | mushalla, rumah ibadah, meunasah | R:I K:I C:I KT:I SPU:I W:I TR:I KPI:T1 HK:I PG:T1 P:T6 IK-1:I RTH-2:T1 RTH-3:T1 RTH-7:T1
N36 | Rumah ibadah lain | Other places of worship | gereja, vihara, kelenteng | R:B1,B3 K:B3 C:B3 SPU:I
N37 | Kantor pemerintah | Government office | kantor dinas | KT:I SPU:I C:I K:I R:T1 HK:I TR:T6
N38 | Kantor keuchik | Village office | kantor desa, kantor gampong | R:I K:I C:I SPU:I KT:I P:T6
N39 | Lapangan olahraga | Sports field | futsal, bola, badminton, gor | R:T2,B1 SPU:I RTH-2:I RTH-3:I RTH-4:I RTH-5:I RTH-6:T6 C:I K:I W:I RTNH:I
N40 | Pemakaman | Cemetery | kuburan | RTH-7:I R:T6 RTH-8:X SPU-3:T6
N41 | Tempat evakuasi bencana | Evacuation shelter | tes, tea, escape building | *:B3,B6 BA:X BJ:X HL:X KSA:X EM:X SPU:I KT:I K:I C:I R:I RTNH:I RTH-2:I RTH-3:I
Ruang terbuka dan lindung | Open space and protection
N50 | Taman dan ruang terbuka hijau | Park and green space | taman, rth, jalur hijau | *:I BA:T6 BJ:T6 HL:T6 KSA:X
N51 | Hutan kota dan penanaman mangrove | Urban forest and mangrove planting | bakau, reboisasi | *:B5 EM:I HL:I RTH:I PS:I THR:I KSA:I TWA:I LS:I BA:B5
N52 | Wisata alam | Nature tourism | ekowisata | W:I EM:T6,B5 RTH-1:T1,B5 THR:B5 TWA:I PS:T1,B5 HL:T6,B5 KSA:X P:T6 IK-2:T1
N53 | Dermaga dan tambatan perahu | Jetty and mooring | pelabuhan, perahu | BA:B3,B5 PS:B3,B5 IK-1:I TR:I W:B3
N54 | Papan reklame | Billboard | iklan, baliho | K:T3 C:T3 BJ:T3,B5 TR:T3 KT:T6 R:X RTH-8:- W:T3
Industri dan pergudangan | Industry and storage
10710 | Industri roti dan kue | Bakery | toko roti, kue | R:T1,B1 K:I C:I KPI:I W:T1
10391 | Industri tempe | Tempeh factory | kedelai | R:T1,B1,B3 K-3:T1,B3 KPI:I
31001 | Industri furnitur kayu | Wooden furniture workshop | mebel, perabot, tukang kayu | R-4:T1,B1,B3 R-5:T1,B1,B3 K-3:B3 KPI:I C-2:T1,B3
14120 | Penjahitan | Tailor | tukang jahit, konveksi | R:T1 K:I C:I KPI:I
N60 | Industri menengah dan besar | Medium and large industry | pabrik | KPI:B3,B4
52101 | Pergudangan | Warehouse | gudang, logistik | K-1:T5,B4 PG:I KPI:I TR:B4 IK-1:T1
N61 | Bengkel las | Welding workshop | las besi | R:X R-5:T1,B1,B3 K-3:T5,B3 KPI:I PG:I
N62 | Pengumpul barang bekas | Scrap dealer | rongsokan, butut | KPI:B3 PP:I PG:B3
Prasarana | Utilities
N70 | Terminal dan halte | Bus terminal and stop | terminal, halte | TR:I K-1:B4 BJ:T1 SPU-1:T1 C-1:B4
N71 | Parkir umum | Public parking | parkir | TR:I K:I C:I RTNH:I KT:I SPU:I W:I R:T1,B1
N72 | Menara telekomunikasi | Telecommunication mast | tower, bts | *:B1,B3 BA:X BJ:X HL:X EM:X KSA:X CB:X RTH:X PS:X
N73 | Instalasi pengolahan air | Water treatment | ipam, ipal, pdam | PL:I KPI:B3 SPU-1:B3 PP:B3 R:T1,B3
N74 | Tempat pengolahan sampah | Waste treatment | tps, tps3r, bank sampah | PP:I R:T1,B1,B3 SPU:T1,B3 K:T1,B3 KPI:B3 RTNH:T1,B3
N75 | Pembangkit listrik tenaga surya | Solar power | plts, panel surya | *:T1 PTL:I KPI:I BA:X BJ:X HL:X KSA:X EM:X CB:B7
N76 | Pos pertahanan dan keamanan | Military and police post | polisi, militer, pos jaga | HK:I KT:I SPU:B2 TR:I K:B2 R:T1
Pertanian dan perikanan | Farming and fishery
N80 | Sawah dan tanaman pangan | Paddy and food crops | padi, sawah | P:I KR:I R-5:T6 R-4:T6 LS:- PS:T6,B5
N81 | Kebun dan hortikultura | Gardens and horticulture | kebun, sayur | P:I KR:I R:T1 PS:T6,B5 RTH-8:B5 LS:-
N82 | Peternakan | Livestock | ternak, ayam, sapi, kandang | P-2:T1,B1,B3 P-3:B3 KR:T1,B3 R-5:T1,B1,B3
N83 | Tambak dan budi daya ikan | Fish ponds | tambak, kolam ikan | IK-2:I P:T6 R-5:T6 EM:T6,B5 BA:B3 IK-1:T6
N84 | Tempat pelelangan ikan | Fish auction | tpi, ikan | IK-1:I K-2:B3 TR:T1`

// ruledIntensity has, of the zones where much is built, other figures for small
// plots, and of trade along arterial roads higher buildings.
func ruledIntensity() []zoning.Rule {
	n := func(v float64) *float64 { v = round(v, 2); return &v }
	setback := func(arteri, kolektor, lokal, lingkungan float64) map[string]float64 {
		return map[string]float64{"arteri": arteri, "kolektor": kolektor, "lokal": lokal, "lingkungan": lingkungan}
	}
	// Products are rounded by themselves, as everywhere in this package.
	var rules []zoning.Rule
	for i, code := range []string{"R-1", "R-2", "R-3", "R-4", "R-5"} {
		x := float64(i)
		small := []float64{90, 120, 150, 250, 400}[i]
		rules = append(
			rules,
			zoning.Rule{
				Zones: []string{code}, PlotTo: n(small), KDB: n(75 - float64(5*x)), KLB: n(1.8 - float64(0.2*x)), KDH: n(10 + float64(5*x)), KTB: n(0), Height: n(9), Floors: n(2),
				Setback: setback(12, 8, 4, 2), Rear: n(1), SmallestPlot: n([]float64{36, 60, 72, 120, 200}[i]),
			},
			zoning.Rule{
				Zones: []string{code}, PlotFrom: small, KDB: n(70 - float64(5*x)), KLB: n(2.8 - float64(0.4*x)), KDH: n(15 + float64(5*x)), KTB: n(50 - float64(5*x)), Height: n(16 - float64(2*x)), Floors: n(4 - float64(i/2)),
				Setback: setback(15, 10, 5, 3), Side: n(1 + float64(x/2)), Rear: n(2),
			},
		)
	}
	for i, code := range []string{"K-1", "K-2", "K-3", "C-1", "C-2"} {
		x := []float64{0, 1, 2, 0, 1}[i]
		rules = append(
			rules,
			zoning.Rule{
				Zones: []string{code}, KDB: n(80 - float64(5*x)), KLBMin: n(1), KLB: n(4.8 - x), KDH: n(10), KTB: n(60), Height: n(28 - float64(6*x)), Floors: n(6 - x),
				Setback: setback(15, 10, 6, 4), Side: n(0), Rear: n(2), SmallestPlot: n(60),
			},
			zoning.Rule{
				Zones: []string{code}, Roads: []string{"arteri"}, KDB: n(75 - float64(5*x)), KLBMin: n(1), KLB: n(6 - x), KDH: n(15), KTB: n(70), Height: n(36 - float64(6*x)), Floors: n(8 - x),
				Setback: setback(15, 10, 6, 4), Side: n(2), Rear: n(3), SmallestPlot: n(200),
			},
		)
	}
	for _, group := range []struct {
		zones                         string
		kdb, klb, kdh, height, floors float64
	}{
		{"KT SPU-1 SPU-2", 60, 3.6, 20, 28, 6},
		{"SPU-3 SPU-4 TR HK", 60, 2.4, 20, 18, 4},
		{"KPI PG PTL", 60, 1.8, 20, 20, 3},
		{"W", 40, 1.2, 40, 16, 3},
		{"CB", 50, 1, 30, 10, 2},
		{"PL-3 PL-4 PP", 40, 0.8, 30, 12, 2},
		{"RTH-2 RTH-3 RTNH", 10, 0.2, 80, 8, 2},
		{"RTH-4 RTH-5 RTH-6 RTH-7", 5, 0.05, 85, 5, 1},
		{"P-1 P-2 P-3 KR IK-1 IK-2", 10, 0.1, 80, 8, 1},
		{"BA HL LG PS RTH-1 RTH-8 EM THR KSA BJ LS TWA", 0, 0, 90, 0, 0},
	} {
		rules = append(rules, zoning.Rule{
			Zones: strings.Fields(group.zones), KDB: n(group.kdb), KLB: n(group.klb), KDH: n(group.kdh), Height: n(group.height), Floors: n(group.floors),
			Setback: setback(15, 10, 6, 4), Side: n(3), Rear: n(3),
		})
	}
	return rules
}
