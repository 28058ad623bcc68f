package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is one run of the server.
type process struct {
	cmd *exec.Cmd
	// exited is closed when it has ended; err then says how.
	exited chan struct{}
	err    error
}

// spawn starts a command as the owner. The kernel sends it SIGINT, to a
// server the order for a fast shutdown, should we die without stopping it.
// That signal comes when the starting thread ends, not the process, so one
// thread is kept for it until it exits.
func (o owner) spawn(name string, args []string, dir string, out *os.File) (*process, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	// Nothing of our environment concerns PostgreSQL, and PG* variables or a
	// database URL with a password do not belong in its.
	cmd.Env = []string{"PATH=" + filepath.Dir(name) + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = childOfOurs()
	if o.switched {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: o.uid, Gid: o.gid}
	}
	p := &process{cmd: cmd, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// run starts a command as the owner and waits for it; what it wrote is in the
// error.
func (o owner) run(ctx context.Context, name string, args []string, dir string) error {
	out, err := os.CreateTemp("", "simtaru-*.out")
	if err != nil {
		return fmt.Errorf("make a file for the output of %s: %w", filepath.Base(name), err)
	}
	defer os.Remove(out.Name())
	defer out.Close()
	p, err := o.spawn(name, args, dir, out)
	if err != nil {
		return err
	}
	select {
	case <-p.exited:
	case <-ctx.Done():
		p.signal(syscall.SIGTERM)
		<-p.exited
		return context.Cause(ctx)
	}
	if p.err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), p.err, tailOf(out.Name(), 0))
	}
	return nil
}

// signal sends a signal. It is our own child, so all that can fail is that it
// has ended already, which is what a signal is sent for.
func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// ready waits until the server takes connections, however long its recovery
// takes, or has ended, or ctx has.
func (p *process) ready(ctx context.Context, data string) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if pid, status := pidFile(data); pid == p.cmd.Process.Pid && status == "ready" {
			return nil
		}
		select {
		case <-tick.C:
		case <-p.exited:
			return fmt.Errorf("postgres ended before it was ready: %w", cmpErr(p.err))
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres to be ready: %w", context.Cause(ctx))
		}
	}
}

func cmpErr(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// pidFile reads postmaster.pid: the process id in the first line and the
// server's state in the eighth. 0 where there is no such file, or not yet a
// whole one.
func pidFile(data string) (pid int, status string) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0, ""
	}
	lines := strings.Split(string(b), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return 0, ""
	}
	if len(lines) >= 8 {
		status = strings.TrimSpace(lines[7])
	}
	return pid, status
}

// clearOrphans makes way for a new server: it asks a server that a dead
// process of ours has left behind to stop, waits until no process works in
// the data directory, and removes a lock file whose process id now belongs to
// some other program. The caller holds the lock, so no living simtaru owns
// that server.
func clearOrphans(ctx context.Context, data string) error {
	pid, _ := pidFile(data)
	if pid == 0 {
		return nil
	}
	asked := false
	for {
		working, err := workingIn(data)
		if err != nil {
			return fmt.Errorf("look for a server that still runs in %s: %w", data, err)
		}
		if len(working) == 0 {
			break
		}
		if !asked && working[pid] {
			if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("stop the server %d that was left behind in %s: %w", pid, data, err)
			}
			asked = true
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("wait for the server %d that was left behind in %s: %w", pid, data, context.Cause(ctx))
		}
	}
	if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("remove a stale lock file: %w", err)
	}
	return nil
}

// tailOf returns the end of a log from an offset on, at most 20 lines.
func tailOf(path string, from int64) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	if from < int64(len(b)) {
		b = b[from:]
	}
	lines := bytes.Split(bytes.TrimSpace(b), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-20):], []byte("\n")))
}
