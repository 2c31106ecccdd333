package wire_test

import (
	"strings"
	"testing"

	"github.com/seed-374a2035/masto/internal/wire"
)

const (
	link = `<a href="https://social.example/tags/compost" class="mention hashtag" rel="tag">` +
		`#<span>compost</span></a> and more. `
	address = "https://files.social.example/accounts/avatars/000/001/634/original/6ca8804dc46800ad.png"
)

// texts are strings like those of an account: HTML, which has many quotation
// marks, and an address, which has nothing to escape.
var texts = []struct {
	name string
	text string
}{
	{"html", strings.Repeat(link, 7)},
	{"address", address},
}

func BenchmarkAppendQuoted(b *testing.B) {
	for _, c := range texts {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			var buf []byte
			for b.Loop() {
				buf = wire.AppendQuoted(buf[:0], c.text)
			}
		})
	}
}

func BenchmarkAppendUnquoted(b *testing.B) {
	for _, c := range texts {
		b.Run(c.name, func(b *testing.B) {
			data := wire.AppendQuoted(nil, c.text)
			b.SetBytes(int64(len(data)))
			var buf []byte
			for b.Loop() {
				buf, _, _ = wire.AppendUnquoted(buf[:0], data, 1)
			}
		})
	}
}

func BenchmarkPlain(b *testing.B) {
	data := wire.AppendQuoted(nil, address)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		wire.Plain(data, 1)
	}
}
