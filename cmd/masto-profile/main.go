// Command masto-profile shows, edits and checks a profile on any server of the
// fediverse that speaks Mastodon's API. Install it with
//
//	go install github.com/seed-374a2035/masto/cmd/masto-profile@latest
//
// and see masto-profile -help.
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
)

const help = `masto-profile shows, edits and checks your profile on a server of the fediverse.

  masto-profile [flags] show [user@domain]   your profile, or somebody else's
  masto-profile [flags] edit [changes]       change it: by flags (edit -help), or in $EDITOR without any
  masto-profile [flags] check                compare what the server answers with the API's documentation

The token of the account is read from $MASTO_TOKEN, or from the file that -token-file or $MASTO_TOKEN_FILE names, which nobody else may
read (chmod 600). It is never an argument: those are for everybody on the machine to see.

Exit codes:
  0  done, or nothing to do
  1  something failed on this machine
  2  the command line is wrong
  3  the values were refused, here or by the server, or it did not keep them
  4  the server does not accept the token, or not for this
  5  the server cannot be reached, or answers something else than the API
  6  the profile was changed elsewhere meanwhile, in the same place
  7  you said no
  8  check found deviations

Flags:
`

// The exit codes, as the help explains them.
const (
	exitFailed = iota + 1
	exitUsage
	exitRefused
	exitUnauthorized
	exitServer
	exitConflict
	exitDeclined
	exitDeviations
)

// exitError is an error with the code that the program ends with.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// exit returns an error with an exit code.
func exit(code int, format string, args ...any) error {
	return &exitError{code, fmt.Errorf(format, args...)}
}

// program is what a run of the program may use.
type program struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
	// progress tells whether uploads are worth a line that is written over and over.
	progress bool

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

// isTerminal tells whether f is something that a person looks at.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// run does what the arguments say and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	f := flags("masto-profile")
	f.StringVar(&p.server, "server", p.env("MASTO_SERVER"), "`address` of the server, such as https://social.example (default $MASTO_SERVER)")
	f.StringVar(&p.tokenFile, "token-file", p.env("MASTO_TOKEN_FILE"), "`file` with the token (default $MASTO_TOKEN_FILE)")
	f.BoolVar(&p.json, "json", false, "print JSON")
	err := p.parse(f, help, args)
	if err == nil {
		err = p.command(ctx, f.Args())
	}
	var coded *exitError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &coded):
		fmt.Fprintln(p.err, "masto-profile:", safe(err.Error()))
		return coded.code
	}
	fmt.Fprintln(p.err, "masto-profile:", safe(err.Error()))
	return exitFailed
}

// flags returns an empty set of flags. It prints nothing by itself: see parse.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// parse reads args. It prints text and the flags if that is asked for, and returns flag.ErrHelp then.
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

// command runs the one that args name.
func (p *program) command(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return exit(exitUsage, "say what to do: show, edit or check; -help tells more")
	}
	name, args := args[0], args[1:]
	switch name {
	case "show":
		return p.show(ctx, args)
	case "edit":
		return p.edit(ctx, args)
	case "check":
		return p.check(ctx, args)
	}
	return exit(exitUsage, "there is no command %q: show, edit or check", name)
}
