package masto_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// siteRecord returns a local record with every member set.
func siteRecord() *masto.Record {
	yes, no, lang, limit := true, false, "de", 5
	at := time.Date(2024, 3, 4, 5, 6, 7, 890_000_000, time.FixedZone("", 2*3600))
	return &masto.Record{
		Username: "alice",
		Profile: masto.Profile{
			ID:          "115",
			DisplayName: "Alice :ab:",
			Note:        "Hello #spore",
			Fields: []masto.Field{
				{Name: "Site", Value: "https://spore.io", VerifiedAt: at},
				{Name: " Pronouns ", Value: " she/her "},
			},
			Avatar:             "https://files.example/a.png",
			AvatarStatic:       "https://files.example/s.png",
			AvatarDescription:  "A mushroom",
			Header:             "https://files.example/h.png",
			HeaderDescription:  "Many mushrooms",
			Locked:             true,
			Bot:                true,
			HideCollections:    &no,
			Discoverable:       &yes,
			Indexable:          true,
			ShowMedia:          true,
			ShowFeatured:       true,
			AttributionDomains: []string{"spore.io"},
			FeaturedTags: []masto.FeaturedTag{
				{ID: "5", Name: "Spore", StatusesCount: 7, LastStatusAt: at},
			},
		},
		Posting: masto.PostingDefaults{
			Privacy:     masto.PrivacyUnlisted,
			Sensitive:   true,
			Language:    &lang,
			QuotePolicy: masto.QuoteFollowers,
		},
		Noindex:             &yes,
		CreatedAt:           at,
		LastStatusAt:        at,
		FollowersCount:      1,
		FollowingCount:      2,
		StatusesCount:       3,
		FollowRequestsCount: 41,
		Role:                &masto.Role{ID: "9", Name: "Mailer", Highlighted: true, CollectionLimit: &limit},
		EmailSubscriptions:  &no,
		MovedTo:             &masto.Record{Username: "new", MovedTo: &masto.Record{Username: "newer"}},
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

// Every account says who may feature it, and so does the target of a move.
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
			want:   []string{masto.FeatureGroupPublic},
			own:    masto.FeatureAutomatic,
		},
		{
			name:   "locked",
			record: masto.Record{Profile: masto.Profile{Discoverable: &yes, Locked: true}},
			want:   []string{masto.FeatureGroupFollowers},
			own:    masto.FeatureAutomatic,
		},
		{
			name:   "suspended",
			record: masto.Record{Suspended: true, Profile: masto.Profile{Discoverable: &yes}},
			want:   []string{masto.FeatureGroupPublic},
			own:    masto.FeatureAutomatic,
		},
		{
			name: "undecided",
			want: []string{},
			own:  masto.FeatureDenied,
		},
		{
			name:   "remote",
			record: masto.Record{Domain: "remote.example", Profile: masto.Profile{Discoverable: &yes}},
			want:   []string{},
			own:    masto.FeatureDenied,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := masto.FeatureApproval{Automatic: tt.want, Manual: []string{}, CurrentUser: masto.FeatureDenied}
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
			return &masto.FeatureApproval{CurrentUser: masto.FeatureManual}
		}
		return nil
	}}
	a := testSite.CredentialAccount(r, v)
	assert.Equal(t, masto.FeatureManual, a.FeatureApproval.CurrentUser)
	assert.Equal(t, masto.FeatureDenied, a.Moved.FeatureApproval.CurrentUser)
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
		{
			name:      "none",
			n:         0,
			want:      0,
			requested: 0,
		},
		{
			name:      "many",
			n:         1 << 40,
			want:      1 << 40,
			requested: 40,
		},
		{
			name:      "hidden",
			n:         -1,
			want:      -1,
			requested: -1,
		},
		{
			name:      "nonsense",
			n:         -2,
			want:      0,
			requested: 0,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &masto.Record{
				FollowersCount:      tt.n,
				FollowingCount:      tt.n,
				StatusesCount:       tt.n,
				FollowRequestsCount: tt.n,
				Profile:             masto.Profile{FeaturedTags: []masto.FeaturedTag{{StatusesCount: tt.n}}},
			}
			a := testSite.CredentialAccount(r, masto.View{})
			assert.Equal(t, tt.want, a.FollowersCount)
			assert.Equal(t, tt.want, a.FollowingCount)
			assert.Equal(t, tt.want, a.StatusesCount)
			assert.Equal(t, tt.requested, a.Source.FollowRequestsCount)
			assert.Equal(t, tt.want, testSite.Profile(r, masto.View{}).FeaturedTags[0].StatusesCount)
		})
	}
}

