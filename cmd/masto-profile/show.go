package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-374a2035/masto"
)

const showHelp = `masto-profile show [user@domain]

prints your profile, or that of an account that the server knows, for which no token
is needed.

  masto-profile show
  masto-profile show @alice@social.example -server other.example
  masto-profile show -json
`

// show prints the user's own profile, or that of the account that args name.
func (p *program) show(ctx context.Context, args []string) error {
	f := flags("show")
	if err := p.parse(f, showHelp, args); err != nil {
		return err
	}
	if f.NArg() > 1 {
		return exit(exitUsage, "show takes at most one name")
	}
	c, err := p.connect(ctx, f.NArg() == 0)
	if err != nil {
		return err
	}
	if f.NArg() == 1 {
		a, err := c.Lookup(ctx, f.Arg(0))
		if err != nil {
			return fromServer(err)
		}
		return p.print(a.AppendJSON(nil), func() { printAccount(p.out, a, nil, hostOf(c)) })
	}
	a, err := c.VerifyCredentials(ctx)
	if err != nil {
		return fromServer(err)
	}
	return p.print(a.AppendJSON(nil), func() {
		printAccount(p.out, &a.Account, a.Source.AttributionDomains, hostOf(c))
	})
}

// print prints the JSON if the user asked for JSON, and otherwise calls pretty.
func (p *program) print(json []byte, pretty func()) error {
	if !p.json {
		pretty()
		return nil
	}
	_, err := fmt.Fprintln(p.out, safeJSON(json))
	return err
}

// printAccount prints an account, and the domains that may credit it. host is
// that of the server that sent it, which completes the name of a local account.
func printAccount(w io.Writer, a *masto.Account, domains []string, host string) {
	acct := a.Acct
	if !strings.Contains(acct, "@") {
		acct += "@" + host
	}
	fmt.Fprintf(w, "%s  @%s\n", line(cmp.Or(a.DisplayName, a.Username)), line(acct))
	if marks := marks(a); len(marks) > 0 {
		fmt.Fprintf(w, "  [%s]\n", strings.Join(marks, ", "))
	}
	if note := strings.TrimSpace(safe(masto.PlainText(a.Note))); note != "" {
		fmt.Fprintf(w, "\n%s\n", wrap(note, "  ", 76))
	}
	if len(a.Fields) > 0 {
		fmt.Fprintln(w)
		printFields(w, a.Fields, masto.PlainText)
	}
	if lines := settings(a, domains); len(lines) > 0 {
		fmt.Fprintf(w, "\n  %s\n", strings.Join(lines, "\n  "))
	}
	fmt.Fprintf(w, "\n  %s\n", strings.Join(numbers(a), " · "))
	if a.URL != "" {
		fmt.Fprintf(w, "  %s\n", line(a.URL))
	}
	if a.Moved != nil {
		fmt.Fprintf(w, "  moved to @%s\n", line(a.Moved.Acct))
	}
}

// printFields prints fields in two columns and marks those that are verified.
// text turns a value into plain text.
func printFields(w io.Writer, fields []masto.Field, text func(string) string) {
	width := 0
	for _, f := range fields {
		width = max(width, utf8.RuneCountInString(line(f.Name)))
	}
	width = min(width, 30)
	for _, f := range fields {
		mark, since := " ", ""
		if !f.VerifiedAt.IsZero() {
			mark, since = "✓", "  (verified "+f.VerifiedAt.Format(time.DateOnly)+")"
		}
		name := line(f.Name)
		pad := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(name)))
		fmt.Fprintf(w, "%s %s%s  %s%s\n", mark, name, pad, line(text(f.Value)), since)
	}
}

// marks returns what matters about an account besides its profile, and the
// names of its roles.
func marks(a *masto.Account) []string {
	var list []string
	for _, m := range []struct {
		is   bool
		name string
	}{
		{a.Locked, "approves followers"},
		{a.Bot, "bot"},
		{a.Group, "group"},
		{a.Limited, "limited"},
		{a.Suspended, "suspended"},
		{a.Memorial, "in memoriam"},
	} {
		if m.is {
			list = append(list, m.name)
		}
	}
	for _, r := range a.Roles {
		if r.Name != "" {
			list = append(list, line(r.Name))
		}
	}
	return slices.Clip(list)
}

// settings returns a line for each thing about a profile that is not in its
// texts and fields.
func settings(a *masto.Account, domains []string) []string {
	var list []string
	add := func(name, text string) {
		if text != "" {
			list = append(list, name+": "+line(text))
		}
	}
	add("avatar", a.AvatarDescription)
	add("header", a.HeaderDescription)
	if a.Discoverable != nil {
		add("discoverable", yesOrNo(*a.Discoverable))
	}
	if a.Indexable {
		add("indexable", yesOrNo(true))
	}
	add("may credit the account", strings.Join(domains, ", "))
	return list
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// numbers returns the counters and dates of an account.
func numbers(a *masto.Account) []string {
	count := func(n int64, what string) string {
		if n < 0 {
			return what + " hidden"
		}
		return fmt.Sprintf("%d %s", n, what)
	}
	list := []string{
		count(a.FollowersCount, "followers"),
		count(a.FollowingCount, "following"),
		count(a.StatusesCount, "posts"),
	}
	if !a.CreatedAt.IsZero() {
		list = append(list, "joined "+a.CreatedAt.Format(time.DateOnly))
	}
	if !a.LastStatusAt.IsZero() {
		list = append(list, "last post "+a.LastStatusAt.Format(time.DateOnly))
	}
	return list
}
