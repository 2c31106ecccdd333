package masto_test

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// Everything that the reference serializer writes is read and written again
// byte for byte, but for the nulls that are left out.
func TestEncodeLikeTheReference(t *testing.T) {
	for _, v := range readVectors(t, filepath.Join("testdata", "vectors", "serializer.jsonl")) {
		in := decode[struct{ Serializer string }](v.In)
		out := text(v.Out)
		e := newEntity(t, in.Serializer)
		require.NoError(t, e.UnmarshalJSON([]byte(out)), v.ID)
		want := nullsLeftOut.Replace(out)
		require.Equal(t, want, string(e.AppendJSON(nil)), v.ID)
		require.Equal(t, want, string(encode(e)), v.ID)
	}
}

func TestEncodeZeroValues(t *testing.T) {
	account := `{"id":"","username":"","acct":"","display_name":"","locked":false,"bot":false,"discoverable":null,"indexable":false,` +
		`"group":false,"created_at":"1970-01-01T00:00:00.000Z","note":"","url":null,"uri":"","avatar":"","avatar_static":"",` +
		`"avatar_description":"","header":"","header_static":"","header_description":"","followers_count":0,"following_count":0,` +
		`"statuses_count":0,"last_status_at":null,"hide_collections":null,%"emojis":[],"fields":[]`
	source := `{"privacy":"","sensitive":false,"language":null,"note":"","fields":[],"follow_requests_count":0,"hide_collections":null,` +
		`"discoverable":null,"indexable":false,"attribution_domains":[]}`
	with := func(more string) string { return strings.Replace(account, "%", more, 1) }
	want := map[string]string{
		"Account":           with("") + "}",
		"CredentialAccount": with(`"source":`+source+",") + `,"role":null}`,
		"MutedAccount":      with(`"mute_expires_at":null,`) + "}",
		"PartialAccountWithAvatar": `{"id":"","acct":"","locked":false,"bot":false,"url":null,"avatar":"","avatar_static":"",` +
			`"avatar_description":""}`,
		"Profile": `{"id":"","display_name":"","note":"","fields":[],"avatar":null,"avatar_static":null,"avatar_description":"","header":null,` +
			`"header_static":null,"header_description":"","locked":false,"bot":false,"hide_collections":null,"discoverable":null,` +
			`"indexable":false,"show_media":false,"show_media_replies":false,"show_featured":false,"attribution_domains":[],"featured_tags":[]}`,
		"Field":           `{"name":"","value":"","verified_at":null}`,
		"Source":          source,
		"AccountRole":     `{"id":"","name":"","color":""}`,
		"Role":            `{"id":"","name":"","permissions":"0","color":"","highlighted":false}`,
		"CustomEmoji":     `{"shortcode":"","url":"","static_url":"","visible_in_picker":false}`,
		"FeaturedTag":     `{"id":"","name":"","url":"","statuses_count":"0","last_status_at":null}`,
		"FeatureApproval": `{"automatic":[],"manual":[],"current_user":""}`,
	}
	for _, e := range entities() {
		name := reflect.TypeOf(e).Elem().Name()
		assert.Equal(t, want[name], string(e.AppendJSON(nil)), name)
		null := asEntity(reflect.Zero(reflect.TypeOf(e)))
		assert.Equal(t, "x null", string(null.AppendJSON([]byte("x "))), "nil %s", name)
	}
}