func TestSiteMutedAccount(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		expires time.Time
		want    time.Time
	}{
		{
			name: "without an end",
		},
		{
			name:    "ended",
			expires: now.Add(-time.Second),
		},
		{
			name:    "ends later",
			expires: now.Add(time.Second),
			want:    now.Add(time.Second),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := testSite.MutedAccount(siteRecord(), masto.View{}, tt.expires, now)
			assert.True(t, tt.want.Equal(got.MuteExpiresAt))
		})
	}
}

func TestSitePosting(t *testing.T) {
	for _, tt := range []struct {
		name        string
		record      *masto.Record
		privacy     string
		quotePolicy string
	}{
		{
			name:        "nothing chosen",
			record:      &masto.Record{},
			privacy:     masto.PrivacyPublic,
			quotePolicy: masto.QuotePublic,
		},
		{
			name:        "a locked account posts to its followers",
			record:      &masto.Record{Profile: masto.Profile{Locked: true}},
			privacy:     masto.PrivacyPrivate,
			quotePolicy: masto.QuotePublic,
		},
		{
			name:        "chosen",
			record:      siteRecord(),
			privacy:     masto.PrivacyUnlisted,
			quotePolicy: masto.QuoteFollowers,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source := testSite.CredentialAccount(tt.record, masto.View{}).Source
			assert.Equal(t, tt.privacy, source.Privacy)
			assert.Equal(t, tt.quotePolicy, source.QuotePolicy)
		})
	}
}

func TestSiteRole(t *testing.T) {
	assert.Equal(t, "9", testSite.CredentialAccount(siteRecord(), masto.View{}).Role.ID)
	assert.Equal(t, "-99", testSite.CredentialAccount(&masto.Record{}, masto.View{}).Role.ID)
}

func TestSiteFieldsAreStrippedAndCut(t *testing.T) {
	long := strings.Repeat("ä", 300)
	r := &masto.Record{Profile: masto.Profile{
		Fields: []masto.Field{{Name: " " + long + " ", Value: "\x00" + long}},
	}}
	for _, tt := range []struct {
		name   string
		limits masto.Limits
		want   masto.Field
	}{
		{
			name: "by default",
			want: masto.Field{Name: strings.Repeat("ä", 255), Value: strings.Repeat("ä", 255)},
		},
		{
			name:   "by limits of its own",
			limits: masto.Limits{FieldName: 3, FieldValue: -1},
			want:   masto.Field{Name: "äää", Value: long},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			site := &masto.Site{Domain: "social.example", Limits: tt.limits}
			p := site.Profile(r, masto.View{})
			assert.Equal(t, tt.want, p.Fields[0])
			assert.Equal(t, tt.want, p.FormattedFields[0])
		})
	}
}

