package wire_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/wire"
)

// value is a struct of everything that a Reader reads.
type value struct {
	String    string
	StringPtr *string
	ID        string
	Count     int64
	IntPtr    *int
	Uint64    uint64
	Bool      bool
	BoolPtr   *bool
	Time      time.Time
	NoObject  bool
	Strings   []string
}

// read calls the method of a Reader by its name.
func (v *value) read(r *wire.Reader, method string) wire.Result {
	switch method {
	case "String":
		return r.String(&v.String)
	case "StringPtr":
		return r.StringPtr(&v.StringPtr)
	case "ID":
		return r.ID(&v.ID)
	case "Count":
		return r.Count(&v.Count)
	case "IntPtr":
		return r.IntPtr(&v.IntPtr)
	case "Uint64":
		return r.Uint64(&v.Uint64)
	case "Bool":
		return r.Bool(&v.Bool)
	case "BoolPtr":
		return r.BoolPtr(&v.BoolPtr)
	case "Time":
		return r.Time(&v.Time)
	case "NoObject":
		return r.NoObject()
	case "Strings":
		return v.readStrings(r)
	}
	return wire.Unknown
}

func (v *value) readStrings(r *wire.Reader) wire.Result {
	v.Strings = nil
	l := r.List('"')
	for r.Element(&l) {
		if s := wire.AddElement(r, &v.Strings); s != nil {
			r.String(s)
		}
	}
	return wire.FinishList(&v.Strings, l)
}

// readObject reads an object whose members have the names of methods.
func readObject(data []byte) (v value, extra map[string]json.RawMessage, err *wire.SyntaxError) {
	r := wire.Reader{Data: data}
	if r.Start() {
		var m wire.Member
		for r.Open(); r.Next(&m); {
			r.FinishMember(&m, &extra, v.read(&r, string(m.Key)))
		}
	}
	return v, extra, r.End()
}

func ptr[T any](v T) *T { return &v }

// TestReaderUsed has the values that each method of a Reader uses.
func TestReaderUsed(t *testing.T) {
	for _, c := range []struct {
		method string
		json   string
		want   value
	}{
		{"String", `""`, value{}},
		{"String", `"a\n\u00e9"`, value{String: "a\né"}},
		{"String", `null`, value{}},
		{"StringPtr", `""`, value{StringPtr: ptr("")}},
		{"StringPtr", `"en"`, value{StringPtr: ptr("en")}},
		{"StringPtr", `null`, value{}},
		{"ID", `"a"`, value{ID: "a"}},
		{"ID", `116222600881276277`, value{ID: "116222600881276277"}},
		{"ID", `-1.50`, value{ID: "-1.50"}},
		{"ID", `null`, value{}},
		{"Count", `-1`, value{Count: -1}},
		{"Count", `"12"`, value{Count: 12}},
		{"Count", `12.0`, value{Count: 12}},
		{"Count", `1e3`, value{Count: 1000}},
		{"Count", `9223372036854775807`, value{Count: 1<<63 - 1}},
		{"Count", `null`, value{}},
		{"IntPtr", `0`, value{IntPtr: ptr(0)}},
		{"IntPtr", `"10"`, value{IntPtr: ptr(10)}},
		{"IntPtr", `null`, value{}},
		{"Uint64", `18446744073709551615`, value{Uint64: 1<<64 - 1}},
		{"Uint64", `"65536"`, value{Uint64: 65536}},
		{"Uint64", `null`, value{}},
		{"Bool", `true`, value{Bool: true}},
		{"Bool", `"true"`, value{Bool: true}},
		{"Bool", `1`, value{Bool: true}},
		{"Bool", `"1"`, value{Bool: true}},
		{"Bool", `false`, value{}},
		{"Bool", `"false"`, value{}},
		{"Bool", `0`, value{}},
		{"Bool", `"0"`, value{}},
		{"Bool", `null`, value{}},
		{"BoolPtr", `true`, value{BoolPtr: ptr(true)}},
		{"BoolPtr", `"0"`, value{BoolPtr: ptr(false)}},
		{"BoolPtr", `null`, value{}},
		{"Time", `"2020-02-29"`, value{Time: time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)}},
		{"Time", `1486519253`, value{Time: time.Date(2017, 2, 8, 2, 0, 53, 0, time.UTC)}},
		{"Time", `0`, value{}},
		{"Time", `""`, value{}},
		{"Time", `null`, value{}},
		{"NoObject", `null`, value{}},
		{"NoObject", `[ ]`, value{}},
		{"Strings", `[]`, value{Strings: []string{}}},
		{"Strings", `["a",null,"b\n"]`, value{Strings: []string{"a", "b\n"}}},
		{"Strings", `{"3":"a","00":null,"1":"b"}`, value{Strings: []string{"a", "b"}}},
		{"Strings", `{ }`, value{Strings: []string{}}},
		{"Strings", `null`, value{}},
	} {
		t.Run(c.method+" "+c.json, func(t *testing.T) {
			got, extra, err := readObject([]byte(` { "` + c.method + `" : ` + c.json + ` } `))
			require.Nil(t, err)
			require.Equal(t, c.want, got)
			require.Nil(t, extra)
		})
	}
}

