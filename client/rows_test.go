package client_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
)

const pngData = "\x89PNG\r\n\x1a\n and so on"

// upload returns a picture that differs from others by its name.
func upload(name string) *masto.Upload {
	return &masto.Upload{Filename: name + ".png", Data: []byte(pngData + name)}
}

// attribute is a parameter of an update with three values: one for an account
// that has none, another one, and the one that clears it.
type attribute struct {
	name string
	// values are in the order in which they are sent.
	values [3]masto.Update
	// stored returns what a record has, to compare with want.
	stored func(r *masto.Record) any
	want   [3]any
}

// texts, booleans and nullables make an attribute of a type.
func texts(name string, at func(*masto.Update) *masto.Opt[string], of func(*masto.Record) string) attribute {
	return attributeOf(name, at, [3]string{"One", "Two, & more", ""}, func(r *masto.Record) any { return of(r) })
}

func booleans(name string, at func(*masto.Update) *masto.Opt[bool], of func(*masto.Record) bool) attribute {
	return attributeOf(name, at, [3]bool{true, false, true}, func(r *masto.Record) any { return of(r) })
}

func nullables(name string, at func(*masto.Update) *masto.Opt[*bool], of func(*masto.Record) *bool) attribute {
	values := [3]*bool{new(true), new(false), nil}
	a := attributeOf(name, at, values, func(r *masto.Record) any { return nullable(of(r)) })
	a.want = [3]any{"true", "false", "null"}
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
) attribute {
	a := attribute{name: name, stored: stored}
	for i, v := range values {
		*at(&a.values[i]) = masto.Some(v)
		a.want[i] = v
	}
	return a
}

// pictures makes an attribute of a picture, of which only whether it is there
// is compared.
func pictures(name string, at func(*masto.Update) *masto.Opt[*masto.Upload], of func(*masto.Record) string) attribute {
	a := attributeOf(name, at, [3]*masto.Upload{upload("a"), upload("bb"), nil},
		func(r *masto.Record) any { return of(r) != "" })
	a.want = [3]any{true, true, false}
	return a
}

// attributes returns all parameters of an update.
func attributes() []attribute {
	return []attribute{
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
		texts("source[privacy]",
			func(u *masto.Update) *masto.Opt[string] { return &u.Posting.Privacy },
			func(r *masto.Record) string { return r.Posting.Privacy },
		).with(masto.PrivacyPrivate, masto.PrivacyUnlisted, ""),
		booleans("source[sensitive]",
			func(u *masto.Update) *masto.Opt[bool] { return &u.Posting.Sensitive },
			func(r *masto.Record) bool { return r.Posting.Sensitive }),
		languages(),
		texts("source[quote_policy]",
			func(u *masto.Update) *masto.Opt[string] { return &u.Posting.QuotePolicy },
			func(r *masto.Record) string { return r.Posting.QuotePolicy },
		).with(masto.QuoteNobody, masto.QuoteFollowers, ""),
	}
}

// with returns a, whose values are texts of the defaults of new posts, with
// other texts.
func (a attribute) with(values ...string) attribute {
	for i, v := range values {
		a.values[i] = masto.Update{Posting: masto.PostingUpdate{Privacy: masto.Some(v)}}
		if a.name == "source[quote_policy]" {
			a.values[i] = masto.Update{Posting: masto.PostingUpdate{QuotePolicy: masto.Some(v)}}
		}
		a.want[i] = v
	}
	return a
}

func languages() attribute {
	a := attributeOf("source[language]",
		func(u *masto.Update) *masto.Opt[*string] { return &u.Posting.Language },
		[3]*string{new("de"), new("zh-TW"), nil},
		func(r *masto.Record) any {
			if r.Posting.Language == nil {
				return ""
			}
			return *r.Posting.Language
		})
	a.want = [3]any{"de", "zh-TW", ""}
	return a
}

func domains() attribute {
	a := attributeOf("attribution_domains",
		func(u *masto.Update) *masto.Opt[[]string] { return &u.AttributionDomains },
		[3][]string{{"a.example"}, {"b.example", "c.example"}, nil},
		func(r *masto.Record) any { return strings.Join(r.Profile.AttributionDomains, " ") })
	a.want = [3]any{"a.example", "b.example c.example", ""}
	return a
}

