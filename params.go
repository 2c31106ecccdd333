package masto

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/wire"
)

// The names of the parameters that have elements or members.
const (
	fieldsName  = "fields_attributes"
	domainsName = "attribution_domains"
	sourceName  = "source"
)

// sourceParam returns the wire name of a member of source.
func sourceParam(name string) string { return sourceName + "[" + name + "]" }

// params is the table of the parameters of an update, in the order in which
// they are sent. Decoders, encoders, Diff and Conflict ask it, so that all of
// them know the same parameters.
var params = [...]parameter{
	param[string]{
		name:  "display_name",
		at:    func(u *Update) *Opt[string] { return &u.DisplayName },
		of:    func(p *Profile) string { return p.DisplayName },
		codec: textCodec,
	},
	param[string]{
		name:  "note",
		at:    func(u *Update) *Opt[string] { return &u.Note },
		of:    func(p *Profile) string { return p.Note },
		codec: textCodec,
	},
	param[*Upload]{
		name:  "avatar",
		at:    func(u *Update) *Opt[*Upload] { return &u.Avatar },
		codec: pictureCodec,
	},
	param[string]{
		name:  "avatar_description",
		at:    func(u *Update) *Opt[string] { return &u.AvatarDescription },
		of:    func(p *Profile) string { return p.AvatarDescription },
		codec: textCodec,
	},
	param[*Upload]{
		name:  "header",
		at:    func(u *Update) *Opt[*Upload] { return &u.Header },
		codec: pictureCodec,
	},
	param[string]{
		name:  "header_description",
		at:    func(u *Update) *Opt[string] { return &u.HeaderDescription },
		of:    func(p *Profile) string { return p.HeaderDescription },
		codec: textCodec,
	},
	param[bool]{
		name:  "locked",
		at:    func(u *Update) *Opt[bool] { return &u.Locked },
		of:    func(p *Profile) bool { return p.Locked },
		codec: boolCodec,
	},
	param[bool]{
		name:  "bot",
		at:    func(u *Update) *Opt[bool] { return &u.Bot },
		of:    func(p *Profile) bool { return p.Bot },
		codec: boolCodec,
	},
	param[*bool]{
		name:  "discoverable",
		at:    func(u *Update) *Opt[*bool] { return &u.Discoverable },
		of:    func(p *Profile) *bool { return p.Discoverable },
		codec: nullableBoolCodec,
	},
	param[*bool]{
		name:  "hide_collections",
		at:    func(u *Update) *Opt[*bool] { return &u.HideCollections },
		of:    func(p *Profile) *bool { return p.HideCollections },
		codec: nullableBoolCodec,
	},
	param[bool]{
		name:  "indexable",
		at:    func(u *Update) *Opt[bool] { return &u.Indexable },
		of:    func(p *Profile) bool { return p.Indexable },
		codec: boolCodec,
	},
	param[bool]{
		name:  "show_media",
		at:    func(u *Update) *Opt[bool] { return &u.ShowMedia },
		of:    func(p *Profile) bool { return p.ShowMedia },
		codec: boolCodec,
	},
	param[bool]{
		name:  "show_media_replies",
		at:    func(u *Update) *Opt[bool] { return &u.ShowMediaReplies },
		of:    func(p *Profile) bool { return p.ShowMediaReplies },
		codec: boolCodec,
	},
	param[bool]{
		name:  "show_featured",
		at:    func(u *Update) *Opt[bool] { return &u.ShowFeatured },
		of:    func(p *Profile) bool { return p.ShowFeatured },
		codec: boolCodec,
	},
	param[[]string]{
		name:  domainsName,
		at:    func(u *Update) *Opt[[]string] { return &u.AttributionDomains },
		of:    func(p *Profile) []string { return p.AttributionDomains },
		codec: domainsCodec,
	},
	param[[]Field]{
		name:  fieldsName,
		at:    func(u *Update) *Opt[[]Field] { return &u.Fields },
		of:    func(p *Profile) []Field { return p.Fields },
		codec: fieldsCodec,
	},
	param[string]{
		name:  "source[privacy]",
		at:    func(u *Update) *Opt[string] { return &u.Posting.Privacy },
		codec: textCodec,
	},
	param[bool]{
		name:  "source[sensitive]",
		at:    func(u *Update) *Opt[bool] { return &u.Posting.Sensitive },
		codec: boolCodec,
	},
	param[*string]{
		name:  "source[language]",
		at:    func(u *Update) *Opt[*string] { return &u.Posting.Language },
		codec: nullableTextCodec,
	},
	param[string]{
		name:  "source[quote_policy]",
		at:    func(u *Update) *Opt[string] { return &u.Posting.QuotePolicy },
		codec: textCodec,
	},
}

