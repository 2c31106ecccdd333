package masto

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/htmltree"
)

// FindEmojis returns the shortcodes that the texts name between colons, in their order, each once: two or more ASCII letters, digits or
// underscores, with neither a letter, a digit nor another colon right before or behind. Whether there is such an emoji is for
// the caller to find out. Source of the rule: the reference, "Emoji".
//
// Texts may be raw or HTML. There is no allocation unless something is found; the shortcodes are parts of the texts.
func FindEmojis(texts ...string) []string {
	var found []string
	var seen codeSet
	for _, text := range texts {
		for start, end := nextShortcode(text, 0); end > 0; start, end = nextShortcode(text, end+1) {
			if code := text[start:end]; seen.add(code) {
				found = append(found, code)
			}
		}
	}
	return found
}

// codeSet is a set of shortcodes, which are few as a rule. The zero value is empty.
type codeSet struct {
	few  [16]string
	n    int
	many map[string]struct{} // once few is full
}

// add tells whether code was not in the set yet.
func (c *codeSet) add(code string) bool {
	if c.many != nil {
		_, there := c.many[code]
		c.many[code] = struct{}{}
		return !there
	}
	if slices.Contains(c.few[:c.n], code) {
		return false
	}
	if c.n < len(c.few) {
		c.few[c.n] = code
		c.n++
		return true
	}
	c.many = make(map[string]struct{}, 4*len(c.few))
	for _, f := range c.few {
		c.many[f] = struct{}{}
	}
	c.many[code] = struct{}{}
	return true
}

// nextShortcode returns the place of the next shortcode in text from i on, without its colons; an end of 0 is none.
func nextShortcode(text string, i int) (start, end int) {
	for {
		j := strings.IndexByte(text[i:], ':')
		if j < 0 {
			return 0, 0
		}
		start = i + j + 1
		end = start
		for end < len(text) && isShortcodeByte(text[end]) {
			end++
		}
		i = end
		if end < len(text) && text[end] == ':' && end-start >= 2 && !wordBefore(text, start-1) && !wordAt(text, end+1) {
			return start, end
		}
	}
}

func isShortcodeByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_'
}

// wordBefore reports whether a letter, a digit or a colon ends at text[:i].
func wordBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return isBounding(r)
}

// wordAt reports whether a letter, a digit or a colon starts at text[i:].
func wordAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return isBounding(r)
}

// isBounding reports whether a shortcode may not stand beside r: a colon or, in the sense of POSIX for Unicode, an alphanumeric.
func isBounding(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ':' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return unicode.In(r, unicode.Letter, unicode.Nl, unicode.Nd, unicode.Other_Alphabetic)
}

// Emojify replaces the shortcodes in the text of html, sanitized or rendered before, by pictures of the given emojis: moving ones if
// animate is set, otherwise still ones that name the moving one in data-original. Source of the rule: the reference, "Emoji".
//
// The HTML is written anew as a browser would, even where there is nothing to replace; blank HTML and no emojis return html as it is.
// Between the colons may be any shortcode of ASCII letters, digits and underscores. HTML beyond the limits that
// [SanitizeHTML] has returns "". Time is linear in the longer one of html and the result, and in the number of emojis.
func Emojify(html string, emojis []CustomEmoji, animate bool) string {
	if len(emojis) == 0 || strings.TrimSpace(html) == "" {
		return html
	}
	e := emojifier{emojis: emojis, animate: animate}
	var c htmltree.Copier
	c.Open(nil, html, len(html)/2+2*len(pictureStart)+256)
	if e.copy(&c) {
		if dst, changed := c.Result(); changed {
			return string(dst)
		}
		return html
	}
	return e.parse(html)
}

// An emojifier writes HTML with pictures for shortcodes.
type emojifier struct {
	emojis  []CustomEmoji
	index   map[string]int // of the emojis, if there are many
	animate bool
	dst     []byte
	text    []byte
}

// copy writes well-formed HTML without parsing it, and reports whether it could.
func (e *emojifier) copy(c *htmltree.Copier) bool {
	for {
		switch c.Next() {
		case htmltree.End:
			return true
		case htmltree.Run:
			if !e.copyText(c) {
				return false
			}
		case htmltree.StartTag:
			written, attrs := !c.Slash, c.Attrs()
			for i := range attrs {
				written = written && attrs[i].IsWritten(htmltree.Value)
			}
			if written {
				continue
			}
			dst := append(c.Replace(c.Start, c.End), '<')
			dst = append(dst, c.Tag.String()...)
			for _, a := range attrs {
				dst = append(dst, ' ')
				dst = append(dst, a.Name...)
				dst = append(dst, '=', '"')
				dst = htmltree.AppendValue(dst, a.Value, htmltree.Value)
				dst = append(dst, '"')
			}
			c.Written(append(dst, '>'))
		case htmltree.EndTag:
		default:
			return false
		}
	}
}

