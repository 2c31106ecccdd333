package fakeserver_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

// answered is what a server answered.
type answered struct {
	status     int
	retryAfter string
	body       string
}

// get asks for the own account.
func get(t *testing.T, ctx context.Context, s *fakeserver.Server, token string) (answered, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+verify, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answered{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return answered{resp.StatusCode, resp.Header.Get("Retry-After"), string(body)}, err
}

func TestMiddleware(t *testing.T) {
	for _, c := range []struct {
		name       string
		middleware []fakeserver.Middleware
		status     int
		retryAfter string
		body       string // that the answer has, or "" for the account
	}{
		{name: "none", status: 200},
		{
			name:       "failing",
			middleware: []fakeserver.Middleware{fakeserver.Failing(500, http.Header{"Retry-After": {"9"}}, "oops")},
			status:     500,
			retryAfter: "9",
			body:       "oops",
		},
		{
			name:       "rate limited",
			middleware: []fakeserver.Middleware{fakeserver.RateLimited(2 * time.Second)},
			status:     429,
			retryAfter: "2",
			body:       "Too many requests",
		},
		{
			name:       "rate limited without a time",
			middleware: []fakeserver.Middleware{fakeserver.RateLimited(0)},
			status:     429,
			body:       "Too many requests",
		},
		{name: "slow", middleware: []fakeserver.Middleware{fakeserver.Slow(time.Millisecond)}, status: 200},
		{
			name:       "another method",
			middleware: []fakeserver.Middleware{fakeserver.Only("PATCH", "", fakeserver.Failing(500, nil, "oops"))},
			status:     200,
		},
		{
			name:       "this path",
			middleware: []fakeserver.Middleware{fakeserver.Only("", verify, fakeserver.Failing(500, nil, "oops"))},
			status:     500,
			body:       "oops",
		},
		{
			name: "the first is outermost",
			middleware: []fakeserver.Middleware{
				fakeserver.Failing(501, nil, "first"), fakeserver.Failing(502, nil, "second"),
			},
			status: 501,
			body:   "first",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := fakeserver.New(t, fakeserver.WithMiddleware(c.middleware...))
			got, err := get(t, t.Context(), s, s.Token)
			require.NoError(t, err)
			assert.Equal(t, c.status, got.status)
			assert.Equal(t, c.retryAfter, got.retryAfter)
			if c.body == "" {
				c.body = `"username":"alice"`
			}
			assert.Contains(t, got.body, c.body)
		})
	}
}

func TestTimes(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithMiddleware(fakeserver.Times(2, fakeserver.Failing(500, nil, ""))))
	for _, want := range []int{500, 500, 200, 200} {
		got, err := get(t, t.Context(), s, s.Token)
		require.NoError(t, err)
		assert.Equal(t, want, got.status)
	}
	assert.Len(t, s.Requests(), 2, "what Middleware answers is not among them")
}

func TestCutBody(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithMiddleware(fakeserver.CutBody(7)))
	got, err := get(t, t.Context(), s, s.Token)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, 200, got.status)
	assert.Equal(t, `{"id":"`, got.body)
}

// TestSlowEnds checks that a slow server does not keep a test from ending.
func TestSlowEnds(t *testing.T) {
	s := fakeserver.New(t, fakeserver.WithMiddleware(fakeserver.Slow(time.Hour)))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := get(t, ctx, s, s.Token)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestAccounts checks that each account has a token, and is shown and updated
// by itself.
func TestAccounts(t *testing.T) {
	for _, kind := range fakeserver.Kinds() {
		t.Run(kind.String(), func(t *testing.T) {
			bob := masto.NewRecord("2", "bob")
			s := fakeserver.New(t, fakeserver.WithAccounts(bob), fakeserver.WithSoftware(kind))
			assert.Equal(t, s.Token, s.TokenOf("1"))
			for id, name := range map[string]string{"1": "alice", "2": "bob"} {
				got, err := get(t, t.Context(), s, s.TokenOf(id))
				require.NoError(t, err)
				assert.Contains(t, got.body, `"username":"`+name+`"`)
				assert.Equal(t, name, s.RecordOf(id).Username)
			}
			assert.Equal(t, "alice", s.Record().Username)
			status, _ := do(t, s, "GET", "/api/v1/accounts/lookup?acct=bob", "", nil)
			assert.Equal(t, 200, status)
			got, err := get(t, t.Context(), s, s.Token+"-3")
			require.NoError(t, err)
			assert.Equal(t, 401, got.status)
		})
	}
}
