package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/wire"
)

func TestAnyGet(t *testing.T) {
	v := wire.AnyAt([]byte(` {"a": {"b\n": [1, "x"]}, "c": 1, "c": "\u00e9`+"\xff"+`", "d": null} `), 0)
	for _, c := range []struct {
		name       string
		path       []string
		kind       byte
		text       string
		stringText string
	}{
		{"an object", []string{"a"}, '{', `{"b\n": [1, "x"]}`, ""},
		{"an escaped name", []string{"a", "b\n"}, '[', `[1, "x"]`, ""},
		{"the last of two", []string{"c"}, '"', "é\ufffd", "é\ufffd"},
		{"null", []string{"d"}, 'n', "null", ""},
		{"nothing", []string{"e"}, 0, "", ""},
		{"nothing in a list", []string{"a", "b\n", "0"}, 0, "", ""},
		{"nothing in nothing", []string{"e", "f"}, 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := v.Get(c.path...)
			require.Equal(t, c.kind, got.Kind())
			require.Equal(t, c.text, got.Text())
			require.Equal(t, c.stringText, got.StringText())
		})
	}
}

// What Any finds in a text is what encoding/json finds.
func FuzzAny(f *testing.F) {
	for _, seed := range []string{`{}`, `[ ]`, `{"a":[1,"b\u00e9"],"a":null}`, `{"":{"x":[[]]}}`, `"x"`, `-1.5e3`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) {
			return
		}
		var want map[string]json.RawMessage
		if json.Unmarshal(data, &want) != nil {
			return
		}
		v := wire.AnyAt(data, 0)
		for name, raw := range want {
			got := v.Get(name)
			require.Equal(t, raw[0], got.Kind())
			var text string
			if raw[0] == '"' {
				require.NoError(t, json.Unmarshal(raw, &text))
				require.Equal(t, text, got.Text())
			} else {
				require.Equal(t, string(raw), got.Text())
			}
		}
		names := 0
		for range v.Elements() {
			names++
		}
		require.GreaterOrEqual(t, names, len(want))
	})
}
