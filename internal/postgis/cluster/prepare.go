package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

func (c *Cluster) directories() error {
	if err := c.owner.mkdir(c.config.Dir); err != nil {
		return fmt.Errorf("make the directory of PostgreSQL: %w", err)
	}
	if err := c.owner.reach(c.config.Dir); err != nil {
		return err
	}
	c.socket = socketDir(c.config.Dir)
	for _, dir := range []string{c.socket, filepath.Dir(c.logFile())} {
		if err := c.owner.mkdir(dir); err != nil {
			return fmt.Errorf("make a directory of PostgreSQL: %w", err)
		}
	}
	return c.ownSocket()
}

// socketDir is where the socket of the cluster in dir lies.
func socketDir(dir string) string {
	socket := filepath.Join(dir, "run")
	// The kernel keeps 107 bytes for the path of a socket, and PostgreSQL adds
	// "/.s.PGSQL.65535.lock" beside it.
	if len(socket) > 80 {
		sum := sha256.Sum256([]byte(dir))
		socket = filepath.Join(os.TempDir(), "simtaru-"+hex.EncodeToString(sum[:8]))
	}
	return socket
}

// ownSocket makes sure that a socket directory in a shared place is really
// ours: somebody else could have made it before.
func (c *Cluster) ownSocket() error {
	var st syscall.Stat_t
	if err := syscall.Lstat(c.socket, &st); err != nil {
		return fmt.Errorf("look at the socket directory: %w", err)
	}
	if st.Uid != c.owner.uid || st.Mode&syscall.S_IFMT != syscall.S_IFDIR || st.Mode&0o077 != 0 {
		return fmt.Errorf("the socket directory %s is not a private directory of %s", c.socket, c.owner.name)
	}
	return nil
}

// acquire takes the lock that keeps two of us out of one directory. The kernel
// gives it back when we die.
func (c *Cluster) acquire() error {
	f, err := os.OpenFile(filepath.Join(c.config.Dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the lock of the data directory: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return errInUse(c.config.Dir)
	}
	c.lock = f
	return nil
}

// release gives the lock back and returns err.
func (c *Cluster) release(err error) error {
	if c.lock != nil {
		c.lock.Close()
	}
	return err
}

// initialise makes the data directory, whole or not at all. Text is compared
// by bytes, which agrees with Go, never changes with the operating system and
// serves LIKE from an index; upper and lower know all of Unicode. Sorting for
// people names an ICU collation where it is wanted.
func (c *Cluster) initialise(ctx context.Context) error {
	fresh := c.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove an unfinished data directory: %w", err)
	}
	args := []string{
		"--pgdata=" + fresh, "--username=postgres", "--encoding=UTF8",
		"--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C",
		"--lc-numeric=C", "--lc-time=C", "--lc-monetary=C",
		"--data-checksums", "--auth-local=peer", "--auth-host=scram-sha-256", "--no-instructions",
	}
	if c.config.Settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	if err := c.owner.run(ctx, filepath.Join(c.bin.Dir, "initdb"), args, c.config.Dir); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	conf, err := os.ReadFile(filepath.Join(fresh, "postgresql.conf"))
	if err != nil {
		return fmt.Errorf("read the new configuration: %w", err)
	}
	conf = append(conf, "\ninclude = 'simtaru.conf'\n# Your own settings go here.\n"...)
	for name, content := range map[string][]byte{
		"postgresql.conf": conf, "pg_hba.conf": []byte(hba), "simtaru.conf": nil,
	} {
		if err := c.owner.write(filepath.Join(fresh, name), content); err != nil {
			return fmt.Errorf("write the new configuration: %w", err)
		}
	}
	if err := os.Rename(fresh, c.data()); err != nil {
		return fmt.Errorf("put the new data directory in its place: %w", err)
	}
	return nil
}
