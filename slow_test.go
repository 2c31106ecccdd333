package masto_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// The slow twin: the same JSON by encoding/json, as plainly as can be. Fuzzing compares every byte that the fast code writes, and
// everything that it reads, with what the twin does.

// pair is a member; a nil value is left out.
type pair struct {
	name  string
	value []byte
}

func twinObject(pairs []pair, extra map[string]json.RawMessage) []byte {
	known := []string{}
	out := []byte{}
	for _, p := range pairs {
		known = append(known, p.name)
		if p.value != nil {
			out = append(append(append(append(out, ','), twinString(p.name)...), ':'), p.value...)
		}
	}
	var names []string
	for name := range extra {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !slices.Contains(known, name) {
			out = append(append(append(append(out, ','), twinString(name)...), ':'), twinRaw(extra[name])...)
		}
	}
	return append(append([]byte{'{'}, out[1:]...), '}')
}

// twinString quotes s by encoding/json, but for the line separators, which stay as they are.
func twinString(s string) []byte {
	if s = string([]rune(s)); !strings.ContainsAny(s, "\u2028\u2029") {
		return encode(s)
	}
	out := []byte{'"'}
	for _, r := range s {
		if r == '\u2028' || r == '\u2029' {
			out = append(out, string(r)...)
		} else {
			out = append(out, bytes.Trim(encode("-"+string(r)+"-"), `"`)[1:]...)
			out = out[:len(out)-1]
		}
	}
	return append(out, '"')
}

var loneSurrogate = regexp.MustCompile(`(\\\\|\\[^u\\]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-cefA-CEF][0-9a-fA-F]{3}|\\u[dD][0-7][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}`)

func twinRaw(raw json.RawMessage) []byte {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return []byte("null")
	}
	return []byte(loneSurrogate.ReplaceAllStringFunc(string([]rune(b.String())), func(s string) string {
		if m := loneSurrogate.FindStringSubmatch(s); m[1] != "" {
			return s
		}
		return "\ufffd"
	}))
}

func twinNull[T any](v *T) []byte {
	if v == nil {
		return []byte("null")
	}
	return encode(*v)
}

func twinOptional[T any](v *T) []byte {
	if v == nil {
		return nil
	}
	return encode(*v)
}

func twinTrue(b bool) []byte {
	if !b {
		return nil
	}
	return []byte("true")
}

func twinURL(s string) []byte {
	if s == "" {
		return []byte("null")
	}
	return twinString(s)
}

func twinTime(t time.Time, layout, instead string) []byte {
	if t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return []byte(instead)
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
	return append(append(pairs, more...), pair{"moved", moved}, pair{"emojis", twinList(a.Emojis, twinEmoji)}, pair{"roles", roles}, pair{"fields", twinList(a.Fields, twinField)})
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

// Reading. A reader tells whether it could use a value, which is not null.

type reader func(json.RawMessage) bool

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

func readID(p *string) reader {
	return func(v json.RawMessage) bool {
		if v[0] == '-' || v[0] >= '0' && v[0] <= '9' {
			*p = string(v)
			return true
		}
		return readString(p)(v)
	}
}

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
		if err != nil || f != float64(int64(f)) || bits.Len64(uint64(max(int64(f), -int64(f)))) > 53 && int64(f) != 1<<53 && int64(f) != -1<<53 {
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

var timeShape = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?(?:[Zz]|([+-]\d{2})(?::?(\d{2}))?)?)?$`)

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
		t, err := time.Parse("2006-01-02T15:04:05-07:00", m[1]+"T"+m[2]+strings.ReplaceAll(m[3], ",", ".")+m[4]+":"+m[5])
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

func readObject(read func(json.RawMessage)) reader {
	return func(v json.RawMessage) bool {
		if v[0] == '{' {
			read(v)
			return true
		}
		return emptyList(v)
	}
}

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

// readFields wants all of each field: what it has no place for is kept with the list.
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
