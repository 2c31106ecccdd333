package htmltree

import "strings"

// AppendHTML appends the serialization of a node and everything below it, as the HTML standard had it until 2025: "<" and ">"
// stay as they are in attribute values.
func (t *Tree) AppendHTML(dst []byte, n ID) []byte {
	switch t.nodes[n].kind {
	case Text:
		if d := t.parentOf(n); d.space == HTML && d.flags&rawText != 0 {
			return t.AppendText(dst, n, Plain)
		}
		return t.AppendText(dst, n, Content)
	case Comment:
		dst = append(dst, "<!--"...)
		dst = append(dst, strings.ReplaceAll(t.src[t.nodes[n].lo:t.nodes[n].hi], "\x00", "\uFFFD")...)
		return append(dst, "-->"...)
	}
	dst = t.AppendStart(dst, n)
	if t.Void(n) {
		return dst
	}
	for c := t.First(n); c != None; c = t.Next(c) {
		dst = t.AppendHTML(dst, c)
	}
	return t.AppendEnd(dst, n)
}

// parentOf returns the node that n is a child of.
func (t *Tree) parentOf(n ID) *node { return &t.nodes[t.parent(n)] }

// Void reports whether an element is written without content and end tag.
func (t *Tree) Void(n ID) bool { return t.nodes[n].space == HTML && t.nodes[n].flags&void != 0 }

// RawText reports whether the text in an element is written as it is.
func (t *Tree) RawText(n ID) bool { return t.nodes[n].space == HTML && t.nodes[n].flags&rawText != 0 }

// AppendStart appends the start tag of an element.
func (t *Tree) AppendStart(dst []byte, n ID) []byte {
	d := &t.nodes[n]
	dst = append(dst, '<')
	dst = t.appendName(dst, d)
	for _, a := range t.attrs[d.attrLo:d.attrHi] {
		dst = append(dst, ' ')
		dst = t.appendAttrName(dst, a, d.space)
		dst = append(dst, `="`...)
		dst = t.AppendValue(dst, a, Value)
		dst = append(dst, '"')
	}
	return append(dst, '>')
}

// AppendEnd appends the end tag of an element.
func (t *Tree) AppendEnd(dst []byte, n ID) []byte {
	dst = append(dst, "</"...)
	dst = t.appendName(dst, &t.nodes[n])
	return append(dst, '>')
}

// appendName appends the name of an element.
func (t *Tree) appendName(dst []byte, d *node) []byte {
	if d.tag != Other && d.space != SVG {
		return append(dst, tagNames[d.tag]...)
	}
	start := len(dst)
	if d.tag != Other {
		dst = append(dst, tagNames[d.tag]...)
	} else {
		dst = appendLower(dst, t.src[d.lo:d.hi])
	}
	if d.space == SVG {
		return restoreCase(dst, start, svgTags)
	}
	return dst
}

// appendAttrName appends the name of an attribute of an element in a namespace.
func (t *Tree) appendAttrName(dst []byte, a Attr, space Space) []byte {
	start := len(dst)
	dst = appendLower(dst, t.src[a.nameLo:a.nameHi])
	switch {
	case space == SVG:
		return restoreCase(dst, start, svgAttrs)
	case space == MathML && string(dst[start:]) == "definitionurl":
		return append(dst[:start], "definitionURL"...)
	}
	return dst
}

// appendLower appends a name in lower case.
func appendLower(dst []byte, name string) []byte {
	for i := range len(name) {
		if name[i] == 0 {
			dst = append(dst, "\uFFFD"...)
			continue
		}
		dst = append(dst, lower(name[i]))
	}
	return dst
}

// restoreCase replaces the name at dst[start:] by the one of names, which are separated by spaces, that differs in case only.
func restoreCase(dst []byte, start int, names string) []byte {
	for name := range strings.SplitSeq(names, " ") {
		if equalFold(name, string(dst[start:])) {
			return append(dst[:start], name...)
		}
	}
	return dst
}

// The names of SVG that have upper case letters.
const (
	svgTags = "altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform clipPath feBlend feColorMatrix " +
		"feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood " +
		"feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight " +
		"feSpecularLighting feSpotLight feTile feTurbulence foreignObject glyphRef linearGradient radialGradient textPath"
	svgAttrs = "attributeName attributeType baseFrequency baseProfile calcMode clipPathUnits diffuseConstant edgeMode filterUnits " +
		"glyphRef gradientTransform gradientUnits kernelMatrix kernelUnitLength keyPoints keySplines keyTimes lengthAdjust " +
		"limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits numOctaves pathLength patternContentUnits " +
		"patternTransform patternUnits pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits refX refY " +
		"repeatCount repeatDur requiredExtensions requiredFeatures specularConstant specularExponent spreadMethod startOffset " +
		"stdDeviation stitchTiles surfaceScale systemLanguage tableValues targetX targetY textLength viewBox viewTarget " +
		"xChannelSelector yChannelSelector zoomAndPan"
)
