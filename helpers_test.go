package masto_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-374a2035/masto"
)

// testSite is the site of most tests.
var testSite = &masto.Site{Domain: "social.example"}

// seedTexts adds the texts of a file of vectors to the corpus of a fuzz test.
func seedTexts(f *testing.F, files ...string) {
	f.Helper()
	for _, file := range files {
		for _, v := range readVectors(f, vectorFile(file)) {
			var s string
			if json.Unmarshal(v.In, &s) == nil {
				f.Add(s)
			}
			var call struct{ Text string }
			if json.Unmarshal(v.In, &call) == nil {
				f.Add(call.Text)
			}
		}
	}
}

// nonZero returns a value of a type with every part of it set. n tells values
// apart.
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

// fullEntities returns one of each entity with every attribute set, and with
// members that it does not know.
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
