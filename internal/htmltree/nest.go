package htmltree

// A Nest follows the tags of HTML that is so well-formed that parsing it does nothing but what the tags say: no element is
// closed, opened again or moved for another one's sake. The zero Nest is outside of any element.
//
// It knows the elements that profiles are made of and is strict about them; what it turns down may be well-formed all the same.
type Nest struct {
	stack [maxNest]Tag
	depth int
	p, a  bool // there is an open one
}

// maxNest is how deep a Nest goes, far below maxDepth.
const maxNest = 64

// Open opens an element and reports whether the parser would do just that.
func (s *Nest) Open(tag Tag) bool {
	switch tag {
	case Br, Img:
		return true
	case B, Code, Del, Em, I, S, Span, Strong, U:
	case A: // closes an open a
		if s.a {
			return false
		}
		s.a = true
	case P: // closes an open p, like the next ones
		if s.p {
			return false
		}
		s.p = true
	case Blockquote, Ol, Pre, Ul:
		if s.p {
			return false
		}
	case Li: // closes an open li, but not out of a list in it
		if s.depth == 0 || s.stack[s.depth-1] != Ul && s.stack[s.depth-1] != Ol {
			return false
		}
	default:
		return false
	}
	if s.depth == maxNest {
		return false
	}
	s.stack[s.depth] = tag
	s.depth++
	return true
}

// Close closes an element and reports whether it is the innermost one.
func (s *Nest) Close(tag Tag) bool {
	if s.depth == 0 || s.stack[s.depth-1] != tag {
		return false
	}
	s.depth--
	switch tag {
	case P:
		s.p = false
	case A:
		s.a = false
	}
	return true
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

// nestTag returns the tag of a name that a Nest knows, Other of any other name.
func nestTag(name string) Tag {
	switch name {
	case "a":
		return A
	case "b":
		return B
	case "blockquote":
		return Blockquote
	case "br":
		return Br
	case "code":
		return Code
	case "del":
		return Del
	case "em":
		return Em
	case "i":
		return I
	case "img":
		return Img
	case "li":
		return Li
	case "ol":
		return Ol
	case "p":
		return P
	case "pre":
		return Pre
	case "s":
		return S
	case "span":
		return Span
	case "strong":
		return Strong
	case "u":
		return U
	case "ul":
		return Ul
	}
	return Other
}
