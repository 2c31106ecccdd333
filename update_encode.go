package masto

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/wire"
)

// EncodeError is what an encoding of an [Update] cannot say.
type EncodeError struct {
	// Attribute is the parameter that it is about, such as avatar or source[language].
	Attribute string
	// Problem is what cannot be said.
	Problem string
	// Way is how it can be done instead, "DELETE /api/v1/profile/avatar"; "" where it cannot.
	Way string
}

// Error says what cannot be encoded, and what to do.
func (e *EncodeError) Error() string {
	s := "masto: encoding an update: " + e.Attribute + ": " + e.Problem
	if e.Way != "" {
		s += "; use " + e.Way
	}
	return s
}

// notUTF8 is the error for a text that no encoding can carry.
func notUTF8(name string) error {
	return &EncodeError{Attribute: name, Problem: "the text is not valid UTF-8"}
}

// unremovable is the error for a picture that a form cannot remove: it has no null.
func unremovable(name string) error {
	return &EncodeError{Attribute: name, Problem: "a form cannot remove a picture", Way: "DELETE /api/v1/profile/" + name}
}

// noNull is the error for a language that a form cannot set to null.
func noNull(name string) error {
	return &EncodeError{Attribute: name, Problem: "a form has no null", Way: `an empty text, or JSON`}
}

// dataURI returns u as a data: URI, which carries the media type and the data but no file name.
func (u *Upload) dataURI() string {
	prefix := "data:" + u.declaredType() + ";base64,"
	b := append(make([]byte, 0, len(prefix)+base64.StdEncoding.EncodedLen(len(u.Data))), prefix...)
	return string(base64.StdEncoding.AppendEncode(b, u.Data))
}

// MarshalJSON returns u as the JSON body of a PATCH with what is set and nothing else; {} for the zero Update. Pictures are data: URIs, a
// removed one is null. The error is an [*EncodeError], for text that is not UTF-8. Some servers want pictures as files, or the rows of
// fields in another shape: the README tells which; [Update.EncodeMultipart] is the form that most take.
func (u Update) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	inSource := false
	for _, name := range attributeNames {
		value, err := appendAttribute(nil, name, u.attribute(name))
		if err != nil {
			return nil, err
		}
		if value == nil {
			continue
		}
		key, isSource := strings.CutPrefix(name, "source[")
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		if isSource && !inSource {
			b = append(b, `"source":{`...)
			inSource = true
		}
		b = append(wire.AppendQuoted(b, strings.TrimSuffix(key, "]")), ':')
		b = append(b, value...)
	}
	if inSource {
		b = append(b, '}')
	}
	return append(b, '}'), nil
}

// appendAttribute appends the JSON of one attribute; nothing if it is not set.
func appendAttribute(b []byte, name string, src any) ([]byte, error) {
	switch o := src.(type) {
	case *Opt[string]:
		if o.Set {
			return appendText(b, name, o.Value)
		}
	case *Opt[*string]:
		if o.Set && o.Value != nil {
			return appendText(b, name, *o.Value)
		} else if o.Set {
			b = append(b, "null"...)
		}
	case *Opt[bool]:
		if o.Set {
			b = strconv.AppendBool(b, o.Value)
		}
	case *Opt[*bool]:
		if o.Set && o.Value != nil {
			b = strconv.AppendBool(b, *o.Value)
		} else if o.Set {
			b = append(b, "null"...)
		}
	case *Opt[*Upload]:
		if o.Set && o.Value != nil {
			b = wire.AppendQuoted(b, o.Value.dataURI())
		} else if o.Set {
			b = append(b, "null"...)
		}
	case *Opt[[]string]:
		if o.Set {
			return appendElements(b, o.Value, func(b []byte, s string) ([]byte, error) { return appendText(b, name, s) })
		}
	case *Opt[[]Field]:
		if o.Set {
			return appendElements(b, o.Value, func(b []byte, f Field) ([]byte, error) {
				b, err := appendText(append(b, `{"name":`...), name, f.Name)
				if err != nil {
					return nil, err
				}
				b, err = appendText(append(b, `,"value":`...), name, f.Value)
				return append(b, '}'), err
			})
		}
	}
	return b, nil
}

// appendText appends a JSON string, and wants UTF-8.
func appendText(b []byte, name, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, notUTF8(name)
	}
	return wire.AppendQuoted(b, s), nil
}

