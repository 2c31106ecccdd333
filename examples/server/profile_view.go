package main

import (
	"cmp"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/seed-374a2035/masto"
)

// profilePage is the page of an account.
type profilePage struct {
	frame
	Profile profileView
}

// profileView is what the page of an account shows, and what the editor shows
// before it is saved. Its HTML is what the library rendered or sanitized.
type profileView struct {
	masto.Account
	L       *locale
	Preview bool // shown in the editor, whose page has headings of its own

	Plain   string // the name as text, for titles
	Handle  string // the handle with its domain, without @
	Summary string // the bio as text, for previews of links
	Name    template.HTML
	Note    template.HTML
	Rows    []rowView
	Badges  []string
	Colored []roleView
	Tags    []masto.FeaturedTag
	Me      []string // addresses that are the same person's

	// Pictures that are set; Initial stands for an avatar that is not.
	HasAvatar, HasHeader bool
	Initial              string
	// Unindexed asks search engines to leave the page out. It is no pointer, as
	// a template takes any pointer for true.
	Unindexed bool
}

// rowView is a field.
type rowView struct {
	Name, Value template.HTML
	Verified    string // the day, or "" if the field is not verified
}

// roleView is a role with a color, which is "" or safe.
type roleView struct{ Name, Color string }

// roleColor is what a color of a role looks like.
var roleColor = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// newProfileView returns what is shown of a record, of which a is the account.
func newProfileView(site *masto.Site, l *locale, r *masto.Record, a masto.Account) profileView {
	emojify := func(html string) template.HTML {
		// Emojis stand still, since nothing asks whether they may move.
		return template.HTML(masto.Emojify(html, a.Emojis, false)) //nolint:gosec // rendered by the library
	}
	text := func(s string) template.HTML { return emojify(html.EscapeString(s)) }
	name := cmp.Or(strings.TrimSpace(a.DisplayName), a.Username)
	v := profileView{
		Account:   a,
		L:         l,
		Plain:     name,
		Handle:    a.Acct,
		Summary:   shorten(strings.Join(strings.Fields(masto.PlainText(a.Note)), " "), 200),
		Name:      text(name),
		Note:      emojify(a.Note),
		HasAvatar: r.Profile.Avatar != "" && !a.Suspended,
		HasHeader: r.Profile.Header != "" && !a.Suspended,
		Initial:   strings.ToUpper(shorten(a.Username, 1)),
		Unindexed: a.Noindex != nil && *a.Noindex,
	}
	if !strings.Contains(v.Handle, "@") {
		v.Handle += "@" + site.Domain
	}
	for _, f := range a.Fields {
		row := rowView{Name: text(f.Name), Value: emojify(f.Value)}
		if !f.VerifiedAt.IsZero() {
			row.Verified = l.Date(f.VerifiedAt)
		}
		v.Rows = append(v.Rows, row)
	}
	v.addBadges()
	if !a.Suspended {
		v.Tags = site.Profile(r, masto.View{}).FeaturedTags
		v.Me = verifiable(r)
	}
	return v
}

// addBadges adds what is said about the account beside its handle.
func (v *profileView) addBadges() {
	add := func(is bool, badge string) {
		if is {
			v.Badges = append(v.Badges, v.L.T(badge))
		}
	}
	add(v.Bot, "Automated")
	add(v.Group, "Group")
	add(v.Locked, "Approves followers")
	add(v.Memorial, "In memoriam")
	for _, role := range v.Roles {
		if !roleColor.MatchString(role.Color) {
			role.Color = ""
		}
		v.Colored = append(v.Colored, roleView{role.Name, role.Color})
	}
}

// verifiable returns the addresses of the fields that can be verified.
func verifiable(r *masto.Record) []string {
	var urls []string
	for _, f := range r.Profile.Fields {
		if url, err := f.VerifiableURL(); err == nil {
			urls = append(urls, url)
		}
	}
	return urls
}

// Folded reports whether the profile is shown on request only.
func (v profileView) Folded() bool { return v.Limited && !v.Preview }

// shorten returns the first n code points of s.
func shorten(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
