package main

import (
	"fmt"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/seed-374a2035/masto"
)

// cleanBio is remote HTML as Mastodon itself sends it. The sanitizer leaves it
// as it is.
const cleanBio = `<p>Mycologist &amp; baker. ` +
	`<a href="https://loaf.io/tags/fungi" class="mention hashtag" rel="nofollow noopener" target="_blank">` +
	`#<span>fungi</span></a> ` +
	`and friends: <span class="h-card" translate="no">` +
	`<a href="https://far.example/@dora" class="u-url mention" rel="nofollow noopener" target="_blank">` +
	`@<span>dora</span></a></span></p>` +
	`<p>Blog: ` +
	`<a href="https://loaf.io/blog/2024/a-long-way" rel="nofollow noopener" translate="no" target="_blank">` +
	`<span class="invisible">https://</span><span class="ellipsis">loaf.io/blog/2024/a-long-way-</span>` +
	`<span class="invisible">to-the-forest</span></a><br>Line two, with some more words in it.</p>`

// sentBio is what other software sends: well-formed, with elements, attributes
// and classes that are not kept.
const sentBio = `<div class="bio"><h2 id="about">About</h2>` +
	`<p dir="auto">Baker &amp; <font color="red">mycologist</font>.<br/>I don&#39;t bake <sub>mushrooms</sub>. ` +
	`<a class="hashtag" data-tag="fungi" href="https://loaf.io/tag/fungi" rel="tag ugc">#fungi</a> ` +
	`<span class="h-card"><a href='https://far.example/@dora' class="u-url mention status-link" ` +
	`rel="nofollow noopener noreferrer" title="dora" target="_blank">@<span>dora</span></a></span></p>` +
	`<ul><li><img src="https://loaf.io/i.png" alt="pic" />one</li><li><abbr title="two">two</abbr></li></ul></div>`

// dirtyBio is malformed HTML, much of which the sanitizer removes.
const dirtyBio = `<div class="bio" onclick="steal()"><h1>Hello <font color=red>there</font></h1>` +
	`<script>alert("x")</script>` +
	`<p style="color:red">One <b>two <i>three</b> four</i> <a href="javascript:steal()">click</a> ` +
	`<a href='https://loaf.io/?a=1&b=2' title=x>site</a><img src="https://loaf.io/i.png" alt="pic">` +
	`<table><tr><td>cell</td></tr></table><style>p{}</style><custom-element data-x=1>text</custom-element>` +
	`<ul><li>one<li>two</ul><iframe src="https://evil.example"></iframe></div>`

func sanitizeMeasures() []measure {
	policy := bluemondayPolicy()
	var all []measure
	for _, size := range []int{2 << 10, 20 << 10} {
		clean := strings.Repeat(cleanBio, size/len(cleanBio)+1)
		all = append(all, measure{
			name: fmt.Sprintf("SanitizeHTML clean %d KB", size>>10),
			ours: func() { masto.SanitizeHTML(clean) },
			peers: []peer{
				{"bluemonday", func() { policy.Sanitize(clean) }, 20},
				{"x/net Parse+Render", func() { parseRender(clean) }, 10},
			},
			check: func() error {
				if masto.SanitizeHTML(clean) != clean {
					return fmt.Errorf("SanitizeHTML changes clean HTML")
				}
				// The peers may write attributes in another order.
				if err := sameElements(clean, parseRender(clean)); err != nil {
					return err
				}
				return sameElements(clean, policy.Sanitize(clean))
			},
		})
	}
	sent := strings.Repeat(sentBio, 2<<10/len(sentBio)+1)
	all = append(all, measure{
		name:  "SanitizeHTML well-formed 2 KB",
		ours:  func() { masto.SanitizeHTML(sent) },
		peers: []peer{{"bluemonday", func() { policy.Sanitize(sent) }, 8}},
		check: func() error {
			return same(links(policy.Sanitize(sent)), links(masto.SanitizeHTML(sent)))
		},
	})
	dirty := strings.Repeat(dirtyBio, 4<<10/len(dirtyBio)+1)
	return append(all, measure{
		name:  "SanitizeHTML dirty 4 KB",
		ours:  func() { masto.SanitizeHTML(dirty) },
		peers: []peer{{"bluemonday", func() { policy.Sanitize(dirty) }, 1.1}},
		check: func() error {
			// Only the links are compared, since SanitizeHTML turns a heading
			// into a paragraph, while bluemonday removes its tags.
			return same(links(policy.Sanitize(dirty)), links(masto.SanitizeHTML(dirty)))
		},
	})
}

// bluemondayPolicy allows what SanitizeHTML keeps.
func bluemondayPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "br", "span", "a", "del", "s", "pre", "blockquote", "code", "b",
		"strong", "u", "i", "em", "ul", "ol", "li", "ruby", "rt", "rp",
	)
	p.AllowAttrs("lang").Globally()
	p.AllowAttrs("href", "class", "translate").OnElements("a")
	p.AllowAttrs("class", "translate").OnElements("span")
	p.AllowAttrs("start", "reversed").OnElements("ol")
	p.AllowAttrs("value").OnElements("li")
	p.AllowAttrs("class").OnElements("p")
	p.AllowURLSchemes(
		"http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini",
	)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}

// parseRender parses HTML and renders it again, which is the least that a
// sanitizer on x/net/html does.
func parseRender(s string) string {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(s), body)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, n := range nodes {
		_ = html.Render(&b, n)
	}
	// Render writes void elements as in XHTML.
	return strings.ReplaceAll(b.String(), "<br/>", "<br>")
}

// sameElements returns an error if the tags of two pieces of HTML differ.
func sameElements(want, got string) error {
	names := func(s string) []string {
		var all []string
		for t := html.NewTokenizer(strings.NewReader(s)); t.Next() != html.ErrorToken; {
			if tok := t.Token(); tok.Type != html.TextToken {
				all = append(all, tok.Data)
			}
		}
		return all
	}
	return same(names(want), names(got))
}

// links returns the addresses that a piece of HTML links to.
func links(s string) []string {
	var all []string
	for t := html.NewTokenizer(strings.NewReader(s)); t.Next() != html.ErrorToken; {
		for _, a := range t.Token().Attr {
			if a.Key == "href" {
				all = append(all, a.Val)
			}
		}
	}
	return all
}
