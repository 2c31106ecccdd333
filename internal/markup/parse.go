// Package markup reads and writes the HTML of other servers for the packages
// that sanitize it, take text from it, or look for links in it.
//
// golang.org/x/net/html does the parsing. This package adds what a server needs
// to parse the HTML of strangers:
//
//	parse.go    parsing a fragment or a page, and the limits of a tree
//	admit.go    which sources are parsed; the scan of bytes for their tags
//	explode.go  what a tree would cost, estimated from the tags of its source
//	tags.go     the kinds of elements for these two
//	walker.go   reading and changing well-formed HTML without parsing it
//	nest.go     which elements well-formed HTML may have in which
//	attribute.go, decode.go, element.go
//	            the attributes, character references and names in it
//	escape.go   writing text and attribute values
//
// The parser cannot be stopped once it runs, and misnested formatting elements
// can make its tree larger than the source by orders of magnitude. So the cost
// of a tree is estimated before it is built, and a source that would explode is
// refused: parsing allocates at most 180 bytes for each byte of the source,
// plus 48 KiB, and takes time linear in the source. A Walker allocates nothing
// before the first change.
package markup

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of the reference's parser.
const (
	maxDepth      = 400
	maxAttributes = 400
)

// The reasons why a source is refused.
var (
	ErrTooDeep           = errors.New("markup: more than 400 levels of elements")
	ErrTooManyAttributes = errors.New("markup: more than 400 attributes in a tag")
	ErrExplodes          = errors.New("markup: misnested tags would make the document explode")
)

// Fragment parses src as the content of a body element, with scripting off,
// and returns a node whose children are the fragment. An error is one of
// [ErrTooDeep], [ErrTooManyAttributes] and [ErrExplodes].
func Fragment(src string) (*html.Node, error) {
	src = normalize(src)
	if err := admit(src); err != nil {
		return nil, err
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(
		strings.NewReader(src), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, ErrTooDeep // the parser has no other errors
	}
	root := &html.Node{Type: html.DocumentNode}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	if strings.Contains(src, "</>") {
		dropEmptyComments(root)
	}
	return root, checkLevels(root, 0)
}

// Document parses src as a page, with scripting off. Its errors are those of
// [Fragment].
func Document(src string) (*html.Node, error) {
	src = normalize(src)
	if err := admit(src); err != nil {
		return nil, err
	}
	root, err := html.ParseWithOptions(strings.NewReader(src), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, ErrTooDeep
	}
	return root, checkLevels(root, 0)
}

// checkLevels returns an error if the tree below n, which is on the given
// level, is over a limit. A void element is not a level.
func checkLevels(n *html.Node, level int) error {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if level == maxDepth && !IsVoid(c) {
			return ErrTooDeep
		}
		if len(c.Attr) > maxAttributes {
			return ErrTooManyAttributes
		}
		if err := checkLevels(c, level+1); err != nil {
			return err
		}
	}
	return nil
}

// dropEmptyComments removes empty comments from a tree and joins the texts on
// either side of them. The parser makes them of "</>", which HTML ignores.
func dropEmptyComments(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type != html.CommentNode || c.Data != "" {
			dropEmptyComments(c)
			c = next
			continue
		}
		before := c.PrevSibling
		n.RemoveChild(c)
		if before != nil && next != nil && before.Type == html.TextNode && next.Type == html.TextNode {
			next.Data = before.Data + next.Data
			n.RemoveChild(before)
		}
		c = next
	}
}

// normalize makes line ends "\n" and bytes that are not UTF-8 U+FFFD, and
// drops a byte order mark.
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

// Attr returns the value of an attribute that is in no namespace, and whether
// there is one.
func Attr(n *html.Node, name string) (value string, ok bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// AppendText appends the text of a node and of everything below it.
func AppendText(dst []byte, n *html.Node, esc Escape) []byte {
	switch n.Type {
	case html.TextNode:
		return AppendEscaped(dst, n.Data, esc)
	case html.ElementNode:
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			dst = AppendText(dst, c, esc)
		}
	}
	return dst
}
