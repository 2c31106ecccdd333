package main

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	goldtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/seed-374a2035/masto"
)

// renderBio has about 500 bytes in two paragraphs, with two URLs, three
// hashtags and two mentions.
const renderBio = "Mycologist, gardener and baker of bread; I write about what grows in the woods " +
	"behind the house and how to tell it from what only looks like it. My blog is at https://loaf.io/blog " +
	"and the club meets at https://bakers-guild.org/wiki/Agaric every month, come and see what we found.\n\n" +
	"Posts are about #fungi and #baking and #gardening mostly, in English and in German, with " +
	"pictures that are described. Run together with @dora@far.example and my friend @alice who does the photographs."

func renderMeasures() []measure {
	site := &masto.Site{Domain: "home.example"}
	view := masto.View{Mention: func(username, domain string) (masto.Mention, bool) { return known(username, domain) }}
	gold := newGoldmark()
	byRegexp := newRegexpRenderer()
	buf := make([]byte, 0, 16<<10)
	return []measure{
		{
			name: "RenderNote 500 B",
			ours: func() { site.RenderNote(renderBio, view) },
			peers: []peer{
				{"goldmark+linkify", func() { gold(renderBio) }, 8},
				{"regexp", func() { byRegexp(renderBio) }, 15},
			},
			check: func() error {
				want := links(site.RenderNote(renderBio, view))
				if len(want) != 7 {
					return fmt.Errorf("%d links", len(want))
				}
				if err := same(links(gold(renderBio)), want); err != nil {
					return err
				}
				return same(byRegexp(renderBio), site.RenderNote(renderBio, view))
			},
		},
		{
			name: "AppendNote 500 B, own buffer",
			ours: func() { buf = site.AppendNote(buf[:0], renderBio, view) },
			peers: []peer{
				{"goldmark+linkify", func() { gold(renderBio) }, 8},
				{"regexp", func() { byRegexp(renderBio) }, 15},
			},
		},
	}
}

// known looks up an account for masto and the peers, without allocating.
func known(username, domain string) (masto.Mention, bool) {
	switch {
	case domain == "" && username == "alice":
		return masto.Mention{Username: "alice", URL: "https://home.example/@alice"}, true
	case domain == "far.example" && username == "dora":
		return masto.Mention{Username: "dora", Domain: "far.example", URL: "https://far.example/@dora"}, true
	}
	return masto.Mention{}, false
}

// tagOrMention is a node of goldmark. goldmark is set up as servers use it,
// with linkify for addresses and an inline parser for hashtags and mentions.
type tagOrMention struct {
	ast.BaseInline
	text []byte
}

var kindTag = ast.NewNodeKind("TagOrMention")

func (*tagOrMention) Kind() ast.NodeKind              { return kindTag }
func (n *tagOrMention) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type tagParser struct{}

func (tagParser) Trigger() []byte { return []byte{'#', '@'} }

func (tagParser) Parse(_ ast.Node, block goldtext.Reader, _ parser.Context) ast.Node {
	if before := block.PrecendingCharacter(); before != ' ' && before != '\n' {
		return nil
	}
	line, _ := block.PeekLine()
	end := 1
	for end < len(line) && (isWord(line[end]) || line[0] == '@' && isAddress(line[end:])) {
		end++
	}
	if end == 1 {
		return nil
	}
	block.Advance(end)
	return &tagOrMention{text: line[:end]}
}

// isAddress reports whether s goes on with the domain of a mention.
func isAddress(s []byte) bool {
	return s[0] == '@' || s[0] == '.' && len(s) > 1 && isWord(s[1])
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

type tagRenderer struct{}

func (tagRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindTag, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		node, ok := n.(*tagOrMention)
		if !ok {
			return ast.WalkContinue, nil
		}
		name := string(node.text[1:])
		if node.text[0] == '#' {
			_, _ = w.WriteString(hashtagLink(name))
			return ast.WalkContinue, nil
		}
		username, domain, _ := strings.Cut(name, "@")
		if m, ok := known(username, domain); ok {
			_, _ = w.WriteString(mentionLink(m))
		}
		return ast.WalkContinue, nil
	})
}

// hashtagLink returns the link of a hashtag as masto renders it.
func hashtagLink(name string) string {
	return `<a href="https://home.example/tags/` + name + `" class="mention hashtag" rel="tag">` +
		`#<span>` + name + `</span></a>`
}

