package wire_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/wire"
)

// FuzzAgainstEncodingJSON checks that the package agrees with encoding/json on
// what is valid JSON and on the text of every string.
func FuzzAgainstEncodingJSON(f *testing.F) {
	for _, s := range []string{
		"",
		" ",
		"null",
		"nul",
		"true",
		"false ",
		"-0.5e+10",
		"01",
		"1.",
		"[1,2]",
		"[1,]",
		"[]]",
		`{"a":{}}`,
		`{"a"}`,
		`{"a":1,}`,
		`"a\u00e9\n"`,
		`"\ud83d\ude00\ud800"`,
		"\"\xff\"",
		"\"a\nb\"",
		`"12345678\"`,
		"[[[[[[]]]]]]",
		" {\"x\" : [ 1 , \"\\\\\" ] } ",
		"\"\u2028\x7f\"",
		`"\u12"`,
		"1 2",
		"\"é日本語1234567\"",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		end, ok := wire.Value(data, 0, 0)
		require.LessOrEqual(t, end, len(data))
		whole := ok && wire.Space(data, end) == len(data)
		require.Equal(t, json.Valid(data), whole, "%q", data)

		before := []byte("before")
		compact, ok := wire.AppendCompact(before, data)
		require.Equal(t, whole, ok)
		require.True(t, bytes.HasPrefix(compact, before))
		compact = compact[len(before):]
		if !whole {
			require.Empty(t, compact)
		} else {
			require.True(t, utf8.Valid(compact))
			var want, got any
			require.NoError(t, unmarshal(data, &want))
			require.NoError(t, unmarshal(compact, &got))
			require.Equal(t, want, got)
			again, ok := wire.AppendCompact(nil, compact)
			require.True(t, ok)
			require.Equal(t, compact, again)
		}

		// What AppendQuoted writes, AppendUnquoted and encoding/json both read.
		quoted := wire.AppendQuoted(nil, string(data))
		text, end, ok := wire.AppendUnquoted(nil, quoted, 1)
		require.True(t, ok)
		require.Equal(t, len(quoted), end)
		require.Equal(t, string([]rune(string(data))), string(text))
		var want string
		require.NoError(t, json.Unmarshal(quoted, &want))
		require.Equal(t, want, string(text))

		// The data between quotation marks may be any string, valid or not.
		raw := append(append([]byte{'"'}, data...), '"')
		end, ok = wire.String(raw, 1)
		text, textEnd, textOK := wire.AppendUnquoted(nil, raw, 1)
		require.Equal(t, ok, textOK, "%q", raw)
		require.Equal(t, end, textEnd, "%q", raw)
		if ok {
			require.NoError(t, json.Unmarshal(raw[:end], &want))
			require.Equal(t, want, string(text), "%q", raw[:end])
			stop, valid := wire.Plain(raw, 1)
			require.Equal(t, utf8.Valid(raw[1:stop]), valid)
			require.Equal(t, !bytes.ContainsRune(raw[1:end-1], '\\'), stop == end-1)
		}
	})
}

// unmarshal decodes numbers as json.Number, which keeps their spelling.
func unmarshal(data []byte, v *any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(v)
}
