package masto_test

import (
	"fmt"

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