// TestReaderUnusable has the values that a method cannot use. They are stored
// in extra as they are written, and the next member is read.
func TestReaderUnusable(t *testing.T) {
	const object, array = `{"a": [1, {}]}`, `[{"a": 1}, [], "b"]`
	for _, c := range []struct {
		method string
		values []string
		want   value
	}{
		{"String", []string{`1`, `true`, object, array}, value{}},
		{"StringPtr", []string{`1`, `true`, object, array}, value{}},
		{"ID", []string{`true`, object, array}, value{}},
		{"Count", []string{`"many"`, `""`, `1.5`, `9223372036854775808`, `1e400`, `true`, object, array}, value{}},
		{"IntPtr", []string{`"many"`, `1.5`, `true`, object, array}, value{}},
		{"Uint64", []string{`-1`, `1.0`, `18446744073709551616`, `"x"`, `true`, object, array}, value{}},
		{"Bool", []string{`"yes"`, `""`, `2`, `1.0`, `"True"`, object, array}, value{}},
		{"BoolPtr", []string{`"yes"`, `""`, `-1`, object, array}, value{}},
		{"Time", []string{`"yesterday"`, `"1486519253"`, `1e18`, `true`, object, array}, value{}},
		{"NoObject", []string{`"x"`, `1`, `[ 1 ]`, object, array}, value{}},
		{"Strings", []string{`"a"`, `1`, object, `{"0":1}`, `{"":"a"}`}, value{}},
		{"Strings", []string{`[1]`, `[{}, [], null]`}, value{Strings: []string{}}},
		{"Strings", []string{array, `{"a":"x","0":"b"}`, `["b", {"a": ["c"]}]`}, value{Strings: []string{"b"}}},
		{"Unknown", []string{`null`, `"a"`, object, array}, value{}},
	} {
		for _, text := range c.values {
			t.Run(c.method+" "+text, func(t *testing.T) {
				got, extra, err := readObject([]byte(`{"` + c.method + `" :` + text + ` , "Last":[1, 2]}`))
				require.Nil(t, err)
				require.Equal(t, c.want, got)
				require.Equal(t, map[string]json.RawMessage{
					c.method: json.RawMessage(text),
					"Last":   json.RawMessage("[1, 2]"),
				}, extra)
			})
		}
	}
}

// TestReaderRewinds has a caller that reads a part of a value and then reports
// it as unusable: the value is skipped from its start.
func TestReaderRewinds(t *testing.T) {
	const text = `{"a": [{"b": "c"}, [1]], "d": ["e"]}`
	for _, c := range []struct {
		name string
		read func(r *wire.Reader)
	}{
		{"nothing", func(*wire.Reader) {}},
		{"a bracket", func(r *wire.Reader) { r.Open() }},
		{"brackets inside", func(r *wire.Reader) { r.Open(); r.Peek(); r.Open() }},
		{"an element", func(r *wire.Reader) { r.Open(); r.Skip() }},
		{"all of it", func(r *wire.Reader) { r.Skip() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := wire.Reader{Data: []byte(text)}
			require.True(t, r.Start())
			r.Open()
			var m wire.Member
			var extra map[string]json.RawMessage
			require.True(t, r.Next(&m))
			c.read(&r)
			r.FinishMember(&m, &extra, wire.Unusable)
			require.Equal(t, `[{"b": "c"}, [1]]`, string(extra["a"]))
			require.True(t, r.Next(&m))
			require.Equal(t, "d", string(m.Key))
			c.read(&r)
			r.SkipMember(&m)
			require.False(t, r.Next(&m))
			require.Nil(t, r.End())
		})
	}
}

// TestReaderRepeatedNames checks that the last of the members with one name
// wins.
func TestReaderRepeatedNames(t *testing.T) {
	for _, c := range []struct {
		name  string
		json  string
		want  value
		extra map[string]json.RawMessage
	}{
		{
			name: "used twice",
			json: `{"Count":1,"Count":2}`,
			want: value{Count: 2},
		},
		{
			name: "unusable, then used",
			json: `{"Count":"x","Count":2}`,
			want: value{Count: 2},
		},
		{
			name:  "used, then unusable",
			json:  `{"Count":1,"Count":"x"}`,
			extra: map[string]json.RawMessage{"Count": json.RawMessage(`"x"`)},
		},
		{
			name:  "unusable, then null, beside an unknown one",
			json:  `{"Count":"x","a":1,"Count":null}`,
			extra: map[string]json.RawMessage{"a": json.RawMessage(`1`)},
		},
		{
			name:  "unknown twice",
			json:  `{"a":1,"\u0061":[2]}`,
			extra: map[string]json.RawMessage{"a": json.RawMessage(`[2]`)},
		},
		{
			name:  "invalid UTF-8",
			json:  "{\"a\xff\":1,\"a\xfe\":2}",
			extra: map[string]json.RawMessage{"a\ufffd": json.RawMessage(`2`)},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, extra, err := readObject([]byte(c.json))
			require.Nil(t, err)
			require.Equal(t, c.want, got)
			require.Equal(t, c.extra, extra)
		})
	}
}

func TestReaderErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		json string
		want string // "" is no error
	}{
		{"null", ` null `, ""},
		{"nothing", ` `, "unexpected end at byte 1"},
		{"half of a null", `nul`, "unexpected end at byte 3"},
		{"array", `[1]`, "not an object at byte 0"},
		{"malformed array", `[1,]`, "invalid value at byte 3"},
		{"more text", `{} x`, "text after the end at byte 3"},
		{"NUL", "{}\x00", "text after the end at byte 2"},
		{"no name", `{1}`, "no name of a member at byte 1"},
		{"no colon", `{"a" 1}`, "no colon after the name of a member at byte 5"},
		{"bad name", `{"\x":1}`, "invalid string at byte 2"},
		{"no comma", `{"a":1 "b":2}`, "no comma or closing bracket at byte 7"},
		{"comma at the end", `{"a":1,}`, "nothing after a comma at byte 7"},
		{"comma at the end of a list", `{"Strings":["a",]}`, "nothing after a comma at byte 16"},
		{"no comma in a list", `{"Strings":["a" "b"]}`, "no comma or closing bracket at byte 16"},
		{"bad string", `{"String":"a\x"}`, "invalid string at byte 12"},
		{"bad number", `{"Count":1.}`, "invalid number at byte 11"},
		{"bad value", `{"a":[nan]}`, "invalid value at byte 7"},
		{"open object", `{"a":1`, "unexpected end at byte 6"},
		{"open list", `{"Strings":["a"`, "unexpected end at byte 15"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := readObject([]byte(c.json))
			if c.want == "" {
				require.Nil(t, err)
				return
			}
			require.EqualError(t, err, c.want)
		})
	}
}

// TestReaderSharesNothing checks that what was read stays when the text and
// other values change.
func TestReaderSharesNothing(t *testing.T) {
	data := []byte(`{"String":"text","ID":"id","BoolPtr":true,"a":"first","b":"second"}`)
	v, extra, err := readObject(data)
	require.Nil(t, err)
	for i := range data {
		data[i] = 'x'
	}
	extra["a"] = append(extra["a"], " and more"...)
	require.Equal(t, value{String: "text", ID: "id", BoolPtr: ptr(true)}, v)
	require.Equal(t, `"second"`, string(extra["b"]))
	require.Len(t, extra, 2)
}

// TestReaderBudget has texts of which each byte stands for much memory. What
// the budget has no room for is dropped, and the text after it is read.
func TestReaderBudget(t *testing.T) {
	const n = 100_000
	for _, c := range []struct {
		name string
		json string
	}{
		{"elements", `{"Strings":[""` + strings.Repeat(`,""`, n) + `],"ID":"last"}`},
		{"elements by number", `{"Strings":{"0":""` + strings.Repeat(`,"0":""`, n) + `},"ID":"last"}`},
		{"lists", `{"a":1` + strings.Repeat(`,"Strings":[""]`, n) + `,"ID":"last"}`},
		{"unknown members", `{"a":1` + strings.Repeat(`,"a":1`, n) + `,"ID":"last"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(c.json)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			v, _, err := readObject(data)
			runtime.ReadMemStats(&after)
			require.Nil(t, err)
			require.Equal(t, "last", v.ID)
			require.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(20*len(data)+64<<10))
		})
	}
}

// FuzzReader checks that a Reader takes what encoding/json takes, that the same
// members are there, and that what is stored in extra is the text of a value.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		`{}`,
		`null`,
		`{"String":"a","Count":"1","Bool":1,"Time":"2020-01-02","Strings":["a",1]}`,
		`{"StringPtr":null,"IntPtr":1.5,"BoolPtr":"x","Uint64":-1,"NoObject":[[]]}`,
		`{"Strings":{"0":"a","x":["\ud800"],"1":null},"a":{"b":[1,2]}}`,
		`{"Count":"x","Count":1,"a":1,"\u0061":2}`,
		`{"Strings":["a",],"b":}`,
		"{\"\xff\":\"\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, extra, err := readObject(data)
		var want map[string]json.RawMessage
		wantErr := json.Unmarshal(data, &want)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, but encoding/json says %v", data, err, wantErr)
		}
		if err != nil {
			require.LessOrEqual(t, err.Offset, len(data))
			return
		}
		for name, text := range extra {
			require.Equal(t, string(want[name]), string(text), "%q", name)
		}
		for name, text := range want {
			if extra[name] == nil {
				var v value
				r := wire.Reader{Data: text}
				require.Equal(t, wire.Used, v.read(&r, name), "%q is neither used nor in extra", name)
			}
		}
	})
}
