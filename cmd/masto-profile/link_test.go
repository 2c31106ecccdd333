package main

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/linkcheck"
)

// profile is the address of a profile. URL stands for that of the page, so that
// nothing else is asked, where a link is nearly right.
const profile = "URL/@alice"

// TestCheckLink lets the program look at pages on loopback, which only tests
// may.
func TestCheckLink(t *testing.T) {
	for _, tt := range []struct {
		name, page string
		args       []string
		code       int
		out        []string
		notOut     string
	}{
		{
			name: "verifies",
			page: `<link rel="me" href="` + profile + `">`,
			args: []string{"URL", profile},
			out:  []string{"status 200", `<link rel="me" href="` + profile + `">: the link back`, "the link verifies"},
		},
		{
			name: "a slash at the end",
			page: `<a rel="me" href="` + profile + `/">`,
			args: []string{"URL", profile},
			code: exitNotLinked,
			out:  []string{"trailing_slash", "\n1. The link “", "Write " + profile + ", exactly."},
		},
		{
			name:   "what a page says cannot control the terminal",
			page:   "<a rel=me href='" + profile + "/\x1b[31m\u202e'>",
			args:   []string{"URL", profile},
			code:   exitNotLinked,
			notOut: "\x1b",
		},
		{
			name: "http",
			args: []string{"http://alice.example", profile},
			code: exitNotLinked,
			out:  []string{"1. “http://alice.example” does not begin with https://.", "Write https://alice.example instead."},
		},
		{
			name: "a page that is not there",
			args: []string{"https://127.0.0.1:1", profile},
			code: exitServer,
			out:  []string{"1. 127.0.0.1:1 is not on the public internet."},
		},
		{
			name: "one address",
			args: []string{"URL"},
			code: exitUsage,
		},
		{
			name: "three addresses",
			args: []string{"URL", profile, profile},
			code: exitUsage,
		},
		{
			name: "a handle for a profile",
			args: []string{"URL", "@alice@social.example"},
			code: exitUsage,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := checkPage(t, tt.page, tt.args...)
			require.Equal(t, tt.code, got.code, got.err)
			for _, want := range tt.out {
				assert.Contains(t, got.out, strings.ReplaceAll(want, "URL", got.url))
			}
			if tt.notOut != "" {
				assert.NotContains(t, got.out+got.err, tt.notOut)
			}
		})
	}
}

// pageResult is a result beside the address of the page.
type pageResult struct {
	result

	url string
}

// checkPage runs check-link beside a server with the page.
func checkPage(t *testing.T, page string, args ...string) pageResult {
	t.Helper()
	var s *httptest.Server
	s = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, strings.ReplaceAll(page, "URL", s.URL))
	}))
	t.Cleanup(s.Close)
	own := netip.MustParseAddrPort(s.Listener.Addr().String())
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	var out, errs bytes.Buffer
	p := newProgram(nil)
	p.out, p.err = &out, &errs
	p.checker = &linkcheck.Checker{
		RootCAs: roots,
		Allow:   func(addr netip.AddrPort) bool { return addr == own },
	}
	args = append([]string{"check-link"}, args...)
	for i := range args {
		args[i] = strings.Replace(args[i], "URL", s.URL, 1)
	}
	code := p.run(t.Context(), args)
	return pageResult{result{code, out.String(), errs.String()}, s.URL}
}

// The JSON is that of the report, wherever the flag stands.
func TestCheckLinkJSON(t *testing.T) {
	for _, args := range [][]string{
		{"--json", "URL", profile},
		{"URL", profile, "--json"},
	} {
		got := checkPage(t, `<a href="`+profile+`">`, args...)
		require.Equal(t, exitNotLinked, got.code)
		var r linkcheck.Report
		require.NoError(t, json.Unmarshal([]byte(got.out), &r))
		assert.Equal(t, got.url+"/@alice", r.Profile)
		assert.True(t, r.Has(linkcheck.NoRelMe))
		assert.Equal(t, http.StatusOK, r.Status)
	}
	help := checkPage(t, "", "-help")
	assert.Zero(t, help.code)
	assert.Contains(t, help.out, "-proxy")
}
