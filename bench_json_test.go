package masto_test

import (
	"testing"

	"github.com/seed-374a2035/masto"
)

// Encoding and decoding 40 different accounts; benchmarks/compare has the peers.

func BenchmarkAppendJSON(b *testing.B) {
	var accounts []masto.Account
	var bytes int64
	for n := range 40 {
		accounts = append(accounts, sample(n))
		bytes += int64(len(accounts[n].AppendJSON(nil)))
	}
	var buf []byte
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for i := range accounts {
			buf = accounts[i].AppendJSON(buf[:0])
		}
	}
}

func BenchmarkUnmarshalJSON(b *testing.B) {
	var texts [][]byte
	var bytes int64
	for n := range 40 {
		a := sample(n)
		texts = append(texts, a.AppendJSON(nil))
		bytes += int64(len(texts[n]))
	}
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range texts {
			if err := new(masto.Account).UnmarshalJSON(text); err != nil {
				b.Fatal(err)
			}
		}
	}
}