func TestSiteEmojis(t *testing.T) {
	v := masto.View{Emoji: func(code, domain string) (masto.CustomEmoji, bool) {
		return masto.CustomEmoji{Shortcode: code, URL: domain}, code != "unknown"
	}}
	r := &masto.Record{Domain: "remote.example", Profile: masto.Profile{
		Note:        ":bio: :unknown:",
		DisplayName: ":name: :bio:",
		Fields: []masto.Field{
			{Name: ":n1:", Value: ":v1:"},
			{Name: ":n2:", Value: ":v2:"},
		},
	}}
	var codes []string
	for _, e := range testSite.Account(r, v).Emojis {
		codes = append(codes, e.Shortcode)
		assert.Equal(t, "remote.example", e.URL)
	}
	// The bio, the name, the names of fields and their values; each emoji once.
	assert.Equal(t, []string{"bio", "name", "n1", "n2", "v1", "v2"}, codes)
}

func TestSiteFeaturedTagURL(t *testing.T) {
	for _, tt := range []struct {
		name string
		url  string
		page string // of the profile
		want string
	}{
		{
			name: "made from the page of the profile",
			want: "https://social.example/@alice/tagged/spore",
		},
		{
			name: "of its own",
			url:  "https://own.example",
			want: "https://own.example",
		},
		{
			name: "running a script",
			url:  "javascript:alert(1)",
		},
		{
			name: "of a profile without a page",
			page: "javascript:alert(1)",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := siteRecord()
			r.URL = tt.page
			r.Profile.FeaturedTags[0].URL = tt.url
			assert.Equal(t, tt.want, testSite.Profile(r, masto.View{}).FeaturedTags[0].URL)
		})
	}
}

// TestSiteSharesNothing scribbles over everything that an entity points to and
// checks that the record stays as it was.
func TestSiteSharesNothing(t *testing.T) {
	r := siteRecord()
	want := r.Clone()
	approval := &masto.FeatureApproval{
		Automatic: []string{masto.FeatureGroupPublic},
		Manual:    []string{masto.FeatureGroupFollowers},
	}
	v := masto.View{
		FeatureApproval: func(*masto.Record) *masto.FeatureApproval { return approval },
	}

	c := testSite.CredentialAccount(r, v)
	*c.Discoverable = false
	*c.HideCollections = true
	*c.Noindex = false
	*c.EmailSubscriptions = true
	*c.ShowMedia = false
	c.Account.Fields[0].Value = "x"
	c.FeatureApproval.Automatic[0] = "x"
	c.FeatureApproval.Manual[0] = "x"
	*c.Source.Discoverable = false
	*c.Source.HideCollections = true
	*c.Source.Language = "xx"
	c.Source.Fields[0].Value = "x"
	c.Source.AttributionDomains[0] = "x"
	*c.Role.CollectionLimit = 99
	c.Role.Name = "x"

	p := testSite.Profile(r, v)
	*p.Discoverable = false
	*p.HideCollections = true
	p.Fields[0].Value = "x"
	p.FormattedFields[0].Value = "x"
	p.AttributionDomains[0] = "x"
	p.FeaturedTags[0].Name = "x"

	assert.Empty(t, cmp.Diff(want, r))
	assert.Equal(t, []string{masto.FeatureGroupPublic}, approval.Automatic)
	assert.Equal(t, []string{masto.FeatureGroupFollowers}, approval.Manual)
}

func TestSiteSharesNoEmoji(t *testing.T) {
	r := &masto.Record{Profile: masto.Profile{Note: ":ab:"}}
	emoji := masto.CustomEmoji{Shortcode: "ab", Extra: raw("a", "1")}
	v := masto.View{Emoji: func(string, string) (masto.CustomEmoji, bool) { return emoji, true }}
	shown := testSite.Account(r, v).Emojis[0]
	shown.Extra["a"][0] = '2'
	assert.Equal(t, raw("a", "1"), emoji.Extra)
}

