package masto_test

import (
	"fmt"
	"strings"

	"github.com/seed-374a2035/masto"
)

// sample returns an account as servers send many: about 4 KB of JSON with a bio of some 870 bytes of HTML, three emojis and four
// fields. n tells accounts apart.
func sample(n int) masto.Account {
	link := func(host string) string {
		return `<a href="https://` + host + `" target="_blank" rel="nofollow noopener me" translate="no"><span class="invisible">https://</span><span class="">` +
			host + `</span><span class="invisible"></span></a>`
	}
	name := fmt.Sprintf("gardener%d", n)
	files := fmt.Sprintf("https://files.social.example/accounts/%%s/000/%03d/634/original/6ca8804dc46800ad.png", n)
	note := `<p>Growing vegetables on a roof in the north :seedling: ` + strings.Repeat("and writing about soil, ", n%5) + `mostly in <a href="https://social.example/tags/` +
		`compost" class="mention hashtag" rel="tag">#<span>compost</span></a> season. Ask me about <a href="https://social.example/tags/tomato" class="mention hashtag" ` +
		`rel="tag">#<span>tomato</span></a> varieties &amp; old tools.</p><p>Runs ` + link("roof-garden-"+name+".example") + ` with <span class="h-card" translate="no">` +
		`<a href="https://social.example/@carol" class="u-url mention">@<span>carol</span></a></span>.<br />She/her, répond aussi en français.</p>`
	discoverable, no, yes := true, false, true
	return masto.Account{
		ID: fmt.Sprint(109000000000000000 + n), Username: name, Acct: name + "@remote.example", DisplayName: "Roof gardener :seedling: é",
		Discoverable: &discoverable, Indexable: true, CreatedAt: utc(2017, 2, 8+n%20, 0, 0, 0, 0), Note: note,
		URL: "https://remote.example/@" + name, URI: "https://remote.example/users/" + name,
		Avatar: fmt.Sprintf(files, "avatars"), AvatarStatic: fmt.Sprintf(files, "avatars"), AvatarDescription: "A watering can",
		Header: fmt.Sprintf(files, "headers"), HeaderStatic: fmt.Sprintf(files, "headers"),
		FollowersCount: 547 + int64(n), FollowingCount: 404, StatusesCount: 28468, LastStatusAt: utc(2024, 2, 1+n%28, 0, 0, 0, 0),
		HideCollections: &no, ShowMedia: &yes, ShowMediaReplies: &yes, ShowFeatured: &yes, Noindex: &no,
		FeatureApproval: &masto.FeatureApproval{Automatic: []string{"public"}, Manual: []string{}, CurrentUser: "denied"},
		Emojis: []masto.CustomEmoji{
			{Shortcode: "seedling", URL: "https://files.social.example/custom_emojis/images/000/028/691/original/6de008d6281f4f59.png", StaticURL: "https://files.social.example/custom_emojis/images/000/028/691/static/6de008d6281f4f59.png", VisibleInPicker: true},
			{Shortcode: "compost_heap", URL: "https://files.social.example/custom_emojis/images/000/050/744/original/02f94a5fca7eaf78.png", StaticURL: "https://files.social.example/custom_emojis/images/000/050/744/static/02f94a5fca7eaf78.png", VisibleInPicker: true},
			{Shortcode: "spade", URL: "https://files.social.example/custom_emojis/images/000/105/099/original/8106088bd4782072.png", StaticURL: "https://files.social.example/custom_emojis/images/000/105/099/static/8106088bd4782072.png", VisibleInPicker: true, Category: "tools"},
		},
		Roles: []masto.AccountRole{},
		Fields: []masto.Field{
			{Name: "Pronouns", Value: "she/her"},
			{Name: "Garden", Value: link("roof-garden.example"), VerifiedAt: utc(2019, 11, 10, 10, 31, 10, 744e6)},
			{Name: "Tools", Value: "spade, rake & a <b>very</b> old hoe"},
			{Name: "Elsewhere", Value: link("soil." + name + ".example")},
		},
	}
}

// sampleAccount is the JSON of a sample.
func sampleAccount() []byte {
	a := sample(1)
	return a.AppendJSON(nil)
}