// mentionLink returns the link of a mention as masto renders it.
func mentionLink(m masto.Mention) string {
	return `<span class="h-card" translate="no"><a href="` + m.URL + `" class="u-url mention">` +
		`@<span>` + m.Username + `</span></a></span>`
}

func newGoldmark() func(string) string {
	linkify := extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}))
	md := goldmark.New(
		goldmark.WithExtensions(linkify),
		goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(tagParser{}, 100))),
		goldmark.WithRendererOptions(
			goldhtml.WithHardWraps(),
			renderer.WithNodeRenderers(util.Prioritized(tagRenderer{}, 100)),
		),
	)
	return func(text string) string {
		var b bytes.Buffer
		if err := md.Convert([]byte(text), &b); err != nil {
			return err.Error()
		}
		return b.String()
	}
}

// newRegexpRenderer returns a function that renders a bio like masto, but by
// regular expressions. As in the reference implementation, four searches find
// URLs, other URIs, hashtags and mentions; their results are sorted, and those
// that overlap an earlier one are dropped.
func newRegexpRenderer() func(string) string {
	const (
		label = `[\pL\pN\pM](?:[\pL\pN\pM_-]*[\pL\pN\pM])?`
		host  = `(?:` + label + `\.)+(?:xn--[a-z0-9]+|\pL{2,})`
		plain = `[^\s<>()?]*`
		path  = `(?:/(?:` + plain + `(?:\(` + plain + `\)` + plain + `)*[^\s<>()?!*"'「」;:=,.$%\[\]~&|])?)?`
		query = `(?:\?[a-z0-9!?*'();:&=+$/%#\[\]_.,~|@^-]*[a-z0-9_&=#/-])?`
		word  = `[\pL\pM\p{Nd}\p{Pc}]`
	)
	searches := []*regexp.Regexp{
		regexp.MustCompile(`(?i)(?:^|[^a-z0-9@＠$#＃])` +
			`((?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://` + host + `(?::[0-9]+)?` + path + query + `)`),
		regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(xmpp:(?:[^\s@/]+@)?` + host + `|magnet:\?[^\s]+)`),
		regexp.MustCompile(`(?m)(?:^|\s)([#＃]` + word + `*[\pL\pM\p{Pc}]` + word + `*)`),
		regexp.MustCompile(`(?i)(?:^|[^=/\pL\pM\p{Nd}\p{Pc}])` +
			`(@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*(?:@` + word + `+(?:[.-]+` + word + `+)*)?)`),
	}
	prefix := regexp.MustCompile(`^(?:https?://(?:www\.)?|xmpp:)`)
	breaks := regexp.MustCompile(`(?:\r\n?|\n){2,}`)
	render := func(s string) string {
		switch s[0] {
		case '#':
			return hashtagLink(s[1:])
		case '@':
			username, domain, _ := strings.Cut(s[1:], "@")
			m, ok := known(username, domain)
			if !ok {
				return html.EscapeString(s)
			}
			return mentionLink(m)
		}
		start := prefix.FindString(s)
		shown, rest, class := s[len(start):], "", ""
		if r := []rune(shown); len(r) > 31 {
			shown, rest, class = string(r[:30]), string(r[30:]), "ellipsis"
		}
		return `<a href="` + html.EscapeString(s) + `" target="_blank" rel="nofollow noopener" translate="no">` +
			`<span class="invisible">` + start + `</span>` +
			`<span class="` + class + `">` + html.EscapeString(shown) + `</span>` +
			`<span class="invisible">` + html.EscapeString(rest) + `</span></a>`
	}
	return func(text string) string {
		var found [][2]int
		for _, search := range searches {
			for _, at := range search.FindAllStringSubmatchIndex(text, -1) {
				found = append(found, [2]int{at[2], at[3]})
			}
		}
		slices.SortFunc(found, func(a, b [2]int) int { return a[0] - b[0] })
		var b strings.Builder
		last := 0
		for _, at := range found {
			if at[0] < last {
				continue
			}
			b.WriteString(html.EscapeString(text[last:at[0]]))
			b.WriteString(render(text[at[0]:at[1]]))
			last = at[1]
		}
		b.WriteString(html.EscapeString(text[last:]))
		paragraphs := breaks.Split(b.String(), -1)
		return strings.ReplaceAll("<p>"+strings.Join(paragraphs, "</p><p>")+"</p>", "\n", "<br />")
	}
}
