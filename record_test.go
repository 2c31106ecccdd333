package masto_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
	"github.com/seed-374a2035/masto/memstore"
)

// fill sets everything that can be reached from v to something that is not its
// zero value; deep bounds a Record in a Record.
func fill(v reflect.Value, deep int) {
	at := time.Date(2024, 3, 4, 5, 6, 7, 890123456, time.FixedZone("", -90*60))
	switch v.Kind() {
	case reflect.Pointer:
		if deep > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), deep-1)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(at))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), deep)
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes([]byte(`{"a":[1,null]}`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), deep)
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, deep)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), value)
	case reflect.String:
		v.SetString("\x00 text \u2028<&> 😀")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint64:
		v.SetUint(1<<63 | 1)
	default:
		v.SetInt(-1)
	}
}

func TestRecordJSONKeepsEverything(t *testing.T) {
	var full masto.Record
	fill(reflect.ValueOf(&full).Elem(), 2)
	require.NotNil(t, full.MovedTo)
	require.NotNil(t, full.MovedTo.Role)
	no := ""
	for _, c := range []struct {
		name string
		want masto.Record
	}{
		{
			name: "everything",
			want: full,
		},
		{
			name: "nothing",
		},
		{
			name: "empty lists, false and empty text",
			want: masto.Record{
				Profile: masto.Profile{
					Fields:             []masto.Field{},
					FormattedFields:    []masto.Field{},
					FeaturedTags:       []masto.FeaturedTag{},
					AttributionDomains: []string{},
					HideCollections:    new(bool),
					Discoverable:       new(bool),
				},
				Posting: masto.PostingDefaults{Language: &no},
				Noindex: new(bool),
				Role:    &masto.Role{CollectionLimit: new(int)},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, v := range []any{c.want, &c.want} {
				data, err := json.Marshal(v)
				require.NoError(t, err)
				got := full // What was there before is gone.
				require.NoError(t, json.Unmarshal(data, &got))
				assert.Empty(t, cmp.Diff(c.want, got))
				for i, f := range c.want.Profile.Fields {
					_, offset := f.VerifiedAt.Zone()
					_, gotOffset := got.Profile.Fields[i].VerifiedAt.Zone()
					assert.Equal(t, offset, gotOffset)
				}
			}
		})
	}
	assert.Error(t, json.Unmarshal([]byte(`{"Username":1}`), &full))
	_, err := json.Marshal(masto.Record{CreatedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)})
	assert.Error(t, err)
}

// A server keeps what has no column of its own as JSON.
func ExampleRecord_MarshalJSON() {
	verified := time.Date(2024, 3, 4, 5, 6, 7, 890123000, time.UTC)
	record := masto.NewRecord("115", "alice")
	record.Profile.Fields = []masto.Field{{Name: "Site", Value: "https://spore.io", VerifiedAt: verified}}
	column, err := json.Marshal(record)
	if err != nil {
		fmt.Println(err)
		return
	}
	var loaded masto.Record
	if err := json.Unmarshal(column, &loaded); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(loaded.Profile.Fields[0].VerifiedAt.Equal(verified))
	// Output:
	// true
}

// A stored record has the names of Go, which a change of the API's names leaves
// alone.
func TestRecordJSONHasTheNamesOfGo(t *testing.T) {
	r := masto.Record{Profile: masto.Profile{
		DisplayName: "Alice",
		Fields:      []masto.Field{{Name: "a"}},
		Extra:       raw("x", "1"),
	}}
	stored := string(encode(r))
	for _, member := range []string{`"DisplayName":"Alice"`, `"VerifiedAt":"0001-01-01T00:00:00Z"`, `"Extra":{"x":1}`} {
		require.Contains(t, stored, member)
	}
	require.NotContains(t, stored, "display_name")
}

