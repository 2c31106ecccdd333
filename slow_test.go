package masto_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// The slow twin encodes and decodes the same JSON with encoding/json, as
// plainly as possible. Fuzzing compares every byte that the fast code writes,
// and everything that it reads, with what the twin does.

// pair is a member of an object. One whose value is nil is left out.
type pair struct {
	name  string
	value []byte
}

// twinObject writes pairs in their order, and then, sorted, the members of
// extra whose names no pair has.
func twinObject(pairs []pair, extra map[string]json.RawMessage) []byte {
	all := slices.Clone(pairs)
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if !slices.ContainsFunc(pairs, func(p pair) bool { return p.name == name }) {
			all = append(all, pair{name, twinRaw(extra[name])})
		}
	}
	var members [][]byte
	for _, p := range all {
		if p.value != nil {
			members = append(members, slices.Concat(twinString(p.name), []byte(":"), p.value))
		}
	}
	return slices.Concat([]byte("{"), bytes.Join(members, []byte(",")), []byte("}"))
}

// escapes matches the escapes of a JSON text. The first group has the escape of
// a lone surrogate, and is empty for any other escape.
var escapes = regexp.MustCompile(
	`\\[^u]` +
		`|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}` +
		`|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})` +
		`|\\u[0-9a-fA-F]{4}`)

// twinString quotes s by encoding/json, but for the line separators, which that
// escapes and which stay as they are.
func twinString(s string) []byte {
	quoted := encode(string([]rune(s)))
	return escapes.ReplaceAllFunc(quoted, func(escape []byte) []byte {
		switch string(escape) {
		case `\u2028`:
			return []byte("\u2028")
		case `\u2029`:
			return []byte("\u2029")
		}
		return escape
	})
}

// twinRaw writes a member that the library does not know: compact, with U+FFFD
// in place of what UTF-8 cannot express, or null if it is not JSON.
func twinRaw(raw json.RawMessage) []byte {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return []byte("null")
	}
	valid := string([]rune(b.String()))
	return []byte(escapes.ReplaceAllStringFunc(valid, func(escape string) string {
		if escapes.FindStringSubmatch(escape)[1] != "" {
			return "\ufffd"
		}
		return escape
	}))
}

// twinNull writes null for nil.
func twinNull[T any](v *T) []byte {
	if v == nil {
		return []byte("null")
	}
	return encode(*v)
}

// twinOptional leaves nil out.
func twinOptional[T any](v *T) []byte {
	if v == nil {
		return nil
	}
	return encode(*v)
}

// twinTrue leaves false out.
func twinTrue(b bool) []byte {
	if !b {
		return nil
	}
	return []byte("true")
}

// twinURL writes null for "".
func twinURL(s string) []byte {
	if s == "" {
		return []byte("null")
	}
	return twinString(s)
}

// twinTime writes none for the zero time, and for a year that does not have
// four digits.
func twinTime(t time.Time, layout, none string) []byte {
	if t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return []byte(none)
	}
	return []byte(t.Format(`"` + layout + `"`))
}

func twinList[T any](list []T, item func(*T) []byte) []byte {
	var items [][]byte
	for i := range list {
		items = append(items, item(&list[i]))
	}
	return slices.Concat([]byte{'['}, bytes.Join(items, []byte{','}), []byte{']'})
}

func twinText(s *string) []byte { return twinString(*s) }

