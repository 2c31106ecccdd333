package markup

import "golang.org/x/net/html/atom"

// A nest follows the tags of HTML that is so well-formed that parsing it does
// nothing but what the tags say: no element is closed, opened again or moved
// because of another one. The zero nest is outside of any element.
type nest struct {
	stack [maxNest]nestElement
	depth int
	bits  nestRule // openA and openP, each while its element is open
}

// A nestElement is an open element.
type nestElement struct {
	tag          Tag
	rule         nestRule
	name, length int  // where its name is in the source
	content      int  // where its content begins
	plain        bool // its name is in lower case
}

// maxNest is how deep a nest goes, far below maxDepth.
const maxNest = 64

// A nestRule says what the parser does at the start tag of an element.
type nestRule uint8

const (
	opens   nestRule = 1 << iota // it opens the element; without this rule it may do anything
	isEmpty                      // it has no content
	openA                        // it is an a, and closes an open one
	openP                        // it is a p
	closesP                      // it closes a p
	heading                      // it closes a heading that is its parent
	inList                       // its parent must be a list of its kind
)

// nestRules has the rules of the elements that have a [Tag].
var nestRules = [NumTags]nestRule{
	A: opens | openA,
	B: opens, Code: opens, Del: opens, Em: opens, I: opens, Ruby: opens, S: opens, Span: opens, Strong: opens, U: opens,
	Br: opens | isEmpty,
	P:  opens | openP | closesP,
	Hr: opens | closesP | isEmpty,
	H1: opens | closesP | heading, H2: opens | closesP | heading, H3: opens | closesP | heading,
	H4: opens | closesP | heading, H5: opens | closesP | heading, H6: opens | closesP | heading,
	Li: opens | inList, Dd: opens | inList, Dt: opens | inList, Rp: opens | inList, Rt: opens | inList,

	Address: opens | closesP, Article: opens | closesP, Aside: opens | closesP, Blockquote: opens | closesP,
	Div: opens | closesP, Dl: opens | closesP, Footer: opens | closesP, Header: opens | closesP,
	Hgroup: opens | closesP,
	Nav:    opens | closesP, Ol: opens | closesP, Pre: opens | closesP, Section: opens | closesP, Ul: opens | closesP,
}

// otherRule returns the rules of an element that is [Other].
func otherRule(name atom.Atom) nestRule {
	switch name {
	case atom.Img, atom.Wbr:
		return opens | isEmpty
	case atom.Center, atom.Details, atom.Dialog, atom.Dir, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Main,
		atom.Menu, atom.Search, atom.Summary:
		return opens | closesP
	case atom.Nobr:
		return 0
	}
	if k := kindOf(name); k == 0 || k == formatting {
		return opens
	}
	return 0
}

// open opens an element and reports whether the parser would do just that.
func (s *nest) open(tag Tag, r nestRule) bool {
	switch {
	case r&opens == 0 || s.depth == maxNest,
		r&closesP != 0 && s.bits&openP != 0,
		r&openA != 0 && s.bits&openA != 0,
		r&heading != 0 && s.innermost().rule&heading != 0,
		r&inList != 0 && !s.inList(tag):
		return false
	}
	if r&isEmpty == 0 {
		s.bits |= r & (openA | openP)
		s.stack[s.depth].tag, s.stack[s.depth].rule = tag, r
		s.depth++
	}
	return true
}

// innermost returns the innermost open element.
func (s *nest) innermost() nestElement {
	if s.depth == 0 {
		return nestElement{}
	}
	return s.stack[s.depth-1]
}

// inList reports whether the innermost element is a list that item may be in.
func (s *nest) inList(item Tag) bool {
	switch list := s.innermost().tag; item {
	case Li:
		return list == Ul || list == Ol
	case Dd, Dt:
		return list == Dl
	default:
		return list == Ruby
	}
}

// close closes the innermost element.
func (s *nest) close() {
	s.depth--
	s.bits &^= s.stack[s.depth].rule & (openA | openP)
}
