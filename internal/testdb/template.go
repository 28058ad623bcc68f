package testdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/postgis/cluster"
	"github.com/simtaru/simtaru/migrations"
)

const templateName = "simtaru_template"

// settings are for tests only: a crash of the machine may lose everything, a
// crash of the server nothing.
var settings = map[string]string{
	"fsync": "off", "full_page_writes": "off",
	"shared_buffers": "64MB", "max_connections": "100", "autovacuum": "off",
	"max_wal_size": "4GB", "wal_level": "minimal", "max_wal_senders": "0",
}

// start copies the template to a directory of this process and starts it. A
// lock keeps other processes from removing the template or this directory
// before it is in use. A port of 0 opens a free one on 127.0.0.1, -1 none.
func start(ctx context.Context, port int) (*cluster.Cluster, string, error) {
	root := filepath.Join(os.TempDir(), fmt.Sprintf("simtaru-testdb-%d", os.Geteuid()))
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, "", err
	}
	unlock, err := lock(filepath.Join(root, "lock"))
	if err != nil {
		return nil, "", err
	}
	defer unlock()
	template, err := template(ctx, root)
	if err != nil {
		return nil, "", fmt.Errorf("make the template: %w", err)
	}
	if err := sweep(root, template); err != nil {
		return nil, "", fmt.Errorf("remove what others left: %w", err)
	}
	dir, err := os.MkdirTemp(root, "run-")
	if err != nil {
		return nil, "", err
	}
	// cp keeps owners and modes, and shares blocks where the file system can.
	if out, err := exec.CommandContext(ctx, "cp", "-a", "--reflink=auto", template+"/.", dir).CombinedOutput(); err != nil {
		return nil, "", fmt.Errorf("copy the template: %w: %s", err, out)
	}
	c, err := cluster.Start(ctx, cluster.Config{Dir: dir, Port: port, Settings: settings})
	if err != nil {
		return nil, "", err
	}
	return c, dir, nil
}

// template returns the directory of a stopped cluster that holds a migrated
// database, and makes it where there is none for this PostgreSQL and these
// migrations.
func template(ctx context.Context, root string) (string, error) {
	key, err := key(ctx)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, "template-"+key)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	fresh := filepath.Join(root, "run-template")
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	c, err := cluster.Start(ctx, cluster.Config{Dir: fresh, Port: -1, Settings: settings})
	if err != nil {
		return "", err
	}
	migrateErr := migrateTemplate(ctx, c)
	if migrateErr == nil {
		migrateErr = allowLogins(fresh)
	}
	if err := c.Stop(ctx); err != nil {
		return "", err
	}
	if migrateErr != nil {
		return "", migrateErr
	}
	return dir, os.Rename(fresh, dir)
}

// logins lets tests come in as any role, through the private socket.
const logins = "local all all trust\n"

func allowLogins(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, "data", "pg_hba.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(logins)
	return errors.Join(err, f.Close())
}

func migrateTemplate(ctx context.Context, c *cluster.Cluster) error {
	dsn, err := c.Database(ctx, templateName)
	if err != nil {
		return err
	}
	store, err := postgis.Open(ctx, postgis.Config{DSN: dsn})
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Migrate(ctx)
}

// key identifies what the template is made of.
func key(ctx context.Context) (string, error) {
	found, err := cluster.Find(ctx, "")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprint(h, logins)
	for _, b := range found {
		out, err := exec.CommandContext(ctx, filepath.Join(b.Dir, "postgres"), "--version").Output()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %s %v\n", b.Dir, out, b.PostGIS)
	}
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// sweep removes the clusters of processes that are gone, and templates that
// nobody asked for in a day.
func sweep(root, template string) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(root, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "run-"):
			if inUse(path) {
				continue
			}
		case strings.HasPrefix(e.Name(), "template-") && path != template:
			if info, err := e.Info(); err != nil || time.Since(info.ModTime()) < 24*time.Hour {
				continue
			}
		default:
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// inUse reports whether a living process holds the lock of a cluster.
func inUse(dir string) bool {
	f, err := os.Open(filepath.Join(dir, "lock"))
	if err != nil {
		return false
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil
}

// lock waits for a file's lock.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { f.Close() }, nil
}
