package main

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
)

// newTable returns an empty table.
func newTable(t *testing.T) members {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "members.db")+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(off)")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	_, err = db.ExecContext(t.Context(), table+"; DELETE FROM members")
	require.NoError(t, err)
	return members{db}
}

// withFans raises the counter as this server does it: by SQL of its own.
type withFans struct{ members }

func (w withFans) AddFollowers(ctx context.Context, id string, n int64) error {
	_, err := w.ExecContext(ctx, "UPDATE members SET fans = fans + ? WHERE no = ?", n, id)
	return err
}

func TestStore(t *testing.T) {
	mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
		m := newTable(t)
		for _, r := range seed {
			_, err := m.ExecContext(t.Context(), "INSERT INTO members VALUES (?, ?, ?, ?, ?, 0, '', '', '')",
				r.Profile.ID, r.Username, r.Domain, strings.ToLower(r.Username+"@"+r.Domain), r.FollowersCount)
			require.NoError(t, err)
			_, err = m.Update(t.Context(), r.Profile.ID, func(stored *masto.Record) (masto.Changes, error) {
				stored.Profile, stored.Posting = r.Profile, r.Posting
				return masto.ChangedPublic | masto.ChangedPosting, nil
			})
			require.NoError(t, err)
		}
		return withFans{m}
	})
}

// Without a token nobody could use the server, and it would not say why.
func TestTokenMustBeSet(t *testing.T) {
	program := filepath.Join(t.TempDir(), "embed")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput() //nolint:gosec // our own
	require.NoError(t, err, string(out))
	for _, env := range [][]string{{}, {"TOKEN="}} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, program)
		cmd.Dir, cmd.Env = t.TempDir(), env
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
		assert.Equal(t, 1, exit.ExitCode(), string(out))
		assert.Contains(t, string(out), "TOKEN")
	}
}

func TestProgramIsShort(t *testing.T) {
	data, err := os.ReadFile("main.go")
	require.NoError(t, err)
	assert.LessOrEqual(t, strings.Count(string(data), "\n"), 130)
}

// TestView renders what members write through the View of this server.
func TestView(t *testing.T) {
	m := newTable(t)
	for _, member := range [][]any{
		{"1", "alice", "", "alice@", "{}"},
		{"2", "dave", "xn--bcher-kva.example", "dave@xn--bcher-kva.example", `{"URL": "https://xn--bcher-kva.example/@dave"}`},
	} {
		_, err := m.ExecContext(t.Context(), "INSERT INTO members VALUES (?, ?, ?, ?, 0, 0, '', '', ?)", member...)
		require.NoError(t, err)
	}
	link := func(url, name string) string {
		return `<p><span class="h-card" translate="no"><a href="` + url + `" class="u-url mention">@<span>` + name + `</span></a></span></p>`
	}
	for _, tt := range []struct {
		name string
		note string
		want string
	}{
		{"local", "@alice", link("https://social.example/@alice", "alice")},
		{"local of the own domain", "@Alice@SOCIAL.example", link("https://social.example/@alice", "alice")},
		{"remote of an international domain", "@dave@xn--bcher-kva.example", link("https://xn--bcher-kva.example/@dave", "dave")},
		{"an international domain in Unicode", "@dave@bücher.example", "<p>@dave@bücher.example</p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := masto.NewRecord("3", "writer")
			r.Profile.Note = tt.note
			v, err := m.view(t.Context(), r)
			require.NoError(t, err)
			assert.Equal(t, tt.want, site.Account(r, v).Note)
		})
	}
}

func TestPatch(t *testing.T) {
	m := newTable(t)
	_, err := m.ExecContext(t.Context(), table)
	require.NoError(t, err)
	t.Setenv("TOKEN", "secret")
	server := httptest.NewServer(m.handler())
	defer server.Close()
	patch := func(token string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), "PATCH", server.URL+"/api/v1/accounts/update_credentials",
			strings.NewReader("note=I+am+%40alice&fields_attributes[0][name]=Web&fields_attributes[0][value]=https://example.com"))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded") // as curl -d does
		resp, err := server.Client().Do(req)
		require.NoError(t, err)
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(body)
	}
	status, body := patch("guess")
	assert.Equal(t, 401, status, body)
	status, body = patch("secret")
	require.Equal(t, 200, status, body)
	assert.Contains(t, body, `I am <span class=\"h-card\" translate=\"no\"><a href=\"https://social.example/@alice\"`)
	assert.Contains(t, body, `"followers_count":12`)
	assert.Contains(t, body, `"show_media":true,"show_media_replies":true,"show_featured":true`)
	var about string
	require.NoError(t, m.QueryRowContext(t.Context(), "SELECT about FROM members WHERE login = 'alice'").Scan(&about))
	assert.Equal(t, "I am @alice", about, "it is in the column of its own")
}
