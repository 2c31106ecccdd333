package htmltree

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"
)

// A mode is an insertion mode. A fragment in a body never reaches those of a document's head and end.
type mode uint8

const (
	inBody mode = iota
	inText
	inTable
	inTableText
	inCaption
	inColumnGroup
	inTableBody
	inRow
	inCell
	inSelect
	inSelectInTable
	inTemplate
)

// A parser is the state of parsing one source.
type parser struct {
	t   *Tree
	src string
	pos int
	err error

	attrs     []Attr              // the tree's, while parsing
	names     map[string]struct{} // of the attributes of a tag with many
	seed      maphash.Seed        // of the marks of formatting elements
	model     contentModel
	modelTag  Tag
	skipLF    bool // a line feed right after this tag is not content
	mode      mode
	original  mode // to return to from inText and inTableText
	templates []mode
	stack     []ID // of open elements
	active    []ID // active formatting elements; None is a marker
	open      [NumTags]int32
	form      ID
	foster    bool
	pending   []token // the text of inTableText
}

// Parse parses a fragment. The tree refers to src. After an error the tree is not to be used.
func (t *Tree) Parse(src string) error {
	src = normalize(src)
	if len(src) > maxSource {
		return ErrTooLarge
	}
	t.src = src
	t.reserve(src)
	p := &t.p
	*p = parser{
		t: t, src: src, attrs: t.attrs[:0], form: None,
		templates: p.templates[:0], stack: p.stack[:0], active: p.active[:0], pending: p.pending[:0],
	}
	p.push(t.newNode(node{kind: Element, tag: Html, flags: tagFlags[Html]}))
	p.run()
	t.attrs = p.attrs
	p.src, p.attrs = "", nil
	return p.err
}

// reserve makes room for the nodes that a source usually has.
func (t *Tree) reserve(src string) {
	tags := min(strings.Count(src, "<"), len(src)/16) + 4
	if cap(t.nodes) < tags {
		t.nodes, t.lists, t.attrs = make([]node, 0, tags+tags/2), make([]list, 0, tags), make([]Attr, 0, tags)
		t.p.stack, t.p.active = make([]ID, 0, 32), make([]ID, 0, 8)
	}
	t.nodes, t.lists = t.nodes[:0], t.lists[:0]
}

// normalize makes line ends "\n", bytes that are not UTF-8 U+FFFD, and drops a byte order mark.
func normalize(src string) string {
	src = strings.TrimPrefix(src, "\uFEFF")
	if strings.IndexByte(src, '\r') >= 0 {
		src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	}
	if !utf8.ValidString(src) {
		src = strings.ToValidUTF8(src, "\uFFFD")
	}
	return src
}

// run reads tokens up to the end of the source.
func (p *parser) run() {
	limit := len(p.src) + maxExtraNodes
	for p.err == nil {
		tok := p.next(p.current().space != HTML)
		if p.err != nil {
			return
		}
		if p.skipLF {
			p.skipLF = false
			if tok.typ == textToken {
				tok.lo += int32(newlinePrefix(p.text(tok), tok.mode))
				if tok.lo == tok.hi {
					continue
				}
			}
		}
		used := len(p.t.nodes)
		p.process(tok)
		if tok.typ == eofToken {
			return
		}
		if len(p.t.nodes) == used && p.mode != inTableText {
			p.attrs = p.attrs[:len(p.attrs)-int(tok.attrHi-tok.attrLo)] // of a tag that came to nothing
		}
		if len(p.stack) > maxDepth+1 {
			p.err = ErrTooDeep
		}
		if len(p.t.nodes) > limit {
			p.err = ErrTooLarge
		}
	}
}

// text returns the source of a text token.
func (p *parser) text(tok token) string { return p.src[tok.lo:tok.hi] }

// current returns the current node.
func (p *parser) current() *node { return &p.t.nodes[p.stack[len(p.stack)-1]] }

// currentIs reports whether the current node is the HTML element of that tag.
func (p *parser) currentIs(tag Tag) bool {
	n := p.current()
	return n.tag == tag && n.space == HTML
}

// node returns the node of an ID. The pointer does not survive the next new node.
func (p *parser) node(n ID) *node { return &p.t.nodes[n] }

// push makes n the current node.
func (p *parser) push(n ID) {
	if d := p.node(n); d.space == HTML {
		p.open[d.tag]++
	}
	p.stack = append(p.stack, n)
}

// pop removes the current node from the stack.
func (p *parser) pop() ID {
	n := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	if d := p.node(n); d.space == HTML {
		p.open[d.tag]--
	}
	return n
}

// removeAt removes the element at a place of the stack.
func (p *parser) removeAt(i int) {
	if d := p.node(p.stack[i]); d.space == HTML {
		p.open[d.tag]--
	}
	p.stack = append(p.stack[:i], p.stack[i+1:]...)
}

// insertAt puts an element at a place of the stack.
func (p *parser) insertAt(i int, n ID) {
	p.push(n)
	copy(p.stack[i+1:], p.stack[i:])
	p.stack[i] = n
}

// indexOf returns the place of an element on the stack, -1 if it is not open.
func (p *parser) indexOf(n ID) int {
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.stack[i] == n {
			return i
		}
	}
	return -1
}

// popTo pops up to and including the element at a place of the stack.
func (p *parser) popTo(i int) {
	for len(p.stack) > i {
		p.pop()
	}
}

// popUntil pops up to and including the HTML element of that tag.
func (p *parser) popUntil(tag Tag) {
	for len(p.stack) > 1 {
		if d := p.node(p.pop()); d.tag == tag && d.space == HTML {
			return
		}
	}
}

