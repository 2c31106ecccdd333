package masto_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// A case has the JSON of some members and what an entity that has only these
// becomes.
type decodeCase struct {
	in   string
	want any
}

func checkDecode(t *testing.T, cases []decodeCase) {
	t.Helper()
	for _, c := range cases {
		got := reflect.New(reflect.TypeOf(c.want))
		require.NoError(t, asEntity(got).UnmarshalJSON([]byte(c.in)), c.in)
		assert.Empty(t, cmp.Diff(c.want, got.Elem().Interface()), "%s", c.in)
		std := reflect.New(reflect.TypeOf(c.want))
		require.NoError(t, json.Unmarshal([]byte(c.in), std.Interface()), c.in)
		assert.Empty(t, cmp.Diff(c.want, std.Elem().Interface()), "json.Unmarshal of %s", c.in)
		// Encoding the decoded result again changes nothing.
		once := marshal(asEntity(got))
		again := asEntity(reflect.New(reflect.TypeOf(c.want)))
		require.NoError(t, again.UnmarshalJSON(once), c.in)
		assert.Equal(t, string(once), string(marshal(again)), c.in)
	}
}

// The rows of "What servers really send", in its order.
func TestDecodeWhatServersSend(t *testing.T) {
	checkDecode(t, []decodeCase{
		// id, role.id: numbers; emojis[].id is not documented and stays as it
		// is
		{`{"id":"1"}`, masto.Account{ID: "1"}},
		{`{"id":23634}`, masto.Account{ID: "23634"}},
		{`{"id":116222600881276277}`, masto.Account{ID: "116222600881276277"}},
		{`{"id":null}`, masto.Account{}},
		{`{"role":{"id":2}}`, masto.CredentialAccount{Role: &masto.Role{ID: "2"}}},
		{`{"emojis":[{"id":7,"shortcode":"a"}]}`, masto.Account{Emojis: []masto.CustomEmoji{{Shortcode: "a", Extra: raw("id", "7")}}}},
		// counts
		{`{"followers_count":"12","following_count":-1,"statuses_count":null}`, masto.Account{FollowersCount: 12, FollowingCount: -1}},
		{`{"followers_count":"-1"}`, masto.Account{FollowersCount: -1}},
		{`{"statuses_count":12.0,"followers_count":1e3}`, masto.Account{StatusesCount: 12, FollowersCount: 1000}},
		{`{"statuses_count":9223372036854775807}`, masto.Account{StatusesCount: 1<<63 - 1}},
		// created_at
		{`{"created_at":"2017-02-08T02:00:53.274Z"}`, masto.Account{CreatedAt: utc(2017, 2, 8, 2, 0, 53, 274e6)}},
		{`{"created_at":"2017-02-08T02:00:53Z"}`, masto.Account{CreatedAt: utc(2017, 2, 8, 2, 0, 53, 0)}},
		{`{"created_at":"2023-06-01T02:16:00.000000Z"}`, masto.Account{CreatedAt: utc(2023, 6, 1, 2, 16, 0, 0)}},
		{`{"created_at":"2025-02-07T16:17:24.769229Z"}`, masto.Account{CreatedAt: utc(2025, 2, 7, 16, 17, 24, 769229e3)}},
		{`{"created_at":"2022-02-20T04:14:49"}`, masto.Account{CreatedAt: utc(2022, 2, 20, 4, 14, 49, 0)}},
		{`{"created_at":""}`, masto.Account{}},
		{`{"created_at":null}`, masto.Account{}},
		{`{"created_at":"1970-01-01T00:00:00Z"}`, masto.Account{CreatedAt: utc(1970, 1, 1, 0, 0, 0, 0)}},
		{`{"created_at":"0001-01-01T00:00:00Z"}`, masto.Account{}},
		// last_status_at
		{`{"last_status_at":"2019-11-17"}`, masto.Account{LastStatusAt: utc(2019, 11, 17, 0, 0, 0, 0)}},
		{`{"last_status_at":"2023-09-27T01:02:03.000Z"}`, masto.Account{LastStatusAt: utc(2023, 9, 27, 1, 2, 3, 0)}},
		{`{"last_status_at":"2023-09-27T01:02:03"}`, masto.Account{LastStatusAt: utc(2023, 9, 27, 1, 2, 3, 0)}},
		{`{"last_status_at":""}`, masto.Account{}},
		{`{"last_status_at":null}`, masto.Account{}},
		// verified_at
		{`{"fields":[{"verified_at":"2019-08-29T04:14:55.571+00:00"}]}`, masto.Account{Fields: []masto.Field{{VerifiedAt: utc(2019, 8, 29, 4, 14, 55, 571e6)}}}},
		{`{"fields":[{"verified_at":null},{"name":"n"}]}`, masto.Account{Fields: []masto.Field{{}, {Name: "n"}}}},
		// display_name, note
		{`{"display_name":null,"note":null}`, masto.Account{}},
		// pictures
		{`{"avatar":null,"avatar_static":"","header":"/a.png","header_static":"#2b84ff"}`, masto.Account{Header: "/a.png", HeaderStatic: "#2b84ff"}},
		// url
		{`{"url":null}`, masto.Account{}},
		{`{"url":"a@remote.example"}`, masto.Account{URL: "a@remote.example"}},
		// Booleans
		{`{"bot":null,"group":null,"locked":null,"discoverable":null,"noindex":null,"suspended":null,"limited":null}`, masto.Account{}},
		{`{"bot":true,"discoverable":false,"noindex":true}`, masto.Account{Bot: true, Discoverable: ptr(false), Noindex: ptr(true)}},
		// emojis, fields
		{`{"emojis":null,"fields":null}`, masto.Account{}},
		{`{"emojis":[],"fields":[]}`, masto.Account{Emojis: []masto.CustomEmoji{}, Fields: []masto.Field{}}},
		{`{"emojis":[{"shortcode":"a","url":"/emoji/a.png"}]}`, masto.Account{Emojis: []masto.CustomEmoji{{Shortcode: "a", URL: "/emoji/a.png"}}}},
		// moved
		{`{"moved":null}`, masto.Account{}},
		{`{"moved":false}`, masto.Account{Extra: raw("moved", "false")}},
		{`{"moved":true}`, masto.Account{Extra: raw("moved", "true")}},
		{`{"moved":{"id":"2"}}`, masto.Account{Moved: &masto.Account{ID: "2"}}},
		// source
		{`{"source":null}`, masto.CredentialAccount{}},
		{`{"source":[]}`, masto.CredentialAccount{}},
		{`{"source":{"note":null,"fields":null,"language":null}}`, masto.CredentialAccount{}},
		{`{"source":{"language":""}}`, masto.CredentialAccount{Source: masto.Source{Language: ptr("")}}},
		{`{"source":{"language":"unk","bot":false}}`, masto.CredentialAccount{Source: masto.Source{Language: ptr("unk"), Extra: raw("bot", "false")}}},
		{`{"source":{"note":"n"},"role":null}`, masto.Account{Extra: raw("source", `{"note":"n"}`, "role", "null")}},
		// role
		{`{"role":null}`, masto.CredentialAccount{}},
		{`{"role":"admin"}`, masto.CredentialAccount{Role: &masto.Role{Name: "admin"}}},
		{`{"role":{"id":"3","name":"x"}}`, masto.CredentialAccount{Role: &masto.Role{ID: "3", Name: "x"}}},
		{`{"role":{"permissions":1}}`, masto.CredentialAccount{Role: &masto.Role{Permissions: 1}}},
		{`{"role":{"permissions":"18446744073709551615"}}`, masto.CredentialAccount{Role: &masto.Role{Permissions: 1<<64 - 1}}},
		// roles
		{`{"roles":null}`, masto.Account{}},
		{`{"roles":[]}`, masto.Account{Roles: []masto.AccountRole{}}},
		{`{"roles":[{"id":"admin","name":"admin","color":"","permissions":"1"}]}`, masto.Account{Roles: []masto.AccountRole{{ID: "admin", Name: "admin", Extra: raw("permissions", `"1"`)}}}},
		// suspended, limited, memorial
		{`{"suspended":false,"limited":true,"memorial":false}`, masto.Account{Limited: true}},
		// lists as objects of rows by number
		{`{"emojis":{"0":{"shortcode":"a"},"3":{"shortcode":"b"}}}`, masto.Account{Emojis: []masto.CustomEmoji{{Shortcode: "a"}, {Shortcode: "b"}}}},
		{`{"roles":{"1":{"id":"1"}}}`, masto.Account{Roles: []masto.AccountRole{{ID: "1"}}}},
		{`{"fields":{"1":{"name":"a"},"0":null,"00":{"name":"b"}}}`, masto.Account{Fields: []masto.Field{{Name: "a"}, {Name: "b"}}}},
		{`{"emojis":{},"roles":{ },"fields":{"2":null}}`, masto.Account{Emojis: []masto.CustomEmoji{}, Roles: []masto.AccountRole{}, Fields: []masto.Field{}}},
		{`{"attribution_domains":{"0":"a.example","1":"b.example"}}`, masto.Source{AttributionDomains: []string{"a.example", "b.example"}}},
		{`{"featured_tags":{"0":{"name":"a"}},"formatted_fields":{"0":{}}}`, masto.Profile{FeaturedTags: []masto.FeaturedTag{{Name: "a"}}, FormattedFields: []masto.Field{{}}}},
		{`{"automatic":{"0":"public"},"manual":{}}`, masto.FeatureApproval{Automatic: []string{"public"}, Manual: []string{}}},
		// Booleans as texts and numbers
		{`{"locked":"true","bot":1,"group":"1","indexable":"false","memorial":0,"suspended":"0"}`, masto.Account{Locked: true, Bot: true, Group: true}},
		{`{"discoverable":"true","noindex":0,"hide_collections":"0","show_media":1}`, masto.Account{
			Discoverable: ptr(true), Noindex: ptr(false), HideCollections: ptr(false), ShowMedia: ptr(true),
		}},
		{`{"highlighted":1}`, masto.Role{Highlighted: true}},
		{`{"visible_in_picker":"1"}`, masto.CustomEmoji{VisibleInPicker: true}},
		{`{"sensitive":1,"discoverable":"false"}`, masto.Source{Sensitive: true, Discoverable: ptr(false)}},
		// times as Unix numbers
		{`{"created_at":1486519253,"last_status_at":1486519253.274}`, masto.Account{
			CreatedAt: utc(2017, 2, 8, 2, 0, 53, 0), LastStatusAt: utc(2017, 2, 8, 2, 0, 53, 274e6),
		}},
		{`{"created_at":1486519253274,"last_status_at":0}`, masto.Account{CreatedAt: utc(2017, 2, 8, 2, 0, 53, 274e6)}},
		{`{"created_at":-1}`, masto.Account{CreatedAt: utc(1969, 12, 31, 23, 59, 59, 0)}},
		{`{"verified_at":1486519253}`, masto.Field{VerifiedAt: utc(2017, 2, 8, 2, 0, 53, 0)}},
		{`{"last_status_at":1.486519253e9}`, masto.FeaturedTag{LastStatusAt: utc(2017, 2, 8, 2, 0, 53, 0)}},
		{`{"mute_expires_at":4071006245}`, masto.MutedAccount{MuteExpiresAt: utc(2099, 1, 2, 3, 4, 5, 0)}},
		// mute_expires_at
		{`{"mute_expires_at":null}`, masto.MutedAccount{}},
		{`{"id":"1","mute_expires_at":"2099-01-02T03:04:05.678Z"}`, masto.MutedAccount{Account: masto.Account{ID: "1"}, MuteExpiresAt: utc(2099, 1, 2, 3, 4, 5, 678e6)}},
		// whole account
		{`{}`, masto.Account{}},
		{" \n{ } ", masto.Account{}},
		// unknown members
		{
			`{"pleroma":{"a":[1, 2]},"fqn":"a@b","verified":true,"location":null,"email_subscriptions":true,"invalid_handle":true}`,
			masto.Account{EmailSubscriptions: ptr(true), InvalidHandle: true, Extra: raw("pleroma", `{"a":[1, 2]}`, "fqn", `"a@b"`, "verified", "true", "location", "null")},
		},
		// Profile
		{`{"formatted_note":"<p>","formatted_fields":[]}`, masto.Profile{FormattedNote: "<p>", FormattedFields: []masto.Field{}}},
		{`{"avatar":null,"featured_tags":[{"id":1,"statuses_count":"3","last_status_at":null}]}`, masto.Profile{FeaturedTags: []masto.FeaturedTag{{ID: "1", StatusesCount: 3}}}},
		{`{"featured_tags":[{"statuses_count":3}]}`, masto.Profile{FeaturedTags: []masto.FeaturedTag{{StatusesCount: 3}}}},
		{`{"attribution_domains":["a.example","b.example"]}`, masto.Profile{AttributionDomains: []string{"a.example", "b.example"}}},
		{`{"attribution_domains":[]}`, masto.Source{AttributionDomains: []string{}}},
		{`{"automatic":["public"],"manual":null,"current_user":"denied"}`, masto.FeatureApproval{Automatic: []string{"public"}, CurrentUser: "denied"}},
	})
}

