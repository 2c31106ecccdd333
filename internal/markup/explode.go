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
	maxActive = 512  // formatting elements that the parser has open at once
	maxBlocks = 7    // blocks out of which one end tag surely moves a formatting element
	maxAlike  = 3    // identical formatting elements in the parser's list

	looksPerByte = 200 // elements of its list that the parser may visit for each byte of the source
	looksBase    = 1 << 20
)

// newEstimator returns an estimator for a source of n bytes.
func newEstimator(n int) estimator {
	return estimator{limit: costPerByte*n + costBase, looks: looksPerByte*n + looksBase}
}

// verdict returns an error if the source costs too much so far.
func (est *estimator) verdict() error {
	if est.refused || est.cost > est.limit || est.looks < 0 {
		return ErrExplodes
	}
	return nil
}

// estimateTokens is admit by the parser's own tokenizer.
func estimateTokens(src string) error {
	est := newEstimator(len(src))
	z := html.NewTokenizer(strings.NewReader(src))
	var in foreignTracker
	for {
		typ := z.Next()
		written := src[:len(z.Raw())]
		switch typ {
		case html.ErrorToken:
			return est.verdict()
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			t, _ := readTag(written)
			if t.attributes > maxAttributes && countAttributes(z) > maxAttributes {
				return ErrTooManyAttributes
			}
			if t.name == atom.Noscript {
				z.NextIsNotRawText() // as scripting is off
			}
			in.tag(t, typ)
			est.tag(t, written, typ == html.SelfClosingTagToken)
		case html.TextToken:
			in.text(written)
		case html.CommentToken:
			in.comment(written)
		}
		if in.lost {
			est.rest(src)
		}
		if err := est.verdict(); err != nil || in.lost {
			return err
		}
		src = src[len(written):]
	}
}

// countAttributes counts the attributes of a tag. One that is written twice
// counts once.
func countAttributes(z *html.Tokenizer) int {
	n := 0
	for _, more := z.TagName(); more; n++ {
		_, _, more = z.TagAttr()
	}
	return n
}

// An estimator estimates what the tree of a source will cost.
//
// It follows the formatting elements that the parser keeps in its list, and the
// elements that are open in them, as far as that is possible without a tree. If
// it is not sure whether the parser removes an element from the list, the
// element stays: it never counts less than the parser allocates. HTML whose
// formatting elements are nested properly, or misnested only among elements
// that are not blocks, costs next to nothing.
type estimator struct {
	limit   int
	cost    int  // so far
	looks   int  // elements of its list that the parser may still visit
	refused bool // whatever the cost

	active   []formattingElement // what is in the parser's list, or may be
	serial   int                 // of the last formatting element
	total    int                 // the cost of all elements of active
	highest  int                 // the highest cost of a formatting element so far
	open     []openElement       // in the first element of active
	barriers int                 // among open

	copied  int // how many attributes html and body have had so far
	markers int // how many elements may have left a marker in the parser's list
}

// A formattingElement is an element that the parser opens again after another
// element whose end closed it.
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

// seed is the seed of the hashes of tags.
var seed = maphash.MakeSeed()

// tag counts a tag. selfClosing says that it ends with a slash.
func (est *estimator) tag(t tag, written string, selfClosing bool) {
	k := kindOf(t.name)
	est.looks -= est.markers
	if t.isEnd {
		est.end(t, k)
		return
	}
	est.cost += t.cost() + t.attributes*readCost
	switch {
	case k&root != 0 && t.attributes > 0:
		est.copied += t.attributes // the parser goes through all of them each time
		est.cost += est.copied * copyCost
	case k&marker != 0:
		est.markers++
	}
	est.start(t, k, written, selfClosing)
}

// start opens an element.
func (est *estimator) start(t tag, k kind, written string, selfClosing bool) {
	e := openElement{id: t.id, kind: k}
	switch {
	case k&formatting != 0:
		if t.name == atom.A || t.name == atom.Nobr {
			est.endFormatting(t.id) // such an element is never in another
		}
		est.serial++
		e.serial = est.serial
		est.add(formattingElement{t.id, e.serial, maphash.String(seed, written), t.cost(), est.barriers})
	case len(est.active) == 0:
		return
	case k&block != 0:
		est.cost += est.total
		est.closeImplied(t.name)
	case selfClosing:
		return // It has no content in svg; elsewhere its element does not matter.
	}
	if k&void != 0 {
		return
	}
	est.open = append(est.open, e)
	if k&barrier != 0 {
		est.barriers++
	}
	est.refused = est.refused || len(est.open) > maxOpen || len(est.active) > maxActive
}

