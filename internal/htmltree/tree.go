// Package htmltree parses HTML fragments as browsers do, into a tree that is cheap to build and to throw away.
//
// It follows the HTML standard's parsing rules as they stood in 2023, which is what the parser that Mastodon uses (the
// libgumbo of nokogiri) implements: a fragment in the context of a body element, scripting off, no quirks, select elements
// without the later extension. golang.org/x/net/html follows newer rules and changes with its version; what is shown of
// a remote profile should not.
//
// Time and memory are linear in the source and the tree it makes. Misnested formatting elements can make the tree larger
// than the source: a tree of more than a million nodes beyond one for each byte of the source is refused.
package htmltree

import "errors"

// Limits of the reference's parser, and one of our own on the number of nodes.
const (
	maxDepth      = 400
	maxAttributes = 400
	maxExtraNodes = 1 << 20
	maxSource     = 1 << 30
)

// Why a source is refused.
var (
	ErrTooDeep           = errors.New("htmltree: more than 400 levels of elements")
	ErrTooManyAttributes = errors.New("htmltree: more than 400 attributes")
	ErrTooLarge          = errors.New("htmltree: the tree is too large")
)

// An ID names a node of a tree.
type ID int32

// None is the ID of no node, Root that of the node whose children are the fragment.
const (
	None ID = -1
	Root ID = 0
)

// A Kind is a kind of node.
type Kind uint8

// The kinds of nodes.
const (
	Element Kind = iota
	Text
	Comment
)

// A Space is the namespace of an element.
type Space uint8

// The namespaces.
const (
	HTML Space = iota
	SVG
	MathML
)

// An Attr is an attribute of an element.
type Attr struct{ nameLo, nameHi, valueLo, valueHi int32 }

// A node is an element, a text or a comment.
type node struct {
	kind   Kind
	space  Space
	tag    Tag
	mode   textMode // of text
	listed bool     // in the list of active formatting elements
	flags  flags
	lo, hi int32 // of the text or of the name in the source
	attrLo int32
	attrHi int32
	in     int32 // the list of children that it is in, -1: none
	kids   int32 // the list of its children
	next   ID
	prev   ID
	mark   uint32 // of a formatting element: the same for the same attributes
}

// A list is a list of children. Moving all children of one node to another exchanges their lists.
type list struct{ owner, first, last ID }

// A Tree is a parsed fragment. The zero Tree is empty; Parse may be called again and again.
type Tree struct {
	src   string
	nodes []node
	lists []list
	attrs []Attr
	p     parser
}

// First returns the first child of a node, None without one.
func (t *Tree) First(n ID) ID {
	if k := t.nodes[n].kids; k >= 0 {
		return t.lists[k].first
	}
	return None
}

// Next returns the next sibling of a node, None after the last.
func (t *Tree) Next(n ID) ID { return t.nodes[n].next }

// Kind returns the kind of a node.
func (t *Tree) Kind(n ID) Kind { return t.nodes[n].kind }

// Tag returns the tag of an HTML element; Other for everything else.
func (t *Tree) Tag(n ID) Tag {
	if d := &t.nodes[n]; d.kind == Element && d.space == HTML {
		return d.tag
	}
	return Other
}

// Name returns the tag and the namespace of an element.
func (t *Tree) Name(n ID) (Tag, Space) { return t.nodes[n].tag, t.nodes[n].space }

// AppendText appends the text of a text node.
func (t *Tree) AppendText(dst []byte, n ID, esc Escape) []byte {
	d := &t.nodes[n]
	return appendText(dst, t.src[d.lo:d.hi], d.mode, esc)
}

// AppendContent appends the text of a node: of every text below it.
func (t *Tree) AppendContent(dst []byte, n ID, esc Escape) []byte {
	switch t.nodes[n].kind {
	case Text:
		return t.AppendText(dst, n, esc)
	case Element:
		for c := t.First(n); c != None; c = t.Next(c) {
			dst = t.AppendContent(dst, c, esc)
		}
	}
	return dst
}

// Attrs returns the attributes of an element, in the order of the source.
func (t *Tree) Attrs(n ID) []Attr { return t.attrs[t.nodes[n].attrLo:t.nodes[n].attrHi] }

// AttrName returns the name of an attribute as it was written.
func (t *Tree) AttrName(a Attr) string { return t.src[a.nameLo:a.nameHi] }

// AttrSource returns the value of an attribute as it was written.
func (t *Tree) AttrSource(a Attr) string { return t.src[a.valueLo:a.valueHi] }

// Is reports whether the attribute has the given name, which is in lower case.
func (t *Tree) Is(a Attr, name string) bool { return equalFold(t.src[a.nameLo:a.nameHi], name) }

// AppendValue appends the value of an attribute.
func (t *Tree) AppendValue(dst []byte, a Attr, esc Escape) []byte {
	return AppendValue(dst, t.AttrSource(a), esc)
}

// Lookup returns the attribute of an element by its name, which is in lower case.
func (t *Tree) Lookup(n ID, name string) (Attr, bool) {
	for _, a := range t.Attrs(n) {
		if t.Is(a, name) {
			return a, true
		}
	}
	return Attr{}, false
}

// newNode adds a node to the tree, outside of any list.
func (t *Tree) newNode(d node) ID {
	d.in, d.next, d.prev, d.kids = -1, None, None, -1
	n := ID(len(t.nodes))
	if d.kind == Element {
		d.kids = int32(len(t.lists))
		t.lists = append(t.lists, list{owner: n, first: None, last: None})
	}
	t.nodes = append(t.nodes, d)
	return n
}

// parent returns the node whose child n is, None for a node outside of the tree.
func (t *Tree) parent(n ID) ID {
	if in := t.nodes[n].in; in >= 0 {
		return t.lists[in].owner
	}
	return None
}

// detach takes a node out of the list that it is in.
func (t *Tree) detach(n ID) {
	d := &t.nodes[n]
	if d.in < 0 {
		return
	}
	l := &t.lists[d.in]
	if d.prev == None {
		l.first = d.next
	} else {
		t.nodes[d.prev].next = d.next
	}
	if d.next == None {
		l.last = d.prev
	} else {
		t.nodes[d.next].prev = d.prev
	}
	d.in, d.next, d.prev = -1, None, None
}

// insert puts a node that is in no list into parent's, before the given sibling or, without one, at the end.
func (t *Tree) insert(parent, before, n ID) {
	k := t.nodes[parent].kids
	l, d := &t.lists[k], &t.nodes[n]
	d.in, d.next = k, before
	if before == None {
		d.prev, l.last = l.last, n
	} else {
		d.prev, t.nodes[before].prev = t.nodes[before].prev, n
	}
	if d.prev == None {
		l.first = n
	} else {
		t.nodes[d.prev].next = n
	}
}

// moveChildren gives all children of one node to another that has none.
func (t *Tree) moveChildren(from, to ID) {
	a, b := &t.nodes[from], &t.nodes[to]
	a.kids, b.kids = b.kids, a.kids
	t.lists[a.kids].owner, t.lists[b.kids].owner = from, to
}
