package markup

// A Tag names an element that has a rule of its own in the packages that write
// HTML. Every other element is [Other].
type Tag uint8

// The tags, in the order of their names.
const (
	Other Tag = iota
	A
	Address
	Article
	Aside
	B
	Blockquote
	Br
	Code
	Dd
	Del
	Div
	Dl
	Dt
	Em
	Footer
	H1
	H2
	H3
	H4
	H5
	H6
	Header
	Hgroup
	Hr
	I
	Iframe
	Li
	Nav
	Noembed
	Noframes
	Noscript
	Ol
	P
	Plaintext
	Pre
	Rp
	Rt
	Ruby
	S
	Script
	Section
	Span
	Strong
	Style
	U
	Ul
	Xmp
	NumTags
)

var tagNames = [NumTags]string{
	A:          "a",
	Address:    "address",
	Article:    "article",
	Aside:      "aside",
	B:          "b",
	Blockquote: "blockquote",
	Br:         "br",
	Code:       "code",
	Dd:         "dd",
	Del:        "del",
	Div:        "div",
	Dl:         "dl",
	Dt:         "dt",
	Em:         "em",
	Footer:     "footer",
	H1:         "h1",
	H2:         "h2",
	H3:         "h3",
	H4:         "h4",
	H5:         "h5",
	H6:         "h6",
	Header:     "header",
	Hgroup:     "hgroup",
	Hr:         "hr",
	I:          "i",
	Iframe:     "iframe",
	Li:         "li",
	Nav:        "nav",
	Noembed:    "noembed",
	Noframes:   "noframes",
	Noscript:   "noscript",
	Ol:         "ol",
	P:          "p",
	Plaintext:  "plaintext",
	Pre:        "pre",
	Rp:         "rp",
	Rt:         "rt",
	Ruby:       "ruby",
	S:          "s",
	Script:     "script",
	Section:    "section",
	Span:       "span",
	Strong:     "strong",
	Style:      "style",
	U:          "u",
	Ul:         "ul",
	Xmp:        "xmp",
}

// String returns the name of the element, "" of [Other].
func (t Tag) String() string { return tagNames[t] }

// TagOf returns the tag of a name in lower case.
func TagOf(name string) Tag {
	switch name {
	case "a":
		return A
	case "address":
		return Address
	case "article":
		return Article
	case "aside":
		return Aside
	case "b":
		return B
	case "blockquote":
		return Blockquote
	case "br":
		return Br
	case "code":
		return Code
	case "dd":
		return Dd
	case "del":
		return Del
	case "div":
		return Div
	case "dl":
		return Dl
	case "dt":
		return Dt
	case "em":
		return Em
	case "footer":
		return Footer
	case "h1":
		return H1
	case "h2":
		return H2
	case "h3":
		return H3
	case "h4":
		return H4
	case "h5":
		return H5
	case "h6":
		return H6
	case "header":
		return Header
	case "hgroup":
		return Hgroup
	case "hr":
		return Hr
	case "i":
		return I
	case "iframe":
		return Iframe
	case "li":
		return Li
	case "nav":
		return Nav
	case "noembed":
		return Noembed
	case "noframes":
		return Noframes
	case "noscript":
		return Noscript
	case "ol":
		return Ol
	case "p":
		return P
	case "plaintext":
		return Plaintext
	case "pre":
		return Pre
	case "rp":
		return Rp
	case "rt":
		return Rt
	case "ruby":
		return Ruby
	case "s":
		return S
	case "script":
		return Script
	case "section":
		return Section
	case "span":
		return Span
	case "strong":
		return Strong
	case "style":
		return Style
	case "u":
		return U
	case "ul":
		return Ul
	case "xmp":
		return Xmp
	}
	return Other
}
