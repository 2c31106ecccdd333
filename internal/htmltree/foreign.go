package htmltree

// isForeign reports whether the rules of foreign content apply to a token.
func (p *parser) isForeign(tok token) bool {
	d := p.current()
	switch {
	case d.space == HTML, tok.typ == eofToken:
		return false
	case d.flags&textPoint != 0 && (tok.typ == textToken || tok.typ == startTag && tok.tag != Mglyph && tok.tag != Malignmark):
		return false
	case d.space == MathML && d.tag == AnnotationXml && tok.typ == startTag && tok.tag == Svg:
		return false
	case d.flags&htmlPoint != 0 && (tok.typ == textToken || tok.typ == startTag):
		return false
	}
	return true
}

// foreignFlags returns the sets that an element of SVG or MathML is in.
func (p *parser) foreignFlags(tok token, space Space) flags {
	switch {
	case space == MathML:
		switch tok.tag {
		case Mi, Mo, Mn, Ms, Mtext:
			return special | scope | textPoint
		case AnnotationXml:
			if p.isHTMLAnnotation(tok) {
				return special | scope | htmlPoint
			}
			return special | scope
		}
	case tok.tag == Foreignobject, tok.tag == Desc, tok.tag == Title:
		return special | scope | htmlPoint
	}
	return 0
}

// isHTMLAnnotation reports whether an annotation-xml is said to have HTML in it.
func (p *parser) isHTMLAnnotation(tok token) bool {
	for _, a := range p.attrs[tok.attrLo:tok.attrHi] {
		if equalFold(p.src[a.nameLo:a.nameHi], "encoding") {
			v := string(appendText(nil, p.src[a.valueLo:a.valueHi], attrText, Plain))
			return equalFold(v, "text/html") || equalFold(v, "application/xhtml+xml")
		}
	}
	return false
}

// insertForeign inserts an element of SVG or MathML.
func (p *parser) insertForeign(tok token, space Space) {
	n := p.element(tok, space)
	p.add(n)
	if !tok.selfClosing {
		p.push(n)
	}
}

// foreign has the rules of foreign content.
func (p *parser) foreign(tok token) {
	switch tok.typ {
	case textToken:
		if tok.mode == dataText {
			tok.mode = foreignText
		}
		p.insertText(tok)
	case commentToken:
		p.insertComment(tok)
	case startTag:
		if p.breaksOut(tok) {
			p.leaveForeign(tok)
			return
		}
		p.insertForeign(tok, p.current().space)
	case endTag:
		if tok.tag == Br || tok.tag == P {
			p.leaveForeign(tok)
			return
		}
		p.endForeign(tok)
	}
}

// breaksOut reports whether a start tag is one of HTML that cannot be meant as foreign content.
func (p *parser) breaksOut(tok token) bool {
	if tok.tag != Font {
		return tagFlags[tok.tag]&breakout != 0
	}
	for _, a := range p.attrs[tok.attrLo:tok.attrHi] {
		name := p.src[a.nameLo:a.nameHi]
		if equalFold(name, "color") || equalFold(name, "face") || equalFold(name, "size") {
			return true
		}
	}
	return false
}

// leaveForeign closes foreign elements and processes the token as HTML.
func (p *parser) leaveForeign(tok token) {
	for {
		d := p.current()
		if d.space == HTML || d.flags&(htmlPoint|textPoint) != 0 {
			break
		}
		p.pop()
	}
	p.html(tok)
}

// endForeign has the rules of foreign content for an end tag.
func (p *parser) endForeign(tok token) {
	for i := len(p.stack) - 1; i > 0; i-- {
		d := p.node(p.stack[i])
		if d.space == HTML {
			p.html(tok)
			return
		}
		if p.sameName(d, tok) {
			p.popTo(i)
			return
		}
	}
}
