package masto_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
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
