package masto

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode/utf8"
)

// form decodes the pairs of a query or an urlencoded body.
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
	byLabel map[string]int  // the index of each row that has a label
	inRow   map[string]bool // the keys that the newest row without a label has
}

// pair decodes name=value.
func (p *formDecoder) pair(pair string) error {
	key, value, _ := strings.Cut(pair, "=")
	key, err := unescape(key)
	if err != nil {
		return err
	}
	if value, err = unescape(value); err != nil {
		return err
	}
	return p.param(key, value)
}

// unescape decodes %XX and +, and wants UTF-8.
func unescape(s string) (string, error) {
	s, err := url.QueryUnescape(s)
	if err != nil {
		return "", fmt.Errorf("%w form: %w", ErrMalformed, err)
	}
	if !utf8.ValidString(s) {
		return "", ErrInvalidUTF8
	}
	return s, nil
}

// param takes one parameter.
func (p *formDecoder) param(key, value string) error {
	if err := p.part(); err != nil {
		return err
	}
	name, keys, ok := splitBrackets(key)
	switch {
	case !ok: // a name of its own, which is unknown
		return nil
	case name == fieldsName:
		return p.field(keys, value)
	case name == domainsName:
		if len(keys) > 1 {
			return errShape
		}
		return p.addDomain(value)
	case name == "source":
		name, keys = key, nil
	}
	dst := p.u.attribute(name)
	if dst == nil {
		return nil
	}
	if len(keys) > 0 {
		return errShape
	}
	return p.setScalar(dst, scalar{text: value})
}

// splitBrackets takes a[b][c] apart: a and the keys b and c; not ok if it is of another shape. More than three keys are as good as
// three to everybody, and one does not walk through a million.
func splitBrackets(key string) (name string, keys []string, ok bool) {
	name, rest, found := strings.Cut(key, "[")
	for found && len(keys) < 3 {
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

// field takes fields_attributes[0][name] or fields_attributes[][name].
func (p *formDecoder) field(keys []string, value string) error {
	p.rows.sent = true
	switch {
	case len(keys) < 2 && value == "": // the list, or a row of it, is empty
		return nil
	case len(keys) < 2:
		return errShape
	}
	row, err := p.row(keys[0], keys[1])
	if err != nil {
		return err
	}
	if len(keys) > 2 {
		return errShape
	}
	if err := p.text(len(value)); err != nil {
		return err
	}
	switch keys[1] {
	case "name":
		row.name = Some(value)
	case "value":
		row.value = Some(value)
	}
	return nil
}

// row returns the row that a key belongs to, which may be a new one.
func (p *formDecoder) row(label, key string) (*fieldRow, error) {
	rows := &p.rows.rows
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

// multipart decodes the parts of a form one after another, none of them twice in memory.
func (d *updateDecoder) multipart(r *boundedReader, boundary string) error {
	p := formDecoder{updateDecoder: d}
	if boundary == "" {
		return &DecodeError{Offset: 0, Err: fmt.Errorf("%w multipart: no boundary", ErrMalformed)}
	}
	parts := multipart.NewReader(r, boundary)
	for {
		part, err := parts.NextPart()
		if err == nil {
			err = p.multipartPart(part)
		}
		switch {
		case err == nil:
		case r.err != nil:
			return &DecodeError{Offset: r.read, Err: r.err}
		case r.read == 0, err == io.EOF: //nolint:errorlint // wrapped, it is a body that ends before its last boundary
			return nil // the last boundary, or no body at all
		case errors.Is(err, multipart.ErrMessageTooLarge):
			return &DecodeError{Offset: -1, Err: fmt.Errorf("%w: the head of a part", ErrTooLarge)}
		case isDecodeCause(err):
			return &DecodeError{Offset: -1, Err: err}
		default:
			return &DecodeError{Offset: -1, Err: fmt.Errorf("%w multipart: %w", ErrMalformed, err)}
		}
	}
}

// isDecodeCause tells whether err says already what is wrong.
func isDecodeCause(err error) bool {
	for _, cause := range [...]error{ErrMalformed, ErrInvalidUTF8, ErrTooManyParts, ErrTooLarge, ErrUnsupportedMedia} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}

// multipartPart takes one part: a file, or the value of a parameter.
func (p *formDecoder) multipartPart(part *multipart.Part) error {
	disposition, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil || disposition != "form-data" {
		return fmt.Errorf("%w multipart: a part without form-data", ErrMalformed)
	}
	contentType := part.Header.Get("Content-Type")
	mediaType, typeParams, _ := mime.ParseMediaType(contentType)
	filename, isFile := params["filename"]
	name := params["name"]
	if dst, ok := p.u.attribute(name).(*Opt[*Upload]); ok && (isFile || mediaType != "" && mediaType != "text/plain") {
		return p.file(dst, &Upload{Filename: strings.ToValidUTF8(filename, "\uFFFD"), ContentType: contentType}, part)
	}
	if !isUTF8(typeParams["charset"]) {
		return fmt.Errorf("%w: charset %q", ErrUnsupportedMedia, typeParams["charset"])
	}
	value, err := p.partText(name, part)
	if err != nil {
		return err
	}
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return ErrInvalidUTF8
	}
	return p.param(name, value)
}

// partText reads the value of a part: all of it for a picture, not more than is allowed for text, nothing for an unknown parameter.
func (p *formDecoder) partText(name string, part *multipart.Part) (string, error) {
	var r io.Reader = part
	top, _, _ := strings.Cut(name, "[")
	if _, isPicture := p.u.attribute(name).(*Opt[*Upload]); !isPicture {
		if p.u.attribute(top) == nil && top != "source" {
			return "", nil
		}
		r = io.LimitReader(part, int64(p.bytesLeft)+1)
	}
	data, err := io.ReadAll(r)
	return string(data), err
}

// file reads an uploaded file. What a browser sends for a file input where nothing was chosen is no change.
func (p *formDecoder) file(dst *Opt[*Upload], u *Upload, part io.Reader) error {
	if err := p.part(); err != nil {
		return err
	}
	data, err := io.ReadAll(part)
	if err != nil {
		return err
	}
	if u.Filename == "" && len(data) == 0 {
		return nil
	}
	u.Data = data
	*dst = Some(u)
	return nil
}