// filledRecord has something in every attribute that an update can set.
func filledRecord() *masto.Record {
	return &masto.Record{
		Username: "alice",
		Profile: masto.Profile{
			ID:                "1",
			DisplayName:       "Alice",
			Note:              "Hi",
			Avatar:            "https://a/1.gif",
			AvatarStatic:      "https://a/1.png",
			AvatarDescription: "a cat",
			Header:            "https://h/1.png",
			HeaderStatic:      "https://h/1.png",
			HeaderDescription: "a sea",
			Fields: []masto.Field{
				{Name: "Site", Value: "https://spore.io", VerifiedAt: time.Date(2024, 3, 4, 5, 6, 7, 890e6, time.UTC)},
				{Name: "B", Value: "x"},
			},
			Locked:             true,
			Bot:                true,
			HideCollections:    new(true),
			Discoverable:       new(true),
			Indexable:          true,
			ShowMedia:          true,
			ShowMediaReplies:   true,
			ShowFeatured:       true,
			AttributionDomains: []string{"spore.io"},
		},
		Posting: masto.PostingDefaults{
			Privacy:     masto.PrivacyPrivate,
			Sensitive:   true,
			Language:    new("de"),
			QuotePolicy: masto.QuoteNobody,
		},
	}
}

// stored are the addresses of new pictures.
var stored = masto.Pictures{
	Avatar: masto.Picture{URL: "https://a/2.gif", StaticURL: "https://a/2.png"},
	Header: masto.Picture{URL: "https://h/2.png"},
}

