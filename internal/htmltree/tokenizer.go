package htmltree

import "strings"

// A tokenType is a kind of token.
type tokenType uint8

const (
	eofToken tokenType = iota
	textToken
	startTag
	endTag
	commentToken
	doctypeToken
)

// A token is one token of the source. Everything in it is a place in the source.
type token struct {
	typ         tokenType
	mode        textMode // of text
	tag         Tag
	selfClosing bool
	lo, hi      int32 // of the text, the comment's text or the name of the tag
	attrLo      int32 // the attributes: p.attrs[attrLo:attrHi]
	attrHi      int32
}

// A contentModel says how the source is read until the end tag of the element that set it.
type contentModel uint8

const (
	dataModel contentModel = iota
	rcdataModel
	rawtextModel
	scriptModel
	plaintextModel
)

// next reads the next token. foreign says whether the adjusted current node is not an HTML element: only then
// "<![CDATA[" starts a CDATA section.
func (p *parser) next(foreign bool) token {
	if p.model != dataModel {
		if tok, ok := p.nextRaw(); ok {
			return tok
		}
	}
	start := p.pos
	for p.pos < len(p.src) {
		if p.src[p.pos] != '<' {
			i := strings.IndexByte(p.src[p.pos:], '<')
			if i < 0 {
				p.pos = len(p.src)
				break
			}
			p.pos += i
		}
		if p.pos+1 >= len(p.src) {
			p.pos = len(p.src)
			break
		}
		c := p.src[p.pos+1]
		switch {
		case isLetter(c), c == '!', c == '?':
		case c == '/' && p.pos+2 < len(p.src):
			if p.src[p.pos+2] == '>' && p.pos == start {
				p.pos += 3 // "</>" is nothing at all
				start = p.pos
				continue
			}
		default:
			p.pos++
			continue
		}
		if p.pos > start {
			break
		}
		return p.markup(c, foreign)
	}
	if p.pos == start {
		return token{}
	}
	return token{typ: textToken, lo: int32(start), hi: int32(p.pos)}
}

// markup reads the tag, the comment or whatever starts with "<" and c at the current place.
func (p *parser) markup(c byte, foreign bool) token {
	switch {
	case isLetter(c):
		p.pos++
		return p.readTag(startTag)
	case c == '/':
		if isLetter(p.src[p.pos+2]) {
			p.pos += 2
			return p.readTag(endTag)
		}
		p.pos += 2
		return p.readUntil(commentToken, ">")
	case c == '?':
		p.pos++
		return p.readUntil(commentToken, ">")
	}
	p.pos += 2
	rest := p.src[p.pos:]
	switch {
	case strings.HasPrefix(rest, "--"):
		p.pos += 2
		return p.readComment()
	case len(rest) >= 7 && equalFold(rest[:7], "doctype"):
		return p.readUntil(doctypeToken, ">")
	case foreign && strings.HasPrefix(rest, "[CDATA["):
		p.pos += 7
		tok := p.readUntil(textToken, "]]>")
		tok.mode = rawMode
		return tok
	}
	return p.readUntil(commentToken, ">")
}

// readUntil reads up to the given end, or to the end of the source.
func (p *parser) readUntil(typ tokenType, end string) token {
	tok := token{typ: typ, lo: int32(p.pos)}
	if i := strings.Index(p.src[p.pos:], end); i >= 0 {
		tok.hi = int32(p.pos + i)
		p.pos += i + len(end)
		return tok
	}
	tok.hi = int32(len(p.src))
	p.pos = len(p.src)
	return tok
}

// readComment reads a comment from behind its "<!--".
func (p *parser) readComment() token {
	tok := token{typ: commentToken, lo: int32(p.pos), hi: int32(p.pos)}
	rest := p.src[p.pos:]
	switch {
	case strings.HasPrefix(rest, ">"):
		p.pos++
		return tok
	case strings.HasPrefix(rest, "->"):
		p.pos += 2
		return tok
	}
	for i := 0; ; {
		j := strings.Index(rest[i:], "--")
		if j < 0 {
			break
		}
		i += j
		end := rest[i+2:]
		switch {
		case strings.HasPrefix(end, ">"):
			tok.hi = int32(p.pos + i)
			p.pos += i + 3
			return tok
		case strings.HasPrefix(end, "!>"):
			tok.hi = int32(p.pos + i)
			p.pos += i + 4
			return tok
		}
		i++
	}
	// Dashes, or dashes and a bang, that could have begun the end are not part of an unfinished comment.
	end := len(p.src)
	switch {
	case strings.HasSuffix(rest, "--!"):
		end -= 3
	case strings.HasSuffix(rest, "--"):
		end -= 2
	case strings.HasSuffix(rest, "-"):
		end--
	}
	tok.hi = int32(end)
	p.pos = len(p.src)
	return tok
}

// readTag reads a tag from the start of its name. A tag that the source ends in is no token: the source has ended.
func (p *parser) readTag(typ tokenType) token {
	start := p.pos
	for p.pos < len(p.src) && !endsName(p.src[p.pos]) {
		p.pos++
	}
	tok := token{typ: typ, lo: int32(start), hi: int32(p.pos), attrLo: int32(len(p.attrs))}
	tok.tag = TagOf(p.src[start:p.pos])
	tok.attrHi = tok.attrLo
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; {
		case isSpace(c):
			p.pos++
		case c == '/':
			p.pos++
			if p.pos < len(p.src) && p.src[p.pos] == '>' {
				tok.selfClosing = true
			}
		case c == '>':
			p.pos++
			tok.attrHi = int32(len(p.attrs))
			return tok
		default:
			p.readAttribute(tok.attrLo)
		}
	}
	p.attrs = p.attrs[:tok.attrLo]
	return token{}
}

