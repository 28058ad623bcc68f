package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
)

type userCommand struct {
	Add     userAddCommand     `cmd:"" help:"Add a person, who can then log in on the web, over HTTP and in PostgreSQL."`
	List    userListCommand    `cmd:"" help:"List the people who may log in."`
	Passwd  userPasswdCommand  `cmd:"" help:"Give a person a new password; the person's sessions, tokens and connections end."`
	Disable userDisableCommand `cmd:"" help:"Let a person log in no more; sessions, tokens and connections end at once."`
	Enable  userEnableCommand  `cmd:"" help:"Let a disabled person log in again."`
	Role    userRoleCommand    `cmd:"" help:"Give a person another role."`
	Tokens  userTokensCommand  `cmd:"" help:"List the tokens that a person has made for other systems."`
	Revoke  userRevokeCommand  `cmd:"" help:"Revoke one token of a person for good."`
}

// passwordFlags say where a password comes from: never from the command line,
// which others on the machine can read and the shell remembers.
type passwordFlags struct {
	PasswordStdin bool `name:"password-stdin" xor:"password" help:"Read the password from standard input, one line."`
	Generate      bool `xor:"password" help:"Make a password and print it once."`
}

type userAddCommand struct {
	Name  string    `arg:"" help:"Login name: lower-case letters, digits, dot, underscore, hyphen."`
	Role  plan.Role `required:"" enum:"public,planner,disaster,admin" help:"What the person may do: public, planner, disaster or admin."`
	Title string    `help:"Full name, as colleagues know the person."`
	Email string    `help:"E-mail address by which a login at the identity provider is recognised."`
	passwordFlags
	NoPassword bool `name:"no-password" xor:"password" help:"Only through the identity provider, and not in PostgreSQL."`
}

// Run adds the person and its login role.
func (c userAddCommand) Run(ctx context.Context, a *app) error {
	// Told before anybody is asked for a password.
	if err := auth.CheckName(c.Name); err != nil {
		return err
	}
	p := auth.Person{Name: c.Name, Role: c.Role, Title: c.Title, Email: c.Email, CreatedBy: systemUser()}
	return a.withDirectory(ctx, func(d *auth.Directory) error {
		if c.NoPassword {
			return d.Add(ctx, p, nil)
		}
		return c.use(ctx, a, d, c.Name, func(s *auth.Secret) error { return d.Add(ctx, p, s) })
	})
}

type userListCommand struct{}

