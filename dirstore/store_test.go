package dirstore_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/dirstore"
	"github.com/seed-374a2035/masto/mastotest"
)

const base = "https://files.example/media/"

// readable adds ReadMedia to a Store, with which the suite reads pictures back.
type readable struct{ *dirstore.Store }

func (r readable) ReadMedia(_ context.Context, url string) ([]byte, error) {
	return fs.ReadFile(r.FS(), strings.TrimPrefix(url, base))
}

func open(t *testing.T, dir string) *dirstore.Store {
	t.Helper()
	s, err := dirstore.Open(dir, base)
	require.NoError(t, err)
	return s
}

// tree returns the content of every file below dir by the file's path.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = string(data)
		return err
	}))
	return files
}

func TestMediaStore(t *testing.T) {
	mastotest.TestMediaStore(t, func(t *testing.T) masto.MediaStore { return readable{open(t, t.TempDir())} })
}

func TestPut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "by open")
	key := masto.MediaKey{AccountID: "../../1", Kind: "../avatar", Ext: "png"}
	for _, baseURL := range []string{"https://files.example/media", base} {
		s, err := dirstore.Open(dir, baseURL)
		require.NoError(t, err)
		url, err := s.Put(t.Context(), key, "image/png", []byte("data"))
		require.NoError(t, err)
		assert.Regexp(t, `^https://files\.example/media/[a-z2-7]{2}/`+
			`~2e~2e~2f~2e~2e~2f1-~2e~2e~2favatar-[A-Z2-7]{26}\.png$`, url)
		name := strings.TrimPrefix(url, base)
		assert.Equal(t, map[string]string{name: "data"}, tree(t, dir), "one file and nothing temporary")
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		mode := info.Mode().Perm()&^0o022 | 0o044 // whatever the umask is
		assert.EqualValues(t, 0o644, mode, "the web server may read it")
		require.NoError(t, s.Delete(t.Context(), url))
		assert.Empty(t, tree(t, dir))
	}
}

func TestPutRefusesStrangeExtensions(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, ext := range []string{
		"../x",
		"PNG",
		"p/g",
		".png",
		"png.",
		"a.b",
		"\x00",
		"toolong99",
		"ü",
		" ",
		`a\b`,
	} {
		t.Run(fmt.Sprintf("%q", ext), func(t *testing.T) {
			_, err := s.Put(t.Context(), masto.MediaKey{Ext: ext}, "", []byte("data"))
			require.ErrorContains(t, err, "extension")
		})
	}
	assert.Empty(t, tree(t, dir))
}

func TestPutLeavesNothingWhenItFails(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Put(ctx, masto.MediaKey{Ext: "png"}, "", []byte("data"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, tree(t, dir))

	const digits = "abcdefghijklmnopqrstuvwxyz234567" // of the random part of a name
	for _, a := range digits {
		for _, b := range digits { // Where a file is, no shard can be created.
			require.NoError(t, os.WriteFile(filepath.Join(dir, string(a)+string(b)), nil, 0o600))
		}
	}
	_, err = s.Put(t.Context(), masto.MediaKey{Ext: "png"}, "", []byte("data"))
	require.Error(t, err)
	assert.Len(t, tree(t, dir), len(digits)*len(digits))
}

func TestOpenRemovesLeftovers(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	url, err := s.Put(t.Context(), masto.MediaKey{Ext: "png"}, "", []byte("data"))
	require.NoError(t, err)
	old, young := filepath.Join(dir, "tmp", "old.png"), filepath.Join(dir, "tmp", "young.png")
	for _, path := range []string{old, young} {
		require.NoError(t, os.WriteFile(path, []byte("half"), 0o600))
	}
	past := time.Now().Add(-2 * time.Hour)
	require.NoError(t, os.Chtimes(old, past, past))
	require.NoError(t, os.Chtimes(filepath.Join(dir, strings.TrimPrefix(url, base)), past, past))

	open(t, dir)
	assert.Equal(t, map[string]string{
		"tmp/young.png":               "half",
		strings.TrimPrefix(url, base): "data",
	}, tree(t, dir))
}

func TestOpenFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := dirstore.Open(file, base)
	require.ErrorContains(t, err, "dirstore: open")
}

