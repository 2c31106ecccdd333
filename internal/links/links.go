// Package links finds what Mastodon makes a link of in plain text: URLs, other
// URIs, hashtags and mentions.
//
// The rules are Mastodon's, which took many of them from twitter-text; each is
// written down where it is implemented:
//
//	url.go      where a URL may begin, and what the search for it consumes
//	tail.go     port, path and query of a URL: what may be in them and end them
//	host.go     host names in text: labels and top-level domains
//	uri.go      xmpp: and magnet:
//	mention.go  @user and @user@domain
//	hashtag.go  #hashtags
//	length.go   what is replaced in a bio before its length is counted
//	class.go    the classes of characters
//
// Package hostname says which host names can exist.
//
// Every search takes time linear in the text, whatever the text is, and
// allocates nothing. All offsets are in bytes.
package links

// Kind says what a [Link] is. The zero value is URL.
type Kind uint8

// The kinds of links.
const (
	URL     Kind = iota // a URL, or a URI of xmpp or magnet
	Hashtag             // a hashtag
	Mention             // an account
)

// Link is something in a text that becomes a link.
type Link struct {
	Kind Kind
	// Text is the URL, the hashtag without its sign, or the mention without its
	// first @. It is a part of the text that was searched.
	Text string
	// Start and End are the offsets in bytes of the whole link, sign and all.
	Start, End int
}

// Finder finds the links of one text, one at a time. Its zero value finds
// nothing; [Find] makes one. A Finder needs nothing on the heap.
type Finder struct {
	urls     urlSearch
	uris     uriSearch
	hashtags hashtagSearch
	mentions mentionSearch
	// next holds what each search found last. The search is over when its link
	// has no end.
	next [searches]Link
	// end is where the last link ended.
	end int
}

// The searches, in no particular order: no two links start at the same place.
const (
	forURLs = iota
	forURIs
	forHashtags
	forMentions
	searches
)

// Find returns a Finder for the links of text.
func Find(text string) Finder {
	f := Finder{
		urls:     newURLSearch(text),
		uris:     newURISearch(text),
		hashtags: newHashtagSearch(text),
		mentions: newMentionSearch(text),
	}
	for i := range f.next {
		f.advance(i)
	}
	return f
}

// Next returns the next link in order of Start, and whether there is one. The
// four searches know nothing of each other, so a link that starts inside one
// that was returned before is left out here.
func (f *Finder) Next() (Link, bool) {
	for {
		first := -1
		for i := range f.next {
			if f.next[i].End > 0 && (first < 0 || f.next[i].Start < f.next[first].Start) {
				first = i
			}
		}
		if first < 0 {
			return Link{}, false
		}
		l := f.next[first]
		f.advance(first)
		if l.Start >= f.end {
			f.end = l.End
			return l, true
		}
	}
}

// advance lets one search find its next link.
func (f *Finder) advance(i int) {
	switch i {
	case forURLs:
		f.next[i] = f.urls.next()
	case forURIs:
		f.next[i] = f.uris.next()
	case forHashtags:
		f.next[i] = f.hashtags.next()
	case forMentions:
		f.next[i] = f.mentions.next()
	}
}
