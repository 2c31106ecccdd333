package masto_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/schema"
	"github.com/seed-374a2035/masto/internal/vectors"
)

// appender is a pointer to an entity with an AppendJSON method. Those that are
// parts of others have none.
type appender interface {
	entity
	AppendJSON(dst []byte) []byte
}

// appenders returns the appenders among some entities.
func appenders(tb testing.TB, entities []entity) []appender {
	tb.Helper()
	var found []appender
	for _, e := range entities {
		if a, ok := e.(appender); ok {
			found = append(found, a)
		}
	}
	require.Len(tb, found, 5)
	return found
}

// TestEncodeLikeTheReference checks that everything that the reference
// serializer writes is read and written again byte for byte, but for the nulls
// that are left out.
func TestEncodeLikeTheReference(t *testing.T) {
	for _, v := range vectors.File(t, "serializer") {
		t.Run(v.ID, func(t *testing.T) {
			in := decode[struct{ Serializer string }](v.In)
			out := text(v.Out)
			e := newEntity(t, in.Serializer)
			require.NoError(t, e.UnmarshalJSON([]byte(out)))
			want := nullsLeftOut.Replace(out)
			require.Equal(t, want, string(marshal(e)))
			require.Equal(t, want, string(encode(e)))
		})
	}
}

// The JSON of zero values. That of an account has %s in the places where
// entities that embed it have more members.
const (
	zeroAccount = `{"id":"","username":"","acct":"","display_name":"","locked":false,"bot":false,` +
		`"discoverable":null,"indexable":false,"group":false,"created_at":"1970-01-01T00:00:00.000Z",` +
		`"note":"","url":null,"uri":"","avatar":"","avatar_static":"","avatar_description":"",` +
		`"header":"","header_static":"","header_description":"","followers_count":0,"following_count":0,` +
		`"statuses_count":0,"last_status_at":null,"hide_collections":null,%s"emojis":[],"fields":[]%s}`
	zeroSource = `{"privacy":"","sensitive":false,"language":null,"note":"","fields":[],` +
		`"follow_requests_count":0,"hide_collections":null,"discoverable":null,"indexable":false,` +
		`"attribution_domains":[]}`
	zeroProfile = `{"id":"","display_name":"","note":"","fields":[],"avatar":null,"avatar_static":null,` +
		`"avatar_description":"","header":null,"header_static":null,"header_description":"",` +
		`"locked":false,"bot":false,"hide_collections":null,"discoverable":null,"indexable":false,` +
		`"show_media":false,"show_media_replies":false,"show_featured":false,"attribution_domains":[],` +
		`"featured_tags":[]}`
)

func TestEncodeZeroValues(t *testing.T) {
	for _, c := range []struct {
		entity entity
		want   string
	}{
		{new(masto.Account), fmt.Sprintf(zeroAccount, "", "")},
		{new(masto.CredentialAccount), fmt.Sprintf(zeroAccount, `"source":`+zeroSource+`,`, `,"role":null`)},
		{new(masto.MutedAccount), fmt.Sprintf(zeroAccount, `"mute_expires_at":null,`, "")},
		{
			new(masto.PartialAccountWithAvatar),
			`{"id":"","acct":"","locked":false,"bot":false,"url":null,"avatar":"","avatar_static":"",` +
				`"avatar_description":""}`,
		},
		{new(masto.Profile), zeroProfile},
		{new(masto.Field), `{"name":"","value":"","verified_at":null}`},
		{new(masto.Source), zeroSource},
		{new(masto.AccountRole), `{"id":"","name":"","color":""}`},
		{new(masto.Role), `{"id":"","name":"","permissions":"0","color":"","highlighted":false}`},
		{new(masto.CustomEmoji), `{"shortcode":"","url":"","static_url":"","visible_in_picker":false}`},
		{new(masto.FeaturedTag), `{"id":"","name":"","url":"","statuses_count":"0","last_status_at":null}`},
		{new(masto.FeatureApproval), `{"automatic":[],"manual":[],"current_user":""}`},
	} {
		t.Run(reflect.TypeOf(c.entity).Elem().Name(), func(t *testing.T) {
			require.Equal(t, c.want, string(marshal(c.entity)))
		})
	}
}

