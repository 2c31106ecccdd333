package masto_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// sampleTexts returns the texts of mastotest/fixtures and testdata/docs by
// path.
func sampleTexts(tb testing.TB) map[string][]byte {
	tb.Helper()
	samples := map[string][]byte{}
	for _, pattern := range []string{"mastotest/fixtures/*/*.json", "testdata/docs/*.json"} {
		paths, err := filepath.Glob(filepath.FromSlash(pattern))
		require.NoError(tb, err)
		require.NotEmpty(tb, paths, pattern)
		for _, path := range paths {
			data, err := os.ReadFile(path)
			require.NoError(tb, err)
			samples[path] = data
		}
	}
	return samples
}

// entityOf returns an entity of the kind that a text seems to be.
func entityOf(t *testing.T, path string, data []byte) entity {
	members := decode[map[string]json.RawMessage](data)
	switch {
	case members["featured_tags"] != nil:
		return newEntity(t, "Profile")
	case members["source"] != nil || members["role"] != nil || strings.Contains(path, "credential"):
		return newEntity(t, "CredentialAccount")
	case members["mute_expires_at"] != nil:
		return newEntity(t, "MutedAccount")
	}
	return newEntity(t, "Account")
}

// TestExamplesOfTheDocumentation checks that every member of every example,
// nested ones too, has an equal value after decoding and encoding.
// testdata/docs has examples like those of the documentation; MASTO_REFERENCE
// may name a folder with its pages.
func TestExamplesOfTheDocumentation(t *testing.T) {
	examples := map[string][]byte{}
	paths, err := filepath.Glob(filepath.Join("testdata", "docs", "*.json"))
	require.NoError(t, err)
	require.Len(t, paths, 4)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		examples[path] = data
	}
	if folder := os.Getenv("MASTO_REFERENCE"); folder != "" {
		before := len(examples)
		addExamples(t, examples, folder)
		require.Equal(t, 5, len(examples)-before, "examples in the documents")
	}
	for path, data := range examples {
		t.Run(path, func(t *testing.T) {
			e := entityOf(t, path, data)
			require.NoError(t, e.UnmarshalJSON(data))
			require.Empty(t, missing("", decode[any](data), decode[any](marshal(e))), "%T", e)
		})
	}
}

// addExamples adds the objects in the pages of a folder that are entities.
func addExamples(t *testing.T, examples map[string][]byte, folder string) {
	t.Helper()
	object := regexp.MustCompile(`(?ms)^\{\n.*?^\}\n`)
	ellipsis := regexp.MustCompile(`(?m)^\s*// \.\.\.\n`)
	paths, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		for i, example := range object.FindAll(data, -1) {
			example = ellipsis.ReplaceAll(example, nil)
			if !strings.Contains(string(example), `"error"`) {
				examples[fmt.Sprint(path, " ", i)] = example
			}
		}
	}
}

// missing returns the paths of the members of want that got lacks, or has with
// another value.
func missing(path string, want, got any) []string {
	var found []string
	switch w := want.(type) {
	case map[string]any:
		g, _ := got.(map[string]any)
		for name, value := range w {
			other, ok := g[name]
			if !ok {
				found = append(found, path+"/"+name)
				continue
			}
			found = append(found, missing(path+"/"+name, value, other)...)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) != len(g) {
			return append(found, path)
		}
		for i := range w {
			found = append(found, missing(fmt.Sprint(path, "/", i), w[i], g[i])...)
		}
	default:
		if !cmp.Equal(want, got) {
			found = append(found, path)
		}
	}
	return found
}

// normalized has the members of each fixture that are not written as they came:
// their forms are those of one server, and come back in Mastodon's.
var normalized = map[string][]string{
	"akkoma/credential-null-pictures.json":        {"/avatar", "/avatar_static", "/header", "/header_static"},
	"akkoma/credential.json":                      {"/last_status_at"},
	"davecheney-pub/credential.json":              {"/fields", "/source/fields", "/role/id", "/role/permissions"},
	"firefish/account-via-megalodon.json":         {"/bot", "/group", "/limited", "/moved", "/noindex", "/suspended"},
	"friendica/verify-credentials-no-source.json": {"/last_status_at"},
	"hollo/credential.json":                       {"/moved", "/source/note"},
	"iceshrimp-js/account.json":                   {"/fields/0/verified_at", "/moved"},
	"iceshrimp-net/credential.json":               {"/moved"},
	"mitra/account-nulls.json":                    {"/created_at", "/source"},
	"mitra/credential.json": {
		"/created_at",
		"/fields/0/is_legacy_proof",
		"/role/id",
		"/source/note",
	},
	"nextcloud-social/account.json":             {"/last_status_at"},
	"pixelfed/account-pf-shape.json":            {"/created_at", "/display_name"},
	"pixelfed/credential.json":                  {"/created_at", "/last_status_at"},
	"pleroma/credential.json":                   {"/last_status_at"},
	"sharkey/account.json":                      {"/group", "/limited", "/moved", "/suspended"},
	"snac/account-no-emojis-key.json":           {"/created_at", "/fields/0/verified_at"},
	"snac/credential-no-fields-key.json":        {"/created_at", "/last_status_at"},
	"takahe/credential.json":                    {"/limited", "/moved", "/suspended"},
	"wordpress-ema/account-missing-images.json": {"/source"},
}

