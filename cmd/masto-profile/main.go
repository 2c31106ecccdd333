// Command masto-profile shows, edits, checks and copies a profile on any server
// of the fediverse that offers Mastodon's API, and says why a link of a profile
// does not verify. Install it with
//
//	go install github.com/seed-374a2035/masto/cmd/masto-profile@latest
//
// and run masto-profile help to see how it is used.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/linkcheck"
)

const helpHead = `masto-profile shows, edits, checks and copies your profile on a server of the
fediverse.

  masto-profile login social.example
  masto-profile show
  masto-profile edit -bio "Mushrooms!"

Commands:
`

const helpTail = `
The access token is read from $MASTO_TOKEN, from the file that -token-file or
$MASTO_TOKEN_FILE names, or from where login keeps it. Only you may have access to
such a file (chmod 600). The token is never an argument, because everyone on the
machine can see arguments. Without -server and $MASTO_SERVER, the server is the one
that you logged in to last.

Exit codes:
  0  success, or nothing to do
  1  something failed on this machine
  2  the command line is wrong
  3  a change was refused, here or by the server, or the server did not store it
  4  the server does not accept the token, or not for this request
  5  the server cannot be reached, or does not answer as the API should
  6  the same part of the profile was changed elsewhere in the meantime
  7  you answered no
  8  check found deviations
  9  check-link found no link back

Flags of all commands, before or after the command:
`

// The exit codes, which the help text explains.
const (
	exitFailed = iota + 1
	exitUsage
	exitRefused
	exitUnauthorized
	exitServer
	exitConflict
	exitDeclined
	exitDeviations
	exitNotLinked
)

// command is one of the commands of the program.
type command struct {
	name    string
	summary string
	run     func(p *program, ctx context.Context, args []string) error
}

// commands returns the commands in the order of the help text.
func commands() []command {
	return []command{
		{"login", "let the program use your account", (*program).login},
		{"show", "print your profile, or somebody else's", (*program).show},
		{"edit", "change your profile, by flags or in an editor", (*program).edit},
		{"copy", "copy a profile from another server to yours", (*program).copy},
		{"limits", "print what the server allows in a profile", (*program).limits},
		{"check", "compare the server's answers with the documentation of the API", (*program).check},
		{"check-link", "say why the link to a page does not verify", (*program).checkLink},
		{"completion", "print a script that completes commands in a shell", (*program).completion},
		{"help", "explain a command", (*program).help},
	}
}

// exitError is an error with the program's exit code.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// exit returns an error with an exit code. The error is formatted as by
// fmt.Errorf.
func exit(code int, format string, args ...any) error {
	return &exitError{code, fmt.Errorf(format, args...)}
}

// program is a run of the program: what it reads and writes, and its flags.
type program struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
	// progress reports whether to show the progress of an upload on err, in a
	// line that is overwritten again and again.
	progress bool
	// checker asks pages for a link back. nil: the zero Checker.
	checker *linkcheck.Checker
	// capture gets the flags of a command that is asked for help, which is then
	// not printed; nil: it is printed.
	capture func(f *flag.FlagSet)

	server    string
	tokenFile string
	wait      time.Duration
	json      bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv, progress: isTerminal(os.Stderr)}
	os.Exit(p.run(ctx, os.Args[1:]))
}

// isTerminal reports whether f is a terminal, or another character device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// run runs the program with arguments, prints an error if there is one, and
// returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	p.server, p.tokenFile = p.env("MASTO_SERVER"), p.env("MASTO_TOKEN_FILE")
	err := p.command(ctx, args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintln(p.err, "masto-profile:", safe(err.Error()))
	return exitCode(err)
}

// exitCode returns the exit code for an error of this program or of a client.
func exitCode(err error) int {
	if coded, ok := errors.AsType[*exitError](err); ok {
		return coded.code
	}
	for _, c := range []struct {
		is   bool
		code int
	}{
		{errors.Is(err, client.ErrAddress), exitUsage},
		{errors.Is(err, client.ErrRefused), exitRefused},
		{errors.Is(err, client.ErrUnauthorized), exitUnauthorized},
		{errors.Is(err, client.ErrForbidden), exitUnauthorized},
		{errors.Is(err, client.ErrLogin), exitUnauthorized},
		{isError[*client.UnsupportedError](err), exitRefused},
		{isError[*client.ConflictError](err), exitConflict},
		{isError[*masto.EncodeError](err), exitRefused},
	} {
		if c.is {
			return c.code
		}
	}
	return exitFailed
}