// A value that cannot be used leaves the zero value, and its text in Extra,
// which is not written back.
func TestDecodeUnusableValues(t *testing.T) {
	cases := []decodeCase{
		{`{"id":true}`, masto.Account{Extra: raw("id", "true")}},
		{`{"username":5,"note":["a"],"acct":{}}`, masto.Account{Extra: raw("username", "5", "note", `["a"]`, "acct", "{}")}},
		{`{"followers_count":"many","following_count":1.5,"statuses_count":[ ]}`, masto.Account{Extra: raw("followers_count", `"many"`, "following_count", "1.5", "statuses_count", "[ ]")}},
		{`{"followers_count":9223372036854775808}`, masto.Account{Extra: raw("followers_count", "9223372036854775808")}},
		{`{"followers_count":1e400}`, masto.Account{Extra: raw("followers_count", "1e400")}},
		{`{"locked":"yes","bot":2,"discoverable":""}`, masto.Account{Extra: raw("locked", `"yes"`, "bot", "2", "discoverable", `""`)}},
		{`{"locked":"True","bot":1.0,"discoverable":[true]}`, masto.Account{Extra: raw("locked", `"True"`, "bot", "1.0", "discoverable", "[true]")}},
		{`{"created_at":1e18,"last_status_at":"yesterday"}`, masto.Account{Extra: raw("created_at", "1e18", "last_status_at", `"yesterday"`)}},
		{`{"created_at":"1486519253","last_status_at":1e999}`, masto.Account{Extra: raw("created_at", `"1486519253"`, "last_status_at", "1e999")}},
		{`{"fields":{"x":{}},"emojis":"none"}`, masto.Account{Extra: raw("fields", `{"x":{}}`, "emojis", `"none"`)}},
		{`{"roles":{"0":5,"":{}}}`, masto.Account{Extra: raw("roles", `{"0":5,"":{}}`)}},
		{`{"fields":{"0":{"name":"a"},"1":[],"x":{"name":"b"},"2":null}}`, masto.Account{
			Fields: []masto.Field{{Name: "a"}}, Extra: raw("fields", `{"0":{"name":"a"},"1":[],"x":{"name":"b"},"2":null}`),
		}},
		{`{"fields":[{"name":"a"}, 1, null, "x", {"name":5}]}`, masto.Account{
			Fields: []masto.Field{{Name: "a"}, {}}, Extra: raw("fields", `[{"name":"a"}, 1, null, "x", {"name":5}]`),
		}},
		{`{"fields":[null,null]}`, masto.Account{Fields: []masto.Field{}}},
		{`{"feature_approval":{"automatic":["a",1]},"noindex":"x"}`, masto.Account{
			FeatureApproval: &masto.FeatureApproval{Automatic: []string{"a"}, Extra: raw("automatic", `["a",1]`)}, Extra: raw("noindex", `"x"`),
		}},
		{`{"feature_approval":[1]}`, masto.Account{Extra: raw("feature_approval", "[1]")}},
		{`{"moved":{"id":"2","moved":{"id":"3"}}}`, masto.Account{Moved: &masto.Account{ID: "2", Extra: raw("moved", `{"id":"3"}`)}}},
		{`{"source":"x","role":5}`, masto.CredentialAccount{Account: masto.Account{Extra: raw("source", `"x"`, "role", "5")}}},
		{`{"source":[ 1 ]}`, masto.CredentialAccount{Account: masto.Account{Extra: raw("source", `[ 1 ]`)}}},
		{`{"permissions":-1,"collection_limit":"x"}`, masto.Role{Extra: raw("permissions", "-1", "collection_limit", `"x"`)}},
		{`{"collection_limit":"10"}`, masto.Role{CollectionLimit: ptr(10)}},
		{`{"attribution_domains":"a.example","language":1}`, masto.Source{Extra: raw("attribution_domains", `"a.example"`, "language", "1")}},
		{`{"mute_expires_at":"2099-13-01"}`, masto.MutedAccount{Account: masto.Account{Extra: raw("mute_expires_at", `"2099-13-01"`)}}},
		// Of members with one name the last counts, whatever the first was.
		{`{"id":"1","id":"2"}`, masto.Account{ID: "2"}},
		{`{"followers_count":"x","followers_count":3}`, masto.Account{FollowersCount: 3}},
		{`{"followers_count":3,"followers_count":"x"}`, masto.Account{Extra: raw("followers_count", `"x"`)}},
		{`{"followers_count":"x","followers_count":null,"a":1}`, masto.Account{Extra: raw("a", "1")}},
		{`{"moved":{"id":"1"},"moved":null,"fields":[{}],"fields":null,"discoverable":true,"discoverable":null}`, masto.Account{}},
		{`{"a":1,"a":[2]}`, masto.Account{Extra: raw("a", "[2]")}},
		{`{"source":{"note":"a"},"source":{"privacy":"b"}}`, masto.CredentialAccount{Source: masto.Source{Privacy: "b"}}},
		// Names may be escaped.
		{`{"\u0069d":"1","f\u0069elds":[{"n\u0061me":"x","\u0076alue":1}],"\ud800":1}`, masto.Account{
			ID: "1", Fields: []masto.Field{{Name: "x"}}, Extra: raw("fields", `[{"n\u0061me":"x","\u0076alue":1}]`, "\ufffd", "1"),
		}},
	}
	checkDecode(t, cases)
	for _, c := range cases {
		got := asEntity(reflect.New(reflect.TypeOf(c.want)))
		require.NoError(t, got.UnmarshalJSON([]byte(c.in)))
		written := decode[map[string]any](marshal(got))
		for _, odd := range []string{"many", "yesterday", "none", "true"} {
			for name, value := range written {
				assert.NotEqual(t, any(odd), value, "%s wrote %s", c.in, name)
			}
		}
	}
}

