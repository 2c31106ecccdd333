package client_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/client"
)

// oauthServer lets programs log in. It returns what the program registered as,
// and what it asked for a token with.
func oauthServer(t *testing.T) (address string, apps, tokens *url.Values) {
	t.Helper()
	apps, tokens = new(url.Values), new(url.Values)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/apps", func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseForm())
		*apps = r.PostForm
		_ = json.NewEncoder(w).Encode(map[string]string{"client_id": "an-id", "client_secret": "a-secret"})
	})
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseForm())
		*tokens = r.PostForm
		if r.PostForm.Get("code") != "a-code" {
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_grant", "error_description": "No."})
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"access_token": "a-token", "token_type": "Bearer"})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, apps, tokens
}

func TestLoginByCode(t *testing.T) {
	address, apps, tokens := oauthServer(t)
	var visited *url.URL
	l := client.Login{
		Name: "a test",
		Open: func(_ context.Context, address string) error {
			var err error
			visited, err = url.Parse(address)
			return err
		},
		Code: func(context.Context) (string, error) { return " a-code\n", nil },
	}
	token, err := client.New(address, "").Login(t.Context(), l)
	require.NoError(t, err)
	assert.Equal(t, "a-token", token)
	assert.Equal(t, "a test", apps.Get("client_name"))
	assert.Equal(t, "urn:ietf:wg:oauth:2.0:oob", apps.Get("redirect_uris"))
	assert.Equal(t, "read:accounts write:accounts", apps.Get("scopes"))
	assert.Equal(t, "/oauth/authorize", visited.Path)
	assert.Equal(t, "an-id", visited.Query().Get("client_id"))
	assert.Equal(t, "S256", visited.Query().Get("code_challenge_method"))
	assert.Equal(t, "a-secret", tokens.Get("client_secret"))
	assert.GreaterOrEqual(t, len(tokens.Get("code_verifier")), 43, "RFC 7636")

	l.Code = func(context.Context) (string, error) { return "wrong", nil }
	_, err = client.New(address, "").Login(t.Context(), l)
	require.ErrorIs(t, err, client.ErrRefused)
	require.ErrorContains(t, err, "invalid_grant: No.")
}

// TestLoginInBrowser visits the addresses as a browser does.
func TestLoginInBrowser(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer string // the query that the server sends the browser back with, after the state
		err    string
	}{
		{name: "allowed", answer: "&code=a-code"},
		{name: "refused", answer: "&error=access_denied&error_description=You+said+no.", err: "You said no."},
		{name: "nothing", answer: "", err: "there is no code"},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, _, _ := oauthServer(t)
			open := func(_ context.Context, address string) error {
				visited, err := url.Parse(address)
				if err != nil {
					return err
				}
				back := visited.Query().Get("redirect_uri")
				assert.Equal(t, http.StatusNotFound, visit(t, back+"?state=guessed&code=x"))
				assert.Equal(t, http.StatusOK, visit(t, back+"?state="+visited.Query().Get("state")+c.answer))
				return nil
			}
			token, err := client.New(address, "").Login(t.Context(), client.Login{Name: "a test", Open: open})
			if c.err != "" {
				require.ErrorIs(t, err, client.ErrLogin)
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "a-token", token)
		})
	}
}

// TestLoginInterrupted ends a login that the user does not answer.
func TestLoginInterrupted(t *testing.T) {
	address, _, _ := oauthServer(t)
	ctx, interrupt := context.WithCancel(t.Context())
	_, err := client.New(address, "").Login(ctx, client.Login{
		Name: "a test",
		Open: func(context.Context, string) error { interrupt(); return nil },
	})
	require.ErrorIs(t, err, context.Canceled)
}

// visit gets a page and returns its status.
func visit(t *testing.T, address string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}
