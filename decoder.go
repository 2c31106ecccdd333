package masto

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/wire"
)

// decoder reads a JSON text from front to back, once. It is strict about JSON
// and lenient about values: malformed JSON stops it and sets err; a well-formed
// value of the wrong type is reported as unusable and left unread.
//
// Nothing that it makes shares memory with data. What takes much more memory
// than text, such as a list of empty objects, is charged to a budget; see take.
type decoder struct {
	data  []byte
	pos   int
	depth int
	moved bool // in the target of a move
	err   error
	spent int // bytes, of the budget

	// What it makes is cut from these, so that an account takes few
	// allocations.
	text  strings.Builder
	raw   []byte
	bools []bool

	// scratch is for strings with escapes. It is part of the decoder so that both
	// are on the stack.
	scratch [1024]byte
}

// use says what became of a member's value.
type use uint8

const (
	unknown  use = iota // the entity has no such member; the value was not read
	unusable            // it has, but could not use the value, or all of it; it may be read
	used
)

// start tells whether an object comes, which it leaves to be read. If not, the
// text must be null.
func (d *decoder) start() bool {
	if d.peek() == '{' {
		return true
	}
	if d.null() != used {
		at := d.pos
		d.skip() // what is wrong with the text comes first
		d.fail(at, "not an object")
	}
	return false
}

// end checks that nothing comes after the value that was read, and returns the
// first error.
func (d *decoder) end() error {
	if d.err == nil && d.peek() != 0 || d.pos < len(d.data) {
		d.fail(d.pos, "text after the end")
	}
	return d.err
}

// fail ends the reading.
func (d *decoder) fail(at int, what string) {
	if d.err != nil {
		return
	}
	if at >= len(d.data) {
		what = "unexpected end"
	}
	d.err = &DecodeError{Offset: int64(at), Err: fmt.Errorf("%w JSON: %s", ErrMalformed, what)}
	d.pos = len(d.data)
}

// peek skips white space and returns the next byte; 0 at the end, and for a
// NUL, which begins nothing in JSON either.
func (d *decoder) peek() byte {
	if d.pos < len(d.data) && d.data[d.pos] > ' ' {
		return d.data[d.pos]
	}
	return d.peekAfterSpace()
}

func (d *decoder) peekAfterSpace() byte {
	d.pos = wire.Space(d.data, d.pos)
	if d.pos < len(d.data) {
		return d.data[d.pos]
	}
	return 0
}

// skip reads a value of any kind.
func (d *decoder) skip() {
	end, ok := wire.Value(d.data, d.pos, d.depth)
	if !ok {
		d.fail(end, "invalid value")
		return
	}
	d.pos = end
}

// open takes an opening bracket.
func (d *decoder) open() {
	d.pos++
	d.depth++
}

// more moves to the next member or element, if there is one, or else past the
// closing bracket. begun tells, and is told, that one was there already.
func (d *decoder) more(closing byte, begun *bool) bool {
	switch c := d.peek(); {
	case d.err != nil:
		return false
	case c == closing:
		d.pos++
		d.depth--
		return false
	case !*begun:
		*begun = true
	case c == ',':
		d.pos++
		if d.peek() == closing {
			d.fail(d.pos, "nothing after a comma")
			return false
		}
	default:
		d.fail(d.pos, "no comma or closing bracket")
		return false
	}
	return true
}

// member is where an object is being read.
type member struct {
	begun bool
	key   []byte // may be no UTF-8
	start int    // of the value
	odd   bool   // the value of a member that the entity has was kept in its Extra
}

// next moves to the value of the next member, if there is one. Before the
// first, m is the zero member and the bracket is open.
func (d *decoder) next(m *member) bool {
	if m.begun && d.has(0, ',') && d.has(1, '"') { // no white space, as most texts are written
		d.pos++
	} else if !d.more('}', &m.begun) {
		return false
	} else if d.peek() != '"' {
		d.fail(d.pos, "no name of a member")
		return false
	}
	start := d.pos + 1
	end := wire.Stop(d.data, start)
	if end < len(d.data) && d.data[end] == '"' {
		m.key, d.pos = d.data[start:end], end+1
	} else {
		var ok bool
		if m.key, end, ok = wire.AppendUnquoted(nil, d.data, start); !ok {
			d.fail(end, "invalid string")
			return false
		}
		d.pos = end
	}
	if d.peek() != ':' {
		d.fail(d.pos, "no colon after the name of a member")
		return false
	}
	d.pos++
	d.peek()
	m.start = d.pos
	return true
}

// has tells whether c is the n-th byte that comes.
func (d *decoder) has(n int, c byte) bool {
	return d.pos+n < len(d.data) && d.data[d.pos+n] == c
}

// settle ends a member: what could not be used, or is not known, goes to extra.
// Of members with one name the last counts.
func (d *decoder) settle(m *member, extra *map[string]json.RawMessage, u use) {
	if u == used && !m.odd {
		return
	}
	d.settleOdd(m, extra, u)
}

