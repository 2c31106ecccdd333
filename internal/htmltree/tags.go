package htmltree

// A Tag names an element that the parsing rules, or the users of a tree, tell from others. Every other name is [Other].
type Tag uint8

// The known tags, in the order of their names.
const (
	Other Tag = iota
	A
	Address
	Annotation
	AnnotationXml
	Applet
	Area
	Article
	Aside
	B
	Base
	Basefont
	Bgsound
	Big
	Blockquote
	Body
	Br
	Button
	Caption
	Center
	Code
	Col
	Colgroup
	Dd
	Del
	Desc
	Details
	Dialog
	Dir
	Div
	Dl
	Dt
	Em
	Embed
	Fieldset
	Figcaption
	Figure
	Font
	Footer
	Foreignobject
	Form
	Frame
	Frameset
	H1
	H2
	H3
	H4
	H5
	H6
	Head
	Header
	Hgroup
	Hr
	Html
	I
	Iframe
	Image
	Img
	Input
	Keygen
	Li
	Link
	Listing
	Main
	Malignmark
	Marquee
	Math
	Menu
	Meta
	Mglyph
	Mi
	Mn
	Mo
	Ms
	Mtext
	Nav
	Nobr
	Noembed
	Noframes
	Noscript
	Object
	Ol
	Optgroup
	Option
	P
	Param
	Plaintext
	Pre
	Rb
	Rp
	Rt
	Rtc
	Ruby
	S
	Script
	Search
	Section
	Select
	Semantics
	Small
	Source
	Span
	Strike
	Strong
	Style
	Sub
	Summary
	Sup
	Svg
	Table
	Tbody
	Td
	Template
	Textarea
	Tfoot
	Th
	Thead
	Title
	Tr
	Track
	Tt
	U
	Ul
	Var
	Wbr
	Xmp
	NumTags // how many there are
)

// tagNames has the name of each tag in lower case.
var tagNames = [NumTags]string{
	A:             "a",
	Address:       "address",
	Annotation:    "annotation",
	AnnotationXml: "annotation-xml",
	Applet:        "applet",
	Area:          "area",
	Article:       "article",
	Aside:         "aside",
	B:             "b",
	Base:          "base",
	Basefont:      "basefont",
	Bgsound:       "bgsound",
	Big:           "big",
	Blockquote:    "blockquote",
	Body:          "body",
	Br:            "br",
	Button:        "button",
	Caption:       "caption",
	Center:        "center",
	Code:          "code",
	Col:           "col",
	Colgroup:      "colgroup",
	Dd:            "dd",
	Del:           "del",
	Desc:          "desc",
	Details:       "details",
	Dialog:        "dialog",
	Dir:           "dir",
	Div:           "div",
	Dl:            "dl",
	Dt:            "dt",
	Em:            "em",
	Embed:         "embed",
	Fieldset:      "fieldset",
	Figcaption:    "figcaption",
	Figure:        "figure",
	Font:          "font",
	Footer:        "footer",
	Foreignobject: "foreignobject",
	Form:          "form",
	Frame:         "frame",
	Frameset:      "frameset",
	H1:            "h1",
	H2:            "h2",
	H3:            "h3",
	H4:            "h4",
	H5:            "h5",
	H6:            "h6",
	Head:          "head",
	Header:        "header",
	Hgroup:        "hgroup",
	Hr:            "hr",
	Html:          "html",
	I:             "i",
	Iframe:        "iframe",
	Image:         "image",
	Img:           "img",
	Input:         "input",
	Keygen:        "keygen",
	Li:            "li",
	Link:          "link",
	Listing:       "listing",
	Main:          "main",
	Malignmark:    "malignmark",
	Marquee:       "marquee",
	Math:          "math",
	Menu:          "menu",
	Meta:          "meta",
	Mglyph:        "mglyph",
	Mi:            "mi",
	Mn:            "mn",
	Mo:            "mo",
	Ms:            "ms",
	Mtext:         "mtext",
	Nav:           "nav",
	Nobr:          "nobr",
	Noembed:       "noembed",
	Noframes:      "noframes",
	Noscript:      "noscript",
	Object:        "object",
	Ol:            "ol",
	Optgroup:      "optgroup",
	Option:        "option",
	P:             "p",
	Param:         "param",
	Plaintext:     "plaintext",
	Pre:           "pre",
	Rb:            "rb",
	Rp:            "rp",
	Rt:            "rt",
	Rtc:           "rtc",
	Ruby:          "ruby",
	S:             "s",
	Script:        "script",
	Search:        "search",
	Section:       "section",
	Select:        "select",
	Semantics:     "semantics",
	Small:         "small",
	Source:        "source",
	Span:          "span",
	Strike:        "strike",
	Strong:        "strong",
	Style:         "style",
	Sub:           "sub",
	Summary:       "summary",
	Sup:           "sup",
	Svg:           "svg",
	Table:         "table",
	Tbody:         "tbody",
	Td:            "td",
	Template:      "template",
	Textarea:      "textarea",
	Tfoot:         "tfoot",
	Th:            "th",
	Thead:         "thead",
	Title:         "title",
	Tr:            "tr",
	Track:         "track",
	Tt:            "tt",
	U:             "u",
	Ul:            "ul",
	Var:           "var",
	Wbr:           "wbr",
	Xmp:           "xmp",
}