func TestDecodeTimes(t *testing.T) {
	east := time.FixedZone("", 5*3600+45*60)
	west := time.FixedZone("", -8*3600)
	good := map[string]time.Time{
		"2020-02-29":                          utc(2020, 2, 29, 0, 0, 0, 0),
		"2020-02-29T01:02":                    utc(2020, 2, 29, 1, 2, 0, 0),
		"2020-02-29 01:02:03":                 utc(2020, 2, 29, 1, 2, 3, 0),
		"2020-02-29t01:02:03z":                utc(2020, 2, 29, 1, 2, 3, 0),
		"2020-02-29T01:02:03.1":               utc(2020, 2, 29, 1, 2, 3, 1e8),
		"2020-02-29T01:02:03,123456789Z":      utc(2020, 2, 29, 1, 2, 3, 123456789),
		"2020-02-29T01:02:03.1234567899999Z":  utc(2020, 2, 29, 1, 2, 3, 123456789),
		"2020-02-29T01:02:03+00:00":           utc(2020, 2, 29, 1, 2, 3, 0),
		"2020-02-29T01:02:03-0000":            utc(2020, 2, 29, 1, 2, 3, 0),
		"2020-02-29T01:02:03+05:45":           time.Date(2020, 2, 29, 1, 2, 3, 0, east),
		"2020-02-29T01:02:03.5+0545":          time.Date(2020, 2, 29, 1, 2, 3, 5e8, east),
		"2020-02-29T01:02:03-08":              time.Date(2020, 2, 29, 1, 2, 3, 0, west),
		"0000-01-01T00:00:00Z":                utc(0, 1, 1, 0, 0, 0, 0),
		"9999-12-31T23:59:59.999999999+00:00": utc(9999, 12, 31, 23, 59, 59, 999999999),
	}
	for s, want := range good {
		var f masto.Field
		require.NoError(t, f.UnmarshalJSON([]byte(`{"verified_at":"`+s+`"}`)))
		assert.True(t, want.Equal(f.VerifiedAt), "%s: %v", s, f.VerifiedAt)
		_, offset := want.Zone()
		_, got := f.VerifiedAt.Zone()
		assert.Equal(t, offset, got, s)
		if offset == 0 {
			assert.Equal(t, time.UTC, f.VerifiedAt.Location(), s)
		}
	}
	for _, s := range []string{
		"2020", "2020-1-1", "2020-02-30", "2019-02-29", "2020-00-01", "2020-13-01", "2020-01-00", "2020-04-31", "20200101", "2020-01-01T",
		"2020-01-01T24:00:00", "2020-01-01T00:60:00", "2020-01-01T00:00:60", "2020-01-01T00:00:00.", "2020-01-01T00:00:00X",
		"2020-01-01T00:00:00+24:00", "2020-01-01T00:00:00+00:60", "2020-01-01T00:00:00+0", "2020-01-01T00:00:00+000", "2020-01-01T00:00:00+00:00 ",
		"2020-01-01T00:00:00ZZ", "+2020-01-01", "now", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2020-01-0a", "２020-01-01", "2020-01-01T0:00:00Z",
	} {
		var a masto.Account
		require.NoError(t, a.UnmarshalJSON([]byte(`{"created_at":"`+s+`"}`)))
		assert.True(t, a.CreatedAt.IsZero(), s)
		assert.Equal(t, `"`+s+`"`, string(a.Extra["created_at"]))
	}
}