// isError reports whether err wraps an error of a type.
func isError[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// fromServer returns the error of a client with an exit code: that of a server
// unless the error says more.
func fromServer(err error) error {
	if err == nil {
		return nil
	}
	code := exitCode(err)
	if code == exitFailed {
		code = exitServer
	}
	return &exitError{code, err}
}

// flags returns an empty set of flags, which prints nothing by itself: parse
// does.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// addGlobal defines the flags that all commands have and f does not.
func (p *program) addGlobal(f *flag.FlagSet) {
	all := flags("")
	all.StringVar(&p.server, "server", p.server,
		"`address` of the server, such as https://social.example (default $MASTO_SERVER)")
	all.StringVar(&p.tokenFile, "token-file", p.tokenFile,
		"`file` with the access token (default $MASTO_TOKEN_FILE)")
	all.BoolVar(&p.json, "json", p.json, "print JSON")
	all.DurationVar(&p.wait, "wait", p.wait,
		"`time` to wait in all, such as 5m, when the server asks to be left alone for a while")
	all.VisitAll(func(g *flag.Flag) {
		if f.Lookup(g.Name) == nil {
			f.Var(g.Value, g.Name, g.Usage)
		}
	})
}

// parse parses the arguments of a command, whose flags may come after its other
// arguments, and so may those of all commands. What is left is in f.Args. If
// the arguments ask for help, it prints text and the flags, and returns
// flag.ErrHelp.
func (p *program) parse(f *flag.FlagSet, text string, args []string) error {
	own := flags(f.Name())
	f.VisitAll(func(g *flag.Flag) { own.Var(g.Value, g.Name, g.Usage) })
	p.addGlobal(f)
	args, rest := cutDashes(args)
	var others []string
	for {
		err := f.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			p.printHelp(f, own, text)
			return err
		}
		if err != nil {
			return exit(exitUsage, "%w (see masto-profile help %s)", err, f.Name())
		}
		if f.NArg() == 0 {
			break
		}
		others = append(others, f.Arg(0))
		args = f.Args()[1:]
	}
	return f.Parse(slices.Concat([]string{"--"}, others, rest))
}

// cutDashes returns the arguments before and after "--".
func cutDashes(args []string) (before, after []string) {
	if i := slices.Index(args, "--"); i >= 0 {
		return args[:i], args[i+1:]
	}
	return args, nil
}

// printHelp prints the help of a command, with the flags of its own.
func (p *program) printHelp(f, own *flag.FlagSet, text string) {
	if p.capture != nil {
		p.capture(f)
		return
	}
	fmt.Fprint(p.out, strings.TrimRight(text, "\n"), "\n")
	hasFlags := false
	own.VisitAll(func(*flag.Flag) { hasFlags = true })
	if hasFlags {
		fmt.Fprintln(p.out, "\nFlags:")
		own.SetOutput(p.out)
		own.PrintDefaults()
	}
	fmt.Fprintln(p.out, "\nmasto-profile help lists the flags that all commands have, and the exit codes.")
}

// command runs the command that the arguments name.
func (p *program) command(ctx context.Context, args []string) error {
	f := flags("masto-profile")
	p.addGlobal(f)
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return p.help(ctx, nil)
	}
	if err != nil {
		return exit(exitUsage, "%w (see masto-profile help)", err)
	}
	if f.NArg() == 0 {
		return exit(exitUsage, "a command is missing: %s (see masto-profile help)", commandNames())
	}
	c, err := findCommand(f.Arg(0))
	if err != nil {
		return err
	}
	return c.run(p, ctx, f.Args()[1:])
}

// findCommand returns the command with a name.
func findCommand(name string) (command, error) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, exit(exitUsage, "unknown command %q: the commands are %s", name, commandNames())
	}
	return all[i], nil
}

// commandNames returns the names of the commands for a message.
func commandNames() string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// help explains the program, or the command that args name.
func (p *program) help(ctx context.Context, args []string) error {
	f := flags("help")
	if err := p.parse(f, "masto-profile help [command]\n\nexplains the program or a command:\n\n"+
		"  masto-profile help edit\n", args); err != nil {
		return err
	}
	switch f.NArg() {
	case 0:
		p.printOverview()
		return nil
	case 1:
		c, err := findCommand(f.Arg(0))
		if err != nil {
			return err
		}
		return c.run(p, ctx, []string{"-help"})
	}
	return exit(exitUsage, "help takes at most one command")
}

// printOverview prints the help of the program.
func (p *program) printOverview() {
	fmt.Fprint(p.out, helpHead)
	for _, c := range commands() {
		fmt.Fprintf(p.out, "  %-11s %s\n", c.name, c.summary)
	}
	fmt.Fprint(p.out, helpTail)
	f := flags("masto-profile")
	p.addGlobal(f)
	f.SetOutput(p.out)
	f.PrintDefaults()
	fmt.Fprintln(p.out, "\nmasto-profile help COMMAND explains a command.")
}
