package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-374a2035/masto"
)

// show prints one's own profile, or that of a handle.
func (p *program) show(ctx context.Context, args []string) error {
	f := flags("show")
	if err := p.parse(f, "masto-profile show [user@domain]\n", args); err != nil {
		return err
	}
	if f.NArg() > 1 {
		return exit(exitUsage, "show takes one name at most")
	}
	c, err := p.connect(f.NArg() == 0)
	if err != nil {
		return err
	}
	if f.NArg() == 1 {
		path := "/api/v1/accounts/lookup?acct=" + url.QueryEscape(strings.TrimPrefix(f.Arg(0), "@"))
		var a masto.Account
		data, err := c.get(ctx, path)
		if err := decode(path, data, err, &a); err != nil {
			return err
		}
		return p.print(a.AppendJSON(nil), func() { printAccount(p.out, &a, c.base.Host) })
	}
	var a masto.CredentialAccount
	data, err := c.get(ctx, verifyPath)
	if err := decode(verifyPath, data, err, &a); err != nil {
		return err
	}
	return p.print(a.AppendJSON(nil), func() { printAccount(p.out, &a.Account, c.base.Host) })
}

// print prints JSON if that is wanted, else what pretty prints.
func (p *program) print(json []byte, pretty func()) error {
	if !p.json {
		pretty()
		return nil
	}
	_, err := fmt.Fprintln(p.out, safeJSON(json))
	return err
}

// printAccount prints an account; host is that of the server that it was asked from.
func printAccount(w io.Writer, a *masto.Account, host string) {
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
	fmt.Fprintf(w, "\n  %s\n", strings.Join(numbers(a), " · "))
	if a.URL != "" {
		fmt.Fprintf(w, "  %s\n", line(a.URL))
	}
	if a.Moved != nil {
		fmt.Fprintf(w, "  moved to @%s\n", line(a.Moved.Acct))
	}
}

// printFields prints rows, with a mark at what is verified; text makes plain text of a value.
func printFields(w io.Writer, fields []masto.Field, text func(string) string) {
	width := 0
	for _, f := range fields {
		width = max(width, utf8.RuneCountInString(line(f.Name)))
	}
	for _, f := range fields {
		mark, since := " ", ""
		if !f.VerifiedAt.IsZero() {
			mark, since = "✓", "  (verified "+f.VerifiedAt.Format(time.DateOnly)+")"
		}
		name := line(f.Name)
		pad := strings.Repeat(" ", min(width, 30)-min(utf8.RuneCountInString(name), min(width, 30)))
		fmt.Fprintf(w, "%s %s%s  %s%s\n", mark, name, pad, line(text(f.Value)), since)
	}
}

// marks are what matters about an account besides its profile.
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

// numbers are the counters and dates.
func numbers(a *masto.Account) []string {
	count := func(n int64, what string) string {
		if n < 0 {
			return what + " hidden"
		}
		return fmt.Sprintf("%d %s", n, what)
	}
	list := []string{count(a.FollowersCount, "followers"), count(a.FollowingCount, "following"), count(a.StatusesCount, "posts")}
	if !a.CreatedAt.IsZero() {
		list = append(list, "joined "+a.CreatedAt.Format(time.DateOnly))
	}
	if !a.LastStatusAt.IsZero() {
		list = append(list, "last post "+a.LastStatusAt.Format(time.DateOnly))
	}
	return list
}
