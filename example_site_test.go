package masto_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// A server turns what it keeps into what it answers.
func ExampleSite_Account() {
	site := &masto.Site{Domain: "social.example"}
	record := masto.NewRecord("115", "alice")
	record.CreatedAt = time.Date(2023, 5, 6, 17, 8, 9, 0, time.UTC)
	record.Profile.DisplayName, record.Profile.Note = "Alice", "Hello\n\nworld <3"
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

// The bio of a remote account is HTML that somebody else wrote: it is sanitized on the way.
func ExampleSite_Account_remote() {
	site := &masto.Site{Domain: "social.example"}
	record := &masto.Record{
		Username: "carol", Domain: "xn--bcher-kva.example", URI: "https://xn--bcher-kva.example/users/carol",
		Profile: masto.Profile{ID: "7", Note: `<p onclick="evil()">Hi <script>evil()</script><b>you</b></p>`},
	}
	account := site.Account(record, masto.View{})
	fmt.Println(account.Acct)
	fmt.Println(account.Note)
	// Output:
	// carol@bücher.example
	// <p>Hi <b>you</b></p>
}

// The user's own account has the raw values behind it.
func ExampleSite_CredentialAccount() {
	site := &masto.Site{Domain: "social.example"}
	record := masto.NewRecord("115", "alice")
	record.Profile.Note, record.Profile.Locked = "I <3 #spores", true
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

// A record goes to JSON in one go, into a buffer that may be used again.
func ExampleSite_AppendAccount() {
	site := &masto.Site{Domain: "social.example"}
	record := masto.NewRecord("115", "alice")
	buf := make([]byte, 0, 4096)
	buf = site.AppendAccount(buf, record, masto.View{})
	head, _, _ := strings.Cut(string(buf), `,"display_name"`)
	fmt.Println(head)
	// Output:
	// {"id":"115","username":"alice","acct":"alice"
}

// Mentions and emojis are loaded before rendering, for all texts of all records at
// once.
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

// A View answers from maps by the keys that References returned.
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
		if len(approval.Automatic) > 0 && approval.Automatic[0] == "public" {
			approval.CurrentUser = "automatic"
		}
		return &approval
	}}
	fmt.Println(*site.Account(alice, masto.View{}).FeatureApproval)
	fmt.Println(*site.Account(alice, signedIn).FeatureApproval)
	// Output:
	// {[public] [] denied map[]}
	// {[public] [] automatic map[]}
}

// A list that only shows pictures takes less of each account.
func ExampleSite_PartialAccountWithAvatar() {
	site := &masto.Site{Domain: "social.example"}
	partial := site.PartialAccountWithAvatar(masto.NewRecord("115", "alice"))
	fmt.Println(partial.Acct, partial.Avatar)
	// Output:
	// alice https://social.example/avatars/original/missing.png
}

// What changed tells a server what it has to do next.
func ExampleRecord_Apply() {
	record := masto.NewRecord("115", "alice")
	record.Profile.Locked = true
	changes := record.Apply(masto.Update{
		Locked: masto.Some(false),
		Fields: masto.Some([]masto.Field{{Name: "Site", Value: "https://spore.io"}}),
	}, masto.Pictures{})
	fmt.Println(changes)
	if changes.Has(masto.Unlocked) {
		fmt.Println("accept the pending follow requests")
	}
	if changes.Has(masto.NeedsVerification) {
		fmt.Println("verify the links")
	}
	// Output:
	// fields, needs verification, locked, unlocked
	// accept the pending follow requests
	// verify the links
}

func ExamplePermissions_Has() {
	moderator := masto.PermissionManageReports | masto.PermissionManageUsers
	fmt.Println(moderator.Has(masto.PermissionManageUsers))
	fmt.Println(moderator.Has(masto.PermissionManageUsers | masto.PermissionManageRoles))
	fmt.Println(masto.PermissionAdministrator.Has(masto.PermissionManageRoles))
	// Output:
	// true
	// false
	// true
}
