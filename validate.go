package masto

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/hostname"
	"github.com/seed-374a2035/masto/internal/media"
	"github.com/seed-374a2035/masto/internal/notelength"
	"github.com/seed-374a2035/masto/internal/wire"
)

// Limits are what a server allows in a profile. In each field, 0 stands for the
// value of [DefaultLimits] and a negative number for no limit.
type Limits struct {
	// DisplayName is the maximum length of a display name in code points, after
	// stripping.
	DisplayName int
	// Note is the maximum length of a bio, as [NoteLength] counts it.
	Note int
	// Fields is the maximum number of rows of the profile's table.
	Fields int
	// FieldName is the length in code points to which the name of a local field
	// is silently cut when it is shown.
	FieldName int
	// FieldValue is the length in code points to which the value of a local
	// field is silently cut when it is shown.
	FieldValue int
	// AvatarDescription is the maximum length of the avatar's alternative text
	// in code points.
	AvatarDescription int
	// HeaderDescription is the maximum length of the banner's alternative text
	// in code points.
	HeaderDescription int
	// AttributionDomains is the maximum number of domains that may credit the
	// account.
	AttributionDomains int
	// TextBytes is the maximum length in bytes of a text as it is stored: the
	// display name, the bio, a description, and the name or value of a field,
	// which is stored whole and only cut when it is shown. It bounds what the
	// other limits leave open: a grapheme cluster may have any number of marks,
	// and a web address counts as 23 whatever its length. The reference has no
	// such limit. No counter beside an input needs it, so [Limits.Usage] leaves
	// it out.
	TextBytes int
	// ImageBytes is the size in bytes that a picture must stay under. It is the
	// only limit on pictures. They are recognized by their first bytes and
	// never decoded, so a picture of 100,000 by 100,000 pixels, a JPEG of three
	// bytes and a truncated file are all accepted. [Service.Picture] may decode
	// a picture and refuse it: pictures.Prepare does, with limits on pixels and
	// frames too.
	ImageBytes int64
}

// DefaultLimits returns the limits of the reference implementation: 40 for the
// display name (30 before Mastodon 4.6.4), 500 for the bio, 4 fields with names
// and values of 255, 150 for the descriptions, 100 attribution domains (the
// documentation says 10) and pictures under 8 MiB. The limit of 64 KiB for a
// text is our own.
func DefaultLimits() Limits {
	return Limits{
		DisplayName:        40,
		Note:               500,
		Fields:             4,
		FieldName:          255,
		FieldValue:         255,
		AvatarDescription:  150,
		HeaderDescription:  150,
		AttributionDomains: 100,
		TextBytes:          64 << 10,
		ImageBytes:         8 << 20,
	}
}

// noLimit stands for no limit in resolved Limits. No text or list comes near
// it.
const noLimit = math.MaxInt32

// resolved returns l with the default in place of each 0, and noLimit in place
// of each negative limit.
func (l Limits) resolved() Limits {
	d := DefaultLimits()
	return Limits{
		DisplayName:        resolve(l.DisplayName, d.DisplayName),
		Note:               resolve(l.Note, d.Note),
		Fields:             resolve(l.Fields, d.Fields),
		FieldName:          resolve(l.FieldName, d.FieldName),
		FieldValue:         resolve(l.FieldValue, d.FieldValue),
		AvatarDescription:  resolve(l.AvatarDescription, d.AvatarDescription),
		HeaderDescription:  resolve(l.HeaderDescription, d.HeaderDescription),
		AttributionDomains: resolve(l.AttributionDomains, d.AttributionDomains),
		TextBytes:          resolve(l.TextBytes, d.TextBytes),
		ImageBytes:         resolve(l.ImageBytes, d.ImageBytes),
	}
}

// resolve returns what a limit stands for.
func resolve[T int | int64](limit, fallback T) T {
	switch {
	case limit == 0:
		return fallback
	case limit < 0:
		return noLimit
	}
	return limit
}

