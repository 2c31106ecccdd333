package htmltree

// selectMode has the rules "in select" and "in select in table".
func (p *parser) selectMode(tok token) {
	switch tok.typ {
	case textToken:
		if !p.onlyNULs(tok) {
			p.insertText(tok)
		}
	case commentToken:
		p.insertComment(tok)
	case eofToken:
		p.body(tok)
	case startTag:
		p.selectStart(tok)
	case endTag:
		p.selectEnd(tok)
	}
}

// selectStart has the rules "in select" for a start tag.
func (p *parser) selectStart(tok token) {
	switch tok.tag {
	case Option:
		p.popIf(Option)
		p.insertElement(tok)
	case Optgroup:
		p.popIf(Option)
		p.popIf(Optgroup)
		p.insertElement(tok)
	case Hr:
		p.popIf(Option)
		p.popIf(Optgroup)
		p.insertVoid(tok)
	case Select:
		p.endSelect()
	case Input, Keygen, Textarea:
		if p.endSelect() {
			p.process(tok)
		}
	case Script, Template:
		p.head(tok)
	case Caption, Table, Tbody, Tfoot, Thead, Tr, Td, Th:
		if p.mode == inSelectInTable {
			p.popUntil(Select)
			p.resetMode()
			p.process(tok)
		}
	}
}

// selectEnd has the rules "in select" for an end tag.
func (p *parser) selectEnd(tok token) {
	switch tok.tag {
	case Optgroup:
		if n := len(p.stack); p.currentIs(Option) {
			if d := p.node(p.stack[n-2]); d.space == HTML && d.tag == Optgroup {
				p.pop()
			}
		}
		p.popIf(Optgroup)
	case Option:
		p.popIf(Option)
	case Select:
		p.endSelect()
	case Template:
		p.endTemplate()
	case Caption, Table, Tbody, Tfoot, Thead, Tr, Td, Th:
		if p.mode == inSelectInTable && p.inTableScope(tok.tag) >= 0 {
			p.popUntil(Select)
			p.resetMode()
			p.process(tok)
		}
	}
}

// popIf pops the current node if it is the HTML element of that tag.
func (p *parser) popIf(tag Tag) {
	if p.currentIs(tag) {
		p.pop()
	}
}

// endSelect closes a select and reports whether there was one.
func (p *parser) endSelect() bool {
	i := p.inSelectScope()
	if i < 0 {
		return false
	}
	p.popTo(i)
	p.resetMode()
	return true
}
