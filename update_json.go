package masto

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// UnmarshalJSON reads the body of a PATCH in JSON, as [DecodeUpdate] does but without bounds: data are in memory already. null changes
// nothing. Errors are [*DecodeError].
func (u *Update) UnmarshalJSON(data []byte) error {
	d := updateDecoder{partsLeft: math.MaxInt, bytesLeft: math.MaxInt}
	if err := d.json(data); err != nil {
		return err
	}
	*u = d.update()
	return nil
}

// json decodes an object of attributes; null is an empty one.
func (d *updateDecoder) json(data []byte) error {
	if !utf8.Valid(data) {
		return &DecodeError{Offset: int64(validPrefix(data)), Err: ErrInvalidUTF8}
	}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return malformedJSON(err)
	}
	if jsonKind(data) == 'n' {
		return nil
	}
	return d.members(data, 0, '{', func(name string, value json.RawMessage, offset int64) error {
		switch name {
		case fieldsName:
			return d.jsonFields(value, offset)
		case domainsName:
			return d.jsonDomains(value, offset)
		case "source":
			return d.jsonSource(value, offset)
		}
		return d.jsonScalar(d.u.attribute(name), value)
	})
}

// malformedJSON is the error for what encoding/json did not take; nil stands for a value that is no object.
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

// members calls f with each member of an object, or each element of a list, in order. base is where data stands in the body.
func (d *updateDecoder) members(data []byte, base int64, kind byte, f func(name string, value json.RawMessage, offset int64) error) error {
	if jsonKind(data) != kind {
		return &DecodeError{Offset: base, Err: errShape}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	_, _ = dec.Token() // data are valid JSON, so nothing fails from here on
	for dec.More() {
		var name string
		if kind == '{' {
			token, _ := dec.Token()
			name, _ = token.(string)
		}
		err := d.part()
		var value json.RawMessage
		if err == nil {
			err = dec.Decode(&value)
		}
		offset := base + dec.InputOffset() - int64(len(value))
		if err == nil {
			err = f(name, value, offset)
		}
		if err != nil {
			return at(offset, err)
		}
	}
	return nil
}

// at says where err happened, if it does not say so itself.
func at(offset int64, err error) error {
	if _, ok := errors.AsType[*DecodeError](err); ok {
		return err
	}
	return &DecodeError{Offset: offset, Err: err}
}

// jsonKind returns the first byte of a JSON value, which tells its type.
func jsonKind(data []byte) byte {
	if data = bytes.TrimLeft(data, " \t\r\n"); len(data) > 0 {
		return data[0]
	}
	return 0
}

// jsonScalar writes a value that is no list or object into an attribute; nil is an unknown one.
func (d *updateDecoder) jsonScalar(dst any, value json.RawMessage) error {
	if dst == nil {
		return nil
	}
	var v scalar
	switch jsonKind(value) {
	case '{', '[':
		return errShape
	case 'n':
		v.null = true
	case '"':
		v.text = jsonText(value)
	default:
		v.text = string(value) // a number or a Boolean
	}
	return d.setScalar(dst, v)
}

// jsonText returns the text of a JSON string.
func jsonText(value json.RawMessage) string {
	var s string
	_ = json.Unmarshal(value, &s) // it is a valid string
	return s
}

// jsonSource takes the defaults of new posts. Servers written in PHP, and their clients, have [] for an empty object.
func (d *updateDecoder) jsonSource(value json.RawMessage, offset int64) error {
	if k := jsonKind(value); k == 'n' || k == '[' {
		return nil
	}
	return d.members(value, offset, '{', func(name string, value json.RawMessage, _ int64) error {
		return d.jsonScalar(d.u.attribute("source["+name+"]"), value)
	})
}

// jsonDomains takes a list of domains, or an object or null as forms become in some clients.
func (d *updateDecoder) jsonDomains(value json.RawMessage, offset int64) error {
	d.u.AttributionDomains = Some[[]string](nil)
	switch k := jsonKind(value); k {
	case 'n':
		return nil
	case '"':
		return d.addDomain(jsonText(value))
	default:
		if k != '{' {
			k = '['
		}
		return d.members(value, offset, k, func(_ string, value json.RawMessage, _ int64) error {
			switch jsonKind(value) {
			case 'n':
				return nil
			case '"':
				return d.addDomain(jsonText(value))
			}
			return errShape
		})
	}
}

// jsonFields takes a list of rows, or an object of them in the order of its keys.
func (d *updateDecoder) jsonFields(value json.RawMessage, offset int64) error {
	d.rows = fieldRows{sent: true}
	k := jsonKind(value)
	if k == 'n' {
		return nil
	}
	if k != '{' {
		k = '['
	}
	return d.members(value, offset, k, func(_ string, row json.RawMessage, offset int64) error {
		if jsonKind(row) == 'n' {
			return nil
		}
		var f fieldRow
		err := d.members(row, offset, '{', func(name string, value json.RawMessage, _ int64) error {
			var dst *Opt[string]
			switch name {
			case "name":
				dst = &f.name
			case "value":
				dst = &f.value
			default:
				return nil
			}
			*dst = Opt[string]{}
			if jsonKind(value) != '"' {
				return nil // not shown by the reference: the row is left out
			}
			*dst = Some(jsonText(value))
			return d.text(len(dst.Value))
		})
		d.rows.rows = append(d.rows.rows, f)
		return err
	})
}