func (d *decoder) settleOdd(m *member, extra *map[string]json.RawMessage, u use) {
	if u == used {
		if delete(*extra, string(m.key)); len(*extra) == 0 { // the name of one that is known, so UTF-8
			*extra = nil
		}
		return
	}
	if d.pos == m.start {
		d.skip()
	}
	if d.err != nil {
		return
	}
	m.odd = m.odd || u == unusable
	cost := extraEntry
	if *extra == nil {
		cost = extraMap
	}
	if !d.take(cost) {
		return
	}
	if *extra == nil {
		*extra = make(map[string]json.RawMessage)
	}
	if !utf8.Valid(m.key) {
		m.key = []byte(string([]rune(string(m.key)))) // a bad byte is U+FFFD
	}
	(*extra)[d.keep(m.key)] = d.keepRaw(d.data[m.start:d.pos])
}

// textChunk and rawChunk are the most bytes that are set aside at a time for
// strings and for raw values.
const (
	textChunk = 4096
	rawChunk  = 512
)

// keep returns a copy of p.
func (d *decoder) keep(p []byte) string {
	if len(p) == 0 {
		return ""
	}
	if len(p) > d.text.Cap()-d.text.Len() {
		if len(p) > textChunk/4 && d.text.Len() > 0 {
			return string(p)
		}
		d.text.Reset()
		rest := len(d.data) - d.pos
		d.text.Grow(max(len(p), min(len(p)+rest*3/4, textChunk))) // names and punctuation take the rest
	}
	n := d.text.Len()
	d.text.Write(p)
	return d.text.String()[n:]
}

// keepRaw returns a copy of p.
func (d *decoder) keepRaw(p []byte) json.RawMessage {
	if len(p) > cap(d.raw)-len(d.raw) {
		d.raw = make([]byte, 0, max(len(p), min(len(d.data)-d.pos+len(p), rawChunk)))
	}
	n := len(d.raw)
	d.raw = append(d.raw, p...)
	return d.raw[n:len(d.raw):len(d.raw)]
}

// An entity takes at most budgetPerByte bytes of memory for each byte of its
// text, and budgetBase besides, for the elements of lists, the targets of
// moves, and the names of unknown members. Real servers send many bytes for
// each of these.
const (
	budgetPerByte = 8
	budgetBase    = 32 << 10
)

// What an unknown member takes, and the map for the first of them, as measured.
const (
	extraEntry = 128
	extraMap   = 384
)

// take charges n bytes to the budget, and reports whether they were left.
func (d *decoder) take(n int) bool {
	if n > budgetBase+budgetPerByte*len(d.data)-d.spent {
		return false
	}
	d.spent += n
	return true
}

// literal takes word, if it comes next.
func (d *decoder) literal(word string) bool {
	if end := d.pos + len(word); end <= len(d.data) && string(d.data[d.pos:end]) == word {
		d.pos = end
		return true
	}
	return false
}

// null takes a null, which leaves every attribute at its zero value.
func (d *decoder) null() use {
	if d.literal("null") {
		return used
	}
	return unusable
}

// quoted takes a string and returns what it says, which is good until the next
// string is read.
func (d *decoder) quoted() []byte {
	start := d.pos + 1
	end, plain := wire.Plain(d.data, start)
	if plain && end < len(d.data) && d.data[end] == '"' {
		d.pos = end + 1
		return d.data[start:end]
	}
	text, end, ok := wire.AppendUnquoted(d.scratch[:0], d.data, start)
	if !ok {
		d.fail(end, "invalid string")
		return nil
	}
	d.pos = end
	return text
}

// The readers of a member's value, which is what comes, set it to the zero
// value first, and take null.

func (d *decoder) string(p *string) use {
	if !d.has(0, '"') {
		*p = ""
		return d.null()
	}
	*p = d.keep(d.quoted())
	return used
}

// stringPtr makes null a nil.
func (d *decoder) stringPtr(p **string) use {
	*p = nil
	if d.peek() != '"' {
		return d.null()
	}
	*p = new(string)
	return d.string(*p)
}

// number takes a number or a string and returns its text, nil for anything
// else.
func (d *decoder) number() []byte {
	switch c := d.peek(); {
	case c == '"':
		return d.quoted()
	case c == '-' || '0' <= c && c <= '9':
		start := d.pos
		end, ok := wire.Number(d.data, start)
		if !ok {
			d.fail(end, "invalid number")
			return nil
		}
		d.pos = end
		return d.data[start:end]
	}
	return nil
}

// id takes a string, or the text of a number.
func (d *decoder) id(p *string) use {
	text := d.number()
	*p = d.keep(text)
	if text == nil {
		return d.null()
	}
	return used
}

// count takes a whole number, which may be in a string.
func (d *decoder) count(p *int64) use {
	*p = 0
	text := d.number()
	if text == nil {
		return d.null()
	}
	n, ok := parseInt(text)
	if !ok {
		return unusable
	}
	*p = n
	return used
}

