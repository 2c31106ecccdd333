package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

const editHelp = `masto-profile edit [changes]

changes your profile. Without changes, it opens your profile in $VISUAL or $EDITOR.
It shows what would change and asks before it sends anything. What you do not name
stays as it is.

  masto-profile edit -bio "Mushrooms! https://spore.example #fungi"
  masto-profile edit -set-field Pronouns=they -remove-field Mood
  masto-profile edit -avatar me.png -avatar-description "Me, in a forest"
  masto-profile edit -header ""                             removes the header
  masto-profile edit -n -bot true                           only shows the change
`

// editor is an edit of the user's profile.
type editor struct {
	*program
	client *client.Client
	limits masto.Limits
	yes    bool // send without asking
	dry    bool // send nothing
	stdin  *bufio.Reader
}

// defineEditor defines the flags of commands that change the profile.
func (p *program) defineEditor(f *flag.FlagSet) *editor {
	e := &editor{program: p, stdin: bufio.NewReader(p.in)}
	f.BoolVar(&e.yes, "y", false, "send without asking")
	f.BoolVar(&e.dry, "n", false, "show what would change, and send nothing")
	return e
}

// open connects to the server and reads its limits.
func (e *editor) open(ctx context.Context) error {
	var err error
	if e.client, err = e.connect(ctx, true); err != nil {
		return err
	}
	i, err := e.client.Instance(ctx)
	if err != nil {
		return fromServer(err)
	}
	e.limits = i.Limits
	return nil
}

// edit changes the user's profile.
func (p *program) edit(ctx context.Context, args []string) error {
	f := flags("edit")
	e := p.defineEditor(f)
	changes := defineChanges(f, e.stdin)
	if err := p.parse(f, editHelp, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return exit(exitUsage, "unexpected argument %q: changes are flags (see masto-profile help edit)", f.Arg(0))
	}
	if err := e.open(ctx); err != nil {
		return err
	}
	if !changes.any() {
		return e.inEditor(ctx)
	}
	return e.send(ctx, func(d *client.Draft) error {
		if err := changes.apply(d); err != nil {
			return exit(exitUsage, "%w", err)
		}
		return nil
	})
}

// errNothing ends an edit that is not to be sent, and is no failure.
var errNothing = errors.New("nothing is sent")

// send has change change the profile, and sends what differs. Before that, it
// shows and validates the update and asks the user. After that, it prints the
// profile.
func (e *editor) send(ctx context.Context, change func(d *client.Draft) error) error {
	var before masto.Profile
	updated, err := e.client.Edit(ctx, func(d *client.Draft) error {
		before = d.Profile
		before.Fields = append([]masto.Field(nil), d.Fields...)
		if err := change(d); err != nil {
			return err
		}
		return e.review(ctx, before, d)
	}, client.Progress(e.uploading()))
	switch {
	case errors.Is(err, errNothing):
		return e.report(before)
	case isError[*exitError](err):
		return err
	case err != nil:
		return explain(fromServer(err))
	}
	if err := e.report(updated.Profile); err != nil {
		return err
	}
	if len(updated.Ignored) > 0 {
		return &exitError{exitRefused, &notStoredError{updated.Ignored}}
	}
	return nil
}

// notStoredError says that an update was sent and not stored as it was sent.
type notStoredError struct{ names []string }

func (e *notStoredError) Error() string {
	return "the server did not store this as it was sent: " + strings.Join(e.names, ", ")
}

// review shows what d changes, validates it, and asks the user whether to send
// it.
func (e *editor) review(ctx context.Context, before masto.Profile, d *client.Draft) error {
	u := masto.Diff(before, d.Profile)
	if d.NewAvatar != nil {
		u.Avatar = masto.Some(d.NewAvatar)
	}
	if d.NewHeader != nil {
		u.Header = masto.Some(d.NewHeader)
	}
	if u.IsZero() {
		fmt.Fprintln(e.err, "Nothing changes.")
		return errNothing
	}
	fmt.Fprintln(e.err, strings.Join(changedLines(before, d.Profile, u), "\n"))
	if err := e.validate(u, before); err != nil {
		return err
	}
	if e.dry {
		return errNothing
	}
	if !e.yes && !e.confirm(ctx, "Send this?") {
		return exit(exitDeclined, "nothing was sent")
	}
	return nil
}

// validate prints how much of a limit is used where that is more than 90 %, and
// returns an error if the server would refuse the update.
func (e *editor) validate(u masto.Update, before masto.Profile) error {
	stated := e.limits.Usage(u)
	for i, usage := range usualWhereNone(e.limits).Usage(u) {
		switch {
		case usage.Over() && usage.Truncates:
			fmt.Fprintf(e.err, "! %s: the server may truncate it\n", usage)
		case usage.Over() && !stated[i].Over():
			fmt.Fprintf(e.err, "! %s on most servers; this one states no limit\n", usage)
		case usage.Over():
			fmt.Fprintf(e.err, "! %s\n", usage)
		case usage.Used*10 > usage.Max*9:
			fmt.Fprintf(e.err, "  %s\n", usage)
		}
	}
	err := e.limits.Validate(u.Normalized(), &masto.Record{Profile: before})
	if err == nil {
		return nil
	}
	return explain(exit(exitRefused, "the server would refuse this: %w", err))
}

// usualWhereNone returns l with the default limit where the server has none.
func usualWhereNone(l masto.Limits) masto.Limits {
	for _, n := range []*int{
		&l.DisplayName, &l.Note, &l.Fields, &l.FieldName, &l.FieldValue,
		&l.AvatarDescription, &l.HeaderDescription, &l.AttributionDomains,
	} {
		*n = max(*n, 0)
	}
	l.ImageBytes = max(l.ImageBytes, 0)
	return l
}

// explain returns the error of a refused update with each finding on a line of
// its own. It returns other errors as they are.
func explain(err error) error {
	var invalid *masto.ValidationError
	if !errors.As(err, &invalid) {
		return err
	}
	var b strings.Builder
	for _, f := range invalid.Findings {
		fmt.Fprintf(&b, "\n  %s %s", f.Attribute, f.Description)
	}
	return exit(exitCode(err), "refused:%s", b.String())
}

// confirm asks the user a question and reports whether the answer is yes. No
// answer is a no, and so is an interrupt.
func (e *editor) confirm(ctx context.Context, question string) bool {
	fmt.Fprintf(e.err, "%s [y/N] ", question)
	answered := make(chan string, 1)
	go func() {
		text, err := e.stdin.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			text = ""
		}
		answered <- strings.ToLower(strings.TrimSpace(text))
	}()
	select {
	case text := <-answered:
		return text == "y" || text == "yes"
	case <-ctx.Done():
		fmt.Fprintln(e.err)
		return false
	}
}

// uploading returns a function that prints the progress of an upload, where
// that is wanted.
func (e *editor) uploading() func(done, total int64) {
	last := int64(-1)
	return func(done, total int64) {
		percent := done * 100 / max(total, 1)
		if percent == last || !e.progress {
			return
		}
		last = percent
		fmt.Fprintf(e.err, "\rsent %3d%% of %d bytes", percent, total)
		if done == total {
			fmt.Fprintln(e.err)
		}
	}
}

// report prints the profile as it is now.
func (e *editor) report(now masto.Profile) error {
	return e.print(now.AppendJSON(nil), func() { printProfile(e.out, &now) })
}