func twinAccountPairs(a *masto.Account, more ...pair) []pair {
	var approval, moved, roles []byte
	if f := a.FeatureApproval; f != nil {
		approval = twinObject([]pair{
			{"automatic", twinList(f.Automatic, twinText)},
			{"manual", twinList(f.Manual, twinText)},
			{"current_user", twinString(f.CurrentUser)},
		}, f.Extra)
	}
	if a.Moved != nil {
		target := *a.Moved
		target.Moved = nil
		moved = twinObject(twinAccountPairs(&target), target.Extra)
	}
	if a.Roles != nil {
		roles = twinList(a.Roles, func(r *masto.AccountRole) []byte {
			return twinObject([]pair{
				{"id", twinString(r.ID)},
				{"name", twinString(r.Name)},
				{"color", twinString(r.Color)},
			}, r.Extra)
		})
	}
	pairs := []pair{
		{"id", twinString(a.ID)},
		{"username", twinString(a.Username)},
		{"acct", twinString(a.Acct)},
		{"display_name", twinString(a.DisplayName)},
		{"locked", encode(a.Locked)},
		{"bot", encode(a.Bot)},
		{"discoverable", twinNull(a.Discoverable)},
		{"indexable", encode(a.Indexable)},
		{"group", encode(a.Group)},
		{"created_at", twinTime(a.CreatedAt.UTC(), "2006-01-02T15:04:05.000Z", `"1970-01-01T00:00:00.000Z"`)},
		{"note", twinString(a.Note)},
		{"url", twinURL(a.URL)},
		{"uri", twinString(a.URI)},
		{"avatar", twinString(a.Avatar)},
		{"avatar_static", twinString(a.AvatarStatic)},
		{"avatar_description", twinString(a.AvatarDescription)},
		{"header", twinString(a.Header)},
		{"header_static", twinString(a.HeaderStatic)},
		{"header_description", twinString(a.HeaderDescription)},
		{"followers_count", encode(a.FollowersCount)},
		{"following_count", encode(a.FollowingCount)},
		{"statuses_count", encode(a.StatusesCount)},
		{"last_status_at", twinTime(a.LastStatusAt.UTC(), "2006-01-02", "null")},
		{"hide_collections", twinNull(a.HideCollections)},
		{"show_media", twinOptional(a.ShowMedia)},
		{"show_media_replies", twinOptional(a.ShowMediaReplies)},
		{"show_featured", twinOptional(a.ShowFeatured)},
		{"suspended", twinTrue(a.Suspended)},
		{"limited", twinTrue(a.Limited)},
		{"noindex", twinOptional(a.Noindex)},
		{"memorial", twinTrue(a.Memorial)},
		{"feature_approval", approval},
		{"email_subscriptions", twinOptional(a.EmailSubscriptions)},
		{"invalid_handle", twinTrue(a.InvalidHandle)},
	}
	return slices.Concat(pairs, more, []pair{
		{"moved", moved},
		{"emojis", twinList(a.Emojis, twinEmoji)},
		{"roles", roles},
		{"fields", twinList(a.Fields, twinField)},
	})
}

func twinEmoji(e *masto.CustomEmoji) []byte {
	var category []byte
	if e.Category != "" {
		category = twinString(e.Category)
	}
	return twinObject([]pair{
		{"shortcode", twinString(e.Shortcode)},
		{"url", twinString(e.URL)},
		{"static_url", twinString(e.StaticURL)},
		{"visible_in_picker", encode(e.VisibleInPicker)},
		{"category", category},
	}, e.Extra)
}

func twinField(f *masto.Field) []byte {
	at := f.VerifiedAt
	if _, offset := at.Zone(); offset%60 != 0 {
		at = at.In(time.FixedZone("", offset/60*60))
	}
	return twinObject([]pair{
		{"name", twinString(f.Name)},
		{"value", twinString(f.Value)},
		{"verified_at", twinTime(at, "2006-01-02T15:04:05.000-07:00", "null")},
	}, nil)
}

func twinCredentialAccount(c *masto.CredentialAccount) []byte {
	s := &c.Source
	var policy []byte
	if s.QuotePolicy != "" {
		policy = twinString(s.QuotePolicy)
	}
	language := []byte("null")
	if s.Language != nil {
		language = twinString(*s.Language)
	}
	source := twinObject([]pair{
		{"privacy", twinString(s.Privacy)},
		{"sensitive", encode(s.Sensitive)},
		{"language", language},
		{"note", twinString(s.Note)},
		{"fields", twinList(s.Fields, twinField)},
		{"follow_requests_count", encode(s.FollowRequestsCount)},
		{"hide_collections", twinNull(s.HideCollections)},
		{"discoverable", twinNull(s.Discoverable)},
		{"indexable", encode(s.Indexable)},
		{"attribution_domains", twinList(s.AttributionDomains, twinText)},
		{"quote_policy", policy},
	}, s.Extra)
	role := []byte("null")
	if r := c.Role; r != nil {
		role = twinObject([]pair{
			{"id", twinString(r.ID)},
			{"name", twinString(r.Name)},
			{"permissions", encode(strconv.FormatUint(uint64(r.Permissions), 10))},
			{"color", twinString(r.Color)},
			{"highlighted", encode(r.Highlighted)},
			{"collection_limit", twinOptional(r.CollectionLimit)},
		}, r.Extra)
	}
	return twinObject(append(twinAccountPairs(&c.Account, pair{"source", source}), pair{"role", role}), c.Extra)
}

