package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/memstore"
)

func TestMentions(t *testing.T) {
	account := func(username, domain, url, uri string) *masto.Record {
		return &masto.Record{Username: username, Domain: domain, URL: url, URI: uri, Profile: masto.Profile{ID: username}}
	}
	m := mentions{memstore.New(
		account("Alice", "", "", ""),
		account("bob", "", "https://bob.example", "https://social.example/users/bob"),
		account("carol", "remote.example", "https://remote.example/@carol", "https://remote.example/users/carol"),
		account("dave", "remote.example", "", "https://remote.example/users/dave"),
		account("eve", "remote.example", "", ""),
	), "social.example", "http://localhost:8080"}
	v, err := m.view(t.Context(), &masto.Record{Profile: masto.Profile{
		Note:   "@alice @ALICE@social.example @bob @carol@remote.example @dave@remote.example",
		Fields: []masto.Field{{Name: "Friends", Value: "@eve@remote.example @frank"}},
	}})
	require.NoError(t, err)
	for name, want := range map[[2]string]masto.Mention{
		{"alice", ""}:               {Username: "Alice", URL: "http://localhost:8080/@Alice"},
		{"ALICE", "social.example"}: {Username: "Alice", URL: "http://localhost:8080/@Alice"},
		{"bob", ""}:                 {Username: "bob", URL: "https://bob.example"},
		{"carol", "remote.example"}: {Username: "carol", Domain: "remote.example", URL: "https://remote.example/@carol"},
		{"dave", "remote.example"}:  {Username: "dave", Domain: "remote.example", URL: "https://remote.example/users/dave"},
	} {
		got, ok := v.Mention(name[0], name[1])
		assert.True(t, ok, name)
		assert.Equal(t, want, got)
	}
	for _, name := range [][2]string{{"eve", "remote.example"}, {"frank", ""}} {
		_, ok := v.Mention(name[0], name[1])
		assert.False(t, ok, "%v: there is nothing to link to", name)
	}
}
