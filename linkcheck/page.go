package linkcheck

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/markup"
)

// maxLinks is how many links a Report has at most.
const maxLinks = 50

// judge reads a page and reports whether it links back, or why not. It returns
// the address to be asked by HEAD, "" if there is none.
func (k *check) judge(page []byte, ctype string) (candidate string) {
	text, err := decode(page, ctype)
	if err != nil {
		k.report.add(Unparsable, "")
		return ""
	}
	return k.report.readPage(text)
}

// readPage is judge for a page in UTF-8.
func (r *Report) readPage(page []byte) (candidate string) {
	if len(page) > maxPage { // more than it was before it was UTF-8
		page = page[:maxPage]
		r.add(TooLarge, "")
	}
	linked, candidate, err := masto.LinksBack(bytes.NewReader(page), r.Profile)
	if err != nil {
		r.add(Unparsable, "")
		return ""
	}
	root, err := markup.Document(string(page))
	if err != nil {
		r.add(Unparsable, "")
		return ""
	}
	r.Linked = linked
	s := scan{report: r}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			s.element(n)
		}
	}
	if !linked {
		s.explain(page)
	}
	return candidate
}

// scan looks for what could be a link back in a page.
type scan struct {
	report  *Report
	anchors int    // a elements with an href
	scripts int    // script elements
	refresh string // where a meta refresh leads
}

// element looks at one element.
func (s *scan) element(n *html.Node) {
	href, _ := markup.Attr(n, "href")
	rel, _ := markup.Attr(n, "rel")
	counts := n.Namespace == "" && (n.DataAtom == atom.A || n.DataAtom == atom.Link)
	switch {
	case n.DataAtom == atom.Script:
		s.scripts++
	case n.DataAtom == atom.Meta:
		s.meta(n)
	case n.DataAtom == atom.A && href != "":
		s.anchors++
	}
	me := isMe(rel)
	if !counts && !me {
		return
	}
	misses := missCodes(href, s.report.Profile, s.report.FinalURL)
	leadsElsewhere := len(misses) > 0 && misses[0] == Elsewhere
	switch {
	case !counts && leadsElsewhere, !me && leadsElsewhere:
		return
	case !counts:
		misses = append([]Code{WrongElement}, misses...)
	case !me:
		misses = append([]Code{NoRelMe}, misses...)
	}
	// The link that counts is listed, however many others there are.
	if len(s.report.Links) < maxLinks || len(misses) == 0 && len(s.report.Links) == maxLinks {
		s.report.Links = append(s.report.Links, Link{
			Element: shorten(n.Data),
			Rel:     shorten(rel),
			Href:    shorten(href),
			Misses:  misses,
		})
	}
}

// meta notes where a meta refresh leads.
func (s *scan) meta(n *html.Node) {
	if equiv, _ := markup.Attr(n, "http-equiv"); !strings.EqualFold(equiv, "refresh") {
		return
	}
	content, _ := markup.Attr(n, "content")
	if i := strings.Index(strings.ToLower(content), "url="); i >= 0 {
		s.refresh = strings.Trim(content[i+len("url="):], ` '"`)
	}
}

// explain adds the findings of a page that does not link back: first of the
// links that miss the profile by little.
func (s *scan) explain(page []byte) {
	r := s.report
	var elsewhere []Link
	for _, l := range r.Links {
		switch {
		case len(l.Misses) == 0:
		case l.Misses[0] == Elsewhere:
			elsewhere = append(elsewhere, l)
		default:
			s.explainLink(l)
		}
	}
	near := len(r.Links) > len(elsewhere)
	switch {
	case near:
		return
	case s.refresh != "":
		r.add(MetaRefresh, s.refresh)
	case s.anchors == 0 && s.scripts > 0 && len(elsewhere) == 0:
		r.add(NoHTMLLinks, "")
	case bytes.Contains(bytes.ToLower(page), []byte(strings.ToLower(r.Profile))):
		r.add(NotALink, "")
	case len(elsewhere) == 0:
		r.add(NoLink, "")
	}
	for _, l := range elsewhere {
		r.add(Elsewhere, l.Href)
	}
}

// explainLink adds the findings of one link.
func (s *scan) explainLink(l Link) {
	for _, code := range l.Misses {
		switch code {
		case NoRelMe:
			s.report.add(code, l.Rel)
		case WrongElement:
			s.report.add(code, l.Element)
		default:
			s.report.add(code, l.Href)
		}
	}
}

// isMe reports whether a rel attribute has the word me.
func isMe(rel string) bool {
	for word := range strings.FieldsFuncSeq(rel, func(r rune) bool { return strings.ContainsRune(" \t\n\f\r", r) }) {
		if strings.EqualFold(word, "me") {
			return true
		}
	}
	return false
}
