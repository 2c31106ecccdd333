package masto

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/seed-374a2035/masto/internal/fold"
	"github.com/seed-374a2035/masto/internal/markup"
)

// Emojify replaces the shortcodes in the text of html, which was sanitized or
// rendered before, with pictures of the given emojis: animated ones if animate
// is set, otherwise still ones that name the animated one in data-original. A
// shortcode with a letter, a digit or a colon right beside it stays text, as in
// Mastodon itself: see [EmojifyAnywhere]. The rule is the reference's:
// testdata/vectors/emojify.jsonl.
//
// The HTML is written anew as a browser would, even if there is nothing to
// replace, and without a byte order mark at its start. Blank HTML is returned
// as it is, and so is any if there are no emojis. A shortcode may be any ASCII
// letters, digits and underscores. HTML beyond the limits of [SanitizeHTML],
// which do not count the pictures, returns "". The time is linear in html or
// the result, whichever is longer, and in the number of emojis.
func Emojify(html string, emojis []CustomEmoji, animate bool) string {
	return emojify(html, &emojifier{emojis: emojis, animate: animate})
}

// EmojifyAnywhere is [Emojify] for clients, which are given the emojis of an
// account. It also replaces shortcodes with letters, digits or other shortcodes
// right beside them, as in languages that are written without spaces and in
// names that are rows of emojis. A colon that two shortcodes could share
// belongs to the first.
func EmojifyAnywhere(html string, emojis []CustomEmoji, animate bool) string {
	return emojify(html, &emojifier{emojis: emojis, animate: animate, anywhere: true})
}

// emojify is Emojify with the emojis and the settings of e.
func emojify(html string, e *emojifier) string {
	if len(e.emojis) == 0 || strings.TrimSpace(html) == "" {
		return html
	}
	var w markup.Walker
	w.Open(nil, html, len(html)/2+2*len(pictureStart)+256)
	if e.walk(&w) {
		if dst, changed := w.Result(); changed {
			return string(dst)
		}
		return html
	}
	return e.parse(html)
}

// An emojifier writes HTML with pictures for shortcodes.
type emojifier struct {
	emojis   []CustomEmoji
	index    map[string]int // from a shortcode to its emoji, if there are many
	animate  bool
	anywhere bool // letters and digits may stand beside a shortcode
	dst      []byte
	limit    int    // how long dst may become; each picture raises it
	text     []byte // the decoded text between two tags
}

// walk writes well-formed HTML without parsing it, and reports whether it
// could.
func (e *emojifier) walk(w *markup.Walker) bool {
	for {
		ok := true
		switch w.Next() {
		case markup.End:
			return true
		case markup.Run:
			ok = e.walkText(w)
		case markup.StartTag:
			ok = walkStart(w)
		case markup.EndTag:
			if !w.Plain {
				dst := append(w.Replace(w.Start, w.End), "</"...)
				w.Written(append(fold.AppendLowerASCII(dst, w.Name), '>'))
			}
		default:
			return false
		}
		if !ok {
			return false
		}
	}
}

// walkStart writes a start tag, and reports whether it could.
func walkStart(w *markup.Walker) bool {
	attrs, written := w.Attrs(), w.Plain
	for i, a := range attrs {
		for _, other := range attrs[:i] {
			if strings.EqualFold(a.Name, other.Name) {
				return false
			}
		}
		written = written && a.IsWritten(markup.Value)
	}
	if written {
		return true
	}
	dst := fold.AppendLowerASCII(append(w.Replace(w.Start, w.End), '<'), w.Name)
	for _, a := range attrs {
		value, ok := a.Decode()
		if !ok {
			return false
		}
		dst = append(fold.AppendLowerASCII(append(dst, ' '), a.Name), `="`...)
		dst = append(markup.AppendEscaped(dst, value, markup.Value), '"')
	}
	w.Written(append(dst, '>'))
	return true
}

// walkText writes the text between two tags, and reports whether it could.
func (e *emojifier) walkText(w *markup.Walker) bool {
	s := w.TextSource()
	if strings.IndexByte(s, ':') < 0 {
		return w.Text()
	}
	at := w.Start
	if !w.Unchanged() {
		var ok bool
		if e.text, ok = w.Decoded(e.text[:0]); ok {
			e.dst = w.Replace(at, at+len(s))
			e.replace(string(e.text), markup.Content)
			w.Written(e.dst)
		}
		return ok
	}
	// The source may be searched in place of the text: a reference in it starts
	// with & and ends with ;, and has no colon.
	for i := 0; ; {
		start, end, m := e.next(s, i)
		if m == nil {
			return true
		}
		e.dst = w.Replace(at+start, at+end)
		e.picture(m)
		w.Written(e.dst)
		i = end
	}
}

