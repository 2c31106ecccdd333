package markup

import "golang.org/x/net/html/atom"

// A kind is the set of those properties of an element on which its cost
// depends.
type kind uint8

const (
	formatting kind = 1 << iota // is opened again after the element that closed it
	block                       // may close other elements, or ends the search for what an end tag closes
	barrier                     // end tags in it do not close what is around it
	void                        // has no content and closes nothing
	raw                         // has only text in it
	marker                      // formatting elements in it are not opened again after it
	root                        // html and body: attributes are copied to the first one
	foreign                     // svg and math
)

// kindOf returns the kind of an element. It is 0 for elements such as span,
// which are opened where they stand and close nothing.
func kindOf(name atom.Atom) kind {
	switch name {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike,
		atom.Strong, atom.Tt, atom.U:
		return formatting
	case atom.Br, atom.Img, atom.Wbr, atom.Area, atom.Embed, atom.Image, atom.Keygen, atom.Link, atom.Meta, atom.Base,
		atom.Basefont, atom.Bgsound, atom.Param, atom.Source, atom.Track:
		return void
	case atom.Applet, atom.Marquee, atom.Object:
		return block | barrier | marker
	case atom.Table, atom.Td, atom.Th, atom.Caption, atom.Template, atom.Select:
		return block | barrier
	case atom.Html, atom.Body:
		return block | barrier | root
	case atom.Svg, atom.Math:
		return block | barrier | foreign
	case atom.Script, atom.Style, atom.Title, atom.Textarea, atom.Iframe, atom.Noembed, atom.Noframes, atom.Plaintext,
		atom.Xmp:
		return block | raw
	case atom.Hr, atom.Input, atom.Col, atom.Frame:
		return block | void
	case 0, atom.Span, atom.Abbr, atom.Acronym, atom.Audio, atom.Bdi, atom.Bdo, atom.Canvas, atom.Cite, atom.Data,
		atom.Del, atom.Dfn, atom.Ins, atom.Kbd, atom.Label, atom.Map, atom.Mark, atom.Meter, atom.Output, atom.Picture,
		atom.Progress, atom.Q, atom.Ruby, atom.Samp, atom.Sub, atom.Sup, atom.Time, atom.Var, atom.Video:
		return 0
	}
	return block
}

// isIntegrationPoint reports whether the content of an element in svg or math
// is HTML.
func isIntegrationPoint(name atom.Atom) bool {
	switch name {
	case atom.Title, atom.Desc, atom.Foreignobject, atom.Mi, atom.Mn, atom.Mo, atom.Ms, atom.Mtext, atom.AnnotationXml:
		return true
	}
	return false
}

// leavesForeign reports whether the start tag of an element ends svg and math.
func leavesForeign(name atom.Atom) bool {
	switch name {
	case atom.B, atom.Big, atom.Blockquote, atom.Body, atom.Br, atom.Center, atom.Code, atom.Dd, atom.Div, atom.Dl,
		atom.Dt, atom.Em, atom.Embed, atom.Font, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Head,
		atom.Hr, atom.I, atom.Img, atom.Li, atom.Listing, atom.Menu, atom.Meta, atom.Nobr, atom.Ol, atom.P, atom.Pre,
		atom.Ruby, atom.S, atom.Small, atom.Span, atom.Strike, atom.Strong, atom.Sub, atom.Sup, atom.Table, atom.Tt,
		atom.U, atom.Ul, atom.Var:
		return true
	}
	return false
}
