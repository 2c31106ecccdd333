// Command masto-profile shows, edits and checks a profile on any server of the
// fediverse that offers Mastodon's API, and says why a link of a profile does
// not verify. Install it with
//
//	go install github.com/seed-374a2035/masto/cmd/masto-profile@latest
//
// and run masto-profile -help to see how it is used.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed-374a2035/masto/linkcheck"
)

const help = `masto-profile shows, edits and checks your profile on a server of the fediverse.

  masto-profile [flags] show [user@domain]   print your profile or somebody else's
  masto-profile [flags] edit [changes]       change your profile, by the flags that
                                             edit -help lists, or in an editor
  masto-profile [flags] check                compare the server's answers with the
                                             documentation of the API
  masto-profile [flags] check-link URL PROFILE
                                             say why the link to a page does not
                                             verify

The access token is read from $MASTO_TOKEN, or from the file that -token-file or
$MASTO_TOKEN_FILE names. Only you may have access to that file (chmod 600). The
token is never an argument, because everyone on the machine can see arguments.

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

Flags:
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

	server    string
	tokenFile string
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
	f := flags("masto-profile")
	f.StringVar(&p.server, "server", p.env("MASTO_SERVER"),
		"`address` of the server, such as https://social.example (default $MASTO_SERVER)")
	f.StringVar(&p.tokenFile, "token-file", p.env("MASTO_TOKEN_FILE"),
		"`file` with the access token (default $MASTO_TOKEN_FILE)")
	f.BoolVar(&p.json, "json", false, "print JSON")
	err := p.parse(f, help, args)
	if err == nil {
		err = p.command(ctx, f.Args())
	}
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintln(p.err, "masto-profile:", safe(err.Error()))
	var coded *exitError
	if errors.As(err, &coded) {
		return coded.code
	}
	return exitFailed
}

// flags returns an empty set of flags, which prints nothing by itself: parse
// does.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// parse parses args. If they ask for help, it prints text and the flags, and
// returns flag.ErrHelp.
func (p *program) parse(f *flag.FlagSet, text string, args []string) error {
	err := f.Parse(args)
	if err == nil {
		return nil
	}
	if !errors.Is(err, flag.ErrHelp) {
		return exit(exitUsage, "%w", err)
	}
	f.SetOutput(p.err)
	fmt.Fprint(p.err, text)
	f.PrintDefaults()
	return err
}

// command runs the command that args begin with.
func (p *program) command(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return exit(exitUsage, "a command is missing: show, edit, check or check-link (see -help)")
	}
	name, args := args[0], args[1:]
	switch name {
	case "show":
		return p.show(ctx, args)
	case "edit":
		return p.edit(ctx, args)
	case "check":
		return p.check(ctx, args)
	case "check-link":
		return p.checkLink(ctx, args)
	}
	return exit(exitUsage, "unknown command %q: the commands are show, edit, check and check-link", name)
}
