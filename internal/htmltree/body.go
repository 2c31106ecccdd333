package htmltree

// body has the rules "in body".
func (p *parser) body(tok token) {
	switch tok.typ {
	case textToken:
		if p.onlyNULs(tok) {
			return
		}
		p.reconstruct()
		p.insertText(tok)
	case commentToken:
		p.insertComment(tok)
	case startTag:
		p.bodyStart(tok)
	case endTag:
		p.bodyEnd(tok)
	case eofToken:
		if len(p.templates) > 0 {
			p.template(tok)
		}
	}
}

// bodyStart has the rules "in body" for a start tag.
func (p *parser) bodyStart(tok token) {
	if tagFlags[tok.tag]&closesP != 0 {
		p.closeP()
		p.insertElement(tok)
		return
	}
	switch tok.tag {
	case Html, Body, Frameset, Caption, Col, Colgroup, Frame, Head, Tbody, Td, Tfoot, Th, Thead, Tr:
		return
	case Base, Basefont, Bgsound, Link, Meta, Noframes, Script, Style, Template, Title:
		p.head(tok)
		return
	case H1, H2, H3, H4, H5, H6:
		p.closeP()
		if p.current().flags&heading != 0 {
			p.pop()
		}
		p.insertElement(tok)
	case Pre, Listing:
		p.closeP()
		p.insertElement(tok)
		p.skipLF = true
	case Form:
		if p.form != None && p.open[Template] == 0 {
			return
		}
		p.closeP()
		n := p.insertElement(tok)
		if p.open[Template] == 0 {
			p.form = n
		}
	case Li:
		p.closeItem(Li, Li)
		p.insertElement(tok)
	case Dd, Dt:
		p.closeItem(Dd, Dt)
		p.insertElement(tok)
	case Plaintext:
		p.closeP()
		p.insertElement(tok)
		p.model = plaintextModel
	case Button:
		if i := p.inScope(Button); i >= 0 {
			p.closeImplied(Other)
			p.popTo(i)
		}
		p.reconstruct()
		p.insertElement(tok)
	case A:
		p.closeLink()
		p.insertFormatting(tok)
	case B, Big, Code, Em, Font, I, S, Small, Strike, Strong, Tt, U:
		p.insertFormatting(tok)
	case Nobr:
		p.reconstruct()
		if p.inScope(Nobr) >= 0 {
			p.adopt(token{typ: endTag, tag: Nobr})
		}
		p.insertFormatting(tok)
	case Applet, Marquee, Object:
		p.reconstruct()
		p.insertElement(tok)
		p.active = append(p.active, None)
	case Table:
		p.closeP()
		p.insertElement(tok)
		p.mode = inTable
	case Area, Br, Embed, Img, Keygen, Wbr, Input:
		p.reconstruct()
		p.insertVoid(tok)
	case Param, Source, Track:
		p.insertVoid(tok)
	case Hr:
		p.closeP()
		p.insertVoid(tok)
	case Image:
		tok.tag = Img
		p.bodyStart(tok)
	case Textarea:
		p.insertRaw(tok, rcdataModel)
		p.skipLF = true
	case Xmp:
		p.closeP()
		p.reconstruct()
		p.insertRaw(tok, rawtextModel)
	case Iframe, Noembed:
		p.insertRaw(tok, rawtextModel)
	case Select:
		p.reconstruct()
		p.insertElement(tok)
		switch p.mode {
		case inTable, inCaption, inTableBody, inRow, inCell:
			p.mode = inSelectInTable
		default:
			p.mode = inSelect
		}
	case Optgroup, Option:
		if p.currentIs(Option) {
			p.pop()
		}
		p.reconstruct()
		p.insertElement(tok)
	case Rb, Rtc:
		if p.inScope(Ruby) >= 0 {
			p.closeImplied(Other)
		}
		p.insertElement(tok)
	case Rp, Rt:
		if p.inScope(Ruby) >= 0 {
			p.closeImplied(Rtc)
		}
		p.insertElement(tok)
	case Math:
		p.reconstruct()
		p.insertForeign(tok, MathML)
	case Svg:
		p.reconstruct()
		p.insertForeign(tok, SVG)
	default:
		p.reconstruct()
		p.insertElement(tok)
	}
}