func TestRecordCloneSharesNothing(t *testing.T) {
	r := siteRecord()
	c := r.Clone()
	require.Empty(t, cmp.Diff(r, c))
	*c.Profile.Discoverable = false
	*c.Profile.HideCollections = true
	c.Profile.Fields[0].Value = "x"
	c.Profile.AttributionDomains[0] = "x"
	c.Profile.FeaturedTags[0].Name = "x"
	*c.Noindex = false
	*c.EmailSubscriptions = true
	*c.Posting.Language = "x"
	*c.Role.CollectionLimit = 9
	c.MovedTo.Username = "x"
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

// accountRecord has a bio with links of each kind, emojis, and four fields.
func accountRecord() *masto.Record {
	yes, no := true, false
	return &masto.Record{
		Username:           "gardener",
		CreatedAt:          utc(2020, 1, 2, 3, 4, 5, 0),
		LastStatusAt:       utc(2024, 1, 2, 3, 4, 5, 0),
		Noindex:            &no,
		EmailSubscriptions: &yes,
		Role:               &masto.Role{ID: "1", Name: "Keeper", Color: "#00ff00", Highlighted: true},
		Profile: masto.Profile{
			ID:              "115",
			DisplayName:     "Roof gardener :blobcat:",
			Discoverable:    &yes,
			HideCollections: &no,
			Avatar:          "https://files.social.example/a.png",
			Note: "Growing vegetables \"up\" north.\n\n" +
				"Mostly #compost :ab: :blobcat:\n" +
				"Ask @alice or see https://roof-garden.example.org/about/the/roof <3",
			Fields: []masto.Field{
				{Name: "Pronouns", Value: "she/her"},
				{
					Name:       "Garden",
					Value:      "https://roof-garden.example.org",
					VerifiedAt: utc(2021, 1, 2, 3, 4, 5, 0),
				},
				{Name: "Tools", Value: "spade & hoe :ab:"},
				{Name: "Elsewhere", Value: "@carol@remote.example"},
			},
		},
	}
}

// TestDomainsAreShown has the two places where people see a domain: acct, and a
// mention in a field.
func TestDomainsAreShown(t *testing.T) {
	for _, tt := range []struct {
		name   string
		domain string
		want   string
	}{
		{
			name:   "Punycode",
			domain: "xn--bcher-kva.example",
			want:   "bücher.example",
		},
		{
			name:   "no Punycode beside it",
			domain: "xn--a.xn--bcher-kva.example",
			want:   "xn--a.bücher.example",
		},
		{
			name:   "a joiner",
			domain: "xn--paypal-rf0c.com",
			want:   "xn--paypal-rf0c.com",
		},
		{
			name:   "a mark of direction",
			domain: "xn--moclapyap-u86d.com",
			want:   "xn--moclapyap-u86d.com",
		},
		{
			name:   "a letter that becomes two",
			domain: "xn--strae-oqa.de",
			want:   "xn--strae-oqa.de",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			site := masto.Site{Domain: "social.example"}
			view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
				return masto.Mention{URL: "https://" + domain, Username: username, Domain: domain}, true
			}}
			account := site.Account(&masto.Record{Username: "carol", Domain: tt.domain}, view)
			assert.Equal(t, "carol@"+tt.want, account.Acct)
			assert.Contains(t, site.RenderFieldValue("@carol@"+tt.domain, view), "<span>carol@"+tt.want+"</span>")
		})
	}
}