// add adds a formatting element to the list, which has no more than the last
// three identical ones.
func (est *estimator) add(e formattingElement) {
	first, n := 0, 0
	for i := len(est.active) - 1; i >= 0; i-- {
		if est.active[i].hash == e.hash && est.active[i].level >= est.barriers {
			first = i
			n++
		}
	}
	if n >= maxAlike {
		est.total -= est.active[first].cost
		est.active = slices.Delete(est.active, first, first+1)
	}
	est.active = append(est.active, e)
	est.total += e.cost
	est.highest = max(est.highest, e.cost)
}

// closeImplied closes the p, or the li, that the start of a block closes.
func (est *estimator) closeImplied(name atom.Atom) {
	i := est.lastBlock()
	if i >= 0 && (est.open[i].id == uint32(atom.P) || name == atom.Li && est.open[i].id == uint32(atom.Li)) {
		est.truncate(i)
	}
}

// lastBlock returns the index of the innermost open block, -1 without one.
func (est *estimator) lastBlock() int {
	for i := len(est.open) - 1; i >= 0; i-- {
		if est.open[i].kind&block != 0 {
			return i
		}
	}
	return -1
}

// truncate closes all elements from the i-th open one on.
func (est *estimator) truncate(i int) {
	for _, e := range est.open[i:] {
		if e.kind&barrier != 0 {
			est.barriers--
		}
	}
	est.open = est.open[:i]
	for i := range est.active {
		est.active[i].level = min(est.active[i].level, est.barriers)
	}
}

// end closes an element.
func (est *estimator) end(t tag, k kind) {
	if len(est.active) == 0 {
		return
	}
	last := len(est.open) - 1
	switch {
	case last >= 0 && est.open[last].id == t.id:
		if k&formatting == 0 {
			est.cost += est.closedCost(k)
			est.truncate(last)
			return
		}
		serial := est.open[last].serial
		est.truncate(last)
		est.remove(serial)
	case k&formatting != 0:
		est.endFormatting(t.id)
	default:
		est.cost += est.total
		est.endMisnested(t.id)
	}
}

// closedCost returns what it costs to open again the formatting elements that
// an end tag may have closed: all of them for that of a block, and otherwise
// those that are not known to be open.
func (est *estimator) closedCost(k kind) int {
	if k&block != 0 {
		return est.total
	}
	cost := est.total
	for _, e := range est.open {
		if e.kind&formatting == 0 {
			continue
		}
		if i := est.index(e.serial); i >= 0 {
			cost -= est.active[i].cost
		}
	}
	return cost
}

// index returns the index of a formatting element in the list, -1 if it is not
// in it.
func (est *estimator) index(serial int) int {
	return slices.IndexFunc(est.active, func(e formattingElement) bool { return e.serial == serial })
}

// remove takes a formatting element out of the list.
func (est *estimator) remove(serial int) {
	if i := est.index(serial); i >= 0 {
		est.total -= est.active[i].cost
		est.active = slices.Delete(est.active, i, i+1)
	}
	if len(est.active) == 0 {
		est.open, est.barriers = est.open[:0], 0
	}
}

// endMisnested closes an element that is not the innermost one. If the element
// is not open, or there is a block in it, any formatting element may have been
// closed along with an element around it.
func (est *estimator) endMisnested(id uint32) {
	for i := len(est.open) - 1; i >= 0; i-- {
		if est.open[i].id == id {
			est.truncate(i)
			return
		}
		if est.open[i].kind&block != 0 {
			break
		}
	}
	est.open = slices.DeleteFunc(est.open, func(e openElement) bool { return e.kind&formatting != 0 })
}