func TestApplyEachAttribute(t *testing.T) {
	posting := func(p masto.PostingUpdate) masto.Update { return masto.Update{Posting: p} }
	type edit = func(r *masto.Record)
	for _, c := range []struct {
		name    string
		u       masto.Update
		want    edit
		changes masto.Changes
	}{
		{
			name:    "display name is set",
			u:       masto.Update{DisplayName: masto.Some(" Bob\x00\n")},
			want:    func(r *masto.Record) { r.Profile.DisplayName = "Bob" },
			changes: masto.ChangedDisplayName,
		},
		{
			name:    "display name is cleared",
			u:       masto.Update{DisplayName: masto.Some("")},
			want:    func(r *masto.Record) { r.Profile.DisplayName = "" },
			changes: masto.ChangedDisplayName,
		},
		{
			name:    "note is set",
			u:       masto.Update{Note: masto.Some(" a\n b ")},
			want:    func(r *masto.Record) { r.Profile.Note = "a\n b" },
			changes: masto.ChangedNote,
		},
		{
			name:    "note is cleared",
			u:       masto.Update{Note: masto.Some("\t")},
			want:    func(r *masto.Record) { r.Profile.Note = "" },
			changes: masto.ChangedNote,
		},
		{
			name:    "fields are set",
			u:       masto.Update{Fields: rows(" n ", " v ")},
			want:    func(r *masto.Record) { r.Profile.Fields = []masto.Field{{Name: " n ", Value: " v "}} },
			changes: masto.ChangedFields,
		},
		{
			name:    "fields are cleared",
			u:       masto.Update{Fields: rows(" ", "")},
			want:    func(r *masto.Record) { r.Profile.Fields = []masto.Field{} },
			changes: masto.ChangedFields,
		},
		{
			name: "avatar is set",
			u:    masto.Update{Avatar: upload("image/gif", gifData)},
			want: func(r *masto.Record) {
				r.Profile.Avatar = "https://a/2.gif"
				r.Profile.AvatarStatic = "https://a/2.png"
			},
			changes: masto.ChangedAvatar,
		},
		{
			name: "avatar is cleared",
			u:    masto.Update{Avatar: masto.Some[*masto.Upload](nil)},
			want: func(r *masto.Record) {
				r.Profile.Avatar = ""
				r.Profile.AvatarStatic = ""
			},
			changes: masto.ChangedAvatar,
		},
		{
			name: "header is set",
			u:    masto.Update{Header: upload("image/png", pngData)},
			want: func(r *masto.Record) {
				r.Profile.Header = "https://h/2.png"
				r.Profile.HeaderStatic = "https://h/2.png"
			},
			changes: masto.ChangedHeader,
		},
		{
			name: "header is cleared",
			u:    masto.Update{Header: masto.Some[*masto.Upload](nil)},
			want: func(r *masto.Record) {
				r.Profile.Header = ""
				r.Profile.HeaderStatic = ""
			},
			changes: masto.ChangedHeader,
		},
		{
			name:    "avatar description is set",
			u:       masto.Update{AvatarDescription: masto.Some(" dog ")},
			want:    func(r *masto.Record) { r.Profile.AvatarDescription = " dog " },
			changes: masto.ChangedAvatarDescription,
		},
		{
			name:    "avatar description is cleared",
			u:       masto.Update{AvatarDescription: masto.Some("")},
			want:    func(r *masto.Record) { r.Profile.AvatarDescription = "" },
			changes: masto.ChangedAvatarDescription,
		},
		{
			name:    "header description is set",
			u:       masto.Update{HeaderDescription: masto.Some("hill")},
			want:    func(r *masto.Record) { r.Profile.HeaderDescription = "hill" },
			changes: masto.ChangedHeaderDescription,
		},
		{
			name:    "header description is cleared",
			u:       masto.Update{HeaderDescription: masto.Some("")},
			want:    func(r *masto.Record) { r.Profile.HeaderDescription = "" },
			changes: masto.ChangedHeaderDescription,
		},
		{
			name:    "discoverable is set",
			u:       masto.Update{Discoverable: masto.Some(new(false))},
			want:    func(r *masto.Record) { r.Profile.Discoverable = new(false) },
			changes: masto.ChangedDiscoverable,
		},
		{
			name:    "discoverable is cleared",
			u:       masto.Update{Discoverable: masto.Some[*bool](nil)},
			want:    func(r *masto.Record) { r.Profile.Discoverable = nil },
			changes: masto.ChangedDiscoverable,
		},
		{
			name:    "hide collections is set",
			u:       masto.Update{HideCollections: masto.Some(new(false))},
			want:    func(r *masto.Record) { r.Profile.HideCollections = new(false) },
			changes: masto.ChangedHideCollections,
		},
		{
			name:    "hide collections is cleared",
			u:       masto.Update{HideCollections: masto.Some[*bool](nil)},
			want:    func(r *masto.Record) { r.Profile.HideCollections = nil },
			changes: masto.ChangedHideCollections,
		},
		{
			name:    "attribution is set",
			u:       masto.Update{AttributionDomains: masto.Some([]string{"https://b.io", "b.io"})},
			want:    func(r *masto.Record) { r.Profile.AttributionDomains = []string{"b.io"} },
			changes: masto.ChangedAttributionDomains,
		},
		{
			name:    "attribution is cleared",
			u:       masto.Update{AttributionDomains: masto.Some([]string{""})},
			want:    func(r *masto.Record) { r.Profile.AttributionDomains = []string{} },
			changes: masto.ChangedAttributionDomains,
		},
		{
			name:    "privacy is set",
			u:       posting(masto.PostingUpdate{Privacy: masto.Some("direct")}),
			want:    func(r *masto.Record) { r.Posting.Privacy = "direct" },
			changes: masto.ChangedPosting,
		},
		{
			name:    "privacy is cleared",
			u:       posting(masto.PostingUpdate{Privacy: masto.Some("")}),
			want:    func(r *masto.Record) { r.Posting.Privacy = "" },
			changes: masto.ChangedPosting,
		},
		{
			name:    "language is set",
			u:       posting(masto.PostingUpdate{Language: masto.Some(new("en"))}),
			want:    func(r *masto.Record) { r.Posting.Language = new("en") },
			changes: masto.ChangedPosting,
		},
		{
			name:    "language is cleared",
			u:       posting(masto.PostingUpdate{Language: masto.Some[*string](nil)}),
			want:    func(r *masto.Record) { r.Posting.Language = nil },
			changes: masto.ChangedPosting,
		},
		{
			name:    "quote policy is set",
			u:       posting(masto.PostingUpdate{QuotePolicy: masto.Some("public")}),
			want:    func(r *masto.Record) { r.Posting.QuotePolicy = "public" },
			changes: masto.ChangedPosting,
		},
		{
			name:    "quote policy is cleared",
			u:       posting(masto.PostingUpdate{QuotePolicy: masto.Some("")}),
			want:    func(r *masto.Record) { r.Posting.QuotePolicy = "" },
			changes: masto.ChangedPosting,
		},
		// A Boolean that is not nullable has two values, which are set and
		// cleared here.
		{
			name:    "locked is false",
			u:       masto.Update{Locked: masto.Some(false)},
			want:    func(r *masto.Record) { r.Profile.Locked = false },
			changes: masto.ChangedLocked | masto.Unlocked,
		},
		{
			name: "locked stays true",
			u:    masto.Update{Locked: masto.Some(true)},
		},
		{
			name:    "bot is false",
			u:       masto.Update{Bot: masto.Some(false)},
			want:    func(r *masto.Record) { r.Profile.Bot = false },
			changes: masto.ChangedBot,
		},
		{
			name: "bot stays true",
			u:    masto.Update{Bot: masto.Some(true)},
		},
		{
			name:    "indexable is false",
			u:       masto.Update{Indexable: masto.Some(false)},
			want:    func(r *masto.Record) { r.Profile.Indexable = false },
			changes: masto.ChangedIndexable,
		},
		{
			name: "indexable stays true",
			u:    masto.Update{Indexable: masto.Some(true)},
		},
		{
			name:    "show media is false",
			u:       masto.Update{ShowMedia: masto.Some(false)},
			want:    func(r *masto.Record) { r.Profile.ShowMedia = false },
			changes: masto.ChangedTabs,
		},
		{
			name: "show media stays true",
			u:    masto.Update{ShowMedia: masto.Some(true)},
		},
		{
			name:    "show media replies is false",
			u:       masto.Update{ShowMediaReplies: masto.Some(false)},
			want:    func(r *masto.Record) { r.Profile.ShowMediaReplies = false },
			changes: masto.ChangedTabs,
		},
		{
			name: "show media replies stays true",
			u:    masto.Update{ShowMediaReplies: masto.Some(true)},
		},
		{
			name:    "show featured is false",
			u:       masto.Update{ShowFeatured: masto.Some(false)},
			want:    func(r *masto.Record) { r.Profile.ShowFeatured = false },
			changes: masto.ChangedTabs,
		},
		{
			name: "show featured stays true",
			u:    masto.Update{ShowFeatured: masto.Some(true)},
		},
		{
			name:    "sensitive is false",
			u:       posting(masto.PostingUpdate{Sensitive: masto.Some(false)}),
			want:    func(r *masto.Record) { r.Posting.Sensitive = false },
			changes: masto.ChangedPosting,
		},
		{
			name: "sensitive stays true",
			u:    posting(masto.PostingUpdate{Sensitive: masto.Some(true)}),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, want := filledRecord(), filledRecord()
			if c.want != nil {
				c.want(want)
			}
			require.Equal(t, c.changes, got.Apply(c.u, stored)&^masto.NeedsVerification)
			require.Empty(t, cmp.Diff(want, got), "this changed, and nothing else")
			if c.u.Avatar.Value == nil && c.u.Header.Value == nil { // A picture that is uploaded again is another one.
				require.Zero(t, got.Apply(c.u, stored), "the second time changes nothing")
			}
		})
	}
	r := filledRecord()
	require.Zero(t, r.Apply(masto.Update{}, stored))
	require.Empty(t, cmp.Diff(filledRecord(), r), "what is absent stays")
}