// find returns the place of the innermost open HTML element of that tag that no element of the barrier hides, -1 without one.
func (p *parser) find(tag Tag, barrier flags) int {
	if p.open[tag] == 0 {
		return -1
	}
	for i := len(p.stack) - 1; i > 0; i-- {
		d := p.node(p.stack[i])
		if d.tag == tag && d.space == HTML {
			return i
		}
		if d.flags&barrier != 0 {
			return -1
		}
	}
	return -1
}

// inScope is find for "has an element in scope", which other elements of HTML may end too.
func (p *parser) inScope(tag Tag, also ...Tag) int {
	if p.open[tag] == 0 {
		return -1
	}
	for i := len(p.stack) - 1; i > 0; i-- {
		d := p.node(p.stack[i])
		if d.space == HTML {
			if d.tag == tag {
				return i
			}
			for _, a := range also {
				if d.tag == a {
					return -1
				}
			}
		}
		if d.flags&scope != 0 {
			return -1
		}
	}
	return -1
}

// inButtonScope is find for a p, which a button hides too.
func (p *parser) inButtonScope() int { return p.inScope(P, Button) }

// inTableScope is find for "has an element in table scope".
func (p *parser) inTableScope(tag Tag) int { return p.find(tag, tableScope) }

// inSelectScope is find for "has an element in select scope": only option and optgroup do not hide a select.
func (p *parser) inSelectScope() int {
	for i := len(p.stack) - 1; i > 0; i-- {
		switch d := p.node(p.stack[i]); {
		case d.space == HTML && d.tag == Select:
			return i
		case d.space != HTML || d.tag != Optgroup && d.tag != Option:
			return -1
		}
	}
	return -1
}

// closeImplied generates implied end tags, except for one.
func (p *parser) closeImplied(except Tag) {
	for {
		d := p.current()
		if d.flags&implied == 0 || d.tag == except {
			return
		}
		p.pop()
	}
}

// closeP closes a p element in button scope.
func (p *parser) closeP() {
	if i := p.inButtonScope(); i >= 0 {
		p.popTo(i)
	}
}

// place returns where a new node goes: the parent, and the sibling that it is put before or None. An element other than
// the current node may be the target.
func (p *parser) place(target ID) (parent, before ID) {
	if !p.foster || p.node(target).flags&tableLike == 0 {
		return target, None
	}
	for i := len(p.stack) - 1; i > 0; i-- {
		d := p.node(p.stack[i])
		if d.space != HTML {
			continue
		}
		switch d.tag {
		case Template:
			return p.stack[i], None
		case Table:
			if parent := p.t.parent(p.stack[i]); parent != None {
				return parent, p.stack[i]
			}
			return p.stack[i-1], None
		}
	}
	return Root, None
}

// add puts a new node at its place.
func (p *parser) add(n ID) {
	parent, before := p.place(p.stack[len(p.stack)-1])
	p.t.insert(parent, before, n)
}

// element makes an element of a tag.
func (p *parser) element(tok token, space Space) ID {
	d := node{kind: Element, space: space, tag: tok.tag, lo: tok.lo, hi: tok.hi, attrLo: tok.attrLo, attrHi: tok.attrHi}
	if space == HTML {
		d.flags = tagFlags[tok.tag]
	} else {
		d.flags = p.foreignFlags(tok, space)
	}
	return p.t.newNode(d)
}

// insertElement inserts the HTML element of a start tag and makes it the current node.
func (p *parser) insertElement(tok token) ID {
	n := p.element(tok, HTML)
	p.add(n)
	p.push(n)
	return n
}

// insertVoid inserts the HTML element of a start tag that has no content.
func (p *parser) insertVoid(tok token) {
	p.insertElement(tok)
	p.pop()
}

// insertMissing inserts an HTML element that the source has no tag for.
func (p *parser) insertMissing(tag Tag) { p.insertElement(token{typ: startTag, tag: tag}) }

// insertText inserts a text.
func (p *parser) insertText(tok token) {
	if tok.lo < tok.hi {
		p.add(p.t.newNode(node{kind: Text, mode: tok.mode, lo: tok.lo, hi: tok.hi}))
	}
}

// insertComment inserts a comment.
func (p *parser) insertComment(tok token) {
	p.add(p.t.newNode(node{kind: Comment, lo: tok.lo, hi: tok.hi}))
}

// insertRaw inserts an element whose content is text.
func (p *parser) insertRaw(tok token, model contentModel) {
	p.insertElement(tok)
	p.model, p.modelTag = model, tok.tag
	p.original, p.mode = p.mode, inText
}

// onlyNULs reports whether a text of data mode stands for nothing.
func (p *parser) onlyNULs(tok token) bool {
	return tok.mode == dataText && p.src[tok.lo] == 0 && strings.Trim(p.text(tok), "\x00") == ""
}

// resetMode sets the insertion mode to what the open elements ask for.
func (p *parser) resetMode() {
	for i := len(p.stack) - 1; i > 0; i-- {
		d := p.node(p.stack[i])
		if d.space != HTML {
			continue
		}
		switch d.tag {
		case Select:
			p.mode = inSelect
			for j := i - 1; j > 0; j-- {
				if a := p.node(p.stack[j]); a.space == HTML && a.tag == Template {
					break
				} else if a.space == HTML && a.tag == Table {
					p.mode = inSelectInTable
					break
				}
			}
			return
		case Td, Th:
			p.mode = inCell
			return
		case Tr:
			p.mode = inRow
			return
		case Tbody, Thead, Tfoot:
			p.mode = inTableBody
			return
		case Caption:
			p.mode = inCaption
			return
		case Colgroup:
			p.mode = inColumnGroup
			return
		case Table:
			p.mode = inTable
			return
		case Template:
			p.mode = p.templates[len(p.templates)-1]
			return
		}
	}
	p.mode = inBody
}
