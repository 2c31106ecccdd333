package masto_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// Depth is bounded, as in encoding/json.
func TestDecodeDepth(t *testing.T) {
	nested := func(open, inner, shut string, n int) []byte {
		return []byte(`{"x":` + strings.Repeat(open, n) + inner + strings.Repeat(shut, n) + "}")
	}
	for _, kind := range [][3]string{{"[", "", "]"}, {`{"a":`, "1", "}"}, {`[{"":`, "[]", "}]"}} {
		levels := strings.Count(kind[0], "[") + strings.Count(kind[0], "{")
		deepest := (9999 - strings.Count(kind[1], "[")) / levels
		var a masto.Account
		data := nested(kind[0], kind[1], kind[2], deepest)
		require.NoError(t, a.UnmarshalJSON(data))
		require.NoError(t, json.Unmarshal(data, &a))
		assert.Contains(t, string(a.AppendJSON(nil)), string(data[1:]))
		_, err := json.Marshal(a)
		require.NoError(t, err)
		err = a.UnmarshalJSON(nested(kind[0], kind[1], kind[2], deepest+1))
		require.ErrorIs(t, err, masto.ErrMalformed)
	}
	err := new(masto.Account).UnmarshalJSON(bytes.Repeat([]byte(`{"moved":`), 1e6))
	require.ErrorIs(t, err, masto.ErrMalformed)
	e, _ := errors.AsType[*masto.DecodeError](err)
	assert.Less(t, e.Offset, int64(100_000))
	assert.Equal(t, `{"id":"","name":"","color":"","x":null}`,
		string((&masto.AccountRole{Extra: raw("x", strings.Repeat("[", 1e6)+strings.Repeat("]", 1e6))}).AppendJSON(nil)))
}

// hostileTexts returns texts of about n bytes that are meant to cost much.
func hostileTexts() map[string]func(n int) []byte {
	fill := func(n int, head, part, tail string) []byte {
		return []byte(head + strings.Repeat(part, max(n/len(part), 1)) + tail)
	}
	numbered := func(n int, head, format, tail string) []byte {
		b := []byte(head)
		for i := 0; len(b) < n; i++ {
			b = fmt.Appendf(b, format, i)
		}
		return append(b, tail...)
	}
	return map[string]func(n int) []byte{
		"deep arrays":       func(n int) []byte { return fill(n, `{"x":`, "[", "") },
		"deep objects":      func(n int) []byte { return fill(n, `{"x":`, `{"a":`, "") },
		"deep moves":        func(n int) []byte { return fill(n, "", `{"moved":`, "") },
		"a giant number":    func(n int) []byte { return fill(n, `{"followers_count":`, "9", "}") },
		"a giant id":        func(n int) []byte { return fill(n, `{"id":`, "9", "}") },
		"a giant fraction":  func(n int) []byte { return fill(n, `{"followers_count":0.`, "0", "}") },
		"a giant exponent":  func(n int) []byte { return fill(n, `{"collection_limit":1e`, "9", "}") },
		"a giant time":      func(n int) []byte { return fill(n, `{"created_at":"2020-01-01T00:00:00.`, "0", `Z"}`) },
		"a giant string":    func(n int) []byte { return fill(n, `{"note":"`, `\"é`, `"}`) },
		"an endless string": func(n int) []byte { return fill(n, `{"note":"`, `\"`, ``) },
		"no UTF-8":          func(n int) []byte { return fill(n, `{"note":"`, "\xff", `"}`) },
		"lone surrogates":   func(n int) []byte { return fill(n, `{"x":"`, `\ud800`, `"}`) },
		"white space":       func(n int) []byte { return fill(n, `{`, " \n", `}`) },
		"names":             func(n int) []byte { return numbered(n, `{"a":1`, `,"%d":1`, `}`) },
		"escaped names":     func(n int) []byte { return numbered(n, `{"a":1`, `,"\u0061%d":1`, `}`) },
		"one name":          func(n int) []byte { return fill(n, `{"a":1`, `,"a":1`, `}`) },
		"one known name":    func(n int) []byte { return fill(n, `{"id":1`, `,"note":"a\n"`, `}`) },
		"odd known names":   func(n int) []byte { return fill(n, `{"id":1`, `,"note":1,"note":"x"`, `}`) },
		"lists of one name": func(n int) []byte { return fill(n, `{"id":1`, `,"fields":[{}]`, `}`) },
		"odd lists":         func(n int) []byte { return fill(n, `{"id":1`, `,"fields":[1,{"a":1}]`, `}`) },
		"nullable Booleans": func(n int) []byte { return fill(n, `{"id":1`, `,"noindex":true`, `}`) },
		"many fields":       func(n int) []byte { return fill(n, `{"fields":[{}`, `,{"name":"a"}`, `]}`) },
		"many odd fields":   func(n int) []byte { return fill(n, `{"fields":[{}`, `,1`, `]}`) },
		"strings of many kinds": func(n int) []byte {
			return fill(n, `{"emojis":[{}`, `,{"shortcode":"a\n","url":"b","x":{"c":"d"}}`, `]}`)
		},
	}
}

// Hostile texts cost memory in proportion to their size. What they cost in time is a benchmark; anything but linear would be noticed.
func TestDecodeHostile(t *testing.T) {
	const size = 4 << 20
	measure := func(data []byte) uint64 {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var a masto.Account
		if a.UnmarshalJSON(data) == nil {
			out := a.AppendJSON(nil)
			if !json.Valid(out) {
				t.Errorf("what was written is no JSON")
			}
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	for name, text := range hostileTexts() {
		t.Run(name, func(t *testing.T) {
			require.Less(t, measure(text(size)), uint64(80*size), "bytes allocated for %d", size)
		})
	}
}

// BenchmarkDecodeHostile shows that the time is linear: what a byte costs is the same for both sizes.
func BenchmarkDecodeHostile(b *testing.B) {
	for name, text := range hostileTexts() {
		for _, size := range []int{1 << 20, 16 << 20} {
			data := text(size)
			b.Run(fmt.Sprintf("%s/%dM", name, size>>20), func(b *testing.B) {
				for b.Loop() {
					var a masto.Account
					_ = a.UnmarshalJSON(data)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(data)), "ns/byte")
			})
		}
	}
}