func TestDecodeStrings(t *testing.T) {
	for in, want := range map[string]string{
		`"\"\\\/\b\f\n\r\t"`:                     "\"\\/\b\f\n\r\t",
		`"\u0041\u00e9\u65E5\uD83D\uDE00"`:       "Aé日\U0001f600",
		`"\ud800"`:                               "\ufffd",
		`"\ude00\ud83d"`:                         "\ufffd\ufffd",
		`"\ud83d\u0041"`:                         "\ufffdA",
		`"\ud83d\ud83d\ude00"`:                   "\ufffd\U0001f600",
		"\"a\xffb\xed\xa0\x80\"":                 "a\ufffdb\ufffd\ufffd\ufffd",
		"\"\xe3\\u0081\x82\"":                    "\ufffd\u0081\ufffd",
		"\"é\\n" + strings.Repeat("é", 50) + `"`: "é\n" + strings.Repeat("é", 50),
		"\"\x7f\u2028\"":                         "\x7f\u2028",
		`"\u0000"`:                               "\x00",
	} {
		var f masto.Field
		require.NoError(t, f.UnmarshalJSON([]byte(`{"name":`+in+`}`)), in)
		assert.Equal(t, want, f.Name, in)
	}
}

func TestDecodeErrors(t *testing.T) {
	tests := []struct {
		in     string
		offset int64
	}{
		{"", 0},
		{"  ", 2},
		{"[]", 0},
		{" 5", 1},
		{`"x"`, 0},
		{"true", 0},
		{"nul", 3},
		{"nulx", 3},
		{"null 1", 5},
		{"[1,]", 3},
		{"{", 1},
		{"{}x", 2},
		{"{} {}", 3},
		{"{,}", 1},
		{`{"id"}`, 5},
		{`{"id":}`, 6},
		{`{"id":1,}`, 8},
		{`{"id":"1" "a":1}`, 10},
		{`{id:1}`, 1},
		{`{"id":"1`, 8},
		{`{"id":"1"`, 9},
		{`{"id":"1",`, 10},
		{`{"id`, 4},
		{`{"i\d":1}`, 3},
		{`{"id":"a\x"}`, 8},
		{`{"id":"a\u12g4"}`, 8},
		{"{\"id\":\"a\nb\"}", 8},
		{"{\"id\":\"a\\\\\nb\"}", 10},
		{"{\"i\x00\":1}", 3},
		{`{"id":01}`, 7},
		{`{"id":-}`, 7},
		{`{"id":1.}`, 8},
		{`{"id":1e}`, 8},
		{`{"id":.5}`, 6},
		{`{"id":+1}`, 6},
		{`{"locked":tru}`, 13},
		{`{"locked":nul}`, 13},
		{`{"x":nan}`, 6},
		{`{"fields":[{}`, 13},
		{`{"fields":[{},]}`, 14},
		{`{"fields":[{} {}]}`, 14},
		{`{"fields":[,]}`, 11},
		{`{"fields":[{"name":}]}`, 19},
		{`{"moved":{"id":}}`, 15},
		{`{"x":{"a":1,}}`, 12},
		{`{"x":[1 2]}`, 8},
		{`{"x":{"a" 1}}`, 10},
		{`{"x":{1:1}}`, 6},
		{`{"x":"\ud8"}`, 6},
		{"\xef\xbb\xbf{}", 0},
		{"{\x00}", 1},
		{"{}\x00", 2},
		{`{"id":'1'}`, 6},
		{`{"fields":[}`, 11},
		{`{"fields":]`, 10},
	}
	for _, tt := range tests {
		a := masto.Account{}
		err := a.UnmarshalJSON([]byte(tt.in))
		e, ok := errors.AsType[*masto.DecodeError](err)
		if assert.True(t, ok, "%q: %v", tt.in, err) {
			assert.ErrorIs(t, err, masto.ErrMalformed)
			assert.Equal(t, tt.offset, e.Offset, "%q: %v", tt.in, err)
		}
		assert.False(t, json.Valid([]byte(tt.in)) && strings.HasPrefix(tt.in, "{"), "%q is right", tt.in)
	}
	assert.EqualError(t, new(masto.Account).UnmarshalJSON([]byte(`{"id" 1}`)), "masto: malformed JSON: no colon after the name of a member at byte 6")
	assert.EqualError(t, new(masto.Account).UnmarshalJSON([]byte(`[1]`)), "masto: malformed JSON: not an object at byte 0")
	assert.EqualError(t, new(masto.Account).UnmarshalJSON([]byte(`{"id":`)), "masto: malformed JSON: unexpected end at byte 6")
}

