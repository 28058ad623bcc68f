package cluster

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// childOfOurs puts the child into a process group of its own, so that Ctrl-C
// at a terminal reaches us and not it, and ties its life to ours.
func childOfOurs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}

// workingIn lists the processes whose working directory is data: the server
// and its children, and nothing else in practice.
func workingIn(data string) (map[int]bool, error) {
	data, err := filepath.EvalSymlinks(data)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	pids := map[int]bool{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		// A process that has ended or is not ours to look at cannot be read.
		if cwd, err := os.Readlink(filepath.Join("/proc", e.Name(), "cwd")); err == nil && cwd == data {
			pids[pid] = true
		}
	}
	return pids, nil
}
