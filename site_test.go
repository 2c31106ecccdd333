package masto_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

var testSite = &masto.Site{Domain: "social.example"}

// siteRecord returns a local record with every member set.
func siteRecord() *masto.Record {
	yes, no, lang, limit := true, false, "de", 5
	at := time.Date(2024, 3, 4, 5, 6, 7, 890_000_000, time.FixedZone("", 2*3600))
	return &masto.Record{
		Username: "alice", Profile: masto.Profile{
			ID: "115", DisplayName: "Alice :ab:", Note: "Hello #spore",
			Fields: []masto.Field{{Name: "Site", Value: "https://spore.io", VerifiedAt: at}, {Name: " Pronouns ", Value: " she/her "}},
			Avatar: "https://files.example/a.png", AvatarStatic: "https://files.example/s.png", AvatarDescription: "A mushroom",
			Header: "https://files.example/h.png", HeaderDescription: "Many mushrooms",
			Locked: true, Bot: true, HideCollections: &no, Discoverable: &yes, Indexable: true, ShowMedia: true, ShowFeatured: true,
			AttributionDomains: []string{"spore.io"},
			FeaturedTags:       []masto.FeaturedTag{{ID: "5", Name: "Spore", StatusesCount: 7, LastStatusAt: at}},
		},
		Posting: masto.Posting{Privacy: "unlisted", Sensitive: true, Language: &lang, QuotePolicy: "followers"},
		Noindex: &yes, CreatedAt: at, LastStatusAt: at,
		FollowersCount: 1, FollowingCount: 2, StatusesCount: 3, FollowRequestsCount: 41,
		Role:               &masto.Role{ID: "9", Name: "Mailer", Highlighted: true, CollectionLimit: &limit},
		EmailSubscriptions: &no,
		MovedTo:            &masto.Record{Username: "new", MovedTo: &masto.Record{Username: "newer"}},
	}
}

