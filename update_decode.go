package masto

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/mediatype"
	"github.com/seed-374a2035/masto/internal/wire"
)

// MaxExtraParams is how many parameters and elements of lists [DecodeUpdate] takes
// beyond those that the [Limits] allow for, which are one for each attribution
// domain and three for each field; one more is [ErrTooManyParams]. They leave
// room for everything else in an update, for what other software sends besides,
// and for a list that is too long to be a finding of [Limits.Validate] and not
// an error. A query and a body are counted apart.
const MaxExtraParams = 1000

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
//   - There are at most [MaxExtraParams] parameters and elements of lists beyond those
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
	l = l.resolved()
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
	if err := b.body(contentType, &boundedReader{r: body, left: l.MaxBody()}); err != nil {
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
	domains := min(l.AttributionDomains, math.MaxInt32/2)
	// Each row of fields may have its name, value and position.
	fields := 3 * min(l.Fields, math.MaxInt32/8)
	return &updateDecoder{partsLeft: MaxExtraParams + domains + fields, bytesLeft: textBytes}
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
		return ErrTooManyParams
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

// setScalar takes the value of a parameter that is no list.
func (d *updateDecoder) setScalar(p parameter, v scalar) error {
	if !isPicture(p) {
		if err := d.text(len(v.text)); err != nil {
			return err
		}
	}
	return p.set(&d.u, v)
}

// isPicture reports whether the value of a parameter, which may be nil, is a
// picture.
func isPicture(p parameter) bool {
	_, ok := p.(param[*Upload])
	return ok
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
	p, ok := paramsByName[name]
	switch {
	case !ok:
		return nil
	case v.IsList():
		d.u.drop(name)
		return nil
	case v.Kind() == 'n':
		return d.setScalar(p, scalar{null: true})
	}
	return d.setScalar(p, scalar{text: v.Text()})
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
