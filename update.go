package masto

import (
	"slices"

	"github.com/seed-374a2035/masto/internal/media"
)

// Opt is a new value for an attribute, or none: the zero Opt leaves the
// attribute as it is, and [Some] sets it, even to the zero value.
type Opt[T any] struct {
	Value T
	Set   bool
}

// Some returns an Opt that sets v.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Update is what a client wants to change in a profile by PATCH /api/v1/profile
// (since 4.6.0) or PATCH /api/v1/accounts/update_credentials. What is not set
// stays as it is, and the zero Update changes nothing.
//
// On the wire a parameter has the name of its field in snake case, such as
// display_name. There are two exceptions: Fields is fields_attributes, and the
// parameters of Posting are in source, such as source[privacy].
type Update struct {
	// DisplayName is plain text. "" clears it.
	DisplayName Opt[string]
	// Note is the bio as raw text. "" clears it.
	Note Opt[string]
	// Fields replace the whole list. nil and an empty list clear it. VerifiedAt
	// is ignored: a field whose value does not change stays verified.
	Fields Opt[[]Field]
	// Discoverable sets whether the account may be recommended. nil is null on
	// the wire and means that the user has not decided.
	Discoverable Opt[*bool]
	// HideCollections sets whether followers and followed accounts are hidden.
	// nil is null on the wire and means that the user has not decided.
	HideCollections Opt[*bool]
	// Locked sets whether follow requests are approved by hand.
	Locked Opt[bool]
	// Bot sets whether the account may act automatically.
	Bot Opt[bool]
	// Indexable sets whether anyone may search the public posts.
	Indexable Opt[bool]
	// ShowMedia sets whether the profile has a Media tab.
	ShowMedia Opt[bool]
	// ShowMediaReplies sets whether the Media tab also has the media of
	// replies.
	ShowMediaReplies Opt[bool]
	// ShowFeatured sets whether the profile has a Featured tab.
	ShowFeatured Opt[bool]
	// AttributionDomains replace the whole list. nil and an empty list clear
	// it.
	AttributionDomains Opt[[]string]
	// Avatar is a new picture. Some[*Upload](nil) removes the current one,
	// whose description stays.
	Avatar Opt[*Upload]
	// Header is a new banner, or removes the current one, like Avatar.
	Header Opt[*Upload]
	// AvatarDescription is plain text. "" clears it.
	AvatarDescription Opt[string]
	// HeaderDescription is plain text. "" clears it.
	HeaderDescription Opt[string]
	// Posting has the defaults of new posts.
	Posting PostingUpdate
	// Dropped names the parameters that [DecodeUpdate] left out, wholly or in
	// part, because a value had the wrong shape. nil means that it left out
	// nothing. Dropped is for logs and strict tests. It is never sent, applied
	// or compared.
	Dropped []string
}

// PostingUpdate is what a client wants to change in the defaults of new posts.
// The zero PostingUpdate changes nothing.
type PostingUpdate struct {
	// Privacy is a value from [PrivacyPublic] to [PrivacyDirect]. "" goes back
	// to the default.
	Privacy Opt[string]
	// Sensitive sets whether media are marked as sensitive.
	Sensitive Opt[bool]
	// Language is a language tag of at most 35 bytes: subtags of ASCII letters
	// and digits, joined by "-", such as de, tok or zh-TW. It is stored as it
	// is sent. "" and nil, which is null on the wire, choose no language.
	Language Opt[*string]
	// QuotePolicy is [QuotePublic], [QuoteFollowers] or [QuoteNobody]. "" goes
	// back to the default.
	QuotePolicy Opt[string]
}

// Upload is a picture that a client sent. The zero Upload is an empty file,
// which is no valid picture.
type Upload struct {
	// Filename is what the client sent. It is untrusted, and never used as a
	// path.
	Filename string
	// ContentType is the media type that the client declared. It is untrusted:
	// the data decide what the picture is.
	ContentType string
	// Data is the content of the file.
	Data []byte
}

// Normalized returns u as it will be stored:
//   - The display name and the bio have no ASCII white space or NUL at their
//     ends.
//   - Fields have a name and a value only. Rows where both are blank are left
//     out.
//   - Attribution domains are as [NormalizeAttributionDomains] makes them.
//   - An upload has its data and its declared media type. If none was declared,
//     the extension of the file name decides; the type may be "".
//   - What is not set is zero, and Dropped is nil.
//
// The texts of fields and the descriptions stay as they were entered. u is not
// changed, and the data of uploads are shared with it. Normalizing again
// changes nothing, for every update that [Limits.Validate] accepts.
func (u Update) Normalized() Update {
	var n Update
	n.overlay(&u)
	n.DisplayName = mapOpt(n.DisplayName, strip)
	n.Note = mapOpt(n.Note, strip)
	n.Fields = mapOpt(n.Fields, withoutBlankRows)
	n.AttributionDomains = mapOpt(n.AttributionDomains, NormalizeAttributionDomains)
	n.Avatar = mapOpt(n.Avatar, (*Upload).normalized)
	n.Header = mapOpt(n.Header, (*Upload).normalized)
	n.Dropped = nil
	return n
}

// mapOpt returns o with f applied to what it sets.
func mapOpt[T any](o Opt[T], f func(T) T) Opt[T] {
	if !o.Set {
		return Opt[T]{}
	}
	return Some(f(o.Value))
}

// withoutBlankRows returns the names and values of those fields that have
// either.
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
// keeps. It returns nil if u is nil.
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

// declaredType returns the media type that u was sent as, or "" if neither its
// content type nor its file name says.
func (u *Upload) declaredType() string { return media.Declared(u.ContentType, u.Filename) }

// strip removes ASCII white space and NUL from both ends of s, as the reference
// does before it stores or shows a text.
func strip(s string) string {
	for s != "" && isStripped(s[0]) {
		s = s[1:]
	}
	for s != "" && isStripped(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// isStripped reports whether c is ASCII white space or NUL.
func isStripped(c byte) bool { return c == 0 || c == ' ' || '\t' <= c && c <= '\r' }
