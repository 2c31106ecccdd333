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
	var seen map[string]struct{}
	for _, text := range texts {
		for i := 0; ; {
			start, end := nextShortcode(text, i)
			if end == 0 {
				break
			}
			i = end + 1
			code := text[start:end]
			if seen == nil {
				if slices.Contains(found, code) {
					continue
				}
				if len(found) == 16 {
					seen = make(map[string]struct{}, 64)
					for _, f := range found {
						seen[f] = struct{}{}
					}
				}
			}
			if seen != nil {
				if _, ok := seen[code]; ok {
					continue
				}
				seen[code] = struct{}{}
			}
			found = append(found, code)
		}
	}
	return found
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
	var t htmltree.Tree
	if err := t.Parse(html); err != nil {
		return ""
	}
	e.dst = make([]byte, 0, len(html)+len(html)/2+256)
	e.children(&t, htmltree.Root)
	return string(e.dst)
}

// An emojifier writes HTML with pictures for shortcodes.
type emojifier struct {
	emojis  []CustomEmoji
	index   map[string]int // of the emojis, if there are many
	animate bool
	dst     []byte
	text    []byte
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

// replace writes a text with pictures for its shortcodes. A colon that may start a shortcode makes the next one end it, whatever
// is between them: ": :ab:" has none.
func (e *emojifier) replace(text string, esc htmltree.Escape) {
	last := 0 // what is written
	for i := 0; ; {
		j := strings.IndexByte(text[i:], ':')
		if j < 0 {
			break
		}
		i += j
		if i > 0 && wordBefore(text, i) {
			i++
			continue
		}
		j = strings.IndexByte(text[i+1:], ':')
		if j < 0 {
			break
		}
		start, end := i+1, i+1+j
		i = end + 1
		if i < len(text) && wordAt(text, i) {
			continue
		}
		if m := e.find(text[start:end]); m != nil {
			e.dst = htmltree.AppendEscaped(e.dst, text[last:start-1], esc)
			e.picture(m)
			last = i
		}
	}
	e.dst = htmltree.AppendEscaped(e.dst, text[last:], esc)
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

// picture writes the picture of an emoji.
func (e *emojifier) picture(m *CustomEmoji) {
	class := "emojione custom-emoji"
	if e.animate {
		class = "emojione"
	}
	e.dst = append(e.dst, `<img rel="emoji" draggable="false" width="16" height="16" class="`...)
	e.dst = append(e.dst, class...)
	e.dst = append(e.dst, `" alt=":`...)
	e.dst = append(e.dst, m.Shortcode...)
	e.dst = append(e.dst, `:" title=":`...)
	e.dst = append(e.dst, m.Shortcode...)
	e.dst = append(e.dst, ':', '"')
	if e.animate {
		e.address("src", m.URL)
	} else {
		e.address("data-original", m.URL)
		e.address("data-static", m.StaticURL)
		e.address("src", m.StaticURL)
	}
	e.dst = append(e.dst, '>')
}

// address writes an attribute that is an address.
func (e *emojifier) address(name, url string) {
	e.dst = append(e.dst, ' ')
	e.dst = append(e.dst, name...)
	e.dst = append(e.dst, `="`...)
	e.dst = htmltree.AppendEscaped(e.dst, url, htmltree.Value)
	e.dst = append(e.dst, '"')
}