func TestApplyWithoutStoredPictures(t *testing.T) {
	r := filledRecord()
	require.Zero(t, r.Apply(masto.Update{Avatar: upload("", pngData), Header: upload("", pngData)}, masto.Pictures{}))
	require.Empty(t, cmp.Diff(filledRecord(), r))
	r = &masto.Record{}
	remove := masto.Update{Avatar: masto.Some[*masto.Upload](nil)}
	require.Zero(t, r.Apply(remove, masto.Pictures{}), "there was none to remove")
}

// NeedsVerification is set after every update while a field can be verified and
// is not, whatever the update did.
func TestApplyNeedsVerification(t *testing.T) {
	at := time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, c := range []struct {
		name   string
		fields []masto.Field
		u      masto.Update
		want   masto.Changes
	}{
		{
			name: "no fields",
		},
		{
			name:   "a link is not verified, and nothing is updated",
			fields: []masto.Field{{Name: "Site", Value: "https://spore.io"}},
			want:   masto.NeedsVerification,
		},
		{
			name:   "the same fields are saved again",
			fields: []masto.Field{{Name: "Site", Value: "https://spore.io"}},
			u:      masto.Update{Fields: rows("Site", "https://spore.io")},
			want:   masto.NeedsVerification,
		},
		{
			name:   "something else is updated",
			fields: []masto.Field{{Name: "Site", Value: "https://spore.io"}},
			u:      masto.Update{Note: masto.Some("New")},
			want:   masto.ChangedNote | masto.NeedsVerification,
		},
		{
			name:   "the link is verified",
			fields: []masto.Field{{Name: "Site", Value: "https://spore.io", VerifiedAt: at}},
			u:      masto.Update{Note: masto.Some("New")},
			want:   masto.ChangedNote,
		},
		{
			name:   "a verified link moves to another row",
			fields: []masto.Field{{Name: "Site", Value: "https://spore.io", VerifiedAt: at}},
			u:      masto.Update{Fields: rows("B", "x", "Page", "https://spore.io")},
			want:   masto.ChangedFields,
		},
		{
			name:   "a verified link is replaced",
			fields: []masto.Field{{Name: "Site", Value: "https://spore.io", VerifiedAt: at}},
			u:      masto.Update{Fields: rows("Site", "https://fungi.example")},
			want:   masto.ChangedFields | masto.NeedsVerification,
		},
		{
			name:   "one of two links is verified",
			fields: []masto.Field{{Value: "https://spore.io", VerifiedAt: at}, {Value: "https://fungi.example"}},
			want:   masto.NeedsVerification,
		},
		{
			name: "the link that is not verified is removed",
			fields: []masto.Field{
				{Name: "A", Value: "https://spore.io", VerifiedAt: at},
				{Name: "B", Value: "https://fungi.example"},
			},
			u:    masto.Update{Fields: rows("A", "https://spore.io")},
			want: masto.ChangedFields,
		},
		{
			name:   "values that cannot be verified",
			fields: []masto.Field{{Value: "she/her"}, {Value: "http://spore.io"}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &masto.Record{Profile: masto.Profile{Fields: c.fields}}
			require.Equal(t, c.want, r.Apply(c.u, masto.Pictures{}))
		})
	}
}

