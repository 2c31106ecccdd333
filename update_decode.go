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

// MaxExtraParams is how many parameters and elements of lists [DecodeUpdate]
// takes beyond those that the [Limits] allow for: one for each attribution
// domain, and three for each field. One more is [ErrTooManyParams]. They leave
// room for the other parameters of an update, for unknown ones that other
// software sends, and for a list that is too long, so that [Limits.Validate]
// can report it. A query and a body are counted separately.
const MaxExtraParams = 1000

// Together with Limits.ImageBytes, these bound the size of a body.
const (
	// textBytes is how many bytes the known texts and the heads of parts may
	// have together.
	textBytes = 1 << 20
	// bodyPictures is how many times ImageBytes a body may have besides its
	// texts. Two pictures in base64 need 8/3 times.
	bodyPictures = 3
)

// DecodeUpdate reads what a client sent to change a profile: the query of the
// URL, and a body of type multipart/form-data,
// application/x-www-form-urlencoded or application/json. If both set a
// parameter, the body wins. An empty body may have any type or none, and body
// may be nil.
//
// It takes every form that clients use:
//   - fields_attributes[0][name]: the index is a label that holds a row
//     together. Rows keep the order in which they arrive.
//   - fields_attributes[][name]: a repeated key begins the next row.
//   - In JSON, a list of objects, or an object of objects in the order of its
//     keys. A row is left out unless its name and its value are both texts,
//     since the reference does not show it.
//   - attribution_domains[] for each domain, with or without an index.
//   - An empty list, which clears: [] or {} in JSON, fields_attributes[]= and
//     attribution_domains[]= in a form. A list that is null or an empty text
//     (fields_attributes=) sets nothing.
//   - Booleans as Rails casts them: 0, f, F, false, FALSE, off and OFF are
//     false, "" is null, and everything else is true.
//   - Pictures as files, or as texts that are data: URIs. An empty text and a
//     file without a name and data change nothing.
//   - null in JSON clears texts and pictures. A Boolean that cannot be null
//     stays as it is.
//   - A multipart boundary without quotes, whatever its characters.
//   - A form in a charset other than UTF-8, if the form or a part declares it.
//     ISO-8859-1 and windows-1252 are both read as windows-1252, as browsers
//     do. A text in any other charset must be printable ASCII.
//
// Unknown parameters are ignored. A known parameter of the wrong shape, such as
// an object for a text or a text for a list, is left out, as in the reference,
// and named in [Update.Dropped]. So is an element of a list. If no element is
// left, the list sets nothing.
//
// What it reads is bounded, and it reads no byte more than it takes to notice
// an excess:
//   - The body has at most 1 MiB and three times l.ImageBytes. Up to that size
//     it also decodes a picture that is too large, so that [Limits.Validate]
//     can report it.
//   - The texts of known parameters and the heads of the parts of a multipart
//     body have at most 1 MiB together. Up to 10 MiB of the head of a part is
//     read before it is counted.
//   - There are at most [MaxExtraParams] parameters and elements of lists
//     beyond those that l allows for.
//
// A multipart body is read part by part. That takes the memory of its files and
// texts, and for the part that is being read about twice its length. Any other
// body is read whole, and takes up to seven times its length: 175 MiB for the
// 25 MiB that the default limits allow. If that is too much, lower ImageBytes,
// or bound the length of bodies that are not multipart.
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
	u                     Update
	fields                fieldList
	domains               domainList
	charset               string // of the texts in a form; "" stands for UTF-8
	paramsLeft, bytesLeft int
}

func newUpdateDecoder(l Limits) *updateDecoder {
	domains := min(l.AttributionDomains, math.MaxInt32/2)
	// Each row of fields may have its name, value and position.
	fields := 3 * min(l.Fields, math.MaxInt32/8)
	return &updateDecoder{paramsLeft: MaxExtraParams + domains + fields, bytesLeft: textBytes}
}

// update returns the update that was collected.
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

// countParam counts a parameter or an element of a list. It fails if that is
// one too many.
func (d *updateDecoder) countParam() error {
	if d.paramsLeft--; d.paramsLeft < 0 {
		return ErrTooManyParams
	}
	return nil
}

// countText counts n bytes of text. It fails if they are too many.
func (d *updateDecoder) countText(n int) error {
	if d.bytesLeft -= n; d.bytesLeft < 0 {
		return fmt.Errorf("%w: more than %s of text", ErrTooLarge, humanSize(textBytes))
	}
	return nil
}

