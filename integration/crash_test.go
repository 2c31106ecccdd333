package integration

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// TestKilledWhileUpdating kills a process in the middle of its updates, several
// times. After that, every update that had returned must be stored, and none
// may be stored in part. A sweep removes the pictures that nobody names.
func TestKilledWhileUpdating(t *testing.T) {
	const variable = "MASTO_CRASH_FOLDER" // set in the process to be killed
	if folder := os.Getenv(variable); folder != "" {
		updateForever(t, placeIn(t, folder))
		return
	}
	folder := t.TempDir()
	p := placeIn(t, folder)
	_, err := p.service.Update(t.Context(), accountID, numbered(0))
	require.NoError(t, err)

	for round := range 5 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), variable+"="+folder)
		out, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		lines := bufio.NewScanner(out)
		returned := 0 // the number of the last update that returned
		for seen := 0; lines.Scan(); seen++ {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				returned = n
			}
			if seen == 8+3*round {
				// Each round ends at another step of an update.
				time.Sleep(time.Duration(round) * time.Millisecond)
				require.NoError(t, child.Process.Kill())
			}
		}
		require.Error(t, child.Wait(), "the process was killed")
		require.Positive(t, returned)

		p := placeIn(t, folder)
		assert.GreaterOrEqual(t, p.profile(t), returned, "an update that returned was lost")
		p.sweep(t)
		ageTemporaryFiles(t, folder)
		p = placeIn(t, folder)
		assert.GreaterOrEqual(t, p.profile(t), returned, "a picture that is named was removed")
		assert.Empty(t, p.left(t))
	}
}

// placeIn returns a place with a database and pictures in a folder, and the
// account in it.
func placeIn(t *testing.T, folder string) *place {
	t.Helper()
	const pragmas = "?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=busy_timeout(5000)"
	db := openSQLite(t, "file:"+filepath.Join(folder, "masto.db")+pragmas)
	var integrity string
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&integrity))
	require.Equal(t, "ok", integrity)
	p := newPlace(t)
	store := migrated(t, db)
	p.store.Store = store
	if _, err := store.Get(t.Context(), accountID); err != nil {
		require.ErrorIs(t, err, masto.ErrNotFound)
		require.NoError(t, store.Create(t.Context(), masto.NewRecord(accountID, "alice")))
	}
	p.keepPicturesIn(t, filepath.Join(folder, "media"))
	return p
}

// ageTemporaryFiles makes the files that were being written when a process was
// killed look as if that was long ago. Opening the folder removes them then.
func ageTemporaryFiles(t *testing.T, folder string) {
	t.Helper()
	temporary := filepath.Join(folder, "media", "tmp")
	files, err := os.ReadDir(temporary)
	require.NoError(t, err)
	longAgo := time.Now().Add(-24 * time.Hour)
	for _, f := range files {
		require.NoError(t, os.Chtimes(filepath.Join(temporary, f.Name()), longAgo, longAgo))
	}
}

// updateForever counts up in updates of all that a profile has, and prints each
// number when it is stored.
func updateForever(t *testing.T, p *place) {
	for n := p.profile(t) + 1; ; n++ {
		_, err := p.service.Update(t.Context(), accountID, numbered(n))
		require.NoError(t, err)
		fmt.Println(n)
	}
}
