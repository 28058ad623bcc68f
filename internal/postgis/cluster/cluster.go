package cluster

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Config says where and how a managed PostgreSQL runs. Only Dir is needed.
type Config struct {
	// Dir is the directory of the cluster; see the package comment.
	Dir string
	// Port on 127.0.0.1. 0 takes the one used last, or a free one; -1 opens no
	// TCP port at all.
	Port int
	// Bin is where postgres and initdb are; empty searches.
	Bin string
	// Settings override those of a small city server.
	Settings map[string]string
	// Log is told of crashes and restarts; nil discards.
	Log *slog.Logger
}

// Cluster is a running PostgreSQL that is ours. It restarts the server when
// that dies; it must be stopped with Stop.
type Cluster struct {
	config Config
	bin    Binaries
	owner  owner
	port   int
	socket string // directory
	lock   *os.File

	life context.Context // ends when Stop is called
	end  context.CancelFunc
	done chan struct{} // closed when the server is not started again

	mu      sync.Mutex
	process *process
}

// Start finds PostgreSQL, makes the data directory where there is none, starts
// the server and waits until it takes connections. Its errors that a person
// can do something about are *plan.Error.
func Start(ctx context.Context, config Config) (*Cluster, error) {
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("resolve the directory of PostgreSQL: %w", err)
	}
	config.Dir = dir
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	c := &Cluster{config: config, done: make(chan struct{})}
	// The server outlives the start: Stop ends it, not the caller's context.
	c.life, c.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := c.prepare(ctx); err != nil {
		return nil, c.release(err)
	}
	p, err := c.launch(ctx)
	if err != nil {
		return nil, c.release(err)
	}
	c.process = p
	go c.supervise(p)
	return c, nil
}

func (c *Cluster) data() string    { return filepath.Join(c.config.Dir, "data") }
func (c *Cluster) logFile() string { return filepath.Join(c.config.Dir, "log", "postgres.log") }

// prepare makes everything ready that does not change from one run of the
// server to the next.
func (c *Cluster) prepare(ctx context.Context) error {
	made, err := madeBy(c.data())
	if err != nil {
		return err
	}
	found, err := Find(ctx, c.config.Bin)
	if err != nil {
		return err
	}
	if c.bin, err = choose(found, c.data(), made); err != nil {
		return err
	}
	if c.owner, err = ownerOf(c.data()); err != nil {
		return err
	}
	if err := c.directories(); err != nil {
		return err
	}
	if err := c.acquire(); err != nil {
		return err
	}
	if made == 0 {
		return c.initialise(ctx)
	}
	return nil
}

// launch starts one run of the server. With a port chosen by us it tries
// others when somebody else took it in between.
func (c *Cluster) launch(ctx context.Context) (*process, error) {
	if err := clearOrphans(ctx, c.data()); err != nil {
		return nil, err
	}
	settings := cityServer(machineMemory())
	maps.Copy(settings, c.config.Settings)
	if err := c.owner.write(filepath.Join(c.data(), "simtaru.conf"), settingsFile(settings)); err != nil {
		return nil, fmt.Errorf("write the settings: %w", err)
	}
	if err := c.owner.write(filepath.Join(c.data(), "simtaru_ident.conf"), ident(c.owner.peers())); err != nil {
		return nil, fmt.Errorf("write the map of users: %w", err)
	}
	for attempt := 1; ; attempt++ {
		port, err := c.choosePort(attempt)
		if err != nil {
			return nil, err
		}
		p, err := c.try(ctx, port)
		if err == nil {
			return p, nil
		}
		if c.config.Port != 0 || c.port != 0 || attempt == 5 || !strings.Contains(err.Error(), "could not bind") {
			return nil, err
		}
	}
}

func (c *Cluster) try(ctx context.Context, port int) (*process, error) {
	out, from, err := c.openLog()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	listen := "127.0.0.1"
	if c.config.Port < 0 {
		listen = ""
	}
	args := []string{"-D", c.data()}
	for _, s := range []string{
		"listen_addresses=" + listen, "port=" + strconv.Itoa(port),
		"unix_socket_directories=" + c.socket, "unix_socket_permissions=0700",
		"ident_file=" + filepath.Join(c.data(), "simtaru_ident.conf"),
	} {
		args = append(args, "-c", s)
	}
	p, err := c.owner.spawn(filepath.Join(c.bin.Dir, "postgres"), args, c.config.Dir, out)
	if err != nil {
		return nil, err
	}
	if err := p.ready(ctx, c.data()); err != nil {
		p.signal(syscall.SIGINT)
		<-p.exited
		return nil, errDidNotStart(c.logFile(), tailOf(c.logFile(), from), err)
	}
	if c.port != 0 {
		return p, nil
	}
	c.port = port
	if c.config.Port == 0 {
		if err := os.WriteFile(filepath.Join(c.config.Dir, "port"), []byte(strconv.Itoa(port)), 0o600); err != nil {
			c.config.Log.Warn("the port of PostgreSQL could not be noted; it may be another one next time", "err", err)
		}
	}
	return p, nil
}

