package fakeserver

import (
	"context"
	"slices"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/httpapi"
)

// WithAccounts gives the server copies of more accounts, each with tokens of
// its own; see [Server.TokenOf]. A Profile.ID and a Username are required.
func WithAccounts(records ...*masto.Record) Option {
	return func(o *options) {
		for _, r := range records {
			o.others = append(o.others, r.Clone())
		}
	}
}

// TokenOf returns an access token that may read and write the account with an
// id. It ends the test if there is no such account.
func (s *Server) TokenOf(id string) string {
	s.t.Helper()
	s.RecordOf(id)
	if id == s.options.record.Profile.ID {
		return writeToken
	}
	return writeToken + "-" + id
}

// RecordOf returns the account with an id as it is stored now. It ends the test
// if there is none.
func (s *Server) RecordOf(id string) *masto.Record {
	s.t.Helper()
	r, err := s.store.Get(context.Background(), id)
	if err != nil {
		s.t.Fatalf("fakeserver: the account %s: %v", id, err)
	}
	return r
}

// fixedTokens authenticates the tokens of the accounts with ids, of which the
// first has tokens without an id.
type fixedTokens []string

func (f fixedTokens) Authenticate(_ context.Context, token string) (httpapi.Grant, error) {
	i := slices.IndexFunc(f, func(id string) bool { return token == writeToken+"-"+id })
	switch {
	case token == writeToken:
		return httpapi.Grant{AccountID: f[0], Scopes: []string{"read", "write"}}, nil
	case token == readToken:
		return httpapi.Grant{AccountID: f[0], Scopes: []string{"read"}}, nil
	case i > 0:
		return httpapi.Grant{AccountID: f[i], Scopes: []string{"read", "write"}}, nil
	}
	return httpapi.Grant{}, httpapi.ErrUnknownToken
}
