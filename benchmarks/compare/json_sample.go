package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// sampleAccount returns a typical account: about 4 KB of JSON with a bio of
// some 870 bytes of HTML, three emojis and four fields. Each n gives another
// account.
func sampleAccount(n int) masto.Account {
	name := fmt.Sprintf("gardener%d", n)
	picture := func(kind string) string {
		return fmt.Sprintf("https://files.home.example/accounts/%s/000/%03d/634/original/6ca8804dc46800ad.png", kind, n)
	}
	emoji := func(shortcode, id string) masto.CustomEmoji {
		files := "https://files.home.example/custom_emojis/images/000/" + id
		return masto.CustomEmoji{
			Shortcode:       shortcode,
			URL:             files + "/original/6de008d6281f4f59.png",
			StaticURL:       files + "/static/6de008d6281f4f59.png",
			VisibleInPicker: true,
		}
	}
	discoverable, no, yes := true, false, true
	verified := time.Date(2019, 11, 10, 10, 31, 10, 744e6, time.UTC)
	return masto.Account{
		ID:                fmt.Sprint(109000000000000000 + n),
		Username:          name,
		Acct:              name + "@far.example",
		DisplayName:       "Roof gardener :seedling: é",
		Discoverable:      &discoverable,
		Indexable:         true,
		CreatedAt:         time.Date(2017, 2, 8+n%20, 0, 0, 0, 0, time.UTC),
		Note:              sampleNote(n),
		URL:               "https://far.example/@" + name,
		URI:               "https://far.example/users/" + name,
		Avatar:            picture("avatars"),
		AvatarStatic:      picture("avatars"),
		AvatarDescription: "A watering can",
		Header:            picture("headers"),
		HeaderStatic:      picture("headers"),
		FollowersCount:    547 + int64(n),
		FollowingCount:    404,
		StatusesCount:     28468,
		LastStatusAt:      time.Date(2024, 2, 1+n%28, 0, 0, 0, 0, time.UTC),
		HideCollections:   &no,
		ShowMedia:         &yes,
		ShowMediaReplies:  &yes,
		ShowFeatured:      &yes,
		Noindex:           &no,
		FeatureApproval: &masto.FeatureApproval{
			Automatic:   []string{masto.FeatureGroupPublic},
			Manual:      []string{},
			CurrentUser: masto.FeatureDenied,
		},
		Emojis: []masto.CustomEmoji{
			emoji("seedling", "028/691"),
			emoji("compost_heap", "050/744"),
			emoji("spade", "105/099"),
		},
		Roles: []masto.AccountRole{},
		Fields: []masto.Field{
			{Name: "Pronouns", Value: "she/her"},
			{Name: "Garden", Value: sampleLink("roof-garden.example"), VerifiedAt: verified},
			{Name: "Tools", Value: "spade, rake &amp; a very old hoe"},
			{Name: "Elsewhere", Value: sampleLink("soil." + name + ".example")},
		},
	}
}

// sampleNote returns a bio with two hashtags, a link and a mention.
func sampleNote(n int) string {
	tag := func(name string) string {
		return `<a href="https://home.example/tags/` + name + `" class="mention hashtag" rel="tag">#<span>` + name + `</span></a>`
	}
	return `<p>Growing vegetables on a roof in the north :seedling: ` +
		strings.Repeat("and writing about soil, ", n%5) +
		`mostly in ` + tag("compost") + ` season. ` +
		`Ask me about ` + tag("tomato") + ` varieties &amp; old tools.</p>` +
		`<p>Runs ` + sampleLink(fmt.Sprintf("roof-garden%d.example", n)) + ` with ` +
		`<span class="h-card" translate="no">` +
		`<a href="https://home.example/@dora" class="u-url mention">@<span>dora</span></a></span>.<br />` +
		`She/her, répond aussi en français.</p>`
}

// sampleLink returns a link as Mastodon renders it.
func sampleLink(host string) string {
	return `<a href="https://` + host + `" target="_blank" rel="nofollow noopener me" translate="no">` +
		`<span class="invisible">https://</span><span class="">` + host + `</span><span class="invisible"></span></a>`
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
