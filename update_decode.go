package masto

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/seed-374a2035/masto/internal/mediatype"
)

// SpareParts is how many parameters and elements of lists [DecodeUpdate] takes
// beyond those that the [Limits] allow for, which are one for each attribution
// domain and three for each field; one more is [ErrTooManyParts]. They leave
// room for everything else in an update, for what other software sends besides,
// and for a list that is too long to be a finding of [Limits.Validate] and not
// an error. A query and a body are counted apart.
const SpareParts = 1000

// What an update may bring besides what Limits say.
const (
	// textBytes is how many bytes the known texts and the heads of parts may
	// have together.
	textBytes = 1 << 20
	// bodyPictures is how many times ImageBytes a body may have besides the
	// text: two pictures in base64 need 8/3.
	bodyPictures = 3
)

// DecodeUpdate reads what a client sent to change a profile: the query of the
// URL and a body of type multipart/form-data, application/x-www-form-urlencoded
// or application/json. Where both set a parameter the body wins. An empty body is
// fine, of any type and without one; body may be nil.
//
// It takes every form that clients use:
//   - fields_attributes[0][name]: the index is a label that holds a row together;
//     rows are in order of arrival.
//   - fields_attributes[][name]: a repeated key begins the next row.
//   - In JSON a list of objects, or an object of objects in the order of its keys.
//     A row without a name and a value that are both text is left out, as the
//     reference does not show it.
//   - attribution_domains[] for each domain, with or without an index.
//   - An empty list clears: [] or {} in JSON, and in a form
//     fields_attributes[]= and attribution_domains[]=. A list that is null, or the
//     parameter itself as an empty text (fields_attributes=), is none and sets
//     nothing.
//   - Booleans as Rails casts them: 0, f, F, false, FALSE, off and OFF are false,
//     "" is null, everything else is true.
//   - Pictures as files, or as text that is a data: URI. An empty text, or a file
//     without a name and data, is no change.
//   - JSON null clears texts and pictures. A Boolean that cannot be null stays as
//     it is.
//   - A multipart boundary without quotes, whatever characters are in it.
//   - A form in another charset than UTF-8, said for all of it or for a part:
//     ISO-8859-1 and windows-1252 are transcoded (the former as the latter, as
//     browsers do), any other one may have printable ASCII alone.
//
// Unknown parameters are ignored. A known one in a shape that it cannot have, an
// object for a text or a text for a list, is left out as well, as the reference
// does, and named in [Update.Dropped]. So is an element of a list; where that
// leaves none of its elements the list sets nothing.
//
// What it reads is bounded, and not one byte is read past the one that is too
// much:
//   - The whole body has at most 1 MiB and three times l.ImageBytes. A picture
//     that is too large for [Limits.Validate] is decoded up to there, so that it
//     can be reported as a finding.
//   - The texts of known parameters and the heads of the parts of a multipart body
//     have at most 1 MiB together. One head is read before it is counted, up to
//     10 MiB of it.
//   - There are at most [SpareParts] parameters and elements of lists beyond those
//     that l allows for.
//
// A multipart body is read part by part: what it needs in memory is its files and
// texts once, and what growing them takes. Any other body is read whole, and
// needs in memory up to seven times its length: 175 MiB for the 25 MiB that the
// default limits allow. Lower ImageBytes, or the length of bodies that are no
// multipart, where that is too much.
//
// Every error is a [*DecodeError].
func DecodeUpdate(contentType, query string, body io.Reader, l Limits) (Update, error) {
	l = l.or()
	q := newUpdateDecoder(l)
	if err := q.form(query); err != nil {
		if e, ok := errors.AsType[*DecodeError](err); ok {
			e.Err = fmt.Errorf("%w in the query", e.Err)
		}
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
	fields               fieldList
	domains              domainList
	charset              string // of the texts in a form; "": UTF-8
	partsLeft, bytesLeft int
}

func newUpdateDecoder(l Limits) *updateDecoder {
	// each row of fields may have its name, value and position
	return &updateDecoder{partsLeft: SpareParts + min(l.AttributionDomains, math.MaxInt32/2) + 3*min(l.Fields, math.MaxInt32/8), bytesLeft: textBytes}
}

// update returns what was collected.
func (d *updateDecoder) update() Update {
	if d.domains.replaces() {
		d.u.AttributionDomains = Some(d.domains.domains)
		if len(d.domains.domains) == 0 {
			d.u.AttributionDomains.Value = nil
		}
	}
	if d.fields.replaces() {
		d.u.Fields = Some(d.fields.shown())
	}
	return d.u
}

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

// sentList is what came of a list: whether there was one at all, and elements of
// the right shape, and of a wrong one.
type sentList struct{ sent, right, wrong bool }

// replaces reports whether the list takes the place of the stored one. If all
// that it had is of a wrong shape it does not.
func (l sentList) replaces() bool { return l.sent && (l.right || !l.wrong) }

// domainList is a list of attribution domains as they arrive.
type domainList struct {
	sentList
	domains []string
}

// addDomain adds an attribution domain. An empty one only makes a list.
func (d *updateDecoder) addDomain(domain string) error {
	d.domains.sent, d.domains.right = true, true
	if domain != "" {
		d.domains.domains = append(d.domains.domains, domain)
	}
	return d.text(len(domain))
}

// dropDomain leaves out an element that is no domain.
func (d *updateDecoder) dropDomain() {
	d.domains.sent, d.domains.wrong = true, true
	d.u.drop(domainsName)
}

// fieldList is a list of rows as they arrive.
type fieldList struct {
	sentList
	rows []fieldRow
}

// fieldRow is a row whose name and value may be missing, or be no text.
type fieldRow struct {
	name, value Opt[string]
	wrong       bool
}

// text returns where a text of the row belongs; nil for an unknown key.
func (r *fieldRow) text(key string) *Opt[string] {
	switch key {
	case "name":
		return &r.name
	case "value":
		return &r.value
	}
	return nil
}

// isShown reports whether the row has a name and a value.
func (r *fieldRow) isShown() bool { return !r.wrong && r.name.Set && r.value.Set }

// dropRow leaves out an element that is no row.
func (d *updateDecoder) dropRow() {
	d.fields.sent, d.fields.wrong = true, true
	d.u.drop(fieldsName)
}

// replaces is that of the embedded list, with the rows that a form has made.
func (l *fieldList) replaces() bool {
	l.right = l.right || slices.ContainsFunc(l.rows, func(row fieldRow) bool { return !row.wrong })
	return l.sentList.replaces()
}

// shown returns the rows that are shown.
func (l *fieldList) shown() []Field {
	fields := make([]Field, 0, len(l.rows))
	for _, row := range l.rows {
		if row.isShown() {
			fields = append(fields, Field{Name: row.name.Value, Value: row.value.Value})
		}
	}
	return fields
}

// body decodes a body by its type.
func (d *updateDecoder) body(contentType string, r *boundedReader) error {
	mediaType, params, err := mediatype.Parse(contentType)
	isJSON := mediaType == "application/json"
	switch {
	case err != nil, isJSON && !mediatype.IsUTF8(params["charset"]):
		return r.mustBeEmpty(contentType)
	case mediaType == "multipart/form-data":
		d.charset = params["charset"]
		return d.multipart(r, params["boundary"])
	case mediaType == "application/x-www-form-urlencoded":
		d.charset = params["charset"]
	case !isJSON:
		return r.mustBeEmpty(contentType)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return &DecodeError{Offset: r.read, Err: err}
	}
	if isJSON {
		if len(bytes.TrimSpace(data)) == 0 {
			return nil
		}
		return d.json(data)
	}
	return d.form(string(data))
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
		return &DecodeError{Offset: 0, Err: fmt.Errorf("%w: %s", ErrUnsupportedMedia, quoted(contentType))}
	case err != io.EOF:
		return &DecodeError{Offset: 0, Err: err}
	}
	return nil
}
