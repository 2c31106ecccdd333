package integration

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/dirstore"
	"github.com/seed-374a2035/masto/media"
)

// uploaders is how many clients upload pictures at the same time.
const uploaders = 8

// TestSweepAfterKills kills a server 30 times while clients upload pictures.
// After a sweep, the pictures that the accounts name are there and no others.
func TestSweepAfterKills(t *testing.T) {
	const variable = "MASTO_SWEEP_FOLDER" // set in the process to be killed
	if folder := os.Getenv(variable); folder != "" {
		uploadForever(t, folder)
		return
	}
	folder := t.TempDir()
	service := siteIn(t, folder)
	accounts, ok := service.Store.(sqliteStore)
	require.True(t, ok)
	for i := range uploaders {
		id := strconv.Itoa(i + 1)
		require.NoError(t, accounts.Create(t.Context(), masto.NewRecord(id, "user"+id)))
	}
	for round := range 30 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), variable+"="+folder)
		out, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		lines := bufio.NewScanner(out)
		for updates := 0; updates < 10+round && lines.Scan(); updates++ {
			continue // Each line is an update that returned.
		}
		require.NoError(t, child.Process.Kill())
		for lines.Scan() {
			continue
		}
		require.Error(t, child.Wait(), "the process was killed")
	}

	pictures, ok := service.Media.(*dirstore.Store)
	require.True(t, ok)
	named := map[string]bool{}
	for i := range uploaders {
		r, err := accounts.Get(t.Context(), strconv.Itoa(i+1))
		require.NoError(t, err)
		for _, url := range []string{r.Profile.Avatar, r.Profile.Header} {
			data, err := folderPictures{pictures}.ReadMedia(t.Context(), url)
			require.NoError(t, err, "a picture that is named is there")
			assert.Equal(t, pictureOf(r.Profile.ID), string(data))
			named[url] = true
		}
	}
	before := addresses(t, pictures)
	assert.Greater(t, len(before), len(named), "nothing was left behind")
	t.Logf("%d pictures that nobody names", len(before)-len(named))

	report, err := media.Sweep(t.Context(), pictures, accounts, time.Now(), time.Hour)
	require.NoError(t, err)
	assert.Equal(t, media.Report{Young: len(before)}, report, "within the grace nothing is removed")
	report, err = media.Sweep(t.Context(), pictures, accounts, time.Now().Add(2*time.Hour), time.Hour)
	require.NoError(t, err)
	assert.Len(t, report.Removed, len(before)-len(named))
	assert.Equal(t, len(named), report.Named)
	assert.Equal(t, named, addresses(t, pictures))
}

// siteIn returns a site whose accounts and pictures are in a folder.
func siteIn(t *testing.T, folder string) *masto.Service {
	t.Helper()
	file := filepath.ToSlash(filepath.Join(folder, "masto.db"))
	const pragmas = "?_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=busy_timeout(10000)"
	db := openSQLite(t, "file:"+file+pragmas)
	pictures, err := dirstore.Open(filepath.Join(folder, "pictures"), filesURL)
	require.NoError(t, err)
	return &masto.Service{Site: &masto.Site{Domain: "social.example"}, Store: migrated(t, db), Media: pictures}
}

// pictureOf returns the picture that a client of an account uploads.
func pictureOf(id string) string { return png + strings.Repeat("picture of "+id+"\n", 1000) }

// uploadForever replaces the pictures of all accounts, and prints a line for
// each update.
func uploadForever(t *testing.T, folder string) {
	service := siteIn(t, folder)
	var clients sync.WaitGroup
	for i := range uploaders {
		clients.Go(func() {
			id := strconv.Itoa(i + 1)
			upload := masto.Some(&masto.Upload{Data: []byte(pictureOf(id))})
			for {
				_, err := service.Update(t.Context(), id, masto.Update{Avatar: upload, Header: upload})
				if !assert.NoError(t, err) {
					return
				}
				fmt.Println(id)
			}
		})
	}
	clients.Wait()
}
