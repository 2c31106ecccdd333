package masto_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-374a2035/masto"
)

func ExampleFindLinks() {
	const bio = "Founder of https://spore.io/cellar, talks about #fungi with @carol@remote.example."
	for _, link := range masto.FindLinks(bio) {
		fmt.Println(link.Kind, link.Text, bio[link.Start:link.End])
	}
	// Output:
	// url https://spore.io/cellar https://spore.io/cellar
	// hashtag fungi #fungi
	// mention carol@remote.example @carol@remote.example
}

func ExampleSite_RenderNote() {
	site := &masto.Site{Domain: "social.example"}
	alice := masto.Handle{Username: "alice"} // as Site.References returns it
	view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) {
		known := masto.Handle{Username: username, Domain: domain} == alice
		return masto.Mention{Username: "alice", URL: "https://social.example/@alice"}, known
	}}
	fmt.Println(site.RenderNote("Mother of @alice <3\n\n#fungi", view))
	// Output:
	// <p>Mother of <span class="h-card" translate="no"><a href="https://social.example/@alice" class="u-url mention">@<span>alice</span></a></span> &lt;3</p><p><a href="https://social.example/tags/fungi" class="mention hashtag" rel="tag">#<span>fungi</span></a></p>
}

func ExampleSite_RenderFieldValue() {
	site := &masto.Site{Domain: "social.example"}
	fmt.Println(site.RenderFieldValue(" https://www.spore.io/a/very/long/way/to/the/cellar ", masto.View{}))
	// Output:
	// <a href="https://www.spore.io/a/very/long/way/to/the/cellar" target="_blank" rel="nofollow noopener me" translate="no"><span class="invisible">https://www.</span><span class="ellipsis">spore.io/a/very/long/way/to/th</span><span class="invisible">e/cellar</span></a>
}

func ExampleNoteLength() {
	fmt.Println(masto.NoteLength("👩‍🔬 of fungi"))
	fmt.Println(masto.NoteLength("https://spore.io/a/very/long/way/to/go"))
	fmt.Println(masto.NoteLength("@carol@remote.example"))
	// Output:
	// 10
	// 23
	// 6
}

func ExampleNormalizeHashtag() {
	fmt.Println(masto.NormalizeHashtag("Café"), masto.NormalizeHashtag("ＣＡＦＥ"))
	// Output:
	// cafe cafe
}

// What another server sent is made safe to show.
func ExampleSanitizeHTML() {
	fmt.Println(masto.SanitizeHTML(`<h1 onclick="steal()">Hi</h1><p>See <a href="https://spore.io" class="x u-url">my page</a>` +
		` or <a href="javascript:steal()">this</a><script>steal()</script>`))
	// Output: <p><strong>Hi</strong></p><p>See <a class="u-url" href="https://spore.io" rel="nofollow noopener" target="_blank">my page</a> or this</p>
}

// A search index or a notification needs nothing but the words.
func ExamplePlainText() {
	fmt.Println(masto.PlainText(`<p>Mycologist &amp; baker<br>in Rome</p><p><a href="https://spore.io">spore.io</a></p>`))
	// Output:
	// Mycologist & baker
	// in Rome
	// spore.io
}

// A server finds out which emojis to load for an account.
func ExampleFindEmojis() {
	fmt.Println(masto.FindEmojis("Hi :blobcat:", "alice :party_parrot:", "12:30:15 :blobcat:"))
	// Output: [blobcat party_parrot]
}

// A client shows the pictures of an account's emojis.
func ExampleEmojify() {
	emojis := []masto.CustomEmoji{{Shortcode: "blobcat", URL: "https://files.example/blobcat.gif", StaticURL: "https://files.example/blobcat.png"}}
	fmt.Println(masto.Emojify("<p>Hi :blobcat:</p>", emojis, true))
	// Output: <p>Hi <img rel="emoji" draggable="false" width="16" height="16" class="emojione" alt=":blobcat:" title=":blobcat:" src="https://files.example/blobcat.gif"></p>
}

// In a client, names that are rows of emojis need no spaces between them.
func ExampleEmojifyAnywhere() {
	emojis := []masto.CustomEmoji{{Shortcode: "ab", URL: "https://files.example/ab.gif"}}
	fmt.Println(masto.EmojifyAnywhere("名前:ab:です", emojis, true))
	// Output: 名前<img rel="emoji" draggable="false" width="16" height="16" class="emojione" alt=":ab:" title=":ab:" src="https://files.example/ab.gif">です
}

func ExampleField_VerifiableURL() {
	for _, value := range []string{"https://spore.io/alice", "http://spore.io", "https://Spore.io"} {
		fmt.Println(masto.Field{Name: "Blog", Value: value}.VerifiableURL())
	}
	// Output:
	// https://spore.io/alice <nil>
	//  masto: not an https address; write https://spore.io
	//  masto: the host is not in its normal form in ASCII; write https://spore.io
}

func ExampleVerifiableLink() {
	fmt.Println(masto.VerifiableLink(`<a href="https://spore.io/alice" rel="me"><span class="invisible">https://</span>spore.io/alice</a>`))
	// Output: https://spore.io/alice <nil>
}

// An address can be judged by itself, for instance while somebody types it.
func ExampleCheckVerifiable() {
	fmt.Println(masto.CheckVerifiable("https://spore.io/alice"))
	err := masto.CheckVerifiable("http://alice@Spore.io/")
	fmt.Println(errors.Is(err, masto.ErrNotHTTPS))
	if e, ok := errors.AsType[*masto.UnverifiableError](err); ok {
		fmt.Println("write instead:", e.Suggestion)
	}
	// Output:
	// <nil>
	// true
	// write instead: https://spore.io/
}

// The page that a field links to links back to the profile.
func ExampleLinksBack() {
	page := `<html><head><link rel="me" href="https://social.example/@alice"></head><body>...</body></html>`
	fmt.Println(masto.LinksBack(strings.NewReader(page), "https://social.example/@alice"))
	// Output: true  <nil>
}
