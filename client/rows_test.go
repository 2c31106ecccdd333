package client_test

import (
	"errors"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/internal/paramtest"
	"github.com/seed-374a2035/masto/mastotest/fakeserver"
	"github.com/seed-374a2035/masto/memstore"
)

const pngData = paramtest.PNG

// upload and rows are short for what is used often.
var (
	upload = paramtest.Upload
	rows   = paramtest.Rows
)

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
			for _, a := range paramtest.Attributes() {
				t.Run(a.Name, func(t *testing.T) { row.drive(t, s, c, a) })
			}
		})
	}
}

// drive sends the three values of a to a server.
func (row row) drive(t *testing.T, s *fakeserver.Server, c *client.Client, a paramtest.Attribute) {
	t.Helper()
	for i, u := range a.Values {
		before := len(s.Requests())
		updated, err := c.Update(t.Context(), u)
		isRemoval := i == 2 && (a.Name == "avatar" || a.Name == "header")
		if slices.Contains(row.not, a.Name) || isRemoval && row.neverRemoved {
			e, ok := errors.AsType[*client.UnsupportedError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, []string{a.Name}, e.Attributes)
			for _, sent := range s.Requests()[before:] {
				assert.Equal(t, "GET", sent.Method, "nothing is sent")
			}
			continue
		}
		require.NoError(t, err, "value %d", i)
		want := a.Want[i]
		if i == 2 && slices.Contains(row.neverNull, a.Name) {
			assert.Equal(t, []string{a.Name}, updated.Ignored)
			continue
		}
		assert.Empty(t, updated.Ignored, "value %d", i)
		if i == 2 && slices.Contains(row.unseen, a.Name) {
			want = "false"
		}
		assert.Equal(t, want, a.Stored(s.Record()), "value %d", i)
	}
}

// TestEveryAttributeOnMasto does so on a server of masto.
func TestEveryAttributeOnMasto(t *testing.T) {
	paramtest.Drive(t, memstore.New(masto.NewRecord("7", "bob")), "7")
}

// TestCombinations sends parameters in combinations, of which some take several
// requests. Each parameter is sent once, and all are stored.
func TestCombinations(t *testing.T) {
	for _, row := range table {
		t.Run(row.kind.String(), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			r := masto.NewRecord("7", "bob")
			s := fakeserver.New(t, fakeserver.WithSoftware(row.kind), fakeserver.WithRecord(r), fakeserver.Strict())
			c := client.New(s.URL, s.Token)
			for range 25 {
				row.combine(t, s, c, random)
			}
		})
	}
}

// combine sends a random value of some of the parameters that a server takes.
func (row row) combine(t *testing.T, s *fakeserver.Server, c *client.Client, random *rand.Rand) {
	t.Helper()
	var u masto.Update
	want := map[string]any{}
	all := paramtest.Attributes()
	for _, a := range all {
		value := random.IntN(6) // Half of the parameters are left alone.
		isNull := slices.Contains(row.neverNull, a.Name) || slices.Contains(row.unseen, a.Name)
		isPicture := a.Name == "avatar" || a.Name == "header"
		if value > 2 || slices.Contains(row.not, a.Name) || value == 2 && (isNull || isPicture && row.neverRemoved) {
			continue
		}
		a.Set(&u, value)
		want[a.Name] = a.Want[value]
	}
	before := len(s.Requests())
	updated, err := c.Update(t.Context(), u)
	require.NoError(t, err, "%v", u.Parameters())
	assert.Empty(t, updated.Ignored, "%v", u.Parameters())
	r := s.Record()
	for _, a := range all {
		if value, sent := want[a.Name]; sent {
			assert.Equal(t, value, a.Stored(r), a.Name)
		}
	}
	sent := sentNames(s.Requests()[before:])
	slices.Sort(sent)
	names := u.Parameters()
	slices.Sort(names)
	assert.Equal(t, names, sent, "each once")
}

// sentNames returns the names of the parameters that requests bring, of a
// parameter with keys once for each request.
func sentNames(requests []fakeserver.Request) []string {
	var names []string
	for _, r := range requests {
		var ofRequest []string
		if r.Method == "DELETE" {
			ofRequest = append(ofRequest, path.Base(r.Path))
		}
		for _, p := range r.Params {
			name := p.Name
			if top, _, _ := strings.Cut(name, "["); top != "source" {
				name = top
			}
			if !slices.Contains(ofRequest, name) {
				ofRequest = append(ofRequest, name)
			}
		}
		names = append(names, ofRequest...)
	}
	return names
}
