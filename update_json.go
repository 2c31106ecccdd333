package masto

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/wire"
)

// UnmarshalJSON reads the JSON body of a PATCH by the rules of [DecodeUpdate],
// but without its bounds, as data are in memory already. It needs at most 20
// times the length of data, whatever they are. null sets nothing. Every error is
// a [*DecodeError], and leaves u as it was.
func (u *Update) UnmarshalJSON(data []byte) error {
	d := updateDecoder{partsLeft: math.MaxInt, bytesLeft: math.MaxInt}
	if err := d.json(data); err != nil {
		return err
	}
	*u = d.update()
	return nil
}

// json decodes an object of parameters; null is an empty one.
func (d *updateDecoder) json(data []byte) error {
	if !utf8.Valid(data) {
		return &DecodeError{Offset: int64(validPrefix(data)), Err: ErrInvalidUTF8}
	}
	if !json.Valid(data) {
		return malformedJSON(json.Unmarshal(data, new(json.RawMessage)))
	}
	v := jsonValueAt(data, 0)
	switch v.kind() {
	case 'n':
		return nil
	case '{':
		return d.each(v, func(name, v jsonValue) error { return d.jsonParam(name.text(), v) })
	}
	return malformedJSON(nil)
}

// malformedJSON is the error for what encoding/json did not take; nil stands
// for a value that is no object.
func malformedJSON(err error) error {
	if err == nil {
		return &DecodeError{Offset: 0, Err: fmt.Errorf("%w JSON: not an object", ErrMalformed)}
	}
	e := &DecodeError{Offset: 0, Err: fmt.Errorf("%w JSON: %w", ErrMalformed, err)}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		e.Offset = syntax.Offset
	}
	return e
}