// AppendAccount and its siblings append the JSON of what Account and its
// siblings return, and allocate nothing for it.
func TestAppendEntities(t *testing.T) {
	w := readWorld(t, "testdata/vectors")
	site, view := w.site, w.view()
	view.Emoji = func(shortcode, domain string) (masto.CustomEmoji, bool) {
		return masto.CustomEmoji{
			Shortcode: shortcode,
			URL:       "https://files.social.example/" + domain,
		}, shortcode != "none"
	}
	approval := &masto.FeatureApproval{Automatic: []string{masto.FeatureGroupPublic}, CurrentUser: masto.FeatureDenied}
	view.FeatureApproval = func(r *masto.Record) *masto.FeatureApproval {
		if r.Profile.Locked {
			return nil
		}
		return approval
	}

	for _, tt := range []struct {
		name      string
		change    func(r *masto.Record)
		allocates bool
	}{
		{
			name:   "local",
			change: func(*masto.Record) {},
		},
		{
			name:   "empty",
			change: func(r *masto.Record) { *r = masto.Record{} },
		},
		{
			name:      "remote with HTML that has to be parsed",
			change:    remoteAccount,
			allocates: true,
		},
		{
			name: "remote with clean HTML",
			change: func(r *masto.Record) {
				remoteAccount(r)
				r.URL = ""
				r.Profile.Note = "<p>Growing vegetables :ab:</p>"
				r.Profile.Fields = []masto.Field{{Name: "Tools", Value: "<p>spade</p>"}}
			},
		},
		{
			name: "moved",
			change: func(r *masto.Record) {
				r.MovedTo = accountRecord()
				r.MovedTo.Profile.Locked = true
			},
		},
		{
			name: "suspended",
			change: func(r *masto.Record) {
				r.Suspended = true
				r.MovedTo = accountRecord()
				remoteAccount(r.MovedTo)
			},
		},
		{
			name: "larger than there is room for",
			change: func(r *masto.Record) {
				for i := range 40 {
					r.Profile.Fields = append(r.Profile.Fields, masto.Field{
						Name:  fmt.Sprintf(":code%d:", i),
						Value: strings.Repeat("#tag ", 20),
					})
				}
				r.Profile.Note = strings.Repeat("#tag :none: ", 500)
			},
			allocates: true,
		},
		{
			name: "not UTF-8",
			change: func(r *masto.Record) {
				r.Profile.Note = "a\xff <"
				r.Profile.DisplayName = "b\xff\x01"
			},
		},
		{
			name: "a domain that has to be decoded",
			change: func(r *masto.Record) {
				*r = masto.Record{
					Username: "! x",
					Domain:   "xn--bcher-kva.example",
					URL:      "ftp://a",
					URI:      "urn:a",
				}
			},
			allocates: true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := accountRecord()
			tt.change(r)
			checkAppended(t, site, r, masto.View{})
			checkAppended(t, site, r, view)
			if tt.allocates {
				return
			}
			silent := view
			silent.Emoji = func(shortcode, _ string) (masto.CustomEmoji, bool) {
				return masto.CustomEmoji{Shortcode: shortcode}, true
			}
			buf := make([]byte, 0, 1<<16)
			for name, e := range siteEntities {
				allocs := testing.AllocsPerRun(50, func() { buf = e.add(site, buf[:0], r, silent) })
				assert.Zero(t, allocs, name)
			}
		})
	}
}

// remoteAccount makes r the account of another server.
func remoteAccount(r *masto.Record) {
	r.Domain = "remote.example"
	r.URI = "https://remote.example/users/gardener"
	r.URL = "https://remote.example/@gardener"
	r.Profile.Note = `<p>Growing <a href="https://roof.example">vegetables</a> :ab:</p>`
}

// siteEntity is an entity that a Site returns, and that it appends as JSON.
type siteEntity struct {
	get func(s *masto.Site, r *masto.Record, v masto.View) []byte
	add func(s *masto.Site, dst []byte, r *masto.Record, v masto.View) []byte
}

var siteEntities = map[string]siteEntity{
	"Account": {
		get: func(s *masto.Site, r *masto.Record, v masto.View) []byte {
			a := s.Account(r, v)
			return a.AppendJSON(nil)
		},
		add: (*masto.Site).AppendAccount,
	},
	"CredentialAccount": {
		get: func(s *masto.Site, r *masto.Record, v masto.View) []byte {
			c := s.CredentialAccount(r, v)
			return c.AppendJSON(nil)
		},
		add: (*masto.Site).AppendCredentialAccount,
	},
	"Profile": {
		get: func(s *masto.Site, r *masto.Record, v masto.View) []byte {
			p := s.Profile(r, v)
			return p.AppendJSON(nil)
		},
		add: (*masto.Site).AppendProfile,
	},
}