func twinMutedAccount(m *masto.MutedAccount) []byte {
	expires := twinTime(m.MuteExpiresAt.UTC(), "2006-01-02T15:04:05.000Z", "null")
	return twinObject(twinAccountPairs(&m.Account, pair{"mute_expires_at", expires}), m.Extra)
}

func twinPartialAccount(p *masto.PartialAccountWithAvatar) []byte {
	return twinObject([]pair{
		{"id", twinString(p.ID)},
		{"acct", twinString(p.Acct)},
		{"locked", encode(p.Locked)},
		{"bot", encode(p.Bot)},
		{"url", twinURL(p.URL)},
		{"avatar", twinString(p.Avatar)},
		{"avatar_static", twinString(p.AvatarStatic)},
		{"avatar_description", twinString(p.AvatarDescription)},
	}, p.Extra)
}

func twinProfile(p *masto.Profile) []byte {
	var note, fields []byte
	if p.FormattedFields != nil {
		note, fields = twinString(p.FormattedNote), twinList(p.FormattedFields, twinField)
	} else if p.FormattedNote != "" {
		note = twinString(p.FormattedNote)
	}
	return twinObject([]pair{
		{"id", twinString(p.ID)},
		{"display_name", twinString(p.DisplayName)},
		{"note", twinString(p.Note)},
		{"fields", twinList(p.Fields, twinField)},
		{"formatted_note", note},
		{"formatted_fields", fields},
		{"avatar", twinURL(p.Avatar)},
		{"avatar_static", twinURL(p.AvatarStatic)},
		{"avatar_description", twinString(p.AvatarDescription)},
		{"header", twinURL(p.Header)},
		{"header_static", twinURL(p.HeaderStatic)},
		{"header_description", twinString(p.HeaderDescription)},
		{"locked", encode(p.Locked)},
		{"bot", encode(p.Bot)},
		{"hide_collections", twinNull(p.HideCollections)},
		{"discoverable", twinNull(p.Discoverable)},
		{"indexable", encode(p.Indexable)},
		{"show_media", encode(p.ShowMedia)},
		{"show_media_replies", encode(p.ShowMediaReplies)},
		{"show_featured", encode(p.ShowFeatured)},
		{"attribution_domains", twinList(p.AttributionDomains, twinText)},
		{"featured_tags", twinList(p.FeaturedTags, func(t *masto.FeaturedTag) []byte {
			return twinObject([]pair{
				{"id", twinString(t.ID)},
				{"name", twinString(t.Name)},
				{"url", twinString(t.URL)},
				{"statuses_count", encode(strconv.FormatInt(t.StatusesCount, 10))},
				{"last_status_at", twinTime(t.LastStatusAt.UTC(), "2006-01-02", "null")},
			}, t.Extra)
		})},
	}, p.Extra)
}

// reader reads a value, which is not null, and reports whether it could use it.
type reader func(json.RawMessage) bool

// twinDecode reads the members of an object, each by its reader, and keeps in
// extra what has none or could not be used. It reports whether data is an
// object.
func twinDecode(data []byte, readers map[string]reader, extra *map[string]json.RawMessage) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return false
	}
	for name, value := range members {
		read, known := readers[name]
		if known && (string(value) == "null" || read(value)) {
			continue
		}
		if *extra == nil {
			*extra = map[string]json.RawMessage{}
		}
		(*extra)[name] = slices.Clone(value)
	}
	return true
}

func readString(p *string) reader {
	return func(v json.RawMessage) bool { return v[0] == '"' && json.Unmarshal(v, p) == nil }
}

func readStringPtr(p **string) reader {
	return func(v json.RawMessage) bool { return v[0] == '"' && json.Unmarshal(v, p) == nil }
}

