package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
)

// newStore returns a store on an empty table.
func newStore(t *testing.T) store {
	t.Helper()
	db, err := open(filepath.Join(t.TempDir(), "members.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	_, err = db.ExecContext(t.Context(), "DELETE FROM members")
	require.NoError(t, err)
	return store{db}
}

// insert adds a row to the table.
func (s store) insert(t *testing.T, m member) {
	t.Helper()
	_, err := s.db.ExecContext(t.Context(), "INSERT INTO members VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		m.no, m.login, m.host, strings.ToLower(m.login+"@"+m.host), m.fans, m.nick, m.about, m.record)
	require.NoError(t, err)
}

// withFans raises the counter as this server does it: by SQL of its own.
type withFans struct{ store }

func (w withFans) AddFollowers(ctx context.Context, id string, n int64) error {
	_, err := w.db.ExecContext(ctx, "UPDATE members SET fans = fans + ? WHERE no = ?", n, id)
	return err
}

func TestStore(t *testing.T) {
	mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
		s := newStore(t)
		for _, r := range seed {
			s.insert(t, member{no: r.Profile.ID, login: r.Username, host: r.Domain, fans: r.FollowersCount})
			_, err := s.Update(t.Context(), r.Profile.ID, func(stored *masto.Record) (masto.Changes, error) {
				stored.Profile, stored.Posting = r.Profile, r.Posting
				return masto.ChangedPublic | masto.ChangedPosting, nil
			})
			require.NoError(t, err)
		}
		return withFans{s}
	})
}

// Without a token nobody could use the server, and it would not say why.
func TestTokenMustBeSet(t *testing.T) {
	program := filepath.Join(t.TempDir(), "embed")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", program, ".")
	out, err := build.CombinedOutput()
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

// It is short enough to be read at once: blank lines and comments do not count.
func TestProgramIsShort(t *testing.T) {
	data, err := os.ReadFile("main.go")
	require.NoError(t, err)
	lines := regexp.MustCompile(`(?m)^\s*[^\s/].*$`).FindAll(data, -1)
	assert.LessOrEqual(t, len(lines), 170)
}

// TestView renders what members write through the View of this server.
func TestView(t *testing.T) {
	s := newStore(t)
	s.insert(t, member{no: "1", login: "alice"})
	s.insert(t, member{
		no:     "2",
		login:  "dave",
		host:   "xn--bcher-kva.example",
		record: `{"URL": "https://xn--bcher-kva.example/@dave"}`,
	})
	link := func(url, name string) string {
		return `<p><span class="h-card" translate="no"><a href="` + url + `" class="u-url mention">@<span>` +
			name + `</span></a></span></p>`
	}
	for _, tt := range []struct {
		name string
		note string
		want string
	}{
		{
			name: "local",
			note: "@alice",
			want: link("https://social.example/@alice", "alice"),
		},
		{
			name: "local of the own domain",
			note: "@Alice@SOCIAL.example",
			want: link("https://social.example/@alice", "alice"),
		},
		{
			name: "remote of an international domain",
			note: "@dave@xn--bcher-kva.example",
			want: link("https://xn--bcher-kva.example/@dave", "dave"),
		},
		{
			name: "an international domain in Unicode",
			note: "@dave@bücher.example",
			want: "<p>@dave@bücher.example</p>",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := masto.NewRecord("3", "writer")
			r.Profile.Note = tt.note
			v, err := s.view(t.Context(), r)
			require.NoError(t, err)
			assert.Equal(t, tt.want, site.Account(r, v).Note)
		})
	}
}

func TestPatch(t *testing.T) {
	s := newStore(t)
	_, err := s.db.ExecContext(t.Context(), createTable)
	require.NoError(t, err)
	server := httptest.NewServer(s.handler("secret"))
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
	row := s.db.QueryRowContext(t.Context(), "SELECT about FROM members WHERE login = 'alice'")
	require.NoError(t, row.Scan(&about))
	assert.Equal(t, "I am @alice", about, "it is in the column of its own")
}