// paramsByName has the rows of params by wire name.
var paramsByName = func() map[string]parameter {
	byName := make(map[string]parameter, len(params))
	for _, p := range params {
		byName[p.wireName()] = p
	}
	return byName
}()

// parameter is a row of params, whatever type its value has.
type parameter interface {
	wireName() string
	isSet(u *Update) bool
	// overlay sets in dst what src sets.
	overlay(dst, src *Update)
	// texts returns the texts in the value, of which a Boolean and a picture
	// have none.
	texts(u *Update) []string
	// set sets the value to v. It does nothing for a list.
	set(u *Update, v scalar) error
	// appendJSON appends the value, which must be set, as JSON.
	appendJSON(b []byte, u *Update) ([]byte, error)
	// writePairs writes the value, which must be set, as the pairs of a form.
	writePairs(w pairWriter, u *Update) error
	// diff sets the value in u to that of after, if before has another one.
	diff(u *Update, before, after *Profile)
}

// param is a row of params: a parameter whose value has the type T.
type param[T any] struct {
	// name is the wire name.
	name string
	// at returns where an Update has the value.
	at func(*Update) *Opt[T]
	// of returns the value in a Profile. It is nil if a Profile has no value of
	// that type.
	of func(*Profile) T
	codec[T]
}

func (p param[T]) wireName() string     { return p.name }
func (p param[T]) isSet(u *Update) bool { return p.at(u).Set }

func (p param[T]) overlay(dst, src *Update) {
	if o := p.at(src); o.Set {
		*p.at(dst) = *o
	}
}

func (p param[T]) texts(u *Update) []string {
	if o := p.at(u); o.Set && p.textsOf != nil {
		return p.textsOf(o.Value)
	}
	return nil
}

func (p param[T]) set(u *Update, v scalar) error {
	if p.read == nil {
		return nil
	}
	return p.read(p.at(u), v)
}

func (p param[T]) appendJSON(b []byte, u *Update) ([]byte, error) {
	return p.toJSON(b, p.name, p.at(u).Value)
}

func (p param[T]) writePairs(w pairWriter, u *Update) error {
	return p.toPairs(w, p.name, p.at(u).Value)
}

func (p param[T]) diff(u *Update, before, after *Profile) {
	if p.of == nil {
		return
	}
	if was, is := p.of(before), p.of(after); !p.equal(was, is) {
		*p.at(u) = Some(p.clone(is))
	}
}

// codec has the functions that read, write and compare the values of one type.
type codec[T any] struct {
	// read sets dst to v. It is nil for a list, which is read by element.
	read func(dst *Opt[T], v scalar) error
	// toJSON appends a value as JSON.
	toJSON func(b []byte, name string, v T) ([]byte, error)
	// toPairs writes a value as the pairs of a form.
	toPairs func(w pairWriter, name string, v T) error
	// textsOf returns the texts in a value. It is nil for a type that has none.
	textsOf func(T) []string
	// equal reports whether a and b are the same to an update.
	equal func(a, b T) bool
	// clone returns a copy that shares nothing with the value.
	clone func(T) T
}

// isEqual is codec.equal for a type without pointers.
func isEqual[T comparable](a, b T) bool { return a == b }

// itself is codec.clone for a type without pointers.
func itself[T any](v T) T { return v }

// scalar is a value as it was sent, unless it is a list or an object: a text,
// or null in JSON, whose text is "".
type scalar struct {
	text string
	null bool
}

// textCodec is for texts. null clears one.
var textCodec = codec[string]{
	read: func(dst *Opt[string], v scalar) error {
		*dst = Some(v.text)
		return nil
	},
	toJSON:  appendText,
	toPairs: writeText,
	textsOf: func(s string) []string { return []string{s} },
	equal:   isEqual[string],
	clone:   itself[string],
}

