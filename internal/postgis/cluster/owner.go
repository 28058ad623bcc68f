package cluster

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// owner is the operating-system user that PostgreSQL runs as.
type owner struct {
	uid, gid uint32
	name     string
	// switched is true when that is not ourselves: we are root.
	switched bool
}

// ownerOf decides who runs PostgreSQL for a data directory: ourselves, or,
// where we are root, the owner of the data, or the user postgres for a new one.
func ownerOf(data string) (owner, error) {
	var st syscall.Stat_t
	err := syscall.Stat(data, &st)
	exists := err == nil
	if err != nil && !os.IsNotExist(err) {
		return owner{}, fmt.Errorf("look at the data directory %s: %w", data, err)
	}
	self := uint32(os.Geteuid())
	if self != 0 {
		if exists && st.Uid != self {
			return owner{}, errForeignData(data, nameOf(st.Uid))
		}
		return owner{uid: self, gid: uint32(os.Getegid()), name: nameOf(self)}, nil
	}
	if exists && st.Uid != 0 {
		return owner{uid: st.Uid, gid: st.Gid, name: nameOf(st.Uid), switched: true}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return owner{}, errNoUser(err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return owner{}, fmt.Errorf("parse the id of the user postgres: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return owner{}, fmt.Errorf("parse the group of the user postgres: %w", err)
	}
	return owner{uid: uint32(uid), gid: uint32(gid), name: "postgres", switched: true}, nil
}

func nameOf(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

// peers lists the operating-system users that may be the superuser through the
// socket: the owner, and root or ourselves.
func (o owner) peers() []string {
	users := []string{o.name, nameOf(uint32(os.Geteuid())), "root"}
	slices.Sort(users)
	return slices.Compact(users)
}

// mkdir makes a directory of mode 0700 that belongs to the owner. Its parents
// are made with mode 0755 and stay ours.
func (o owner) mkdir(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	return o.own(dir)
}

// own gives a file that we made to the owner.
func (o owner) own(path string) error {
	if !o.switched {
		return nil
	}
	return os.Lchown(path, int(o.uid), int(o.gid))
}

// reach makes sure that the owner can walk to dir: a service that root starts
// below /root would otherwise fail with nothing but "permission denied".
func (o owner) reach(dir string) error {
	if !o.switched {
		return nil
	}
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		var st syscall.Stat_t
		if err := syscall.Stat(parent, &st); err != nil {
			return fmt.Errorf("look at %s: %w", parent, err)
		}
		may := st.Mode&0o001 != 0
		switch {
		case st.Uid == o.uid:
			may = st.Mode&0o100 != 0
		case st.Gid == o.gid:
			may = st.Mode&0o010 != 0
		}
		if !may {
			return errUnreachable(dir, parent, o.name)
		}
		if parent == filepath.Dir(parent) {
			return nil
		}
	}
}

// write makes a file of mode 0600 that belongs to the owner, whole or not at
// all.
func (o owner) write(path string, content []byte) error {
	tmp := path + ".new"
	if err := os.WriteFile(tmp, content, 0o600); err != nil {
		return err
	}
	if err := o.own(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
