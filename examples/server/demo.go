package main

import (
	"context"
	"errors"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// The account that is there from the first start on.
const (
	demoID   = "1"
	demoName = "demo"
)

// demoToken makes the demo account where it is missing and returns a token for it: one for the scopes that were asked for, or else one
// for everything if none was ever given out, at the first start or after one that was cut short. Otherwise it is "".
func (a *app) demoToken(ctx context.Context, scopes string) (string, error) {
	discoverable, noindex := true, false
	err := a.store.Create(ctx, &masto.Record{
		Username: demoName,
		Profile: masto.Profile{
			ID: demoID, DisplayName: "Demo", Discoverable: &discoverable,
			Note: "I am here to be changed.\n\nMade with https://pkg.go.dev/github.com/seed-374a2035/masto #masto",
			Fields: []masto.Field{
				{Name: "API", Value: "https://docs.joinmastodon.org/methods/profile/"},
				{Name: "Pronouns", Value: "it/its"},
			},
			ShowMedia: true, ShowMediaReplies: true, ShowFeatured: true,
		},
		Noindex:   &noindex,
		CreatedAt: time.Now().UTC(),
	})
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