func TestSiteAddresses(t *testing.T) {
	for _, c := range []struct {
		name      string
		site      masto.Site
		record    masto.Record
		acct      string
		url, uri  string
		avatar    string
		localRole bool
	}{
		{
			"local",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "alice", Profile: masto.Profile{ID: "1"}},
			"alice", "https://social.example/@alice", "https://social.example/ap/users/1", "https://social.example/avatars/original/missing.png", true,
		},
		{
			"own domain in another case is local",
			masto.Site{Domain: "social.example", BaseURL: "https://web.example"},
			masto.Record{Username: "alice", Domain: "SOCIAL.example", Profile: masto.Profile{ID: "1"}},
			"alice", "https://web.example/@alice", "https://web.example/ap/users/1", "https://web.example/avatars/original/missing.png", true,
		},
		{
			"own schemes",
			masto.Site{
				Domain: "social.example", MissingAvatar: "https://cdn.example/none.png",
				AccountURLFunc: func(r *masto.Record) string { return "https://p.example/" + r.Username },
				ActorURIFunc:   func(r *masto.Record) string { return "https://a.example/" + r.Username },
			},
			masto.Record{Username: "alice"},
			"alice", "https://p.example/alice", "https://a.example/alice", "https://cdn.example/none.png", true,
		},
		{
			"addresses of its own",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "alice", URL: "https://u.example", URI: "https://i.example"},
			"alice", "https://u.example", "https://i.example", "https://social.example/avatars/original/missing.png", true,
		},
		{
			"remote",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "carol", Domain: "xn--bcher-kva.example", URL: "http://remote.example/~carol", URI: "https://remote.example/1"},
			"carol@bücher.example", "http://remote.example/~carol", "https://remote.example/1", "https://social.example/avatars/original/missing.png", false,
		},
		{
			"remote whose page is no web address",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "carol", Domain: "remote.example", URL: "javascript:alert(1)", URI: "https://remote.example/1"},
			"carol@remote.example", "https://remote.example/1", "https://remote.example/1", "https://social.example/avatars/original/missing.png", false,
		},
		{
			"remote whose page has a scheme in upper case",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "carol", Domain: "remote.example", URL: "HTTPS://remote.example/~carol", URI: "https://remote.example/1"},
			"carol@remote.example", "https://remote.example/1", "https://remote.example/1", "https://social.example/avatars/original/missing.png", false,
		},
		{
			"remote whose page has no host",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "carol", Domain: "remote.example", URL: "https:remote.example", URI: "acct:carol@remote.example"},
			"carol@remote.example", "acct:carol@remote.example", "acct:carol@remote.example", "https://social.example/avatars/original/missing.png", false,
		},
		{
			"remote with addresses that run scripts",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "carol", Domain: "remote.example", URL: "javascript:alert(1)", URI: " JavaScript:alert(1)"},
			"carol@remote.example", "", "", "https://social.example/avatars/original/missing.png", false,
		},
		{
			"local with addresses that run scripts",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "alice", URL: "javascript:alert(1)", URI: "data:text/html,x"},
			"alice", "", "", "https://social.example/avatars/original/missing.png", true,
		},
		{
			"own schemes that run scripts",
			masto.Site{
				Domain:         "social.example",
				AccountURLFunc: func(*masto.Record) string { return "vbscript:x" },
				ActorURIFunc:   func(*masto.Record) string { return "//no.scheme.example" },
			},
			masto.Record{Username: "alice"},
			"alice", "", "", "https://social.example/avatars/original/missing.png", true,
		},
		{
			"other schemes that links may have",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "alice", URL: "Gemini://social.example/alice", URI: "ipns://alice"},
			"alice", "Gemini://social.example/alice", "ipns://alice", "https://social.example/avatars/original/missing.png", true,
		},
		{
			"no valid punycode",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "carol", Domain: "xn--\u00ff.example"},
			"carol@xn--\u00ff.example", "", "", "https://social.example/avatars/original/missing.png", false,
		},
		{
			"invalid handle",
			masto.Site{Domain: "social.example"},
			masto.Record{Username: "! 115", Domain: "remote.example", InvalidHandle: true},
			"115@handle.invalid", "", "", "https://social.example/avatars/original/missing.png", false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := c.site.Account(&c.record, masto.View{})
			assert.Equal(t, c.acct, a.Acct)
			assert.Equal(t, c.url, a.URL)
			assert.Equal(t, c.uri, a.URI)
			assert.Equal(t, c.avatar, a.Avatar)
			assert.Equal(t, c.url, c.site.AccountURL(&c.record))
			assert.Equal(t, c.uri, c.site.ActorURI(&c.record))
			assert.Equal(t, c.localRole, a.Roles != nil, "roles are there for local accounts only")
		})
	}
}

func TestSiteSuspended(t *testing.T) {
	r := siteRecord()
	r.Suspended = true
	c := testSite.CredentialAccount(r, masto.View{})
	assert.True(t, c.Suspended)
	assert.Empty(t, c.DisplayName)
	assert.Empty(t, c.Note)
	assert.Equal(t, []masto.Field{}, c.Fields)
	assert.Equal(t, []masto.CustomEmoji{}, c.Emojis)
	assert.Empty(t, c.AvatarDescription+c.HeaderDescription)
	assert.Equal(t, "https://social.example/avatars/original/missing.png", c.AvatarStatic)
	assert.Equal(t, "https://social.example/headers/original/missing.png", c.HeaderStatic)
	assert.False(t, c.Locked || c.Bot || *c.Discoverable || c.Indexable)
	assert.Nil(t, c.Moved, "the reference says null, we leave it out")
	assert.Equal(t, "Hello #spore", c.Source.Note, "source keeps the raw text")
	assert.Len(t, c.Source.Fields, 2)
	assert.Equal(t, "Hello #spore", testSite.Profile(r, masto.View{}).Note)
}

func TestSiteMovedNeverNests(t *testing.T) {
	a := testSite.Account(siteRecord(), masto.View{})
	require.NotNil(t, a.Moved)
	assert.Equal(t, "new", a.Moved.Username)
	assert.Nil(t, a.Moved.Moved)
}