func TestEncodeTimes(t *testing.T) {
	far := time.FixedZone("", 5*3600+30*60)
	local := time.FixedZone("LMT", -(17*60 + 32)) // an offset with seconds cannot be written
	tests := []struct {
		t                       time.Time
		created, date, verified string
	}{
		{time.Time{}, "1970-01-01T00:00:00.000Z", "", ""},
		{time.Date(2017, 2, 8, 2, 0, 53, 274999999, time.UTC), "2017-02-08T02:00:53.274Z", "2017-02-08", "2017-02-08T02:00:53.274+00:00"},
		{time.Date(2017, 2, 8, 2, 0, 53, 0, far), "2017-02-07T20:30:53.000Z", "2017-02-07", "2017-02-08T02:00:53.000+05:30"},
		{time.Date(1900, 1, 1, 0, 0, 0, 0, local), "1900-01-01T00:17:32.000Z", "1900-01-01", "1900-01-01T00:00:32.000-00:17"},
		{time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), "0000-01-01T00:00:00.000Z", "0000-01-01", "0000-01-01T00:00:00.000+00:00"},
		{time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC), "9999-12-31T23:59:59.999Z", "9999-12-31", "9999-12-31T23:59:59.999+00:00"},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "1970-01-01T00:00:00.000Z", "", ""},
		{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), "1970-01-01T00:00:00.000Z", "", ""},
		{time.Unix(1<<60, 0), "1970-01-01T00:00:00.000Z", "", ""},
		{time.Date(2020, 1, 1, 0, 0, 0, 0, time.FixedZone("", 30*3600)), "2019-12-30T18:00:00.000Z", "2019-12-30", "2019-12-31T00:00:00.000+06:00"},
	}
	quote := func(s string) string {
		if s == "" {
			return "null"
		}
		return `"` + s + `"`
	}
	for _, tt := range tests {
		m := masto.MutedAccount{
			Account:       masto.Account{CreatedAt: tt.t, LastStatusAt: tt.t, Fields: []masto.Field{{VerifiedAt: tt.t}}},
			MuteExpiresAt: tt.t,
		}
		got := decode[map[string]json.RawMessage](m.AppendJSON(nil))
		assert.Equal(t, quote(tt.created), string(got["created_at"]), tt.t)
		assert.Equal(t, quote(tt.date), string(got["last_status_at"]), tt.t)
		assert.Equal(t, `[{"name":"","value":"","verified_at":`+quote(tt.verified)+`}]`, string(got["fields"]), tt.t)
		if tt.date == "" {
			tt.created = ""
		}
		assert.Equal(t, quote(tt.created), string(got["mute_expires_at"]), tt.t)
	}
}

func TestEncodeStrings(t *testing.T) {
	tests := map[string]string{
		`<a href="x">&'`:                        `"<a href=\"x\">&'"`,
		`\ / "`:                                 `"\\ / \""`,
		"\b\f\n\r\t\x00\x1f\x7f":                `"\b\f\n\r\t\u0000\u001f` + "\x7f\"",
		"\u2028\u2029 日本語 \U0001f600":           "\"\u2028\u2029 日本語 \U0001f600\"",
		"a\xffb\xc0\xafc":                       "\"a\ufffdb\ufffd\ufffdc\"",
		"\xed\xa0\x80":                          "\"\ufffd\ufffd\ufffd\"",
		"1234567\n":                             `"1234567\n"`,
		"12345678\n":                            `"12345678\n"`,
		"1234567\x80":                           "\"1234567\ufffd\"",
		strings.Repeat(`"`, 100):                `"` + strings.Repeat(`\"`, 100) + `"`,
		strings.Repeat("\x01", 33):              `"` + strings.Repeat(`\u0001`, 33) + `"`,
		strings.Repeat("é", 20) + "\xc3" + "\n": `"` + strings.Repeat("é", 20) + "\ufffd" + `\n"`,
	}
	for s, want := range tests {
		f := masto.Field{Name: s}
		assert.Equal(t, `{"name":`+want+`,"value":"","verified_at":null}`, string(f.AppendJSON(nil)), "%q", s)
	}
}

func TestEncodeExtra(t *testing.T) {
	a := masto.AccountRole{Name: "n", Extra: map[string]json.RawMessage{
		"z":         json.RawMessage(" {\"b\" : [ 1 , 2.50e+1 ],\n\"a\":\"\\u0041 \xff \\ud800 \\ud83d\\ude00\"} "),
		"a\"\n\xff": json.RawMessage(`null`),
		"é":         json.RawMessage(`"<"`),
		"name":      json.RawMessage(`"other"`),
		"color":     json.RawMessage(`"never"`),
		"bad":       json.RawMessage(`{"a":}`),
		"bad2":      json.RawMessage(`1 2`),
		"empty":     nil,
	}}
	want := "{\"id\":\"\",\"name\":\"n\",\"color\":\"\",\"a\\\"\\n\ufffd\":null,\"bad\":null,\"bad2\":null,\"empty\":null," +
		"\"z\":{\"b\":[1,2.50e+1],\"a\":\"\\u0041 \ufffd \ufffd \\ud83d\\ude00\"},\"é\":\"<\"}"
	assert.Equal(t, want, string(a.AppendJSON(nil)))
	assert.True(t, json.Valid(a.AppendJSON(nil)))

	// A type that embeds another shares its Extra, and what either knows is
	// never written from there.
	extra := map[string]json.RawMessage{"role": json.RawMessage("1"), "source": json.RawMessage("1"), "mute_expires_at": json.RawMessage("1"), "id": json.RawMessage("1")}
	account := masto.Account{Extra: extra}
	names := func(data []byte) []string {
		var found []string
		m := decode[map[string]json.RawMessage](data)
		for name := range extra {
			if string(m[name]) == "1" {
				found = append(found, name)
			}
		}
		return found
	}
	assert.ElementsMatch(t, []string{"role", "source", "mute_expires_at"}, names(account.AppendJSON(nil)))
	assert.ElementsMatch(t, []string{"mute_expires_at"}, names((&masto.CredentialAccount{Account: account}).AppendJSON(nil)))
	assert.ElementsMatch(t, []string{"role", "source"}, names((&masto.MutedAccount{Account: account}).AppendJSON(nil)))

	// More than are sorted in place.
	many := masto.AccountRole{Extra: map[string]json.RawMessage{}}
	wantMany := `{"id":"","name":"","color":""`
	for i := range 1000 {
		name := "x" + string(rune('a'+i/100)) + string(rune('a'+i/10%10)) + string(rune('a'+i%10))
		many.Extra[name] = json.RawMessage("0")
		wantMany += `,"` + name + `":0`
	}
	assert.Equal(t, wantMany+"}", string(many.AppendJSON(nil)))
}

