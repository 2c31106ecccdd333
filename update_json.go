package masto

import (
	"encoding/json"
	"errors"
	"fmt"
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
	v, err := parseJSON(data)
	if err != nil {
		return err
	}
	switch v.Kind() {
	case 'n':
		return nil
	case '{':
		return d.each(v, func(name, v wire.Any) error { return d.jsonParam(name.Text(), v) })
	}
	return malformedJSON(nil)
}

// parseJSON returns the value that data are.
func parseJSON(data []byte) (wire.Any, error) {
	if !json.Valid(data) {
		return wire.Any{}, malformedJSON(json.Unmarshal(data, new(json.RawMessage)))
	}
	return wire.AnyAt(data, 0), nil
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

// each calls f with each element of a list, counts it, and says where an error
// happened.
func (d *updateDecoder) each(list wire.Any, f func(name, element wire.Any) error) error {
	for name, element := range list.Elements() {
		err := d.part()
		if err == nil {
			err = f(name, element)
		}
		if err != nil {
			return at(element.Offset(), err)
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

// jsonParam takes a parameter of an update.
func (d *updateDecoder) jsonParam(name string, v wire.Any) error {
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
func (d *updateDecoder) jsonScalar(name string, v wire.Any) error {
	dst := d.u.attribute(name)
	switch {
	case dst == nil:
		return nil
	case v.IsList():
		d.u.drop(name)
		return nil
	case v.Kind() == 'n':
		return d.setScalar(dst, scalar{null: true})
	}
	return d.setScalar(dst, scalar{text: v.Text()})
}

// jsonSource takes the defaults of new posts. Servers written in PHP, and their
// clients, have [] for an empty object.
func (d *updateDecoder) jsonSource(source wire.Any) error {
	if source.Kind() != '{' {
		if !source.IsBlank() && !source.IsEmpty() {
			d.u.drop(sourceName)
		}
		return nil
	}
	return d.each(source, func(name, v wire.Any) error { return d.jsonScalar(sourceParam(name.Text()), v) })
}

// jsonDomains takes a list of domains. An empty one makes no element, but a list
// of it.
func (d *updateDecoder) jsonDomains(list wire.Any) error {
	if !list.IsList() {
		d.dropUnlessBlank(domainsName, list)
		return nil
	}
	n := 0
	for range list.Elements() {
		n++
	}
	d.domains = domainList{sentList: sentList{sent: true}, domains: make([]string, 0, min(n, d.partsLeft))}
	return d.each(list, func(_, domain wire.Any) error {
		switch {
		case domain.Kind() == 'n':
			return nil
		case domain.IsList():
			d.dropDomain()
			return nil
		}
		return d.addDomain(domain.Text())
	})
}

// jsonFields takes a list of rows.
func (d *updateDecoder) jsonFields(list wire.Any) error {
	if !list.IsList() {
		d.dropUnlessBlank(fieldsName, list)
		return nil
	}
	d.fields = fieldList{sentList: sentList{sent: true}}
	return d.each(list, func(_, row wire.Any) error {
		switch {
		case row.IsBlank():
			return nil
		case row.Kind() != '{':
			d.dropRow()
			return nil
		}
		return d.jsonField(row)
	})
}

// dropUnlessBlank drops a parameter that is no list, though it ought to be one.
func (d *updateDecoder) dropUnlessBlank(name string, v wire.Any) {
	if !v.IsBlank() {
		d.u.drop(name)
	}
}

// jsonField takes a row of fields. The reference stores one whose name or value
// is no text, and does not show it: it is left out.
func (d *updateDecoder) jsonField(row wire.Any) error {
	var f fieldRow
	err := d.each(row, func(name, v wire.Any) error {
		dst := f.text(name.Text())
		if dst == nil {
			return nil
		}
		*dst = Opt[string]{}
		switch {
		case v.IsList():
			f.wrong = true
		case v.Kind() == '"':
			*dst = Some(v.Text())
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