func TestDeleteLeavesWhatIsNotAPicture(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "media"))
	stem := strings.Repeat("a", 32)
	for _, name := range []string{
		"secret",
		"media/note.txt",
		"media/aa/x.png",
		"media/tmp/" + stem + ".png",
		"media/bb/" + stem + ".png",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("data"), 0o600))
	}
	picture, err := s.Put(t.Context(), masto.MediaKey{Ext: "png"}, "image/png", []byte("data"))
	require.NoError(t, err)
	before := tree(t, dir)
	for _, url := range []string{
		picture + "/..",
		picture + "/../x.png",
		picture + "\x00",
		"\x00",
		base + "../secret",
		base + "aa/../../secret",
		base + "note.txt",
		base + "aa/x.png",
		base + "tmp/" + stem + ".png",
		base + "bb/" + stem + ".png",
		base + "aa",
		base + "aa/",
		base + "tmp",
		base + `..\secret`,
		base + "%2e%2e/secret",
		filepath.Join(dir, "secret"),
	} {
		require.NoError(t, s.Delete(t.Context(), url), url)
		assert.Equal(t, before, tree(t, dir), url)
	}
}

// TestEarlierNames checks that pictures which earlier versions stored are
// opened, listed and deleted.
func TestEarlierNames(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	stem := strings.Repeat("3f", 16)
	for _, c := range []struct {
		name, file string
		key        masto.MediaKey
	}{
		{"with an extension", "3f/" + stem + ".webp", masto.MediaKey{Ext: "webp"}},
		{"without", "3f/" + stem, masto.MediaKey{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "3f"), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dir, c.file), []byte("data"), 0o600))
			stored := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
			require.NoError(t, os.Chtimes(filepath.Join(dir, c.file), stored, stored))
			data, err := fs.ReadFile(s.FS(), c.file)
			require.NoError(t, err)
			assert.Equal(t, "data", string(data))
			var listed []masto.MediaInfo
			for info, err := range s.List(t.Context()) {
				require.NoError(t, err)
				info.Stored = info.Stored.UTC()
				listed = append(listed, info)
			}
			assert.Equal(t, []masto.MediaInfo{{URL: base + c.file, Key: c.key, Stored: stored}}, listed)
			require.NoError(t, s.Delete(t.Context(), base+c.file))
			assert.Empty(t, tree(t, dir))
		})
	}
}

// TestListYieldsPicturesOnly puts what is no picture into the folder.
func TestListYieldsPicturesOnly(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	stem := strings.Repeat("c", 32)
	for _, name := range []string{
		"note.txt",
		"cc/note.txt",
		"dd/" + stem + ".png",
		"tmp/" + stem + ".png",
		"cc/1-avatar-DDDDDDDDDDDDDDDDDDDDDDDDDD.png",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("data"), 0o600))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "cc", stem+".png"), 0o755))
	for info, err := range s.List(t.Context()) {
		require.NoError(t, err)
		t.Errorf("%s is listed", info.URL)
	}
	require.NoError(t, os.RemoveAll(dir))
	for _, err := range s.List(t.Context()) {
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
}