func TestAppendJSON(t *testing.T) {
	for _, e := range appenders(t, fullEntities(t)) {
		typ := reflect.TypeOf(e)
		t.Run(typ.Elem().Name(), func(t *testing.T) {
			require.Equal(t, "x "+string(marshal(e)), string(e.AppendJSON([]byte("x "))))
			null, ok := reflect.Zero(typ).Interface().(appender)
			require.True(t, ok)
			require.Equal(t, "x null", string(null.AppendJSON([]byte("x "))))
			buf := make([]byte, 0, 1<<16)
			require.Zero(t, testing.AllocsPerRun(100, func() { buf = e.AppendJSON(buf[:0]) }), "allocations")
		})
	}
}

func TestEncodeTimes(t *testing.T) {
	for _, c := range []struct {
		name     string
		time     time.Time
		created  string // created_at
		date     string // last_status_at; "" is null
		verified string // verified_at; "" is null
	}{
		{
			name:    "zero",
			created: "1970-01-01T00:00:00.000Z",
		},
		{
			name:     "nanoseconds",
			time:     utc(2017, 2, 8, 2, 0, 53, 274999999),
			created:  "2017-02-08T02:00:53.274Z",
			date:     "2017-02-08",
			verified: "2017-02-08T02:00:53.274+00:00",
		},
		{
			name:     "offset",
			time:     time.Date(2017, 2, 8, 2, 0, 53, 0, time.FixedZone("", 5*3600+30*60)),
			created:  "2017-02-07T20:30:53.000Z",
			date:     "2017-02-07",
			verified: "2017-02-08T02:00:53.000+05:30",
		},
		{
			name:     "offset with seconds",
			time:     time.Date(1900, 1, 1, 0, 0, 0, 0, time.FixedZone("LMT", -(17*60+32))),
			created:  "1900-01-01T00:17:32.000Z",
			date:     "1900-01-01",
			verified: "1900-01-01T00:00:32.000-00:17",
		},
		{
			name:     "offset of more than a day",
			time:     time.Date(2020, 1, 1, 0, 0, 0, 0, time.FixedZone("", 30*3600)),
			created:  "2019-12-30T18:00:00.000Z",
			date:     "2019-12-30",
			verified: "2019-12-31T00:00:00.000+06:00",
		},
		{
			name:     "year 0",
			time:     utc(0, 1, 1, 0, 0, 0, 0),
			created:  "0000-01-01T00:00:00.000Z",
			date:     "0000-01-01",
			verified: "0000-01-01T00:00:00.000+00:00",
		},
		{
			name:     "year 9999",
			time:     utc(9999, 12, 31, 23, 59, 59, 999e6),
			created:  "9999-12-31T23:59:59.999Z",
			date:     "9999-12-31",
			verified: "9999-12-31T23:59:59.999+00:00",
		},
		{
			name:    "year 10000",
			time:    utc(10000, 1, 1, 0, 0, 0, 0),
			created: "1970-01-01T00:00:00.000Z",
		},
		{
			name:    "year -1",
			time:    utc(-1, 1, 1, 0, 0, 0, 0),
			created: "1970-01-01T00:00:00.000Z",
		},
		{
			name:    "far future",
			time:    time.Unix(1<<60, 0),
			created: "1970-01-01T00:00:00.000Z",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			quoted := func(s string) string {
				if s == "" {
					return "null"
				}
				return `"` + s + `"`
			}
			m := masto.MutedAccount{
				Account: masto.Account{
					CreatedAt:    c.time,
					LastStatusAt: c.time,
					Fields:       []masto.Field{{VerifiedAt: c.time}},
				},
				MuteExpiresAt: c.time,
			}
			got := decode[map[string]json.RawMessage](marshal(m))
			assert.Equal(t, quoted(c.created), string(got["created_at"]))
			assert.Equal(t, quoted(c.date), string(got["last_status_at"]))
			field := `[{"name":"","value":"","verified_at":` + quoted(c.verified) + `}]`
			assert.Equal(t, field, string(got["fields"]))
			expires := c.created
			if c.date == "" {
				expires = ""
			}
			assert.Equal(t, quoted(expires), string(got["mute_expires_at"]))
		})
	}
}

