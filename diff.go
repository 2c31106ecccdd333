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

// Diff returns the update that turns before into after, with nothing but what
// differs. If [Record.Apply] applies it to a record with the profile before,
// the record has the profile after, as far as an update can express it: texts
// are stripped, and a field whose value changes is not verified.
//
// A picture is removed if its address is "" in after and not in before. An
// address cannot be sent: to replace a picture, set Avatar or Header of the
// result to an [Upload].
//
// The profiles must have raw texts, as [Site.Profile] and
// [CredentialAccount.EditableProfile] return them. The result shares nothing
// with them.
func Diff(before, after Profile) Update {
	var u Update
	for _, p := range params {
		p.diff(&u, &before, &after)
	}
	u.Avatar.Set = before.Avatar != "" && after.Avatar == ""
	u.Header.Set = before.Header != "" && after.Header == ""
	return u
}

// Conflict compares three states of a profile: base is from when the user began
// to edit, theirs is what is stored now, and mine is what the user wants. It
// returns the wire names of the parameters that changed on both sides to
// different values, in the order in which they are sent. If it returns nil,
// Diff(base, mine) can be sent without undoing anybody else's change.
func Conflict(base, theirs, mine Profile) []string {
	changedThere := changedParams(base, theirs)
	changedHere := changedParams(base, mine)
	differ := changedParams(theirs, mine)
	var names []string
	for _, p := range params {
		if p.isSet(&changedThere) && p.isSet(&changedHere) && p.isSet(&differ) {
			names = append(names, p.wireName())
		}
	}
	return names
}

// changedParams returns an update that sets every parameter whose value
// differs. Unlike Diff, it also sets a picture whose address changed.
func changedParams(before, after Profile) Update {
	u := Diff(before, after)
	u.Avatar.Set = before.Avatar != after.Avatar
	u.Header.Set = before.Header != after.Header
	return u
}

// EditableProfile returns the profile that a user edits, for servers without
// the profile methods. It has the raw texts of Source, and everything else of
// the Account. The result shares nothing with c.
//
// A bio or fields that only the Account has are made from its HTML: some
// servers send no source, or a source.note of null. Words stay, and a link
// becomes text that is a link to the same place once it is saved: a mention
// becomes @name@host, and a link whose text is not its address becomes the
// address, which loses its words.
//
// A placeholder picture (…/missing.png) becomes "". What the server does not
// say is as in a new profile, so the tabs are shown. FeaturedTags is empty.
func (c *CredentialAccount) EditableProfile() Profile {
	s := &c.Source
	p := Profile{
		ID:                 c.ID,
		DisplayName:        c.DisplayName,
		Note:               s.Note,
		Fields:             slices.Clone(s.Fields),
		AvatarDescription:  c.AvatarDescription,
		HeaderDescription:  c.HeaderDescription,
		Locked:             c.Locked,
		Bot:                c.Bot,
		HideCollections:    clonePtr(cmp.Or(s.HideCollections, c.HideCollections)),
		Discoverable:       clonePtr(cmp.Or(s.Discoverable, c.Discoverable)),
		Indexable:          s.Indexable || c.Indexable,
		ShowMedia:          c.ShowMedia == nil || *c.ShowMedia,
		ShowMediaReplies:   c.ShowMediaReplies == nil || *c.ShowMediaReplies,
		ShowFeatured:       c.ShowFeatured == nil || *c.ShowFeatured,
		AttributionDomains: slices.Clone(s.AttributionDomains),
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

// isPlaceholder reports whether the address of a picture means that there is no
// picture.
func isPlaceholder(url string) bool {
	path, _, _ := strings.Cut(url, "?")
	return path == "" || strings.HasSuffix(path, "/missing.png")
}

// editableText returns the words of HTML, as [PlainText] does, but with each
// link as text that becomes a link to the same place. Misnested links could
// make that many times as long as source, so once it has the length that
// PlainText may have, links are their words.
func editableText(source string) string {
	source = strings.ReplaceAll(source, "<br/>", "<br>")
	root, err := markup.Fragment(breakLines(source))
	if err != nil {
		return ""
	}
	limit := markup.MaxOutput(len(source))
	var ends []int // of the links that are more than their words
	text := appendWords(make([]byte, 0, len(source)), root, func(dst []byte, n *html.Node) []byte {
		a := readAnchor(n)
		s := a.words
		if len(dst)+len(a.href) <= limit {
			s = a.editable(bytes.HasSuffix(dst, []byte("@")))
		}
		dst = append(dst, s...)
		if s != a.words && s == strings.TrimSpace(s) {
			ends = append(ends, len(dst))
		}
		return dst
	})
	return chomp(separate(string(text), ends))
}

// separate returns text with a space at each of the ends of links where the
// next character could become part of the link.
func separate(text string, ends []int) string {
	var b strings.Builder
	last := 0
	for _, i := range ends {
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

// zwnj and zwj may be in a host name, like wordCharacters.
const zwnj, zwj = '\u200C', '\u200D'

var wordCharacters = []*unicode.RangeTable{unicode.Letter, unicode.Mark, unicode.Number}

// anchor is a link in HTML.
type anchor struct {
	words string // the text in it
	href  string
	class string
	rel   string
}

// readAnchor returns the link in an a element.
func readAnchor(n *html.Node) anchor {
	href, _ := markup.Attr(n, "href")
	class, _ := markup.Attr(n, "class")
	rel, _ := markup.Attr(n, "rel")
	return anchor{words: string(appendWords(nil, n, nil)), href: strip(href), class: class, rel: rel}
}

// editable returns text that becomes a link to the same place when it is saved.
// afterAt says whether an @ stands before the link, where some servers put the
// one of a mention.
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

// isSpaceOrControl reports whether r cannot be in a URL in a text.
func isSpaceOrControl(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
