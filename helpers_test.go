package masto_test

import (
	"encoding/json"
	"testing"

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
