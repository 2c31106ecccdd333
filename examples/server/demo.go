package main

import (
	"context"
	"embed"
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

// demoFiles has the pictures of the demo accounts.
//
//go:embed demo
var demoFiles embed.FS

// demoToken creates the demo account if it is missing, and returns a new token
// for it: one for scopes, or else, if none was ever given out, one for
// everything. That is so at the first start, and after one that was cut short.
// Otherwise the token is "".
func (a *app) demoToken(ctx context.Context, scopes string) (string, error) {
	err := a.store.Create(ctx, a.demoRecord())
	if err != nil && !errors.Is(err, sqlstore.ErrExists) {
		return "", err
	}
	if err == nil && a.showcase {
		if err := a.dress(ctx); err != nil {
			return "", err
		}
	}
	if scopes == "" {
		if given, err := a.tokens.given(ctx, demoID); err != nil || given {
			return "", err
		}
		scopes = "read write"
	}
	return a.tokens.grant(ctx, demoID, scopes)
}

// demoRecord returns the demo account as it is created.
func (a *app) demoRecord() *masto.Record {
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
	if !a.showcase {
		return demo
	}
	yesterday := demo.CreatedAt.AddDate(0, 0, -1)
	demo.CreatedAt = demo.CreatedAt.AddDate(-2, -5, 0)
	demo.LastStatusAt = yesterday
	demo.StatusesCount, demo.FollowingCount, demo.FollowersCount = 1284, 312, 5067
	demo.Role = &masto.Role{ID: "3", Name: "Owner", Color: "#7f63e6", Highlighted: true}
	demo.Profile.FeaturedTags = []masto.FeaturedTag{
		{ID: "1", Name: "fungi", StatusesCount: 214, LastStatusAt: yesterday},
		{ID: "2", Name: "forest", StatusesCount: 87, LastStatusAt: yesterday},
		{ID: "3", Name: "golang", StatusesCount: 41, LastStatusAt: yesterday},
	}
	return demo
}

// dress gives the demo account pictures and texts as its user would, and adds
// an account that mentions it.
func (a *app) dress(ctx context.Context) error {
	bot := masto.NewRecord("100", "sporebot")
	bot.CreatedAt = time.Now().UTC().AddDate(-1, 0, -7)
	bot.StatusesCount, bot.FollowingCount, bot.FollowersCount = 8760, 1, 932
	if err := a.store.Create(ctx, bot); err != nil && !errors.Is(err, sqlstore.ErrExists) {
		return err
	}
	demo := demoUpdate()
	if a.home != nil {
		home := masto.Field{Name: "Homepage", Value: a.home.url}
		demo.Fields.Value = append([]masto.Field{home}, demo.Fields.Value...)
	}
	if err := a.dressAs(ctx, demoID, demo); err != nil {
		return err
	}
	return a.dressAs(ctx, bot.Profile.ID, botUpdate())
}

// dressAs updates an account. Of a picture u has the name of its file only.
func (a *app) dressAs(ctx context.Context, id string, u masto.Update) error {
	for _, upload := range []*masto.Upload{u.Avatar.Value, u.Header.Value} {
		if upload == nil {
			continue
		}
		data, err := demoFiles.ReadFile("demo/" + upload.Filename)
		if err != nil {
			return err
		}
		upload.Data = data
	}
	_, err := a.service.Update(ctx, id, u)
	return err
}

func demoUpdate() masto.Update {
	return masto.Update{
		DisplayName: masto.Some("Amanita Demo :spore:"),
		Note: masto.Some("I am here to be looked at, and to be changed: sign in with the token that the server " +
			"printed, and try.\n\nI keep notes on #fungi and #forest walks. @sporebot posts the pictures. " +
			"Made with https://pkg.go.dev/github.com/seed-374a2035/masto"),
		Fields: masto.Some([]masto.Field{
			{Name: "Documentation", Value: "https://docs.joinmastodon.org/methods/profile/"},
			{Name: "Pronouns", Value: "she/her"},
			{Name: "Favorite", Value: ":spore: fly agaric, from a distance"},
		}),
		Avatar:            masto.Some(&masto.Upload{Filename: "avatar.jpg"}),
		AvatarDescription: masto.Some("A smiling mushroom with a red cap and white dots"),
		Header:            masto.Some(&masto.Upload{Filename: "header.jpg"}),
		HeaderDescription: masto.Some("Hills with fir trees and mushrooms at dusk, under a low moon"),
		Indexable:         masto.Some(true),
	}
}

func botUpdate() masto.Update {
	return masto.Update{
		DisplayName: masto.Some("Spore Bot"),
		Note:        masto.Some("Beep. A mushroom every hour, on the hour. Ask @demo if something is wrong."),
		Fields: masto.Some([]masto.Field{
			{Name: "Run by", Value: "@demo"},
			{Name: "Hashtag", Value: "#fungi"},
		}),
		Avatar:            masto.Some(&masto.Upload{Filename: "bot.jpg"}),
		AvatarDescription: masto.Some("A friendly robot with a mushroom for an antenna"),
		Bot:               masto.Some(true),
	}
}
