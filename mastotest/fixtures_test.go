package mastotest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
)

// TestFixtures checks that every sample in the folder fixtures, but for the one
// Profile, is a fixture with the bytes of the file.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("fixtures", "*", "*.json"))
	require.NoError(t, err)
	fixtures := mastotest.Fixtures()
	require.Len(t, fixtures, len(files)-1)
	for _, f := range fixtures {
		t.Run(f.Name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("fixtures", filepath.FromSlash(f.Name)+".json"))
			require.NoError(t, err)
			assert.Equal(t, string(data), string(f.JSON))
			assert.NotEmpty(t, f.Version)
			var want masto.CredentialAccount
			require.NoError(t, json.Unmarshal(data, &want))
			assert.Empty(t, cmp.Diff(want, f.Account))
			if string(data) != "{}\n" && string(data) != "{}" {
				assert.NotEmpty(t, f.Account.Username)
			}
		})
	}
}

func TestFixturesOfEveryServer(t *testing.T) {
	software := map[string]bool{}
	for _, f := range mastotest.Fixtures() {
		software[f.Software] = true
	}
	for _, name := range []string{
		"mastodon", "glitch-soc", "pleroma", "akkoma", "gotosocial", "pixelfed", "mitra", "takahe", "hollo",
	} {
		assert.True(t, software[name], name)
	}
}

// TestFixturesAreNotShared checks that one caller's changes do not reach
// another.
func TestFixturesAreNotShared(t *testing.T) {
	mine := mastotest.Fixtures()
	for i := range mine {
		clear(mine[i].JSON)
		mine[i].Account = masto.CredentialAccount{}
	}
	for i, f := range mastotest.Fixtures() {
		assert.True(t, json.Valid(f.JSON), f.Name)
		assert.Equal(t, mine[i].Name, f.Name)
	}
}

// TestFixturesCanBeEdited checks that the raw texts of a CredentialAccount are
// in its EditableProfile, if the server sends them.
func TestFixturesCanBeEdited(t *testing.T) {
	notes := map[string]string{}
	for _, f := range mastotest.Fixtures() {
		if f.Credential {
			notes[f.Name] = f.Account.EditableProfile().Note
		}
	}
	assert.Equal(t, "Mushrooms! https://spore.io", notes["mastodon/credential-4.6"])
	assert.Equal(t, "Underground\nand expensive", notes["pleroma/credential"])
	assert.Equal(t, "Brown #caps", notes["pixelfed/credential"])
}
