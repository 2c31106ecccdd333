package masto

import "github.com/seed-374a2035/masto/internal/links"

// LinkKind is what a [Link] leads to. The zero value is LinkURL.
type LinkKind uint8

// The kinds of links.
const (
	LinkURL     LinkKind = iota // a URL, or a URI of xmpp or magnet
	LinkHashtag                 // the page of a hashtag
	LinkMention                 // an account
)

// String returns url, hashtag or mention.
func (k LinkKind) String() string {
	switch k {
	case LinkURL:
		return "url"
	case LinkHashtag:
		return "hashtag"
	case LinkMention:
		return "mention"
	}
	return "unknown"
}

// Link is a link that [FindLinks] found in a text.
type Link struct {
	Kind LinkKind
	// Text is the URL, the hashtag without #, or the mention without its first
	// @, which is user or user@domain; all as written.
	Text string
	// Start and End are the offsets of the whole link in the text, in bytes;
	// text[End] is the first byte after it.
	Start, End int
}

// FindLinks returns the links that [Site.RenderNote] and
// [Site.RenderFieldValue] would make of text, in order: URLs, hashtags and
// mentions by the rules of Mastodon. Whether the accounts exist is not known
// here: rendering leaves a mention that [View].Mention does not know as text.
// The time it takes is linear in the text.
func FindLinks(text string) []Link {
	var found []Link
	f := links.Find(text)
	for l, ok := f.Next(); ok; l, ok = f.Next() {
		found = append(found, Link{
			Kind:  linkKind(l.Kind),
			Text:  l.Text,
			Start: l.Start,
			End:   l.End,
		})
	}
	return found
}

func linkKind(k links.Kind) LinkKind {
	switch k {
	case links.Hashtag:
		return LinkHashtag
	case links.Mention:
		return LinkMention
	}
	return LinkURL
}