func TestEncodeStrings(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		want string
	}{
		{
			name: "HTML",
			text: `<a href="x">&'`,
			want: `"<a href=\"x\">&'"`,
		},
		{
			name: "backslash",
			text: `\ / "`,
			want: `"\\ / \""`,
		},
		{
			name: "control characters",
			text: "\b\f\n\r\t\x00\x1f\x7f",
			want: `"\b\f\n\r\t\u0000\u001f` + "\x7f\"",
		},
		{
			name: "line separators and other scripts",
			text: "\u2028\u2029 日本語 \U0001f600",
			want: "\"\u2028\u2029 日本語 \U0001f600\"",
		},
		{
			name: "invalid UTF-8",
			text: "a\xffb\xc0\xafc",
			want: "\"a\ufffdb\ufffd\ufffdc\"",
		},
		{
			name: "surrogate in UTF-8",
			text: "\xed\xa0\x80",
			want: "\"\ufffd\ufffd\ufffd\"",
		},
		{
			name: "escape in the first eight bytes",
			text: "1234567\n",
			want: `"1234567\n"`,
		},
		{
			name: "escape after eight bytes",
			text: "12345678\n",
			want: `"12345678\n"`,
		},
		{
			name: "invalid UTF-8 at the end",
			text: "1234567\x80",
			want: "\"1234567\ufffd\"",
		},
		{
			name: "many escapes",
			text: strings.Repeat(`"`, 100),
			want: `"` + strings.Repeat(`\"`, 100) + `"`,
		},
		{
			name: "many long escapes",
			text: strings.Repeat("\x01", 33),
			want: `"` + strings.Repeat(`\u0001`, 33) + `"`,
		},
		{
			name: "escape after invalid UTF-8",
			text: strings.Repeat("é", 20) + "\xc3" + "\n",
			want: `"` + strings.Repeat("é", 20) + "\ufffd" + `\n"`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := masto.Field{Name: c.text}
			require.Equal(t, `{"name":`+c.want+`,"value":"","verified_at":null}`, string(marshal(f)))
		})
	}
}

// TestEncodeExtra checks that Extra comes after the known members, sorted by
// name, without known names.
func TestEncodeExtra(t *testing.T) {
	const known = `{"id":"","name":"n","color":""`
	for _, c := range []struct {
		name  string
		extra map[string]json.RawMessage
		want  string // after the known members
	}{
		{
			name:  "sorted",
			extra: raw("z", `1`, "é", `"<"`, "a", `null`),
			want:  `,"a":null,"z":1,"é":"<"`,
		},
		{
			name:  "white space and escapes",
			extra: raw("z", " {\"b\" : [ 1 , 2.50e+1 ],\n\"a\":\"\\u0041 \\ud83d\\ude00\"} "),
			want:  `,"z":{"b":[1,2.50e+1],"a":"\u0041 \ud83d\ude00"}`,
		},
		{
			name:  "invalid Unicode in a value",
			extra: raw("z", "\"\xff \\ud800\""),
			want:  ",\"z\":\"\ufffd \ufffd\"",
		},
		{
			name:  "name with escapes and invalid UTF-8",
			extra: raw("a\"\n\xff", "1"),
			want:  ",\"a\\\"\\n\ufffd\":1",
		},
		{
			name:  "known names",
			extra: raw("name", `"other"`, "color", `1`, "position", `1`),
			want:  `,"position":1`,
		},
		{
			name:  "invalid JSON",
			extra: raw("a", `{"a":}`, "b", `1 2`, "c", ``),
			want:  `,"a":null,"b":null,"c":null`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := string(marshal(masto.AccountRole{Name: "n", Extra: c.extra}))
			require.Equal(t, known+c.want+"}", got)
			require.True(t, json.Valid([]byte(got)))
		})
	}
}

// TestEncodeExtraOfEmbedded checks that an entity that embeds another knows the
// members of both.
func TestEncodeExtraOfEmbedded(t *testing.T) {
	account := masto.Account{Extra: raw("role", "1", "source", "1", "mute_expires_at", "1", "id", "1")}
	for _, c := range []struct {
		name   string
		entity json.Marshaler
		want   []string
	}{
		{"Account", account, []string{"mute_expires_at", "role", "source"}},
		{"CredentialAccount", masto.CredentialAccount{Account: account}, []string{"mute_expires_at"}},
		{"MutedAccount", masto.MutedAccount{Account: account}, []string{"role", "source"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var written []string
			for name, value := range decode[map[string]json.RawMessage](marshal(c.entity)) {
				if string(value) == "1" {
					written = append(written, name)
				}
			}
			require.ElementsMatch(t, c.want, written)
		})
	}
}

// TestEncodeLongExtra has more names than are sorted on the stack.
func TestEncodeLongExtra(t *testing.T) {
	role := masto.AccountRole{Extra: map[string]json.RawMessage{}}
	want := `{"id":"","name":"","color":""`
	for i := range 1000 {
		name := fmt.Sprintf("x%03d", i)
		role.Extra[name] = json.RawMessage("0")
		want += `,"` + name + `":0`
	}
	require.Equal(t, want+"}", string(marshal(role)))
}

