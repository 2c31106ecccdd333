// Package paramtest has every parameter of an update with values that set,
// change and clear it, for tests that send them to a server by package client.
package paramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/httpapi"
	"github.com/seed-374a2035/masto/memstore"
)

// PNG begins as a PNG does, which is all that a server looks at.
const PNG = "\x89PNG\r\n\x1a\n and so on"

// Upload returns a picture that differs from others by its name.
func Upload(name string) *masto.Upload {
	return &masto.Upload{Filename: name + ".png", Data: []byte(PNG + name)}
}

// Attribute is a parameter of an update with three values: one for an account
// that has none, another one, and the one that clears it.
type Attribute struct {
	// Name is the wire name.
	Name string
	// Values set it, in the order in which they are sent.
	Values [3]masto.Update
	// Set sets the value with an index in u.
	Set func(u *masto.Update, value int)
	// Stored returns what a record has, to compare with Want.
	Stored func(r *masto.Record) any
	// Want is what Stored returns after each of the values.
	Want [3]any
}

// texts, booleans and nullables make an attribute of a type.
func texts(name string, at func(*masto.Update) *masto.Opt[string], of func(*masto.Record) string) Attribute {
	return choices(name, at, of, "One", "Two, & more", "")
}

// choices makes an attribute of a text with the three values.
func choices(
	name string, at func(*masto.Update) *masto.Opt[string], of func(*masto.Record) string, values ...string,
) Attribute {
	return attributeOf(name, at, [3]string(values), func(r *masto.Record) any { return of(r) })
}

func booleans(name string, at func(*masto.Update) *masto.Opt[bool], of func(*masto.Record) bool) Attribute {
	return attributeOf(name, at, [3]bool{true, false, true}, func(r *masto.Record) any { return of(r) })
}

func nullables(name string, at func(*masto.Update) *masto.Opt[*bool], of func(*masto.Record) *bool) Attribute {
	values := [3]*bool{new(true), new(false), nil}
	a := attributeOf(name, at, values, func(r *masto.Record) any { return nullable(of(r)) })
	a.Want = [3]any{"true", "false", "null"}
	return a
}

func nullable(b *bool) string {
	if b == nil {
		return "null"
	}
	return fmt.Sprint(*b)
}

func attributeOf[T any](
	name string, at func(*masto.Update) *masto.Opt[T], values [3]T, stored func(*masto.Record) any,
) Attribute {
	a := Attribute{Name: name, Stored: stored}
	a.Set = func(u *masto.Update, value int) { *at(u) = masto.Some(values[value]) }
	for i, v := range values {
		*at(&a.Values[i]) = masto.Some(v)
		a.Want[i] = v
	}
	return a
}

// pictures makes an attribute of a picture, of which only whether it is there
// is compared.
func pictures(name string, at func(*masto.Update) *masto.Opt[*masto.Upload], of func(*masto.Record) string) Attribute {
	a := attributeOf(name, at, [3]*masto.Upload{Upload("a"), Upload("bb"), nil},
		func(r *masto.Record) any { return of(r) != "" })
	a.Want = [3]any{true, true, false}
	return a
}

// Attributes returns all parameters of an update.
func Attributes() []Attribute {
	return []Attribute{
		texts("display_name",
			func(u *masto.Update) *masto.Opt[string] { return &u.DisplayName },
			func(r *masto.Record) string { return r.Profile.DisplayName }),
		texts("note",
			func(u *masto.Update) *masto.Opt[string] { return &u.Note },
			func(r *masto.Record) string { return r.Profile.Note }),
		pictures("avatar",
			func(u *masto.Update) *masto.Opt[*masto.Upload] { return &u.Avatar },
			func(r *masto.Record) string { return r.Profile.Avatar }),
		texts("avatar_description",
			func(u *masto.Update) *masto.Opt[string] { return &u.AvatarDescription },
			func(r *masto.Record) string { return r.Profile.AvatarDescription }),
		pictures("header",
			func(u *masto.Update) *masto.Opt[*masto.Upload] { return &u.Header },
			func(r *masto.Record) string { return r.Profile.Header }),
		texts("header_description",
			func(u *masto.Update) *masto.Opt[string] { return &u.HeaderDescription },
			func(r *masto.Record) string { return r.Profile.HeaderDescription }),
		booleans("locked",
			func(u *masto.Update) *masto.Opt[bool] { return &u.Locked },
			func(r *masto.Record) bool { return r.Profile.Locked }),
		booleans("bot",
			func(u *masto.Update) *masto.Opt[bool] { return &u.Bot },
			func(r *masto.Record) bool { return r.Profile.Bot }),
		nullables("discoverable",
			func(u *masto.Update) *masto.Opt[*bool] { return &u.Discoverable },
			func(r *masto.Record) *bool { return r.Profile.Discoverable }),
		nullables("hide_collections",
			func(u *masto.Update) *masto.Opt[*bool] { return &u.HideCollections },
			func(r *masto.Record) *bool { return r.Profile.HideCollections }),
		booleans("indexable",
			func(u *masto.Update) *masto.Opt[bool] { return &u.Indexable },
			func(r *masto.Record) bool { return r.Profile.Indexable }),
		booleans("show_media",
			func(u *masto.Update) *masto.Opt[bool] { return &u.ShowMedia },
			func(r *masto.Record) bool { return r.Profile.ShowMedia }),
		booleans("show_media_replies",
			func(u *masto.Update) *masto.Opt[bool] { return &u.ShowMediaReplies },
			func(r *masto.Record) bool { return r.Profile.ShowMediaReplies }),
		booleans("show_featured",
			func(u *masto.Update) *masto.Opt[bool] { return &u.ShowFeatured },
			func(r *masto.Record) bool { return r.Profile.ShowFeatured }),
		domains(),
		fields(),
		choices("source[privacy]",
			func(u *masto.Update) *masto.Opt[string] { return &u.Posting.Privacy },
			func(r *masto.Record) string { return r.Posting.Privacy },
			masto.PrivacyPrivate, masto.PrivacyUnlisted, ""),
		booleans("source[sensitive]",
			func(u *masto.Update) *masto.Opt[bool] { return &u.Posting.Sensitive },
			func(r *masto.Record) bool { return r.Posting.Sensitive }),
		languages(),
		choices("source[quote_policy]",
			func(u *masto.Update) *masto.Opt[string] { return &u.Posting.QuotePolicy },
			func(r *masto.Record) string { return r.Posting.QuotePolicy },
			masto.QuoteNobody, masto.QuoteFollowers, ""),
	}
}

