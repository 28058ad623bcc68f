package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ErrNotRunning says that no process of ours runs a cluster in a directory.
var ErrNotRunning = errors.New("no PostgreSQL of ours runs there")

// Running returns the address of a database in the cluster that another
// process of ours runs in dir, as DSN does. It fails with ErrNotRunning where
// nobody does.
func Running(dir, database string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("resolve the directory of PostgreSQL: %w", err)
	}
	lock, err := os.Open(filepath.Join(dir, "lock"))
	if errors.Is(err, os.ErrNotExist) {
		return "", ErrNotRunning
	}
	if err != nil {
		return "", fmt.Errorf("look at the lock of the data directory: %w", err)
	}
	defer lock.Close()
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if err == nil {
		return "", ErrNotRunning
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return "", fmt.Errorf("look at the lock of the data directory: %w", err)
	}
	noted, err := os.ReadFile(filepath.Join(dir, "port"))
	if err != nil {
		return "", fmt.Errorf("read the port of PostgreSQL: %w", err)
	}
	port, err := strconv.Atoi(strings.TrimSpace(string(noted)))
	if err != nil {
		return "", fmt.Errorf("read the port of PostgreSQL: %w", err)
	}
	return (&Cluster{socket: socketDir(dir), port: port}).DSN(database), nil
}
