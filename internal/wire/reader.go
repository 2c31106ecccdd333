package wire

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Reader reads a JSON text from front to back, once. It is strict about JSON
// and lenient about values: malformed JSON stops it and sets its error; a
// well-formed value of the wrong type is reported as Unusable and may be left
// unread.
//
// Nothing that it makes shares memory with Data. What takes much more memory
// than text, such as a list of empty objects, is charged to a budget. The zero
// Reader reads an empty text. Make it with the Data to read.
type Reader struct {
	Data []byte

	pos   int
	depth int
	err   *SyntaxError
	spent int // bytes, of the budget

	// What it makes is cut from these, so that an account takes few
	// allocations.
	text  strings.Builder
	raw   []byte
	bools []bool

	// scratch is for strings with escapes. It is part of the Reader so that
	// both are on the stack.
	scratch [1024]byte
}

// SyntaxError says where a text is not the JSON that was asked for.
type SyntaxError struct {
	Offset int // in bytes
	What   string
}

// Error returns what is wrong and where.
func (e *SyntaxError) Error() string { return e.What + " at byte " + strconv.Itoa(e.Offset) }

// Result says what became of a member's value.
type Result uint8

const (
	// Unknown is a member that the entity does not have. Its value was not
	// read.
	Unknown Result = iota
	// Unusable is a value that could not be used, or not all of it. It may be
	// read.
	Unusable
	// Used is a value that was used whole.
	Used
)

// Start reports whether the text is an object, which it leaves to be read. If
// it is not, it must be null.
func (r *Reader) Start() bool {
	if r.Peek() == '{' {
		return true
	}
	if r.Null() != Used {
		at := r.pos
		r.Skip() // what is wrong with the text comes first
		r.fail(at, "not an object")
	}
	return false
}

// End checks that nothing comes after the value that was read, and returns the
// first error, or nil.
func (r *Reader) End() *SyntaxError {
	if r.err == nil && r.Peek() != 0 || r.pos < len(r.Data) {
		r.fail(r.pos, "text after the end")
	}
	return r.err
}

// fail ends the reading.
func (r *Reader) fail(at int, what string) {
	if r.err != nil {
		return
	}
	if at >= len(r.Data) {
		what = "unexpected end"
	}
	r.err = &SyntaxError{Offset: at, What: what}
	r.pos = len(r.Data)
}

// Peek skips white space and returns the next byte. It returns 0 at the end,
// and for a NUL, which begins nothing in JSON either.
func (r *Reader) Peek() byte {
	if r.pos < len(r.Data) && r.Data[r.pos] > ' ' {
		return r.Data[r.pos]
	}
	return r.peekAfterSpace()
}

func (r *Reader) peekAfterSpace() byte {
	r.pos = Space(r.Data, r.pos)
	if r.pos < len(r.Data) {
		return r.Data[r.pos]
	}
	return 0
}

// Skip reads a value of any kind.
func (r *Reader) Skip() {
	end, ok := Value(r.Data, r.pos, r.depth)
	if !ok {
		r.fail(end, "invalid value")
		return
	}
	r.pos = end
}

// Open takes an opening bracket.
func (r *Reader) Open() {
	r.pos++
	r.depth++
}

// more moves to the next member or element, if there is one, or else past the
// closing bracket. It sets *begun after the first.
func (r *Reader) more(closing byte, begun *bool) bool {
	switch c := r.Peek(); {
	case r.err != nil:
		return false
	case c == closing:
		r.pos++
		r.depth--
		return false
	case !*begun:
		*begun = true
	case c == ',':
		r.pos++
		if r.Peek() == closing {
			r.fail(r.pos, "nothing after a comma")
			return false
		}
	default:
		r.fail(r.pos, "no comma or closing bracket")
		return false
	}
	return true
}

// Member is where an object is being read. It begins as the zero Member.
type Member struct {
	begun bool
	Key   []byte // the name, which may not be UTF-8
	start int    // of the value
	kept  bool   // Extra has an unusable value of a member that the entity knows
}

// Next moves to the value of the next member, if there is one. Before the
// first, the bracket must be open.
func (r *Reader) Next(m *Member) bool {
	if m.begun && r.has(0, ',') && r.has(1, '"') { // no white space, as most texts are written
		r.pos++
	} else if !r.more('}', &m.begun) {
		return false
	} else if r.Peek() != '"' {
		r.fail(r.pos, "no name of a member")
		return false
	}
	start := r.pos + 1
	end := Stop(r.Data, start)
	if end < len(r.Data) && r.Data[end] == '"' {
		m.Key, r.pos = r.Data[start:end], end+1
	} else {
		var ok bool
		if m.Key, end, ok = AppendUnquoted(nil, r.Data, start); !ok {
			r.fail(end, "invalid string")
			return false
		}
		r.pos = end
	}
	if r.Peek() != ':' {
		r.fail(r.pos, "no colon after the name of a member")
		return false
	}
	r.pos++
	r.Peek()
	m.start = r.pos
	return true
}

