package main

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/mattn/go-mastodon"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goMastodon returns the client go-mastodon with a token.
func (s *session) goMastodon(token string) *mastodon.Client {
	return mastodon.NewClient(&mastodon.Config{Server: s.base, AccessToken: token})
}

// TestGoMastodonReads lets go-mastodon read what it has methods for.
func TestGoMastodonReads(t *testing.T) {
	s := startForClients(t)
	client, ctx := s.goMastodon(s.token), t.Context()

	own, err := client.GetAccountCurrentUser(ctx)
	require.NoError(t, err)
	assert.Equal(t, "Demo", own.DisplayName)
	assert.Len(t, *own.Source.Fields, 2)

	bob, err := client.AccountLookup(ctx, "bob")
	require.NoError(t, err)
	assert.Equal(t, "Bob", bob.DisplayName)
	same, err := client.GetAccount(ctx, bob.ID)
	require.NoError(t, err)
	assert.Equal(t, bob, same)

	instance, err := client.GetInstance(ctx)
	require.NoError(t, err)
	assert.Equal(t, serverTitle, instance.Title)
	assert.EqualValues(t, 2, instance.Stats.UserCount)
	assert.EqualValues(t, 500, (*instance.GetConfig().Statuses)["max_characters"])

	_, err = s.goMastodon("guessed").GetAccountCurrentUser(ctx)
	assertStatus(t, 401, err)
	_, err = client.GetAccount(ctx, "404")
	assertStatus(t, 404, err)
}

// TestGoMastodonUpdates lets go-mastodon set and clear every attribute that it
// can send, and pictures. It cannot remove a picture or a list of fields.
func TestGoMastodonUpdates(t *testing.T) {
	s := startForClients(t)
	client, ctx := s.goMastodon(s.token), t.Context()
	update := func(t *testing.T, p mastodon.Profile) *mastodon.Account {
		t.Helper()
		account, err := client.AccountUpdate(ctx, &p)
		require.NoError(t, err)
		own, err := client.GetAccountCurrentUser(ctx)
		require.NoError(t, err)
		assert.Equal(t, own, account)
		return account
	}

	picture := "data:image/png;base64," + base64.StdEncoding.EncodeToString([]byte(pngPixel))
	account := update(t, mastodon.Profile{
		DisplayName: new("Ærø 🍄"),
		Note:        new("Hello\n\nhttps://spore.io"),
		Locked:      new(true),
		Fields:      &[]mastodon.Field{{Name: "Site", Value: "https://spore.io"}},
		Source: &mastodon.AccountSource{
			Privacy:   new("unlisted"),
			Sensitive: new(true),
			Language:  new("nan-TW"),
		},
		Avatar: picture,
		Header: picture,
	})
	assert.Equal(t, "Ærø 🍄", account.DisplayName)
	assert.Equal(t, "Hello\n\nhttps://spore.io", *account.Source.Note)
	assert.True(t, account.Locked)
	assert.Equal(t, []mastodon.Field{{Name: "Site", Value: "https://spore.io"}}, *account.Source.Fields)
	assert.Equal(t, "unlisted", *account.Source.Privacy)
	assert.True(t, *account.Source.Sensitive)
	assert.Equal(t, "nan-TW", *account.Source.Language)
	for kind, address := range map[string]string{"avatar": account.Avatar, "header": account.Header} {
		picture, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, prepared(t, kind, pngPixel), s.get(t, picture.Path).body, kind)
	}

	account = update(t, mastodon.Profile{
		DisplayName: new(""),
		Note:        new(""),
		Locked:      new(false),
		Fields:      &[]mastodon.Field{{}},
		Source:      &mastodon.AccountSource{Privacy: new("public"), Sensitive: new(false)},
	})
	assert.Empty(t, account.DisplayName)
	assert.Empty(t, *account.Source.Note)
	assert.False(t, account.Locked)
	assert.Empty(t, account.Fields)
	assert.Equal(t, "nan-TW", *account.Source.Language, "what was not sent stays")

	_, err := client.AccountUpdate(ctx, &mastodon.Profile{Note: new(strings.Repeat("x", 501))})
	assertStatus(t, 422, err)
}

// assertStatus checks that err is an answer of the server with a status.
func assertStatus(t *testing.T, status int, err error) {
	t.Helper()
	var answered *mastodon.APIError
	require.True(t, errors.As(err, &answered), "%v", err)
	assert.Equal(t, status, answered.StatusCode)
}