// Every account says who may feature it, the target of a move for itself.
func TestSiteFeatureApproval(t *testing.T) {
	yes := true
	for _, tt := range []struct {
		name   string
		record masto.Record
		want   []string
		own    string // what its own user may
	}{
		{
			name:   "discoverable",
			record: masto.Record{Profile: masto.Profile{Discoverable: &yes}},
			want:   []string{"public"},
			own:    "automatic",
		},
		{
			name:   "locked",
			record: masto.Record{Profile: masto.Profile{Discoverable: &yes, Locked: true}},
			want:   []string{"followers"},
			own:    "automatic",
		},
		{
			name:   "suspended",
			record: masto.Record{Suspended: true, Profile: masto.Profile{Discoverable: &yes}},
			want:   []string{"public"},
			own:    "automatic",
		},
		{
			name: "undecided",
			want: []string{},
			own:  "denied",
		},
		{
			name:   "remote",
			record: masto.Record{Domain: "remote.example", Profile: masto.Profile{Discoverable: &yes}},
			want:   []string{},
			own:    "denied",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := masto.FeatureApproval{Automatic: tt.want, Manual: []string{}, CurrentUser: "denied"}
			assert.Equal(t, want, testSite.DefaultFeatureApproval(&tt.record))
			assert.Equal(t, &want, testSite.Account(&tt.record, masto.View{}).FeatureApproval)
			moved := masto.Record{MovedTo: &tt.record}
			assert.Equal(t, &want, testSite.Account(&moved, masto.View{}).Moved.FeatureApproval)
			assert.Equal(t, &want, testSite.CredentialAccount(&moved, masto.View{}).Moved.FeatureApproval)
			want.CurrentUser = tt.own
			assert.Equal(t, &want, testSite.CredentialAccount(&tt.record, masto.View{}).FeatureApproval)
		})
	}
	a, b := testSite.DefaultFeatureApproval(&masto.Record{}), testSite.DefaultFeatureApproval(&masto.Record{})
	a.Automatic, a.Manual = append(a.Automatic, "x"), append(a.Manual, "x")
	assert.Empty(t, b.Automatic, b.Manual)
}

// The View may say more about each record, or leave it to the site.
func TestSiteFeatureApprovalOfTheView(t *testing.T) {
	r := siteRecord()
	v := masto.View{FeatureApproval: func(asked *masto.Record) *masto.FeatureApproval {
		if asked == r {
			return &masto.FeatureApproval{CurrentUser: "manual"}
		}
		return nil
	}}
	a := testSite.CredentialAccount(r, v)
	assert.Equal(t, "manual", a.FeatureApproval.CurrentUser)
	assert.Equal(t, "denied", a.Moved.FeatureApproval.CurrentUser)
	v.FeatureApproval = func(asked *masto.Record) *masto.FeatureApproval {
		return &masto.FeatureApproval{CurrentUser: asked.Username}
	}
	a = testSite.CredentialAccount(r, v)
	assert.Equal(t, "alice", a.FeatureApproval.CurrentUser)
	assert.Equal(t, "new", a.Moved.FeatureApproval.CurrentUser)
}

func TestSitePartialAccountWithAvatar(t *testing.T) {
	r := siteRecord()
	assert.Equal(t, masto.PartialAccountWithAvatar{
		ID:                "115",
		Acct:              "alice",
		Locked:            true,
		Bot:               true,
		URL:               "https://social.example/@alice",
		Avatar:            "https://files.example/a.png",
		AvatarStatic:      "https://files.example/s.png",
		AvatarDescription: "A mushroom",
	}, testSite.PartialAccountWithAvatar(r))
	r.Suspended = true
	assert.Equal(t, masto.PartialAccountWithAvatar{
		ID:           "115",
		Acct:         "alice",
		URL:          "https://social.example/@alice",
		Avatar:       "https://social.example/avatars/original/missing.png",
		AvatarStatic: "https://social.example/avatars/original/missing.png",
	}, testSite.PartialAccountWithAvatar(r))
}

