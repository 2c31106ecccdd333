package masto_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/memstore"
)

// A server puts its stores together once, and updates profiles by them.
func ExampleService_Update() {
	ctx := context.Background()
	alice := masto.NewRecord("115", "alice")
	alice.Profile.Locked = true
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example"},
		Store: memstore.New(alice),
		Media: memstore.NewMedia("https://files.social.example/"),
		OnUpdate: func(_ context.Context, _, after *masto.Record, c masto.Changes) {
			fmt.Printf("to do for %s: %v\n", after.Username, c)
			if c.Has(masto.Unlocked) {
				fmt.Println("accept the pending follow requests")
			}
		},
	}
	_, err := service.Update(ctx, "115", masto.Update{
		DisplayName: masto.Some("Alice"),
		Locked:      masto.Some(false),
		Avatar:      masto.Some(&masto.Upload{Filename: "me.png", Data: []byte("\x89PNG\r\n\x1a\n...")}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	profile, err := service.Profile(ctx, "115")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(profile.DisplayName, profile.Avatar)
	// Output:
	// to do for alice: display name, avatar, locked, unlocked
	// accept the pending follow requests
	// Alice https://files.social.example/1.png
}

// What a client may not set is refused as a whole, with every reason at once.
func ExampleService_Update_refused() {
	ctx := context.Background()
	alice := masto.NewRecord("115", "alice")
	alice.Profile.DisplayName = "Alice"
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example"},
		Store: memstore.New(alice),
	}
	_, err := service.Update(ctx, "115", masto.Update{
		DisplayName:       masto.Some("Al"),
		Note:              masto.Some(strings.Repeat("x", 501)),
		AvatarDescription: masto.Some(strings.Repeat("x", 151)),
	})
	var invalid *masto.ValidationError
	if errors.As(err, &invalid) {
		for _, f := range invalid.Findings {
			fmt.Printf("%s: %s, %s\n", f.Attribute, f.Code, f.Description)
		}
	}
	_, err = service.Update(ctx, "116", masto.Update{})
	fmt.Println(errors.Is(err, masto.ErrNotFound))

	account, err := service.Account(ctx, "115")
	fmt.Println(account.DisplayName, err)
	// Output:
	// avatar_description: ERR_TOO_LONG, is too long (maximum is 150 characters)
	// note: ERR_TOO_LONG, is too long (maximum is 500 characters)
	// true
	// Alice <nil>
}

// Removing a picture leaves its description and the other picture; where none is set, that is a success too.
func ExampleService_DeleteAvatar() {
	ctx := context.Background()
	media := memstore.NewMedia("https://files.social.example/")
	avatar, err := media.Put(ctx, masto.MediaKey{AccountID: "115", Kind: "avatar", Ext: "png"}, "image/png", []byte("\x89PNG\r\n\x1a\n..."))
	if err != nil {
		fmt.Println(err)
		return
	}
	alice := masto.NewRecord("115", "alice")
	alice.Profile.Avatar, alice.Profile.AvatarDescription = avatar, "A cat"
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example"},
		Store: memstore.New(alice),
		Media: media,
	}
	for range 2 {
		r, err := service.DeleteAvatar(ctx, "115")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%q %q\n", r.Profile.Avatar, r.Profile.AvatarDescription)
	}
	_, _, stored := media.Open(avatar)
	fmt.Println("still stored:", stored)
	// Output:
	// "" "A cat"
	// "" "A cat"
	// still stored: false
}

// Rendering asks for nothing: what a bio mentions is loaded before, for all
// records at once.
func ExampleService_Account() {
	ctx := context.Background()
	alice, dave := masto.NewRecord("115", "alice"), masto.NewRecord("117", "dave")
	alice.Profile.Note = "@bob, @bob@social.example,\n@dave@xn--bcher-kva.example, @dave@bücher.example, @nobody"
	dave.Domain, dave.URL = "xn--bcher-kva.example", "https://xn--bcher-kva.example/@dave"
	site := &masto.Site{Domain: "social.example"}
	store := memstore.New(alice, masto.NewRecord("116", "Bob"), dave)
	service := &masto.Service{
		Site:  site,
		Store: store,
		View: func(ctx context.Context, records ...*masto.Record) (masto.View, error) {
			known := map[masto.Handle]masto.Mention{}
			for _, handle := range site.References(records...).Mentions {
				// A server asks its database once for all of them.
				found, err := store.Find(ctx, handle.Username, handle.Domain)
				if errors.Is(err, masto.ErrNotFound) {
					continue // it stays text
				}
				if err != nil {
					return masto.View{}, err
				}
				known[handle] = site.Mention(found)
			}
			return masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
				m, ok := known[masto.Handle{Username: username, Domain: domain}]
				return m, ok
			}}, nil
		},
	}
	account, err := service.Account(ctx, "115")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.NewReplacer(", ", ",\n", "<br />", "\n").Replace(account.Note))
	// Output:
	// <p><span class="h-card" translate="no"><a href="https://social.example/@Bob" class="u-url mention">@<span>Bob</span></a></span>,
	// <span class="h-card" translate="no"><a href="https://social.example/@Bob" class="u-url mention">@<span>Bob</span></a></span>,
	// <span class="h-card" translate="no"><a href="https://xn--bcher-kva.example/@dave" class="u-url mention">@<span>dave</span></a></span>,
	// @dave@bücher.example,
	// @nobody</p>
}