// TestEncodeMovedOnce checks that the target of a move is written without a
// target of its own.
func TestEncodeMovedOnce(t *testing.T) {
	circle := masto.Account{ID: "1"}
	circle.Moved = &circle
	chain := masto.Account{ID: "1", Moved: &masto.Account{ID: "2", Moved: &masto.Account{ID: "3"}}}
	for _, c := range []struct {
		name    string
		account masto.Account
		want    string
	}{
		{"chain", chain, `"moved":{"id":"2"`},
		{"circle", circle, `"moved":{"id":"1"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := string(marshal(c.account))
			require.Contains(t, got, c.want)
			require.Equal(t, 1, strings.Count(got, `"moved":`))
		})
	}
}

// TestMarshalHeldInAnyWay checks that encoding/json encodes an entity the same
// way however it is held.
func TestMarshalHeldInAnyWay(t *testing.T) {
	for _, e := range fullEntities(t) {
		value := reflect.ValueOf(e).Elem()
		want := string(marshal(e))
		inStruct := func(v reflect.Value) any {
			s := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "X", Type: v.Type()}})).Elem()
			s.Field(0).Set(v)
			return s.Interface()
		}
		slice := reflect.MakeSlice(reflect.SliceOf(value.Type()), 1, 1)
		slice.Index(0).Set(value)
		for _, c := range []struct {
			name string
			held any
			want string
		}{
			{"value", value.Interface(), want},
			{"pointer", e, want},
			{"value in a struct", inStruct(value), `{"X":` + want + `}`},
			{"pointer in a struct", inStruct(reflect.ValueOf(e)), `{"X":` + want + `}`},
			{"in a slice", slice.Interface(), `[` + want + `]`},
			{"in a map", map[string]any{"x": value.Interface()}, `{"x":` + want + `}`},
		} {
			t.Run(value.Type().Name()+"/"+c.name, func(t *testing.T) {
				require.Equal(t, c.want, string(encode(c.held)))
				escaped, err := json.Marshal(c.held)
				require.NoError(t, err)
				require.JSONEq(t, c.want, string(escaped))
			})
		}
	}
}

// TestEmbeddingEntitiesHaveTheirOwnMethods checks each method of an entity that
// embeds another. One that it lacks would be that of the embedded entity, which
// does not know all members.
func TestEmbeddingEntitiesHaveTheirOwnMethods(t *testing.T) {
	for _, c := range []struct {
		name   string
		entity appender
		empty  appender
		own    string // a member that the embedded entity lacks
	}{
		{
			name:   "CredentialAccount",
			entity: &masto.CredentialAccount{Role: &masto.Role{Name: "Owner"}},
			empty:  new(masto.CredentialAccount),
			own:    "Owner",
		},
		{
			name:   "MutedAccount",
			entity: &masto.MutedAccount{MuteExpiresAt: utc(2030, 1, 2, 0, 0, 0, 0)},
			empty:  new(masto.MutedAccount),
			own:    "2030-01-02",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := marshal(c.entity)
			require.Contains(t, string(data), c.own)
			require.Equal(t, string(data), string(c.entity.AppendJSON(nil)))
			require.NoError(t, c.empty.UnmarshalJSON(data))
			require.Equal(t, string(data), string(marshal(c.empty)))
		})
	}
	embedding := 0
	for _, e := range entities() {
		for field := range reflect.TypeOf(e).Elem().Fields() {
			if field.Anonymous {
				embedding++
			}
		}
	}
	require.Equal(t, 2, embedding, "entities that embed another")
}

// Each attribute of each entity has the same name in its tag, the encoder and
// the decoder: setting it alone changes that one member, and it survives
// decoding. A new struct field without its tag, or its line in encode.go or
// decode.go, fails here.
func TestEveryAttributeHasItsName(t *testing.T) {
	for _, e := range entities() {
		typ := reflect.TypeOf(e).Elem()
		zero := decode[map[string]json.RawMessage](marshal(e))
		for _, field := range reflect.VisibleFields(typ) {
			if field.Anonymous || field.Name == "Extra" {
				continue
			}
			t.Run(typ.Name()+"."+field.Name, func(t *testing.T) {
				v := reflect.New(typ)
				v.Elem().FieldByIndex(field.Index).Set(nonZero(field.Type, 1))
				data := marshal(asEntity(v))
				var changed []string
				for name, value := range decode[map[string]json.RawMessage](data) {
					if before, ok := zero[name]; !ok || string(before) != string(value) {
						changed = append(changed, name)
					}
				}
				want := []string{field.Tag.Get("json")}
				if field.Name == "FormattedFields" {
					want = append(want, "formatted_note") // the two come together
				}
				assert.ElementsMatch(t, want, changed, "members that the encoder changed")
				back := reflect.New(typ)
				require.NoError(t, asEntity(back).UnmarshalJSON(data))
				set := v.Elem().FieldByIndex(field.Index).Interface()
				decoded := canonical(back).Elem().FieldByIndex(field.Index).Interface()
				assert.Empty(t, cmp.Diff(set, decoded), "decoded")
			})
		}
	}
}

// The table behind docs/attributes.md and the package check has the members
// that the encoder writes, in their order.
func TestSchemaIsWhatIsEncoded(t *testing.T) {
	all := schema.Entities()
	require.Len(t, all, len(entities()))
	for _, e := range all {
		v := reflect.ValueOf(newEntity(t, e.Name)).Elem()
		v.Set(nonZero(v.Type(), 1))
		if moved := v.FieldByName("Moved"); moved.IsValid() {
			moved.Set(reflect.New(moved.Type().Elem()))
		}
		var written, listed []string
		d := json.NewDecoder(bytes.NewReader(marshal(asEntity(v.Addr()))))
		_, err := d.Token()
		require.NoError(t, err)
		for d.More() {
			name, err := d.Token()
			require.NoError(t, err)
			written = append(written, fmt.Sprint(name))
			var value json.RawMessage
			require.NoError(t, d.Decode(&value))
		}
		for _, a := range e.Attributes {
			listed = append(listed, a.Name)
		}
		assert.Equal(t, written, listed, e.Name)
	}
}

// The constants for the words of an attribute are those that the table lists.
func TestConstantsAreTheWordsOfTheSchema(t *testing.T) {
	for _, tt := range []struct {
		entity    string
		attribute string
		want      []string
	}{
		{
			entity:    "Source",
			attribute: "privacy",
			want: []string{
				masto.PrivacyPublic,
				masto.PrivacyUnlisted,
				masto.PrivacyPrivate,
				masto.PrivacyDirect,
			},
		},
		{
			entity:    "Source",
			attribute: "quote_policy",
			want: []string{
				masto.QuotePublic,
				masto.QuoteFollowers,
				masto.QuoteNobody,
			},
		},
		{
			entity:    "FeatureApproval",
			attribute: "current_user",
			want: []string{
				masto.FeatureAutomatic,
				masto.FeatureManual,
				masto.FeatureDenied,
				masto.FeatureUnknown,
				masto.FeatureMissing,
			},
		},
	} {
		t.Run(tt.attribute, func(t *testing.T) {
			for _, e := range schema.Entities() {
				for _, a := range e.Attributes {
					if e.Name == tt.entity && a.Name == tt.attribute {
						assert.Equal(t, tt.want, a.Words)
						return
					}
				}
			}
			t.Error("the table has no such attribute")
		})
	}
}

// canonical makes the empty lists in v nil, as a decoder makes some of the ones
// that are nil empty, and returns v.
func canonical(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			canonical(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				canonical(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Len() == 0 && v.CanSet() {
			v.SetZero()
		}
		for i := range v.Len() {
			canonical(v.Index(i))
		}
	}
	return v
}

// Every attribute's comment has the version that added it, as the table of
// attributes says.
func TestCommentsOfAttributes(t *testing.T) {
	structs := map[string]map[string]string{} // by entity and JSON name
	for _, file := range []string{"account.go", "role.go", "profile.go", "field.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				structs[spec.Name.Name] = comments(spec)
			}
			return true
		})
	}
	for _, entity := range schema.Entities() {
		t.Run(entity.Name, func(t *testing.T) {
			own := structs[entity.Name]
			require.NotNil(t, own)
			for _, attribute := range entity.Attributes {
				comment := own[attribute.Name]
				if comment == "" && (entity.Name == "CredentialAccount" || entity.Name == "MutedAccount") {
					comment = structs["Account"][attribute.Name] // the embedded one
				}
				assert.Contains(t, comment, "ince "+attribute.Since, attribute.Name)
			}
		})
	}
}

// comments returns the comments of a struct's fields by their JSON name.
func comments(spec *ast.TypeSpec) map[string]string {
	s, ok := spec.Type.(*ast.StructType)
	if !ok {
		return nil
	}
	found := map[string]string{}
	for _, field := range s.Fields.List {
		if field.Tag != nil {
			name := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("json")
			found[name] = strings.Join(strings.Fields(field.Doc.Text()), " ")
		}
	}
	return found
}
