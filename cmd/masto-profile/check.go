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

// checked is one method that was called, as it is printed in JSON too.
type checked struct {
	Method     string   `json:"method"`
	Status     int      `json:"status"`
	Result     string   `json:"result"` // ok, deviates, missing, or an error
	Deviations []string `json:"deviations"`
}

// The results of a method.
const (
	resultOK       = "ok"
	resultDeviates = "deviates"
	resultMissing  = "missing"
)

// check reads everything about the profile and compares it with the documentation. It changes nothing.
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

// checkAll calls the methods that read.
func (s *session) checkAll(ctx context.Context) ([]checked, error) {
	data, err := s.get(ctx, verifyPath)
	var own masto.CredentialAccount
	if err := decode(verifyPath, data, err, &own); err != nil {
		return nil, err // without it there is nothing to ask for
	}
	anonymous := &session{newClient(s.base, ""), s.Instance}
	var table []checked
	add := func(on *session, path string, status int, judge func([]byte) []check.Deviation) error {
		row, err := on.checkOne(ctx, path, status, judge)
		table = append(table, row)
		return err
	}
	for _, m := range []struct {
		on     *session
		path   string
		status int
		judge  func([]byte) []check.Deviation
	}{
		{s, verifyPath, http.StatusOK, check.CredentialAccount},
		{s, profilePath, http.StatusOK, check.Profile},
		{s, "/api/v1/accounts/" + url.PathEscape(own.ID), http.StatusOK, check.Account},
		{s, "/api/v1/accounts/lookup?acct=" + url.QueryEscape(own.Acct), http.StatusOK, check.Account},
		{s, "/api/v1/accounts/lookup?acct=nobody.has.this.name", http.StatusNotFound, checkError},
		{anonymous, verifyPath, http.StatusUnauthorized, checkError},
	} {
		if err := add(m.on, m.path, m.status, m.judge); err != nil {
			return nil, err
		}
	}
	return table, nil
}

// checkOne calls a method, and judges its answer if the status is as it should be.
func (s *session) checkOne(ctx context.Context, path string, want int, judge func([]byte) []check.Deviation) (checked, error) {
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
	case a.status == http.StatusNotFound && want == http.StatusOK:
		row.Result = resultMissing
		return row, nil
	case a.status != want:
		row.Result = fmt.Sprintf("error: %d is documented", want)
		return row, nil
	}
	for _, d := range judge(a.body) {
		row.Result = resultDeviates
		row.Deviations = append(row.Deviations, d.String())
	}
	return row, nil
}

// checkError judges the JSON of an error.
func checkError(data []byte) []check.Deviation {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return []check.Deviation{{Kind: check.Malformed, Detail: err.Error()}}
	}
	if _, ok := members["error"]; !ok {
		return []check.Deviation{{Pointer: "/error", Kind: check.Missing, Detail: "it is always there"}}
	}
	return nil
}

// printTable prints a line for each method, and under it where it deviates.
func (p *program) printTable(s *session, table []checked) error {
	if p.json {
		data, err := json.MarshalIndent(map[string]any{
			"server": s.base.String(), "version": s.Version, "profile_api": s.HasProfileAPI(), "methods": table,
		}, "", "  ")
		if err != nil {
			return err
		}
		return p.print(data, nil)
	}
	fmt.Fprintf(p.out, "%s: %s, profile methods: %t\n\n", line(s.base.Host), line(s.Version), s.HasProfileAPI())
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "METHOD\tSTATUS\tRESULT\tDEPARTURES")
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
