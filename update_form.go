package masto

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/mediatype"
)

// form decodes a query or an urlencoded body.
func (d *updateDecoder) form(s string) error {
	p := formDecoder{updateDecoder: d}
	offset := int64(0)
	for pair := range strings.SplitSeq(s, "&") {
		if pair != "" {
			if err := p.pair(pair); err != nil {
				return &DecodeError{Offset: offset, Err: err}
			}
		}
		offset += int64(len(pair)) + 1
	}
	return nil
}

// formDecoder decodes parameters with brackets in their names.
type formDecoder struct {
	*updateDecoder
	*valueReader                 // of a multipart body
	byLabel      map[string]int  // the index of each row with a label
	inRow        map[string]bool // the keys of the newest row without a label
}

// pair decodes name=value.
func (p *formDecoder) pair(pair string) error {
	key, value, _ := strings.Cut(pair, "=")
	key, err := p.unescape(key)
	if err != nil {
		return err
	}
	if value, err = p.unescape(value); err != nil {
		return err
	}
	return p.param(key, value)
}

// unescape decodes %XX and +, and then the charset.
func (p *formDecoder) unescape(s string) (string, error) {
	s, err := url.QueryUnescape(s)
	if err != nil {
		return "", fmt.Errorf("%w form: %w", ErrMalformed, err)
	}
	return decodeCharset(p.charset, s)
}

// decodeCharset converts text from a charset to UTF-8.
func decodeCharset(charset, text string) (string, error) {
	if mediatype.IsUTF8(charset) {
		if !utf8.ValidString(text) {
			return "", ErrInvalidUTF8
		}
		return text, nil
	}
	decoded, ok := mediatype.Transcode(charset, text)
	if !ok {
		return "", fmt.Errorf("%w: charset %s", ErrUnsupportedMedia, quoted(charset))
	}
	return decoded, nil
}

// quoted returns the start of s in quotes, for the text of an error.
func quoted(s string) string { return strconv.Quote(start(s)) }

