package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// minMajor is the oldest PostgreSQL we run on: 15 has transition tables,
// xid8 snapshots and MERGE, and is what Debian 12 ships.
const minMajor = 15

// Binaries is one installation of PostgreSQL.
type Binaries struct {
	// Dir holds postgres and initdb.
	Dir string
	// Major is the major version: 15, 16, ...
	Major int
	// PostGIS reports whether the extension's files are installed.
	PostGIS bool
}

// systemDirs is where distributions put PostgreSQL, beside PATH.
var systemDirs = []string{
	"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin",
}

// Find lists the installed PostgreSQL versions that were found, newest first.
// dir, if not empty, is the only place looked at; otherwise pg_config, PATH
// and the places of the distributions are. It starts each found server once to
// ask for its version.
func Find(ctx context.Context, dir string) ([]Binaries, error) {
	var found []Binaries
	for _, d := range candidates(ctx, dir) {
		if slices.ContainsFunc(found, func(b Binaries) bool { return b.Dir == d }) {
			continue
		}
		major, err := majorOf(ctx, filepath.Join(d, "postgres"))
		if err != nil {
			continue // Not an installation: the error of the search says so.
		}
		if _, err := os.Stat(filepath.Join(d, "initdb")); err != nil {
			continue
		}
		found = append(found, Binaries{Dir: d, Major: major, PostGIS: hasPostGIS(ctx, d, major)})
	}
	if len(found) == 0 {
		return nil, errNoBinaries()
	}
	slices.SortStableFunc(found, func(a, b Binaries) int { return b.Major - a.Major })
	return found, nil
}

func candidates(ctx context.Context, dir string) []string {
	if dir != "" {
		return []string{filepath.Clean(dir)}
	}
	var dirs []string
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	for _, pattern := range systemDirs {
		// Glob fails only on a malformed pattern, and ours are constant.
		match, _ := filepath.Glob(pattern)
		dirs = append(dirs, match...)
	}
	return dirs
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

func majorOf(ctx context.Context, postgres string) (int, error) {
	out, err := exec.CommandContext(ctx, postgres, "--version").Output()
	if err != nil {
		return 0, fmt.Errorf("ask %s for its version: %w", postgres, err)
	}
	m := versionText.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("%s answers %q, which names no version", postgres, out)
	}
	return strconv.Atoi(string(m[1]))
}

func hasPostGIS(ctx context.Context, dir string, major int) bool {
	shares := []string{
		fmt.Sprintf("/usr/share/postgresql/%d", major),
		filepath.Join(dir, "../share/postgresql"), filepath.Join(dir, "../share"),
	}
	if out, err := exec.CommandContext(ctx, filepath.Join(dir, "pg_config"), "--sharedir").Output(); err == nil {
		shares = []string{strings.TrimSpace(string(out))}
	}
	return slices.ContainsFunc(shares, func(share string) bool {
		_, err := os.Stat(filepath.Join(share, "extension/postgis.control"))
		return err == nil
	})
}

// choose picks the installation for a data directory made by major version
// made, 0 for a new one.
func choose(found []Binaries, data string, made int) (Binaries, error) {
	if made != 0 {
		i := slices.IndexFunc(found, func(b Binaries) bool { return b.Major == made })
		if i < 0 {
			return Binaries{}, errVersionMismatch(data, made, found)
		}
		if !found[i].PostGIS {
			return Binaries{}, errNoPostGIS(found[i])
		}
		return found[i], nil
	}
	if found[0].Major < minMajor {
		return Binaries{}, errTooOld(found[0])
	}
	for _, b := range found {
		if b.PostGIS && b.Major >= minMajor {
			return b, nil
		}
	}
	return Binaries{}, errNoPostGIS(found[0])
}

// madeBy reads the major version that made a data directory, 0 where there is
// none.
func madeBy(data string) (int, error) {
	b, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of the data directory: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("read the version of the data directory %s: %w", data, err)
	}
	return major, nil
}
