package htmltree

import (
	"hash/maphash"
	"slices"
)

// insertFormatting inserts a formatting element and adds it to the active ones: at most three that are alike.
func (p *parser) insertFormatting(tok token) {
	p.reconstruct()
	n := p.insertElement(tok)
	p.node(n).mark = p.attributesMark(tok)
	alike, first := 0, 0
	for i := len(p.active) - 1; i >= 0 && p.active[i] != None; i-- {
		if p.alike(p.active[i], n) {
			alike++
			first = i
		}
	}
	if alike >= 3 {
		p.node(p.active[first]).listed = false
		p.active = slices.Delete(p.active, first, first+1)
	}
	p.node(n).listed = true
	p.active = append(p.active, n)
}

// attributesMark returns a number that is the same for tags with the same attributes, and hardly ever for others. Comparing numbers
// first keeps the time linear for many tags with many attributes.
func (p *parser) attributesMark(tok token) uint32 {
	if tok.attrLo == tok.attrHi {
		return 0
	}
	if p.seed == (maphash.Seed{}) {
		p.seed = maphash.MakeSeed()
	}
	var mark uint64
	for _, a := range p.attrs[tok.attrLo:tok.attrHi] {
		name := maphash.String(p.seed, lowerName(p.src[a.nameLo:a.nameHi]))
		mark += name*2 + maphash.String(p.seed, DecodeValue(p.src[a.valueLo:a.valueHi]))*name
	}
	return uint32(mark >> 32)
}

// alike reports whether two elements have the same tag and the same attributes.
func (p *parser) alike(a, b ID) bool {
	x, y := p.node(a), p.node(b)
	if x.tag != y.tag || x.mark != y.mark || x.attrHi-x.attrLo != y.attrHi-y.attrLo {
		return false
	}
	if x.attrLo == y.attrLo {
		return true
	}
	for _, i := range p.attrs[x.attrLo:x.attrHi] {
		found := false
		for _, j := range p.attrs[y.attrLo:y.attrHi] {
			if equalFold(p.src[i.nameLo:i.nameHi], p.src[j.nameLo:j.nameHi]) {
				found = p.sameValue(p.src[i.valueLo:i.valueHi], p.src[j.valueLo:j.valueHi])
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// sameValue reports whether the sources of two attribute values stand for the same value.
func (p *parser) sameValue(a, b string) bool {
	if a == b {
		return true
	}
	if indexSpecial(a, Plain) < 0 && indexSpecial(b, Plain) < 0 {
		return false
	}
	return string(appendText(nil, a, attrText, Plain)) == string(appendText(nil, b, attrText, Plain))
}

// reconstruct opens the active formatting elements again that were closed with the block they were in.
func (p *parser) reconstruct() {
	i := len(p.active)
	for i > 0 && p.active[i-1] != None && p.indexOf(p.active[i-1]) < 0 {
		i--
	}
	for ; i < len(p.active); i++ {
		p.node(p.active[i]).listed = false
		n := p.clone(p.active[i])
		p.add(n)
		p.push(n)
		p.node(n).listed = true
		p.active[i] = n
		if len(p.stack) > maxDepth+1 {
			p.err = ErrTooDeep
			return
		}
	}
}

// clone makes an element like another one.
func (p *parser) clone(n ID) ID {
	d := *p.node(n)
	d.listed = false
	return p.t.newNode(d)
}

// clearActive forgets the active formatting elements up to the last marker.
func (p *parser) clearActive() {
	for len(p.active) > 0 {
		n := p.active[len(p.active)-1]
		p.active = p.active[:len(p.active)-1]
		if n == None {
			return
		}
		p.node(n).listed = false
	}
}

// activeElement returns the last active formatting element of a tag behind the last marker.
func (p *parser) activeElement(tag Tag) ID {
	for i := len(p.active) - 1; i >= 0 && p.active[i] != None; i-- {
		if p.node(p.active[i]).tag == tag {
			return p.active[i]
		}
	}
	return None
}

// activeIndex returns the place of an element among the active ones.
func (p *parser) activeIndex(n ID) int {
	for i := len(p.active) - 1; i >= 0; i-- {
		if p.active[i] == n {
			return i
		}
	}
	return -1
}

// removeActive removes an element from the active ones, if it is one.
func (p *parser) removeActive(n ID) {
	if d := p.node(n); d.listed {
		d.listed = false
		i := p.activeIndex(n)
		p.active = slices.Delete(p.active, i, i+1)
	}
}

// adopt runs the adoption agency algorithm for the end tag of a formatting element.
func (p *parser) adopt(tok token) {
	if d := p.current(); d.space == HTML && d.tag == tok.tag && !d.listed {
		p.pop()
		return
	}
	for range 8 {
		n := p.activeElement(tok.tag)
		if n == None {
			p.endOther(tok)
			return
		}
		at := p.indexOf(n)
		if at < 0 {
			p.removeActive(n)
			return
		}
		if p.hidden(at) {
			return
		}
		block := at + 1
		for block < len(p.stack) && p.node(p.stack[block]).flags&special == 0 {
			block++
		}
		if block == len(p.stack) {
			p.popTo(at)
			p.removeActive(n)
			return
		}
		p.adoptBlock(n, at, block)
	}
}

// adoptBlock takes the block at a place of the stack out of the formatting element n at another place.
func (p *parser) adoptBlock(n ID, at, block int) {
	furthest, ancestor := p.stack[block], p.stack[at-1]
	bookmark := p.activeIndex(n)
	last := furthest
	for i, count := block-1, 1; i > at; i, count = i-1, count+1 {
		m := p.stack[i]
		if count > 3 && p.node(m).listed {
			if p.activeIndex(m) < bookmark {
				bookmark--
			}
			p.removeActive(m) // the standard has it closed, too; the reference's parser leaves it open
			continue
		}
		if !p.node(m).listed {
			p.removeAt(i)
			continue
		}
		c := p.clone(m)
		j := p.activeIndex(m)
		p.node(m).listed, p.node(c).listed = false, true
		p.active[j], p.stack[i] = c, c
		if last == furthest {
			bookmark = j + 1
		}
		p.t.detach(last)
		p.t.insert(c, None, last)
		last = c
	}
	p.t.detach(last)
	parent, before := p.place(ancestor)
	p.t.insert(parent, before, last)

	c := p.clone(n)
	p.t.moveChildren(furthest, c)
	p.t.insert(furthest, None, c)

	old := p.activeIndex(n)
	p.node(n).listed, p.node(c).listed = false, true
	p.active = slices.Insert(p.active, bookmark, c)
	if old >= bookmark {
		old++
	}
	p.active = slices.Delete(p.active, old, old+1)
	p.removeAt(p.indexOf(n))
	p.insertAt(p.indexOf(furthest)+1, c)
}