func languages() Attribute {
	a := attributeOf("source[language]",
		func(u *masto.Update) *masto.Opt[*string] { return &u.Posting.Language },
		[3]*string{new("de"), new("zh-TW"), nil},
		func(r *masto.Record) any {
			if r.Posting.Language == nil {
				return ""
			}
			return *r.Posting.Language
		})
	a.Want = [3]any{"de", "zh-TW", ""}
	return a
}

func domains() Attribute {
	a := attributeOf("attribution_domains",
		func(u *masto.Update) *masto.Opt[[]string] { return &u.AttributionDomains },
		[3][]string{{"a.example"}, {"b.example", "c.example"}, nil},
		func(r *masto.Record) any { return strings.Join(r.Profile.AttributionDomains, " ") })
	a.Want = [3]any{"a.example", "b.example c.example", ""}
	return a
}

func fields() Attribute {
	a := attributeOf("fields_attributes",
		func(u *masto.Update) *masto.Opt[[]masto.Field] { return &u.Fields },
		[3][]masto.Field{{{Name: "a", Value: "1"}}, {{Name: "b", Value: "2"}, {Name: "c", Value: "3"}}, nil},
		func(r *masto.Record) any { return Rows(r.Profile.Fields) })
	a.Want = [3]any{"a=1", "b=2 c=3", ""}
	return a
}

// Rows returns fields as one text, to compare them.
func Rows(fields []masto.Field) string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Name+"="+f.Value)
	}
	return strings.Join(list, " ")
}

// token is the access token of the account that Drive updates.
const token = "a-token"

// anyone authenticates the account with an id.
type anyone string

func (id anyone) Authenticate(_ context.Context, sent string) (httpapi.Grant, error) {
	if sent != token {
		return httpapi.Grant{}, httpapi.ErrUnknownToken
	}
	return httpapi.Grant{AccountID: string(id), Scopes: []string{"read", "write"}}, nil
}

// Serve starts a server of masto on a store, and returns a client of an account
// in it.
func Serve(t testing.TB, store masto.Store, id string) *client.Client {
	t.Helper()
	service := &masto.Service{
		Site:  &masto.Site{Domain: "social.example"},
		Store: store,
		Media: memstore.NewMedia("https://social.example/media/"),
	}
	mux := http.NewServeMux()
	(&httpapi.API{Service: service, Auth: anyone(id)}).Register(mux)
	mux.HandleFunc("GET /api/v2/instance", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"domain":       "social.example",
			"version":      "4.6.4 (compatible; masto)",
			"api_versions": map[string]int{"mastodon": 11},
			"configuration": map[string]any{
				"accounts": json.RawMessage(service.Site.Limits.AppendInstance(nil)),
			},
		})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return client.New(server.URL, token)
}

// Drive sets, changes and clears each parameter by Update on a server of masto
// with a store, which has the account with an id.
func Drive(t *testing.T, store masto.Store, id string) {
	t.Helper()
	c := Serve(t, store, id)
	for _, a := range Attributes() {
		t.Run(a.Name, func(t *testing.T) {
			for i, u := range a.Values {
				updated, err := c.Update(t.Context(), u)
				require.NoError(t, err, "value %d", i)
				assert.Empty(t, updated.Ignored, "value %d", i)
				r, err := store.Get(t.Context(), id)
				require.NoError(t, err)
				assert.Equal(t, a.Want[i], a.Stored(r), "value %d", i)
			}
		})
	}
}