func TestSiteCounts(t *testing.T) {
	for _, tt := range []struct {
		name      string
		n         int64
		want      int64
		requested int64 // of the follow requests
	}{
		{name: "none", n: 0, want: 0, requested: 0},
		{name: "many", n: 1 << 40, want: 1 << 40, requested: 40},
		{name: "hidden", n: -1, want: -1, requested: -1},
		{name: "nonsense", n: -2, want: 0, requested: 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &masto.Record{
				FollowersCount: tt.n, FollowingCount: tt.n, StatusesCount: tt.n, FollowRequestsCount: tt.n,
				Profile: masto.Profile{FeaturedTags: []masto.FeaturedTag{{StatusesCount: tt.n}}},
			}
			a := testSite.CredentialAccount(r, masto.View{})
			assert.Equal(t, []int64{tt.want, tt.want, tt.want}, []int64{a.FollowersCount, a.FollowingCount, a.StatusesCount})
			assert.Equal(t, tt.requested, a.Source.FollowRequestsCount)
			assert.Equal(t, tt.want, testSite.Profile(r, masto.View{}).FeaturedTags[0].StatusesCount)
		})
	}
}

func TestSiteMutedAccount(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name          string
		expires, want time.Time
	}{
		{"without an end", time.Time{}, time.Time{}},
		{"ended", now.Add(-time.Second), time.Time{}},
		{"ends later", now.Add(time.Second), now.Add(time.Second)},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.True(t, c.want.Equal(testSite.MutedAccount(siteRecord(), masto.View{}, c.expires, now).MuteExpiresAt))
		})
	}
}

func TestSitePosting(t *testing.T) {
	r := &masto.Record{}
	s := testSite.CredentialAccount(r, masto.View{}).Source
	assert.Equal(t, "public", s.Privacy)
	assert.Equal(t, "public", s.QuotePolicy)
	r.Profile.Locked = true
	assert.Equal(t, "private", testSite.CredentialAccount(r, masto.View{}).Source.Privacy, "a locked account posts to its followers")
	full := testSite.CredentialAccount(siteRecord(), masto.View{})
	assert.Equal(t, "unlisted", full.Source.Privacy)
	assert.Equal(t, int64(40), full.Source.FollowRequestsCount, "counted up to 40")
	assert.Equal(t, "-99", testSite.CredentialAccount(r, masto.View{}).Role.ID)
}

func TestSiteFieldsAreStrippedAndCut(t *testing.T) {
	long := strings.Repeat("ä", 300)
	r := &masto.Record{Profile: masto.Profile{Fields: []masto.Field{{Name: " " + long + " ", Value: "\x00" + long}}}}
	p := testSite.Profile(r, masto.View{})
	assert.Equal(t, masto.Field{Name: long[:510], Value: long[:510]}, p.Fields[0])
	assert.Equal(t, masto.Field{Name: long[:510], Value: long[:510]}, p.FormattedFields[0])
	site := *testSite
	site.Limits = masto.Limits{FieldName: 3, FieldValue: -1}
	p = site.Profile(r, masto.View{})
	assert.Equal(t, masto.Field{Name: "äää", Value: long}, p.Fields[0])
}

func TestSiteEmojis(t *testing.T) {
	v := masto.View{Emoji: func(code, domain string) (masto.CustomEmoji, bool) {
		return masto.CustomEmoji{Shortcode: code, URL: domain, Extra: map[string]json.RawMessage{"a": json.RawMessage(`1`)}}, code != "unknown"
	}}
	r := &masto.Record{Domain: "remote.example", Profile: masto.Profile{
		Note: ":bio: :unknown:", DisplayName: ":name: :bio:", Fields: []masto.Field{{Name: ":n1:", Value: ":v1:"}, {Name: ":n2:", Value: ":v2:"}},
	}}
	var codes []string
	for _, e := range testSite.Account(r, v).Emojis {
		codes = append(codes, e.Shortcode)
		assert.Equal(t, "remote.example", e.URL)
	}
	assert.Equal(t, []string{"bio", "name", "n1", "n2", "v1", "v2"}, codes, "bio, name, field names, field values; each once")
}

