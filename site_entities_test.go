package masto_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"

	"github.com/seed-374a2035/masto"
)

// accountRecord has a bio with links of each kind, emojis, and four fields.
func accountRecord() *masto.Record {
	yes, no := true, false
	return &masto.Record{
		Username: "gardener", CreatedAt: utc(2020, 1, 2, 3, 4, 5, 0), LastStatusAt: utc(2024, 1, 2, 3, 4, 5, 0), Noindex: &no, EmailSubscriptions: &yes,
		Role: &masto.Role{ID: "1", Name: "Keeper", Color: "#00ff00", Highlighted: true},
		Profile: masto.Profile{
			ID: "115", DisplayName: "Roof gardener :blobcat:", Discoverable: &yes, HideCollections: &no, Avatar: "https://files.social.example/a.png",
			Note: "Growing vegetables \"up\" north.\n\nMostly #compost :ab: :blobcat:\nAsk @alice or see https://roof-garden.example.org/about/the/roof <3",
			Fields: []masto.Field{
				{Name: "Pronouns", Value: "she/her"},
				{Name: "Garden", Value: "https://roof-garden.example.org", VerifiedAt: utc(2021, 1, 2, 3, 4, 5, 0)},
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
		name, domain, want string
	}{
		{"Punycode", "xn--bcher-kva.example", "bücher.example"},
		{"no Punycode beside it", "xn--a.xn--bcher-kva.example", "xn--a.bücher.example"},
		{"a joiner", "xn--paypal-rf0c.com", "xn--paypal-rf0c.com"},
		{"a mark of direction", "xn--moclapyap-u86d.com", "xn--moclapyap-u86d.com"},
		{"a letter that becomes two", "xn--strae-oqa.de", "xn--strae-oqa.de"},
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

// AppendAccount writes what Account encodes to, behind what is there, and
// allocates nothing for it.
func TestAppendAccount(t *testing.T) {
	w := readWorld(t, "testdata/vectors")
	site, view := w.site, w.view()
	view.Emoji = func(shortcode, domain string) (masto.CustomEmoji, bool) {
		return masto.CustomEmoji{Shortcode: shortcode, URL: "https://files.social.example/" + domain}, shortcode != "none"
	}
	approval := &masto.FeatureApproval{Automatic: []string{"public"}, CurrentUser: "denied"}
	view.FeatureApproval = func(r *masto.Record) *masto.FeatureApproval {
		if r.Profile.Locked {
			return nil
		}
		return approval
	}

	remote := accountRecord()
	remote.Domain, remote.URI, remote.URL = "remote.example", "https://remote.example/users/gardener", "https://remote.example/@gardener"
	remote.Profile.Note = `<p>Growing <a href="https://roof.example">vegetables</a> :ab:</p>`
	clean := accountRecord()
	clean.Domain, clean.URI = "remote.example", "https://remote.example/users/gardener"
	clean.Profile.Note, clean.Profile.Fields = "<p>Growing vegetables :ab:</p>", []masto.Field{{Name: "Tools", Value: "<p>spade</p>"}}
	moved := accountRecord()
	moved.MovedTo = accountRecord()
	moved.MovedTo.Profile.Locked = true
	suspended := accountRecord()
	suspended.Suspended, suspended.MovedTo = true, remote
	large := accountRecord()
	for i := range 40 {
		large.Profile.Fields = append(large.Profile.Fields, masto.Field{Name: fmt.Sprintf(":code%d:", i), Value: strings.Repeat("#tag ", 20)})
	}
	large.Profile.Note = strings.Repeat("#tag :none: ", 500)
	invalid := accountRecord()
	invalid.Profile.Note, invalid.Profile.DisplayName = "a\xff <", "b\xff\x01"
	records := map[string]*masto.Record{
		"local": accountRecord(), "remote": remote, "clean remote": clean, "moved": moved, "suspended": suspended, "large": large, "empty": {}, "no UTF-8": invalid,
		"unusual": {Username: "! x", Domain: "xn--bcher-kva.example", URL: "ftp://a", URI: "urn:a"},
	}
	for name, r := range records {
		for _, v := range []masto.View{{}, view} {
			a := site.Account(r, v)
			want := "before " + string(a.AppendJSON(nil))
			assert.Equal(t, want, string(site.AppendAccount([]byte("before "), r, v)), name)
			roomy := append(make([]byte, 0, 1<<17), "before "...)
			assert.Equal(t, want, string(site.AppendAccount(roomy, r, v)), name)
			var buf []byte
			for range 3 { // a buffer that is used again
				buf = site.AppendAccount(buf[:0], r, v)
				assert.Equal(t, want[len("before "):], string(buf), name)
			}
		}
		if name == "large" || name == "unusual" || name == "remote" {
			continue // more than there is room for, a domain to be decoded, HTML that has to be parsed
		}
		buf := make([]byte, 0, 1<<16)
		silent := view
		silent.Emoji = func(shortcode, _ string) (masto.CustomEmoji, bool) {
			return masto.CustomEmoji{Shortcode: shortcode}, true
		}
		assert.Zero(t, testing.AllocsPerRun(50, func() { buf = site.AppendAccount(buf[:0], r, silent) }), name)
	}
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
	assert.Equal(t, "public", a.Source.Privacy)
	p := site.Profile(r, masto.View{})
	assert.True(t, p.ShowMedia && p.ShowMediaReplies && p.ShowFeatured)

	r.Profile.ShowMedia, r.Profile.ShowMediaReplies, r.Profile.ShowFeatured = false, false, false
	assert.Empty(t, cmp.Diff(&masto.Record{Username: "alice", Profile: masto.Profile{ID: "115"}}, r))
}