// readAttribute reads one attribute of the tag whose attributes start at p.attrs[first]. The first of a name counts.
func (p *parser) readAttribute(first int32) {
	start := p.pos
	p.pos++ // even a "=" can start a name
	for p.pos < len(p.src) && p.src[p.pos] != '=' && !endsName(p.src[p.pos]) {
		p.pos++
	}
	a := Attr{nameLo: int32(start), nameHi: int32(p.pos)}
	p.skipSpace()
	if p.pos < len(p.src) && p.src[p.pos] == '=' {
		p.pos++
		p.skipSpace()
		p.readValue(&a)
	}
	if p.hasAttribute(first, p.src[a.nameLo:a.nameHi]) {
		return
	}
	if len(p.attrs)-int(first) >= maxAttributes {
		p.err = ErrTooManyAttributes
		return
	}
	p.attrs = append(p.attrs, a)
}

// manyAttributes is from how many attributes on their names are kept in a map.
const manyAttributes = 16

// hasAttribute reports whether the tag whose attributes start at p.attrs[first] has one of the given name.
func (p *parser) hasAttribute(first int32, name string) bool {
	attrs := p.attrs[first:]
	if len(attrs) < manyAttributes {
		for _, b := range attrs {
			if b.nameHi-b.nameLo == int32(len(name)) && equalFold(p.src[b.nameLo:b.nameHi], name) {
				return true
			}
		}
		return false
	}
	if len(attrs) == manyAttributes {
		p.names = make(map[string]struct{}, 2*manyAttributes)
		for _, b := range attrs {
			p.names[lowerName(p.src[b.nameLo:b.nameHi])] = struct{}{}
		}
	}
	name = lowerName(name)
	if _, ok := p.names[name]; ok {
		return true
	}
	p.names[name] = struct{}{}
	return false
}

// readValue reads the value of an attribute.
func (p *parser) readValue(a *Attr) {
	if p.pos >= len(p.src) {
		return
	}
	if quote := p.src[p.pos]; quote == '"' || quote == '\'' {
		p.pos++
		a.valueLo = int32(p.pos)
		i := strings.IndexByte(p.src[p.pos:], quote)
		if i < 0 {
			p.pos = len(p.src)
			return
		}
		p.pos += i
		a.valueHi = int32(p.pos)
		p.pos++
		return
	}
	a.valueLo = int32(p.pos)
	for p.pos < len(p.src) && !isSpace(p.src[p.pos]) && p.src[p.pos] != '>' {
		p.pos++
	}
	a.valueHi = int32(p.pos)
}

func (p *parser) skipSpace() {
	for p.pos < len(p.src) && isSpace(p.src[p.pos]) {
		p.pos++
	}
}

// nextRaw reads the text of an element that does not hold markup. When there is none left, it leaves that content model
// and reports false: what follows is the end tag, or nothing.
func (p *parser) nextRaw() (token, bool) {
	start, end := p.pos, len(p.src)
	switch p.model {
	case scriptModel:
		end = scriptEnd(p.src, start)
	case rcdataModel, rawtextModel:
		end = rawEnd(p.src, start, tagNames[p.modelTag])
	}
	mode := rawMode
	if p.model == rcdataModel {
		mode = foreignText
	}
	p.model = dataModel
	if end == start {
		return token{}, false
	}
	p.pos = end
	return token{typ: textToken, mode: mode, lo: int32(start), hi: int32(end)}, true
}

// rawEnd returns the place of the end tag of the given name from i on.
func rawEnd(src string, i int, name string) int {
	for {
		j := strings.Index(src[i:], "</")
		if j < 0 {
			return len(src)
		}
		i += j
		if tagAt(src, i+2, name) {
			return i
		}
		i += 2
	}
}

// scriptEnd returns the place of the end tag of a script: not one inside of "<!-- <script", up to the next "</script" or "-->".
func scriptEnd(src string, i int) int {
	escaped, double := false, false
	for i < len(src) {
		switch src[i] {
		case '-':
			if escaped && strings.HasPrefix(src[i:], "-->") {
				escaped, double = false, false
				i += 2
			}
		case '<':
			switch {
			case !escaped && strings.HasPrefix(src[i:], "<!--"):
				escaped = true
				i++ // the dashes may be those of "-->"
			case tagAt(src, i+2, "script") && src[i+1] == '/':
				if !double {
					return i
				}
				double = false
			case escaped && !double && tagAt(src, i+1, "script"):
				double = true
			}
		}
		i++
	}
	return i
}

// tagAt reports whether the name and the end of a name are at src[i:].
func tagAt(src string, i int, name string) bool {
	end := i + len(name)
	return end < len(src) && endsName(src[end]) && equalFold(src[i:end], name)
}

// endsName reports whether c ends the name of a tag or, like "=", of an attribute.
func endsName(c byte) bool {
	return isSpace(c) || c == '/' || c == '>'
}

func isLetter(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z'
}

// TagOf returns the tag of a name in any case.
func TagOf(name string) Tag {
	var buf [maxTagName]byte
	if len(name) > len(buf) {
		return Other
	}
	for i := range len(name) {
		buf[i] = lower(name[i])
	}
	return lookupTag(string(buf[:len(name)]))
}

// maxTagName is the length of the longest known name, annotation-xml.
const maxTagName = 14

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// lowerName returns a name in lower case.
func lowerName(name string) string {
	for i := range len(name) {
		if lower(name[i]) != name[i] {
			return string(appendLower(nil, name))
		}
	}
	return name
}

// equalFold reports whether two strings are equal but for the case of ASCII letters.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}