func TestApplyKeepsTheFirstVerification(t *testing.T) {
	at := time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)
	r := &masto.Record{Profile: masto.Profile{Fields: []masto.Field{
		{Name: "A", Value: "https://spore.io"},
		{Name: "B", Value: "https://spore.io", VerifiedAt: at},
		{Name: "C", Value: "https://fungi.example", VerifiedAt: at},
		{Name: "D", Value: "https://fungi.example"},
	}}}
	fields := rows("1", "https://fungi.example", "2", "https://spore.io", "3", "https://fungi.example")
	r.Apply(masto.Update{Fields: fields}, masto.Pictures{})
	require.Equal(t, []masto.Field{
		{Name: "1", Value: "https://fungi.example", VerifiedAt: at},
		{Name: "2", Value: "https://spore.io"},
		{Name: "3", Value: "https://fungi.example", VerifiedAt: at},
	}, r.Profile.Fields)
}

// A list without a limit may have any length. If each field was compared with
// every other one, this would take longer than a test binary may.
func TestApplyIsLinearInFields(t *testing.T) {
	const n = 300_000
	fields := make([]masto.Field, n)
	for i := range fields {
		fields[i] = masto.Field{Name: "n", Value: strconv.Itoa(i)}
	}
	r := &masto.Record{Profile: masto.Profile{Fields: slices.Clone(fields)}}
	u := masto.Update{Fields: masto.Some(fields)}
	slices.Reverse(u.Fields.Value)
	require.Equal(t, masto.ChangedFields, r.Apply(u, masto.Pictures{}))
	require.True(t, slices.Equal(u.Fields.Value, r.Profile.Fields))
}