// readID reads a text, or a number as it is written.
func readID(p *string) reader {
	return func(v json.RawMessage) bool {
		if v[0] == '-' || v[0] >= '0' && v[0] <= '9' {
			*p = string(v)
			return true
		}
		return readString(p)(v)
	}
}

// readCount reads a whole number, as a number or a text, however it is written.
// One that is written with a fraction or an exponent must be exact in a
// float64.
func readCount(p *int64) reader {
	return func(v json.RawMessage) bool {
		var s string
		if !readID(&s)(v) || len(s) > 32 {
			return false
		}
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			*p = n
			return true
		}
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return false
		}
		*p = int64(f)
		return true
	}
}

func readBool(p *bool) reader {
	return func(v json.RawMessage) bool {
		switch strings.Trim(string(v), `"`) {
		case "true", "1":
			*p = true
			return true
		case "false", "0":
			return true
		}
		return false
	}
}

func readBoolPtr(p **bool) reader {
	return func(v json.RawMessage) bool {
		var b bool
		if !readBool(&b)(v) {
			return false
		}
		*p = &b
		return true
	}
}

// timeShape matches the times of ISO 8601 that servers send: a date, the hour
// and minute, the second, the hours and the minutes of the offset.
var timeShape = regexp.MustCompile(
	`^(\d{4}-\d{2}-\d{2})` +
		`(?:[Tt ](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?` +
		`(?:[Zz]|([+-]\d{2})(?::?(\d{2}))?)?)?$`)

func readTime(p *time.Time) reader {
	return func(v json.RawMessage) bool {
		if n, err := strconv.ParseFloat(string(v), 64); err == nil {
			return readUnix(p, n)
		}
		var s string
		if !readString(&s)(v) {
			return false
		}
		if s == "" {
			return true
		}
		m := timeShape.FindStringSubmatch(s)
		if m == nil {
			return false
		}
		for i, missing := range []string{2: "00:00", 3: ":00", 4: "+00", 5: "00"} {
			if m[i] == "" {
				m[i] = missing
			}
		}
		seconds := strings.ReplaceAll(m[3], ",", ".")
		t, err := time.Parse("2006-01-02T15:04:05-07:00", m[1]+"T"+m[2]+seconds+m[4]+":"+m[5])
		if err != nil || m[4][1:] > "23" || t.UTC().Year() > 9999 || t.UTC().Year() < 0 {
			return false
		}
		_, offset := t.Zone()
		*p = t.In(time.FixedZone("", offset))
		if offset == 0 {
			*p = t.UTC()
		}
		return true
	}
}

// readUnix reads a Unix time in seconds or, if it is large, in milliseconds.
func readUnix(p *time.Time, n float64) bool {
	if n > -1e11 && n < 1e11 {
		n *= 1000
	}
	if n < -62167219200000 || n >= 253402300800000 {
		return false
	}
	if n != 0 {
		*p = time.UnixMilli(int64(math.Round(n))).UTC()
	}
	return true
}

func emptyList(v json.RawMessage) bool {
	var list []json.RawMessage
	return v[0] == '[' && json.Unmarshal(v, &list) == nil && len(list) == 0
}

// readObject reads an object, or an empty list as an empty object.
func readObject(read func(json.RawMessage)) reader {
	return func(v json.RawMessage) bool {
		if v[0] == '{' {
			read(v)
			return true
		}
		return emptyList(v)
	}
}

// readList reads those elements of a list that begin with kind, or those of an
// object whose names are numbers, and reports whether these are all of them.
func readList[T any](p *[]T, kind byte, read func(*T) reader) reader {
	return func(v json.RawMessage) bool {
		if v[0] != '[' && v[0] != '{' {
			return false
		}
		whole := true
		d := json.NewDecoder(bytes.NewReader(v))
		for _, _ = d.Token(); d.More(); {
			isRow := true
			if v[0] == '{' {
				key, _ := d.Token()
				isRow = digits.MatchString(fmt.Sprint(key))
			}
			var item json.RawMessage
			_ = d.Decode(&item)
			switch {
			case item[0] == kind && isRow:
				var zero T
				whole = read(&zero)(item) && whole
				*p = append(*p, zero)
			case string(item) != "null":
				whole = false
			}
		}
		if *p == nil && (whole || v[0] == '[') {
			*p = []T{}
		}
		return whole
	}
}

