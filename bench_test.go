package masto_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

// sample returns a typical account: about 4 KB of JSON with a bio of some 870
// bytes of HTML, three emojis and four fields. Each n gives another one.
func sample(n int) masto.Account {
	link := func(host string) string {
		return `<a href="https://` + host + `" target="_blank" rel="nofollow noopener me" translate="no">` +
			`<span class="invisible">https://</span>` +
			`<span class="">` + host + `</span>` +
			`<span class="invisible"></span></a>`
	}
	hashtag := func(name string) string {
		return `<a href="https://social.example/tags/` + name + `" class="mention hashtag" rel="tag">` +
			`#<span>` + name + `</span></a>`
	}
	name := fmt.Sprintf("gardener%d", n)
	note := `<p>Growing vegetables on a roof in the north :seedling: ` +
		strings.Repeat("and writing about soil, ", n%5) +
		`mostly in ` + hashtag("compost") + ` season. ` +
		`Ask me about ` + hashtag("tomato") + ` varieties &amp; old tools.</p>` +
		`<p>Runs ` + link("roof-garden-"+name+".example") + ` with <span class="h-card" translate="no">` +
		`<a href="https://social.example/@carol" class="u-url mention">@<span>carol</span></a></span>.<br />` +
		`She/her, répond aussi en français.</p>`
	files := "https://files.social.example/"
	picture := func(kind string) string {
		return fmt.Sprintf(files+"accounts/%s/000/%03d/634/original/6ca8804dc46800ad.png", kind, n)
	}
	discoverable, no, yes := true, false, true
	return masto.Account{
		ID:                fmt.Sprint(109000000000000000 + n),
		Username:          name,
		Acct:              name + "@remote.example",
		DisplayName:       "Roof gardener :seedling: é",
		Discoverable:      &discoverable,
		Indexable:         true,
		CreatedAt:         utc(2017, 2, 8+n%20, 0, 0, 0, 0),
		Note:              note,
		URL:               "https://remote.example/@" + name,
		URI:               "https://remote.example/users/" + name,
		Avatar:            picture("avatars"),
		AvatarStatic:      picture("avatars"),
		AvatarDescription: "A watering can",
		Header:            picture("headers"),
		HeaderStatic:      picture("headers"),
		FollowersCount:    547 + int64(n),
		FollowingCount:    404,
		StatusesCount:     28468,
		LastStatusAt:      utc(2024, 2, 1+n%28, 0, 0, 0, 0),
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
			{
				Shortcode:       "seedling",
				URL:             files + "custom_emojis/images/000/028/691/original/6de008d6281f4f59.png",
				StaticURL:       files + "custom_emojis/images/000/028/691/static/6de008d6281f4f59.png",
				VisibleInPicker: true,
			},
			{
				Shortcode:       "compost_heap",
				URL:             files + "custom_emojis/images/000/050/744/original/02f94a5fca7eaf78.png",
				StaticURL:       files + "custom_emojis/images/000/050/744/static/02f94a5fca7eaf78.png",
				VisibleInPicker: true,
			},
			{
				Shortcode:       "spade",
				URL:             files + "custom_emojis/images/000/105/099/original/8106088bd4782072.png",
				StaticURL:       files + "custom_emojis/images/000/105/099/static/8106088bd4782072.png",
				VisibleInPicker: true,
				Category:        "tools",
			},
		},
		Roles: []masto.AccountRole{},
		Fields: []masto.Field{
			{Name: "Pronouns", Value: "she/her"},
			{
				Name:       "Garden",
				Value:      link("roof-garden.example"),
				VerifiedAt: utc(2019, 11, 10, 10, 31, 10, 744e6),
			},
			{Name: "Tools", Value: "spade, rake & a <b>very</b> old hoe"},
			{Name: "Elsewhere", Value: link("soil." + name + ".example")},
		},
	}
}

// sampleAccount returns the JSON of a sample.
func sampleAccount() []byte {
	a := sample(1)
	return a.AppendJSON(nil)
}

// BenchmarkAppendJSON encodes 40 different accounts. The module benchmarks
// compares it with its peers.
func BenchmarkAppendJSON(b *testing.B) {
	var accounts []masto.Account
	var bytes int64
	for n := range 40 {
		accounts = append(accounts, sample(n))
		bytes += int64(len(accounts[n].AppendJSON(nil)))
	}
	var buf []byte
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for i := range accounts {
			buf = accounts[i].AppendJSON(buf[:0])
		}
	}
}

