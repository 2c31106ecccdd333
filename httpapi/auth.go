package httpapi

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// ErrUnknownToken is the error of an [Authenticator] for a token that is not
// valid: never given out, expired, revoked. Authenticators may wrap it.
var ErrUnknownToken = errors.New("httpapi: unknown token")

// Authenticator knows the tokens that a server gave out. It is safe for
// concurrent use.
type Authenticator interface {
	// Authenticate returns what the token of a request stands for, or an error
	// matching ErrUnknownToken for one that is not valid. The token is whatever
	// the client sent, but never "". Compare it in constant time, or better,
	// store and compare its hash. Any other error is answered as
	// [API.WriteError] says.
	Authenticate(ctx context.Context, token string) (Grant, error)
}

// Grant is what a token stands for. The zero Grant allows nothing.
type Grant struct {
	// AccountID is the id of the user's account; it is "" for a token without a
	// user, such as an application gets for itself.
	AccountID string
	// Scopes are what the token was given for, such as read, write:accounts or
	// profile, one per element.
	Scopes []string
	// Disabled reports that the user may not log in now: the account is
	// suspended, or the login disabled.
	Disabled bool
}

// Tokens is an [Authenticator] for a handful of fixed tokens, such as a test or
// a server with one user has. It maps each token to what it stands for. The
// zero Tokens knows none. It is not modified after its first use.
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

// A token needs one of these scopes. read and write include every scope that
// begins with them.
var (
	readScopes  = []string{"profile", "read", "read:accounts"}
	writeScopes = []string{"write", "write:accounts"}
)

// Authorized lets next answer requests whose token has one of scopes. It is for
// a server's other API methods, and treats them like those of this package: it
// refuses every other token, a token without a user and that of a disabled
// user, bounds the time and the body, lets pages of any origin call, and
// answers their preflight requests. It ignores the path and the method, so a
// pattern with a method needs another one with OPTIONS. next answers errors by
// [API.WriteError], with the request that it was given. Without scopes every
// token is refused; the package documentation lists those of the methods here.
func (a *API) Authorized(scopes []string, next func(w http.ResponseWriter, r *http.Request, g Grant)) http.Handler {
	scopes = slices.Clone(scopes)
	return CORS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, stop := a.bound(w, r)
		defer stop()
		g, err := a.authorize(r, scopes)
		if err != nil {
			a.WriteError(w, r, err)
			return
		}
		next(w, r, g)
	}))
}

// authorize returns what the token of r stands for, if that has a user and one
// of scopes.
func (a *API) authorize(r *http.Request, scopes []string) (Grant, error) {
	if a.Auth == nil {
		panic("httpapi: API.Auth is not set")
	}
	token := bearer(r.Header)
	if token == "" {
		return Grant{}, errNoToken
	}
	g, err := a.Auth.Authenticate(r.Context(), token)
	switch {
	case err != nil:
		return Grant{}, err
	case !slices.ContainsFunc(g.Scopes, func(s string) bool { return slices.Contains(scopes, s) }):
		return Grant{}, errScope
	case g.AccountID == "":
		return Grant{}, errNoUser
	case g.Disabled:
		return Grant{}, errDisabled
	}
	return g, nil
}

// bearer returns the token of an Authorization header, or "" if there is none:
// the scheme Bearer in any case, one or more spaces, the token.
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