var digits = regexp.MustCompile("^[0-9]+$")

func readStrings(p *[]string) reader { return readList(p, '"', readString) }

// readFields reports whether it could use all of each field. If it could not,
// the whole list is kept.
func readFields(p *[]masto.Field) reader {
	return readList(p, '{', func(f *masto.Field) reader {
		return func(v json.RawMessage) bool {
			var extra map[string]json.RawMessage
			twinDecode(v, map[string]reader{
				"name":        readString(&f.Name),
				"value":       readString(&f.Value),
				"verified_at": readTime(&f.VerifiedAt),
			}, &extra)
			return len(extra) == 0
		}
	})
}

func accountReaders(a *masto.Account, nested bool) map[string]reader {
	return map[string]reader{
		"id":                  readID(&a.ID),
		"username":            readString(&a.Username),
		"acct":                readString(&a.Acct),
		"display_name":        readString(&a.DisplayName),
		"locked":              readBool(&a.Locked),
		"bot":                 readBool(&a.Bot),
		"discoverable":        readBoolPtr(&a.Discoverable),
		"indexable":           readBool(&a.Indexable),
		"group":               readBool(&a.Group),
		"created_at":          readTime(&a.CreatedAt),
		"note":                readString(&a.Note),
		"url":                 readString(&a.URL),
		"uri":                 readString(&a.URI),
		"avatar":              readString(&a.Avatar),
		"avatar_static":       readString(&a.AvatarStatic),
		"avatar_description":  readString(&a.AvatarDescription),
		"header":              readString(&a.Header),
		"header_static":       readString(&a.HeaderStatic),
		"header_description":  readString(&a.HeaderDescription),
		"followers_count":     readCount(&a.FollowersCount),
		"following_count":     readCount(&a.FollowingCount),
		"statuses_count":      readCount(&a.StatusesCount),
		"last_status_at":      readTime(&a.LastStatusAt),
		"hide_collections":    readBoolPtr(&a.HideCollections),
		"show_media":          readBoolPtr(&a.ShowMedia),
		"show_media_replies":  readBoolPtr(&a.ShowMediaReplies),
		"show_featured":       readBoolPtr(&a.ShowFeatured),
		"suspended":           readBool(&a.Suspended),
		"limited":             readBool(&a.Limited),
		"noindex":             readBoolPtr(&a.Noindex),
		"memorial":            readBool(&a.Memorial),
		"email_subscriptions": readBoolPtr(&a.EmailSubscriptions),
		"invalid_handle":      readBool(&a.InvalidHandle),
		"feature_approval": readObject(func(v json.RawMessage) {
			f := &masto.FeatureApproval{}
			twinDecode(v, map[string]reader{
				"automatic":    readStrings(&f.Automatic),
				"manual":       readStrings(&f.Manual),
				"current_user": readString(&f.CurrentUser),
			}, &f.Extra)
			a.FeatureApproval = f
		}),
		"moved": func(v json.RawMessage) bool {
			if nested && v[0] == '{' {
				return false
			}
			return readObject(func(v json.RawMessage) {
				a.Moved = &masto.Account{}
				twinDecode(v, accountReaders(a.Moved, true), &a.Moved.Extra)
			})(v)
		},
		"emojis": readList(&a.Emojis, '{', func(e *masto.CustomEmoji) reader {
			return readObject(func(v json.RawMessage) {
				twinDecode(v, map[string]reader{
					"shortcode":         readString(&e.Shortcode),
					"url":               readString(&e.URL),
					"static_url":        readString(&e.StaticURL),
					"visible_in_picker": readBool(&e.VisibleInPicker),
					"category":          readString(&e.Category),
				}, &e.Extra)
			})
		}),
		"roles": readList(&a.Roles, '{', func(r *masto.AccountRole) reader {
			return readObject(func(v json.RawMessage) {
				twinDecode(v, map[string]reader{
					"id":    readID(&r.ID),
					"name":  readString(&r.Name),
					"color": readString(&r.Color),
				}, &r.Extra)
			})
		}),
		"fields": readFields(&a.Fields),
	}
}

