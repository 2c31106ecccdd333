package wire

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Reader reads a JSON text from front to back. It is strict about JSON and
// lenient about values. Malformed JSON stops it and sets its error. A
// well-formed value of the wrong type is reported as Unusable, and then it does
// not matter how much of it was read: FinishMember and SkipMember rewind to the
// start of the value and skip it. Only a value that is reported as Partial was
// read to its end.
//
// Nothing that it returns shares memory with Data, except for Member.Key.
// Values that take much more memory than their text, such as a list of empty
// objects, are charged to a budget that is linear in the length of Data.
//
// A Reader is made with the Data to read, as in Reader{Data: data}. The zero
// Reader reads an empty text.
type Reader struct {
	Data []byte

	pos   int // in Data, of the next byte
	depth int // how many objects and arrays are open
	err   *SyntaxError
	spent int // how many bytes of the budget are gone

	// Strings, raw values and Booleans are cut from these, so that an account
	// takes few allocations.
	text  strings.Builder
	raw   []byte
	bools []bool

	// scratch holds the text of a string with escape sequences. It is part of
	// the Reader so that both are on the stack.
	scratch [1024]byte
}

// SyntaxError says where a text is not the JSON that was asked for.
type SyntaxError struct {
	Offset int    // of the first wrong byte, or the length of a text that ends too early
	What   string // such as "invalid string"
}

// Error says what is wrong and where.
func (e *SyntaxError) Error() string { return e.What + " at byte " + strconv.Itoa(e.Offset) }

// Result says what became of the value of a member.
type Result uint8

const (
	// Unknown means that the entity does not have the member.
	Unknown Result = iota
	// Unusable means that the value could not be used. It may be partly read.
	Unusable
	// Partial means that the whole value was read and a part of it could not be
	// used.
	Partial
	// Used means that the whole value was read and used.
	Used
)

// Start reports whether the text is an object, which then comes next. If the
// text is null, Start reads it; anything else is an error.
func (r *Reader) Start() bool {
	if r.Peek() == '{' {
		return true
	}
	if r.Null() != Used {
		start := r.pos
		r.Skip() // If the value is malformed, that is the error.
		r.fail(start, "not an object")
	}
	return false
}

// End checks that nothing but white space follows the value that was read. It
// returns the first error, or nil.
func (r *Reader) End() *SyntaxError {
	if r.err == nil && r.Peek() != 0 || r.pos < len(r.Data) {
		r.fail(r.pos, "text after the end")
	}
	return r.err
}

// fail sets the error, unless there was one before, and ends the text.
func (r *Reader) fail(offset int, what string) {
	if r.err != nil {
		return
	}
	if offset >= len(r.Data) {
		what = "unexpected end"
	}
	r.err = &SyntaxError{Offset: offset, What: what}
	r.pos = len(r.Data)
}

// Peek skips white space and returns the byte after it without reading it. It
// returns 0 at the end of the text. A caller need not tell that from a NUL in
// the text, with which nothing in JSON begins.
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

// Skip reads a value of any type and drops it.
func (r *Reader) Skip() {
	end, ok := Value(r.Data, r.pos, r.depth)
	if !ok {
		r.fail(end, "invalid value")
		return
	}
	r.pos = end
}

// Open reads an opening bracket, which must come next.
func (r *Reader) Open() {
	r.pos++
	r.depth++
}

// more reports whether there is another member or element, and moves to it, or
// else past the closing bracket. It sets *begun at the first.
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

// Member is the place in an object that is being read. The zero Member is the
// place before the first member:
//
//	var m wire.Member
//	for r.Open(); r.Next(&m); {
//		r.FinishMember(&m, &extra, read(m.Key))
//	}
type Member struct {
	// Key is the name of the member, which may be invalid UTF-8. It is valid
	// until the next member.
	Key []byte

	begun   bool // past the first member
	inExtra bool // a known member of the object has left a value in Extra
	start   int  // where the value begins
	depth   int  // of the Reader, outside the value
}

