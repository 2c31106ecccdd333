package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/seed-374a2035/masto"
)

// startShowcase starts a server whose demo account shows everything, as main
// does, with pictures that a browser of this machine can load.
func startShowcase(t *testing.T) *session {
	t.Helper()
	dir := t.TempDir()
	s := startConfig(t, config{
		database: filepath.Join(dir, "data", "masto.db"),
		media:    filepath.Join(dir, "media"),
		showcase: true,
	}, "")
	s.dir = dir
	return s
}

// unusual returns accounts that a page must bear.
func unusual() []*masto.Record {
	named := func(name string, change func(*masto.Record)) *masto.Record {
		r := masto.NewRecord(name, name)
		r.CreatedAt = time.Date(2024, time.March, 9, 0, 0, 0, 0, time.UTC)
		change(r)
		return r
	}
	long := strings.Repeat("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz", 4)
	target := masto.NewRecord("1", "demo")
	return []*masto.Record{
		named("empty", func(*masto.Record) {}),
		named("rtl", func(r *masto.Record) {
			r.Profile.DisplayName = "ليلى الفطر"
			r.Profile.Note = "أكتب عن الفطر والغابات.\n\nוגם קצת בעברית, with English in it. #فطر"
			r.Profile.Fields = []masto.Field{
				{Name: "الموقع", Value: "https://example.com/مرحبا"},
				{Name: "Pronouns", Value: "هي"},
			}
		}),
		named("long", func(r *masto.Record) {
			r.Username = strings.Repeat("long_name_", 6)
			r.Profile.DisplayName = long[:40]
			r.Profile.Note = long + "\n\nhttps://example.com/" + strings.Repeat("path", 60)
			r.Profile.Fields = []masto.Field{
				{Name: long[:120], Value: long},
				{Name: "W", Value: strings.Repeat("W", 255)},
				{Name: "Zalgo", Value: strings.Repeat("Z̷̢̛", 20)},
			}
			r.Role = &masto.Role{ID: "1", Name: strings.Repeat("role", 30), Highlighted: true, Color: "red"}
			r.Profile.FeaturedTags = []masto.FeaturedTag{{Name: strings.Repeat("tag", 50), StatusesCount: 1 << 40}}
			r.FollowersCount, r.FollowingCount, r.StatusesCount = 1<<60, 1<<60, 1<<60
		}),
		named("everything", func(r *masto.Record) {
			r.Profile.Bot, r.Group, r.Memorial, r.Profile.Locked = true, true, true, true
			r.MovedTo = target
			r.FollowersCount, r.FollowingCount, r.StatusesCount = -1, -1, 1
		}),
		named("limited", func(r *masto.Record) {
			r.Limited = true
			r.Profile.Note = "Moderated words."
		}),
		named("suspended", func(r *masto.Record) {
			r.Suspended = true
			r.Profile.Note, r.Profile.Avatar = "Unspeakable words.", "https://example.com/unspeakable.png"
		}),
		named("remote", func(r *masto.Record) {
			r.Domain, r.URI = "remote.example", "https://remote.example/users/remote"
			r.Profile.Note = `<h1>Hello</h1><p>I am <strong>elsewhere</strong>.</p><ul><li>one</li><li>two</li></ul>` +
				`<blockquote>quoted</blockquote><pre><code>code</code></pre>`
			r.Profile.Fields = []masto.Field{{Name: "Site", Value: `<a href="https://remote.example">remote.example</a>`}}
		}),
	}
}

// TestPagesInBrowser looks at the profile pages of all kinds of accounts on all
// kinds of screens.
func TestPagesInBrowser(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	s := startShowcase(t)
	paths := map[string]string{"start": "/", "demo": "/@demo", "bot": "/@sporebot", "german": "/@demo?lang=de"}
	for _, r := range unusual() {
		s.add(t, r)
		paths[r.Profile.ID] = "/@" + r.Username
		if r.Domain != "" {
			paths[r.Profile.ID] += "@" + r.Domain
		}
	}
	for _, tt := range []struct {
		name   string
		screen screen
		pages  []string
	}{
		{
			name: "light",
			pages: []string{
				"start",
				"demo",
				"bot",
				"german",
				"empty",
				"rtl",
				"long",
				"everything",
				"limited",
				"suspended",
				"remote",
			},
		},
		{name: "dark", screen: screen{dark: true}, pages: []string{"start", "demo", "long", "everything", "limited"}},
		{
			name:   "320",
			screen: screen{width: 320, height: 640},
			pages:  []string{"start", "demo", "rtl", "long", "limited"},
		},
		{name: "4k", screen: screen{width: 3840, height: 2160}, pages: []string{"demo", "long"}},
		{name: "print", screen: screen{media: "print"}, pages: []string{"demo"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tab := newTab(t, browser, tt.screen)
			for _, name := range tt.pages {
				do(t, tab, chromedp.Navigate(s.base+paths[name]))
				fits(t, tab)
				accessible(t, tab)
				shoot(t, tab, name+"-"+tt.name)
			}
		})
	}
}