// intPtr is count for a nullable number.
func (d *decoder) intPtr(p **int) use {
	*p = nil
	if d.null() == used {
		return used
	}
	var n int64
	u := d.count(&n)
	if i := int(n); u == used && int64(i) == n {
		*p = &i
		return used
	}
	return unusable
}

// permissions takes a whole number that is not negative, which may be in a
// string.
func (d *decoder) permissions(p *Permissions) use {
	*p = 0
	text := d.number()
	if text == nil {
		return d.null()
	}
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return unusable
	}
	*p = Permissions(n)
	return used
}

// parseInt reads a whole number. It takes one with a fraction of zero or an
// exponent too, as long as a float64 has it exactly.
func parseInt(s []byte) (int64, bool) {
	const longest = 32 // more digits cannot be needed
	if len(s) > longest {
		return 0, false
	}
	if n, err := strconv.ParseInt(string(s), 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(string(s), 64)
	if n := int64(f); err == nil && float64(n) == f && -1<<53 <= n && n <= 1<<53 {
		return n, true
	}
	return 0, false
}

// bool takes a Boolean, as such, as a text or as 1 and 0.
func (d *decoder) bool(p *bool) use {
	*p = d.literal("true")
	if *p || d.literal("false") {
		return used
	}
	text := d.number()
	switch string(text) {
	case "true", "1":
		*p = true
		return used
	case "false", "0":
		return used
	}
	if text == nil {
		return d.null()
	}
	return unusable
}

// boolPtr makes null a nil.
func (d *decoder) boolPtr(p **bool) use {
	*p = nil
	if d.null() == used {
		return used
	}
	var b bool
	if d.bool(&b) != used {
		return unusable
	}
	if len(d.bools) == 0 {
		d.bools = make([]bool, 8)
	}
	*p, d.bools = &d.bools[0], d.bools[1:]
	**p = b
	return used
}

// time takes a text in any of the forms of wire.ParseTime, where "" is the zero
// time, or a Unix number.
func (d *decoder) time(p *time.Time) use {
	*p = time.Time{}
	isText := d.peek() == '"'
	text := d.number()
	switch {
	case text == nil:
		return d.null()
	case len(text) == 0:
		return used
	}
	var ok bool
	if isText {
		*p, ok = wire.ParseTime(text)
	} else {
		*p, ok = wire.ParseUnix(text)
	}
	if !ok {
		return unusable
	}
	return used
}

// noObject takes what stands for no object: null, and the empty array by which
// PHP says so.
func (d *decoder) noObject() use {
	if d.peek() != '[' {
		return d.null()
	}
	if end := wire.Space(d.data, d.pos+1); end < len(d.data) && d.data[end] == ']' {
		d.pos = end + 1
		return used
	}
	return unusable
}

// elements is where a list is being read.
type elements struct {
	member      // of an object; begun and start are those of an array too
	kind   byte // what each element must begin with
	open   bool
	object bool // rows by number: {"0":…,"3":…}
	use    use
}

// list begins a list, whose elements must begin with kind: an array, or an
// object of rows by number, which PHP makes of one. Use it as in
//
//	for l := d.list('{'); d.element(&l); {…}
func (d *decoder) list(kind byte) elements {
	c := d.peek()
	if c != '[' && c != '{' {
		return elements{use: d.null()}
	}
	d.open()
	return elements{kind: kind, open: true, object: c == '{', use: used}
}

// element moves to the next element that begins as it must, if there is one. It
// skips the others, which, except for null, make the list one that was not used
// whole. It also skips an element that was left unread.
func (d *decoder) element(l *elements) bool {
	if !l.open {
		return false
	}
	if l.begun && d.pos == l.start {
		d.skip()
	}
	for l.object && d.next(&l.member) || !l.object && d.more(']', &l.begun) {
		if d.peek() == l.kind && (!l.object || isDigits(l.key)) {
			l.start = d.pos
			return true
		}
		if d.null() != used {
			l.use = unusable
			d.skip()
		}
	}
	return false
}

// isDigits reports whether s is a number of digits alone.
func isDigits(s []byte) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) > 0
}

// made returns a zero T, or nil if the budget has no room for it.
func made[T any](d *decoder) *T {
	if !d.take(int(reflect.TypeFor[T]().Size())) {
		return nil
	}
	return new(T)
}

// added appends a zero element to list and returns it, or nil if the budget has
// no room for it: then the rest of the list is dropped.
func added[T any](d *decoder, list *[]T) *T {
	n := len(*list)
	if n == cap(*list) {
		more := max(n, 4)
		if !d.take((n + more) * int(reflect.TypeFor[T]().Size())) {
			return nil
		}
		*list = append(make([]T, 0, n+more), *list...)
	}
	*list = (*list)[:n+1] // memory that nothing was written to yet
	return &(*list)[n]
}

// listed ends a list: an empty one is not nil, but an object without rows is
// none.
func listed[T any](list *[]T, l elements) use {
	if l.open && *list == nil && (l.use == used || !l.object) {
		*list = []T{}
	}
	return l.use
}