func TestFS(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	url, err := s.Put(t.Context(), masto.MediaKey{Ext: "gif"}, "", []byte("GIF89a"))
	require.NoError(t, err)
	name := strings.TrimPrefix(url, base)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "note.txt"), []byte("x"), 0o600))
	folder := strings.Repeat("c", 32) + ".png"
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "cc", folder), 0o755))

	files := s.FS()
	data, err := fs.ReadFile(files, name)
	require.NoError(t, err)
	assert.Equal(t, "GIF89a", string(data))
	for _, other := range []string{
		".",
		"",
		"tmp",
		name[:2],
		"note.txt",
		"../x",
		"/" + name,
		"cc/" + folder,
		"dd/" + strings.Repeat("d", 32) + ".png",
	} {
		_, err := files.Open(other)
		require.ErrorIs(t, err, fs.ErrNotExist, "%q", other)
		assert.NotContains(t, err.Error(), dir, "an error does not reveal where the folder is")
	}

	server := httptest.NewServer(http.FileServerFS(files))
	defer server.Close()
	for _, c := range []struct {
		name, path string
		status     int
	}{
		{"a picture", "/" + name, http.StatusOK},
		{"the root", "/", http.StatusNotFound},
		{"a shard", "/" + name[:3], http.StatusNotFound},
		{"another file", "/note.txt", http.StatusNotFound},
		{"temporary files", "/tmp/", http.StatusNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+c.path, nil)
			require.NoError(t, err)
			response, err := server.Client().Do(request)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			assert.Equal(t, c.status, response.StatusCode)
		})
	}
}

// FuzzDelete checks that Delete removes no file that is not a picture, whatever
// the address.
func FuzzDelete(f *testing.F) {
	dir := f.TempDir()
	s, err := dirstore.Open(filepath.Join(dir, "media"), base)
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range []string{"secret", "media/index.html", "media/aa.png", "media/tmp/x.png"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("data"), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	before := tree(f, dir)
	for _, rest := range []string{
		"",
		"../secret",
		"aa.png",
		"tmp/x.png",
		"index.html",
		"aa/" + strings.Repeat("a", 32) + ".png",
		`..\secret`,
		"%2e%2e/secret",
		"\x00",
	} {
		f.Add(base + rest)
		f.Add(rest)
	}
	f.Fuzz(func(t *testing.T, url string) {
		for _, address := range []string{url, base + url} {
			if err := s.Delete(t.Context(), address); err != nil {
				t.Errorf("Delete(%q): %v", address, err)
			}
		}
		_, _ = s.FS().Open(url)
		assert.Equal(t, before, tree(t, dir))
	})
}

// FuzzPut checks that Put stores a picture inside the folder or not at all,
// whatever the key.
func FuzzPut(f *testing.F) {
	f.Add("1", "avatar", "png", []byte("data"))
	f.Add("../../x", "../x", "../x", []byte{})
	f.Add("", "", "", []byte{0})
	f.Fuzz(func(t *testing.T, id, kind, ext string, data []byte) {
		dir := t.TempDir()
		s := open(t, filepath.Join(dir, "media"))
		url, err := s.Put(t.Context(), masto.MediaKey{AccountID: id, Kind: kind, Ext: ext}, "", data)
		if err != nil {
			assert.Empty(t, tree(t, dir))
			return
		}
		got, err := fs.ReadFile(s.FS(), strings.TrimPrefix(url, base))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(data, got))
		require.NoError(t, s.Delete(t.Context(), url))
		assert.Empty(t, tree(t, dir))
	})
}

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "media")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()

	media, err := dirstore.Open(dir, "https://social.example/media")
	if err != nil {
		fmt.Println(err)
		return
	}
	key := masto.MediaKey{AccountID: "1", Kind: masto.KindAvatar, Ext: "png"}
	url, err := media.Put(ctx, key, "image/png", []byte("\x89PNG…"))
	fmt.Println(strings.HasPrefix(url, "https://social.example/media/"), strings.HasSuffix(url, ".png"), err)

	data, err := fs.ReadFile(media.FS(), strings.TrimPrefix(url, "https://social.example/media/"))
	fmt.Println(len(data), err)

	fmt.Println(media.Delete(ctx, url), media.Delete(ctx, "https://elsewhere.example/cat.png"))
	// Output:
	// true true <nil>
	// 7 <nil>
	// <nil> <nil>
}
