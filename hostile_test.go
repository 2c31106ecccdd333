package masto_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
		assert.Contains(t, string(marshal(a)), string(data[1:]))
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
		string(marshal(masto.AccountRole{Extra: raw("x", strings.Repeat("[", 1e6)+strings.Repeat("]", 1e6))})))
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
		"deep arrays":        func(n int) []byte { return fill(n, `{"x":`, "[", "") },
		"deep objects":       func(n int) []byte { return fill(n, `{"x":`, `{"a":`, "") },
		"deep moves":         func(n int) []byte { return fill(n, "", `{"moved":`, "") },
		"a giant number":     func(n int) []byte { return fill(n, `{"followers_count":`, "9", "}") },
		"a giant id":         func(n int) []byte { return fill(n, `{"id":`, "9", "}") },
		"a giant fraction":   func(n int) []byte { return fill(n, `{"followers_count":0.`, "0", "}") },
		"a giant exponent":   func(n int) []byte { return fill(n, `{"collection_limit":1e`, "9", "}") },
		"a giant time":       func(n int) []byte { return fill(n, `{"created_at":"2020-01-01T00:00:00.`, "0", `Z"}`) },
		"a giant string":     func(n int) []byte { return fill(n, `{"note":"`, `\"é`, `"}`) },
		"an endless string":  func(n int) []byte { return fill(n, `{"note":"`, `\"`, ``) },
		"no UTF-8":           func(n int) []byte { return fill(n, `{"note":"`, "\xff", `"}`) },
		"lone surrogates":    func(n int) []byte { return fill(n, `{"x":"`, `\ud800`, `"}`) },
		"white space":        func(n int) []byte { return fill(n, `{`, " \n", `}`) },
		"names":              func(n int) []byte { return numbered(n, `{"a":1`, `,"%d":1`, `}`) },
		"escaped names":      func(n int) []byte { return numbered(n, `{"a":1`, `,"\u0061%d":1`, `}`) },
		"one name":           func(n int) []byte { return fill(n, `{"a":1`, `,"a":1`, `}`) },
		"one known name":     func(n int) []byte { return fill(n, `{"id":1`, `,"note":"a\n"`, `}`) },
		"odd known names":    func(n int) []byte { return fill(n, `{"id":1`, `,"note":1,"note":"x"`, `}`) },
		"lists of one name":  func(n int) []byte { return fill(n, `{"id":1`, `,"fields":[{}]`, `}`) },
		"odd lists":          func(n int) []byte { return fill(n, `{"id":1`, `,"fields":[1,{"a":1}]`, `}`) },
		"nullable Booleans":  func(n int) []byte { return fill(n, `{"id":1`, `,"noindex":true`, `}`) },
		"empty emojis":       func(n int) []byte { return fill(n, `{"emojis":[{}`, `,{}`, `]}`) },
		"empty roles":        func(n int) []byte { return fill(n, `{"roles":[{}`, `,{}`, `]}`) },
		"empty fields":       func(n int) []byte { return fill(n, `{"fields":[{}`, `,{}`, `]}`) },
		"empty tags":         func(n int) []byte { return fill(n, `{"featured_tags":[{}`, `,{}`, `]}`) },
		"empty domains":      func(n int) []byte { return fill(n, `{"attribution_domains":[""`, `,""`, `]}`) },
		"emojis by number":   func(n int) []byte { return fill(n, `{"emojis":{"0":{}`, `,"0":{}`, `}}`) },
		"emojis with more":   func(n int) []byte { return fill(n, `{"emojis":[{}`, `,{"a":1}`, `]}`) },
		"odd emojis":         func(n int) []byte { return fill(n, `{"emojis":[{}`, `,{"url":1}`, `]}`) },
		"emojis with many":   func(n int) []byte { return fill(n, `{"emojis":[{}`, `,{"a":1,"b":1,"c":1,"d":1}`, `]}`) },
		"fields in source":   func(n int) []byte { return fill(n, `{"source":{"fields":[{}`, `,{}`, `]}}`) },
		"lists of emojis":    func(n int) []byte { return fill(n, `{"emojis":[]`, `,"emojis":[{}]`, `}`) },
		"moves":              func(n int) []byte { return fill(n, `{"moved":{}`, `,"moved":{}`, `}`) },
		"roles of one's own": func(n int) []byte { return fill(n, `{"role":{}`, `,"role":{"a":1}`, `}`) },
		"names of roles":     func(n int) []byte { return fill(n, `{"role":""`, `,"role":""`, `}`) },
		"approvals":          func(n int) []byte { return fill(n, `{"feature_approval":{}`, `,"feature_approval":{}`, `}`) },
		"names of no UTF-8":  func(n int) []byte { return numbered(n, `{"a":1`, ",\"\xff%d\":1", `}`) },
		"one name of no UTF-8": func(n int) []byte {
			return fill(n, `{"`, "\xff", `":1}`)
		},
		"half emojis, half no UTF-8": func(n int) []byte {
			return append(fill(n/2, `{"emojis":[{}`, `,{}`, `],`), fill(n/2, `"note":"`, "\xff", `"}`)...)
		},
		"many fields":     func(n int) []byte { return fill(n, `{"fields":[{}`, `,{"name":"a"}`, `]}`) },
		"many odd fields": func(n int) []byte { return fill(n, `{"fields":[{}`, `,1`, `]}`) },
		"strings of many kinds": func(n int) []byte {
			return fill(n, `{"emojis":[{}`, `,{"shortcode":"a\n","url":"b","x":{"c":"d"}}`, `]}`)
		},
	}
}

// Hostile texts cost at most 20 bytes of memory for each of their bytes, and 64
// KiB besides. It is all that is allocated, of which the peak is a part.
func TestDecodeHostile(t *testing.T) {
	const perByte, base = 20, 64 << 10
	for name, text := range hostileTexts() {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{1 << 10, 32 << 10, 1 << 20} {
				data := text(size)
				for _, e := range []entity{new(masto.CredentialAccount), new(masto.Profile)} {
					got := allocated(func() { _ = e.UnmarshalJSON(data) })
					require.LessOrEqual(t, got, uint64(perByte*len(data)+base), "%T from %d bytes", e, len(data))
					require.True(t, json.Valid(marshal(e)), "what was written is no JSON")
				}
			}
		})
	}
}

// BenchmarkDecodeHostile shows that the time is linear: what a byte costs is
// the same for both sizes.
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