// Every beginning of a text that is right as a whole is an error at its end.
func TestDecodeTruncated(t *testing.T) {
	for _, e := range fullEntities(t) {
		data := marshal(e)
		for i := range data {
			err := asEntity(reflect.New(reflect.TypeOf(e).Elem())).UnmarshalJSON(data[:i])
			decodeErr, ok := errors.AsType[*masto.DecodeError](err)
			require.True(t, ok, "%s", data[:i])
			require.LessOrEqual(t, decodeErr.Offset, int64(i))
		}
	}
}

func TestDecodeReplacesEverything(t *testing.T) {
	for _, e := range fullEntities(t) {
		require.NoError(t, e.UnmarshalJSON([]byte("null")))
		assert.NotEqual(t, reflect.Zero(reflect.TypeOf(e).Elem()).Interface(), reflect.ValueOf(e).Elem().Interface(), "null leaves %T as it is", e)
		require.NoError(t, e.UnmarshalJSON([]byte("{}")))
		assert.Equal(t, reflect.Zero(reflect.TypeOf(e).Elem()).Interface(), reflect.ValueOf(e).Elem().Interface(), "%T", e)
	}
}

// What was decoded has nothing in common with the text it came from, and its
// parts nothing with each other.
func TestDecodeSharesNothing(t *testing.T) {
	for _, e := range fullEntities(t) {
		data := marshal(e)
		want := string(data)
		other := asEntity(reflect.New(reflect.TypeOf(e).Elem()))
		require.NoError(t, other.UnmarshalJSON(data))
		for i := range data {
			data[i] = 'x'
		}
		runtime.GC()
		assert.Equal(t, want, string(marshal(other)), "%T", e)
	}
	var a masto.Account
	require.NoError(t, a.UnmarshalJSON([]byte(`{"discoverable":true,"noindex":true,"show_media":true,"a":1,"b":2,"c":3}`)))
	*a.Noindex = false
	assert.True(t, *a.Discoverable && *a.ShowMedia)
	a.Extra["a"][0] = '9'
	a.Extra["a"] = append(a.Extra["a"], "000"...)
	assert.Equal(t, raw("a", "9000", "b", "2", "c", "3"), a.Extra)
}

func TestDecodeAllocations(t *testing.T) {
	data := sampleAccount()
	allocs := testing.AllocsPerRun(100, func() {
		var a masto.Account
		if err := a.UnmarshalJSON(data); err != nil {
			t.Error(err)
		}
	})
	assert.LessOrEqual(t, allocs, 10.0)
}