// Next reports whether there is another member, and moves to its value. Open
// comes before the first.
func (r *Reader) Next(m *Member) bool {
	if m.begun && r.has(0, ',') && r.has(1, '"') { // as most texts are written
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
	m.start, m.depth = r.pos, r.depth
	return true
}

// has reports whether c comes after n other bytes.
func (r *Reader) has(n int, c byte) bool {
	return r.pos+n < len(r.Data) && r.Data[r.pos+n] == c
}

// FinishMember ends a member. result says what became of its value, which is
// stored in extra unless it was used wholly. If a name occurs twice, the last
// value wins.
func (r *Reader) FinishMember(m *Member, extra *map[string]json.RawMessage, result Result) {
	if result != Used || m.inExtra {
		r.finishExtra(m, extra, result)
	}
}

// finishExtra is what FinishMember rarely does, in a function of its own so
// that FinishMember is inlined.
func (r *Reader) finishExtra(m *Member, extra *map[string]json.RawMessage, result Result) {
	if result == Used {
		delete(*extra, string(m.Key))
		if len(*extra) == 0 {
			*extra = nil
		}
		return
	}
	if result != Partial {
		r.SkipMember(m)
	}
	if r.err != nil {
		return
	}
	if result != Unknown {
		m.inExtra = true
	}
	cost := extraEntry
	if *extra == nil {
		cost = extraMap
	}
	if !r.charge(cost) {
		return
	}
	if *extra == nil {
		*extra = make(map[string]json.RawMessage)
	}
	if !utf8.Valid(m.Key) {
		m.Key = []byte(string([]rune(string(m.Key)))) // Each invalid byte becomes U+FFFD.
	}
	(*extra)[r.copyText(m.Key)] = r.copyRaw(r.Data[m.start:r.pos])
}

// SkipMember rewinds to the start of m's value and skips it, however much of it
// was read.
func (r *Reader) SkipMember(m *Member) {
	if r.err == nil {
		r.pos, r.depth = m.start, m.depth
		r.Skip()
	}
}

// Strings and raw values are cut from chunks of at most this many bytes. Longer
// ones have an allocation of their own.
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
		// Names and punctuation are at least a quarter of a text.
		r.text.Grow(max(len(p), min(len(p)+rest*3/4, textChunk)))
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

// The budget is budgetBase bytes, plus budgetPerByte for each byte of the text.
// It pays for the elements of lists, for the entities that New makes, and for
// the entries of an Extra. Real servers send many bytes for each of these.
const (
	budgetPerByte = 8
	budgetBase    = 32 << 10
)

// These are the bytes that an entry of an Extra takes, and those that the map
// and its first entry take, as measured.
const (
	extraEntry = 128
	extraMap   = 384
)

// charge takes n bytes from the budget. If so many are not left, it takes
// nothing and reports false.
func (r *Reader) charge(n int) bool {
	if n > budgetBase+budgetPerByte*len(r.Data)-r.spent {
		return false
	}
	r.spent += n
	return true
}

// literal reports whether word comes next, and reads it.
func (r *Reader) literal(word string) bool {
	if end := r.pos + len(word); end <= len(r.Data) && string(r.Data[r.pos:end]) == word {
		r.pos = end
		return true
	}
	return false
}

// Null reads a null. Anything else is unusable.
func (r *Reader) Null() Result {
	if r.literal("null") {
		return Used
	}
	return Unusable
}

// quoted reads a string, which must come next, and returns its text. That is
// valid until the next string is read.
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

// The methods that follow read the value of a member, which must come next,
// into a variable. They take null for the zero value, and leave the zero value
// where the value is unusable.

// String reads a string.
func (r *Reader) String(p *string) Result {
	if !r.has(0, '"') {
		*p = ""
		return r.Null()
	}
	*p = r.copyText(r.quoted())
	return Used
}

// StringPtr reads a string that may be null, which is nil.
func (r *Reader) StringPtr(p **string) Result {
	*p = nil
	if r.Peek() != '"' {
		return r.Null()
	}
	*p = new(string)
	return r.String(*p)
}

// numberText reads a number or a string and returns its text, which is valid
// until the next string is read. If anything else comes next, it reads nothing
// and returns nil.
func (r *Reader) numberText() []byte {
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

// ID reads a string, or a number as it is written.
func (r *Reader) ID(p *string) Result {
	text := r.numberText()
	*p = r.copyText(text)
	if text == nil {
		return r.Null()
	}
	return Used
}

// Count reads a whole number, which may be in a string.
func (r *Reader) Count(p *int64) Result {
	*p = 0
	text := r.numberText()
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

// IntPtr reads a whole number, which may be in a string, or null, which is nil.
func (r *Reader) IntPtr(p **int) Result {
	*p = nil
	if r.Null() == Used {
		return Used
	}
	var n int64
	if r.Count(&n) != Used || int64(int(n)) != n {
		return Unusable
	}
	*p = new(int)
	**p = int(n)
	return Used
}

// Uint64 reads a whole number that is not negative, which may be in a string.
func (r *Reader) Uint64(p *uint64) Result {
	*p = 0
	text := r.numberText()
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

// parseInt parses a whole number. Its fraction may be zero, and it may have an
// exponent, if a float64 holds it exactly.
func parseInt(s []byte) (n int64, ok bool) {
	const longest = 32 // bytes; no server needs more
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

// Bool reads a Boolean, as such, in a string, or as 1 or 0.
func (r *Reader) Bool(p *bool) Result {
	*p = r.literal("true")
	if *p || r.literal("false") {
		return Used
	}
	text := r.numberText()
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

// BoolPtr reads a Boolean like Bool, or null, which is nil.
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

// Time reads a string in any form of ParseTime, or a number for ParseUnix. The
// string "" is the zero time.
func (r *Reader) Time(p *time.Time) Result {
	*p = time.Time{}
	isString := r.Peek() == '"'
	text := r.numberText()
	switch {
	case text == nil:
		return r.Null()
	case len(text) == 0:
		return Used
	}
	var ok bool
	if isString {
		*p, ok = ParseTime(text)
	} else {
		*p, ok = ParseUnix(text)
	}
	if !ok {
		return Unusable
	}
	return Used
}

// NoObject reads what stands for no object: null, or an empty array, as PHP
// writes an object without members.
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

// List is the place in a list that is being read.
type List struct {
	member Member // of an object; only begun is used of an array
	kind   byte   // the first byte of every element
	open   bool
	object bool // {"0":…,"3":…} and not an array
	result Result
}

// List begins a list of elements whose first byte is kind. The list may be an
// array, or an object whose names are numbers, as PHP writes an array with
// gaps. Each element is read or skipped by the caller:
//
//	l := r.List('"')
//	for r.Element(&l) {
//		if s := wire.AddElement(r, &list); s != nil {
//			r.String(s)
//		}
//	}
//	return wire.FinishList(&list, l)
func (r *Reader) List(kind byte) List {
	c := r.Peek()
	if c != '[' && c != '{' {
		return List{result: r.Null()}
	}
	r.Open()
	return List{kind: kind, open: true, object: c == '{', result: Used}
}

// Element reports whether there is another element that begins as it must, and
// moves to it. It skips the elements before it. If one of those was not null,
// the result of the list is Partial.
func (r *Reader) Element(l *List) bool {
	if !l.open {
		return false
	}
	for l.object && r.Next(&l.member) || !l.object && r.more(']', &l.member.begun) {
		if r.Peek() == l.kind && (!l.object || isDigits(l.member.Key)) {
			return true
		}
		if r.Null() != Used {
			l.MarkPartial()
			r.Skip()
		}
	}
	return false
}

// MarkPartial sets the result of the list to Partial, for a caller that could
// not use all of an element.
func (l *List) MarkPartial() { l.result = Partial }

// isDigits reports whether s has digits and nothing else.
func isDigits(s []byte) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) > 0
}

// New returns a pointer to a new T, or nil if the budget has no room for it.
func New[T any](r *Reader) *T {
	if !r.charge(int(reflect.TypeFor[T]().Size())) {
		return nil
	}
	return new(T)
}

// AddElement appends a zero value to list for the element that comes next, and
// returns a pointer to it. If the budget has no room for it, AddElement skips
// the element and returns nil.
func AddElement[T any](r *Reader, list *[]T) *T {
	n := len(*list)
	if n == cap(*list) {
		more := max(n, 4)
		if !r.charge((n + more) * int(reflect.TypeFor[T]().Size())) {
			r.Skip()
			return nil
		}
		*list = append(make([]T, 0, n+more), *list...)
	}
	*list = (*list)[:n+1] // The memory is fresh, and so it is zero.
	return &(*list)[n]
}

// FinishList returns the result of a list whose elements were read. A list
// without elements becomes empty and not nil, but an object that could not be
// used stays nil.
func FinishList[T any](list *[]T, l List) Result {
	if l.open && *list == nil && (l.result == Used || !l.object) {
		*list = []T{}
	}
	return l.result
}