// has reports whether c is the n-th byte that comes.
func (r *Reader) has(n int, c byte) bool {
	return r.pos+n < len(r.Data) && r.Data[r.pos+n] == c
}

// FinishMember stores a value that is unknown or unusable in extra. If a name
// occurs twice, the last value wins.
func (r *Reader) FinishMember(m *Member, extra *map[string]json.RawMessage, u Result) {
	if u == Used && !m.kept {
		return
	}
	r.keepMember(m, extra, u)
}

// keepMember is the rest of FinishMember, apart so that the latter is inlined.
func (r *Reader) keepMember(m *Member, extra *map[string]json.RawMessage, u Result) {
	if u == Used {
		if delete(*extra, string(m.Key)); len(*extra) == 0 { // the name of one that is known, so UTF-8
			*extra = nil
		}
		return
	}
	r.SkipUnread(m)
	if r.err != nil {
		return
	}
	m.kept = m.kept || u == Unusable
	cost := extraEntry
	if *extra == nil {
		cost = extraMap
	}
	if !r.take(cost) {
		return
	}
	if *extra == nil {
		*extra = make(map[string]json.RawMessage)
	}
	if !utf8.Valid(m.Key) {
		m.Key = []byte(string([]rune(string(m.Key)))) // a bad byte is U+FFFD
	}
	(*extra)[r.copyText(m.Key)] = r.copyRaw(r.Data[m.start:r.pos])
}

// SkipUnread skips the value of m if nothing of it was read.
func (r *Reader) SkipUnread(m *Member) {
	if r.pos == m.start {
		r.Skip()
	}
}

// textChunk and rawChunk are the most bytes that are set aside at a time for
// strings and for raw values.
const (
	textChunk = 4096
	rawChunk  = 512
)

// copyText returns a copy of p.
func (r *Reader) copyText(p []byte) string {
	if len(p) == 0 {
		return ""
	}
	if len(p) > r.text.Cap()-r.text.Len() {
		if len(p) > textChunk/4 && r.text.Len() > 0 {
			return string(p)
		}
		r.text.Reset()
		rest := len(r.Data) - r.pos
		r.text.Grow(max(len(p), min(len(p)+rest*3/4, textChunk))) // names and punctuation take the rest
	}
	n := r.text.Len()
	r.text.Write(p)
	return r.text.String()[n:]
}

