package masto

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"strings"
)

// SpareParts is how many parameters and elements of lists [DecodeUpdate] takes beyond those that the [Limits] allow for, which are one
// for each attribution domain and three for each field; one more is [ErrTooManyParts]. They leave room for everything else in an update,
// for what other software sends besides, and for a list that is too long to be a finding of [Limits.Validate] and not an error. A query
// and a body are counted apart.
const SpareParts = 1000

// What an update may bring besides what Limits say.
const (
	// textBytes is how many bytes the names and values that are no pictures may have together.
	textBytes = 1 << 20
	// bodyPictures is how many times ImageBytes a body may have, besides the text: two pictures in base64 need 8/3.
	bodyPictures = 3
)

// DecodeUpdate reads what a client sent to change a profile: the query of the URL and a body of type multipart/form-data,
// application/x-www-form-urlencoded or application/json. Where both set an attribute the body wins. An empty body is fine, of any type
// and without one; body may be nil.
//
// It takes every form that clients use:
//   - fields_attributes[0][name]: the index is a label that holds a row together, rows are in order of arrival;
//   - fields_attributes[][name]: a repeated key begins the next row;
//   - in JSON a list of objects, or an object of objects in the order of its keys. A row without a name and a value that are both text
//     is left out, as the reference does not show it;
//   - attribution_domains[] for each domain; an empty one clears the list;
//   - Booleans as Rails casts them: 0, f, F, false, FALSE, off and OFF are false, "" is null, everything else is true;
//   - pictures as files, or as text that is a data: URI. An empty text, or a file without name and data, is no change;
//   - JSON null clears: text, lists, a picture. A Boolean that cannot be null stays as it is.
//
// Unknown parameters are ignored. A known one in a shape that it cannot have, such as an object for a text, is an error.
//
// What it reads is bounded: three times l.ImageBytes and 1 MiB for the whole body, 1 MiB of it for what is no picture, and
// [SpareParts] parameters and list elements beyond those that l allows for. Not one byte is read past the byte that is too much. A picture that is
// too large for [Limits.Validate] is decoded up to there, so that it can be reported as a finding.
//
// Every error is a [*DecodeError].
func DecodeUpdate(contentType, query string, body io.Reader, l Limits) (Update, error) {
	l = l.or()
	q := newUpdateDecoder(l)
	if err := q.form(query); err != nil {
		return Update{}, err
	}
	u := q.update()
	if body == nil {
		return u, nil
	}
	b := newUpdateDecoder(l)
	if err := b.body(contentType, &boundedReader{r: body, left: bodyPictures*l.ImageBytes + textBytes}); err != nil {
		return Update{}, err
	}
	sent := b.update()
	u.overlay(&sent)
	return u, nil
}

// updateDecoder collects the parameters of one body or query.
type updateDecoder struct {
	u                    Update
	rows                 fieldRows
	partsLeft, bytesLeft int
}

func newUpdateDecoder(l Limits) *updateDecoder {
	// each row of fields may have its name, value and position
	return &updateDecoder{partsLeft: SpareParts + min(l.AttributionDomains, math.MaxInt32/2) + 3*min(l.Fields, math.MaxInt32/8), bytesLeft: textBytes}
}

// update returns what was collected.
func (d *updateDecoder) update() Update {
	if d.rows.sent {
		d.u.Fields = Some(d.rows.fields())
	}
	return d.u
}

// errShape is an attribute in a shape that it cannot have.
var errShape = fmt.Errorf("%w: an object or list where a value belongs, or the reverse", ErrMalformed)

// part counts a parameter or an element of a list.
func (d *updateDecoder) part() error {
	if d.partsLeft--; d.partsLeft < 0 {
		return ErrTooManyParts
	}
	return nil
}

// text counts the bytes of a value that is no picture.
func (d *updateDecoder) text(n int) error {
	if d.bytesLeft -= n; d.bytesLeft < 0 {
		return fmt.Errorf("%w: more than %s of text", ErrTooLarge, humanSize(textBytes))
	}
	return nil
}

// setScalar writes a value into an attribute.
func (d *updateDecoder) setScalar(dst any, v scalar) error {
	if _, ok := dst.(*Opt[*Upload]); !ok {
		if err := d.text(len(v.text)); err != nil {
			return err
		}
	}
	return v.set(dst)
}

// addDomain adds an attribution domain; an empty one makes the list be sent.
func (d *updateDecoder) addDomain(domain string) error {
	d.u.AttributionDomains.Set = true
	if domain != "" {
		d.u.AttributionDomains.Value = append(d.u.AttributionDomains.Value, domain)
	}
	return d.text(len(domain))
}

// fieldRows are the rows of fields as they arrive.
type fieldRows struct {
	sent bool // the list was sent, with rows or without
	rows []fieldRow
}

// fieldRow is a row whose name and value may be missing.
type fieldRow struct{ name, value Opt[string] }

// fields returns the rows that have both.
func (r *fieldRows) fields() []Field {
	fields := make([]Field, 0, len(r.rows))
	for _, row := range r.rows {
		if row.name.Set && row.value.Set {
			fields = append(fields, Field{Name: row.name.Value, Value: row.value.Value})
		}
	}
	return fields
}

// body decodes a body by its type.
func (d *updateDecoder) body(contentType string, r *boundedReader) error {
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) || !isUTF8(params["charset"]) {
		return r.mustBeEmpty(contentType)
	}
	switch mediaType {
	case "multipart/form-data":
		return d.multipart(r, params["boundary"])
	case "application/x-www-form-urlencoded", "application/json":
	default:
		return r.mustBeEmpty(contentType)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return &DecodeError{Offset: r.read, Err: err}
	}
	if mediaType == "application/json" {
		if len(bytes.TrimSpace(data)) == 0 {
			return nil
		}
		return d.json(data)
	}
	return d.form(string(data))
}

// isUTF8 tells whether text of a charset is UTF-8; "" is.
func isUTF8(charset string) bool {
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return false
}

// boundedReader reads from r until there is more than allowed.
type boundedReader struct {
	r    io.Reader
	left int64 // bytes that may still be read
	read int64 // bytes that were read
	err  error // why reading failed, if not by the end
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if b.left == 0 {
		p = p[:1] // one byte more tells the end from too much
	} else if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	if n > 0 && b.left == 0 {
		n, err = 0, ErrTooLarge
	}
	b.left -= int64(n)
	b.read += int64(n)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// mustBeEmpty refuses a body that cannot be understood, if there is one.
func (b *boundedReader) mustBeEmpty(contentType string) error {
	switch n, err := io.ReadFull(b, make([]byte, 1)); {
	case n > 0:
		return &DecodeError{Offset: 0, Err: fmt.Errorf("%w: %q", ErrUnsupportedMedia, contentType)}
	case err != io.EOF:
		return &DecodeError{Offset: 0, Err: err}
	}
	return nil
}
