package htmltree

// process hands a token to the rules that apply to it.
func (p *parser) process(tok token) {
	if p.isForeign(tok) {
		p.foreign(tok)
		return
	}
	p.html(tok)
}

// html hands a token to the rules of the insertion mode.
func (p *parser) html(tok token) {
	switch p.mode {
	case inBody:
		p.body(tok)
	case inText:
		p.textMode(tok)
	case inTable:
		p.table(tok)
	case inTableText:
		p.tableText(tok)
	case inCaption:
		p.caption(tok)
	case inColumnGroup:
		p.columnGroup(tok)
	case inTableBody:
		p.tableBody(tok)
	case inRow:
		p.row(tok)
	case inCell:
		p.cell(tok)
	case inSelect, inSelectInTable:
		p.selectMode(tok)
	case inTemplate:
		p.template(tok)
	}
}

// textMode has the rules of an element whose content is text.
func (p *parser) textMode(tok token) {
	if tok.typ == textToken {
		p.insertText(tok)
		return
	}
	p.pop()
	p.mode = p.original
	if tok.typ == eofToken {
		p.process(tok)
	}
}

// head has the rules for the start tags that mean the same in a head and in a body.
func (p *parser) head(tok token) {
	switch tok.tag {
	case Base, Basefont, Bgsound, Link, Meta:
		p.insertVoid(tok)
	case Title:
		p.insertRaw(tok, rcdataModel)
	case Noframes, Style:
		p.insertRaw(tok, rawtextModel)
	case Script:
		p.insertRaw(tok, scriptModel)
	case Template:
		p.insertElement(tok)
		p.active = append(p.active, None)
		p.mode = inTemplate
		p.templates = append(p.templates, inTemplate)
	}
}

// endTemplate has the rules for the end tag of a template.
func (p *parser) endTemplate() {
	if p.open[Template] == 0 {
		return
	}
	for p.current().flags&impliedAll != 0 {
		p.pop()
	}
	p.popUntil(Template)
	p.clearActive()
	p.templates = p.templates[:len(p.templates)-1]
	p.resetMode()
}

// template has the rules of a template's content.
func (p *parser) template(tok token) {
	switch tok.typ {
	case startTag:
		var m mode
		switch tok.tag {
		case Base, Basefont, Bgsound, Link, Meta, Noframes, Script, Style, Template, Title:
			p.head(tok)
			return
		case Caption, Colgroup, Tbody, Tfoot, Thead:
			m = inTable
		case Col:
			m = inColumnGroup
		case Tr:
			m = inTableBody
		case Td, Th:
			m = inRow
		default:
			m = inBody
		}
		p.templates[len(p.templates)-1] = m
		p.mode = m
		p.process(tok)
	case endTag:
		if tok.tag == Template {
			p.endTemplate()
		}
	case eofToken:
		if p.open[Template] > 0 {
			p.popUntil(Template)
			p.clearActive()
			p.templates = p.templates[:len(p.templates)-1]
			p.resetMode()
			p.process(tok)
		}
	default:
		p.body(tok)
	}
}
