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

// jsonEntity is what every entity of the API has.
type jsonEntity interface {
	json.Marshaler
	json.Unmarshaler
}

// jsonEntities returns one of each entity, with texts and members that need
// care.
func jsonEntities() []jsonEntity {
	yes, language, limit := true, "en", 10
	when := time.Unix(1e9, 0)
	extra := map[string]json.RawMessage{
		"fqn":  json.RawMessage(` "a@b <c>" `),
		"odd":  json.RawMessage("{"),
		"lone": json.RawMessage("\"\\ud800 \xff\""),
	}
	field := masto.Field{Name: "n <&>\u2028", Value: "v\xff", VerifiedAt: time.Unix(1e9, 5e8).UTC()}
	emoji := masto.CustomEmoji{
		Shortcode:       "a",
		URL:             "https://a.example/a.png",
		VisibleInPicker: true,
		Category:        "c",
		Extra:           extra,
	}
	approval := masto.FeatureApproval{Automatic: []string{"public"}, CurrentUser: "denied", Extra: extra}
	accountRole := masto.AccountRole{ID: "1", Extra: extra}
	role := masto.Role{ID: "1", Permissions: masto.PermissionDevops, CollectionLimit: &limit, Extra: extra}
	tag := masto.FeaturedTag{ID: "1", Name: "t", StatusesCount: 3, LastStatusAt: when, Extra: extra}
	account := masto.Account{
		ID:              "1",
		Discoverable:    &yes,
		CreatedAt:       when,
		LastStatusAt:    when,
		FeatureApproval: &approval,
		Moved:           &masto.Account{ID: "2"},
		Emojis:          []masto.CustomEmoji{emoji},
		Roles:           []masto.AccountRole{accountRole},
		Fields:          []masto.Field{field, {}},
		Extra:           extra,
	}
	source := masto.Source{
		Privacy:            "public",
		Language:           &language,
		Fields:             []masto.Field{field},
		AttributionDomains: []string{"a.example"},
		Extra:              extra,
	}
	profile := masto.Profile{
		ID:           "1",
		Fields:       []masto.Field{field},
		FeaturedTags: []masto.FeaturedTag{tag},
		Extra:        extra,
	}
	return []jsonEntity{
		&account,
		&masto.CredentialAccount{Account: account, Source: source, Role: &role},
		&masto.MutedAccount{Account: account, MuteExpiresAt: when},
		&masto.PartialAccountWithAvatar{ID: "1", Extra: extra},
		&profile,
		&field,
		&source,
		&accountRole,
		&role,
		&emoji,
		&tag,
		&approval,
	}
}

// TestJSONv2 checks that encoding/json/v2 encodes an entity like MarshalJSON
// and decodes it again, whether it is held as a value or by a pointer. It runs
// with GOEXPERIMENT=jsonv2.
func TestJSONv2(t *testing.T) {
	for _, e := range jsonEntities() {
		value := reflect.ValueOf(e).Elem()
		t.Run(value.Type().Name(), func(t *testing.T) {
			data, err := e.MarshalJSON()
			require.NoError(t, err)
			want := string(data)
			slice := reflect.MakeSlice(reflect.SliceOf(value.Type()), 1, 1)
			slice.Index(0).Set(value)
			for _, c := range []struct {
				name string
				held any
				want string
			}{
				{"value", value.Interface(), want},
				{"pointer", e, want},
				{"in a slice", slice.Interface(), "[" + want + "]"},
				{"in a struct", structOf(value), `{"X":` + want + `}`},
				{"by a pointer in a struct", structOf(reflect.ValueOf(e)), `{"X":` + want + `}`},
				{"in a map", map[string]any{"X": value.Interface()}, `{"X":` + want + `}`},
			} {
				got, err := jsonv2.Marshal(c.held)
				require.NoError(t, err, c.name)
				require.JSONEq(t, c.want, string(got), c.name)
			}
			back := reflect.New(value.Type())
			require.NoError(t, jsonv2.Unmarshal([]byte(want), back.Interface()))
			again, err := jsonv2.Marshal(back.Interface())
			require.NoError(t, err)
			require.JSONEq(t, want, string(again))
		})
	}
}

// structOf returns a struct whose only field, X, is v.
func structOf(v reflect.Value) any {
	s := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "X", Type: v.Type()}})).Elem()
	s.Field(0).Set(v)
	return s.Interface()
}
