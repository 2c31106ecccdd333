package htmltree

// table has the rules "in table".
func (p *parser) table(tok token) {
	switch tok.typ {
	case textToken:
		if d := p.current(); d.space == HTML && d.flags&tableLike != 0 {
			p.pending = p.pending[:0]
			p.original, p.mode = p.mode, inTableText
			p.tableText(tok)
			return
		}
	case commentToken:
		p.insertComment(tok)
		return
	case doctypeToken:
		return
	case eofToken:
		p.body(tok)
		return
	case startTag:
		if p.tableStart(tok) {
			return
		}
	case endTag:
		switch tok.tag {
		case Table:
			p.endTable()
			return
		case Body, Caption, Col, Colgroup, Html, Tbody, Td, Tfoot, Th, Thead, Tr:
			return
		case Template:
			p.endTemplate()
			return
		}
	}
	p.foster = true
	p.body(tok)
	p.foster = false
}

// tableStart has the rules "in table" for the start tags that belong there. It reports whether the tag is one.
func (p *parser) tableStart(tok token) bool {
	switch tok.tag {
	case Caption:
		p.clearTo(0)
		p.active = append(p.active, None)
		p.insertElement(tok)
		p.mode = inCaption
	case Colgroup:
		p.clearTo(0)
		p.insertElement(tok)
		p.mode = inColumnGroup
	case Col:
		p.clearTo(0)
		p.insertMissing(Colgroup)
		p.mode = inColumnGroup
		p.process(tok)
	case Tbody, Tfoot, Thead:
		p.clearTo(0)
		p.insertElement(tok)
		p.mode = inTableBody
	case Td, Th, Tr:
		p.clearTo(0)
		p.insertMissing(Tbody)
		p.mode = inTableBody
		p.process(tok)
	case Table:
		if p.endTable() {
			p.process(tok)
		}
	case Style, Script, Template:
		p.head(tok)
	case Input:
		if !p.isHidden(tok) {
			return false
		}
		p.insertVoid(tok)
	case Form:
		if p.open[Template] == 0 && p.form == None {
			p.form = p.insertElement(tok)
			p.pop()
		}
	default:
		return false
	}
	return true
}

// isHidden reports whether a tag has the attribute type="hidden".
func (p *parser) isHidden(tok token) bool {
	for _, a := range p.attrs[tok.attrLo:tok.attrHi] {
		if equalFold(p.src[a.nameLo:a.nameHi], "type") {
			return equalFold(string(appendText(nil, p.src[a.valueLo:a.valueHi], attrText, Plain)), "hidden")
		}
	}
	return false
}

// endTable closes a table and reports whether there was one.
func (p *parser) endTable() bool {
	i := p.inTableScope(Table)
	if i < 0 {
		return false
	}
	p.popTo(i)
	p.resetMode()
	return true
}

// clearTo clears the stack back to a table, a template or the root, or to an element of the given tags.
func (p *parser) clearTo(tags ...Tag) {
	for {
		d := p.current()
		if d.space == HTML {
			if len(tags) == 1 && tags[0] == Other && d.tag == Table || d.tag == Template || d.tag == Html {
				return
			}
			for _, t := range tags {
				if t != Other && d.tag == t {
					return
				}
			}
		}
		p.pop()
	}
}

// tableText collects the text of a table. Unless all of it is white space it moves in front of the table.
func (p *parser) tableText(tok token) {
	if tok.typ == textToken {
		p.pending = append(p.pending, tok)
		return
	}
	p.mode = p.original
	blank := true
	for _, t := range p.pending {
		blank = blank && p.isBlank(t)
	}
	for _, t := range p.pending {
		if p.onlyNULs(t) {
			continue
		}
		if !blank {
			p.foster = true
			p.reconstruct()
		}
		p.insertText(t)
		p.foster = false
	}
	p.pending = p.pending[:0]
	p.process(tok)
}

// isBlank reports whether a text is nothing but white space and U+0000.
func (p *parser) isBlank(tok token) bool {
	s := p.text(tok)
	for {
		s = s[spacePrefix(s, tok.mode):]
		if s == "" {
			return true
		}
		if s[0] != 0 {
			return false
		}
		s = s[1:]
	}
}

// caption has the rules "in caption".
func (p *parser) caption(tok token) {
	switch tok.typ {
	case startTag:
		switch tok.tag {
		case Caption, Col, Colgroup, Tbody, Td, Tfoot, Th, Thead, Tr:
			if p.endCaption() {
				p.process(tok)
			}
			return
		}
	case endTag:
		switch tok.tag {
		case Caption:
			p.endCaption()
			return
		case Table:
			if p.endCaption() {
				p.process(tok)
			}
			return
		case Body, Col, Colgroup, Html, Tbody, Td, Tfoot, Th, Thead, Tr:
			return
		}
	}
	p.body(tok)
}

// endCaption closes a caption and reports whether there was one.
func (p *parser) endCaption() bool {
	i := p.inTableScope(Caption)
	if i < 0 {
		return false
	}
	p.popTo(i)
	p.clearActive()
	p.mode = inTable
	return true
}

