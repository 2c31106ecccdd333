package httpapi

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// ErrUnknownToken is what an [Authenticator] returns, by errors.Is, for a token that is not valid: never given out, expired, revoked.
var ErrUnknownToken = errors.New("httpapi: unknown token")

// Authenticator knows the tokens that a server gave out. It is safe for concurrent use.
type Authenticator interface {
	// Authenticate returns what the token of a request stands for, ErrUnknownToken (by errors.Is) for one that is not valid. The
	// token is never "" and is whatever the client sent: compare it in constant time, best by the hash that is stored of it.
	// Any other error is answered with a 5xx.
	Authenticate(ctx context.Context, token string) (Grant, error)
}

// Grant is what a token stands for. The zero Grant allows nothing.
type Grant struct {
	// AccountID is the id of the user's account; "": a token without a user, as an application gets for itself.
	AccountID string
	// Scopes are what the token was given for, such as read, write:accounts or profile, each by itself.
	Scopes []string
	// Disabled tells that the user may not log in now: suspended, or disabled.
	Disabled bool
}

// Tokens is an [Authenticator] for a handful of fixed tokens, as a server with one user or a test has them: what each token stands for.
// The zero Tokens knows none. It is not modified after its first use.
type Tokens map[string]Grant

// Authenticate compares token with each one in constant time.
func (t Tokens) Authenticate(_ context.Context, token string) (Grant, error) {
	found, err := Grant{}, ErrUnknownToken
	for known, grant := range t {
		if subtle.ConstantTimeCompare([]byte(known), []byte(token)) == 1 {
			found, err = grant, nil
		}
	}
	return found, err
}

// One of these scopes is needed; read and write contain all that begins with them.
var (
	readScopes  = []string{"profile", "read", "read:accounts"}
	writeScopes = []string{"write", "write:accounts"}
)

// authorize returns the id of the account whose token r has, if that has one of scopes.
func (a *API) authorize(r *http.Request, scopes []string) (string, error) {
	token := bearer(r.Header)
	if token == "" {
		return "", errNoToken
	}
	g, err := a.Auth.Authenticate(r.Context(), token)
	switch {
	case err != nil:
		return "", err
	case !slices.ContainsFunc(g.Scopes, func(s string) bool { return slices.Contains(scopes, s) }):
		return "", errScope
	case g.AccountID == "":
		return "", errNoUser
	case g.Disabled:
		return "", errDisabled
	}
	return g.AccountID, nil
}

// bearer returns the token of an Authorization header, "" if there is none: the scheme Bearer in any case, one or more spaces, the token.
func bearer(h http.Header) string {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return ""
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimLeft(token, " ")
}