// MaxBody returns how many bytes of a body [DecodeUpdate] reads at most: 1 MiB
// of text, and three times ImageBytes, since two pictures in base64 need 8/3
// times that. With the default limits that is 25 MiB.
func (l Limits) MaxBody() int64 { return bodyPictures*l.resolved().ImageBytes + textBytes }

// AppendInstance appends l to dst as a server publishes it in GET
// /api/v2/instance: the JSON object configuration.accounts, with every member
// that Mastodon 4.6.4 has. DecodeInstance of package client reads it back.
//
// No limit is written as 2147483647, since clients expect numbers and enforce
// them. AttributionDomains, TextBytes and ImageBytes have no member there. The
// limits of featured tags and pinned statuses are the reference's 10 and 5,
// since Limits has none for them.
func (l Limits) AppendInstance(dst []byte) []byte {
	l = l.resolved()
	dst = wire.AppendInt(dst, `{"max_display_name_length":`, int64(l.DisplayName))
	dst = wire.AppendInt(dst, `,"max_note_length":`, int64(l.Note))
	dst = wire.AppendInt(dst, `,"max_avatar_description_length":`, int64(l.AvatarDescription))
	dst = wire.AppendInt(dst, `,"max_header_description_length":`, int64(l.HeaderDescription))
	dst = append(dst, `,"max_featured_tags":10,"max_pinned_statuses":5`...)
	dst = wire.AppendInt(dst, `,"max_profile_fields":`, int64(l.Fields))
	dst = wire.AppendInt(dst, `,"profile_field_name_limit":`, int64(l.FieldName))
	dst = wire.AppendInt(dst, `,"profile_field_value_limit":`, int64(l.FieldValue))
	return append(dst, '}')
}

// Validate judges u as it will be stored, and returns a [*ValidationError] with
// every finding at once, or nil. It checks what the reference checks before it
// stores an update. The findings come in this order: avatar, header, their
// descriptions, attribution domains, display name, bio, fields, and last the
// defaults of new posts. The units are those of [Limits].
//
// Pass u.Normalized(): [Update.Normalized] takes a prefix such as https:// off
// attribution domains, and Validate, which must judge a second prefix as the
// reference does, finds any that is left. Everything else is judged as if
// normalized. Of an update that Validate accepts, u and u.Normalized() are
// stored alike.
//
// A value that current has already is not judged, even if it is over a limit:
// it may date from a time of other limits. A nil current stands for an empty
// record. A bio or a list of fields over its limit is refused only if it is
// longer than the one that current has, so that it can shrink or be reordered;
// the reference refuses it always. TextBytes works the same way. Pictures are
// always judged, by their data: PNG, JPEG, GIF or WebP of less than ImageBytes.
// The name or value of a field may be over FieldName or FieldValue: it is cut
// when it is shown, which [Limits.Usage] reports.
//
// The reference has no findings for the defaults of new posts. Validate has: a
// value that [PostingUpdate] does not list is a finding with [CodeInclusion],
// so that it is never stored.
func (l Limits) Validate(u Update, current *Record) error {
	n := u.Normalized()
	n.AttributionDomains = u.AttributionDomains
	return l.validate(n, current)
}

// validate is Validate for an update that is normalized.
func (l Limits) validate(u Update, current *Record) error {
	if current == nil {
		current = &Record{}
	}
	l = l.resolved()
	p := &current.Profile
	var f findings
	f.picture("avatar", u.Avatar.Value, l.ImageBytes)
	f.picture("header", u.Header.Value, l.ImageBytes)
	f.text("avatar_description", u.AvatarDescription, p.AvatarDescription, codePoints(l.AvatarDescription), l.TextBytes)
	f.text("header_description", u.HeaderDescription, p.HeaderDescription, codePoints(l.HeaderDescription), l.TextBytes)
	if d := u.AttributionDomains; d.Set && !isStored(d.Value, p.AttributionDomains) {
		f.domains(d.Value, l.AttributionDomains)
	}
	f.text("display_name", u.DisplayName, p.DisplayName, codePoints(l.DisplayName), l.TextBytes)
	f.text("note", u.Note, p.Note, textLimit{count: NoteLength, max: l.Note, mayShrink: true}, l.TextBytes)
	if d := u.Fields; d.Set {
		if fields := withVerification(d.Value, p.Fields); !slices.EqualFunc(fields, p.Fields, sameField) {
			f.fields(fields, p.Fields, l)
		}
	}
	f.posting(u.Posting, current.Posting)
	if len(f) == 0 {
		return nil
	}
	return &ValidationError{Findings: f}
}

