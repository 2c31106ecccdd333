package masto_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/memstore"
)

// A server puts its stores together once, and updates profiles through them.
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

// An update with a value that is not allowed is refused as a whole, with every
// reason at once.
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

// A server prepares pictures before they are stored. A ValidationError refuses
// the picture; any other error is one of the server.
func ExampleService_Update_picture() {
	ctx := context.Background()
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example"},
		Store: memstore.New(masto.NewRecord("115", "alice")),
		Media: memstore.NewMedia("https://files.social.example/"),
		Picture: func(_ context.Context, kind string, data []byte) (main, still []byte, err error) {
			if bytes.HasPrefix(data, []byte("GIF")) {
				// A real server decodes the picture and takes its first frame.
				return data, []byte("\x89PNG\r\n\x1a\n..."), nil
			}
			return nil, nil, &masto.ValidationError{Findings: []masto.Finding{{
				Attribute:   kind,
				Code:        masto.CodeIsInvalid,
				Description: "is invalid",
			}}}
		},
	}
	r, err := service.Update(ctx, "115", masto.Update{
		Avatar: masto.Some(&masto.Upload{Filename: "me.gif", Data: []byte("GIF89a...")}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Profile.Avatar)
	fmt.Println(r.Profile.AvatarStatic)

	_, err = service.Update(ctx, "115", masto.Update{
		Header: masto.Some(&masto.Upload{Filename: "me.png", Data: []byte("\x89PNG\r\n\x1a\n...")}),
	})
	fmt.Println(err)
	// Output:
	// https://files.social.example/1.gif
	// https://files.social.example/2.png
	// Validation failed: Header is invalid
}

// After an update a server checks the links of a profile in the background. It
// fetches the pages itself; masto.LinksBack reads them.
func ExampleService_VerifyLinks() {
	ctx := context.Background()
	alice := masto.NewRecord("115", "alice")
	alice.Profile.Fields = []masto.Field{
		{Name: "Site", Value: "https://alice.example"},
		{Name: "Pronouns", Value: "she/her"},
	}
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example"},
		Store: memstore.New(alice),
		OnUpdate: func(_ context.Context, _, _ *masto.Record, c masto.Changes) {
			fmt.Println("changed:", c)
		},
	}
	pages := map[string]string{
		"https://alice.example": `<a rel="me" href="https://social.example/@alice">Me</a>`,
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	check := func(_ context.Context, url, profileURL string) (bool, error) {
		linked, _, err := masto.LinksBack(strings.NewReader(pages[url]), profileURL)
		return linked, err
	}
	r, err := service.VerifyLinks(ctx, "115", now, check)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Profile.Fields {
		fmt.Println(f.Name, !f.VerifiedAt.IsZero())
	}
	// Output:
	// changed: fields
	// Site true
	// Pronouns false
}

// A server with a store of its own marks a link by itself.
func ExampleRecord_SetVerified() {
	alice := masto.NewRecord("115", "alice")
	alice.Profile.Fields = []masto.Field{{Name: "Site", Value: "https://alice.example"}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	fmt.Println(alice.SetVerified("https://alice.example", at))
	fmt.Println(alice.SetVerified("https://alice.example", at))
	fmt.Println(alice.SetVerified("https://alice.example", time.Time{}))
	// Output:
	// fields
	// nothing
	// fields
}

// Removing a picture leaves its description and the other picture alone. It
// also succeeds if no picture is set.
func ExampleService_DeleteAvatar() {
	ctx := context.Background()
	media := memstore.NewMedia("https://files.social.example/")
	key := masto.MediaKey{AccountID: "115", Kind: masto.KindAvatar, Ext: "png"}
	avatar, err := media.Put(ctx, key, "image/png", []byte("\x89PNG\r\n\x1a\n..."))
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

// Rendering loads nothing. The accounts that bios mention are loaded before,
// for all records at once.
func ExampleService_Account() {
	ctx := context.Background()
	alice, dave := masto.NewRecord("115", "alice"), masto.NewRecord("117", "dave")
	alice.Profile.Note = "@bob, @bob@social.example,\n@dave@xn--bcher-kva.example, @dave@bücher.example, @nobody"
	dave.Domain = "xn--bcher-kva.example"
	dave.URL = "https://xn--bcher-kva.example/@dave"
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
					continue // The mention stays text.
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

// members is a [masto.Store] on data that a server already has, here rows of
// JSON by id. In a real server, a table and transactions take the place of the
// map and the lock.
type members struct {
	mu   sync.Mutex
	rows map[string][]byte
}

func (m *members) Get(ctx context.Context, id string) (*masto.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.read(ctx, id)
}

func (m *members) Find(ctx context.Context, username, domain string) (*masto.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.rows {
		r, err := m.read(ctx, id)
		if err != nil || strings.EqualFold(r.Username, username) && strings.EqualFold(r.Domain, domain) {
			return r, err
		}
	}
	return nil, masto.ErrNotFound
}

func (m *members) Update(
	ctx context.Context, id string, change func(*masto.Record) (masto.Changes, error),
) (*masto.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changed, err := m.read(ctx, id)
	if err != nil {
		return nil, err
	}
	changes, err := change(changed)
	if err != nil {
		return nil, err // Nothing is stored.
	}
	stored, err := m.read(ctx, id) // It fails if ctx has ended by now.
	if err != nil || changes&^masto.NeedsVerification == 0 {
		return stored, err
	}
	stored.Profile = changed.Profile // The rest is not for change to decide.
	stored.Posting = changed.Posting
	row, err := json.Marshal(stored)
	if err != nil {
		return nil, err
	}
	m.rows[id] = row
	return m.read(context.WithoutCancel(ctx), id) // a copy that change has never seen
}

// read returns a fresh copy at each call. The lock is held.
func (m *members) read(ctx context.Context, id string) (*masto.Record, error) {
	row, ok := m.rows[id]
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !ok:
		return nil, masto.ErrNotFound
	}
	r := new(masto.Record)
	return r, json.Unmarshal(row, r)
}

// A server keeps accounts in tables of its own, behind the three methods of a
// Store. In its tests mastotest.TestStore checks them.
func ExampleStore() {
	ctx := context.Background()
	alice := masto.NewRecord("115", "Alice")
	alice.FollowersCount = 7
	row, err := json.Marshal(alice)
	if err != nil {
		fmt.Println(err)
		return
	}
	store := &members{rows: map[string][]byte{"115": row}}
	service := &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: store}

	_, err = service.Update(ctx, "115", masto.Update{Note: masto.Some("Mushrooms!")})
	fmt.Println(err)
	r, err := store.Find(ctx, "alice", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Profile.Note, r.FollowersCount)
	_, err = service.Account(ctx, "116")
	fmt.Println(errors.Is(err, masto.ErrNotFound))
	// Output:
	// <nil>
	// Mushrooms! 7
	// true
}

// A server turns its records into the entities that it answers with.
func ExampleSite_Account() {
	site := &masto.Site{Domain: "social.example"}
	record := masto.NewRecord("115", "alice")
	record.CreatedAt = time.Date(2023, 5, 6, 17, 8, 9, 0, time.UTC)
	record.Profile.DisplayName = "Alice"
	record.Profile.Note = "Hello\n\nworld <3"
	account := site.Account(record, masto.View{})
	fmt.Println(account.Acct, account.URL)
	fmt.Println(account.Note)
	fmt.Println(account.Avatar)
	fmt.Println(account.CreatedAt)
	// Output:
	// alice https://social.example/@alice
	// <p>Hello</p><p>world &lt;3</p>
	// https://social.example/avatars/original/missing.png
	// 2023-05-06 00:00:00 +0000 UTC
}

// The bio of a remote account is HTML that somebody else wrote. It is sanitized
// on the way.
func ExampleSite_Account_remote() {
	site := &masto.Site{Domain: "social.example"}
	record := &masto.Record{
		Username: "carol",
		Domain:   "xn--bcher-kva.example",
		URI:      "https://xn--bcher-kva.example/users/carol",
		Profile: masto.Profile{
			ID:   "7",
			Note: `<p onclick="evil()">Hi <script>evil()</script><b>you</b></p>`,
		},
	}
	account := site.Account(record, masto.View{})
	fmt.Println(account.Acct)
	fmt.Println(account.Note)
	// Output:
	// carol@bücher.example
	// <p>Hi <b>you</b></p>
}

// A user's own account also has the raw values.
func ExampleSite_CredentialAccount() {
	site := &masto.Site{Domain: "social.example"}
	record := masto.NewRecord("115", "alice")
	record.Profile.Note = "I <3 #spores"
	record.Profile.Locked = true
	account := site.CredentialAccount(record, masto.View{})
	fmt.Println(account.Source.Note)
	fmt.Println(account.Source.Privacy)
	fmt.Println(account.Role.ID, account.Role.Permissions.Has(masto.PermissionInviteUsers))
	// Output:
	// I <3 #spores
	// private
	// -99 true
}

func ExampleSite_Profile() {
	site := &masto.Site{Domain: "social.example"}
	record := masto.NewRecord("115", "alice")
	record.Profile.Note = "I <3 spores"
	profile := site.Profile(record, masto.View{})
	fmt.Println(profile.Note)
	fmt.Println(profile.FormattedNote)
	fmt.Printf("%q\n", profile.Avatar)
	// Output:
	// I <3 spores
	// <p>I &lt;3 spores</p>
	// ""
}

func ExampleSite_MutedAccount() {
	site := &masto.Site{Domain: "social.example"}
	record := masto.NewRecord("9", "troll")
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

	muted := site.MutedAccount(record, masto.View{}, now.Add(time.Hour), now)
	fmt.Println(muted.MuteExpiresAt)
	over := site.MutedAccount(record, masto.View{}, now.Add(-time.Hour), now)
	fmt.Println(over.MuteExpiresAt.IsZero())
	// Output:
	// 2026-01-01 13:00:00 +0000 UTC
	// true
}

// A record becomes JSON in one step, in a buffer that can be reused.
func ExampleSite_AppendAccount() {
	site := &masto.Site{Domain: "social.example"}
	record := masto.NewRecord("115", "alice")
	buf := make([]byte, 0, 4096)
	buf = site.AppendAccount(buf, record, masto.View{})
	head, _, _ := strings.Cut(string(buf), `,"display_name"`)
	fmt.Println(head)

	buf = site.AppendProfile(buf[:0], record, masto.View{})
	head, _, _ = strings.Cut(string(buf), `,"note"`)
	fmt.Println(head)

	buf = site.AppendCredentialAccount(buf[:0], record, masto.View{})
	_, role, _ := strings.Cut(string(buf), `,"role":`)
	fmt.Println(role)
	// Output:
	// {"id":"115","username":"alice","acct":"alice"
	// {"id":"115","display_name":""
	// {"id":"-99","name":"","permissions":"65536","color":"","highlighted":false,"collection_limit":10}}
}

// An API method of your own answers like the package's own: an update is
// answered with what it stored, which is not read again.
func ExampleService_AppendProfile() {
	ctx := context.Background()
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example"},
		Store: memstore.New(masto.NewRecord("115", "alice")),
	}
	record, err := service.Update(ctx, "115", masto.Update{DisplayName: masto.Some("Alice")})
	if err != nil {
		fmt.Println(err)
		return
	}
	buf, err := service.AppendProfile(ctx, nil, record)
	if err != nil {
		fmt.Println(err)
		return
	}
	head, _, _ := strings.Cut(string(buf), `,"note"`)
	fmt.Println(head)
	// Output:
	// {"id":"115","display_name":"Alice"
}

// Mentions and emojis are loaded before rendering, for all texts of all records
// at once.
func ExampleSite_References() {
	site := &masto.Site{Domain: "social.example"}
	alice := masto.NewRecord("115", "alice")
	alice.Profile.Note = "Friend of @Bob@social.example and @carol@Remote.example :blobcat:"
	dora := &masto.Record{Username: "dora", Domain: "remote.example"}
	dora.Profile.DisplayName = "Dora :blobcat:"

	references := site.References(alice, dora)
	for _, m := range references.Mentions {
		fmt.Printf("account %q of %q\n", m.Username, m.Domain)
	}
	for _, e := range references.Emojis {
		fmt.Printf("emoji %q of %q\n", e.Shortcode, e.Domain)
	}
	// Output:
	// account "Bob" of ""
	// account "carol" of "remote.example"
	// emoji "blobcat" of ""
	// emoji "blobcat" of "remote.example"
}

// A View can answer from maps with the keys that References returned.
func ExampleView() {
	site := &masto.Site{Domain: "social.example"}
	alice := masto.NewRecord("115", "alice")
	alice.Profile.Note = "Friend of @bob@Social.example and @nobody :ab:"

	// What a query for site.References(alice) found.
	mentions := map[masto.Handle]masto.Mention{
		{Username: "bob"}: site.Mention(masto.NewRecord("116", "Bob")),
	}
	emojis := map[masto.EmojiKey]masto.CustomEmoji{
		{Shortcode: "ab"}: {Shortcode: "ab", URL: "https://files.social.example/ab.png"},
	}
	account := site.Account(alice, masto.View{
		Mention: func(username, domain string) (masto.Mention, bool) {
			m, ok := mentions[masto.Handle{Username: username, Domain: domain}]
			return m, ok
		},
		Emoji: func(shortcode, domain string) (masto.CustomEmoji, bool) {
			e, ok := emojis[masto.EmojiKey{Shortcode: shortcode, Domain: domain}]
			return e, ok
		},
	})
	fmt.Println(account.Note)
	fmt.Println(account.Emojis[0].URL)
	// Output:
	// <p>Friend of <span class="h-card" translate="no"><a href="https://social.example/@Bob" class="u-url mention">@<span>Bob</span></a></span> and @nobody :ab:</p>
	// https://files.social.example/ab.png
}

// Who may feature an account in a collection depends on who looks at it.
func ExampleSite_DefaultFeatureApproval() {
	site := &masto.Site{Domain: "social.example"}
	yes := true
	alice := masto.NewRecord("115", "alice")
	alice.Profile.Discoverable = &yes

	signedIn := masto.View{FeatureApproval: func(r *masto.Record) *masto.FeatureApproval {
		approval := site.DefaultFeatureApproval(r)
		if slices.Contains(approval.Automatic, masto.FeatureGroupPublic) {
			approval.CurrentUser = masto.FeatureAutomatic
		}
		return &approval
	}}
	fmt.Println(*site.Account(alice, masto.View{}).FeatureApproval)
	fmt.Println(*site.Account(alice, signedIn).FeatureApproval)
	// Output:
	// {[public] [] denied map[]}
	// {[public] [] automatic map[]}
}

// A list of pictures needs less of each account.
func ExampleSite_PartialAccountWithAvatar() {
	site := &masto.Site{Domain: "social.example"}
	partial := site.PartialAccountWithAvatar(masto.NewRecord("115", "alice"))
	fmt.Println(partial.Acct, partial.Avatar)
	// Output:
	// alice https://social.example/avatars/original/missing.png
}