// checkAppended checks that each entity is appended as it is returned, to
// buffers of any size, also to one that is used again, and that the record
// stays as it is.
func checkAppended(t *testing.T, site *masto.Site, r *masto.Record, v masto.View) {
	t.Helper()
	before := r.Clone()
	for name, e := range siteEntities {
		want := string(e.get(site, r, v))
		require.Equal(t, "before "+want, string(e.add(site, []byte("before "), r, v)), name)
		roomy := append(make([]byte, 0, 1<<17), "before "...)
		require.Equal(t, "before "+want, string(e.add(site, roomy, r, v)), name)
		var buf []byte
		for range 3 {
			buf = e.add(site, buf[:0], r, v)
			require.Equal(t, want, string(buf), name)
		}
	}
	require.Equal(t, before, r)
}

// FuzzAppendEntities checks that each entity of a record with any texts is
// appended as it is returned.
func FuzzAppendEntities(f *testing.F) {
	f.Add("Hello #spore @carol :ab:\n\nhttps://roof.example", "Tools", "spade & rake", "Über#Tag", "")
	f.Add("<p>Growing <b>vegetables</b> :ab:</p>", ":ab:", "<p>spade</p>", "tag", "xn--bcher-kva.example")
	f.Add("a\xff<\u2028", "\x00", " \r\n", "", "Remote.Example")
	site := &masto.Site{Domain: "social.example"}
	view := masto.View{
		Mention: func(username, domain string) (masto.Mention, bool) {
			return masto.Mention{Username: username, Domain: domain, URL: "https://a.example/" + username}, true
		},
		Emoji: func(shortcode, domain string) (masto.CustomEmoji, bool) {
			return masto.CustomEmoji{Shortcode: shortcode, URL: "https://a.example/" + domain}, true
		},
	}
	f.Fuzz(func(t *testing.T, note, name, value, tag, domain string) {
		r := siteRecord()
		r.Domain = domain
		r.Profile.Note, r.Profile.DisplayName, r.Posting.Language = note, name, &value
		r.Profile.Fields = append(r.Profile.Fields, masto.Field{Name: name, Value: value})
		r.Profile.FeaturedTags = []masto.FeaturedTag{{Name: tag, StatusesCount: -5}, {Name: tag, URL: value}}
		r.Profile.AttributionDomains = []string{domain, value}
		r.MovedTo.Profile.Note, r.MovedTo.Domain = value, name
		checkAppended(t, site, r, view)
		r.Suspended = true
		checkAppended(t, site, r, view)
	})
}

// A new account shows the tabs of its profile. Nothing else is decided.
func TestNewRecord(t *testing.T) {
	r := masto.NewRecord("115", "alice")
	site := &masto.Site{Domain: "social.example"}
	a := site.CredentialAccount(r, masto.View{})
	assert.Equal(t, "115", a.ID)
	assert.Equal(t, "alice", a.Acct)
	assert.Equal(t, new(true), a.ShowMedia)
	assert.Equal(t, new(true), a.ShowMediaReplies)
	assert.Equal(t, new(true), a.ShowFeatured)
	assert.Nil(t, a.Source.Discoverable)
	assert.Nil(t, a.Source.HideCollections)
	assert.Nil(t, a.Noindex)
	assert.Equal(t, masto.PrivacyPublic, a.Source.Privacy)
	p := site.Profile(r, masto.View{})
	assert.True(t, p.ShowMedia && p.ShowMediaReplies && p.ShowFeatured)

	r.Profile.ShowMedia, r.Profile.ShowMediaReplies, r.Profile.ShowFeatured = false, false, false
	assert.Empty(t, cmp.Diff(&masto.Record{Username: "alice", Profile: masto.Profile{ID: "115"}}, r))
}