// isStored reports whether domains are the current ones, and would be the same
// once stored again. A current domain that has a prefix, which no update can
// have stored, would lose it.
func isStored(domains, current []string) bool {
	return slices.Equal(domains, current) && slices.Equal(NormalizeAttributionDomains(domains), current)
}

// isNew reports whether o sets a value other than the current one.
func isNew[T comparable](o Opt[T], current T) bool { return o.Set && o.Value != current }

// sameText reports whether two fields have the same name and value.
func sameText(a, b Field) bool { return a.Name == b.Name && a.Value == b.Value }

// findings collects what Validate finds.
type findings []Finding

func (f *findings) add(attribute, code, description string) {
	*f = append(*f, Finding{Attribute: attribute, Code: code, Description: description})
}

// textLimit is a limit of a text in the unit of count.
type textLimit struct {
	count func(string) int
	max   int
	// mayShrink allows a text over the limit that counts no more than the
	// stored one.
	mayShrink bool
}

// codePoints returns a limit of a text in code points.
func codePoints(limit int) textLimit { return textLimit{count: utf8.RuneCountInString, max: limit} }

// text judges a text that replaces current by its length, and if that is fine
// by its bytes.
func (f *findings) text(attribute string, o Opt[string], current string, l textLimit, maxBytes int) {
	if !isNew(o, current) {
		return
	}
	n := l.count(o.Value)
	switch {
	case n > l.max && (!l.mayShrink || n > l.count(current)):
		f.tooLong(attribute, n, l.max)
	case len(o.Value) > len(current):
		f.tooManyBytes(attribute, len(o.Value), maxBytes)
	}
}

// tooLong adds a finding if n is over the limit. In the reference's texts every
// length is one in characters.
func (f *findings) tooLong(attribute string, n, limit int) {
	if n > limit {
		f.overLength(attribute, limit, "character")
	}
}

// tooManyBytes adds a finding if n, the bytes of a text, is over the limit.
func (f *findings) tooManyBytes(attribute string, n, limit int) {
	if n > limit {
		f.overLength(attribute, limit, "byte")
	}
}

// overLength adds the finding for a length over its limit, which is in the
// unit.
func (f *findings) overLength(attribute string, limit int, unit string) {
	description := "is too long (maximum is " + count(limit, unit) + ")"
	*f = append(*f, Finding{Attribute: attribute, Code: CodeTooLong, Description: description, Limit: limit})
}

func (f *findings) domains(domains []string, limit int) {
	for _, d := range domains {
		if !hostname.IsDomain(d) {
			*f = append(*f, Finding{
				Attribute: "attribution_domains", Code: CodeInvalidDomain, Description: d + invalidDomainText, Value: d,
			})
		}
	}
	f.tooLong("attribution_domains", len(domains), limit)
}

// fields judges the rows that replace current: as they are shown, stripped and
// cut, and the bytes of their texts as they are stored.
func (f *findings) fields(fields, current []Field, l Limits) {
	switch longest := longestText(fields); {
	case len(fields) > max(l.Fields, len(current)):
		f.tooLong("fields", len(fields), l.Fields)
	case longest > longestText(current):
		f.tooManyBytes("fields", longest, l.TextBytes)
	}
	if slices.ContainsFunc(fields, func(row Field) bool {
		return blank(cut(strip(row.Name), l.FieldName)) && !blank(cut(strip(row.Value), l.FieldValue))
	}) {
		f.add("fields", CodeMissingLabels, "contains values with missing labels")
	}
}

