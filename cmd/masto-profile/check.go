package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/check"
)

// checked is the result of one request, in the form that -json prints.
type checked struct {
	Method     string   `json:"method"`
	Status     int      `json:"status"`
	Result     string   `json:"result"` // one of the constants below, or "error: …"
	Deviations []string `json:"deviations"`
}

// The results of a request.
const (
	resultOK       = "ok"
	resultDeviates = "deviates"
	resultMissing  = "missing"
)

// check reads the user's profile by every method that returns it and compares
// the answers with the documentation. It changes nothing.
func (p *program) check(ctx context.Context, args []string) error {
	f := flags("check")
	if err := p.parse(f, "masto-profile check\n", args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return exit(exitUsage, "check takes no arguments")
	}
	c, err := p.connect(true)
	if err != nil {
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	table, err := s.checkAll(ctx)
	if err != nil {
		return err
	}
	if err := p.printTable(s, table); err != nil {
		return err
	}
	n := 0
	for _, row := range table {
		if row.Result != resultOK && row.Result != resultMissing {
			n++
		}
	}
	if n > 0 {
		return exit(exitDeviations, "%d of %d methods deviate from the documentation", n, len(table))
	}
	return nil
}

// checkAll sends the requests and returns their results. It fails if the
// account itself cannot be read.
func (s *session) checkAll(ctx context.Context) ([]checked, error) {
	data, err := s.get(ctx, verifyPath)
	var own masto.CredentialAccount
	if err := decode(verifyPath, data, err, &own); err != nil {
		return nil, err
	}
	anonymous := &session{newClient(s.base, ""), s.Instance}
	var table []checked
	for _, m := range []struct {
		on     *session
		path   string
		status int
		check  func([]byte) []check.Deviation
	}{
		{s, verifyPath, http.StatusOK, check.CredentialAccount},
		{s, profilePath, http.StatusOK, check.Profile},
		{s, "/api/v1/accounts/" + url.PathEscape(own.ID), http.StatusOK, check.Account},
		{s, "/api/v1/accounts/lookup?acct=" + url.QueryEscape(own.Acct), http.StatusOK, check.Account},
		{s, "/api/v1/accounts/lookup?acct=nobody.has.this.name", http.StatusNotFound, checkError},
		{anonymous, verifyPath, http.StatusUnauthorized, checkError},
	} {
		row, err := m.on.checkOne(ctx, m.path, m.status, m.check)
		if err != nil {
			return nil, err
		}
		table = append(table, row)
	}
	return table, nil
}

// checkOne sends a GET and checks the answer if its status is the one that is
// documented. It fails only if there is no answer.
func (s *session) checkOne(
	ctx context.Context,
	path string,
	status int,
	deviations func([]byte) []check.Deviation,
) (checked, error) {
	row := checked{Method: "GET " + path, Result: resultOK, Deviations: []string{}}
	if s.token == "" {
		row.Method += " (no token)"
	}
	a, err := s.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return row, &exitError{exitServer, err}
	}
	row.Status = a.status
	switch {
	case a.status == http.StatusNotFound && status == http.StatusOK:
		row.Result = resultMissing
		return row, nil
	case a.status != status:
		row.Result = fmt.Sprintf("error: should be %d", status)
		return row, nil
	}
	for _, d := range deviations(a.body) {
		row.Result = resultDeviates
		row.Deviations = append(row.Deviations, d.String())
	}
	return row, nil
}

// checkError returns the deviations of the JSON of an error.
func checkError(data []byte) []check.Deviation {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return []check.Deviation{{Kind: check.Malformed, Detail: err.Error()}}
	}
	if _, ok := members["error"]; !ok {
		return []check.Deviation{{Pointer: "/error", Kind: check.Missing, Detail: "an error always has this member"}}
	}
	return nil
}

// printTable prints a line for each request, and below them the deviations of
// each.
func (p *program) printTable(s *session, table []checked) error {
	if p.json {
		data, err := json.MarshalIndent(map[string]any{
			"server":      s.base.String(),
			"version":     s.Version,
			"profile_api": s.HasProfileAPI(),
			"methods":     table,
		}, "", "  ")
		if err != nil {
			return err
		}
		return p.print(data, nil)
	}
	fmt.Fprintf(p.out, "%s: %s, profile methods: %t\n\n", line(s.base.Host), line(s.Version), s.HasProfileAPI())
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "METHOD\tSTATUS\tRESULT\tDEVIATIONS")
	for _, row := range table {
		fmt.Fprintf(w, "%s\t%d\t%s\t%d\n", line(row.Method), row.Status, row.Result, len(row.Deviations))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, row := range table {
		if len(row.Deviations) > 0 {
			fmt.Fprintf(p.out, "\n%s\n", line(row.Method))
		}
		for _, d := range row.Deviations {
			fmt.Fprintf(p.out, "  %s\n", line(d))
		}
	}
	return nil
}
