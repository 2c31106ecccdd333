package sanitize

import (
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/htmltree"
)

// isSanitized reports whether html is written just as the sanitizer would write it. It may say no when it is not sure.
func isSanitized(html string) bool {
	if !utf8.ValidString(html) || strings.HasPrefix(html, "\uFEFF") {
		return false
	}
	var nest htmltree.Nest
	i, tags := 0, false
	for i < len(html) {
		if html[i] != '<' {
			if i = htmltree.SkipText(html, i); i < 0 {
				return false
			}
			continue
		}
		tags = true
		i++
		if i < len(html) && html[i] == '/' {
			name := nest.Innermost().String()
			end := i + 1 + len(name)
			if name == "" || end >= len(html) || html[end] != '>' || html[i+1:end] != name {
				return false
			}
			nest.Close()
			i = end + 1
			continue
		}
		tag := htmltree.NestTag(html[i:])
		i += len(tag.String())
		if !nest.Open(tag) || i >= len(html) || tag == htmltree.Img {
			return false
		}
		if html[i] != '>' || tag == htmltree.A {
			if i = cleanAttributes(html, i, tag); i < 0 {
				return false
			}
		}
		i++
		if tag == htmltree.Pre && i < len(html) && (html[i] == '\n' || html[i] == '&') {
			return false
		}
	}
	return nest.Closed() && (tags || !isBlank(html))
}

// cleanAttributes returns the place of the end of a tag whose attributes start at i and are written as the sanitizer would, -1 of
// any other.
func cleanAttributes(html string, i int, tag htmltree.Tag) int {
	const target = ` target="_blank">`
	allowed := attributes[tag] | attrLang
	for i < len(html) && html[i] == ' ' {
		if tag == htmltree.A && i+1 < len(html) && html[i+1] == 't' && strings.HasPrefix(html[i:], target) {
			if allowed&(attrHref|attrRel) != 0 {
				return -1
			}
			return i + len(target) - 1
		}
		i++
		k, n := cleanName(html[i:])
		if allowed&k == 0 {
			return -1
		}
		allowed &^= k
		i += n
		start := i
		if i = htmltree.SkipValue(html, i); i < 0 {
			return -1
		}
		value := html[start:i]
		i++
		switch k {
		case attrRel:
			if value != "nofollow noopener" {
				return -1
			}
		case attrTranslate:
			if value != "no" {
				return -1
			}
		case attrClass:
			if !isCleanClasses(value) {
				return -1
			}
		case attrHref:
			if !hasScheme(value) || strings.IndexByte(value, ' ') >= 0 || strings.Contains(value, "&quot;") {
				return -1
			}
		}
	}
	if i >= len(html) || html[i] != '>' || tag == htmltree.A {
		return -1
	}
	return i
}

// cleanName returns the attribute whose name, equals sign and quote s starts with, and their length.
func cleanName(s string) (attribute, int) {
	if len(s) < len(`lang="`) {
		return 0, 0
	}
	var k attribute
	switch s[0] {
	case 'c':
		k = attrClass
	case 'h':
		k = attrHref
	case 'l':
		k = attrLang
	case 'r':
		k = attrRel
		if s[2] == 'v' {
			k = attrReversed
		}
	case 's':
		k = attrStart
	case 't':
		k = attrTranslate
	case 'v':
		k = attrValue
	}
	name := k.String()
	n := len(name) + len(`="`)
	if k == 0 || len(s) < n || s[:n-2] != name || s[n-2] != '=' || s[n-1] != '"' {
		return 0, 0
	}
	return k, n
}

// isCleanClasses reports whether a list has only classes that are kept, with one space between them.
func isCleanClasses(list string) bool {
	switch list { // the ones that Mastodon writes
	case "", "invisible", "ellipsis", "h-card", "mention hashtag", "u-url mention", "mention u-url":
		return true
	}
	for list != "" {
		i := 0
		for i < len(list) && list[i] > ' ' {
			i++
		}
		if !isClassKept(list[:i]) || i < len(list) && list[i] != ' ' || i == len(list)-1 {
			return false
		}
		list = list[min(i+1, len(list)):]
	}
	return true
}