// nullableTextCodec is for texts that may be null. A form cannot say null.
var nullableTextCodec = codec[*string]{
	read: func(dst *Opt[*string], v scalar) error {
		*dst = Some(&v.text)
		if v.null {
			dst.Value = nil
		}
		return nil
	},
	toJSON: func(b []byte, name string, v *string) ([]byte, error) {
		if v == nil {
			return append(b, "null"...), nil
		}
		return appendText(b, name, *v)
	},
	toPairs: func(w pairWriter, name string, v *string) error {
		if v == nil {
			return noNull(name)
		}
		return writeText(w, name, *v)
	},
	textsOf: func(v *string) []string {
		if v == nil {
			return nil
		}
		return []string{*v}
	},
}

// boolCodec is for Booleans that cannot be null. An empty text and null leave
// one unset.
var boolCodec = codec[bool]{
	read: func(dst *Opt[bool], v scalar) error {
		if v.text != "" {
			*dst = Some(isTrue(v.text))
		}
		return nil
	},
	toJSON:  func(b []byte, _ string, v bool) ([]byte, error) { return strconv.AppendBool(b, v), nil },
	toPairs: func(w pairWriter, name string, v bool) error { return writeText(w, name, strconv.FormatBool(v)) },
	equal:   isEqual[bool],
	clone:   itself[bool],
}

// nullableBoolCodec is for Booleans that may be null. An empty text is null.
var nullableBoolCodec = codec[*bool]{
	read: func(dst *Opt[*bool], v scalar) error {
		*dst = Some[*bool](nil)
		if v.text != "" {
			b := isTrue(v.text)
			dst.Value = &b
		}
		return nil
	},
	toJSON: func(b []byte, _ string, v *bool) ([]byte, error) {
		if v == nil {
			return append(b, "null"...), nil
		}
		return strconv.AppendBool(b, *v), nil
	},
	toPairs: func(w pairWriter, name string, v *bool) error {
		if v == nil {
			return writeText(w, name, "")
		}
		return writeText(w, name, strconv.FormatBool(*v))
	},
	equal: equalPtr[bool],
	clone: clonePtr[bool],
}

// pictureCodec is for pictures. null removes one, and an empty text leaves it
// unset. Reading fails if a data: URI is malformed. Pictures are not compared.
var pictureCodec = codec[*Upload]{
	read: func(dst *Opt[*Upload], v scalar) error {
		switch {
		case v.null:
			*dst = Some[*Upload](nil)
		case v.text != "":
			upload, err := decodeDataURI(v.text)
			if err != nil {
				return err
			}
			*dst = Some(upload)
		}
		return nil
	},
	toJSON: func(b []byte, _ string, v *Upload) ([]byte, error) {
		if v == nil {
			return append(b, "null"...), nil
		}
		return wire.AppendQuoted(b, v.dataURI()), nil
	},
	toPairs: func(w pairWriter, name string, v *Upload) error {
		if v == nil {
			return unremovable(name)
		}
		w.file(name, v)
		return nil
	},
}

// domainsCodec is for lists of domains. In a form, one empty domain clears the
// list.
var domainsCodec = codec[[]string]{
	toJSON: func(b []byte, name string, domains []string) ([]byte, error) {
		return appendElements(b, domains, func(b []byte, s string) ([]byte, error) { return appendText(b, name, s) })
	},
	toPairs: func(w pairWriter, name string, domains []string) error {
		if len(domains) == 0 {
			return writeText(w, name+"[]", "")
		}
		for _, domain := range domains {
			if err := writeText(w, name+"[]", domain); err != nil {
				return err
			}
		}
		return nil
	},
	textsOf: func(domains []string) []string { return domains },
	equal:   slices.Equal[[]string],
	clone:   slices.Clone[[]string],
}

