package sanitize

import (
	"github.com/seed-374a2035/masto/internal/htmltree"
)

// fast sanitizes HTML without parsing it, as long as all of it is well-formed and of elements that are kept: what Mastodon and most
// others send. It reports whether it could.
func fast(c *htmltree.Copier, src string) bool {
	tags := false
	for {
		switch c.Next() {
		case htmltree.End:
			return tags || !isBlank(src)
		case htmltree.Run:
			if !c.Text() {
				return false
			}
		case htmltree.StartTag:
			tags = true
			switch rules[c.Tag] {
			case keep, keepVoid, keepLink:
			default:
				return false
			}
			if !c.Slash && isClean(c.Tag, c.Attrs()) {
				continue
			}
			if c.Tag == htmltree.A && !isLink(c.Attrs()) {
				return false
			}
			c.Written(rewrite(c.Replace(c.Start, c.End), c.Tag, c.Attrs()))
		case htmltree.EndTag:
		default:
			return false
		}
	}
}

// rewrite writes a start tag.
func rewrite(dst []byte, tag htmltree.Tag, attrs []htmltree.RawAttr) []byte {
	dst = appendTag(dst, tag)
	rel := false
	for _, a := range attrs {
		var k attribute
		dst, k = appendAttribute(dst, tag, a.Name, a.Value)
		rel = rel || k == attrRel
	}
	if tag == htmltree.A {
		dst = appendLinkAttributes(dst, rel)
	}
	return append(dst, '>')
}

// isLink reports whether the attributes of an a make it a link that is kept. It may say no of an address that has references.
func isLink(attrs []htmltree.RawAttr) bool {
	for _, a := range attrs {
		if a.Name == "href" {
			return hasScheme(a.Value)
		}
	}
	return false
}

// isClean reports whether the attributes of a tag are written as the sanitizer would.
func isClean(tag htmltree.Tag, attrs []htmltree.RawAttr) bool {
	rel, target, link := false, false, false
	for i := range attrs {
		a := &attrs[i]
		switch k := attributeNamed(a.Name); {
		case k == 0:
			if tag != htmltree.A || i != len(attrs)-1 || a.Name != "target" || a.Value != "_blank" {
				return false
			}
			target = true
		case k&(attributes[tag]|attrLang) == 0, !isCleanValue(k, a):
			return false
		case k == attrRel:
			rel = true
		case k == attrHref:
			link = hasScheme(a.Value)
		}
	}
	return tag != htmltree.A || rel && target && link
}

// isCleanValue reports whether a value is written as the sanitizer would.
func isCleanValue(k attribute, a *htmltree.RawAttr) bool {
	switch k {
	case attrRel:
		return a.Value == "nofollow noopener"
	case attrTranslate:
		return a.Value == "no"
	case attrClass:
		return isCleanClasses(a.Value) && a.IsWritten(htmltree.Value)
	case attrHref:
		return a.IsWritten(htmltree.URL)
	}
	return a.IsWritten(htmltree.Value)
}

// isCleanClasses reports whether a list has only classes that are kept, with one space between them.
func isCleanClasses(list string) bool {
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