// start returns the start of s, at most 100 bytes and an ellipsis.
func start(s string) string {
	const limit = 100
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// param decodes a parameter, whose key is its name and may have brackets.
func (p *formDecoder) param(key, value string) error {
	if err := p.countParam(); err != nil {
		return err
	}
	name, keys, ok := splitBrackets(key)
	switch {
	case !ok: // No parameter has such a name.
		return nil
	case name == fieldsName:
		return p.field(keys, value)
	case name == domainsName:
		return p.domain(keys, value)
	case name == sourceName:
		return p.source(keys, value)
	}
	return p.single(name, keys, value)
}

// single decodes a parameter that is not a list. It is dropped if keys follow
// its name.
func (p *formDecoder) single(name string, keys []string, value string) error {
	known, ok := paramsByName[name]
	switch {
	case !ok:
		return nil
	case len(keys) > 0:
		p.u.drop(name)
		return nil
	}
	return p.setScalar(known, scalar{text: value})
}

// source decodes source[privacy] and its siblings. source= and source[]= are
// dropped if they have a value.
func (p *formDecoder) source(keys []string, value string) error {
	if len(keys) > 0 && keys[0] != "" {
		return p.single(sourceParam(keys[0]), keys[1:], value)
	}
	if value != "" {
		p.u.drop(sourceName)
	}
	return nil
}

// domain decodes attribution_domains[], with or without an index.
func (p *formDecoder) domain(keys []string, value string) error {
	switch {
	case len(keys) == 1:
		return p.addDomain(value)
	case len(keys) > 1:
		p.dropDomain()
	case value != "": // It is a text and not a list.
		p.u.drop(domainsName)
	}
	return nil
}

// splitBrackets splits a[b][c] into the name a and the keys b and c. ok reports
// whether the brackets match. It stops after maxKeys keys, since no parameter
// has more.
func splitBrackets(key string) (name string, keys []string, ok bool) {
	name, rest, found := strings.Cut(key, "[")
	if found {
		keys = make([]string, 0, maxKeys)
	}
	for found && len(keys) < maxKeys {
		k, after, closed := strings.Cut(rest, "]")
		if !closed {
			return "", nil, false
		}
		keys = append(keys, k)
		if rest, found = strings.CutPrefix(after, "["); !found && after != "" {
			return "", nil, false
		}
	}
	return name, keys, true
}

const maxKeys = 3

// field decodes fields_attributes[0][name] and fields_attributes[][name].
func (p *formDecoder) field(keys []string, value string) error {
	switch {
	case len(keys) == 0 && value != "": // It is a text and not a list.
		p.u.drop(fieldsName)
		return nil
	case len(keys) == 1 && value != "": // It is a text and not a row.
		p.dropRow()
		return nil
	case len(keys) == 1: // It is a list without a row.
		p.fields.sent = true
		return nil
	case len(keys) == 0:
		return nil
	}
	row, err := p.row(keys[0], keys[1])
	if err != nil {
		return err
	}
	dst := row.text(keys[1])
	switch {
	case dst == nil:
		return nil
	case len(keys) > 2:
		row.wrong = true
		p.dropRow()
		return nil
	}
	*dst = Some(value)
	return p.countText(len(value))
}

// row returns the row that a key belongs to. It adds a row for a new label or,
// without labels, for a key that the newest row already has.
func (p *formDecoder) row(label, key string) (*fieldRow, error) {
	p.fields.sent = true
	rows := &p.fields.rows
	if label == "" {
		if p.byLabel != nil {
			return nil, fmt.Errorf("%w: rows with labels and rows without", ErrMalformed)
		}
		if p.inRow == nil || p.inRow[key] {
			p.inRow = make(map[string]bool)
			*rows = append(*rows, fieldRow{})
		}
		p.inRow[key] = true
		return &(*rows)[len(*rows)-1], nil
	}
	if p.inRow != nil {
		return nil, fmt.Errorf("%w: rows with labels and rows without", ErrMalformed)
	}
	if p.byLabel == nil {
		p.byLabel = make(map[string]int)
	}
	i, ok := p.byLabel[label]
	if !ok {
		i = len(*rows)
		p.byLabel[label] = i
		*rows = append(*rows, fieldRow{})
	}
	return &(*rows)[i], nil
}

// multipart decodes the parts of a body one after another.
func (d *updateDecoder) multipart(r *boundedReader, boundary string) error {
	if boundary == "" {
		return &DecodeError{Offset: 0, Err: fmt.Errorf("%w multipart: no boundary", ErrMalformed)}
	}
	values := valueReaders.Get().(*valueReader) //nolint:errcheck // the pool has nothing else
	defer valueReaders.Put(values)
	p := formDecoder{updateDecoder: d, valueReader: values}
	parts := multipart.NewReader(r, boundary)
	for n := 1; ; n++ {
		part, err := parts.NextPart()
		if err == nil {
			err = p.multipartPart(part)
		}
		switch {
		case err == nil:
		case r.err != nil:
			return &DecodeError{Offset: r.read, Err: r.err}
		case r.read == 0, err == io.EOF: //nolint:errorlint // wrapped, it is a body that ends before its last boundary
			return nil // after the last boundary, or if there is no body
		case errors.Is(err, multipart.ErrMessageTooLarge):
			return &DecodeError{Offset: -1, Err: fmt.Errorf("%w: the head of part %d", ErrTooLarge, n)}
		case isDecodeCause(err):
			return &DecodeError{Offset: -1, Err: fmt.Errorf("%w in part %d", err, n)}
		default:
			text := start(err.Error())
			return &DecodeError{Offset: -1, Err: fmt.Errorf("%w multipart: %s in part %d", ErrMalformed, text, n)}
		}
	}
}

// isDecodeCause reports whether err matches one of the errors that a
// DecodeError has.
func isDecodeCause(err error) bool {
	for _, cause := range [...]error{ErrMalformed, ErrInvalidUTF8, ErrTooManyParams, ErrTooLarge, ErrUnsupportedMedia} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}

// multipartPart decodes a part, which is a file or the value of a parameter.
func (p *formDecoder) multipartPart(part *multipart.Part) error {
	if err := p.countText(headLength(part.Header)); err != nil {
		return err
	}
	name, filename, isFile, ok := mediatype.FormData(firstOf(part.Header["Content-Disposition"]))
	if !ok {
		return fmt.Errorf("%w multipart: not form-data", ErrMalformed)
	}
	contentType := firstOf(part.Header["Content-Type"])
	mediaType, typeParams, _ := mediatype.Parse(contentType)
	picture, ok := paramsByName[name].(param[*Upload])
	if ok && (isFile || mediaType != "" && mediaType != "text/plain") {
		upload := &Upload{Filename: strings.ToValidUTF8(filename, "\uFFFD"), ContentType: contentType}
		return p.file(picture.at(&p.u), upload, part)
	}
	charset := cmp.Or(typeParams["charset"], p.charset)
	name, err := decodeCharset(p.charset, name)
	if err != nil {
		return err
	}
	value, err := p.partText(name, part)
	if err != nil {
		return err
	}
	if value, err = decodeCharset(charset, value); err != nil {
		return err
	}
	return p.param(name, value)
}

// firstOf returns the first value of a header; "" without one.
func firstOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// headLength returns the length in bytes of the names and values in a head.
func headLength(head textproto.MIMEHeader) int {
	n := 0
	for name, values := range head {
		for _, v := range values {
			n += len(name) + len(v)
		}
	}
	return n
}

// partText reads the value of a part. It reads a picture whole, a text up to
// one byte more than is allowed, and nothing of a value that is not used.
func (p *formDecoder) partText(name string, part *multipart.Part) (string, error) {
	limit := int64(math.MaxInt64)
	top, _, hasKeys := strings.Cut(name, "[")
	switch known := paramsByName[top]; {
	case isPicture(known) && hasKeys, known == nil && top != sourceName:
		return "", nil
	case !isPicture(known):
		limit = int64(p.bytesLeft) + 1
	}
	data, err := p.read(part, limit)
	return string(data), err
}

// valueReader reads the values of parts. It keeps its buffer for the next value
// and the next body, so that each value is allocated once, at its final size.
type valueReader struct {
	buf  bytes.Buffer
	head io.LimitedReader
}

// maxBuffered is how many bytes of a value the buffer takes. A longer value
// does not make it grow further.
const maxBuffered = 1 << 20

var valueReaders = sync.Pool{New: func() any { return new(valueReader) }}

// read reads r up to its end or the limit, in bytes. A result that is shorter
// than maxBuffered is in the buffer, so it must be copied before the next call.
func (v *valueReader) read(r io.Reader, limit int64) ([]byte, error) {
	v.buf.Reset()
	v.head = io.LimitedReader{R: r, N: min(limit, maxBuffered)}
	n, err := v.buf.ReadFrom(&v.head)
	v.head.R = nil
	if err != nil || n < maxBuffered {
		return v.buf.Bytes(), err
	}
	return io.ReadAll(io.MultiReader(&v.buf, io.LimitReader(r, limit-n)))
}

// file reads an uploaded file. Browsers send an empty file without a name if
// the user chose none, which changes nothing.
func (p *formDecoder) file(dst *Opt[*Upload], u *Upload, part io.Reader) error {
	if err := p.countParam(); err != nil {
		return err
	}
	data, err := p.read(part, math.MaxInt64)
	if err != nil {
		return err
	}
	if u.Filename == "" && len(data) == 0 {
		return nil
	}
	if len(data) < maxBuffered {
		data = bytes.Clone(data)
	}
	u.Data = data
	*dst = Some(u)
	return nil
}
