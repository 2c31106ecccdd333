package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/memstore"
)

// TestMentions renders what people write through the View of this server.
func TestMentions(t *testing.T) {
	account := func(username, domain, url, uri string) *masto.Record {
		return &masto.Record{
			Username: username,
			Domain:   domain,
			URL:      url,
			URI:      uri,
			Profile:  masto.Profile{ID: username},
		}
	}
	site := &masto.Site{Domain: "social.example", BaseURL: "http://localhost:8080"}
	m := mentions{site, memstore.New(
		account("Alice", "", "", ""),
		account("bob", "", "https://bob.example", "https://social.example/users/bob"),
		account("carol", "remote.example", "https://remote.example/@carol", "https://remote.example/users/carol"),
		account("dave", "xn--bcher-kva.example", "", "https://xn--bcher-kva.example/users/dave"),
		account("eve", "remote.example", "", ""),
		account("mallory", "remote.example", "javascript:alert(1)", "javascript:alert(1)"),
	)}
	const alice, dave = "http://localhost:8080/@Alice", "https://xn--bcher-kva.example/users/dave"
	tests := []struct {
		name    string
		text    string
		url     string // of the link; "" where the mention stays text
		label   string
		inField string // the label of the link in a field
	}{
		{
			name:    "local",
			text:    "@alice",
			url:     alice,
			label:   "Alice",
			inField: "Alice",
		},
		{
			name:    "local of the own domain",
			text:    "@ALICE@Social.example",
			url:     alice,
			label:   "Alice",
			inField: "Alice",
		},
		{
			name:    "local with a page elsewhere",
			text:    "@bob",
			url:     "https://bob.example",
			label:   "bob",
			inField: "bob",
		},
		{
			name:    "remote",
			text:    "@Carol@REMOTE.example",
			url:     "https://remote.example/@carol",
			label:   "carol",
			inField: "carol@remote.example",
		},
		{
			name:    "remote of an international domain",
			text:    "@dave@xn--bcher-kva.example",
			url:     dave,
			label:   "dave",
			inField: "dave@bücher.example",
		},
		{
			name: "an international domain in Unicode",
			text: "@dave@bücher.example",
		},
		{
			name: "remote without a page",
			text: "@eve@remote.example",
		},
		{
			name: "remote with a script as its page",
			text: "@mallory@remote.example",
		},
		{
			name: "nobody",
			text: "@frank",
		},
	}
	r := masto.NewRecord("1", "writer")
	for _, tt := range tests {
		r.Profile.Fields = append(r.Profile.Fields, masto.Field{Name: tt.name, Value: tt.text})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r.Profile.Note = tt.text
			v, err := m.view(t.Context(), r)
			require.NoError(t, err)
			link := func(label string) string {
				if tt.url == "" {
					return tt.text
				}
				return `<span class="h-card" translate="no"><a href="` + tt.url + `" class="u-url mention">` +
					"@<span>" + label + "</span></a></span>"
			}
			a := site.Account(r, v)
			assert.Equal(t, "<p>"+link(tt.label)+"</p>", a.Note)
			for _, f := range a.Fields {
				if f.Name == tt.name {
					assert.Equal(t, link(tt.inField), f.Value)
				}
			}
		})
	}
}
