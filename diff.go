package masto

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/seed-374a2035/masto/internal/markup"
	"github.com/seed-374a2035/masto/internal/sanitize"
	"github.com/seed-374a2035/masto/internal/weburl"
)

// Diff returns the update that turns before into after: what is different, and
// nothing else. [Record.Apply] of it to a record with the profile before gives
// after, in what an update can say: texts are stripped, and verification
// follows the values of the fields. A picture can be removed (an address that
// became ""), but not come from an address: set Avatar or Header of the result
// to an [Upload].
//
// Give it the raw profiles, as [Site.Profile] or
// [CredentialAccount.EditableProfile] make them. The result shares nothing with
// them.
func Diff(before, after Profile) Update {
	var u Update
	for _, p := range params {
		p.diff(&u, &before, &after)
	}
	u.Avatar.Set = before.Avatar != "" && after.Avatar == ""
	u.Header.Set = before.Header != "" && after.Header == ""
	return u
}

// Conflict compares a profile as it was when somebody began to edit it (base),
// as it is by now (theirs) and as they edited it (mine). It returns the
// parameters that were changed on both sides, and not to the same, in the order
// in which they are sent. nil means that there are none, and that Diff(base,
// mine) can be sent without undoing what somebody else did.
func Conflict(base, theirs, mine Profile) []string {
	changedThere, changedHere, differ := Diff(base, theirs), Diff(base, mine), Diff(theirs, mine)
	// Of pictures the addresses count, which a Diff cannot say.
	set := func(u *Update, a, b Profile) {
		u.Avatar.Set, u.Header.Set = a.Avatar != b.Avatar, a.Header != b.Header
	}
	set(&changedThere, base, theirs)
	set(&changedHere, base, mine)
	set(&differ, theirs, mine)
	var names []string
	for _, p := range params {
		if p.isSet(&changedThere) && p.isSet(&changedHere) && p.isSet(&differ) {
			names = append(names, p.wireName())
		}
	}
	return names
}

// EditableProfile returns the profile for editing, for servers without the
// profile methods: raw texts from Source, the rest from the Account. The result
// shares nothing with c.
//
// Where Source has no bio or no fields and the Account has some (there are
// servers without source, and servers whose source.note is null), the words of
// the HTML stand in, with what it links to: a mention is @name@host, and a link
// whose text is not its address is the address, so that both are links again when
// they are saved. The words of such a link are lost.
//
// A picture that is a placeholder (…/missing.png) is none. What the server does
// not say is as new profiles have it: the tabs are shown. FeaturedTags are not
// known.
func (c *CredentialAccount) EditableProfile() Profile {
	s := &c.Source
	p := Profile{
		ID: c.ID, DisplayName: c.DisplayName, Note: s.Note, Fields: slices.Clone(s.Fields),
		AvatarDescription: c.AvatarDescription, HeaderDescription: c.HeaderDescription, Locked: c.Locked, Bot: c.Bot,
		HideCollections: clonePtr(cmp.Or(s.HideCollections, c.HideCollections)), Discoverable: clonePtr(cmp.Or(s.Discoverable, c.Discoverable)),
		Indexable: s.Indexable || c.Indexable,
		ShowMedia: c.ShowMedia == nil || *c.ShowMedia, ShowMediaReplies: c.ShowMediaReplies == nil || *c.ShowMediaReplies,
		ShowFeatured: c.ShowFeatured == nil || *c.ShowFeatured, AttributionDomains: slices.Clone(s.AttributionDomains),
	}
	if p.Note == "" {
		p.Note = editableText(c.Note)
	}
	if len(p.Fields) == 0 {
		for _, f := range c.Fields {
			p.Fields = append(p.Fields, Field{Name: f.Name, Value: editableText(f.Value), VerifiedAt: f.VerifiedAt})
		}
	}
	if !isPlaceholder(c.Avatar) {
		p.Avatar, p.AvatarStatic = c.Avatar, cmp.Or(c.AvatarStatic, c.Avatar)
	}
	if !isPlaceholder(c.Header) {
		p.Header, p.HeaderStatic = c.Header, cmp.Or(c.HeaderStatic, c.Header)
	}
	return p
}

// isPlaceholder reports whether the address of a picture stands for none.
func isPlaceholder(url string) bool {
	path, _, _ := strings.Cut(url, "?")
	return path == "" || strings.HasSuffix(path, "/missing.png")
}

// editableText returns the words of HTML, as [PlainText] does, with what its
// links lead to. Once the result is several times as long as source, which only
// misnested links can make it, further links are their words.
func editableText(source string) string {
	source = strings.ReplaceAll(source, "<br/>", "<br>")
	root, err := markup.Fragment(breakLines(source))
	if err != nil {
		return ""
	}
	most := markup.MaxOutput(len(source))
	var ends []int // of the links that are written in other words
	text := appendWords(make([]byte, 0, len(source)), root, func(dst []byte, n *html.Node) []byte {
		a := readAnchor(n)
		s := a.words
		if len(dst)+len(a.href) <= most {
			s = a.editable(bytes.HasSuffix(dst, []byte("@")))
		}
		dst = append(dst, s...)
		if s != a.words && s == strings.TrimSpace(s) {
			ends = append(ends, len(dst))
		}
		return dst
	})
	return chomp(apart(string(text), ends))
}

// apart returns text with a space at each of the places where a character
// follows that would become a part of the link that ends there.
func apart(text string, places []int) string {
	var b strings.Builder
	last := 0
	for _, i := range places {
		r, _ := utf8.DecodeRuneInString(text[i:])
		if unicode.IsOneOf(wordCharacters, r) || r == '_' || r == zwnj || r == zwj {
			b.WriteString(text[last:i])
			b.WriteByte(' ')
			last = i
		}
	}
	b.WriteString(text[last:])
	return b.String()
}

// The characters that may be in a host or in the domain of a mention.
const zwnj, zwj = '\u200C', '\u200D'

var wordCharacters = []*unicode.RangeTable{unicode.Letter, unicode.Mark, unicode.Number}

// anchor is a link in HTML.
type anchor struct {
	words string // its text
	href  string
	class string
	rel   string
}

// readAnchor returns the link that an element is.
func readAnchor(n *html.Node) anchor {
	href, _ := markup.Attr(n, "href")
	class, _ := markup.Attr(n, "class")
	rel, _ := markup.Attr(n, "rel")
	return anchor{words: string(appendWords(nil, n, nil)), href: strip(href), class: class, rel: rel}
}

// editable returns the text that becomes a link to the same place when it is
// saved. afterAt reports whether an @ stands before the link, as some servers
// write mentions.
func (a *anchor) editable(afterAt bool) string {
	words := strings.TrimSpace(a.words)
	class := strings.Fields(a.class)
	isTag := slices.Contains(class, "hashtag") || slices.Contains(strings.Fields(a.rel), "tag")
	u, err := weburl.Parse(a.href)
	if isTag || err != nil || !sanitize.IsSchemeKept(u.Scheme) || strings.ContainsFunc(a.href, isSpaceOrControl) {
		return a.words
	}
	name, hasAt := strings.CutPrefix(words, "@")
	isName := (hasAt || afterAt) && name != "" && !strings.ContainsFunc(name, isSpaceOrControl)
	if slices.Contains(class, "mention") && isName && u.Host != "" {
		if strings.Contains(name, "@") {
			return a.words
		}
		return strings.Replace(a.words, name, name+"@"+u.Host, 1)
	}
	if words == "" {
		return a.href
	}
	return strings.Replace(a.words, words, a.href, 1)
}

// isSpaceOrControl reports whether r ends an address in a text.
func isSpaceOrControl(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