func TestSiteFeaturedTagURL(t *testing.T) {
	p := testSite.Profile(siteRecord(), masto.View{})
	assert.Equal(t, "https://social.example/@alice/tagged/spore", p.FeaturedTags[0].URL)
	r := siteRecord()
	r.Profile.FeaturedTags[0].URL = "https://own.example"
	assert.Equal(t, "https://own.example", testSite.Profile(r, masto.View{}).FeaturedTags[0].URL)
	r.Profile.FeaturedTags[0].URL = "javascript:alert(1)"
	assert.Empty(t, testSite.Profile(r, masto.View{}).FeaturedTags[0].URL)
	r.Profile.FeaturedTags[0].URL, r.URL = "", "javascript:alert(1)"
	assert.Empty(t, testSite.Profile(r, masto.View{}).FeaturedTags[0].URL, "the profile has no page")
}

func TestSiteHashtagURL(t *testing.T) {
	assert.Equal(t, "https://social.example/tags/Caf%C3%A9", testSite.HashtagURL("Café"))
	site := masto.Site{BaseURL: "https://web.example"}
	assert.Equal(t, "https://web.example/tags/a", site.HashtagURL("a"))
	site.HashtagURLFunc = func(name string) string { return "https://tags.example/" + name }
	assert.Equal(t, "https://tags.example/a", site.HashtagURL("a"))
}

// What anybody sent stays as it is: only a Site judges addresses.
func TestDecodingKeepsAddresses(t *testing.T) {
	var a masto.Account
	require.NoError(t, a.UnmarshalJSON([]byte(`{"url":"javascript:alert(1)","uri":"data:,x"}`)))
	text := string(a.AppendJSON(nil))
	assert.Contains(t, text, `"url":"javascript:alert(1)","uri":"data:,x"`)
}

// TestSiteSharesNothing scribbles over everything that an entity points to and
// looks whether the record noticed.
func TestSiteSharesNothing(t *testing.T) {
	r := siteRecord()
	want := r.Clone()
	approval := &masto.FeatureApproval{Automatic: []string{"public"}, Manual: []string{"followers"}}
	v := masto.View{FeatureApproval: func(*masto.Record) *masto.FeatureApproval { return approval }}

	c := testSite.CredentialAccount(r, v)
	*c.Discoverable, *c.HideCollections, *c.Noindex, *c.EmailSubscriptions, *c.ShowMedia = false, true, false, true, false
	*c.Source.Discoverable, *c.Source.HideCollections, *c.Source.Language, *c.Role.CollectionLimit = false, true, "xx", 99
	c.Account.Fields[0].Value, c.Source.Fields[0].Value, c.Source.AttributionDomains[0], c.Role.Name = "x", "x", "x", "x"
	c.FeatureApproval.Automatic[0], c.FeatureApproval.Manual[0] = "x", "x"
	p := testSite.Profile(r, v)
	*p.Discoverable, *p.HideCollections = false, true
	p.Fields[0].Value, p.FormattedFields[0].Value, p.AttributionDomains[0], p.FeaturedTags[0].Name = "x", "x", "x", "x"

	assert.Empty(t, cmp.Diff(want, r))
	assert.Equal(t, []string{"public"}, approval.Automatic)
	assert.Equal(t, []string{"followers"}, approval.Manual)
}

func TestRecordCloneSharesNothing(t *testing.T) {
	r := siteRecord()
	c := r.Clone()
	require.Empty(t, cmp.Diff(r, c))
	*c.Profile.Discoverable, *c.Profile.HideCollections, *c.Noindex, *c.EmailSubscriptions, *c.Posting.Language, *c.Role.CollectionLimit = false, true, false, true, "x", 9
	c.Profile.Fields[0].Value, c.Profile.AttributionDomains[0], c.Profile.FeaturedTags[0].Name, c.MovedTo.Username = "x", "x", "x", "x"
	assert.Empty(t, cmp.Diff(siteRecord(), r))
	assert.Nil(t, (*masto.Record)(nil).Clone())
}

func TestZeroRecord(t *testing.T) {
	var s masto.Site
	c := s.CredentialAccount(&masto.Record{}, masto.View{})
	assert.True(t, c.CreatedAt.IsZero())
	assert.Empty(t, c.Note)
	assert.NotPanics(t, func() { s.Profile(&masto.Record{}, masto.View{}) })
}