// longestText returns the bytes of the longest name or value of fields.
func longestText(fields []Field) int {
	longest := 0
	for _, f := range fields {
		longest = max(longest, len(f.Name), len(f.Value))
	}
	return longest
}

func (f *findings) picture(attribute string, u *Upload, limit int64) {
	if u == nil {
		return
	}
	if media.Spoofed(u.declaredType(), u.Data) {
		f.add(attribute, CodeSpoofedMediaType, "has contents that are not what they are reported to be")
	}
	if ext, _ := media.Type(u.Data); ext == "" {
		f.add(attribute+"_content_type", CodeInvalid, "is invalid")
		f.add(attribute, CodeIsInvalid, "is invalid")
	}
	if int64(len(u.Data)) >= limit {
		for _, a := range [...]string{attribute, attribute + "_file_size"} {
			*f = append(*f, Finding{
				Attribute:   a,
				Code:        CodeLessThan,
				Description: lessThanText + humanSize(limit),
				Limit:       int(min(limit, math.MaxInt)),
			})
		}
	}
}

func (f *findings) posting(u PostingUpdate, current PostingDefaults) {
	f.choice("privacy", u.Privacy, current.Privacy,
		PrivacyPublic, PrivacyUnlisted, PrivacyPrivate, PrivacyDirect)
	if tag := u.Language.Value; u.Language.Set && tag != nil && !equalPtr(tag, current.Language) {
		if *tag != "" && !isLanguageTag(*tag) {
			f.notIncluded("language", *tag)
		}
	}
	f.choice("quote_policy", u.QuotePolicy, current.QuotePolicy,
		QuotePublic, QuoteFollowers, QuoteNobody)
}

// choice adds a finding unless o sets one of the choices or "", the default.
func (f *findings) choice(attribute string, o Opt[string], current string, choices ...string) {
	if isNew(o, current) && o.Value != "" && !slices.Contains(choices, o.Value) {
		f.notIncluded(attribute, o.Value)
	}
}

func (f *findings) notIncluded(attribute, value string) {
	*f = append(*f, Finding{
		Attribute:   attribute,
		Code:        CodeInclusion,
		Description: "is not included in the list",
		Value:       value,
	})
}

// maxLanguageTag is how many bytes a language tag may have: as many as RFC 5646
// (section 4.4.1) advises to allow.
const maxLanguageTag = 35

// isLanguageTag reports whether s has the shape of a language tag: subtags of
// ASCII letters and digits joined by "-", as in zh-TW and tok. It need not name
// an existing language: the reference stores any tag.
func isLanguageTag(s string) bool {
	if len(s) > maxLanguageTag {
		return false
	}
	for subtag := range strings.SplitSeq(s, "-") {
		if subtag == "" || strings.ContainsFunc(subtag, func(r rune) bool { return !isAlphanumeric(r) }) {
			return false
		}
	}
	return true
}

// isAlphanumeric reports whether r is an ASCII letter or digit.
func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
}

// blank reports whether s has nothing but white space in the Unicode sense.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}

// Usage is how much of a limit an update uses, for a counter beside an input.
type Usage struct {
	// Attribute is the parameter: display_name, attribution_domains,
	// fields_attributes for the number of rows, fields_attributes[0][name] for
	// a text in one.
	Attribute string
	// Used is how much is used, in Unit.
	Used int64
	// Max is the most that is allowed; -1 means that there is no limit.
	Max int64
	// Unit is what is counted: "code points", "characters" (as [NoteLength]
	// counts), "rows", "domains" or "bytes".
	Unit string
	// Truncates reports whether a server silently cuts what is over Max. If it
	// does not, it refuses the update, as [Limits.Validate] does.
	Truncates bool
}

// Over reports whether more is used than is allowed.
func (u Usage) Over() bool { return u.Max >= 0 && u.Used > u.Max }

