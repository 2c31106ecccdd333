package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// build builds one of the programs; folder may be an import path.
func build(t *testing.T, folder string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	// Linking is faster without the tables for debuggers.
	command := exec.CommandContext(t.Context(), "go", "build",
		"-buildvcs=false", "-ldflags=-s -w", "-o", program, folder)
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	return program
}

// runs runs a program against the session's server and returns what it printed.
func (s *session) runs(t *testing.T, program string, args ...string) (out, errs string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "MASTO_SERVER="+s.base, "MASTO_TOKEN="+s.token)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), stderr.String(), err
}

// kinds are a server with and one without the profile methods.
var kinds = map[string]bool{"with the profile methods": false, "without them": true}

// Pasted into a shell, the lines that the server prints read and change the
// profile, and leave a picture behind.
func TestPrintedLines(t *testing.T) {
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			lacks(t, "no %s to run the lines with: %v", tool, err)
		}
	}
	for name, old := range kinds {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, t.TempDir(), "", old)
			lines := s.printed[strings.Index(s.printed, "TOKEN="):strings.Index(s.printed, "\n\nOpen ")]
			shell := exec.CommandContext(t.Context(), "bash", "-euc", lines)
			out, err := shell.Output()
			require.NoError(t, err)
			answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
			require.Len(t, answers, 6, "each answer ends its line")
			for _, a := range answers {
				assert.True(t, json.Valid([]byte(a)), a)
				assert.NotContains(t, a, `"error"`)
			}
			account := s.get(t, "/api/v1/accounts/verify_credentials").object(t)
			assert.Equal(t, "A robot", account["avatar_description"])
			assert.Contains(t, account["avatar"], "/uploads/")
			assert.Contains(t, account["note"], "Hello")
		})
	}
}

// examples/edit reads, edits and updates a profile, with and without the
// profile methods.
func TestEditProgram(t *testing.T) {
	t.Parallel()
	program := build(t, "../edit")
	for name, old := range kinds {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, t.TempDir(), "", old)
			out, errs, err := s.runs(t, program, "Spores", "&", "#more")
			require.NoError(t, err, errs)
			assert.Contains(t, out, "I am here to be changed.")
			account := s.get(t, "/api/v1/accounts/verify_credentials").object(t)
			source, ok := account["source"].(map[string]any)
			require.True(t, ok)
			assert.Equal(t, "Spores & #more", source["note"])
			assert.Equal(t, "Demo", account["display_name"])
			assert.Len(t, source["fields"], 2)
			status := s.get(t, "/api/v1/profile").status
			assert.Equal(t, map[bool]int{false: 200, true: 404}[old], status)

			_, errs, err = s.runs(t, program, strings.Repeat("x", 501))
			require.Error(t, err)
			assert.Contains(t, errs, "Note is too long (maximum is 500 characters)")
		})
	}
}

// It is short enough to be read at once: blank lines and comments do not count.
func TestEditProgramIsShort(t *testing.T) {
	data, err := os.ReadFile("../edit/main.go")
	require.NoError(t, err)
	lines := regexp.MustCompile(`(?m)^\s*[^\s/].*$`).FindAll(data, -1)
	assert.LessOrEqual(t, len(lines), 90)
}

// masto-profile shows, edits and checks a profile, with and without the profile
// methods.
func TestProfileProgram(t *testing.T) {
	t.Parallel()
	program := build(t, "github.com/seed-374a2035/masto/cmd/masto-profile")
	picture := filepath.Join(t.TempDir(), "me.png")
	require.NoError(t, os.WriteFile(picture, []byte(pngPixel), 0o600))
	for name, old := range kinds {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, t.TempDir(), "", old)
			_, errs, err := s.runs(t, program, "edit", "-y",
				"-name", "Demo II",
				"-set-field", "Pronouns=they",
				"-avatar", picture,
				"-bio", "",
			)
			require.NoError(t, err, errs)
			account := s.get(t, "/api/v1/accounts/verify_credentials").object(t)
			assert.Equal(t, "Demo II", account["display_name"])
			assert.Empty(t, account["note"])
			s.shows(t, account["avatar"], "image/png", prepared(t, "avatar", pngPixel))

			out, errs, err := s.runs(t, program, "show")
			require.NoError(t, err, errs)
			assert.Contains(t, out, "Demo II  @demo@")
			assert.Contains(t, out, "Pronouns  they\n")

			_, errs, err = s.runs(t, program, "edit", "-y", "-avatar", "")
			require.NoError(t, err, errs)
			assert.Empty(t, s.files(t))

			out, errs, err = s.runs(t, program, "check")
			require.NoError(t, err, out+errs)
			assert.Regexp(t, `accounts/verify_credentials +200 +ok`, out)

			_, errs, err = s.runs(t, program, "edit", "-y", "-bio", strings.Repeat("x", 501))
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit)
			assert.Equal(t, 3, exit.ExitCode(), errs)
		})
	}
}
