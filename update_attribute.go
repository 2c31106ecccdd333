package masto

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// The parameters of an Update have one table for all encodings, so that none
// knows one that another does not.

// The parameters that have others in them, which no encoding writes as one value.
const (
	fieldsName  = "fields_attributes"
	domainsName = "attribution_domains"
	sourceName  = "source"
)

// attributeNames are the parameters of an update in the order in which they are sent.
var attributeNames = [...]string{
	"display_name", "note", "avatar", "avatar_description", "header", "header_description", "locked", "bot", "discoverable",
	"hide_collections", "indexable", "show_media", "show_media_replies", "show_featured", domainsName, fieldsName,
	"source[privacy]", "source[sensitive]", "source[language]", "source[quote_policy]",
}

// sourceParam returns the name of the parameter for a member of source.
func sourceParam(name string) string { return sourceName + "[" + name + "]" }

// attribute returns where the value of a parameter is: an *Opt of a string,
// bool, *bool, *string, *Upload, []string or []Field; nil for an unknown
// parameter.
func (u *Update) attribute(name string) any {
	switch name {
	case "display_name":
		return &u.DisplayName
	case "note":
		return &u.Note
	case "avatar":
		return &u.Avatar
	case "avatar_description":
		return &u.AvatarDescription
	case "header":
		return &u.Header
	case "header_description":
		return &u.HeaderDescription
	case "locked":
		return &u.Locked
	case "bot":
		return &u.Bot
	case "discoverable":
		return &u.Discoverable
	case "hide_collections":
		return &u.HideCollections
	case "indexable":
		return &u.Indexable
	case "show_media":
		return &u.ShowMedia
	case "show_media_replies":
		return &u.ShowMediaReplies
	case "show_featured":
		return &u.ShowFeatured
	case domainsName:
		return &u.AttributionDomains
	case fieldsName:
		return &u.Fields
	case "source[privacy]":
		return &u.Posting.Privacy
	case "source[sensitive]":
		return &u.Posting.Sensitive
	case "source[language]":
		return &u.Posting.Language
	case "source[quote_policy]":
		return &u.Posting.QuotePolicy
	}
	return nil
}

// Parameters returns the wire names of what u sets, in the order in which they
// are sent; nil if it sets nothing.
func (u Update) Parameters() []string {
	var names []string
	for _, name := range attributeNames {
		if u.isSet(name) {
			names = append(names, name)
		}
	}
	return names
}

// IsZero reports whether u sets nothing, so that there is nothing to send or to
// apply.
func (u Update) IsZero() bool {
	return !slices.ContainsFunc(attributeNames[:], u.isSet)
}

// isSet reports whether u sets a parameter.
func (u *Update) isSet(name string) bool {
	o, ok := u.attribute(name).(interface{ isSet() bool })
	return ok && o.isSet()
}

func (o *Opt[T]) isSet() bool { return o.Set }

// checkTexts returns a [*DecodeError] matching ErrMalformed if a text that u,
// which is normalized, sets cannot be stored: what is stored is UTF-8 without
// NUL.
func (u *Update) checkTexts() error {
	for _, name := range attributeNames {
		for _, text := range u.texts(name) {
			what := ""
			switch {
			case strings.Contains(text, "\x00"):
				what = "has a NUL"
			case !utf8.ValidString(text):
				what = "is not UTF-8"
			default:
				continue
			}
			return &DecodeError{Offset: -1, Err: fmt.Errorf("%w text: %s %s", ErrMalformed, name, what)}
		}
	}
	return nil
}

// texts returns the texts in the value of a parameter; none for one that is no
// text.
func (u *Update) texts(name string) []string {
	switch o := u.attribute(name).(type) {
	case *Opt[string]:
		return []string{o.Value}
	case *Opt[*string]:
		if o.Value != nil {
			return []string{*o.Value}
		}
	case *Opt[[]string]:
		return o.Value
	case *Opt[[]Field]:
		texts := make([]string, 0, 2*len(o.Value))
		for _, f := range o.Value {
			texts = append(texts, f.Name, f.Value)
		}
		return texts
	}
	return nil
}

// overlay sets in u whatever v sets, and adds what was dropped of it.
func (u *Update) overlay(v *Update) {
	for _, name := range attributeNames {
		switch dst := u.attribute(name).(type) {
		case *Opt[string]:
			overlayOpt(dst, v.attribute(name))
		case *Opt[bool]:
			overlayOpt(dst, v.attribute(name))
		case *Opt[*bool]:
			overlayOpt(dst, v.attribute(name))
		case *Opt[*string]:
			overlayOpt(dst, v.attribute(name))
		case *Opt[*Upload]:
			overlayOpt(dst, v.attribute(name))
		case *Opt[[]string]:
			overlayOpt(dst, v.attribute(name))
		case *Opt[[]Field]:
			overlayOpt(dst, v.attribute(name))
		}
	}
	u.drop(v.Dropped...)
}

// drop notes parameters that were left out for their shape.
func (u *Update) drop(names ...string) {
	for _, name := range names {
		if !slices.Contains(u.Dropped, name) {
			u.Dropped = append(u.Dropped, name)
		}
	}
}

// overlayOpt replaces dst by src, which has its type, if src is set.
func overlayOpt[T any](dst *Opt[T], src any) {
	if o, ok := src.(*Opt[T]); ok && o.Set {
		*dst = *o
	}
}

// scalar is a value that is no list or object, as it was sent: text, or the
// null of JSON.
type scalar struct {
	text string
	null bool
}

// set writes v into dst, which is what Update.attribute returns of a parameter
// that is no list. It fails for a picture in a broken data: URI.
//
// null clears: text to "", a picture to none. An empty text is null to a Boolean,
// and no change to a picture. A Boolean that cannot be null stays as it is then.
func (v scalar) set(dst any) error {
	switch dst := dst.(type) {
	case *Opt[string]:
		*dst = Some(v.text)
	case *Opt[*string]:
		*dst = Some(&v.text)
		if v.null {
			dst.Value = nil
		}
	case *Opt[bool]:
		if v.text != "" {
			*dst = Some(isTrue(v.text))
		}
	case *Opt[*bool]:
		*dst = Some[*bool](nil)
		if v.text != "" {
			b := isTrue(v.text)
			dst.Value = &b
		}
	case *Opt[*Upload]:
		if v.null {
			*dst = Some[*Upload](nil)
			return nil
		}
		if v.text == "" {
			return nil
		}
		upload, err := decodeDataURI(v.text)
		if err != nil {
			return err
		}
		*dst = Some(upload)
	}
	return nil
}

// isTrue casts text to a Boolean as Rails does: only what is in this list is false.
func isTrue(s string) bool {
	switch s {
	case "0", "f", "F", "false", "FALSE", "off", "OFF":
		return false
	}
	return true
}

// decodeDataURI returns the picture in a data: URI. Any other text is taken for
// the data of a picture that is none, so that [Limits.Validate] tells.
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
