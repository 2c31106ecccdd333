package media_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/media"
)

// unique is what crypto/rand.Text may return.
const unique = "DJBZTTQFNPZ5MTWJUJBTZQPGTY"

func TestFileName(t *testing.T) {
	for _, c := range []struct {
		name string
		key  masto.MediaKey
		want string
	}{
		{
			name: "a number",
			key:  masto.MediaKey{AccountID: "109876543210987654", Kind: masto.KindAvatarStatic, Ext: "png"},
			want: "109876543210987654-avatar_static-" + unique + ".png",
		},
		{
			name: "hyphens",
			key:  masto.MediaKey{AccountID: "-01J5X-q_z-", Kind: "a-b", Ext: "webp"},
			want: "-01J5X-q_z--a~2db-" + unique + ".webp",
		},
		{
			name: "an address",
			key:  masto.MediaKey{AccountID: "https://s.example/~ü", Kind: masto.KindHeader, Ext: "jpg"},
			want: "https~3a~2f~2fs~2eexample~2f~7e~c3~bc-header-" + unique + ".jpg",
		},
		{
			name: "nothing",
			want: "--" + unique,
		},
		{
			name: "the longest",
			key:  masto.MediaKey{AccountID: strings.Repeat("a", 125) + "/", Kind: strings.Repeat("k", 32)},
			want: strings.Repeat("a", 125) + "~2f-" + strings.Repeat("k", 32) + "-" + unique,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := media.FileName(c.key, unique)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			key, random, ok := media.ParseFileName(got)
			assert.True(t, ok)
			assert.Equal(t, c.key, key)
			assert.Equal(t, unique, random)
		})
	}
}

func TestFileNameLeavesOutWhatIsTooLong(t *testing.T) {
	key := masto.MediaKey{AccountID: strings.Repeat("ü", 22), Kind: strings.Repeat("k", 33), Ext: "png"}
	name, err := media.FileName(key, unique)
	require.NoError(t, err)
	assert.Equal(t, "--"+unique+".png", name)
	key.AccountID = strings.Repeat("a", 128)
	name, err = media.FileName(key, strings.Repeat("z", 64))
	require.NoError(t, err)
	assert.LessOrEqual(t, len(name), 240)
	assert.True(t, strings.HasPrefix(name, key.AccountID))
}

func TestFileNameRefuses(t *testing.T) {
	for _, c := range []struct{ name, unique, ext string }{
		{"no unique text", "", "png"},
		{"a short one", "ABCDEFGHIJKLMNO", "png"},
		{"a long one", strings.Repeat("A", 65), "png"},
		{"a path", "ABCDEFGHIJKLMNOP/", "png"},
		{"capital letters in the extension", unique, "PNG"},
		{"a dot in the extension", unique, ".png"},
		{"a path in the extension", unique, "../x"},
		{"a long extension", unique, "toolong99"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := media.FileName(masto.MediaKey{AccountID: "1", Kind: "avatar", Ext: c.ext}, c.unique)
			assert.Error(t, err)
		})
	}
}

func TestParseFileNameRefuses(t *testing.T) {
	for _, name := range []string{
		"",
		"-",
		"--",
		".",
		"..",
		"1-avatar-" + unique + ".",
		"1-avatar-" + unique + ".p.ng",
		"1-avatar-" + unique + ".png/",
		"/1-avatar-" + unique + ".png",
		"../1-avatar-" + unique + ".png",
		"1-avatar-" + unique + ".png?x",
		"1/avatar-" + unique + ".png",
		"avatar-" + unique + ".png",
		"~31-avatar-" + unique + ".png",
		"~2F-avatar-" + unique + ".png",
		"~2-avatar-" + unique + ".png",
		"~zz-avatar-" + unique + ".png",
		"~-avatar-" + unique + ".png",
		strings.Repeat("a", 129) + "-avatar-" + unique + ".png",
		"3f9a4c0d5b6e718293a4b5c6d7e8f901.png",
	} {
		t.Run(name, func(t *testing.T) {
			key, random, ok := media.ParseFileName(name)
			assert.False(t, ok, "%+v", key)
			assert.Zero(t, key)
			assert.Empty(t, random)
		})
	}
}

// FuzzFileName checks that every name is safe and says what it was made from,
// and that no two texts are names of one picture.
func FuzzFileName(f *testing.F) {
	f.Add("1", "avatar", "png", unique)
	f.Add("https://s.example/~ü", "../x", "", "0123456789abcdef")
	f.Add("~2f-", "-", "a", "--")
	f.Fuzz(func(t *testing.T, id, kind, ext, random string) {
		key := masto.MediaKey{AccountID: id, Kind: kind, Ext: ext}
		if name, err := media.FileName(key, random); err == nil {
			assert.Regexp(t, `^[A-Za-z0-9_~-]{1,230}(\.[a-z0-9]{1,8})?$`, name)
			got, _, ok := media.ParseFileName(name)
			assert.True(t, ok, name)
			assert.Contains(t, []string{id, ""}, got.AccountID)
			assert.Contains(t, []string{kind, ""}, got.Kind)
			assert.Equal(t, ext, got.Ext)
		}
		name := id + kind + ext + random
		if key, unique, ok := media.ParseFileName(name); ok {
			again, err := media.FileName(key, unique)
			require.NoError(t, err)
			assert.Equal(t, name, again)
		}
	})
}

func ExampleFileName() {
	key := masto.MediaKey{AccountID: "109876543210987654", Kind: masto.KindAvatar, Ext: "png"}
	// A program passes crypto/rand.Text().
	name, err := media.FileName(key, "DJBZTTQFNPZ5MTWJUJBTZQPGTY")
	fmt.Println(name, err)

	key, _, ok := media.ParseFileName(name)
	fmt.Printf("%+v %t\n", key, ok)
	// Output:
	// 109876543210987654-avatar-DJBZTTQFNPZ5MTWJUJBTZQPGTY.png <nil>
	// {AccountID:109876543210987654 Kind:avatar Ext:png} true
}
