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
				ProfileURL: func(r *masto.Record) string { return "https://p.example/" + r.Username },
				ActorURI:   func(r *masto.Record) string { return "https://a.example/" + r.Username },
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
	assert.Nil(t, a.Moved.FeatureApproval, "a server without it has none anywhere")
}

func TestSiteMovedApproval(t *testing.T) {
	yes := true
	v := masto.View{FeatureApproval: &masto.FeatureApproval{CurrentUser: "automatic"}}
	for _, c := range []struct {
		name   string
		target masto.Record
		want   []string
	}{
		{"discoverable", masto.Record{Profile: masto.Profile{Discoverable: &yes}}, []string{"public"}},
		{"locked", masto.Record{Profile: masto.Profile{Discoverable: &yes, Locked: true}}, []string{"followers"}},
		{"undecided", masto.Record{}, []string{}},
		{"remote", masto.Record{Domain: "remote.example", Profile: masto.Profile{Discoverable: &yes}}, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := testSite.Account(&masto.Record{MovedTo: &c.target}, v)
			assert.Equal(t, "automatic", a.FeatureApproval.CurrentUser)
			assert.Equal(t, c.want, a.Moved.FeatureApproval.Automatic)
			assert.Equal(t, "denied", a.Moved.FeatureApproval.CurrentUser)
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
}

// TestSiteSharesNothing scribbles over everything that an entity points to and looks whether the record noticed.
func TestSiteSharesNothing(t *testing.T) {
	r := siteRecord()
	want := r.Clone()
	approval := &masto.FeatureApproval{Automatic: []string{"public"}, Manual: []string{"followers"}}
	v := masto.View{FeatureApproval: approval}

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