// closeLink closes an open a before the next one.
func (p *parser) closeLink() {
	if p.activeElement(A) == None {
		return
	}
	p.adopt(token{typ: endTag, tag: A})
	if n := p.activeElement(A); n != None { // so many blocks are open that one is left
		p.removeActive(n)
		if i := p.indexOf(n); i >= 0 {
			p.removeAt(i)
		}
	}
}

// closeItem closes an open item of a list, of either tag, before the next one, and a p.
func (p *parser) closeItem(a, b Tag) {
	if p.open[a]+p.open[b] > 0 {
		for i := len(p.stack) - 1; i > 0; i-- {
			d := p.node(p.stack[i])
			if d.space == HTML && (d.tag == a || d.tag == b) {
				p.closeImplied(d.tag)
				p.popTo(i)
				break
			}
			if d.flags&special != 0 && (d.space != HTML || d.tag != Address && d.tag != Div && d.tag != P) {
				break
			}
		}
	}
	p.closeP()
}

// bodyEnd has the rules "in body" for an end tag.
func (p *parser) bodyEnd(tok token) {
	f := tagFlags[tok.tag]
	switch {
	case f&blockEnd != 0:
		p.end(p.inScope(tok.tag), Other)
		return
	case f&formatting != 0:
		p.adopt(tok)
		return
	case f&heading != 0:
		i := -1
		for h := H1; h <= H6; h++ {
			i = max(i, p.inScope(h))
		}
		p.end(i, Other)
		return
	}
	switch tok.tag {
	case Template:
		p.endTemplate()
	case Body, Html:
	case Form:
		p.endForm()
	case P:
		if p.inButtonScope() < 0 {
			p.insertMissing(P)
		}
		p.closeP()
	case Li:
		p.end(p.inScope(Li, Ol, Ul), Li)
	case Dd, Dt:
		p.end(p.inScope(tok.tag), tok.tag)
	case Applet, Marquee, Object:
		if i := p.inScope(tok.tag); i >= 0 {
			p.end(i, Other)
			p.clearActive()
		}
	case Br:
		p.reconstruct()
		p.insertVoid(token{typ: startTag, tag: Br})
	default:
		p.endOther(tok)
	}
}

// end closes the element at a place of the stack, nothing for -1. except is its tag if that has an implied end.
func (p *parser) end(i int, except Tag) {
	if i >= 0 {
		p.closeImplied(except)
		p.popTo(i)
	}
}

// endForm has the rules for the end tag of a form.
func (p *parser) endForm() {
	if p.open[Template] > 0 {
		p.end(p.inScope(Form), Other)
		return
	}
	n := p.form
	p.form = None
	if n == None {
		return
	}
	i := p.indexOf(n)
	if i < 0 || p.hidden(i) {
		return
	}
	p.closeImplied(Other)
	p.removeAt(i)
}

// hidden reports whether the element at a place of the stack is out of scope.
func (p *parser) hidden(i int) bool {
	for j := len(p.stack) - 1; j > i; j-- {
		if p.node(p.stack[j]).flags&scope != 0 {
			return true
		}
	}
	return false
}

// endOther has the rules for the end tag of an ordinary element.
func (p *parser) endOther(tok token) {
	if p.open[tok.tag] == 0 {
		return
	}
	for i := len(p.stack) - 1; i > 0; i-- {
		d := p.node(p.stack[i])
		if p.sameName(d, tok) && d.space == HTML {
			p.closeImplied(tok.tag)
			p.popTo(min(i, len(p.stack)))
			return
		}
		if d.flags&special != 0 {
			return
		}
	}
}

// sameName reports whether an element has the name of a tag.
func (p *parser) sameName(d *node, tok token) bool {
	return d.tag == tok.tag && (d.tag != Other || equalFold(p.src[d.lo:d.hi], p.src[tok.lo:tok.hi]))
}