// copyText writes the text between two tags.
func (e *emojifier) copyText(c *htmltree.Copier) bool {
	s := c.TextSource()
	if strings.IndexByte(s, ':') < 0 {
		return c.Text()
	}
	at := c.Start
	if !c.Unchanged() {
		var ok bool
		if e.text, ok = c.Decoded(e.text[:0]); ok {
			e.dst = c.Replace(at, at+len(s))
			e.replace(string(e.text), htmltree.Content)
			c.Written(e.dst)
		}
		return ok
	}
	// None of the references that there may be reads as part of a word, and none of them has a colon.
	for i := 0; ; {
		start, end, m := e.next(s, i)
		if m == nil {
			return true
		}
		e.dst = c.Replace(at+start, at+end)
		e.picture(m)
		c.Written(e.dst)
		i = end
	}
}

// parse writes any HTML.
func (e *emojifier) parse(html string) string {
	var t htmltree.Tree
	if err := t.Parse(html); err != nil {
		return ""
	}
	e.dst = make([]byte, 0, len(html)+len(html)/2+256)
	e.children(&t, htmltree.Root)
	return string(e.dst)
}

// children writes the children of a node.
func (e *emojifier) children(t *htmltree.Tree, n htmltree.ID) {
	esc := htmltree.Content
	if t.RawText(n) {
		esc = htmltree.Plain
	}
	for c := t.First(n); c != htmltree.None; {
		switch t.Kind(c) {
		case htmltree.Text:
			e.text = e.text[:0]
			for ; c != htmltree.None && t.Kind(c) == htmltree.Text; c = t.Next(c) {
				e.text = t.AppendText(e.text, c, htmltree.Plain)
			}
			e.replace(string(e.text), esc)
			continue
		case htmltree.Comment:
			e.dst = t.AppendHTML(e.dst, c)
		case htmltree.Element:
			e.dst = t.AppendStart(e.dst, c)
			if !t.Void(c) {
				e.children(t, c)
				e.dst = t.AppendEnd(e.dst, c)
			}
		}
		c = t.Next(c)
	}
}

// replace writes a text with pictures for its shortcodes.
func (e *emojifier) replace(text string, esc htmltree.Escape) {
	for i := 0; ; {
		start, end, m := e.next(text, i)
		if m == nil {
			e.dst = htmltree.AppendEscaped(e.dst, text[i:], esc)
			return
		}
		e.dst = htmltree.AppendEscaped(e.dst, text[i:start], esc)
		e.picture(m)
		i = end
	}
}

// next returns the place of the next shortcode of an emoji in a text, with its colons, from i on, and the emoji: nil if there is none.
// A colon that may start a shortcode makes the next one end it, whatever is between them: ": :ab:" has none.
func (e *emojifier) next(text string, i int) (start, end int, m *CustomEmoji) {
	for {
		j := strings.IndexByte(text[i:], ':')
		if j < 0 {
			return 0, 0, nil
		}
		start = i + j
		i = start + 1
		if wordBefore(text, start) {
			continue
		}
		if j = strings.IndexByte(text[i:], ':'); j < 0 {
			return 0, 0, nil
		}
		code := text[i : i+j]
		i += j + 1
		if wordAt(text, i) {
			continue
		}
		if m = e.find(code); m != nil {
			return start, i, m
		}
	}
}

// manyEmojis is how many emojis are worth an index.
const manyEmojis = 8

// find returns the emoji of a shortcode; of several with the same one, the last.
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
		dst = htmltree.AppendEscaped(dst, m.URL, htmltree.Value)
	} else {
		dst = append(dst, `:" data-original="`...)
		dst = htmltree.AppendEscaped(dst, m.URL, htmltree.Value)
		dst = append(dst, `" data-static="`...)
		dst = htmltree.AppendEscaped(dst, m.StaticURL, htmltree.Value)
		dst = append(dst, `" src="`...)
		dst = htmltree.AppendEscaped(dst, m.StaticURL, htmltree.Value)
	}
	e.dst = append(dst, `">`...)
}
