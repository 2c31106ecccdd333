package jsonscan_test

import (
	"strings"
	"testing"

	"github.com/seed-374a2035/masto/internal/jsonscan"
)

// Strings as they are in accounts: HTML with many quotation marks, and addresses with nothing to escape.

var html = strings.Repeat(`<a href="https://social.example/tags/compost" class="mention hashtag" rel="tag">#<span>compost</span></a> and more. `, 7)

const address = "https://files.social.example/accounts/avatars/000/001/634/original/6ca8804dc46800ad.png"

func BenchmarkAppendQuoted(b *testing.B) {
	for name, s := range map[string]string{"html": html, "address": address} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			var buf []byte
			for b.Loop() {
				buf = jsonscan.AppendQuoted(buf[:0], s)
			}
		})
	}
}

func BenchmarkAppendUnquoted(b *testing.B) {
	for name, s := range map[string]string{"html": html, "address": address} {
		b.Run(name, func(b *testing.B) {
			data := jsonscan.AppendQuoted(nil, s)
			b.SetBytes(int64(len(data)))
			var buf []byte
			for b.Loop() {
				buf, _, _ = jsonscan.AppendUnquoted(buf[:0], data, 1)
			}
		})
	}
}

func BenchmarkPlain(b *testing.B) {
	data := jsonscan.AppendQuoted(nil, address)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		jsonscan.Plain(data, 1)
	}
}
