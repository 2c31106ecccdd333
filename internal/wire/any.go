package wire

import (
	"encoding/json"
	"iter"
)

// Any is a value of any type in a text that is known to be valid JSON. Nothing
// of it is copied before it is used. The zero Any is no value: its Kind is 0,
// its Text is "", and it has no elements.
type Any struct {
	data       []byte // the whole text
	start, end int
}

// ParseAny returns the value in data. The error is that of encoding/json.
func ParseAny(data []byte) (Any, error) {
	if !json.Valid(data) {
		return Any{}, json.Unmarshal(data, new(json.RawMessage))
	}
	return AnyAt(data, 0), nil
}

// AnyAt returns the value that begins at data[i], after white space.
func AnyAt(data []byte, i int) Any {
	i = Space(data, i)
	end, _ := Value(data, i, 0)
	return Any{data, i, end}
}

// Kind returns the first byte of v, which tells its type.
func (v Any) Kind() byte {
	if v.data == nil {
		return 0
	}
	return v.data[v.start]
}

// Offset returns where v begins, in bytes from the start of the text.
func (v Any) Offset() int { return v.start }

// IsList reports whether v is an array or an object, whose members are its
// elements, as in the lists that forms and programs in PHP write.
func (v Any) IsList() bool { return v.Kind() == '[' || v.Kind() == '{' }

// IsBlank reports whether v is null or "". In place of a list or of an element,
// both stand for none.
func (v Any) IsBlank() bool {
	return v.Kind() == 'n' || v.Kind() == '"' && v.end-v.start == len(`""`)
}

// IsEmpty reports whether v is a list without elements.
func (v Any) IsEmpty() bool {
	return v.IsList() && Space(v.data, v.start+1) == v.end-1
}

// Text returns the text of a string, and the JSON of anything else. In a
// string, bytes that are not UTF-8 become U+FFFD.
func (v Any) Text() string {
	if v.Kind() != '"' {
		return string(v.data[v.start:v.end])
	}
	if end, valid := Plain(v.data, v.start+1); valid && end == v.end-1 {
		return string(v.data[v.start+1 : end])
	}
	const slack = 8 // what AppendUnquoted writes at once
	text, _, _ := AppendUnquoted(make([]byte, 0, v.end-v.start+slack), v.data, v.start+1)
	return string(text)
}

// StringText returns the text of a string, and "" for anything else.
func (v Any) StringText() string {
	if v.Kind() != '"' {
		return ""
	}
	return v.Text()
}

// Elements yields the elements of a list in the order of the text, each with
// its name if the list is an object. Anything else has no elements.
func (v Any) Elements() iter.Seq2[Any, Any] {
	return func(yield func(name, element Any) bool) {
		if !v.IsList() || v.IsEmpty() {
			return
		}
		for i := v.start; i != v.end-1; { // i is where a bracket or comma is
			var name, element Any
			i++
			if v.Kind() == '{' {
				name = AnyAt(v.data, i)
				i = Space(v.data, name.end) + len(":")
			}
			element = AnyAt(v.data, i)
			if !yield(name, element) {
				return
			}
			i = Space(v.data, element.end)
		}
	}
}

// Get returns the member of v at a path of names, the last one where a name
// occurs twice, or the zero Any.
func (v Any) Get(path ...string) Any {
	for _, wanted := range path {
		var found Any
		if v.Kind() == '{' {
			for name, member := range v.Elements() {
				if name.Text() == wanted {
					found = member
				}
			}
		}
		v = found
	}
	return v
}
