package masto_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/schema"
)

// Each attribute of each entity has one name, in its tag, in the encoder and in
// the decoder: setting it alone changes that one member, and comes back. A new
// struct field without its tag, or its line in encode.go or decode.go, fails
// here.
func TestEveryAttributeHasItsName(t *testing.T) {
	for _, e := range entities() {
		typ := reflect.TypeOf(e).Elem()
		zero := decode[map[string]json.RawMessage](e.AppendJSON(nil))
		for _, field := range reflect.VisibleFields(typ) {
			if field.Anonymous || field.Name == "Extra" {
				continue
			}
			t.Run(typ.Name()+"."+field.Name, func(t *testing.T) {
				v := reflect.New(typ)
				v.Elem().FieldByIndex(field.Index).Set(nonZero(field.Type, 1))
				data := asEntity(v).AppendJSON(nil)
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
				assert.Empty(t, cmp.Diff(v.Elem().FieldByIndex(field.Index).Interface(), canonical(back).Elem().FieldByIndex(field.Index).Interface()), "decoded")
			})
		}
	}
}

// The table behind docs/attributes.md and mastotest's checks has the members
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
		d := json.NewDecoder(bytes.NewReader(asEntity(v.Addr()).AppendJSON(nil)))
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

// canonical makes nil what a decoder makes an empty list in the parts of an
// entity.
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

// nonZero makes a value of a type that is not its zero value, with every part
// of it set; n tells values apart.
func nonZero(typ reflect.Type, n int) reflect.Value {
	v := reflect.New(typ).Elem()
	switch typ.Kind() {
	case reflect.String:
		v.SetString("text " + strings.Repeat("x", n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(n) + 6)
	case reflect.Uint64:
		v.SetUint(uint64(n) + 65535)
	case reflect.Pointer:
		if typ.Elem() == reflect.TypeFor[json.RawMessage]() {
			return v
		}
		v.Set(reflect.New(typ.Elem()))
		v.Elem().Set(nonZero(typ.Elem(), n))
	case reflect.Slice:
		v.Set(reflect.Append(v, nonZero(typ.Elem(), n), nonZero(typ.Elem(), n+1)))
	case reflect.Struct:
		if typ == reflect.TypeFor[time.Time]() {
			return reflect.ValueOf(time.Date(2020+n, 2, 3, 0, 0, 0, 0, time.UTC))
		}
		for i := range typ.NumField() {
			if f := typ.Field(i); f.Name != "Extra" && f.Name != "Moved" {
				v.Field(i).Set(nonZero(f.Type, n+i))
			}
		}
	default:
		panic("no value for a " + typ.String())
	}
	return v
}

// fullEntities are one of each entity with every attribute set, and members
// that it does not know.
func fullEntities(tb testing.TB) []entity {
	tb.Helper()
	all := entities()
	for i, e := range all {
		v := reflect.ValueOf(e).Elem()
		v.Set(nonZero(v.Type(), i))
		if moved := v.FieldByName("Moved"); moved.IsValid() {
			moved.Set(reflect.New(moved.Type().Elem()))
			moved.Elem().Set(nonZero(moved.Type().Elem(), i))
		}
		if extra := v.FieldByName("Extra"); extra.IsValid() { // a field has none
			extra.Set(reflect.ValueOf(map[string]json.RawMessage{
				"fqn":    json.RawMessage(`"a@b <c>"`),
				"akkoma": json.RawMessage(`{"a":[1,null]}`),
			}))
		}
	}
	return all
}