// fieldsCodec is for lists of fields. In a form, one blank row clears the list.
// Only names and values are compared and copied.
var fieldsCodec = codec[[]Field]{
	toJSON: func(b []byte, name string, fields []Field) ([]byte, error) {
		return appendElements(b, fields, func(b []byte, f Field) ([]byte, error) {
			b, err := appendText(append(b, `{"name":`...), name, f.Name)
			if err != nil {
				return nil, err
			}
			b, err = appendText(append(b, `,"value":`...), name, f.Value)
			return append(b, '}'), err
		})
	},
	toPairs: func(w pairWriter, name string, fields []Field) error {
		if len(fields) == 0 {
			fields = []Field{{}}
		}
		for i, f := range fields {
			row := strconv.Itoa(i)
			if err := writeText(w, name+"["+row+"][name]", f.Name); err != nil {
				return err
			}
			if err := writeText(w, name+"["+row+"][value]", f.Value); err != nil {
				return err
			}
		}
		return nil
	},
	textsOf: func(fields []Field) []string {
		texts := make([]string, 0, 2*len(fields))
		for _, f := range fields {
			texts = append(texts, f.Name, f.Value)
		}
		return texts
	},
	equal: func(a, b []Field) bool { return slices.EqualFunc(a, b, sameText) },
	clone: func(fields []Field) []Field {
		texts := make([]Field, len(fields))
		for i, f := range fields {
			texts[i] = Field{Name: f.Name, Value: f.Value}
		}
		return texts
	},
}

// Parameters returns the wire names of the parameters that u sets, in the order
// in which they are sent. It returns nil if u sets none.
func (u Update) Parameters() []string {
	var names []string
	for _, p := range params {
		if p.isSet(&u) {
			names = append(names, p.wireName())
		}
	}
	return names
}

// IsZero reports whether u sets no parameter, so that there is nothing to send
// or to apply.
func (u Update) IsZero() bool {
	return !slices.ContainsFunc(params[:], func(p parameter) bool { return p.isSet(&u) })
}

// checkTexts returns a [*DecodeError] matching ErrMalformed if u sets a text
// that cannot be stored, since it has a NUL or is not UTF-8. u must be
// normalized.
func (u *Update) checkTexts() error {
	for _, p := range params {
		for _, text := range p.texts(u) {
			what := ""
			switch {
			case strings.Contains(text, "\x00"):
				what = "has a NUL"
			case !utf8.ValidString(text):
				what = "is not UTF-8"
			default:
				continue
			}
			return &DecodeError{Offset: -1, Err: fmt.Errorf("%w text: %s %s", ErrMalformed, p.wireName(), what)}
		}
	}
	return nil
}

// overlay sets in u what v sets, and adds what was dropped from v.
func (u *Update) overlay(v *Update) {
	for _, p := range params {
		p.overlay(u, v)
	}
	u.drop(v.Dropped...)
}

// drop adds the names of parameters to Dropped, each once.
func (u *Update) drop(names ...string) {
	for _, name := range names {
		if !slices.Contains(u.Dropped, name) {
			u.Dropped = append(u.Dropped, name)
		}
	}
}

// isTrue reports whether Rails takes a text for true, as it does all but those
// listed here.
func isTrue(s string) bool {
	switch s {
	case "0", "f", "F", "false", "FALSE", "off", "OFF":
		return false
	}
	return true
}

// decodeDataURI returns the picture in a data: URI. Any other text is returned
// as the data of an upload, which [Limits.Validate] then finds to be no
// picture. An error matches ErrMalformed.
func decodeDataURI(s string) (*Upload, error) {
	if len(s) < 5 || !strings.EqualFold(s[:5], "data:") {
		return &Upload{Data: []byte(s)}, nil
	}
	contentType, encoded, ok := strings.Cut(s[5:], ",")
	if !ok {
		return nil, fmt.Errorf("%w data URI: no comma", ErrMalformed)
	}
	contentType, isBase64 := strings.CutSuffix(contentType, ";base64")
	if !isBase64 {
		text, err := url.PathUnescape(encoded)
		if err != nil {
			return nil, fmt.Errorf("%w data URI: %w", ErrMalformed, err)
		}
		return &Upload{ContentType: contentType, Data: []byte(text)}, nil
	}
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "=\r\n"))
	if err != nil {
		return nil, fmt.Errorf("%w data URI: %w", ErrMalformed, err)
	}
	return &Upload{ContentType: contentType, Data: data}, nil
}
