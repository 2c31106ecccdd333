package masto

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/media"
	"github.com/seed-374a2035/masto/internal/wire"
)

// notUTF8 returns the error for a text that is not UTF-8, which no encoding can
// express.
func notUTF8(name string) error {
	return &EncodeError{Attribute: name, Problem: "the text is not valid UTF-8"}
}

// unremovable returns the error for a picture that a form is to remove: a form
// has no null.
func unremovable(name string) error {
	return &EncodeError{
		Attribute: name,
		Problem:   "a form cannot remove a picture",
		Way:       "DELETE /api/v1/profile/" + name,
	}
}

// noNull returns the error for a text that is null in a form.
func noNull(name string) error {
	return &EncodeError{Attribute: name, Problem: "a form has no null", Way: "an empty text, or JSON"}
}

// dataURI returns the media type and the data of u as a data: URI, which has no
// place for the file name.
func (u *Upload) dataURI() string {
	prefix := "data:" + u.declaredType() + ";base64,"
	b := append(make([]byte, 0, len(prefix)+base64.StdEncoding.EncodedLen(len(u.Data))), prefix...)
	return string(base64.StdEncoding.AppendEncode(b, u.Data))
}

// MarshalJSON returns u as the JSON body of a PATCH, with nothing but what is
// set. The zero Update is {}. A picture is a data: URI, or null if it is
// removed. The error is an [*EncodeError] if a text is not UTF-8.
//
// Some servers want pictures as files, or fields in another shape; the README
// has a table. Most servers take [Update.EncodeMultipart].
func (u Update) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	inSource := false
	for _, p := range params {
		if !p.isSet(&u) {
			continue
		}
		key, isSource := strings.CutPrefix(p.wireName(), sourceName+"[")
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		if isSource && !inSource {
			b = append(b, `"source":{`...)
			inSource = true
		}
		b = append(wire.AppendQuoted(b, strings.TrimSuffix(key, "]")), ':')
		var err error
		if b, err = p.appendJSON(b, &u); err != nil {
			return nil, err
		}
	}
	if inSource {
		b = append(b, '}')
	}
	return append(b, '}'), nil
}

// appendText appends s as a JSON string. It fails if s is not UTF-8.
func appendText(b []byte, name, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, notUTF8(name)
	}
	return wire.AppendQuoted(b, s), nil
}

// appendElements appends a list as a JSON array.
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

// EncodeForm returns u as application/x-www-form-urlencoded, for a body or a
// query, with nothing but what is set. Rows of fields keep their order. A
// picture is a data: URI, which not every server takes from a form, so prefer
// [Update.EncodeMultipart] for pictures. The error is an [*EncodeError] if a
// text is not UTF-8, a picture is removed or the language is null, since a form
// cannot say so.
func (u Update) EncodeForm() (string, error) {
	var w formWriter
	if err := u.writePairs(&w); err != nil {
		return "", err
	}
	return w.String(), nil
}

// pairWriter writes the pairs of a form.
type pairWriter interface {
	// pair writes a text, which is valid UTF-8.
	pair(name, value string)
	// file writes a picture.
	file(name string, up *Upload)
}

// writeText writes a text. It fails if the text is not UTF-8.
func writeText(w pairWriter, name, value string) error {
	if !utf8.ValidString(value) {
		return notUTF8(name)
	}
	w.pair(name, value)
	return nil
}

// formWriter writes application/x-www-form-urlencoded.
type formWriter struct{ strings.Builder }

func (w *formWriter) pair(name, value string) {
	if w.Len() == 0 {
		w.Grow(formSize)
	} else {
		w.WriteByte('&')
	}
	w.WriteString(url.QueryEscape(name))
	w.WriteByte('=')
	w.WriteString(url.QueryEscape(value))
}

func (w *formWriter) file(name string, up *Upload) { w.pair(name, up.dataURI()) }

// formSize is the size of a short form in bytes.
const formSize = 256

// writePairs writes the parameters that u sets, in their order.
func (u *Update) writePairs(w pairWriter) error {
	for _, p := range params {
		if p.isSet(u) {
			if err := p.writePairs(w, u); err != nil {
				return err
			}
		}
	}
	return nil
}

// MultipartBody is a multipart/form-data body that is ready to be sent. It
// shares the data of the uploads, so do not change those before it is sent.
type MultipartBody struct {
	// ContentType is the value of the Content-Type header, with the boundary.
	ContentType string
	// Length is the length of the body in bytes.
	Length int64

	segments [][]byte
}

// NewReader returns a reader of the whole body. Each call returns a new reader,
// so that a request can be sent again.
func (m *MultipartBody) NewReader() io.Reader {
	readers := make([]io.Reader, len(m.segments))
	for i, s := range m.segments {
		readers[i] = bytes.NewReader(s)
	}
	return io.MultiReader(readers...)
}

// EncodeMultipart returns u as multipart/form-data, which most servers take,
// with nothing but what is set. The error is an [*EncodeError] if a text is not
// UTF-8, a picture is removed or the language is null, since a form cannot say
// so.
func (u Update) EncodeMultipart() (*MultipartBody, error) {
	w := multipartWriter{header: textproto.MIMEHeader{}}
	w.parts = multipart.NewWriter(&w.head)
	if err := u.writePairs(&w); err != nil {
		return nil, err
	}
	_ = w.parts.Close()
	w.flush()
	m := &MultipartBody{ContentType: w.parts.FormDataContentType(), segments: w.segments}
	for _, s := range m.segments {
		m.Length += int64(len(s))
	}
	return m, nil
}

// multipartWriter writes multipart/form-data.
type multipartWriter struct {
	segments [][]byte
	head     bytes.Buffer         // what is in no segment yet; writing to it cannot fail
	parts    *multipart.Writer    // writes the heads of parts to head
	header   textproto.MIMEHeader // of the text that is written, reused for the next one
}

func (w *multipartWriter) pair(name, value string) {
	w.header.Set("Content-Disposition", `form-data; name="`+name+`"`) // The names of parameters need no quoting.
	_, _ = w.parts.CreatePart(w.header)
	w.head.WriteString(value)
}

func (w *multipartWriter) file(name string, up *Upload) {
	_, _ = w.parts.CreatePart(up.partHeader(name))
	w.flush()
	w.segments = append(w.segments, up.Data)
}

func (w *multipartWriter) flush() {
	w.segments = append(w.segments, bytes.Clone(w.head.Bytes()))
	w.head.Reset()
}

// partHeader returns the head of the part with the file. It always has a file
// name, since a part without one is a text.
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
		if media.IsAllowed(declared) {
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