// TestDecodeFixtures checks that each fixture decodes as each kind of account,
// and that what is written differs from it in the listed members only.
func TestDecodeFixtures(t *testing.T) {
	for path, data := range sampleTexts(t) {
		path = strings.TrimPrefix(filepath.ToSlash(path), "mastotest/fixtures/")
		t.Run(path, func(t *testing.T) {
			for _, e := range entities()[:4] {
				require.NoError(t, e.UnmarshalJSON(data), "%T", e)
				once := marshal(e)
				again := newEntity(t, reflect.TypeOf(e).Elem().Name())
				require.NoError(t, again.UnmarshalJSON(once))
				assert.Equal(t, string(once), string(marshal(again)), "%T", e)
			}
			if strings.HasPrefix(path, "testdata") {
				return // TestExamplesOfTheDocumentation has these.
			}
			e := entityOf(t, path, data)
			require.NoError(t, e.UnmarshalJSON(data))
			changed := missing("", decode[any](data), decode[any](marshal(e)))
			assert.ElementsMatch(t, normalized[path], changed, "%T", e)
		})
	}
}

// TestDecodeFixtureValues has the values that fixtures have in forms of their
// own.
func TestDecodeFixtureValues(t *testing.T) {
	for _, c := range []struct {
		file  string
		check func(t *testing.T, a *masto.CredentialAccount)
	}{
		{"davecheney-pub/credential.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, &masto.Role{
				ID:          "1",
				Name:        "admin",
				Permissions: masto.PermissionAdministrator,
				Highlighted: true,
				Extra: raw(
					"position", "1",
					"created_at", `"2023-01-01T00:00:00.001Z"`,
					"updated_at", `"2023-01-01T00:00:00.001Z"`,
				),
			}, a.Role)
			assert.Nil(t, a.Fields)
		}},
		{"firefish/account-via-megalodon.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, "a@remote.example", a.URL)
			assert.Equal(t, "#2b84ff", a.AvatarStatic)
			assert.Equal(t, utc(2026, 11, 21, 18, 10, 0, 0), a.CreatedAt)
			assert.Nil(t, a.Extra)
		}},
		{"friendica/verify-credentials-no-source.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, utc(2023, 9, 27, 0, 0, 0, 0), a.LastStatusAt)
			assert.Equal(t, masto.Source{}, a.Source)
			assert.Nil(t, a.Role)
		}},
		{"glitch-soc/account-hidden-followers.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, int64(-1), a.FollowersCount)
			assert.Equal(t, &masto.FeatureApproval{
				Automatic:   []string{},
				Manual:      []string{},
				CurrentUser: masto.FeatureDenied,
			}, a.FeatureApproval)
		}},
		{"hollo/credential.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, masto.Source{
				Privacy:  "public",
				Language: ptr("en"),
				Fields:   []masto.Field{},
			}, a.Source)
			assert.Equal(t, ptr(true), a.HideCollections)
		}},
		{"iceshrimp-js/account.json", func(t *testing.T, a *masto.CredentialAccount) {
			verified := utc(2026, 11, 21, 18, 10, 0, 0)
			assert.Equal(t, []masto.Field{{Name: "x", Value: "<p>y</p>", VerifiedAt: verified}}, a.Fields)
			assert.Equal(t, raw("fqn", `"a@ice.example"`), a.Extra)
			assert.True(t, a.LastStatusAt.IsZero())
		}},
		{"iceshrimp-net/credential.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, "9x", a.ID)
			assert.Equal(t, ptr(""), a.Source.Language)
		}},
		{"kitsune/account.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, ptr("en"), a.Source.Language)
			assert.Nil(t, a.Fields)
		}},
		{"mitra/credential.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, utc(2025, 2, 7, 16, 17, 24, 769229e3), a.CreatedAt)
			assert.Equal(t, "2", a.Role.ID)
			assert.Contains(t, string(a.Extra["fields"]), `"is_legacy_proof": false`)
			assert.Contains(t, a.Extra, "identity_proofs")
		}},
		{"mitra/account-nulls.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Nil(t, a.Role)
			assert.Equal(t, "null", string(a.Extra["client_config"]))
		}},
		{"nextcloud-social/account.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.True(t, a.LastStatusAt.IsZero())
			assert.Nil(t, a.Extra)
		}},
		{"pixelfed/account-pf-shape.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, utc(2023, 6, 1, 2, 16, 0, 0), a.CreatedAt)
			assert.Empty(t, a.DisplayName)
			assert.Len(t, a.Extra, 8)
		}},
		{"sharkey/account.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, ptr(false), a.Noindex)
			assert.False(t, a.Suspended)
			assert.False(t, a.Limited)
			assert.False(t, a.Group)
		}},
		{"snac/account-no-emojis-key.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, utc(1970, 1, 1, 0, 0, 0, 0), a.CreatedAt)
			assert.Nil(t, a.Emojis)
			assert.Equal(t, []masto.AccountRole{}, a.Roles)
		}},
		{"snac/credential-no-fields-key.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, raw("bot", "false"), a.Source.Extra)
			assert.Equal(t, utc(2022, 9, 19, 14, 0, 0, 0), a.LastStatusAt)
		}},
		{"takahe/credential.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, ptr("unk"), a.Source.Language)
			assert.Nil(t, a.Moved)
		}},
		{"wordpress-ema/account-missing-images.json", func(t *testing.T, a *masto.CredentialAccount) {
			assert.Equal(t, masto.Source{}, a.Source)
			assert.Nil(t, a.Extra)
		}},
	} {
		t.Run(c.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("mastotest", "fixtures", filepath.FromSlash(c.file)))
			require.NoError(t, err)
			var a masto.CredentialAccount
			require.NoError(t, a.UnmarshalJSON(data))
			c.check(t, &a)
		})
	}
}