// endFormatting closes the last formatting element with a name, which is not
// the innermost element. The parser moves it out of each block in it, and for
// that opens it again along with up to three others.
func (est *estimator) endFormatting(id uint32) {
	i := len(est.active) - 1
	for i >= 0 && est.active[i].id != id {
		i--
	}
	if i < 0 || est.active[i].level < est.barriers {
		return // A barrier is in between, so the element stays open.
	}
	e := est.active[i]
	at := slices.IndexFunc(est.open, func(o openElement) bool { return o.serial == e.serial })
	blocks := 0
	for _, o := range est.open[at+1:] {
		if o.kind&block != 0 {
			blocks++
		}
	}
	est.cost += min(blocks, maxBlocks+1) * (e.cost + 3*est.highest)
	switch {
	case blocks == 0 && at >= 0:
		est.truncate(at)
	default:
		est.open = slices.DeleteFunc(est.open, func(o openElement) bool { return o.kind&formatting != 0 })
	}
	if blocks <= maxBlocks {
		est.remove(e.serial)
	}
}

// rest counts the tags of the rest of a source in which tags and text cannot be
// told apart. Everything that may be a tag counts, and no formatting element
// leaves the list.
func (est *estimator) rest(src string) {
	budget := 4 * len(src)
	for i := strings.IndexByte(src, '<'); i >= 0; i = strings.IndexByte(src, '<') {
		src = src[i:]
		t, ok := readTag(src)
		k := kindOf(t.name)
		budget -= t.length
		switch {
		case !ok:
		case t.isEnd && k&formatting != 0:
			est.cost += est.total + 4*(maxBlocks+1)*est.highest
		case t.isEnd:
			est.cost += est.total
		default:
			est.cost += t.cost() + t.attributes*readCost + est.total
			est.looks -= est.markers
			if k&formatting != 0 {
				est.add(formattingElement{t.id, 0, maphash.String(seed, src[:t.length]), t.cost(), est.barriers})
			}
			if k&marker != 0 {
				est.markers++
			}
			if t.attributes > maxAttributes || k&root != 0 && t.attributes > 0 || len(est.active) > maxActive {
				est.refused = true
			}
		}
		if est.refused || budget < 0 || est.cost > est.limit {
			est.refused = true
			return
		}
		src = src[1:]
	}
}

// A foreignTracker follows the tags to find out whether a token may be in svg
// or math, where other rules hold.
type foreignTracker struct {
	inRaw            bool   // whether the last tag was the start tag of a raw text element
	name             uint32 // of the open element: svg or math
	depth            int    // how many elements of that name are open
	integrationPoint uint32 // the element in it whose content is HTML
	mixed            bool   // whether it is unknown where the element ends
	lost             bool   // whether it is unknown, too, what is a tag from here on
}

// mayBeForeign reports whether the next token may be in svg or math.
func (f *foreignTracker) mayBeForeign() bool { return f.depth > 0 || f.mixed }

// text follows a text. In the content of a raw text element, what looks like a
// tag is a tag if the element is in svg or math, and text otherwise.
func (f *foreignTracker) text(written string) {
	f.lost = f.lost || f.inRaw && f.mayBeForeign() && strings.IndexByte(written, '<') >= 0
	f.inRaw = false
}

// comment follows a comment, which in svg and math may be a CDATA section that
// ends elsewhere.
func (f *foreignTracker) comment(written string) {
	f.lost = f.lost || f.mayBeForeign() && strings.HasPrefix(written, "<![CDATA[") && !strings.HasSuffix(written, "]]>")
}

// tag follows a tag.
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
	case f.integrationPoint != 0,
		leavesForeign(t.name),
		k&foreign != 0 && t.id != f.name,
		k&raw != 0 && typ != html.StartTagToken:
		f.mixed = true
	case typ == html.SelfClosingTagToken:
	case isIntegrationPoint(t.name):
		f.integrationPoint = t.id
	case t.id == f.name:
		f.depth++
	}
}

// end follows an end tag in svg or math.
func (f *foreignTracker) end(t tag) {
	switch {
	case f.integrationPoint != 0 && t.id == f.integrationPoint:
		f.integrationPoint = 0
	case f.integrationPoint != 0, t.name == atom.P, t.name == atom.Br:
		f.mixed = true
	case t.id == f.name:
		f.depth--
	}
}
