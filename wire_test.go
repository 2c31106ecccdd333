package masto_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// entityOf guesses which entity a text is.
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

// Every member of every example of the documentation, nested ones too, is there again with an equal value after decoding and
// encoding. testdata/docs has examples of that shape in our own words; MASTO_REFERENCE may name a folder with the documents themselves.
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
		paths, err := filepath.Glob(filepath.Join(folder, "*.txt"))
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		before := len(examples)
		for _, path := range paths {
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			for i, example := range regexp.MustCompile(`(?ms)^\{\n.*?^\}\n`).FindAll(data, -1) {
				example = regexp.MustCompile(`(?m)^\s*// \.\.\.\n`).ReplaceAll(example, nil)
				if !strings.Contains(string(example), `"error"`) {
					examples[fmt.Sprint(path, " ", i)] = example
				}
			}
		}
		require.Equal(t, 5, len(examples)-before, "examples in the documents")
	}
	for path, data := range examples {
		e := entityOf(t, path, data)
		require.NoError(t, e.UnmarshalJSON(data), path)
		assert.Empty(t, missing("", decode[any](data), decode[any](marshal(e))), "%s as %T", path, e)
	}
}

// missing returns the paths of members of want that got does not have, or has with another value.
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

// What a sample has that is not written back as it came: forms that only one kind of server uses, which come back in Mastodon's own.
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
	"mitra/credential.json":                       {"/created_at", "/fields/0/is_legacy_proof", "/role/id", "/source/note"},
	"nextcloud-social/account.json":               {"/last_status_at"},
	"pixelfed/account-pf-shape.json":              {"/created_at", "/display_name"},
	"pixelfed/credential.json":                    {"/created_at", "/last_status_at"},
	"pleroma/credential.json":                     {"/last_status_at"},
	"sharkey/account.json":                        {"/group", "/limited", "/moved", "/suspended"},
	"snac/account-no-emojis-key.json":             {"/created_at", "/fields/0/verified_at"},
	"snac/credential-no-fields-key.json":          {"/created_at", "/last_status_at"},
	"takahe/credential.json":                      {"/limited", "/moved", "/suspended"},
	"wordpress-ema/account-missing-images.json":   {"/source"},
}

// Each sample decodes as each kind of account; what is written differs from it in the listed places only, and changes no more.
func TestDecodeWireSamples(t *testing.T) {
	for path, data := range wireSamples(t) {
		path = strings.TrimPrefix(filepath.ToSlash(path), "mastotest/fixtures/")
		for _, e := range entities()[:4] {
			require.NoError(t, e.UnmarshalJSON(data), "%s as %T", path, e)
			once := marshal(e)
			again := newEntity(t, reflect.TypeOf(e).Elem().Name())
			require.NoError(t, again.UnmarshalJSON(once))
			assert.Equal(t, string(once), string(marshal(again)), "%s as %T", path, e)
		}
		if strings.HasPrefix(path, "testdata") {
			continue // the documentation's own forms
		}
		e := entityOf(t, path, data)
		require.NoError(t, e.UnmarshalJSON(data))
		changed := missing("", decode[any](data), decode[any](marshal(e)))
		slices.Sort(changed)
		assert.ElementsMatch(t, normalized[path], changed, "%s as %T", path, e)
	}
}