// BenchmarkUnmarshalJSON decodes them.
func BenchmarkUnmarshalJSON(b *testing.B) {
	var texts [][]byte
	var bytes int64
	for n := range 40 {
		a := sample(n)
		texts = append(texts, a.AppendJSON(nil))
		bytes += int64(len(texts[n]))
	}
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range texts {
			if err := new(masto.Account).UnmarshalJSON(text); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// sampleUpdate returns an update that sets every kind of text, as the form of a
// client does when it is saved.
func sampleUpdate() masto.Update {
	return masto.Update{
		DisplayName: masto.Some("Roof gardener é"),
		Note:        masto.Some(strings.Repeat("Growing vegetables on a roof.\n", 10)),
		Locked:      masto.Some(true),
		Bot:         masto.Some(false),
		Fields: masto.Some([]masto.Field{
			{Name: "Pronouns", Value: "she/her"},
			{Name: "Garden", Value: "https://roof-garden.example"},
			{Name: "Tools", Value: "spade, rake & a very old hoe"},
			{Name: "Elsewhere", Value: "https://soil.example"},
		}),
		AttributionDomains: masto.Some([]string{"roof-garden.example", "soil.example"}),
		Posting: masto.PostingUpdate{
			Privacy:   masto.Some(masto.PrivacyUnlisted),
			Sensitive: masto.Some(false),
			Language:  masto.Some(new("de")),
		},
	}
}

func BenchmarkEncodeForm(b *testing.B) {
	u := sampleUpdate()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := u.EncodeForm(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeMultipart(b *testing.B) {
	u := sampleUpdate()
	u.Avatar = masto.Some(&masto.Upload{Filename: "roof.png", ContentType: "image/png", Data: make([]byte, 100<<10)})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := u.EncodeMultipart(); err != nil {
			b.Fatal(err)
		}
	}
}

const plainText = "I grow mushrooms in a cellar and write about them. Ask me, at any time; I answer on Mondays. "

// benchTexts are texts to measure rendering and counting with.
var benchTexts = []struct {
	name string
	text string
}{
	{
		name: "plain",
		text: strings.Repeat(plainText, 5),
	},
	{
		name: "bio",
		text: "Mycologist. She/her.\nFounder of https://mushroom-club.org\n\n" +
			"Talks about #fungi, #spores and #カビ\nAlso @carol@remote.example :blobcat:",
	},
	{
		name: "mixed",
		text: strings.Repeat("Über Pilze & 日本のきのこ: мицелий растёт 🍄 naïve café, ", 8),
	},
	{
		name: "cyrillic",
		text: strings.Repeat("Выращиваю грибы в подвале и пишу о них. ", 10),
	},
	{
		name: "emoji",
		text: strings.Repeat("👩‍🔬🍄🏳️‍🌈👍🏽", 20),
	},
	{
		name: "hindi",
		text: strings.Repeat("मैं तहखाने में मशरूम उगाता हूँ। ", 10),
	},
}

func BenchmarkAppendNote(b *testing.B) {
	site := &masto.Site{Domain: "social.example"}
	for _, in := range benchTexts {
		b.Run(in.name, func(b *testing.B) {
			b.SetBytes(int64(len(in.text)))
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				buf = site.AppendNote(buf[:0], in.text, masto.View{})
			}
		})
	}
}

func BenchmarkRenderNote(b *testing.B) {
	site := &masto.Site{Domain: "social.example"}
	for _, in := range benchTexts {
		b.Run(in.name, func(b *testing.B) {
			b.SetBytes(int64(len(in.text)))
			b.ReportAllocs()
			for b.Loop() {
				site.RenderNote(in.text, masto.View{})
			}
		})
	}
}

// BenchmarkNoteLength compares with the segmentation alone.
func BenchmarkNoteLength(b *testing.B) {
	for _, in := range benchTexts {
		b.Run(in.name, func(b *testing.B) {
			b.SetBytes(int64(len(in.text)))
			b.ReportAllocs()
			for b.Loop() {
				masto.NoteLength(in.text)
			}
		})
		b.Run(in.name+"/uax29", func(b *testing.B) {
			b.SetBytes(int64(len(in.text)))
			n := 0
			for b.Loop() {
				it := graphemes.FromString(in.text)
				for it.Next() {
					n++
				}
			}
		})
	}
}

// nasty are texts that repeat a part after a head. They bring out a search or a
// parser that goes over the same place again and again.
var nasty = []struct {
	head string
	part string
}{
	{part: plainText},
	{part: "a."},
	{part: "("},
	{part: "#"},
	{part: "@a@"},
	{part: "http://"},
	{head: "http://a.", part: "a."},
	{part: "https://a.com/("},
	{part: "xmpp:a."},
	{part: ":a"},
	{part: "<i><p>"},
	{part: "<p>"},
	{part: "&"},
	{part: "<!--"},
	{part: "\u0301"},
	{part: "\u200d"},
	{part: "@a@b.c."},

	// For HTML parsers:
	{part: "<b></p>"},
	{part: "<table><b>x"},
	{part: "<a>"},
	{head: "<table>", part: "x<b>"},
	{head: "<b><i><u>", part: "<p>"},
	{part: "<div><a>"},
	{head: "<svg>", part: "</p>"},
	{head: "<svg>", part: "<a></b>"},
	{head: "<p a=\"", part: "&amp"},
	{head: "<p ", part: "a=b "},
	{part: "<h1></h1>"},
	{part: "<nobr>"},
	{part: "<template></template>"},
	{part: "<form>"},
	{part: "<li></ul>"},
	{part: "<script><!--"},
	{part: ":ab:"},
	{part: "<br>"},
	{part: "\x00"},
	{part: "\xff"},
	{part: "<a href=x>"},
}

// nastyFunctions returns, by name, the functions that take text or HTML of
// strangers. Each returns the length of its result.
func nastyFunctions() map[string]func(s string) int {
	site := &masto.Site{Domain: "social.example", Limits: masto.Limits{FieldValue: -1}}
	var buf []byte
	emojis := []masto.CustomEmoji{
		{Shortcode: "ab", URL: "https://a.io/a.gif", StaticURL: "https://a.io/a.png"},
	}
	return map[string]func(s string) int{
		"FindLinks": func(s string) int { return len(masto.FindLinks(s)) },
		"AppendNote": func(s string) int {
			buf = site.AppendNote(buf[:0], s, masto.View{})
			return len(buf)
		},
		"RenderFieldValue": func(s string) int { return len(site.RenderFieldValue(s, masto.View{})) },
		"NoteLength":       masto.NoteLength,
		"SanitizeHTML":     func(s string) int { return len(masto.SanitizeHTML(s)) },
		"PlainText":        func(s string) int { return len(masto.PlainText(s)) },
		"FindEmojis":       func(s string) int { return len(masto.FindEmojis(s)) },
		"Emojify":          func(s string) int { return len(masto.Emojify(s, emojis, true)) },
		"LinksBack": func(s string) int {
			_, ask, _ := masto.LinksBack(strings.NewReader(s), "https://social.example/@alice")
			return len(ask)
		},
		"VerifiableLink":   func(s string) int { url, _ := masto.VerifiableLink(s); return len(url) },
		"NormalizeHashtag": func(s string) int { return len(masto.NormalizeHashtag(s)) },
		"TerminalText":     func(s string) int { return len(client.TerminalText(s)) },
	}
}

func nastyText(head, part string, size int) string {
	return head + strings.Repeat(part, size/len(part))
}

// BenchmarkNasty shows that the time is linear: a byte of the text, or of the
// result if that is longer, costs the same for each size.
func BenchmarkNasty(b *testing.B) {
	for name, f := range nastyFunctions() {
		for _, in := range nasty {
			for _, size := range []int{1 << 10, 1 << 14, 1 << 20} {
				s := nastyText(in.head, in.part, size)
				b.Run(fmt.Sprintf("%s/%.12q/%dK", name, in.head+in.part, size>>10), func(b *testing.B) {
					written := 0
					for b.Loop() {
						written = f(s)
					}
					bytes := float64(b.N) * float64(max(len(s), written))
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/bytes, "ns/byte")
				})
			}
		}
	}
}