func TestApplyCopies(t *testing.T) {
	u := masto.Update{
		Fields:             rows("a", "b"),
		AttributionDomains: masto.Some([]string{"a.io"}),
		Discoverable:       masto.Some(new(true)),
		HideCollections:    masto.Some(new(true)),
		Posting:            masto.PostingUpdate{Language: masto.Some(new("de"))},
	}
	r := &masto.Record{}
	r.Apply(u, masto.Pictures{})
	before := r.Clone()
	u.Fields.Value[0].Name = "x"
	u.AttributionDomains.Value[0] = "x"
	*u.Discoverable.Value = false
	*u.HideCollections.Value = false
	*u.Posting.Language.Value = "x"
	require.Empty(t, cmp.Diff(before, r))
}

func TestChangesAny(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes masto.Changes
		public  bool
	}{
		{"nothing", 0, false},
		{"what the server keeps to itself", masto.ChangedHideCollections | masto.ChangedPosting, false},
		{"advice", masto.NeedsVerification, false},
		{"a display name", masto.ChangedDisplayName, true},
		{"attribution domains and more", masto.ChangedAttributionDomains | masto.ChangedPosting, true},
		{"the tabs", masto.ChangedTabs, true},
		{"the account is not locked any more", masto.ChangedLocked | masto.Unlocked, true},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.public, c.changes.Any(masto.ChangedPublic)) })
	}
	require.False(t, masto.ChangedNote.Any(0))
}

func TestChangesString(t *testing.T) {
	require.Equal(t, "nothing", masto.Changes(0).String())
	c := masto.ChangedDisplayName | masto.ChangedLocked | masto.Unlocked | masto.ChangedPosting
	require.Equal(t, "display name, locked, unlocked, posting", c.String())
}

// TestFieldsUpdateVectors compares what is stored as well, which the
// conformance test cannot see from outside.
func TestFieldsUpdateVectors(t *testing.T) {
	type row struct {
		Name, Value any
		VerifiedAt  *time.Time `json:"verified_at"`
	}
	// asFields takes the rows that have a name and a value, as they are shown.
	asFields := func(rows []row) []masto.Field {
		fields := []masto.Field{}
		for _, r := range rows {
			name, ok := r.Name.(string)
			value, also := r.Value.(string)
			if !ok || !also {
				continue
			}
			f := masto.Field{Name: name, Value: value}
			if r.VerifiedAt != nil {
				f.VerifiedAt = *r.VerifiedAt
			}
			fields = append(fields, f)
		}
		return fields
	}
	w := readWorld(t, "testdata/vectors")
	passed, total := 0, 0
	for _, v := range vectors.File(t, "fields_update") {
		in := decode[struct {
			Old        []row
			Attributes any
		}](v.In)
		out := decode[struct {
			Stored, Fields []row
			Error          any
		}](v.Out)
		r := &masto.Record{Profile: masto.Profile{Fields: asFields(in.Old)}}
		body := fmt.Sprintf(`{"fields_attributes":%s}`, rawMember(t, v.In, "attributes"))
		var u masto.Update
		require.NoError(t, u.UnmarshalJSON([]byte(body)), v.ID)
		var gotError any
		if err := w.limits.Validate(u.Normalized(), r); err != nil {
			gotError = decode[any](encode(err))
		}
		r.Apply(u, masto.Pictures{})
		total++
		d := diff(out.Error, gotError) + diff(asFields(out.Fields), w.site.Profile(r, masto.View{}).Fields) +
			diff(asFields(out.Stored), append([]masto.Field{}, r.Profile.Fields...))
		if d == "" {
			passed++
		} else {
			t.Errorf("%s\n%s", v.ID, d)
		}
	}
	fmt.Printf("fields_update.jsonl, stored and shown %20d/%d passed\n", passed, total)
	require.Positive(t, total)
}

