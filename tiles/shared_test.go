package tiles

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedData returns a path in the shared data, which is not part of the
// repository: the folder shared/data of a directory above, or SIMTARU_SHARED.
// The test is skipped where it is absent.
func sharedData(t testing.TB, path ...string) string {
	t.Helper()
	root := os.Getenv("SIMTARU_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "shared", "data")); err == nil {
				root = filepath.Join(dir, "shared", "data")
				break
			}
		}
	}
	p := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("shared data is not here: %s", filepath.Join(path...))
	}
	return p
}
