package httpapi_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/seed-374a2035/masto/httpapi"
)

// hashed are tokens of which only the hash is kept, as a table would have them.
type hashed map[[sha256.Size]byte]httpapi.Grant

func (h hashed) Authenticate(_ context.Context, token string) (httpapi.Grant, error) {
	g, ok := h[sha256.Sum256([]byte(token))]
	if !ok {
		return httpapi.Grant{}, httpapi.ErrUnknownToken
	}
	return g, nil
}

// The tokens that a server gave out.
func ExampleAuthenticator() {
	var auth httpapi.Authenticator = hashed{
		sha256.Sum256([]byte("secret")): {AccountID: "115", Scopes: []string{"read", "write:accounts"}},
	}
	grant, err := auth.Authenticate(context.Background(), "secret")
	fmt.Println(grant.AccountID, grant.Scopes, err)
	_, err = auth.Authenticate(context.Background(), "guessed")
	fmt.Println(errors.Is(err, httpapi.ErrUnknownToken))
	// Output:
	// 115 [read write:accounts] <nil>
	// true
}
