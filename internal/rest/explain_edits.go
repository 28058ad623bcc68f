package rest

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/plan"
)

// explainEdits lists the problem types of editing.
func explainEdits() []explained {
	return []explained{
		{"invalid-json", http.StatusBadRequest, plan.Text{ID: "Isi permintaan bukan JSON yang sah; at menyebut baris dan kolomnya.", EN: "The body is not valid JSON; at names line and column."}},
		{"invalid-header", http.StatusBadRequest, plan.Text{ID: "Isi header tidak sah; at menyebut headernya.", EN: "The value of a header is not valid; at names it."}},
		{"invalid-gzip", http.StatusBadRequest, plan.Text{ID: "Content-Encoding menyatakan gzip, tetapi isinya bukan.", EN: "Content-Encoding says gzip, but the body is not."}},
		{"unknown-crs", http.StatusBadRequest, plan.Text{ID: "Content-Crs menyebut sistem koordinat yang tidak tersedia.", EN: "Content-Crs names a reference system that is not offered."}},
		{"no-feature", http.StatusBadRequest, plan.Text{ID: "Isi permintaan bukan Feature GeoJSON; at menyebut anggota yang kurang atau salah.", EN: "The body is not a GeoJSON Feature; at names the member that is missing or wrong."}},
		{"duplicate-member", http.StatusBadRequest, plan.Text{ID: "Anggota atau atribut muncul dua kali.", EN: "A member or attribute appears twice."}},
		{"wrong-type-member", http.StatusBadRequest, plan.Text{ID: "Anggota bernilai jenis yang salah.", EN: "A member has a value of the wrong kind."}},
		{"wrong-properties", http.StatusBadRequest, plan.Text{ID: "properties bukan objek.", EN: "properties is not an object."}},
		{"wrong-geometry", http.StatusBadRequest, plan.Text{ID: "geometry bukan objek geometri GeoJSON atau null.", EN: "geometry is neither a GeoJSON geometry nor null."}},
		{"wrong-coordinates", http.StatusBadRequest, plan.Text{ID: "Larik koordinat tidak cocok dengan jenis geometrinya.", EN: "The coordinates do not fit the type of the geometry."}},
		{"unreadable-text", http.StatusBadRequest, plan.Text{ID: "Teks bukan UTF-8, atau memuat NUL.", EN: "A text is not UTF-8, or holds NUL."}},
		{"crs", http.StatusBadRequest, plan.Text{ID: "Anggota crs tidak didukung; pakai header Content-Crs.", EN: "The member crs is not supported; use the header Content-Crs."}},
		{"not-allowed", http.StatusForbidden, plan.Text{ID: "Peran Anda tidak boleh menyunting lapisan itu.", EN: "Your role may not edit the layer."}},
		{"read-only", http.StatusForbidden, plan.Text{ID: "Login atau token itu hanya boleh membaca.", EN: "The login or token may only read."}},
		{"feature-gone", http.StatusNotFound, plan.Text{ID: "Objek itu sudah dihapus orang lain.", EN: "The feature was deleted by somebody else."}},
		{"already-there", http.StatusConflict, plan.Text{ID: "Nilai yang harus unik sudah dipakai objek lain.", EN: "Another feature has the value that must be unique."}},
		{"locked", http.StatusConflict, plan.Text{ID: "Objek itu sedang disunting orang lain; coba lagi.", EN: "Somebody else is editing the feature; try again."}},
		{"concurrent-edit", http.StatusConflict, plan.Text{ID: "Suntingan bertabrakan dengan suntingan lain; coba lagi.", EN: "The edit collided with another; try again."}},
		{"still-running", http.StatusConflict, plan.Text{ID: "Permintaan dengan Idempotency-Key yang sama masih dikerjakan.", EN: "A request with the same Idempotency-Key is still being carried out."}},
		{"stale", http.StatusPreconditionFailed, plan.Text{ID: "Objek itu sudah diubah sejak Anda membacanya; current menyebut oleh siapa, kapan, dan revisinya.", EN: "The feature was changed since you had read it; current says by whom, when, and its revision."}},
		{"too-many-edits", http.StatusRequestEntityTooLarge, plan.Text{ID: "Lebih dari 10.000 suntingan dalam satu permintaan.", EN: "More than 10,000 edits in one request."}},
		{"too-many-vertices", http.StatusRequestEntityTooLarge, plan.Text{ID: "Geometri memiliki terlalu banyak titik.", EN: "The geometry has too many vertices."}},
		{"too-many-parts", http.StatusRequestEntityTooLarge, plan.Text{ID: "Geometri memiliki terlalu banyak bagian.", EN: "The geometry has too many parts."}},
		{"too-large", http.StatusRequestEntityTooLarge, plan.Text{ID: "Teks atau objek terlalu besar.", EN: "A text or feature is too large."}},
		{"unsupported-media-type", http.StatusUnsupportedMediaType, plan.Text{ID: "Content-Type tidak diterima di alamat itu; lihat Accept-Post, Accept-Patch, atau Accept.", EN: "The address does not take the Content-Type; see Accept-Post, Accept-Patch or Accept."}},
		{"unsupported-encoding", http.StatusUnsupportedMediaType, plan.Text{ID: "Content-Encoding yang diterima hanya gzip.", EN: "The only Content-Encoding that is taken is gzip."}},
		{"unknown-property", http.StatusUnprocessableEntity, plan.Text{ID: "Lapisan itu tidak memiliki atribut bernama at.", EN: "The layer has no attribute of the name in at."}},
		{"unknown-member", http.StatusUnprocessableEntity, plan.Text{ID: "Anggota itu tidak dikenal di tempatnya.", EN: "The member is not known where it stands."}},
		{"missing-member", http.StatusUnprocessableEntity, plan.Text{ID: "Suntingan tidak memiliki anggota yang diperlukan.", EN: "The edit lacks a member that it needs."}},
		{"two-changes", http.StatusUnprocessableEntity, plan.Text{ID: "Suntingan memiliki feature dan patch sekaligus.", EN: "The edit has both feature and patch."}},
		{"wrong-operation", http.StatusUnprocessableEntity, plan.Text{ID: "op bukan create, update, replace atau delete.", EN: "op is not create, update, replace or delete."}},
		{"missing-value", http.StatusUnprocessableEntity, plan.Text{ID: "Atribut wajib tidak berisi.", EN: "A required attribute has no value."}},
		{"wrong-type", http.StatusUnprocessableEntity, plan.Text{ID: "Nilai bukan dari jenis atributnya.", EN: "A value is not of the attribute's type."}},
		{"out-of-range", http.StatusUnprocessableEntity, plan.Text{ID: "Nilai di luar rentang atributnya.", EN: "A value is outside the attribute's range."}},
		{"too-long", http.StatusUnprocessableEntity, plan.Text{ID: "Teks terlalu panjang.", EN: "A text is too long."}},
		{"unknown-code", http.StatusUnprocessableEntity, plan.Text{ID: "Kode tidak ada dalam daftar kodenya.", EN: "The code is not in its list."}},
		{"not-finite", http.StatusUnprocessableEntity, plan.Text{ID: "Bilangan tidak berhingga, atau bukan bilangan JSON.", EN: "A number is not finite, or not a JSON number."}},
		{"out-of-world", http.StatusUnprocessableEntity, plan.Text{ID: "Koordinat di luar dunia, atau di luar wilayah sistem koordinatnya.", EN: "A coordinate is outside the world, or the domain of its reference system."}},
		{"empty-geometry", http.StatusUnprocessableEntity, plan.Text{ID: "Geometri kosong; pakai null untuk tanpa geometri.", EN: "The geometry is empty; use null for none."}},
		{"too-few-points", http.StatusUnprocessableEntity, plan.Text{ID: "Garis atau cincin memiliki terlalu sedikit titik.", EN: "A line or ring has too few points."}},
		{"unclosed-ring", http.StatusUnprocessableEntity, plan.Text{ID: "Cincin poligon tidak tertutup.", EN: "The ring of a polygon is not closed."}},
		{"unsupported-geometry", http.StatusUnprocessableEntity, plan.Text{ID: "Jenis geometri tidak dapat disimpan.", EN: "The type of geometry cannot be stored."}},
		{"wrong-geometry-type", http.StatusUnprocessableEntity, plan.Text{ID: "Lapisan itu menyimpan jenis geometri lain.", EN: "The layer holds another type of geometry."}},
		{"geometry-invalid", http.StatusUnprocessableEntity, plan.Text{ID: "Geometri tidak sah; detail menyebut sebab dan tempatnya.", EN: "The geometry is invalid; detail says why and where."}},
		{"geometry-too-large", http.StatusUnprocessableEntity, plan.Text{ID: "Geometri terlalu rumit untuk diperiksa.", EN: "The geometry is too complex to be checked."}},
		{"value-refused", http.StatusUnprocessableEntity, plan.Text{ID: "Nilai ditolak aturan lapisan di basis data; demikian pula semua kode yang diawali value-.", EN: "A value is refused by a rule of the layer in the database; so are all codes that begin with value-."}},
		{"bad-value", http.StatusUnprocessableEntity, plan.Text{ID: "Nilai tidak dapat disimpan.", EN: "A value cannot be stored."}},
		{"idempotency-key-reused", http.StatusUnprocessableEntity, plan.Text{ID: "Idempotency-Key itu sudah dipakai untuk permintaan lain.", EN: "The Idempotency-Key was used for another request."}},
		{"version-is-a-deletion", http.StatusUnprocessableEntity, plan.Text{ID: "Versi yang diminta adalah penghapusan.", EN: "The version that was asked for is a deletion."}},
		{"outcome-unknown", http.StatusServiceUnavailable, plan.Text{ID: "Sambungan terputus saat menyimpan dan hasilnya belum diketahui; ulangi dengan Idempotency-Key yang sama.", EN: "The connection was lost while saving and the outcome is not known; repeat with the same Idempotency-Key."}},
		{"database-away", http.StatusServiceUnavailable, plan.Text{ID: "Basis data tidak terjangkau; tidak ada yang berubah.", EN: "The database is out of reach; nothing was changed."}},
		{"catalogue-changing", http.StatusServiceUnavailable, plan.Text{ID: "Deklarasi lapisan sedang diubah; coba lagi.", EN: "The declarations of the layers are being changed; try again."}},
		{"too-slow", http.StatusServiceUnavailable, plan.Text{ID: "Terlalu berat untuk diselesaikan sekarang.", EN: "Too heavy to be finished now."}},
	}
}
