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

// demoToken makes the demo account and returns a token for it. If it is there already, there is a token only for the scopes that were
// asked for; else it is "".
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
	switch {
	case err == nil && scopes == "":
		scopes = "read write"
	case err != nil && !errors.Is(err, sqlstore.ErrExists):
		return "", err
	case scopes == "":
		return "", nil
	}
	return a.tokens.grant(ctx, demoID, scopes)
}