// columnGroup has the rules "in column group".
func (p *parser) columnGroup(tok token) {
	switch tok.typ {
	case textToken:
		if tok = p.columnText(tok); tok.lo == tok.hi {
			return
		}
	case commentToken:
		p.insertComment(tok)
		return
	case doctypeToken:
		return
	case eofToken:
		p.body(tok)
		return
	case startTag:
		switch tok.tag {
		case Html:
			return
		case Col:
			p.insertVoid(tok)
			return
		case Template:
			p.head(tok)
			return
		}
	case endTag:
		switch tok.tag {
		case Colgroup:
			if p.currentIs(Colgroup) {
				p.pop()
				p.mode = inTable
			}
			return
		case Col:
			return
		case Template:
			p.endTemplate()
			return
		}
	}
	if p.currentIs(Colgroup) {
		p.pop()
		p.mode = inTable
		p.process(tok)
	}
}

// columnText inserts the white space of a text in a column group and returns what comes behind. In a template, where no
// column group can be closed for it, everything else is dropped.
func (p *parser) columnText(tok token) token {
	for tok.lo < tok.hi {
		if n := spacePrefix(p.text(tok), tok.mode); n > 0 {
			space := tok
			space.hi = tok.lo + int32(n)
			p.insertText(space)
			tok.lo = space.hi
			continue
		}
		if p.currentIs(Colgroup) {
			break
		}
		n := 1
		if p.src[tok.lo] == '&' && tok.mode != rawMode {
			_, n = appendReference(nil, p.text(tok), false, Plain)
		}
		tok.lo += int32(n)
	}
	return tok
}

// tableBody has the rules "in table body".
func (p *parser) tableBody(tok token) {
	switch tok.typ {
	case startTag:
		switch tok.tag {
		case Tr:
			p.clearTo(Tbody, Tfoot, Thead)
			p.insertElement(tok)
			p.mode = inRow
			return
		case Td, Th:
			p.clearTo(Tbody, Tfoot, Thead)
			p.insertMissing(Tr)
			p.mode = inRow
			p.process(tok)
			return
		case Caption, Col, Colgroup, Tbody, Tfoot, Thead:
			p.endTableBody(tok)
			return
		}
	case endTag:
		switch tok.tag {
		case Tbody, Tfoot, Thead:
			if p.inTableScope(tok.tag) >= 0 {
				p.clearTo(Tbody, Tfoot, Thead)
				p.pop()
				p.mode = inTable
			}
			return
		case Table:
			p.endTableBody(tok)
			return
		case Body, Caption, Col, Colgroup, Html, Td, Th, Tr:
			return
		}
	}
	p.table(tok)
}

// endTableBody closes the body of a table for a tag that belongs outside of it.
func (p *parser) endTableBody(tok token) {
	if p.inTableScope(Tbody) < 0 && p.inTableScope(Thead) < 0 && p.inTableScope(Tfoot) < 0 {
		return
	}
	p.clearTo(Tbody, Tfoot, Thead)
	p.pop()
	p.mode = inTable
	p.process(tok)
}

// row has the rules "in row".
func (p *parser) row(tok token) {
	switch tok.typ {
	case startTag:
		switch tok.tag {
		case Td, Th:
			p.clearTo(Tr)
			p.insertElement(tok)
			p.mode = inCell
			p.active = append(p.active, None)
			return
		case Caption, Col, Colgroup, Tbody, Tfoot, Thead, Tr:
			if p.endRow() {
				p.process(tok)
			}
			return
		}
	case endTag:
		switch tok.tag {
		case Tr:
			p.endRow()
			return
		case Table:
			if p.endRow() {
				p.process(tok)
			}
			return
		case Tbody, Tfoot, Thead:
			if p.inTableScope(tok.tag) >= 0 && p.endRow() {
				p.process(tok)
			}
			return
		case Body, Caption, Col, Colgroup, Html, Td, Th:
			return
		}
	}
	p.table(tok)
}

// endRow closes a row and reports whether there was one.
func (p *parser) endRow() bool {
	if p.inTableScope(Tr) < 0 {
		return false
	}
	p.clearTo(Tr)
	p.pop()
	p.mode = inTableBody
	return true
}

// cell has the rules "in cell".
func (p *parser) cell(tok token) {
	switch tok.typ {
	case startTag:
		switch tok.tag {
		case Caption, Col, Colgroup, Tbody, Td, Tfoot, Th, Thead, Tr:
			if p.endCell() {
				p.process(tok)
			}
			return
		}
	case endTag:
		switch tok.tag {
		case Td, Th:
			if i := p.inTableScope(tok.tag); i >= 0 {
				p.popTo(i)
				p.clearActive()
				p.mode = inRow
			}
			return
		case Body, Caption, Col, Colgroup, Html:
			return
		case Table, Tbody, Tfoot, Thead, Tr:
			if p.inTableScope(tok.tag) >= 0 && p.endCell() {
				p.process(tok)
			}
			return
		}
	}
	p.body(tok)
}

// endCell closes a cell and reports whether there was one.
func (p *parser) endCell() bool {
	i := max(p.inTableScope(Td), p.inTableScope(Th))
	if i < 0 {
		return false
	}
	p.popTo(i)
	p.clearActive()
	p.mode = inRow
	return true
}