// The target of a move never shows where that one moved to.
func TestEncodeMovedOnce(t *testing.T) {
	third := masto.Account{ID: "3"}
	second := masto.Account{ID: "2", Moved: &third}
	first := masto.Account{ID: "1", Moved: &second}
	got := string(first.AppendJSON(nil))
	assert.Equal(t, 1, strings.Count(got, `"moved":`))
	assert.Contains(t, got, `"moved":{"id":"2"`)
	first.Moved = &first // a circle ends too
	assert.Equal(t, 1, strings.Count(string(first.AppendJSON(nil)), `"moved":`))
}

func TestEncodeAllocatesNothing(t *testing.T) {
	for _, e := range fullEntities(t) {
		buf := make([]byte, 0, 1<<16)
		allocs := testing.AllocsPerRun(100, func() { buf = e.AppendJSON(buf[:0]) })
		assert.Zero(t, allocs, "%T", e)
	}
}

// However an entity is held, encoding/json makes the same JSON value of it.
func TestMarshalHeldInAnyWay(t *testing.T) {
	for _, e := range fullEntities(t) {
		want := string(e.AppendJSON(nil))
		value := reflect.ValueOf(e).Elem()
		field := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "X", Type: value.Type()}})).Elem()
		field.Field(0).Set(value)
		pointer := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeOf(e)}})).Elem()
		pointer.Field(0).Set(reflect.ValueOf(e))
		slice := reflect.MakeSlice(reflect.SliceOf(value.Type()), 1, 1)
		slice.Index(0).Set(value)
		held := value.Interface()
		for name, got := range map[string]any{
			want: value.Interface(), want + " ": e, `{"X":` + want + `}`: field.Interface(), `{"X":` + want + `} `: pointer.Interface(),
			`[` + want + `]`: slice.Interface(), `{"x":` + want + `}`: map[string]any{"x": held},
		} {
			assert.Equal(t, strings.TrimSpace(name), string(encode(got)), "%T", got)
		}
		escaped, err := json.Marshal(e)
		require.NoError(t, err)
		assert.JSONEq(t, want, string(escaped))
	}
}

// A type that embeds an entity would have its methods, and lose its own
// members: each of ours has all three itself.
func TestEmbeddingTypesHaveTheirOwnMethods(t *testing.T) {
	embedding := 0
	for _, e := range entities() {
		pointer := reflect.TypeOf(e)
		for field := range pointer.Elem().Fields() {
			if !field.Anonymous {
				continue
			}
			embedding++
			zero, inner := reflect.New(pointer.Elem()), reflect.New(field.Type)
			own := string(asEntity(zero).AppendJSON(nil))
			assert.NotEqual(t, string(asEntity(inner).AppendJSON(nil)), own, "%v.AppendJSON is that of %v", pointer, field.Type)
			marshaler, ok := zero.Elem().Interface().(json.Marshaler)
			require.True(t, ok)
			marshaled, err := marshaler.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, own, string(marshaled), "%v.MarshalJSON is that of %v", pointer, field.Type)
			other := reflect.New(pointer.Elem())
			other.Elem().Field(1).Set(nonZero(pointer.Elem().Field(1).Type, 1))
			filled := asEntity(other).AppendJSON(nil)
			require.NoError(t, asEntity(zero).UnmarshalJSON(filled))
			assert.Equal(t, string(filled), string(asEntity(zero).AppendJSON(nil)), "%v.UnmarshalJSON is that of %v", pointer, field.Type)
		}
	}
	assert.Equal(t, 2, embedding)
}
