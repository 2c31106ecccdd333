package sanitize

import "github.com/seed-374a2035/masto/internal/htmltree"

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
			if !c.Slash && len(c.Attrs()) == 0 && c.Tag != htmltree.A {
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
		dst, k = appendAttribute(dst, tag, a.Name, htmltree.DecodeValue(a.Value))
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
			return hasScheme(htmltree.DecodeValue(a.Value))
		}
	}
	return false
}
