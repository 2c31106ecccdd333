package markup

import (
	"hash/maphash"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of the scan of tokens, beyond which it refuses a source.
const (
	maxOpen   = 1024 // elements in an open formatting element
	maxActive = 512  // formatting elements, all of which the parser would have open at once
	maxBlocks = 7    // that a formatting element is moved out of by one end tag, for sure
	alike     = 3    // formatting elements written the same, of which only the last are kept

	looksByByte  = 200 // at the parser's list, for each byte of the source
	looksBesides = 1 << 20
)

// newForeteller returns a foreteller for a source of n bytes.
func newForeteller(n int) foreteller {
	return foreteller{limit: costPerByte*n + costBesides, looks: looksByByte*n + looksBesides}
}

// verdict returns an error if the source costs too much so far.
func (f *foreteller) verdict() error {
	if f.refused || f.cost > f.limit || f.looks < 0 {
		return ErrExplodes
	}
	return nil
}

// foretell returns an error for a source whose tree would cost too much, by
// the tokens of the parser's own tokenizer.
func foretell(src string) error {
	f := newForeteller(len(src))
	z := html.NewTokenizer(strings.NewReader(src))
	var in foreignTracker
	for {
		typ := z.Next()
		written := src[:len(z.Raw())]
		switch typ {
		case html.ErrorToken:
			return f.verdict()
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			t, _ := readTag(written)
			if t.attributes > maxAttributes && countAttributes(z) > maxAttributes {
				return ErrTooManyAttributes
			}
			if t.name == atom.Noscript {
				z.NextIsNotRawText() // as scripting is off
			}
			in.tag(t, typ)
			f.tag(t, written, typ == html.SelfClosingTagToken)
		case html.TextToken:
			in.text(written)
		case html.CommentToken:
			in.comment(written)
		}
		if in.lost {
			f.rest(src)
		}
		if err := f.verdict(); err != nil || in.lost {
			return err
		}
		src = src[len(written):]
	}
}

// countAttributes counts the attributes of a tag, those that are written twice
// once.
func countAttributes(z *html.Tokenizer) int {
	n := 0
	for _, more := z.TagName(); more; n++ {
		_, _, more = z.TagAttr()
	}
	return n
}

// A foreteller foretells what the tree of a source costs.
//
// It follows the formatting elements that the parser keeps in its list, and
// the elements that are open in them, as far as that is possible without a
// tree. Where it is not sure whether the parser takes an element out of the
// list, the element stays in: what it counts is never less than what the
// parser does. HTML whose formatting elements are nested properly, or misnested
// among elements that are no blocks, costs next to nothing.
type foreteller struct {
	limit   int
	cost    int  // so far
	looks   int  // that the parser may still take at its list
	refused bool // whatever the cost

	active   []formattingElement // the parser's list, or more
	serial   int                 // of the last formatting element
	total    int                 // the costs of all of active
	dearest  int                 // the highest cost there was
	open     []openElement       // in the first of active
	barriers int                 // among open

	copied  int // attributes of html and body so far
	markers int // elements so far that may leave a marker in the parser's list
}

// A formattingElement is one that the parser opens again where it was closed
// by the end of another one.
type formattingElement struct {
	id     uint32
	serial int
	hash   uint64 // of the tag as it is written
	cost   int
	level  int // how many barriers are around it
}

// An openElement is an element that was not closed yet.
type openElement struct {
	id     uint32
	kind   kind
	serial int // of a formatting element
}

// seed is of the hashes of tags.
var seed = maphash.MakeSeed()

// tag looks at a tag. closed is that it is written with a slash at its end.
func (f *foreteller) tag(t tag, written string, closed bool) {
	k := kindOf(t.name)
	f.looks -= f.markers
	if t.end {
		f.end(t, k)
		return
	}
	f.cost += t.cost() + t.attributes*readCost
	switch {
	case k&root != 0 && t.attributes > 0:
		f.copied += t.attributes // the parser goes through all of them each time
		f.cost += f.copied * copyCost
	case k&marker != 0:
		f.markers++
	}
	f.start(t, k, written, closed)
}

// start opens an element.
func (f *foreteller) start(t tag, k kind, written string, closed bool) {
	e := openElement{id: t.id, kind: k}
	switch {
	case k&formatting != 0:
		if t.name == atom.A || t.name == atom.Nobr {
			f.endFormatting(t.id) // one is not in another
		}
		f.serial++
		e.serial = f.serial
		f.add(formattingElement{t.id, e.serial, maphash.String(seed, written), t.cost(), f.barriers})
	case len(f.active) == 0:
		return
	case k&block != 0:
		f.cost += f.total
		f.closeImplied(t.name)
	case closed:
		return // as in svg; of an element that nobody knows, it makes no difference
	}
	if k&void != 0 {
		return
	}
	f.open = append(f.open, e)
	if k&barrier != 0 {
		f.barriers++
	}
	f.refused = f.refused || len(f.open) > maxOpen || len(f.active) > maxActive
}

// add adds a formatting element to the list, which keeps no more than the last
// three that are alike.
func (f *foreteller) add(e formattingElement) {
	first, n := 0, 0
	for i := len(f.active) - 1; i >= 0; i-- {
		if f.active[i].hash == e.hash && f.active[i].level >= f.barriers {
			first = i
			n++
		}
	}
	if n >= alike {
		f.total -= f.active[first].cost
		f.active = slices.Delete(f.active, first, first+1)
	}
	f.active = append(f.active, e)
	f.total += e.cost
	f.dearest = max(f.dearest, e.cost)
}

// closeImplied closes the p, or the li, that the start of a block closes.
func (f *foreteller) closeImplied(name atom.Atom) {
	i := f.lastBlock()
	if i >= 0 && (f.open[i].id == uint32(atom.P) || name == atom.Li && f.open[i].id == uint32(atom.Li)) {
		f.truncate(i)
	}
}

// lastBlock returns the index of the innermost open block, -1 without one.
func (f *foreteller) lastBlock() int {
	for i := len(f.open) - 1; i >= 0; i-- {
		if f.open[i].kind&block != 0 {
			return i
		}
	}
	return -1
}

// truncate closes all elements from the i-th open one on.
func (f *foreteller) truncate(i int) {
	for _, e := range f.open[i:] {
		if e.kind&barrier != 0 {
			f.barriers--
		}
	}
	f.open = f.open[:i]
	for i := range f.active {
		f.active[i].level = min(f.active[i].level, f.barriers)
	}
}

// end closes an element.
func (f *foreteller) end(t tag, k kind) {
	if len(f.active) == 0 {
		return
	}
	last := len(f.open) - 1
	switch {
	case last >= 0 && f.open[last].id == t.id:
		if k&formatting == 0 {
			f.cost += f.closedCost(k)
			f.truncate(last)
			return
		}
		serial := f.open[last].serial
		f.truncate(last)
		f.remove(serial)
	case k&formatting != 0:
		f.endFormatting(t.id)
	default:
		f.cost += f.total
		f.endMisnested(t.id)
	}
}

// closedCost returns what the formatting elements cost that an end tag may
// have closed again: after that of a block any, else those not known as open.
func (f *foreteller) closedCost(k kind) int {
	if k&block != 0 {
		return f.total
	}
	cost := f.total
	for _, e := range f.open {
		if e.kind&formatting == 0 {
			continue
		}
		if i := f.index(e.serial); i >= 0 {
			cost -= f.active[i].cost
		}
	}
	return cost
}

// index returns the index of a formatting element in the list, -1 if it is not
// in it.
func (f *foreteller) index(serial int) int {
	return slices.IndexFunc(f.active, func(e formattingElement) bool { return e.serial == serial })
}

// remove takes a formatting element out of the list.
func (f *foreteller) remove(serial int) {
	if i := f.index(serial); i >= 0 {
		f.total -= f.active[i].cost
		f.active = slices.Delete(f.active, i, i+1)
	}
	if len(f.active) == 0 {
		f.open, f.barriers = f.open[:0], 0
	}
}

// endMisnested closes an element that is not the innermost one. Where that is
// not among the open ones, or behind a block, any formatting element may have
// been closed with something around it.
func (f *foreteller) endMisnested(id uint32) {
	for i := len(f.open) - 1; i >= 0; i-- {
		if f.open[i].id == id {
			f.truncate(i)
			return
		}
		if f.open[i].kind&block != 0 {
			break
		}
	}
	f.open = slices.DeleteFunc(f.open, func(e openElement) bool { return e.kind&formatting != 0 })
}

// endFormatting closes the last formatting element with a name, which is not
// the innermost element. The parser moves it out of each block in it, for
// which it opens it again with up to three others.
func (f *foreteller) endFormatting(id uint32) {
	i := len(f.active) - 1
	for i >= 0 && f.active[i].id != id {
		i--
	}
	if i < 0 || f.active[i].level < f.barriers {
		return // not in reach: it stays
	}
	e := f.active[i]
	at := slices.IndexFunc(f.open, func(o openElement) bool { return o.serial == e.serial })
	blocks := 0
	for _, o := range f.open[at+1:] {
		if o.kind&block != 0 {
			blocks++
		}
	}
	f.cost += min(blocks, maxBlocks+1) * (e.cost + 3*f.dearest)
	switch {
	case blocks == 0 && at >= 0:
		f.truncate(at)
	default:
		f.open = slices.DeleteFunc(f.open, func(o openElement) bool { return o.kind&formatting != 0 })
	}
	if blocks <= maxBlocks {
		f.remove(e.serial)
	}
}

// rest looks at the rest of a source in which it cannot be told what is a tag
// and what is text. All that may be a tag counts, and no formatting element
// leaves the list.
func (f *foreteller) rest(src string) {
	budget := 4 * len(src)
	for i := strings.IndexByte(src, '<'); i >= 0; i = strings.IndexByte(src, '<') {
		src = src[i:]
		t, ok := readTag(src)
		k := kindOf(t.name)
		budget -= t.length
		switch {
		case !ok:
		case t.end && k&formatting != 0:
			f.cost += f.total + 4*(maxBlocks+1)*f.dearest
		case t.end:
			f.cost += f.total
		default:
			f.cost += t.cost() + t.attributes*readCost + f.total
			f.looks -= f.markers
			if k&formatting != 0 {
				f.add(formattingElement{t.id, 0, maphash.String(seed, src[:t.length]), t.cost(), f.barriers})
			}
			if k&marker != 0 {
				f.markers++
			}
			if t.attributes > maxAttributes || k&root != 0 && t.attributes > 0 || len(f.active) > maxActive {
				f.refused = true
			}
		}
		if f.refused || budget < 0 || f.cost > f.limit {
			f.refused = true
			return
		}
		src = src[1:]
	}
}

// A foreignTracker finds out where there may be content of svg or math, which
// is read by other rules.
type foreignTracker struct {
	inRaw bool   // the last tag was the start tag of a raw text element
	name  uint32 // svg or math
	depth int    // of elements with that name
	point uint32 // the element in it that has HTML in it
	mixed bool   // it cannot be told any more where it ends
	lost  bool   // nor what is a tag from here on, and what is text
}

// possible reports whether the next token may be in svg or math.
func (f *foreignTracker) possible() bool { return f.depth > 0 || f.mixed }

// text looks at a text. In an element whose content is text in HTML, but not in
// svg and math, tags may be tags or not.
func (f *foreignTracker) text(written string) {
	f.lost = f.lost || f.inRaw && f.possible() && strings.IndexByte(written, '<') >= 0
	f.inRaw = false
}

// comment looks at a comment, which in svg and math may be a CDATA section that
// ends elsewhere.
func (f *foreignTracker) comment(written string) {
	f.lost = f.lost || f.possible() && strings.HasPrefix(written, "<![CDATA[") && !strings.HasSuffix(written, "]]>")
}

// tag looks at a tag.
func (f *foreignTracker) tag(t tag, typ html.TokenType) {
	k := kindOf(t.name)
	f.inRaw = k&raw != 0 && typ != html.EndTagToken
	switch {
	case f.mixed:
	case f.depth == 0:
		if k&foreign != 0 && typ == html.StartTagToken {
			f.name, f.depth = t.id, 1
		}
	case typ == html.EndTagToken:
		f.end(t)
	case f.point != 0, leavesForeign(t.name), k&foreign != 0 && t.id != f.name, k&raw != 0 && typ != html.StartTagToken:
		f.mixed = true
	case typ == html.SelfClosingTagToken:
	case isPoint(t.name):
		f.point = t.id
	case t.id == f.name:
		f.depth++
	}
}

// end looks at an end tag in svg or math.
func (f *foreignTracker) end(t tag) {
	switch {
	case f.point != 0 && t.id == f.point:
		f.point = 0
	case f.point != 0, t.name == atom.P, t.name == atom.Br:
		f.mixed = true
	case t.id == f.name:
		f.depth--
	}
}