// appendElements appends a JSON list.
func appendElements[T any](b []byte, list []T, appendElement func([]byte, T) ([]byte, error)) ([]byte, error) {
	b = append(b, '[')
	for i, v := range list {
		var err error
		if b, err = appendElement(wire.AppendComma(b, i), v); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

// EncodeForm returns u as application/x-www-form-urlencoded, for a body or a query, with what is set and nothing else, rows of fields in
// their order. Pictures are data: URIs, which not every server takes from a form: prefer [Update.EncodeMultipart] for them. The error is an
// [*EncodeError]: a form cannot remove a picture, nor set the language to null.
func (u Update) EncodeForm() (string, error) {
	var b strings.Builder
	err := u.pairs(func(name, value string) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(value))
	}, func(name string, up *Upload) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(name + "=" + url.QueryEscape(up.dataURI()))
	})
	if err != nil {
		return "", err
	}
	return b.String(), nil
}

// pairs calls text with each parameter of u as forms have them, and file with each picture, in order.
func (u Update) pairs(text func(name, value string), file func(name string, up *Upload)) error {
	var invalid error
	checked := func(name, value string) {
		if !utf8.ValidString(value) && invalid == nil {
			invalid = notUTF8(name)
		}
		text(name, value)
	}
	for _, name := range attributeNames {
		switch o := u.attribute(name).(type) {
		case *Opt[string]:
			if o.Set {
				checked(name, o.Value)
			}
		case *Opt[*string]:
			if o.Set && o.Value == nil {
				return noNull(name)
			} else if o.Set {
				checked(name, *o.Value)
			}
		case *Opt[bool]:
			if o.Set {
				text(name, strconv.FormatBool(o.Value))
			}
		case *Opt[*bool]:
			if o.Set && o.Value == nil {
				text(name, "")
			} else if o.Set {
				text(name, strconv.FormatBool(*o.Value))
			}
		case *Opt[*Upload]:
			if o.Set && o.Value == nil {
				return unremovable(name)
			} else if o.Set {
				file(name, o.Value)
			}
		case *Opt[[]string]:
			if o.Set {
				domainPairs(o.Value, checked)
			}
		case *Opt[[]Field]:
			if o.Set {
				fieldPairs(o.Value, checked)
			}
		}
	}
	return invalid
}

// domainPairs lists domains; one empty domain clears the list.
func domainPairs(domains []string, text func(name, value string)) {
	if len(domains) == 0 {
		domains = []string{""}
	}
	for _, d := range domains {
		text(domainsName+"[]", d)
	}
}

// fieldPairs lists rows; one blank row clears the list.
func fieldPairs(fields []Field, text func(name, value string)) {
	if len(fields) == 0 {
		fields = []Field{{}}
	}
	for i, f := range fields {
		row := fieldsName + "[" + strconv.Itoa(i) + "]"
		text(row+"[name]", f.Name)
		text(row+"[value]", f.Value)
	}
}

// MultipartBody is a multipart/form-data body that is ready to be sent, pictures and all. It refers to the data of the uploads and does
// not copy them, so leave those alone until it is sent.
type MultipartBody struct {
	// ContentType is the value of the header, with the boundary.
	ContentType string
	// Length is how many bytes a reader gives.
	Length int64

	segments [][]byte
}

// NewReader returns a reader of the body from its start; each call returns another one, for when a request is sent again.
func (m *MultipartBody) NewReader() io.Reader {
	readers := make([]io.Reader, len(m.segments))
	for i, s := range m.segments {
		readers[i] = bytes.NewReader(s)
	}
	return io.MultiReader(readers...)
}

// EncodeMultipart returns u as multipart/form-data, the form that most servers take, with what is set and nothing else. The error is an
// [*EncodeError]: a form cannot remove a picture, nor set the language to null.
func (u Update) EncodeMultipart() (*MultipartBody, error) {
	m := &MultipartBody{}
	var head bytes.Buffer // what was not moved to the segments yet
	w := multipart.NewWriter(&head)
	flush := func() {
		m.segments = append(m.segments, bytes.Clone(head.Bytes()))
		head.Reset()
	}
	// Writing to a bytes.Buffer does not fail.
	err := u.pairs(func(name, value string) {
		_ = w.WriteField(name, value)
	}, func(name string, up *Upload) {
		_, _ = w.CreatePart(up.partHeader(name))
		flush()
		m.segments = append(m.segments, up.Data)
	})
	if err != nil {
		return nil, err
	}
	_ = w.Close()
	flush()
	m.ContentType = w.FormDataContentType()
	for _, s := range m.segments {
		m.Length += int64(len(s))
	}
	return m, nil
}

// partHeader returns the head of the part that has the file. It has a file name in any case: without one it would be no file.
func (u *Upload) partHeader(name string) textproto.MIMEHeader {
	filename := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(u.Filename, "_"))
	declared := u.declaredType()
	if filename == "" {
		filename = name
		if isAllowedPicture(declared) {
			filename += "." + strings.TrimPrefix(declared, "image/")
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", multipart.FileContentDisposition(name, filename))
	if declared != "" {
		h.Set("Content-Type", declared)
	}
	return h
}