// The typed values of the samples that are odd.
func TestDecodeWireSampleValues(t *testing.T) {
	read := func(name string, e entity) {
		t.Helper()
		require.NoError(t, e.UnmarshalJSON(wireSamples(t)[filepath.Join("mastotest", "fixtures", filepath.FromSlash(name))]))
	}
	var a masto.Account
	var c masto.CredentialAccount

	read("davecheney-pub/credential.json", &c)
	assert.Equal(t, &masto.Role{ID: "1", Name: "admin", Permissions: masto.PermissionAdministrator, Highlighted: true, Extra: raw(
		"position", "1", "created_at", `"2023-01-01T00:00:00.001Z"`, "updated_at", `"2023-01-01T00:00:00.001Z"`)}, c.Role)
	assert.Nil(t, c.Fields)
	read("firefish/account-via-megalodon.json", &a)
	assert.Equal(t, "a@remote.example", a.URL)
	assert.Equal(t, "#2b84ff", a.AvatarStatic)
	assert.Equal(t, utc(2026, 11, 21, 18, 10, 0, 0), a.CreatedAt)
	assert.Nil(t, a.Extra)
	read("friendica/verify-credentials-no-source.json", &c)
	assert.Equal(t, utc(2023, 9, 27, 0, 0, 0, 0), c.LastStatusAt)
	assert.Equal(t, masto.Source{}, c.Source)
	assert.Nil(t, c.Role)
	read("glitch-soc/account-hidden-followers.json", &a)
	assert.Equal(t, int64(-1), a.FollowersCount)
	assert.Equal(t, &masto.FeatureApproval{Automatic: []string{}, Manual: []string{}, CurrentUser: "denied"}, a.FeatureApproval)
	read("hollo/credential.json", &c)
	assert.Equal(t, masto.Source{Privacy: "public", Language: ptr("en"), Fields: []masto.Field{}}, c.Source)
	assert.Equal(t, ptr(true), c.HideCollections)
	read("iceshrimp-js/account.json", &a)
	assert.Equal(t, []masto.Field{{Name: "x", Value: "<p>y</p>", VerifiedAt: utc(2026, 11, 21, 18, 10, 0, 0)}}, a.Fields)
	assert.Equal(t, raw("fqn", `"a@ice.example"`), a.Extra)
	assert.True(t, a.LastStatusAt.IsZero())
	read("iceshrimp-net/credential.json", &c)
	assert.Equal(t, "9x", c.ID)
	assert.Equal(t, ptr(""), c.Source.Language)
	read("kitsune/account.json", &c)
	assert.Equal(t, ptr("en"), c.Source.Language)
	assert.Nil(t, c.Fields)
	read("mitra/credential.json", &c)
	assert.Equal(t, utc(2025, 2, 7, 16, 17, 24, 769229e3), c.CreatedAt)
	assert.Equal(t, "2", c.Role.ID)
	assert.Contains(t, string(c.Extra["fields"]), `"is_legacy_proof": false`)
	assert.Contains(t, c.Extra, "identity_proofs")
	read("mitra/account-nulls.json", &c)
	assert.Nil(t, c.Role)
	assert.Equal(t, "null", string(c.Extra["client_config"]))
	read("nextcloud-social/account.json", &c)
	assert.True(t, c.LastStatusAt.IsZero())
	assert.Nil(t, c.Extra)
	read("pixelfed/account-pf-shape.json", &a)
	assert.Equal(t, utc(2023, 6, 1, 2, 16, 0, 0), a.CreatedAt)
	assert.Empty(t, a.DisplayName)
	assert.Len(t, a.Extra, 8)
	read("sharkey/account.json", &a)
	assert.Equal(t, ptr(false), a.Noindex)
	assert.False(t, a.Suspended || a.Limited || a.Group)
	read("snac/account-no-emojis-key.json", &a)
	assert.Equal(t, utc(1970, 1, 1, 0, 0, 0, 0), a.CreatedAt)
	assert.Nil(t, a.Emojis)
	assert.Equal(t, []masto.AccountRole{}, a.Roles)
	read("snac/credential-no-fields-key.json", &c)
	assert.Equal(t, raw("bot", "false"), c.Source.Extra)
	assert.Equal(t, utc(2022, 9, 19, 14, 0, 0, 0), c.LastStatusAt)
	read("takahe/credential.json", &c)
	assert.Equal(t, ptr("unk"), c.Source.Language)
	assert.Nil(t, c.Moved)
	read("wordpress-ema/account-missing-images.json", &c)
	assert.Equal(t, masto.Source{}, c.Source)
	assert.Nil(t, c.Extra)
}

// Objects put together at random from the names that there are and from values of every kind, good and odd, decode as the slow
// twin decodes them.
func TestDecodeAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	names := []string{"x", "pleroma", "n\\u0061me", "i\xffd"}
	for _, e := range fullEntities(t) {
		for name := range decode[map[string]json.RawMessage](marshal(e)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	values := []string{
		"null", "true", "false", "0", "-1", "12", "1.0", "1.5", "-0", "1e3", "1e19", "9007199254740993.0", "9223372036854775807", "18446744073709551616", `""`, `"5"`, `"-7"`, `"x\ud800"`,
		"\"\xff\\n\"", `"2020-01-02"`, `"2020-01-02T03:04:05.678+02:00"`, `"2020-01-02T03:04:05"`, "[]", "[ ]", "[1]", `"true"`, `"0"`, "1", "1486519253", "1486519253274", `{"0":{"name":"a"},"x":{},"1":null,"02":{}}`, `{"0":"a","1":null}`, `["a",null,"b\n"]`, "{}", `{"a":[{}]}`,
	}
	var value func(depth int) string
	object := func(depth int) string {
		var b strings.Builder
		b.WriteString(" {"[r.IntN(2):])
		for i := range r.IntN(8) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + names[r.IntN(len(names))] + `":`)
			b.WriteString(value(depth - 1))
		}
		return b.String() + "}"
	}
	value = func(depth int) string {
		switch n := r.IntN(10); {
		case depth > 0 && n < 3:
			return object(depth)
		case depth > 0 && n < 6:
			items := make([]string, r.IntN(4))
			for i := range items {
				items[i] = value(depth - 1)
			}
			return "[" + strings.Join(items, " ,") + "]"
		}
		return values[r.IntN(len(values))]
	}
	for range 1000 {
		data := []byte(object(4))
		var account, accountTwin masto.Account
		compare(t, data, &account, &accountTwin, func() bool { return twinDecode(data, accountReaders(&accountTwin, false), &accountTwin.Extra) },
			func() []byte { return twinObject(twinAccountPairs(&account), account.Extra) })
		var c, twin masto.CredentialAccount
		compare(t, data, &c, &twin, func() bool { return twinDecode(data, credentialReaders(&twin), &twin.Extra) }, func() []byte { return twinCredentialAccount(&c) })
		var p, profileTwin masto.Profile
		compare(t, data, &p, &profileTwin, func() bool { return twinDecode(data, profileReaders(&profileTwin), &profileTwin.Extra) }, func() []byte { return twinProfile(&p) })
	}
}