func fields() attribute {
	a := attributeOf("fields_attributes",
		func(u *masto.Update) *masto.Opt[[]masto.Field] { return &u.Fields },
		[3][]masto.Field{{{Name: "a", Value: "1"}}, {{Name: "b", Value: "2"}, {Name: "c", Value: "3"}}, nil},
		func(r *masto.Record) any { return rows(r.Profile.Fields) })
	a.want = [3]any{"a=1", "b=2 c=3", ""}
	return a
}

func rows(fields []masto.Field) string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Name+"="+f.Value)
	}
	return strings.Join(list, " ")
}

// newer are the parameters that came after Mastodon 4.2.
var newer = []string{
	"avatar_description", "header_description", "show_media", "show_media_replies", "show_featured",
	"attribution_domains", "source[quote_policy]",
}

// row is what is expected of a kind of server: a row of the table in the
// README.
type row struct {
	kind fakeserver.Software
	// not are the parameters that it does not take.
	not []string
	// neverNull are nullable parameters that are false when they are cleared.
	neverNull []string
	// unseen are nullable parameters that become false when they are cleared,
	// and that the answers do not show.
	unseen []string
	// neverRemoved reports that a picture cannot be removed.
	neverRemoved bool
}

var table = []row{
	{kind: fakeserver.Mastodon},
	{kind: fakeserver.Mastodon42, not: newer},
	{
		kind: fakeserver.Pleroma,
		not: append([]string{"hide_collections", "indexable", "source[sensitive]", "source[language]"},
			newer...),
		neverNull: []string{"discoverable"},
	},
	{
		kind: fakeserver.Akkoma,
		not: append([]string{"hide_collections", "indexable", "source[sensitive]", "source[language]"},
			newer...),
		neverNull: []string{"discoverable"},
	},
	{
		kind: fakeserver.GoToSocial,
		not: []string{
			"indexable", "show_media", "show_media_replies", "show_featured", "attribution_domains",
			"source[quote_policy]",
		},
		neverNull: []string{"discoverable"},
		unseen:    []string{"hide_collections"},
	},
	{
		kind: fakeserver.Pixelfed,
		not: append([]string{
			"header", "bot", "discoverable", "hide_collections", "indexable", "fields_attributes",
			"source[privacy]", "source[sensitive]", "source[language]",
		}, newer...),
		neverRemoved: true,
	},
}

// TestEveryAttributeOnEveryKind sets, changes and clears each parameter by
// Update on each kind of server.
func TestEveryAttributeOnEveryKind(t *testing.T) {
	require.Len(t, table, len(fakeserver.Kinds()))
	for _, row := range table {
		t.Run(row.kind.String(), func(t *testing.T) {
			r := masto.NewRecord("7", "bob")
			s := fakeserver.New(t, fakeserver.WithSoftware(row.kind), fakeserver.WithRecord(r), fakeserver.Strict())
			c := client.New(s.URL, s.Token)
			for _, a := range attributes() {
				t.Run(a.name, func(t *testing.T) { row.drive(t, s, c, a) })
			}
		})
	}
}

// drive sends the three values of a to a server.
func (row row) drive(t *testing.T, s *fakeserver.Server, c *client.Client, a attribute) {
	t.Helper()
	for i, u := range a.values {
		before := len(s.Requests())
		updated, err := c.Update(t.Context(), u)
		isRemoval := i == 2 && (a.name == "avatar" || a.name == "header")
		if slices.Contains(row.not, a.name) || isRemoval && row.neverRemoved {
			e, ok := errors.AsType[*client.UnsupportedError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, []string{a.name}, e.Attributes)
			for _, sent := range s.Requests()[before:] {
				assert.Equal(t, "GET", sent.Method, "nothing is sent")
			}
			continue
		}
		require.NoError(t, err, "value %d", i)
		want := a.want[i]
		if i == 2 && slices.Contains(row.neverNull, a.name) {
			assert.Equal(t, []string{a.name}, updated.Ignored)
			continue
		}
		assert.Empty(t, updated.Ignored, "value %d", i)
		if i == 2 && slices.Contains(row.unseen, a.name) {
			want = "false"
		}
		assert.Equal(t, want, a.stored(s.Record()), "value %d", i)
	}
}
