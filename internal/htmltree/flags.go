package htmltree

// flags are the sets of the HTML standard that an element is in.
type flags uint32

const (
	special    flags = 1 << iota // "special" elements: an unknown end tag does not look past them
	formatting                   // elements in the list of active formatting elements
	scope                        // ends "has an element in scope"
	tableScope                   // ends "has an element in table scope"
	implied                      // closed by "generate implied end tags"
	impliedAll                   // closed by "generate all implied end tags thoroughly"
	closesP                      // a start tag that closes a p and does nothing else
	blockEnd                     // an end tag that closes up to its element in scope
	tableLike                    // foster parenting happens in here
	void                         // written without an end tag
	rawText                      // content is written unescaped
	breakout                     // a start tag that leaves foreign content
	heading                      // h1 to h6
	htmlPoint                    // an HTML integration point
	textPoint                    // a MathML text integration point
)

// tagFlags has the sets that each HTML element is in, from the lists of the HTML standard of 2023 (before the
// customizable select) and its obsolete elements. Like the reference's parser, and unlike the standard, main and search
// are not special.
var tagFlags = [NumTags]flags{
	A:          formatting,
	Address:    special | closesP | blockEnd,
	Applet:     special | scope,
	Area:       special | void,
	Article:    special | closesP | blockEnd,
	Aside:      special | closesP | blockEnd,
	B:          formatting | breakout,
	Base:       special | void,
	Basefont:   special | void,
	Bgsound:    special | void,
	Big:        formatting | breakout,
	Blockquote: special | closesP | blockEnd | breakout,
	Body:       special | breakout,
	Br:         special | void | breakout,
	Button:     special | blockEnd,
	Caption:    special | scope | impliedAll,
	Center:     special | closesP | blockEnd | breakout,
	Code:       formatting | breakout,
	Col:        special | void,
	Colgroup:   special | impliedAll,
	Dd:         special | implied | impliedAll | breakout,
	Details:    special | closesP | blockEnd,
	Dialog:     closesP | blockEnd,
	Dir:        special | closesP | blockEnd,
	Div:        special | closesP | blockEnd | breakout,
	Dl:         special | closesP | blockEnd | breakout,
	Dt:         special | implied | impliedAll | breakout,
	Em:         formatting | breakout,
	Embed:      special | void | breakout,
	Fieldset:   special | closesP | blockEnd,
	Figcaption: special | closesP | blockEnd,
	Figure:     special | closesP | blockEnd,
	Font:       formatting,
	Footer:     special | closesP | blockEnd,
	Form:       special,
	Frame:      special | void,
	Frameset:   special,
	H1:         special | breakout | heading,
	H2:         special | breakout | heading,
	H3:         special | breakout | heading,
	H4:         special | breakout | heading,
	H5:         special | breakout | heading,
	H6:         special | breakout | heading,
	Head:       special | breakout,
	Header:     special | closesP | blockEnd,
	Hgroup:     special | closesP | blockEnd,
	Hr:         special | void | breakout,
	Html:       special | scope | tableScope,
	I:          formatting | breakout,
	Iframe:     special | rawText,
	Img:        special | void | breakout,
	Input:      special | void,
	Keygen:     special | void,
	Li:         special | implied | impliedAll | breakout,
	Link:       special | void,
	Listing:    special | blockEnd | breakout,
	Main:       closesP | blockEnd,
	Marquee:    special | scope,
	Menu:       special | closesP | blockEnd | breakout,
	Meta:       special | void | breakout,
	Nav:        special | closesP | blockEnd,
	Nobr:       formatting | breakout,
	Noembed:    special | rawText,
	Noframes:   special | rawText,
	Noscript:   special | rawText,
	Object:     special | scope,
	Ol:         special | closesP | blockEnd | breakout,
	Optgroup:   implied | impliedAll,
	Option:     implied | impliedAll,
	P:          special | implied | impliedAll | closesP | breakout,
	Param:      special | void,
	Plaintext:  special | rawText,
	Pre:        special | blockEnd | breakout,
	Rb:         implied | impliedAll,
	Rp:         implied | impliedAll,
	Rt:         implied | impliedAll,
	Rtc:        implied | impliedAll,
	Ruby:       breakout,
	S:          formatting | breakout,
	Script:     special | rawText,
	Search:     closesP | blockEnd,
	Section:    special | closesP | blockEnd,
	Select:     special,
	Small:      formatting | breakout,
	Source:     special | void,
	Span:       breakout,
	Strike:     formatting | breakout,
	Strong:     formatting | breakout,
	Style:      special | rawText,
	Sub:        breakout,
	Summary:    special | closesP | blockEnd,
	Sup:        breakout,
	Table:      special | scope | tableScope | tableLike | breakout,
	Tbody:      special | impliedAll | tableLike,
	Td:         special | scope | impliedAll,
	Template:   special | scope | tableScope,
	Textarea:   special,
	Tfoot:      special | impliedAll | tableLike,
	Th:         special | scope | impliedAll,
	Thead:      special | impliedAll | tableLike,
	Title:      special,
	Tr:         special | impliedAll | tableLike,
	Track:      special | void,
	Tt:         formatting | breakout,
	U:          formatting | breakout,
	Ul:         special | closesP | blockEnd | breakout,
	Var:        breakout,
	Wbr:        special | void,
	Xmp:        special | rawText,
}