// parse returns HTML with pictures, which may be anything, by way of the
// parser.
func (e *emojifier) parse(source string) string {
	root, err := markup.Fragment(source)
	if err != nil {
		return ""
	}
	e.dst = make([]byte, 0, len(source)+len(source)/2+256)
	e.limit = markup.MaxOutput(len(source))
	e.children(root)
	if len(e.dst) > e.limit {
		return ""
	}
	return string(e.dst)
}

// children writes the children of a node.
func (e *emojifier) children(n *html.Node) {
	esc := markup.Content
	if markup.IsRaw(n) {
		esc = markup.Plain
	}
	for c := n.FirstChild; c != nil && len(e.dst) <= e.limit; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			e.replace(c.Data, esc)
		case html.CommentNode:
			e.dst = markup.AppendComment(e.dst, c)
		case html.ElementNode:
			e.dst = markup.AppendStart(e.dst, c)
			if !markup.IsVoid(c) {
				e.children(c)
				e.dst = markup.AppendEnd(e.dst, c)
			}
		}
	}
}

// replace writes a text with pictures for its shortcodes.
func (e *emojifier) replace(text string, esc markup.Escape) {
	for i := 0; ; {
		start, end, m := e.next(text, i)
		if m == nil {
			e.dst = markup.AppendEscaped(e.dst, text[i:], esc)
			return
		}
		e.dst = markup.AppendEscaped(e.dst, text[i:start], esc)
		before := len(e.dst)
		e.picture(m)
		e.limit += len(e.dst) - before
		i = end
	}
}

// next returns where the next shortcode of an emoji starts and ends in a text
// from i on, its colons included, and the emoji, which is nil if there is none.
// A colon that may start a shortcode is paired with the next colon, whatever is
// between them, so that ": :ab:" has none. With anywhere, the second of a pair
// may start another shortcode if there is no emoji between them.
func (e *emojifier) next(text string, i int) (start, end int, m *CustomEmoji) {
	for {
		j := strings.IndexByte(text[i:], ':')
		if j < 0 {
			return 0, 0, nil
		}
		start = i + j
		i = start + 1
		if !e.anywhere && wordBefore(text, start) {
			continue
		}
		if j = strings.IndexByte(text[i:], ':'); j < 0 {
			return 0, 0, nil
		}
		code, after := text[i:i+j], i+j+1
		if e.anywhere {
			if m = e.find(code); m != nil {
				return start, after, m
			}
			i = after - 1
			continue
		}
		i = after
		if wordAt(text, i) {
			continue
		}
		if m = e.find(code); m != nil {
			return start, i, m
		}
	}
}

// manyEmojis is how many emojis are searched without an index.
const manyEmojis = 8

// find returns the emoji with a shortcode, or nil. Of several the last one
// wins.
func (e *emojifier) find(code string) *CustomEmoji {
	for i := range len(code) {
		if !isShortcodeByte(code[i]) {
			return nil
		}
	}
	if len(e.emojis) <= manyEmojis {
		for i := len(e.emojis) - 1; i >= 0; i-- {
			if e.emojis[i].Shortcode == code {
				return &e.emojis[i]
			}
		}
		return nil
	}
	if e.index == nil {
		e.index = make(map[string]int, len(e.emojis))
		for i := range e.emojis {
			e.index[e.emojis[i].Shortcode] = i
		}
	}
	if i, ok := e.index[code]; ok {
		return &e.emojis[i]
	}
	return nil
}

// pictureStart is how every picture starts.
const pictureStart = `<img rel="emoji" draggable="false" width="16" height="16" class="`

// picture writes the picture of an emoji.
func (e *emojifier) picture(m *CustomEmoji) {
	dst := e.dst
	if e.animate {
		dst = append(dst, pictureStart+`emojione" alt=":`...)
	} else {
		dst = append(dst, pictureStart+`emojione custom-emoji" alt=":`...)
	}
	dst = append(dst, m.Shortcode...)
	dst = append(dst, `:" title=":`...)
	dst = append(dst, m.Shortcode...)
	if e.animate {
		dst = append(dst, `:" src="`...)
		dst = markup.AppendEscaped(dst, m.URL, markup.Value)
	} else {
		dst = append(dst, `:" data-original="`...)
		dst = markup.AppendEscaped(dst, m.URL, markup.Value)
		dst = append(dst, `" data-static="`...)
		dst = markup.AppendEscaped(dst, m.StaticURL, markup.Value)
		dst = append(dst, `" src="`...)
		dst = markup.AppendEscaped(dst, m.StaticURL, markup.Value)
	}
	e.dst = append(dst, `">`...)
}
