package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/testdb"
)

// office is a shell over a database with a port, where people log in with
// their passwords.
func office(t *testing.T) shell {
	t.Helper()
	s := shell{t, testdb.OwnPort(t)}
	s.do(0, "migrate")
	return s
}

// typed runs a command with text on its standard input, and returns what it
// prints.
func (s shell) typed(code int, text string, args ...string) string {
	s.t.Helper()
	in, err := os.CreateTemp(s.t.TempDir(), "stdin")
	if err != nil {
		s.t.Fatal(err)
	}
	defer in.Close()
	if _, err := in.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		s.t.Fatal(err)
	}
	out, err := os.CreateTemp(s.t.TempDir(), "stdout")
	if err != nil {
		s.t.Fatal(err)
	}
	defer out.Close()
	stdin, stdout := os.Stdin, os.Stdout
	os.Stdin, os.Stdout = in, out
	defer func() { os.Stdin, os.Stdout = stdin, stdout }()
	s.do(code, args...)
	printed, err := os.ReadFile(out.Name())
	if err != nil {
		s.t.Fatal(err)
	}
	return string(printed)
}

// admits reports whether PostgreSQL lets the person in, over TCP.
func (s shell) admits(name, password string) bool {
	s.t.Helper()
	config, err := pgx.ParseConfig(s.db.DSN)
	if err != nil {
		s.t.Fatal(err)
	}
	config.Host, config.Port, config.User, config.Password = "127.0.0.1", uint16(s.db.Cluster.Port()), name, password
	conn, err := pgx.ConnectConfig(s.t.Context(), config)
	if err != nil {
		return false
	}
	_ = conn.Close(s.t.Context())
	return true
}

