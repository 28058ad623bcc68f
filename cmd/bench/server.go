package main

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program under measurement that listens on addr.
type process struct {
	cmd   *exec.Cmd
	addr  string
	ready time.Duration // from start to the first 200 of the probe
	out   *bytes.Buffer
}

// launch starts the command, which must listen on addr, and waits until the
// probe path answers 200.
func launch(ctx context.Context, addr, probe string, env []string, name string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, name, args...), addr: addr, out: new(bytes.Buffer)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	start := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(start) < 2*time.Minute {
		if resp, err := http.Get("http://" + addr + probe); err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				p.ready = time.Since(start)
				return p, nil
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.stop()
	return nil, fmt.Errorf("%s was not ready after two minutes:\n%s", name, p.out)
}

func (p *process) url(path string) string { return "http://" + p.addr + path }

func (p *process) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
}

// residentMB reads the resident memory of the process in 10^6 bytes.
func (p *process) residentMB() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib * 1024 / 1e6, err
		}
	}
	return 0, fmt.Errorf("no VmRSS for process %d", p.cmd.Process.Pid)
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// answer is a recorded answer for the bare server.
type answer struct {
	Header http.Header
	Body   []byte
}

// serveBare is the yardstick of warm tiles: a net/http server that does
// nothing but send recorded bytes with their headers.
func serveBare(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var recorded struct {
		Addr    string
		Answers map[string]answer
	}
	if err := gob.NewDecoder(f).Decode(&recorded); err != nil {
		return err
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := recorded.Answers[r.URL.Path]
		h := w.Header()
		for k, v := range a.Header {
			h[k] = v
		}
		w.Write(a.Body)
	})
	s := &http.Server{Addr: recorded.Addr, Handler: handler}
	go func() {
		<-ctx.Done()
		s.Close()
	}()
	if err := s.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// get fetches a URL with the given Accept-Encoding and returns status, headers
// and the body as it came over the wire.
func get(ctx context.Context, url, encoding string) (int, http.Header, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set("Accept-Encoding", encoding)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, body, err
}