// openLog opens the server's log to append, moving a large one aside, and
// returns its present length.
func (c *Cluster) openLog() (*os.File, int64, error) {
	const large = 16 << 20
	if st, err := os.Stat(c.logFile()); err == nil && st.Size() > large {
		if err := os.Rename(c.logFile(), c.logFile()+".1"); err != nil {
			return nil, 0, fmt.Errorf("move the log of PostgreSQL aside: %w", err)
		}
	}
	f, err := os.OpenFile(c.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("open the log of PostgreSQL: %w", err)
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("open the log of PostgreSQL: %w", err)
	}
	return f, st.Size(), nil
}

func (c *Cluster) choosePort(attempt int) (int, error) {
	switch {
	case c.config.Port > 0:
		return c.config.Port, nil
	case c.config.Port < 0:
		return 5432, nil // names the socket only
	case c.port != 0:
		return c.port, nil // a restart: clients know this one
	}
	if b, err := os.ReadFile(filepath.Join(c.config.Dir, "port")); err == nil && attempt == 1 {
		if port, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil && free(port) {
			return port, nil
		}
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func free(port int) bool {
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// supervise starts the server again whenever it ends without being asked to.
func (c *Cluster) supervise(p *process) {
	defer close(c.done)
	pause := time.Duration(0)
	for {
		started, err := time.Now(), error(nil)
		select {
		case <-c.life.Done():
			return
		case <-p.exited:
			err = p.err
		}
		if time.Since(started) > time.Minute {
			pause = 0
		}
		for {
			c.config.Log.Error("PostgreSQL has ended and is started again", "err", err, "log", c.logFile())
			select {
			case <-c.life.Done():
				return
			case <-time.After(pause):
			}
			pause = min(2*pause+50*time.Millisecond, 10*time.Second)
			var next *process
			if next, err = c.relaunch(); err == nil {
				p = next
				break
			}
		}
	}
}

// relaunch is launch, given up when Stop is called.
func (c *Cluster) relaunch() (*process, error) {
	p, err := c.launch(c.life)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.process = p
	return p, nil
}

// Stop shuts the server down: running transactions are rolled back, everything
// committed is on disk. When ctx ends before that is done, the server is cut
// off and recovers at its next start. Stop may be called more than once.
func (c *Cluster) Stop(ctx context.Context) error {
	c.end()
	<-c.done
	c.mu.Lock()
	p := c.process
	c.mu.Unlock()
	p.signal(syscall.SIGINT)
	select {
	case <-p.exited:
	case <-ctx.Done():
		p.signal(syscall.SIGQUIT)
		<-p.exited
		return c.release(fmt.Errorf("PostgreSQL was cut off and will recover at its next start: %w", context.Cause(ctx)))
	}
	return c.release(nil)
}

// DSN is the address of a database, as the superuser through the socket: a
// keyword/value string that pgx, psql, GDAL and QGIS all understand. Without
// the socket's private directory it opens nothing.
func (c *Cluster) DSN(database string) string {
	return fmt.Sprintf("host=%s port=%d user=postgres dbname=%s", quote(c.socket), c.port, quote(database))
}

// Port is the TCP port on 127.0.0.1, which asks every user for a password, or
// the number in the socket's name where there is none.
func (c *Cluster) Port() int { return c.port }

// Dir is the directory of the cluster.
func (c *Cluster) Dir() string { return c.config.Dir }

// Log is the file that PostgreSQL writes its messages to.
func (c *Cluster) Log() string { return c.logFile() }

// Binaries is the installation that runs.
func (c *Cluster) Binaries() Binaries { return c.bin }

// Pid is the process id of the server that runs now.
func (c *Cluster) Pid() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.process.cmd.Process.Pid
}

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