func credentialReaders(c *masto.CredentialAccount) map[string]reader {
	readers := accountReaders(&c.Account, false)
	readers["source"] = readObject(func(v json.RawMessage) {
		s := &c.Source
		twinDecode(v, map[string]reader{
			"privacy":               readString(&s.Privacy),
			"sensitive":             readBool(&s.Sensitive),
			"language":              readStringPtr(&s.Language),
			"note":                  readString(&s.Note),
			"fields":                readFields(&s.Fields),
			"follow_requests_count": readCount(&s.FollowRequestsCount),
			"hide_collections":      readBoolPtr(&s.HideCollections),
			"discoverable":          readBoolPtr(&s.Discoverable),
			"indexable":             readBool(&s.Indexable),
			"attribution_domains":   readStrings(&s.AttributionDomains),
			"quote_policy":          readString(&s.QuotePolicy),
		}, &s.Extra)
	})
	readers["role"] = func(v json.RawMessage) bool {
		r := &masto.Role{}
		if readString(&r.Name)(v) {
			c.Role = r
			return true
		}
		return readObject(func(v json.RawMessage) {
			c.Role = r
			twinDecode(v, map[string]reader{
				"id":          readID(&r.ID),
				"name":        readString(&r.Name),
				"color":       readString(&r.Color),
				"highlighted": readBool(&r.Highlighted),
				"permissions": func(v json.RawMessage) bool {
					var s string
					n, err := uint64(0), error(nil)
					if readID(&s)(v) {
						n, err = strconv.ParseUint(s, 10, 64)
					}
					r.Permissions = masto.Permissions(n)
					if err != nil || !readID(&s)(v) {
						r.Permissions = 0
						return false
					}
					return true
				},
				"collection_limit": func(v json.RawMessage) bool {
					var n int64
					if !readCount(&n)(v) || int64(int(n)) != n {
						return false
					}
					limit := int(n)
					r.CollectionLimit = &limit
					return true
				},
			}, &r.Extra)
		})(v)
	}
	return readers
}

func partialAccountReaders(p *masto.PartialAccountWithAvatar) map[string]reader {
	return map[string]reader{
		"id":                 readID(&p.ID),
		"acct":               readString(&p.Acct),
		"locked":             readBool(&p.Locked),
		"bot":                readBool(&p.Bot),
		"url":                readString(&p.URL),
		"avatar":             readString(&p.Avatar),
		"avatar_static":      readString(&p.AvatarStatic),
		"avatar_description": readString(&p.AvatarDescription),
	}
}

func profileReaders(p *masto.Profile) map[string]reader {
	return map[string]reader{
		"id":                  readID(&p.ID),
		"display_name":        readString(&p.DisplayName),
		"note":                readString(&p.Note),
		"fields":              readFields(&p.Fields),
		"formatted_note":      readString(&p.FormattedNote),
		"formatted_fields":    readFields(&p.FormattedFields),
		"avatar":              readString(&p.Avatar),
		"avatar_static":       readString(&p.AvatarStatic),
		"avatar_description":  readString(&p.AvatarDescription),
		"header":              readString(&p.Header),
		"header_static":       readString(&p.HeaderStatic),
		"header_description":  readString(&p.HeaderDescription),
		"locked":              readBool(&p.Locked),
		"bot":                 readBool(&p.Bot),
		"hide_collections":    readBoolPtr(&p.HideCollections),
		"discoverable":        readBoolPtr(&p.Discoverable),
		"indexable":           readBool(&p.Indexable),
		"show_media":          readBool(&p.ShowMedia),
		"show_media_replies":  readBool(&p.ShowMediaReplies),
		"show_featured":       readBool(&p.ShowFeatured),
		"attribution_domains": readStrings(&p.AttributionDomains),
		"featured_tags": readList(&p.FeaturedTags, '{', func(t *masto.FeaturedTag) reader {
			return readObject(func(v json.RawMessage) {
				twinDecode(v, map[string]reader{
					"id":             readID(&t.ID),
					"name":           readString(&t.Name),
					"url":            readString(&t.URL),
					"statuses_count": readCount(&t.StatusesCount),
					"last_status_at": readTime(&t.LastStatusAt),
				}, &t.Extra)
			})
		}),
	}
}