// String returns a line for people: "display_name: 12 of 40 code points".
func (u Usage) String() string {
	if u.Max < 0 {
		return fmt.Sprintf("%s: %d %s", u.Attribute, u.Used, u.Unit)
	}
	return fmt.Sprintf("%s: %d of %d %s", u.Attribute, u.Used, u.Max, u.Unit)
}

// Usage lists, for each parameter that u sets and in the order in which they
// are sent, how much of its limit it uses. It counts u.Normalized(), and
// numbers the rows of fields as they are there.
func (l Limits) Usage(u Update) []Usage {
	l, u = l.resolved(), u.Normalized()
	var list usages
	list.codePoints("display_name", u.DisplayName, l.DisplayName)
	if o := u.Note; o.Set {
		list.add("note", NoteLength(o.Value), int64(l.Note), "characters")
	}
	list.picture("avatar", u.Avatar.Value, l.ImageBytes)
	list.codePoints("avatar_description", u.AvatarDescription, l.AvatarDescription)
	list.picture("header", u.Header.Value, l.ImageBytes)
	list.codePoints("header_description", u.HeaderDescription, l.HeaderDescription)
	if o := u.AttributionDomains; o.Set {
		list.add(domainsName, len(o.Value), int64(l.AttributionDomains), "domains")
	}
	if o := u.Fields; o.Set {
		list.add(fieldsName, len(o.Value), int64(l.Fields), "rows")
		for i, f := range o.Value {
			list.cutText(fmt.Sprintf("%s[%d][name]", fieldsName, i), f.Name, l.FieldName)
			list.cutText(fmt.Sprintf("%s[%d][value]", fieldsName, i), f.Value, l.FieldValue)
		}
	}
	return list
}

// usages collects what Usage lists. The limits are resolved ones.
type usages []Usage

func (list *usages) add(attribute string, used int, limit int64, unit string) {
	if limit == noLimit {
		limit = -1
	}
	*list = append(*list, Usage{Attribute: attribute, Used: int64(used), Max: limit, Unit: unit})
}

func (list *usages) codePoints(attribute string, o Opt[string], limit int) {
	if o.Set {
		list.add(attribute, utf8.RuneCountInString(o.Value), int64(limit), "code points")
	}
}

// picture adds an upload, whose bytes must stay under the limit.
func (list *usages) picture(attribute string, u *Upload, limit int64) {
	if u == nil {
		return
	}
	if limit != noLimit {
		limit--
	}
	list.add(attribute, len(u.Data), limit, "bytes")
}

// cutText adds a text of a field, as it is shown.
func (list *usages) cutText(attribute, text string, limit int) {
	list.add(attribute, utf8.RuneCountInString(strip(text)), int64(limit), "code points")
	(*list)[len(*list)-1].Truncates = true
}

// NoteLength returns the length of a bio in grapheme clusters, to compare with
// Limits.Note. An http or https URL counts as 23 together with the character
// before it, however long it is and whether or not its host exists, and a
// mention counts without its domain. The rules for clusters are those of
// Unicode 15.1 or newer. Source: testdata/vectors/note_length.jsonl.
func NoteLength(note string) int { return notelength.Count(note) }

// NormalizeAttributionDomains returns domains as they are stored. Each is
// stripped of ASCII white space and NUL at both ends, and then of the prefixes
// "http://", "https://" and "*.", once each and in that order. Blank and
// repeated domains are left out. The case of letters stays. The result is never
// nil and shares nothing with domains.
func NormalizeAttributionDomains(domains []string) []string {
	kept := make([]string, 0, len(domains))
	seen := make(map[string]bool, len(domains))
	for _, d := range domains {
		d = strip(d)
		for _, prefix := range [...]string{"http://", "https://", "*."} {
			d = strings.TrimPrefix(d, prefix)
		}
		if !blank(d) && !seen[d] {
			seen[d] = true
			kept = append(kept, d)
		}
	}
	return slices.Clip(kept)
}