func TestPeopleAtTheCommandLine(t *testing.T) {
	s := office(t)
	s.typed(0, "meuligoe 1880 aceh\n", "user", "add", "ani", "--role", "admin", "--password-stdin", "--title", "Cut Ani", "--email", "ani@bandaaceh.go.id")
	if !s.admits("ani", "meuligoe 1880 aceh") {
		t.Error("the person cannot log in to PostgreSQL")
	}
	made := strings.TrimSpace(s.typed(0, "", "user", "add", "siti", "--role", "planner", "--generate"))
	if len(made) < 20 || strings.ContainsAny(made, " \n") || !s.admits("siti", made) {
		t.Errorf("generated %q", made)
	}
	again := strings.TrimSpace(s.typed(0, "", "user", "passwd", "siti", "--generate"))
	if again == made || s.admits("siti", made) || !s.admits("siti", again) {
		t.Error("the new password is not in force alone")
	}
	s.do(0, "user", "role", "siti", "disaster")
	s.do(0, "user", "add", "budi", "--role", "public", "--no-password", "--email", "budi@bandaaceh.go.id")
	list := s.typed(0, "", "user", "list")
	for _, want := range []string{"ani   admin     enabled  Cut Ani  ani@bandaaceh.go.id", "siti  disaster  enabled", "budi  public"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	s.do(0, "user", "disable", "siti")
	if s.admits("siti", again) {
		t.Error("a disabled person logs in to PostgreSQL")
	}
	if list := s.typed(0, "", "user", "list"); !strings.Contains(list, "disabled") {
		t.Errorf("not shown as disabled:\n%s", list)
	}
	s.do(0, "user", "enable", "siti")
	if !s.admits("siti", again) {
		t.Error("an enabled person does not log in")
	}

	for _, refused := range [][]string{
		{"user", "disable", "ani"},
		{"user", "role", "ani", "planner"},
		{"user", "disable", "nobody"},
		{"user", "passwd", "nobody", "--generate"},
		{"user", "add", "siti", "--role", "planner", "--generate"},
		{"user", "add", "Siti", "--role", "planner", "--generate"},
		{"user", "add", "postgres", "--role", "planner", "--generate"},
		{"user", "add", "cut", "--role", "planner"}, // no terminal
	} {
		s.typed(1, "", refused...)
	}
	s.typed(1, "short\n", "user", "add", "cut", "--role", "planner", "--password-stdin")
	s.typed(1, "cut-nyak-dien\n", "user", "add", "cut-nyak-dien", "--role", "planner", "--password-stdin")
	if n := s.count("simtaru.person"); n != 3 {
		t.Errorf("%d people", n)
	}
}

// TestTokensAtTheCommandLine: what people have made over HTTP is listed and
// revoked one by one.
func TestTokensAtTheCommandLine(t *testing.T) {
	s := office(t)
	s.typed(0, "", "user", "add", "siti", "--role", "planner", "--generate")
	s.typed(0, "", "user", "add", "budi", "--role", "planner", "--generate")
	add := func(person string, token auth.Token) int64 {
		t.Helper()
		token.Person, token.Hash = person, []byte(strings.Repeat(token.Name[:1], 32))
		p, err := s.db.Store.Person(t.Context(), person)
		if err == nil {
			token, err = s.db.Store.AddToken(t.Context(), token, p.Generation)
		}
		if err != nil {
			t.Fatal(err)
		}
		return token.ID
	}
	sirens := add("siti", auth.Token{Name: "sirens", Layers: []string{"closure", "road"}, ReadOnly: true})
	board := add("siti", auth.Token{Name: "board at the gate"})
	add("siti", auth.Token{Name: "nothing", Layers: []string{}})
	theirs := add("budi", auth.Token{Name: "other"})
	if err := s.db.Store.TouchToken(t.Context(), sirens); err != nil {
		t.Fatal(err)
	}
	for _, refused := range [][]string{
		{"user", "tokens", "nobody"},
		{"user", "tokens", "no body"},
		{"user", "revoke", "siti", fmt.Sprint(theirs)},
		{"user", "revoke", "siti", "0"},
		{"user", "revoke", "nobody", fmt.Sprint(sirens)},
	} {
		s.typed(1, "", refused...)
	}
	s.do(0, "user", "revoke", "siti", fmt.Sprint(board))
	want := []string{
		"[0-9]+ +in force +- +edits +- +nothing",
		fmt.Sprintf("%d +revoked +- +edits +[*] +board at the gate", board),
		fmt.Sprintf("%d +in force +[0-9]{4}-[0-9]{2}-[0-9]{2} +reads +closure,road +sirens", sirens),
	}
	list := s.typed(0, "", "user", "tokens", "siti")
	if !regexp.MustCompile("^" + strings.Join(want, "\n") + "\n$").MatchString(list) {
		t.Errorf("the list:\n%s", list)
	}
	if list := s.typed(0, "", "user", "tokens", "budi"); !strings.Contains(list, "in force") {
		t.Errorf("somebody else's:\n%s", list)
	}
}

// TestServeSaysHowToMakeTheFirstAdmin, and not again when there is one.
func TestServeSaysHowToMakeTheFirstAdmin(t *testing.T) {
	s := office(t)
	s.do(0, "migrate")
	const hint = "simtaru user add NAME --role admin"
	if out := s.serve(); strings.Count(out, hint) != 1 {
		t.Errorf("the server says:\n%s", out)
	}
	s.typed(0, "", "user", "add", "ani", "--role", "admin", "--generate")
	if out := s.serve("--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "fd00::/8"); strings.Contains(out, hint) {
		t.Errorf("the server says:\n%s", out)
	}
	s.do(1, "serve", "--listen", "127.0.0.1:0", "--oidc-issuer", "https://login.city.example")
}

// serve runs the server until it is ready and a moment longer, and returns
// what it says.
func (s shell) serve(args ...string) string {
	s.t.Helper()
	out, err := os.CreateTemp(s.t.TempDir(), "stderr")
	if err != nil {
		s.t.Fatal(err)
	}
	defer out.Close()
	stderr := os.Stderr
	os.Stderr = out
	defer func() { os.Stderr = stderr }()
	ctx, stop := context.WithCancel(s.t.Context())
	defer stop()
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--database-url", s.db.DSN, "--log-level", "error", "--lang", "en"}, args...)
	done := make(chan int, 1)
	go func() { done <- run(ctx, args) }()
	read := func() string {
		text, err := os.ReadFile(out.Name())
		if err != nil {
			s.t.Error(err)
		}
		return string(text)
	}
	for range 2000 {
		if strings.Contains(read(), "simtaru is ready") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if code := <-done; code != 0 {
		s.t.Errorf("the server ended with %d:\n%s", code, read())
	}
	return read()
}

// TestAPasswordIsAskedForWithoutEcho types at a terminal.
func TestAPasswordIsAskedForWithoutEcho(t *testing.T) {
	s := office(t)
	keyboard, stdin := terminal(t)
	was := os.Stdin
	os.Stdin = stdin
	defer func() { os.Stdin = was }()
	for _, tt := range []struct {
		code        int
		first, then string
	}{{1, "gampong pande 1607", "gampong pande 1608"}, {0, "gampong pande 1607", "gampong pande 1607"}} {
		typing := make(chan error, 1)
		go func() { typing <- keyboard.typeHidden(t, tt.first+"\n"+tt.then+"\n") }()
		s.do(tt.code, "user", "add", "siti", "--role", "planner")
		if err := <-typing; err != nil {
			t.Fatal(err)
		}
	}
	if !s.admits("siti", "gampong pande 1607") {
		t.Error("the password that was typed is not in force")
	}
	if shown := keyboard.shown(t); strings.Contains(shown, "gampong") {
		t.Errorf("the terminal shows %q", shown)
	}
}

// keyboard is the far end of a pseudo terminal.
type keyboard struct{ *os.File }

// terminal opens a pseudo terminal: what is typed at the keyboard is read from
// screen.
func terminal(t *testing.T) (k keyboard, screen *os.File) {
	t.Helper()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo terminals: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	k = keyboard{f}
	var unlock, number int32
	k.control(t, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	k.control(t, syscall.TIOCGPTN, unsafe.Pointer(&number))
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	return k, screen
}

func (k keyboard) control(t *testing.T, request uintptr, arg unsafe.Pointer) {
	t.Helper()
	raw, err := k.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var errno syscall.Errno
	if err := raw.Control(func(fd uintptr) {
		_, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(arg))
	}); err != nil || errno != 0 {
		t.Errorf("ioctl %x: %v, %v", request, err, errno)
	}
}

// typeHidden types once the terminal does not show what is typed.
func (k keyboard) typeHidden(t *testing.T, text string) error {
	for range 2000 {
		var state syscall.Termios
		k.control(t, syscall.TCGETS, unsafe.Pointer(&state))
		if state.Lflag&syscall.ECHO == 0 {
			_, err := io.WriteString(k, text)
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
	return errors.New("the terminal goes on showing what is typed")
}

// shown is all that the terminal has shown.
func (k keyboard) shown(t *testing.T) string {
	t.Helper()
	if err := k.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(k)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read the terminal: %v", err)
	}
	return string(text)
}
