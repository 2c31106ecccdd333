package fakeserver_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// TestReads asks everything that a client may read of the reference.
func TestReads(t *testing.T) {
	s := fakeserver.New(t, fakeserver.Strict())
	status, body := do(t, s, "GET", profile, "", nil)
	require.Equal(t, 200, status)
	assert.Equal(t, "Mushrooms! https://loaf.io #fungi", object(t, body)["note"])

	status, body = do(t, s, "GET", verify, "", nil)
	require.Equal(t, 200, status)
	var c masto.CredentialAccount
	require.NoError(t, c.UnmarshalJSON(body))
	assert.Equal(t, "alice", c.Username)
	assert.False(t, c.Fields[0].VerifiedAt.IsZero())
	assert.Empty(t, c.Extra, "every member is one that masto knows")

	for _, path := range []string{"/api/v1/accounts/1", "/api/v1/accounts/lookup?acct=Alice"} {
		status, body = do(t, s, "GET", path, "", nil)
		require.Equal(t, 200, status, path)
		assert.NotContains(t, object(t, body), "source", path)
	}
}

func TestReadsNothingElse(t *testing.T) {
	s := fakeserver.New(t)
	for _, tt := range []struct {
		name   string
		method string
		path   string
		status int
	}{
		{name: "another account", method: "GET", path: "/api/v1/accounts/2", status: 404},
		{name: "another name", method: "GET", path: "/api/v1/accounts/lookup?acct=bob", status: 404},
		{name: "another method", method: "GET", path: "/api/v3/instance", status: 404},
		{name: "a picture that is not there", method: "GET", path: "/media/1.png", status: 404},
		{name: "deleting the account", method: "DELETE", path: "/api/v1/accounts/1", status: 405},
		{name: "deleting a name", method: "DELETE", path: "/api/v1/accounts/lookup", status: 405},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, body := do(t, s, tt.method, tt.path, "", nil)
			assert.Equal(t, tt.status, status)
			if status == 404 {
				assert.JSONEq(t, `{"error":"Record not found"}`, string(body))
			}
		})
	}
}

// TestUpdates sends an update with a picture to the reference in every way.
func TestUpdates(t *testing.T) {
	s := fakeserver.New(t, fakeserver.Strict())
	u := masto.Update{Note: masto.Some(""), Avatar: masto.Some(png())}
	for _, encoding := range encodings {
		for _, to := range []struct{ method, path string }{
			{method: "PATCH", path: profile},
			{method: "PUT", path: profile},
			{method: "PATCH", path: update},
		} {
			t.Run(encoding+" "+to.method+" "+to.path, func(t *testing.T) {
				s.SetRecord(&masto.Record{Username: "alice", Profile: masto.Profile{Note: "Before"}})
				status, body := send(t, s, to.method, to.path, encoding, u)
				require.Equal(t, 200, status, string(body))
				assert.Equal(t, to.method, s.LastUpdate().Method)
				r := s.Record()
				assert.Empty(t, r.Profile.Note)
				contentType, data, ok := s.Picture(r.Profile.Avatar)
				require.True(t, ok)
				assert.Equal(t, "image/png", contentType)
				assert.Equal(t, pngData, string(data))
				status, body = do(t, s, "GET", strings.TrimPrefix(r.Profile.Avatar, s.URL), "", nil)
				assert.Equal(t, 200, status)
				assert.Equal(t, pngData, string(body))
			})
		}
	}
	status, _ := do(t, s, "DELETE", profile+"/avatar", "", nil)
	require.Equal(t, 200, status)
	assert.Empty(t, s.Record().Profile.Avatar)
}

func TestTokens(t *testing.T) {
	s := fakeserver.New(t)
	s.Token = s.ReadToken
	status, _ := do(t, s, "GET", profile, "", nil)
	assert.Equal(t, 200, status)
	status, body := do(t, s, "PATCH", profile, typeJSON, strings.NewReader(`{"note":"x"}`))
	assert.Equal(t, 403, status, string(body))
	s.Token = "guessed"
	status, body = do(t, s, "GET", profile, "", nil)
	assert.Equal(t, 401, status)
	assert.JSONEq(t, `{"error":"The access token is invalid"}`, string(body))
}

// TestWithRecord shows that the server has the account that it was given, and
// that what is done to it later does not reach the caller's record.
func TestWithRecord(t *testing.T) {
	mine := &masto.Record{Username: "dora", Profile: masto.Profile{ID: "7", DisplayName: "Dora"}}
	s := fakeserver.New(t, fakeserver.WithRecord(mine))
	status, body := do(t, s, "GET", "/api/v1/accounts/7", "", nil)
	require.Equal(t, 200, status)
	var a masto.Account
	require.NoError(t, a.UnmarshalJSON(body))
	assert.Equal(t, "dora", a.Acct)
	assert.Equal(t, "Dora", a.DisplayName)
	status, _ = send(t, s, "PATCH", profile, "JSON", masto.Update{DisplayName: masto.Some("")})
	require.Equal(t, 200, status)
	assert.Empty(t, s.Record().Profile.DisplayName)
	assert.Equal(t, "Dora", mine.Profile.DisplayName)
}
