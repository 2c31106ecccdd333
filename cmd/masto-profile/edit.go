package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
)

const editHelp = `masto-profile edit [changes] changes your profile. Without changes, it opens your
profile in $VISUAL or $EDITOR.

It shows what would change and asks before it sends anything. What you do not
name stays as it is.

Changes:
`

// editor is an edit of the user's profile.
type editor struct {
	*program
	session *session
	yes     bool // send without asking
	dry     bool // send nothing
	sent    bool // whether the server accepted an update
	stdin   *bufio.Reader
}

// edit changes the user's profile.
func (p *program) edit(ctx context.Context, args []string) error {
	e := &editor{program: p, stdin: bufio.NewReader(p.in)}
	f := flags("edit")
	f.BoolVar(&e.yes, "y", false, "send without asking")
	f.BoolVar(&e.dry, "n", false, "show what would change, and send nothing")
	changes := defineChanges(f, e.stdin)
	if err := p.parse(f, editHelp, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return exit(exitUsage, "unexpected argument %q: changes are flags (see edit -help)", f.Arg(0))
	}
	c, err := p.connect(true)
	if err != nil {
		return err
	}
	if e.session, err = c.open(ctx); err != nil {
		return err
	}
	before, err := e.session.profile(ctx)
	if err != nil {
		return err
	}
	if !changes.any() {
		return e.inEditor(ctx, before)
	}
	after, uploads, err := changes.apply(before)
	if err != nil {
		return exit(exitUsage, "%w", err)
	}
	return e.send(ctx, before, after, uploads)
}

// send sends the difference between two profiles, and the uploads. Before that,
// it shows and validates the update, asks the user, and looks for conflicting
// changes. After that, it checks what the server stored.
func (e *editor) send(ctx context.Context, before, after masto.Profile, uploads uploads) error {
	u := uploads.addTo(masto.Diff(before, after))
	if u.IsZero() {
		fmt.Fprintln(e.err, "Nothing changes.")
		return e.report(before)
	}
	fmt.Fprintln(e.err, strings.Join(changedLines(before, after, u), "\n"))
	if err := e.validate(u, before); err != nil {
		return err
	}
	if e.dry {
		return nil
	}
	if !e.yes && !e.confirm(ctx, "Send this?") {
		return exit(exitDeclined, "nothing was sent")
	}
	theirs, err := e.session.profile(ctx)
	if err != nil {
		return err
	}
	if names := masto.Conflict(before, theirs, uploads.mark(after)); len(names) > 0 {
		return exit(exitConflict, "nothing was sent, because this was changed elsewhere in the meantime: %s",
			strings.Join(names, ", "))
	}
	if err := e.session.update(ctx, u, e.uploading()); err != nil {
		return explain(err)
	}
	e.sent = true
	now, err := e.session.profile(ctx)
	if err != nil {
		return fmt.Errorf("the update was sent, but the profile could not be read again: %w", err)
	}
	if err := e.report(now); err != nil {
		return err
	}
	return checkStored(u, theirs, now)
}

// validate prints how much of a limit is used where that is more than 90 %, and
// returns an error if the server would refuse the update.
func (e *editor) validate(u masto.Update, before masto.Profile) error {
	limits := e.session.Limits
	stated := limits.Usage(u)
	for i, usage := range usualWhereNone(limits).Usage(u) {
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
	err := limits.Validate(u.Normalized(), &masto.Record{Profile: before})
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
	var coded *exitError
	if !errors.As(err, &invalid) || !errors.As(err, &coded) {
		return err
	}
	var b strings.Builder
	for _, f := range invalid.Findings {
		fmt.Fprintf(&b, "\n  %s %s", f.Attribute, f.Description)
	}
	return exit(coded.code, "refused:%s", b.String())
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

// uploading returns a function that prints the progress of an upload, or nil if
// none is wanted.
func (e *editor) uploading() func(done, total int64) {
	if !e.progress {
		return nil
	}
	last := int64(-1)
	return func(done, total int64) {
		percent := done * 100 / max(total, 1)
		if percent == last {
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

// checkStored returns an error that names the attributes which the server did
// not store as u sets them. A server answers with success although it does not
// know an attribute, or has no room for all fields.
func checkStored(u masto.Update, before, now masto.Profile) error {
	u = u.Normalized()
	var lost []string
	if !pictureStored(u.Avatar, before.Avatar, now.Avatar) {
		lost = append(lost, "avatar")
	}
	if !pictureStored(u.Header, before.Header, now.Header) {
		lost = append(lost, "header")
	}
	u.Avatar, u.Header = masto.Opt[*masto.Upload]{}, masto.Opt[*masto.Upload]{}
	want := masto.Record{Profile: before}
	want.Apply(u, masto.Pictures{})
	left := masto.Diff(now, want.Profile).Parameters()
	for _, name := range u.Parameters() {
		if slices.Contains(left, name) {
			lost = append(lost, name)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	return exit(exitRefused, "the server did not store this as it was sent: %s", strings.Join(lost, ", "))
}

// pictureStored reports whether a picture was replaced or removed if the update
// says so. before and now are its addresses.
func pictureStored(update masto.Opt[*masto.Upload], before, now string) bool {
	unchanged := update.Set && now == before && before != ""
	missing := update.Value != nil && now == ""
	return !unchanged && !missing
}
