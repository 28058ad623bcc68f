//go:build !linux

package cluster

import "syscall"

// childOfOurs puts the child into a process group of its own, so that Ctrl-C
// at a terminal reaches us and not it. Without Linux its life is not tied to
// ours; the next start stops what was left behind.
func childOfOurs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// workingIn cannot tell without /proc: it trusts the lock file's process id if
// that is alive.
func workingIn(data string) (map[int]bool, error) {
	pid, _ := pidFile(data)
	if pid == 0 || syscall.Kill(pid, 0) != nil {
		return nil, nil
	}
	return map[int]bool{pid: true}, nil
}
