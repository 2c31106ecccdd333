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

// Every sample in testdata/wire but the Profile is a fixture, with the bytes of the file.
func TestFixtures(t *testing.T) {
	root := filepath.Join("..", "testdata", "wire")
	files, err := filepath.Glob(filepath.Join(root, "*", "*.json"))
	require.NoError(t, err)
	fixtures := mastotest.Fixtures()
	require.Len(t, fixtures, len(files)-1)

	software := map[string]bool{}
	for _, f := range fixtures {
		software[f.Software] = true
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.Name)+".json"))
		require.NoError(t, err)
		assert.Equal(t, string(data), string(f.JSON), f.Name)
		assert.NotEmpty(t, f.Version, f.Name)

		var want masto.CredentialAccount
		require.NoError(t, json.Unmarshal(data, &want), f.Name)
		assert.Empty(t, cmp.Diff(want, f.Account), f.Name)
		if string(data) != "{}\n" && string(data) != "{}" {
			assert.NotEmpty(t, f.Account.Username, f.Name)
		}
	}
	for _, name := range []string{"mastodon", "glitch-soc", "pleroma", "akkoma", "gotosocial", "pixelfed", "mitra", "takahe", "hollo"} {
		assert.True(t, software[name], name)
	}
}

// What one caller does to them, another does not see.
func TestFixturesAreTheCallersOwn(t *testing.T) {
	mine := mastotest.Fixtures()
	for i := range mine {
		clear(mine[i].JSON)
		mine[i].Account = masto.CredentialAccount{}
	}
	theirs := mastotest.Fixtures()
	for i, f := range theirs {
		assert.True(t, json.Valid(f.JSON), f.Name)
		assert.Equal(t, mine[i].Name, f.Name)
	}
}

// An account that is one's own can be edited: on a server that sends raw texts these are what EditableProfile has.
func TestFixturesOfOnesOwn(t *testing.T) {
	notes := map[string]string{}
	for _, f := range mastotest.Fixtures() {
		if f.Own {
			notes[f.Name] = f.Account.EditableProfile().Note
		}
	}
	assert.Equal(t, "Mushrooms! https://spore.io", notes["mastodon/credential-4.6"])
	assert.Equal(t, "Underground\nand expensive", notes["pleroma/credential"])
	assert.Equal(t, "Brown #caps", notes["pixelfed/credential"])
}
