package main

import (
	"context"
	"errors"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// The demo account exists from the first start on.
const (
	demoID   = "1"
	demoName = "demo"
)

// demoToken creates the demo account if it is missing, and returns a new token
// for it: one for scopes, or else, if none was ever given out, one for
// everything. That is so at the first start, and after one that was cut short.
// Otherwise the token is "".
func (a *app) demoToken(ctx context.Context, scopes string) (string, error) {
	demo := masto.NewRecord(demoID, demoName)
	demo.Profile.DisplayName = "Demo"
	demo.Profile.Note = "I am here to be changed.\n\nMade with https://pkg.go.dev/github.com/seed-374a2035/masto #masto"
	demo.Profile.Fields = []masto.Field{
		{Name: "API", Value: "https://docs.joinmastodon.org/methods/profile/"},
		{Name: "Pronouns", Value: "it/its"},
	}
	demo.Profile.Discoverable = new(true)
	demo.Noindex = new(false)
	demo.CreatedAt = time.Now().UTC()
	err := a.store.Create(ctx, demo)
	if err != nil && !errors.Is(err, sqlstore.ErrExists) {
		return "", err
	}
	if scopes == "" {
		if given, err := a.tokens.given(ctx, demoID); err != nil || given {
			return "", err
		}
		scopes = "read write"
	}
	return a.tokens.grant(ctx, demoID, scopes)
}
