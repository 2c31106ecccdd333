package masto

import (
	"slices"
	"strings"
)

// Opt is a new value for an attribute, or none: the zero Opt leaves the attribute
// as it is, and [Some] sets it, even to the zero value.
type Opt[T any] struct {
	Value T
	Set   bool
}

// Some returns an Opt that sets v.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Update is what a client wants to change in a profile: PATCH /api/v1/profile
// (since 4.6.0) and PATCH /api/v1/accounts/update_credentials. What is not set
// stays as it is; the zero Update changes nothing.
type Update struct {
	// DisplayName is plain text; "" clears it. display_name.
	DisplayName Opt[string]
	// Note is the bio as raw text; "" clears it. note.
	Note Opt[string]
	// Fields replace the whole list; nil or empty clears it. VerifiedAt is
	// ignored: a field whose value stays keeps its own. fields_attributes.
	Fields Opt[[]Field]
	// Discoverable may be set to nil (null): not decided. discoverable.
	Discoverable Opt[*bool]
	// HideCollections may be set to nil (null): not decided. hide_collections.
	HideCollections Opt[*bool]
	// Locked sets whether follow requests are approved by hand. locked.
	Locked Opt[bool]
	// Bot sets whether the account may act automatically. bot.
	Bot Opt[bool]
	// Indexable sets whether anyone may search the public posts. indexable.
	Indexable Opt[bool]
	// ShowMedia sets whether the profile has a Media tab. show_media.
	ShowMedia Opt[bool]
	// ShowMediaReplies sets whether that tab has the media of replies.
	// show_media_replies.
	ShowMediaReplies Opt[bool]
	// ShowFeatured sets whether the profile has a Featured tab. show_featured.
	ShowFeatured Opt[bool]
	// AttributionDomains replace the whole list; nil or empty clears it.
	// attribution_domains.
	AttributionDomains Opt[[]string]
	// Avatar is a new picture; Some[*Upload](nil) removes it, and its
	// description stays. avatar.
	Avatar Opt[*Upload]
	// Header is a new banner, like Avatar. header.
	Header Opt[*Upload]
	// AvatarDescription is plain text; "" clears it. avatar_description.
	AvatarDescription Opt[string]
	// HeaderDescription is plain text; "" clears it. header_description.
	HeaderDescription Opt[string]
	// Posting has the defaults of new posts. source[…].
	Posting PostingUpdate
	// Dropped names the parameters that [DecodeUpdate] left out, or of which it
	// left something out, as their shape is one that they cannot have; nil:
	// none. It is for logs and for strict tests: it is never sent, applied or
	// compared.
	Dropped []string
}

// PostingUpdate is what a client wants to change in the defaults of new posts.
// The zero PostingUpdate changes nothing.
type PostingUpdate struct {
	// Privacy is a value from [PrivacyPublic] to [PrivacyDirect]; "" goes back
	// to the default. source[privacy].
	Privacy Opt[string]
	// Sensitive sets whether media are marked sensitive. source[sensitive].
	Sensitive Opt[bool]
	// Language is the tag of a language: at most 35 bytes of subtags, which are
	// ASCII letters and digits, joined by "-" (de, tok, zh-TW). It is stored as
	// it is sent. "" and nil (null) choose none. source[language].
	Language Opt[*string]
	// QuotePolicy is [QuotePublic], [QuoteFollowers] or [QuoteNobody]; "" goes
	// back to the default. source[quote_policy].
	QuotePolicy Opt[string]
}

// Upload is a picture that was sent. The zero Upload is an empty file, which is
// no picture.
type Upload struct {
	// Filename is what the sender gave; untrusted, never used as a path.
	Filename string
	// ContentType is the media type as declared; untrusted: the data decide
	// what the picture is.
	ContentType string
	// Data is the file.
	Data []byte
}

// Normalized returns u as it will be stored: display name and bio without ASCII
// white space and NUL at both ends, fields as name and value alone and without
// the rows where both are blank, attribution domains as
// [NormalizeAttributionDomains] makes them. The text of fields and descriptions
// is left as entered. An upload keeps its data and the media type that it was
// declared as, or else that of its file name's extension; "" where that says
// nothing. What is not set is zero, and Dropped is nil.
//
// u itself is not changed; the data of uploads are shared. Normalize an update
// only once: a second time would take another prefix off an attribution domain
// that has several. Such a domain is not valid.
func (u Update) Normalized() Update {
	u.DisplayName = mapOpt(u.DisplayName, strip)
	u.Note = mapOpt(u.Note, strip)
	u.Fields = mapOpt(u.Fields, withoutBlankRows)
	u.AttributionDomains = mapOpt(u.AttributionDomains, NormalizeAttributionDomains)
	u.Avatar = mapOpt(u.Avatar, (*Upload).normalized)
	u.Header = mapOpt(u.Header, (*Upload).normalized)
	u.Dropped = nil
	return u
}

// mapOpt returns o with f applied to what it sets.
func mapOpt[T any](o Opt[T], f func(T) T) Opt[T] {
	if !o.Set {
		return Opt[T]{}
	}
	return Some(f(o.Value))
}

// withoutBlankRows copies the name and value of each field that has one of them.
func withoutBlankRows(fields []Field) []Field {
	kept := make([]Field, 0, len(fields))
	for _, f := range fields {
		if !blank(f.Name) || !blank(f.Value) {
			kept = append(kept, Field{Name: f.Name, Value: f.Value})
		}
	}
	return slices.Clip(kept)
}

// normalized returns u with the data and media type that [Update.Normalized]
// keeps; nil for nil.
func (u *Upload) normalized() *Upload {
	if u == nil {
		return nil
	}
	n := &Upload{ContentType: u.declaredType()}
	if len(u.Data) > 0 {
		n.Data = u.Data
	}
	return n
}

// strip cuts ASCII white space and NUL off both ends, as the reference does
// before it stores or shows a text.
func strip(s string) string { return strings.Trim(s, "\x00\t\n\v\f\r ") }