// copyRaw returns a copy of p.
func (r *Reader) copyRaw(p []byte) json.RawMessage {
	if len(p) > cap(r.raw)-len(r.raw) {
		r.raw = make([]byte, 0, max(len(p), min(len(r.Data)-r.pos+len(p), rawChunk)))
	}
	n := len(r.raw)
	r.raw = append(r.raw, p...)
	return r.raw[n:len(r.raw):len(r.raw)]
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
func (r *Reader) take(n int) bool {
	if n > budgetBase+budgetPerByte*len(r.Data)-r.spent {
		return false
	}
	r.spent += n
	return true
}

// literal takes word, if it comes next, and reports whether it did.
func (r *Reader) literal(word string) bool {
	if end := r.pos + len(word); end <= len(r.Data) && string(r.Data[r.pos:end]) == word {
		r.pos = end
		return true
	}
	return false
}

// Null takes a null, which leaves every attribute at its zero value.
func (r *Reader) Null() Result {
	if r.literal("null") {
		return Used
	}
	return Unusable
}

// quoted takes a string and returns its text, which is valid until the next
// string is read.
func (r *Reader) quoted() []byte {
	start := r.pos + 1
	end, plain := Plain(r.Data, start)
	if plain && end < len(r.Data) && r.Data[end] == '"' {
		r.pos = end + 1
		return r.Data[start:end]
	}
	text, end, ok := AppendUnquoted(r.scratch[:0], r.Data, start)
	if !ok {
		r.fail(end, "invalid string")
		return nil
	}
	r.pos = end
	return text
}

// The readers of a member's value, which must come next, set it to the zero
// value first, and take null.

// String takes a string.
func (r *Reader) String(p *string) Result {
	if !r.has(0, '"') {
		*p = ""
		return r.Null()
	}
	*p = r.copyText(r.quoted())
	return Used
}

// StringPtr is String for a nullable text: null is nil.
func (r *Reader) StringPtr(p **string) Result {
	*p = nil
	if r.Peek() != '"' {
		return r.Null()
	}
	*p = new(string)
	return r.String(*p)
}

// number takes a number or a string and returns its text, nil for anything
// else.
func (r *Reader) number() []byte {
	switch c := r.Peek(); {
	case c == '"':
		return r.quoted()
	case c == '-' || '0' <= c && c <= '9':
		start := r.pos
		end, ok := Number(r.Data, start)
		if !ok {
			r.fail(end, "invalid number")
			return nil
		}
		r.pos = end
		return r.Data[start:end]
	}
	return nil
}

// ID takes a string, or the text of a number.
func (r *Reader) ID(p *string) Result {
	text := r.number()
	*p = r.copyText(text)
	if text == nil {
		return r.Null()
	}
	return Used
}

// Count takes a whole number, which may be in a string.
func (r *Reader) Count(p *int64) Result {
	*p = 0
	text := r.number()
	if text == nil {
		return r.Null()
	}
	n, ok := parseInt(text)
	if !ok {
		return Unusable
	}
	*p = n
	return Used
}

// IntPtr is Count for a nullable number: null is nil.
func (r *Reader) IntPtr(p **int) Result {
	*p = nil
	if r.Null() == Used {
		return Used
	}
	var n int64
	u := r.Count(&n)
	if i := int(n); u == Used && int64(i) == n {
		*p = &i
		return Used
	}
	return Unusable
}

// Uint64 takes a whole number that is not negative, which may be in a string.
func (r *Reader) Uint64(p *uint64) Result {
	*p = 0
	text := r.number()
	if text == nil {
		return r.Null()
	}
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return Unusable
	}
	*p = n
	return Used
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

// Bool takes a Boolean, as such, as a text or as 1 and 0.
func (r *Reader) Bool(p *bool) Result {
	*p = r.literal("true")
	if *p || r.literal("false") {
		return Used
	}
	text := r.number()
	switch string(text) {
	case "true", "1":
		*p = true
		return Used
	case "false", "0":
		return Used
	}
	if text == nil {
		return r.Null()
	}
	return Unusable
}

// BoolPtr is Bool for a nullable Boolean: null is nil.
func (r *Reader) BoolPtr(p **bool) Result {
	*p = nil
	if r.Null() == Used {
		return Used
	}
	var b bool
	if r.Bool(&b) != Used {
		return Unusable
	}
	if len(r.bools) == 0 {
		r.bools = make([]bool, 8)
	}
	*p, r.bools = &r.bools[0], r.bools[1:]
	**p = b
	return Used
}

// Time takes a text in any of the forms of ParseTime, where "" is the zero
// time, or a Unix number.
func (r *Reader) Time(p *time.Time) Result {
	*p = time.Time{}
	isText := r.Peek() == '"'
	text := r.number()
	switch {
	case text == nil:
		return r.Null()
	case len(text) == 0:
		return Used
	}
	var ok bool
	if isText {
		*p, ok = ParseTime(text)
	} else {
		*p, ok = ParseUnix(text)
	}
	if !ok {
		return Unusable
	}
	return Used
}

// NoObject takes what stands for no object: null, and the empty array by which
// PHP says so.
func (r *Reader) NoObject() Result {
	if r.Peek() != '[' {
		return r.Null()
	}
	if end := Space(r.Data, r.pos+1); end < len(r.Data) && r.Data[end] == ']' {
		r.pos = end + 1
		return Used
	}
	return Unusable
}

// List is where a list is being read.
type List struct {
	Member      // of an object; begun and start are those of an array too
	kind   byte // what each element must begin with
	open   bool
	object bool // rows by number: {"0":…,"3":…}
	result Result
}

// List begins a list, whose elements must begin with kind: an array, or an
// object of rows by number, which PHP makes of one. Use it as in
//
//	for l := r.List('{'); r.Element(&l); {…}
func (r *Reader) List(kind byte) List {
	c := r.Peek()
	if c != '[' && c != '{' {
		return List{result: r.Null()}
	}
	r.Open()
	return List{kind: kind, open: true, object: c == '{', result: Used}
}

// Element moves to the next element that begins as it must, if there is one. It
// skips the others, which, except for null, make the list one that was not used
// whole. It also skips an element that was left unread.
func (r *Reader) Element(l *List) bool {
	if !l.open {
		return false
	}
	if l.begun && r.pos == l.start {
		r.Skip()
	}
	for l.object && r.Next(&l.Member) || !l.object && r.more(']', &l.begun) {
		if r.Peek() == l.kind && (!l.object || isDigits(l.Key)) {
			l.start = r.pos
			return true
		}
		if r.Null() != Used {
			l.result = Unusable
			r.Skip()
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

// New returns a zero T, or nil if the budget has no room for it.
func New[T any](r *Reader) *T {
	if !r.take(int(reflect.TypeFor[T]().Size())) {
		return nil
	}
	return new(T)
}

// AddElement appends a zero element to list and returns it, or nil if the
// budget has no room for it: then the rest of the list is dropped.
func AddElement[T any](r *Reader, list *[]T) *T {
	n := len(*list)
	if n == cap(*list) {
		more := max(n, 4)
		if !r.take((n + more) * int(reflect.TypeFor[T]().Size())) {
			return nil
		}
		*list = append(make([]T, 0, n+more), *list...)
	}
	*list = (*list)[:n+1] // memory that nothing was written to yet
	return &(*list)[n]
}

// FinishList ends a list: an empty one is not nil, but an object without rows
// is none.
func FinishList[T any](list *[]T, l List) Result {
	if l.open && *list == nil && (l.result == Used || !l.object) {
		*list = []T{}
	}
	return l.result
}

// MarkUnusable notes that an element was not used whole, and so the list was
// not.
func (l *List) MarkUnusable() { l.result = Unusable }
