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

const editHelp = `masto-profile edit [changes] changes your profile. Without changes it opens it in $VISUAL or $EDITOR.

What would change is shown, and sent when you say yes. Nothing that you do not name changes.

Changes:
`

// editor is one edit of a profile.
type editor struct {
	*program
	session *session
	yes     bool // do not ask
	dry     bool // do not send
	sent    bool // the server took something
	stdin   *bufio.Reader
}

// edit changes one's own profile.
func (p *program) edit(ctx context.Context, args []string) error {
	e := &editor{program: p, stdin: bufio.NewReader(p.in)}
	f := flags("edit")
	f.BoolVar(&e.yes, "y", false, "send without asking")
	f.BoolVar(&e.dry, "n", false, "show what would change, and send nothing")
	changes := changeFlags(f, e.stdin)
	if err := p.parse(f, editHelp, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return exit(exitUsage, "edit does not know what %q is", f.Arg(0))
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

// send sends what is different, if it may.
func (e *editor) send(ctx context.Context, before, after masto.Profile, uploads uploads) error {
	u := uploads.addTo(masto.Diff(before, after))
	if u.IsZero() {
		fmt.Fprintln(e.err, "Nothing is different.")
		return e.report(ctx, before)
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
		return exit(exitConflict, "changed elsewhere meanwhile, nothing was sent: %s", strings.Join(names, ", "))
	}
	if err := e.session.update(ctx, u, e.uploading()); err != nil {
		return explain(err)
	}
	e.sent = true
	now, err := e.session.profile(ctx)
	if err != nil {
		return fmt.Errorf("it was sent, but reading it again failed: %w", err)
	}
	if err := e.report(ctx, now); err != nil {
		return err
	}
	return kept(u, theirs, now)
}

// validate prints what is nearly or really too long, and refuses what the server
// would refuse.
func (e *editor) validate(u masto.Update, before masto.Profile) error {
	limits := e.session.Limits
	real := limits.Usage(u)
	for i, usage := range usualWhereNone(limits).Usage(u) {
		switch {
		case usage.Over() && usage.Cut:
			fmt.Fprintf(e.err, "! %s: the server may cut it\n", usage)
		case usage.Over() && !real[i].Over():
			fmt.Fprintf(e.err, "! %s on most servers; this one does not tell\n", usage)
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

// usualWhereNone returns l with the usual limit where there is none.
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

// explain puts each finding of a refused update on a line of its own, after the name of what it is about.
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

// confirm asks; no answer is a no, and so is an interrupt.
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

// uploading returns what prints the progress of an upload; nil if nobody looks.
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
		fmt.Fprintf(e.err, "\rsent %3d %% of %d bytes", percent, total)
		if done == total {
			fmt.Fprintln(e.err)
		}
	}
}

// report prints the profile as it is now.
func (e *editor) report(_ context.Context, now masto.Profile) error {
	return e.print(now.AppendJSON(nil), func() { printProfile(e.out, &now) })
}

// kept tells what the server did not take over, which it does not say itself: an attribute that it does not know, rows that it has no
// room for.
func kept(u masto.Update, before, now masto.Profile) error {
	record := masto.Record{Profile: before}
	u = u.Normalized()
	var lost []string
	if u.Avatar.Set && now.Avatar == before.Avatar && before.Avatar != "" || u.Avatar.Value != nil && now.Avatar == "" {
		lost = append(lost, "avatar")
	}
	if u.Header.Set && now.Header == before.Header && before.Header != "" || u.Header.Value != nil && now.Header == "" {
		lost = append(lost, "header")
	}
	u.Avatar, u.Header = masto.Opt[*masto.Upload]{}, masto.Opt[*masto.Upload]{}
	record.Apply(u, masto.Pictures{})
	lost = append(lost, notTaken(u, masto.Diff(now, record.Profile))...)
	if len(lost) == 0 {
		return nil
	}
	return exit(exitRefused, "the server did not keep this as it was sent: %s", strings.Join(lost, ", "))
}

// notTaken names what sent sets and left sets still.
func notTaken(sent, left masto.Update) []string {
	return slices.DeleteFunc(sent.Parameters(), func(name string) bool {
		return !slices.Contains(left.Parameters(), name)
	})
}