// setScalar sets a parameter that is not a list.
func (d *updateDecoder) setScalar(p parameter, v scalar) error {
	if !isPicture(p) {
		if err := d.countText(len(v.text)); err != nil {
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

// sentList says which parts of a list a client sent.
type sentList struct {
	sent  bool // whether the list itself was sent
	right bool // whether it had an element of the right shape
	wrong bool // whether it had an element of a wrong shape
}

// replaces reports whether the list replaces the stored one. It does not if all
// its elements have a wrong shape.
func (l sentList) replaces() bool { return l.sent && (l.right || !l.wrong) }

// domainList collects attribution domains in the order of arrival.
type domainList struct {
	sentList
	domains []string
}

// addDomain adds an attribution domain. An empty one is not stored, but it
// makes the list replace the stored one.
func (d *updateDecoder) addDomain(domain string) error {
	d.domains.sent, d.domains.right = true, true
	if domain != "" {
		d.domains.domains = append(d.domains.domains, domain)
	}
	return d.countText(len(domain))
}

// dropDomain notes that a domain of the wrong shape is left out.
func (d *updateDecoder) dropDomain() {
	d.domains.sent, d.domains.wrong = true, true
	d.u.drop(domainsName)
}

// fieldList collects rows of fields in the order of arrival.
type fieldList struct {
	sentList
	rows []fieldRow
}

// fieldRow is a row whose name or value may be missing.
type fieldRow struct {
	name, value Opt[string]
	wrong       bool // whether a name or value had a wrong shape
}

// text returns the text of the row under a key, or nil if the key is unknown.
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

// dropRow notes that a row of the wrong shape is left out.
func (d *updateDecoder) dropRow() {
	d.fields.sent, d.fields.wrong = true, true
	d.u.drop(fieldsName)
}

// replaces is [sentList.replaces], where each row that a form has begun is an
// element of the right shape, unless a part of it was wrong.
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

// body decodes a body by its content type.
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

// boundedReader reads from r. It fails with ErrTooLarge if there is more than
// allowed.
type boundedReader struct {
	r    io.Reader
	left int64 // bytes that may still be read
	read int64 // bytes that were read
	err  error // why reading failed; nil at the end of the body
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if b.left == 0 {
		p = p[:1] // One more byte tells the end of the body from an excess.
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

// mustBeEmpty fails unless the body is empty, since its type is not understood.
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
// but without its bounds, since data is in memory already. It needs at most 20
// times the length of data, whatever data is. null sets nothing. Every error is
// a [*DecodeError] and leaves u unchanged.
func (u *Update) UnmarshalJSON(data []byte) error {
	d := updateDecoder{paramsLeft: math.MaxInt, bytesLeft: math.MaxInt}
	if err := d.json(data); err != nil {
		return err
	}
	*u = d.update()
	return nil
}

// json decodes an object of parameters. null is an empty object.
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

// parseJSON returns the value in data.
func parseJSON(data []byte) (wire.Any, error) {
	v, err := wire.ParseAny(data)
	if err != nil {
		return v, malformedJSON(err)
	}
	return v, nil
}

// malformedJSON returns the error for JSON that encoding/json refused with err.
// If err is nil, the JSON is valid but not an object.
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

// validPrefix returns the length of the longest prefix of data that is UTF-8.
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

// each counts the elements of a list and calls f with each. An error has the
// offset of its element.
func (d *updateDecoder) each(list wire.Any, f func(name, element wire.Any) error) error {
	for name, element := range list.Elements() {
		err := d.countParam()
		if err == nil {
			err = f(name, element)
		}
		if err != nil {
			return at(element.Offset(), err)
		}
	}
	return nil
}

// at adds an offset to err, unless it has one already.
func at(offset int, err error) error {
	if _, ok := errors.AsType[*DecodeError](err); ok {
		return err
	}
	return &DecodeError{Offset: int64(offset), Err: err}
}

// jsonParam decodes a parameter.
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

// jsonScalar decodes a parameter that is not a list.
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

// jsonSource decodes the defaults of new posts. Programs in PHP write [] for an
// empty object.
func (d *updateDecoder) jsonSource(source wire.Any) error {
	if source.Kind() != '{' {
		if !source.IsBlank() && !source.IsEmpty() {
			d.u.drop(sourceName)
		}
		return nil
	}
	return d.each(source, func(name, v wire.Any) error { return d.jsonScalar(sourceParam(name.Text()), v) })
}

// jsonDomains decodes a list of domains.
func (d *updateDecoder) jsonDomains(list wire.Any) error {
	if !list.IsList() {
		d.dropUnlessBlank(domainsName, list)
		return nil
	}
	n := 0
	for range list.Elements() {
		n++
	}
	d.domains = domainList{sentList: sentList{sent: true}, domains: make([]string, 0, min(n, d.paramsLeft))}
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

// jsonFields decodes a list of rows.
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

// dropUnlessBlank drops a parameter that should be a list and is something
// else. null and an empty text set nothing, and are not dropped.
func (d *updateDecoder) dropUnlessBlank(name string, v wire.Any) {
	if !v.IsBlank() {
		d.u.drop(name)
	}
}

// jsonField decodes a row. A row whose name or value is not a text is left out:
// the reference stores it and does not show it.
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
		return d.countText(len(dst.Value))
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