// String returns the name of a tag, "" of Other.
func (t Tag) String() string { return tagNames[t] }

// TagOf returns the tag of a name in lower case.
func TagOf(name string) Tag {
	switch name {
	case "a":
		return A
	case "address":
		return Address
	case "annotation":
		return Annotation
	case "annotation-xml":
		return AnnotationXml
	case "applet":
		return Applet
	case "area":
		return Area
	case "article":
		return Article
	case "aside":
		return Aside
	case "b":
		return B
	case "base":
		return Base
	case "basefont":
		return Basefont
	case "bgsound":
		return Bgsound
	case "big":
		return Big
	case "blockquote":
		return Blockquote
	case "body":
		return Body
	case "br":
		return Br
	case "button":
		return Button
	case "caption":
		return Caption
	case "center":
		return Center
	case "code":
		return Code
	case "col":
		return Col
	case "colgroup":
		return Colgroup
	case "dd":
		return Dd
	case "del":
		return Del
	case "desc":
		return Desc
	case "details":
		return Details
	case "dialog":
		return Dialog
	case "dir":
		return Dir
	case "div":
		return Div
	case "dl":
		return Dl
	case "dt":
		return Dt
	case "em":
		return Em
	case "embed":
		return Embed
	case "fieldset":
		return Fieldset
	case "figcaption":
		return Figcaption
	case "figure":
		return Figure
	case "font":
		return Font
	case "footer":
		return Footer
	case "foreignobject":
		return Foreignobject
	case "form":
		return Form
	case "frame":
		return Frame
	case "frameset":
		return Frameset
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
	case "head":
		return Head
	case "header":
		return Header
	case "hgroup":
		return Hgroup
	case "hr":
		return Hr
	case "html":
		return Html
	case "i":
		return I
	case "iframe":
		return Iframe
	case "image":
		return Image
	case "img":
		return Img
	case "input":
		return Input
	case "keygen":
		return Keygen
	case "li":
		return Li
	case "link":
		return Link
	case "listing":
		return Listing
	case "main":
		return Main
	case "malignmark":
		return Malignmark
	case "marquee":
		return Marquee
	case "math":
		return Math
	case "menu":
		return Menu
	case "meta":
		return Meta
	case "mglyph":
		return Mglyph
	case "mi":
		return Mi
	case "mn":
		return Mn
	case "mo":
		return Mo
	case "ms":
		return Ms
	case "mtext":
		return Mtext
	case "nav":
		return Nav
	case "nobr":
		return Nobr
	case "noembed":
		return Noembed
	case "noframes":
		return Noframes
	case "noscript":
		return Noscript
	case "object":
		return Object
	case "ol":
		return Ol
	case "optgroup":
		return Optgroup
	case "option":
		return Option
	case "p":
		return P
	case "param":
		return Param
	case "plaintext":
		return Plaintext
	case "pre":
		return Pre
	case "rb":
		return Rb
	case "rp":
		return Rp
	case "rt":
		return Rt
	case "rtc":
		return Rtc
	case "ruby":
		return Ruby
	case "s":
		return S
	case "script":
		return Script
	case "search":
		return Search
	case "section":
		return Section
	case "select":
		return Select
	case "semantics":
		return Semantics
	case "small":
		return Small
	case "source":
		return Source
	case "span":
		return Span
	case "strike":
		return Strike
	case "strong":
		return Strong
	case "style":
		return Style
	case "sub":
		return Sub
	case "summary":
		return Summary
	case "sup":
		return Sup
	case "svg":
		return Svg
	case "table":
		return Table
	case "tbody":
		return Tbody
	case "td":
		return Td
	case "template":
		return Template
	case "textarea":
		return Textarea
	case "tfoot":
		return Tfoot
	case "th":
		return Th
	case "thead":
		return Thead
	case "title":
		return Title
	case "tr":
		return Tr
	case "track":
		return Track
	case "tt":
		return Tt
	case "u":
		return U
	case "ul":
		return Ul
	case "var":
		return Var
	case "wbr":
		return Wbr
	case "xmp":
		return Xmp
	}
	return Other
}
