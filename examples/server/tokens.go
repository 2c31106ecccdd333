package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
)

// tokens has the access tokens that were given out, in a table of its own. Only
// the hash of a token is stored, so that whoever reads the table cannot use it.
// As a token is random and long, one round of SHA-256 is enough.
type tokens struct {
	db    *database
	store masto.Store
}

// knownScopes returns the scopes that the methods of this server ask for.
func knownScopes() []string {
	return []string{"read", "write", "profile", "read:accounts", "write:accounts"}
}

// parseScopes returns the scopes in text with one space between them. In text
// any white space separates them.
func parseScopes(text string) (string, error) {
	asked := strings.Fields(text)
	if len(asked) == 0 {
		return "", errors.New("a token without scopes is of no use")
	}
	for _, scope := range asked {
		if !slices.Contains(knownScopes(), scope) {
			return "", fmt.Errorf("there is no scope %q, only %s", scope, strings.Join(knownScopes(), ", "))
		}
	}
	return strings.Join(asked, " "), nil
}

// grant gives out a new token; scopes are separated by spaces.
func (t *tokens) grant(ctx context.Context, accountID, scopes string) (string, error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // It never fails.
	token := base64.RawURLEncoding.EncodeToString(random[:])
	_, err := t.db.ExecContext(ctx, `INSERT INTO tokens (hash, account_id, scopes) VALUES ($1, $2, $3)`,
		hash(token), accountID, scopes)
	if err != nil {
		return "", fmt.Errorf("storing a token: %w", err)
	}
	return token, nil
}

// given reports whether there is a token for an account.
func (t *tokens) given(ctx context.Context, accountID string) (bool, error) {
	var given bool
	row := t.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM tokens WHERE account_id = $1)`, accountID)
	err := row.Scan(&given)
	if err != nil {
		return false, fmt.Errorf("looking for tokens: %w", err)
	}
	return given, nil
}

func hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Authenticate implements [httpapi.Authenticator]. As it compares hashes, the
// time that it takes tells an attacker nothing about a token.
func (t *tokens) Authenticate(ctx context.Context, token string) (httpapi.Grant, error) {
	var id, scopes string
	row := t.db.QueryRowContext(ctx, `SELECT account_id, scopes FROM tokens WHERE hash = $1`, hash(token))
	err := row.Scan(&id, &scopes)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return httpapi.Grant{}, httpapi.ErrUnknownToken
	case err != nil:
		return httpapi.Grant{}, fmt.Errorf("looking for a token: %w", err)
	}
	g := httpapi.Grant{AccountID: id, Scopes: strings.Fields(scopes)}
	if id == "" {
		return g, nil
	}
	r, err := t.store.Get(ctx, id)
	switch {
	case errors.Is(err, masto.ErrNotFound):
		return g, nil // The method answers with 404.
	case err != nil:
		return httpapi.Grant{}, err
	}
	g.Disabled = r.Suspended
	return g, nil
}
