package masto_test

import (
	"encoding/json"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

// testSite is the site of most tests.
var testSite = &masto.Site{Domain: "social.example"}

// seedTexts adds the texts of a file of vectors to the corpus of a fuzz test.
func seedTexts(f *testing.F, files ...string) {
	f.Helper()
	for _, file := range files {
		for _, v := range vectors.File(f, file) {
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

// entity is a pointer to an entity.
type entity interface {
	json.Marshaler
	json.Unmarshaler
}

// marshal returns the JSON of an entity as its own method writes it.
func marshal(e json.Marshaler) []byte {
	data, err := e.MarshalJSON()
	if err != nil {
		panic(err)
	}
	return data
}

// entities returns a zero value of each entity.
func entities() []entity {
	return []entity{
		new(masto.Account),
		new(masto.CredentialAccount),
		new(masto.MutedAccount),
		new(masto.PartialAccountWithAvatar),
		new(masto.Profile),
		new(masto.Field),
		new(masto.Source),
		new(masto.AccountRole),
		new(masto.Role),
		new(masto.CustomEmoji),
		new(masto.FeaturedTag),
		new(masto.FeatureApproval),
	}
}

// asEntity returns what a pointer to an entity holds.
func asEntity(v reflect.Value) entity {
	e, ok := v.Interface().(entity)
	if !ok {
		panic("no entity: " + v.Type().String())
	}
	return e
}

// newEntity makes an entity by the name of its type, or of its serializer in
// the vectors.
func newEntity(tb testing.TB, name string) entity {
	tb.Helper()
	for _, e := range entities() {
		n := reflect.TypeOf(e).Elem().Name()
		serializer := strings.ReplaceAll(name, "_", "")
		if n == name || strings.EqualFold(strings.TrimSuffix(n, "WithAvatar"), serializer) {
			return e
		}
	}
	tb.Fatalf("no entity %q", name)
	return nil
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

// utc returns a time in UTC.
func utc(year, month, day, hour, minute, sec, nanos int) time.Time {
	return time.Date(year, time.Month(month), day, hour, minute, sec, nanos, time.UTC)
}

// parseTime returns the time that a vector or sample writes as ISO 8601.
func parseTime(s string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return at
}

// raw returns members by name, from pairs of a name and its raw JSON.
func raw(pairs ...string) map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = json.RawMessage(pairs[i+1])
	}
	return m
}

func ptr[T any](v T) *T { return &v }

// allocated returns how many bytes f allocates, which is more than it needs at
// any time.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
