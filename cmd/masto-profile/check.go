package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"text/tabwriter"

	"github.com/seed-374a2035/masto/check"
	"github.com/seed-374a2035/masto/client"
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

const checkHelp = `masto-profile check [flags]

reads your profile by every method of the server that returns it, and compares the
answers with the documentation of the API. It changes nothing.

  masto-profile check -server social.example
  masto-profile check -json
`

// check reads the user's profile by every method that returns it and compares
// the answers with the documentation. It changes nothing.
func (p *program) check(ctx context.Context, args []string) error {
	f := flags("check")
	if err := p.parse(f, checkHelp, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return exit(exitUsage, "check takes no arguments")
	}
	c, err := p.connect(ctx, true)
	if err != nil {
		return err
	}
	i, err := c.Instance(ctx)
	if err != nil {
		return fromServer(err)
	}
	table, err := p.checkAll(ctx, c)
	if err != nil {
		return fromServer(err)
	}
	if err := p.printTable(c, i, table); err != nil {
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

// statusOK is the status of an answer that is no error.
const statusOK = 200

// checkAll sends the requests and returns their results. It fails if the
// account itself cannot be read.
func (p *program) checkAll(ctx context.Context, c *client.Client) ([]checked, error) {
	own, err := c.VerifyCredentials(ctx)
	if err != nil {
		return nil, err
	}
	anonymous := p.newClient(c.Server(), "")
	const accounts = "/api/v1/accounts/"
	var table []checked
	for _, m := range []struct {
		method string
		on     *client.Client
		path   string
		status int
		check  func([]byte) []check.Deviation
	}{
		{"", c, accounts + "verify_credentials", statusOK, check.CredentialAccount},
		{"", c, "/api/v1/profile", statusOK, check.Profile},
		{"", c, accounts + url.PathEscape(own.ID), statusOK, check.Account},
		{"", c, accounts + "lookup?acct=" + url.QueryEscape(own.Acct), statusOK, check.Account},
		{"", c, accounts + "lookup?acct=nobody.has.this.name", 404, checkError},
		{" (no token)", anonymous, accounts + "verify_credentials", 401, checkError},
	} {
		row := checked{Method: "GET " + m.path + m.method, Result: resultOK, Deviations: []string{}}
		if err := row.fill(ctx, m.on, m.path, m.status, m.check); err != nil {
			return nil, err
		}
		table = append(table, row)
	}
	return table, nil
}

// fill sends a GET and checks the answer if its status is the one that is
// documented. It fails only if there is no answer.
func (row *checked) fill(
	ctx context.Context, c *client.Client, path string, status int, deviations func([]byte) []check.Deviation,
) error {
	body, err := c.Get(ctx, path)
	row.Status = statusOK
	if e, ok := errors.AsType[*client.APIError](err); ok {
		row.Status = e.Status
	} else if err != nil {
		return err
	}
	switch {
	case row.Status == 404 && status == statusOK:
		row.Result = resultMissing
		return nil
	case row.Status != status:
		row.Result = fmt.Sprintf("error: should be %d", status)
		return nil
	}
	for _, d := range deviations(body) {
		row.Result = resultDeviates
		row.Deviations = append(row.Deviations, d.String())
	}
	return nil
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
func (p *program) printTable(c *client.Client, i *client.Instance, table []checked) error {
	if p.json {
		data, err := json.MarshalIndent(map[string]any{
			"server":      c.Server(),
			"version":     i.Version,
			"profile_api": i.HasProfileAPI(),
			"methods":     table,
		}, "", "  ")
		if err != nil {
			return err
		}
		return p.print(data, nil)
	}
	fmt.Fprintf(p.out, "%s: %s, profile methods: %t\n\n", line(hostOf(c)), line(i.Version), i.HasProfileAPI())
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
