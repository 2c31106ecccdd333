package links

import (
	"strings"
	"unicode/utf8"
)

// Before the length of a bio is counted, every http and https URL, with the
// character before it, is replaced by a placeholder of 23 letters, whether its
// host exists or not; then the domain of every mention in the result is
// dropped. A placeholder may thus be part of a mention: "@a@b https://loaf.io"
// becomes "@a@bxxx…", and then "@a".

// Edit is one of the replacements: [Start, End) of the text, in bytes, is a URL
// and the character before it if URL is set, else something to be dropped.
type Edit struct {
	Start, End int
	URL        bool
}

// Edits finds the replacements in a text, one at a time. Its zero value finds
// none; [FindEdits] makes one. Edits need nothing on the heap.
type Edits struct {
	text string
	urls placeholders
	// domain drops the domain of the next mention, which was found already. It
	// is pending if it has an end.
	domain Edit
	// seen is how far the text was searched for mentions, replaced how far it
	// was replaced.
	seen, replaced int
}

// FindEdits returns the replacements in text.
func FindEdits(text string) Edits {
	e := Edits{text: text, urls: placeholders{search: urlSearch{text: text, counting: true}}}
	e.urls.advance()
	return e
}

// Next returns the next replacement, and whether there is one.
func (e *Edits) Next() (Edit, bool) {
	if e.domain.End == 0 {
		e.findMention()
	}
	if e.urls.end > 0 && (e.domain.End == 0 || e.urls.start < e.domain.Start) {
		edit := Edit{Start: e.urls.start, End: e.urls.end, URL: true}
		e.replaced = e.urls.end
		e.seen = max(e.seen, e.urls.end)
		e.urls.advance()
		return edit, true
	}
	edit := e.domain
	e.domain = Edit{}
	for e.urls.end > 0 && e.urls.start < edit.End {
		e.urls.advance()
	}
	return edit, edit.End > 0
}

// findMention looks for a mention before the next URL and notes what of it is
// to be dropped.
func (e *Edits) findMention() {
	s := e.text
	for e.seen < len(s) {
		limit := len(s)
		if e.urls.end > 0 {
			limit = e.urls.start
		}
		if e.seen >= limit {
			return
		}
		at := strings.IndexByte(s[e.seen:limit], '@')
		if at < 0 {
			e.seen = limit
			return
		}
		at += e.seen
		e.seen = at + 1
		if at == e.replaced && at > 0 || !mayStartMention(s[:at]) {
			continue
		}
		urls := e.urls
		user := nameEnd(s, at+1, userChar, &urls)
		if user < 0 {
			continue
		}
		e.seen = user
		if user == len(s) || s[user] != '@' || urls.end > 0 && urls.start == user {
			continue
		}
		if domain := nameEnd(s, user+1, domainChar, &urls); domain > 0 {
			e.domain = Edit{Start: user, End: domain}
			e.seen = domain
			return
		}
	}
}

// placeholders goes through the URLs that are replaced. An end of 0 means that
// there are no more.
type placeholders struct {
	search     urlSearch
	start, end int
}

// advance moves to the next URL.
func (p *placeholders) advance() {
	start, _, _, end := p.search.match()
	if end < 0 {
		p.start, p.end = 0, 0
		return
	}
	if start > 0 {
		_, size := utf8.DecodeLastRuneInString(p.search.text[:start])
		start -= size
	}
	p.start, p.end = start, end
}