// rawMember returns a member of an object as it stands.
func rawMember(t *testing.T, object []byte, name string) string {
	t.Helper()
	m := decode[map[string]json.RawMessage](object)
	require.Contains(t, m, name)
	return string(m[name])
}

// addresses is a MediaStore that only gives addresses, by the kind of a
// picture.
type addresses struct{}

func (addresses) Put(_ context.Context, key masto.MediaKey, _ string, _ []byte) (string, error) {
	return "https://files.example/" + key.Kind, nil
}

func (addresses) Delete(context.Context, string) error { return nil }

// FuzzApply checks that an update that Validate accepts is stored alike by
// Apply, normalized before or not, and by a Service.
func FuzzApply(f *testing.F) {
	seeds := updateSeeds(f)
	for i, body := range seeds {
		f.Add(seeds[(i+1)%len(seeds)], body)
	}
	for _, domains := range []string{
		`"http://http://a.io"`,
		`"*.a.io"`,
		`"http://*.http://a.io"," a.io","a.io"`,
		`"a b","a b"`,
	} {
		body := []byte(`{"attribution_domains":[` + domains + `]}`)
		f.Add(body, body)
		f.Add([]byte(`{"attribution_domains":["http://a.io","*.b.io"]}`), body)
	}
	pictures := masto.Pictures{
		Avatar: masto.Picture{URL: "https://files.example/avatar"},
		Header: masto.Picture{URL: "https://files.example/header"},
	}
	f.Fuzz(func(t *testing.T, before, body []byte) {
		var old, u masto.Update
		if old.UnmarshalJSON(before) != nil || u.UnmarshalJSON(body) != nil {
			return // it is no update
		}
		current := masto.NewRecord("1", "alice")
		current.Apply(old, masto.Pictures{})
		if old.AttributionDomains.Set {
			current.Profile.AttributionDomains = old.AttributionDomains.Value // of a server with other rules
		}
		if testSite.Limits.Validate(u, current) != nil {
			return // it would never be applied
		}
		n := u.Normalized()
		require.Empty(t, cmp.Diff(n, n.Normalized()), "normalizing again changes nothing")

		want, got := current.Clone(), current.Clone()
		changes := want.Apply(u, pictures)
		require.Equal(t, changes, got.Apply(n, pictures))
		require.Empty(t, cmp.Diff(want, got))

		var reported masto.Changes
		service := &masto.Service{
			Site:     testSite,
			Store:    memstore.New(current),
			Media:    addresses{},
			OnUpdate: func(_ context.Context, _, _ *masto.Record, c masto.Changes) { reported = c },
		}
		got, err := service.Update(t.Context(), "1", u)
		if errors.Is(err, masto.ErrMalformed) && bytes.Contains(body, []byte(`\u0000`)) {
			return // what is stored has no NUL
		}
		require.NoError(t, err)
		require.Equal(t, changes, reported)
		require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty()))
	})
}
