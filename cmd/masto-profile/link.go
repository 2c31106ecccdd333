package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-374a2035/masto/linkcheck"
)

const checkLinkHelp = `masto-profile check-link [flags] URL PROFILE

asks the page at URL for a link back to PROFILE, the address of a profile, as
servers do to verify the links of profiles, and says why it does not verify:

  masto-profile check-link https://alice.example https://social.example/@alice

It needs no token, and exits with 0 if the link verifies and 9 if it does not.

`

// checkLink asks a page for a link back, and prints what it saw.
func (p *program) checkLink(ctx context.Context, args []string) error {
	checker := p.checker
	if checker == nil {
		checker = &linkcheck.Checker{}
	}
	f := flags("check-link")
	f.BoolFunc("proxy", "use the proxy that the environment names, such as HTTPS_PROXY", func(string) error {
		checker.Proxy = http.ProxyFromEnvironment
		return nil
	})
	if err := p.parse(f, checkLinkHelp, args); err != nil {
		return err
	}
	pages := f.Args()
	if len(pages) != 2 {
		return exit(exitUsage, "check-link takes the address of a page and that of a profile")
	}
	if u, err := url.Parse(pages[1]); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return exit(exitUsage, "%q is not the address of a profile, such as https://social.example/@alice", pages[1])
	}
	report, err := checker.Check(ctx, pages[0], pages[1])
	if printErr := p.printReport(report); printErr != nil {
		return printErr
	}
	var failed *linkcheck.Error
	switch {
	case errors.As(err, &failed):
		return exit(exitServer, "the page could not be had: %w", failed)
	case !report.Linked:
		return exit(exitNotLinked, "the link does not verify")
	}
	return nil
}

// printReport prints a report as JSON or for a person.
func (p *program) printReport(r linkcheck.Report) error {
	if p.json {
		data, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.out, safeJSON(data))
		return err
	}
	var b strings.Builder
	writeSeen(&b, r)
	for i, f := range r.Findings {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, strings.TrimLeft(wrap(line(f.Message), "   ", 76), " "))
		if f.Fix != "" {
			fmt.Fprintf(&b, "%s\n", wrap(line(f.Fix), "   ", 76))
		}
	}
	if r.Suggestion != "" {
		fmt.Fprintf(&b, "\nWrite %s instead.\n", line(r.Suggestion))
	}
	if r.Linked {
		fmt.Fprintf(&b, "\nThe page links back to %s: the link verifies.\n", line(r.Profile))
	}
	_, err := io.WriteString(p.out, b.String())
	return err
}

// writeSeen writes what the check saw of the page.
func writeSeen(b *strings.Builder, r linkcheck.Report) {
	fmt.Fprintf(b, "%s\n", line(r.URL))
	for _, to := range r.Redirects {
		fmt.Fprintf(b, "  redirects to %s\n", line(to))
	}
	if r.Status != 0 {
		fmt.Fprintf(b, "  status %d\n", r.Status)
	}
	if r.ContentType != "" {
		fmt.Fprintf(b, "  %s, %d bytes\n", line(r.ContentType), r.Bytes)
	}
	for _, l := range r.Links {
		result := "the link back"
		if len(l.Misses) > 0 {
			misses := make([]string, len(l.Misses))
			for i, m := range l.Misses {
				misses[i] = string(m)
			}
			result = strings.Join(misses, ", ")
		}
		fmt.Fprintf(b, "  <%s rel=%q href=%q>: %s\n", line(l.Element), line(l.Rel), line(l.Href), result)
	}
}