// validPrefix returns how many bytes at the start of data are UTF-8.
func validPrefix(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// jsonValue is a value in a JSON text that is known to be valid. Nothing is
// copied of it before it is known to be used.
type jsonValue struct {
	data       []byte // the whole text
	start, end int
}

// jsonValueAt returns the value that begins at data[i], after white space.
func jsonValueAt(data []byte, i int) jsonValue {
	i = wire.Space(data, i)
	end, _ := wire.Value(data, i, 0)
	return jsonValue{data, i, end}
}

// kind returns the first byte of v, which tells its type.
func (v jsonValue) kind() byte { return v.data[v.start] }

// isList reports whether v has elements: in an object these are its members, as
// in the list that a form or a program in PHP makes.
func (v jsonValue) isList() bool { return v.kind() == '[' || v.kind() == '{' }

// isBlank reports whether v is null or "", which stand for no list at all, and
// for no element of one.
func (v jsonValue) isBlank() bool {
	return v.kind() == 'n' || v.kind() == '"' && v.end-v.start == len(`""`)
}

// isEmpty reports whether v is a list without elements.
func (v jsonValue) isEmpty() bool {
	return v.isList() && wire.Space(v.data, v.start+1) == v.end-1
}

// text returns what a string says, and what else is no list as it is written.
func (v jsonValue) text() string {
	if v.kind() != '"' {
		return string(v.data[v.start:v.end])
	}
	if end := wire.Stop(v.data, v.start+1); end == v.end-1 { // no escapes
		return string(v.data[v.start+1 : end])
	}
	const slack = 8 // what wire.AppendUnquoted writes at once
	text, _, _ := wire.AppendUnquoted(make([]byte, 0, v.end-v.start+slack), v.data, v.start+1)
	return string(text)
}

// elements yields the elements of a list in the order of the text, each with its
// name if the list is an object.
func (v jsonValue) elements() iter.Seq2[jsonValue, jsonValue] {
	return func(yield func(name, element jsonValue) bool) {
		if v.isEmpty() {
			return
		}
		for i := v.start; i != v.end-1; { // i is where a bracket or comma is
			var name, element jsonValue
			i++
			if v.kind() == '{' {
				name = jsonValueAt(v.data, i)
				i = wire.Space(v.data, name.end) + len(":")
			}
			element = jsonValueAt(v.data, i)
			if !yield(name, element) {
				return
			}
			i = wire.Space(v.data, element.end)
		}
	}
}

// each calls f with each element of a list, counts it, and says where an error
// happened.
func (d *updateDecoder) each(list jsonValue, f func(name, element jsonValue) error) error {
	for name, element := range list.elements() {
		err := d.part()
		if err == nil {
			err = f(name, element)
		}
		if err != nil {
			return at(element.start, err)
		}
	}
	return nil
}

// at says where err happened, if it does not say so itself.
func at(offset int, err error) error {
	if _, ok := errors.AsType[*DecodeError](err); ok {
		return err
	}
	return &DecodeError{Offset: int64(offset), Err: err}
}

// jsonText returns what a JSON string says; "" of any other value.
func jsonText(value json.RawMessage) string {
	var s string
	_ = json.Unmarshal(value, &s)
	return s
}

// jsonParam takes a parameter of an update.
func (d *updateDecoder) jsonParam(name string, v jsonValue) error {
	switch name {
	case fieldsName:
		return d.jsonFields(v)
	case domainsName:
		return d.jsonDomains(v)
	case sourceName:
		return d.jsonSource(v)
	}
	return d.jsonScalar(name, v)
}

// jsonScalar takes a parameter that is no list.
func (d *updateDecoder) jsonScalar(name string, v jsonValue) error {
	dst := d.u.attribute(name)
	switch {
	case dst == nil:
		return nil
	case v.isList():
		d.u.drop(name)
		return nil
	case v.kind() == 'n':
		return d.setScalar(dst, scalar{null: true})
	}
	return d.setScalar(dst, scalar{text: v.text()})
}

// jsonSource takes the defaults of new posts. Servers written in PHP, and their
// clients, have [] for an empty object.
func (d *updateDecoder) jsonSource(source jsonValue) error {
	if source.kind() != '{' {
		if !source.isBlank() && !source.isEmpty() {
			d.u.drop(sourceName)
		}
		return nil
	}
	return d.each(source, func(name, v jsonValue) error { return d.jsonScalar(sourceParam(name.text()), v) })
}

// jsonDomains takes a list of domains. An empty one makes no element, but a list
// of it.
func (d *updateDecoder) jsonDomains(list jsonValue) error {
	if !list.isList() {
		d.dropUnlessBlank(domainsName, list)
		return nil
	}
	n := 0
	for range list.elements() {
		n++
	}
	d.domains = domainList{sentList: sentList{sent: true}, domains: make([]string, 0, min(n, d.partsLeft))}
	return d.each(list, func(_, domain jsonValue) error {
		switch {
		case domain.kind() == 'n':
			return nil
		case domain.isList():
			d.dropDomain()
			return nil
		}
		return d.addDomain(domain.text())
	})
}

// jsonFields takes a list of rows.
func (d *updateDecoder) jsonFields(list jsonValue) error {
	if !list.isList() {
		d.dropUnlessBlank(fieldsName, list)
		return nil
	}
	d.fields = fieldList{sentList: sentList{sent: true}}
	return d.each(list, func(_, row jsonValue) error {
		switch {
		case row.isBlank():
			return nil
		case row.kind() != '{':
			d.dropRow()
			return nil
		}
		return d.jsonField(row)
	})
}

// dropUnlessBlank drops a parameter that is no list, though it ought to be one.
func (d *updateDecoder) dropUnlessBlank(name string, v jsonValue) {
	if !v.isBlank() {
		d.u.drop(name)
	}
}

// jsonField takes a row of fields. The reference stores one whose name or value
// is no text, and does not show it: it is left out.
func (d *updateDecoder) jsonField(row jsonValue) error {
	var f fieldRow
	err := d.each(row, func(name, v jsonValue) error {
		dst := f.text(name.text())
		if dst == nil {
			return nil
		}
		*dst = Opt[string]{}
		switch {
		case v.isList():
			f.wrong = true
		case v.kind() == '"':
			*dst = Some(v.text())
		}
		return d.text(len(dst.Value))
	})
	switch {
	case f.wrong:
		d.dropRow()
	case f.isShown():
		d.fields.rows = append(d.fields.rows, f)
		fallthrough
	default:
		d.fields.right = true
	}
	return err
}
