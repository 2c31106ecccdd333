//go:build goexperiment.jsonv2

package integration

import (
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// Run it with GOEXPERIMENT=jsonv2: however an entity is held, encoding/json/v2 makes the same JSON value of it as AppendJSON, and reads
// it back.
func TestJSONv2(t *testing.T) {
	yes, language, limit := true, "en", 10
	extra := map[string]json.RawMessage{"fqn": json.RawMessage(` "a@b <c>" `), "odd": json.RawMessage("{"), "lone": json.RawMessage("\"\\ud800 \xff\"")}
	field := masto.Field{Name: "n <&>\u2028", Value: "v\xff", VerifiedAt: time.Unix(1e9, 5e8).UTC()}
	emoji := masto.CustomEmoji{Shortcode: "a", URL: "https://a.example/a.png", VisibleInPicker: true, Category: "c", Extra: extra}
	approval := masto.FeatureApproval{Automatic: []string{"public"}, CurrentUser: "denied", Extra: extra}
	role := masto.Role{ID: "1", Permissions: masto.PermissionDevops, CollectionLimit: &limit, Extra: extra}
	tag := masto.FeaturedTag{ID: "1", Name: "t", StatusesCount: 3, LastStatusAt: time.Unix(1e9, 0), Extra: extra}
	account := masto.Account{
		ID: "1", Discoverable: &yes, CreatedAt: time.Unix(1e9, 0), LastStatusAt: time.Unix(1e9, 0), FeatureApproval: &approval, Moved: &masto.Account{ID: "2"},
		Emojis: []masto.CustomEmoji{emoji}, Roles: []masto.AccountRole{{ID: "1", Extra: extra}}, Fields: []masto.Field{field, {}}, Extra: extra,
	}
	source := masto.Source{Privacy: "public", Language: &language, Fields: []masto.Field{field}, AttributionDomains: []string{"a.example"}, Extra: extra}
	for _, e := range []interface {
		AppendJSON(dst []byte) []byte
		UnmarshalJSON(data []byte) error
	}{
		&account, &masto.CredentialAccount{Account: account, Source: source, Role: &role}, &masto.MutedAccount{Account: account, MuteExpiresAt: time.Unix(1e9, 0)},
		&masto.PartialAccountWithAvatar{ID: "1", Extra: extra},
		&masto.Profile{ID: "1", Fields: []masto.Field{field}, FeaturedTags: []masto.FeaturedTag{tag}, Extra: extra}, &field, &source, &account.Roles[0], &role, &emoji, &tag, &approval,
	} {
		want := string(e.AppendJSON(nil))
		value := reflect.ValueOf(e).Elem()
		slice := reflect.MakeSlice(reflect.SliceOf(value.Type()), 1, 1)
		slice.Index(0).Set(value)
		held := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "X", Type: value.Type()}})).Elem()
		held.Field(0).Set(value)
		pointing := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeOf(e)}})).Elem()
		pointing.Field(0).Set(reflect.ValueOf(e))
		for _, c := range []struct {
			held any
			want string
		}{
			{value.Interface(), want},
			{e, want},
			{slice.Interface(), "[" + want + "]"},
			{held.Interface(), `{"X":` + want + `}`},
			{pointing.Interface(), `{"X":` + want + `}`},
			{map[string]any{"x": value.Interface()}, `{"x":` + want + `}`},
		} {
			got, err := jsonv2.Marshal(c.held)
			require.NoError(t, err, "%T", c.held)
			require.JSONEq(t, c.want, string(got), "%T", c.held)
		}
		back := reflect.New(value.Type())
		require.NoError(t, jsonv2.Unmarshal([]byte(want), back.Interface()))
		again, err := jsonv2.Marshal(back.Interface())
		require.NoError(t, err)
		require.JSONEq(t, want, string(again))
	}
}
