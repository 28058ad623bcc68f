package cluster

import (
	"fmt"

	"github.com/simtaru/simtaru/internal/plan"
)

// unavailable is an error that tells a person what to do before the managed
// PostgreSQL can run.
func unavailable(code string, text plan.Text, cause error) error {
	return &plan.Error{Kind: plan.Unavailable, Code: code, Message: text, Cause: cause}
}

func errNoBinaries() error {
	return unavailable("postgresql-missing", plan.Text{
		ID: fmt.Sprintf("PostgreSQL %d atau yang lebih baru tidak ditemukan. Pasang dengan: "+
			"apt-get install postgresql postgresql-15-postgis-3 (sesuaikan angka versinya), "+
			"atau isi DATABASE_URL dengan alamat server Anda sendiri.", minMajor),
		EN: fmt.Sprintf("PostgreSQL %d or newer was not found. Install it with: "+
			"apt-get install postgresql postgresql-15-postgis-3 (mind the version number), "+
			"or set DATABASE_URL to a server of your own.", minMajor),
	}, nil)
}

func errTooOld(found Binaries) error {
	return unavailable("postgresql-too-old", plan.Text{
		ID: fmt.Sprintf("PostgreSQL %d di %s terlalu lama; diperlukan versi %d atau yang lebih baru. "+
			"Pasang dengan: apt-get install postgresql postgresql-15-postgis-3 (sesuaikan angka versinya).",
			found.Major, found.Dir, minMajor),
		EN: fmt.Sprintf("PostgreSQL %d in %s is too old; version %d or newer is needed. "+
			"Install it with: apt-get install postgresql postgresql-15-postgis-3 (mind the version number).",
			found.Major, found.Dir, minMajor),
	}, nil)
}

func errNoPostGIS(found Binaries) error {
	return unavailable("postgis-missing", plan.Text{
		ID: fmt.Sprintf("PostgreSQL %d ada di %s, tetapi PostGIS belum terpasang. "+
			"Pasang dengan: apt-get install postgresql-%d-postgis-3", found.Major, found.Dir, found.Major),
		EN: fmt.Sprintf("PostgreSQL %d is in %s, but PostGIS is not installed for it. "+
			"Install it with: apt-get install postgresql-%d-postgis-3", found.Major, found.Dir, found.Major),
	}, nil)
}

func errVersionMismatch(data string, made int, have []Binaries) error {
	majors := ""
	for i, b := range have {
		if i > 0 {
			majors += ", "
		}
		majors += fmt.Sprint(b.Major)
	}
	return unavailable("postgresql-version", plan.Text{
		ID: fmt.Sprintf("Data di %s dibuat oleh PostgreSQL %d, sedangkan yang terpasang adalah versi %s. "+
			"Pasang kembali versi yang sama (apt-get install postgresql-%d-postgis-3), "+
			"atau pindahkan data dengan pg_upgrade. Data tidak diubah.", data, made, majors, made),
		EN: fmt.Sprintf("The data in %s was made by PostgreSQL %d, but version %s is installed. "+
			"Install the same version again (apt-get install postgresql-%d-postgis-3), "+
			"or move the data with pg_upgrade. Nothing was changed.", data, made, majors, made),
	}, nil)
}

func errInUse(dir string) error {
	return unavailable("data-directory-in-use", plan.Text{
		ID: fmt.Sprintf("Folder data %s sedang dipakai oleh simtaru yang lain. Hentikan dahulu yang itu, atau pilih folder lain.", dir),
		EN: fmt.Sprintf("The data directory %s is in use by another simtaru. Stop that one first, or choose another directory.", dir),
	}, nil)
}

func errNoUser(cause error) error {
	return unavailable("postgres-user-missing", plan.Text{
		ID: "PostgreSQL menolak berjalan sebagai root, dan pengguna sistem postgres tidak ada. " +
			"Pasang paket postgresql (membuat pengguna itu), atau jalankan simtaru sebagai pengguna biasa.",
		EN: "PostgreSQL refuses to run as root, and there is no system user postgres. " +
			"Install the package postgresql (it creates that user), or run simtaru as an ordinary user.",
	}, cause)
}

func errUnreachable(dir, parent, user string) error {
	return unavailable("data-directory-unreachable", plan.Text{
		ID: fmt.Sprintf("Pengguna %s tidak dapat masuk ke %s karena izin folder %s. "+
			"Pilih folder data lain (misalnya /var/lib/simtaru), atau jalankan: chmod o+x %s", user, dir, parent, parent),
		EN: fmt.Sprintf("The user %s cannot get to %s because of the permissions of %s. "+
			"Choose another data directory (for example /var/lib/simtaru), or run: chmod o+x %s", user, dir, parent, parent),
	}, nil)
}

func errForeignData(data, owner string) error {
	return unavailable("data-directory-owner", plan.Text{
		ID: fmt.Sprintf("Folder data %s milik pengguna %s. Jalankan simtaru sebagai pengguna itu atau sebagai root.", data, owner),
		EN: fmt.Sprintf("The data directory %s belongs to the user %s. Run simtaru as that user, or as root.", data, owner),
	}, nil)
}

func errDidNotStart(log, tail string, cause error) error {
	return unavailable("postgresql-did-not-start", plan.Text{
		ID: fmt.Sprintf("PostgreSQL tidak dapat dijalankan. Baris terakhir dari %s:\n%s", log, tail),
		EN: fmt.Sprintf("PostgreSQL could not be started. The last lines of %s:\n%s", log, tail),
	}, cause)
}