// Run lists everybody by name.
func (userListCommand) Run(ctx context.Context, a *app) error {
	return a.withDirectory(ctx, func(d *auth.Directory) error {
		people, err := d.List(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		for _, p := range people {
			state := plan.Text{ID: "aktif", EN: "enabled"}
			if p.Disabled {
				state = plan.Text{ID: "nonaktif", EN: "disabled"}
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Name, p.Role, state.In(a.lang), p.Title, p.Email)
		}
		return w.Flush()
	})
}

type userPasswdCommand struct {
	Name string `arg:"" help:"Login name."`
	passwordFlags
}

// Run sets a new password for both doors. Who does it is not who logs in, even
// if the names are the same.
func (c userPasswdCommand) Run(ctx context.Context, a *app) error {
	return a.withDirectory(ctx, func(d *auth.Directory) error {
		return c.use(ctx, a, d, c.Name, func(s *auth.Secret) error {
			_, err := d.Change(ctx, systemUser(), c.Name, auth.Change{Secret: s, Revoke: true})
			return err
		})
	})
}

type userDisableCommand struct {
	Name string `arg:"" help:"Login name."`
}

// Run disables the person at both doors.
func (c userDisableCommand) Run(ctx context.Context, a *app) error {
	yes := true
	return a.changePerson(ctx, c.Name, auth.Change{Disabled: &yes})
}

type userEnableCommand struct {
	Name string `arg:"" help:"Login name."`
}

// Run enables the person, whose password is the one it had.
func (c userEnableCommand) Run(ctx context.Context, a *app) error {
	no := false
	return a.changePerson(ctx, c.Name, auth.Change{Disabled: &no})
}

type userRoleCommand struct {
	Name string    `arg:"" help:"Login name."`
	Role plan.Role `arg:"" enum:"public,planner,disaster,admin" help:"public, planner, disaster or admin."`
}

// Run gives the person another role at both doors.
func (c userRoleCommand) Run(ctx context.Context, a *app) error {
	return a.changePerson(ctx, c.Name, auth.Change{Role: &c.Role})
}

type userTokensCommand struct {
	Name string `arg:"" help:"Login name."`
}

// Run lists number, state, last use, rights, layers or indicators, and name of each token, the
// newest first.
func (c userTokensCommand) Run(ctx context.Context, a *app) error {
	return a.withDirectory(ctx, func(d *auth.Directory) error {
		tokens, err := d.Tokens(ctx, c.Name)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		for _, t := range tokens {
			state, used, may, layers := tokenState(t), "-", plan.Text{ID: "menyunting", EN: "edits"}, strings.Join(t.Layers, ",")
			if !t.LastUsedAt.IsZero() {
				used = t.LastUsedAt.Format(time.DateOnly)
			}
			if t.ReadOnly {
				may = plan.Text{ID: "membaca", EN: "reads"}
			}
			switch {
			case t.Indicators != nil:
				may, layers = plan.Text{ID: "mengirim", EN: "sends"}, strings.Join(t.Indicators, ",")
			case t.Layers == nil:
				layers = "*"
			case layers == "":
				layers = "-"
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", t.ID, state.In(a.lang), used, may.In(a.lang), layers, t.Name)
		}
		return w.Flush()
	})
}

func tokenState(t auth.Token) plan.Text {
	switch {
	case t.InForce(time.Now()):
		return plan.Text{ID: "berlaku", EN: "in force"}
	case !t.RevokedAt.IsZero():
		return plan.Text{ID: "dicabut", EN: "revoked"}
	default:
		return plan.Text{ID: "kedaluwarsa", EN: "expired"}
	}
}

type userRevokeCommand struct {
	Name  string `arg:"" help:"Login name."`
	Token int64  `arg:"" help:"Number of the token, as user tokens lists it."`
}

// Run revokes the token; a running server refuses it within some seconds.
func (c userRevokeCommand) Run(ctx context.Context, a *app) error {
	return a.withDirectory(ctx, func(d *auth.Directory) error { return d.Revoke(ctx, systemUser(), c.Name, c.Token) })
}

func (a *app) changePerson(ctx context.Context, name string, c auth.Change) error {
	return a.withDirectory(ctx, func(d *auth.Directory) error {
		_, err := d.Change(ctx, systemUser(), name, c)
		return err
	})
}

// withDirectory runs f with the people of the database.
func (a *app) withDirectory(ctx context.Context, f func(*auth.Directory) error) error {
	return a.withDatabase(ctx, func(db *database) error { return f(auth.NewDirectory(db, a.log)) })
}

// use hands what is kept of a password to set, and tells one that was made
// when it is in force.
func (f passwordFlags) use(ctx context.Context, a *app, d *auth.Directory, name string, set func(*auth.Secret) error) error {
	password, err := f.password(a, name)
	if err != nil {
		return err
	}
	secret, err := d.Secret(ctx, name, password)
	if err != nil {
		return err
	}
	if err := set(&secret); err != nil || !f.Generate {
		return err
	}
	say(os.Stderr, a.lang, "Kata sandi %s, ditampilkan sekali ini saja:\n", "The password of %s, shown this once:\n", name)
	fmt.Println(password)
	return nil
}

func (f passwordFlags) password(a *app, name string) (string, error) {
	switch {
	case f.Generate:
		return auth.NewPassword(), nil
	case f.PasswordStdin:
		// A file that is no password has no first line of this length.
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 4096)).ReadString('\n')
		if err != nil && err != io.EOF { //nolint:errorlint // bufio returns it as it is
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	default:
		return ask(a, name)
	}
}

// ask reads a password twice from the terminal, without showing it.
func ask(a *app, name string) (string, error) {
	terminal := int(os.Stdin.Fd())
	if !term.IsTerminal(terminal) {
		return "", &plan.Error{Kind: plan.Invalid, Code: "no-terminal", Message: plan.Text{
			ID: "tidak ada terminal untuk menanyakan kata sandi; pakai --password-stdin atau --generate",
			EN: "there is no terminal to ask for a password; use --password-stdin or --generate",
		}}
	}
	var answers [2]string
	for i, question := range []plan.Text{
		{ID: "Kata sandi baru untuk %s: ", EN: "New password of %s: "},
		{ID: "Sekali lagi untuk %s: ", EN: "Once more for %s: "},
	} {
		say(os.Stderr, a.lang, question.ID, question.EN, name)
		text, err := term.ReadPassword(terminal)
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		answers[i] = string(text)
	}
	if answers[0] != answers[1] {
		return "", &plan.Error{Kind: plan.Invalid, Code: "passwords-differ", Message: plan.Text{
			ID: "kedua kata sandi tidak sama; tidak ada yang diubah", EN: "the two passwords differ; nothing was changed",
		}}
	}
	return answers[0], nil
}
