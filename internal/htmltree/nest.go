package htmltree

import "strings"

// A Nest follows the tags of HTML that is so well-formed that parsing it does nothing but what the tags say: no element is
// closed, opened again or moved for another one's sake. The zero Nest is outside of any element.
//
// It knows the elements that profiles are made of and is strict about them; what it turns down may be well-formed all the same.
type Nest struct {
	stack [maxNest]Tag
	depth int
	bits  uint8
}

// maxNest is how deep a Nest goes, far below maxDepth.
const maxNest = 64

// Bits of a Nest: which elements are open, and what an element needs.
const (
	openP  uint8 = 1 << iota // there is an open p; only one at a time
	openA                    // there is an open a
	known                    // a Nest knows the element
	isVoid                   // the element has no content
)

// nestRules says of each element which bits may not be set for it, and which it sets.
var nestRules = [NumTags]struct{ not, sets uint8 }{
	B: {0, known}, Code: {0, known}, Del: {0, known}, Em: {0, known}, I: {0, known}, S: {0, known}, Span: {0, known},
	Strong: {0, known}, U: {0, known},
	Br: {0, known | isVoid}, Img: {0, known | isVoid},
	A:          {openA, known | openA}, // closes an open a
	P:          {openP, known | openP}, // closes an open p, like the next ones
	Blockquote: {openP, known},
	Pre:        {openP, known},
	Ol:         {openP, known},
	Ul:         {openP, known},
	Li:         {0, known}, // closes an open li, but not out of a list in it
}

// Open opens an element and reports whether the parser would do just that.
func (s *Nest) Open(tag Tag) bool {
	r := nestRules[tag]
	if r.sets&known == 0 || r.not&s.bits != 0 || s.depth == maxNest {
		return false
	}
	if tag == Li {
		if t := s.Innermost(); t != Ul && t != Ol {
			return false
		}
	}
	if r.sets&isVoid == 0 {
		s.bits |= r.sets & (openP | openA)
		s.stack[s.depth] = tag
		s.depth++
	}
	return true
}

// Close closes the innermost element.
func (s *Nest) Close() {
	s.depth--
	s.bits &^= nestRules[s.stack[s.depth]].sets
}

// Closed reports whether all elements are closed.
func (s *Nest) Closed() bool { return s.depth == 0 }

// Innermost returns the tag of the innermost open element, Other outside of any.
func (s *Nest) Innermost() Tag {
	if s.depth == 0 {
		return Other
	}
	return s.stack[s.depth-1]
}

// NestTag returns the tag of the element of a Nest whose name s starts with, Other without one. What follows the name is for
// the caller to look at.
func NestTag(s string) Tag {
	if len(s) < 2 {
		return Other
	}
	tag := Other
	switch s[0] {
	case 'a':
		return A
	case 'b':
		switch s[1] {
		case 'l':
			tag = Blockquote
		case 'r':
			return Br
		default:
			return B
		}
	case 'c':
		tag = Code
	case 'd':
		tag = Del
	case 'e':
		tag = Em
	case 'i':
		if s[1] != 'm' {
			return I
		}
		tag = Img
	case 'l':
		tag = Li
	case 'o':
		tag = Ol
	case 'p':
		if s[1] != 'r' {
			return P
		}
		tag = Pre
	case 's':
		switch s[1] {
		case 'p':
			tag = Span
		case 't':
			tag = Strong
		default:
			return S
		}
	case 'u':
		if s[1] != 'l' {
			return U
		}
		return Ul
	}
	if strings.HasPrefix(s, tagNames[tag]) {
		return tag
	}
	return Other
}
