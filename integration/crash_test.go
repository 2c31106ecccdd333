package integration

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// TestKilledWhileUpdating kills a process in the middle of its updates, several
// times. After that, every update that had returned must be stored, and none
// may be stored in part.
func TestKilledWhileUpdating(t *testing.T) {
	const variable = "MASTO_CRASH_DATABASE" // set in the process to be killed
	const pragmas = "?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=busy_timeout(5000)"
	if file := os.Getenv(variable); file != "" {
		updateForever(t, "file:"+file+pragmas)
		return
	}
	file := filepath.Join(t.TempDir(), "masto.db")
	alice := &masto.Record{
		Username: "alice",
		Profile:  masto.Profile{ID: "1", Note: "0", DisplayName: "0"},
	}
	migrated(t, openSQLite(t, "file:"+file+pragmas), alice)

	for round := range 5 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), variable+"="+file)
		out, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		lines := bufio.NewScanner(out)
		returned := 0 // the number of the last update that returned
		for lines.Scan() {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				returned = n
			}
			if returned > 0 && returned%(20+7*round) == 0 {
				require.NoError(t, child.Process.Kill())
				break
			}
		}
		for lines.Scan() {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				returned = n
			}
		}
		require.Error(t, child.Wait(), "the process was killed")
		require.Positive(t, returned)

		db := openSQLite(t, "file:"+file+pragmas)
		var integrity string
		require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&integrity))
		assert.Equal(t, "ok", integrity)
		r, err := migrated(t, db).Get(t.Context(), "1")
		require.NoError(t, err)
		stored, err := strconv.Atoi(r.Profile.Note)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, stored, returned, "an update that returned was lost")
		assert.Equal(t, r.Profile.Note, r.Profile.DisplayName, "half of an update")
		assert.Len(t, strings.Join(r.Profile.AttributionDomains, ""), stored%100, "half of an update")
	}
}

// updateForever counts up in three attributes at once, and prints each number
// when it is stored.
func updateForever(t *testing.T, name string) {
	s := migrated(t, openSQLite(t, name))
	for {
		r, err := s.Update(t.Context(), "1", func(r *masto.Record) (masto.Changes, error) {
			n, err := strconv.Atoi(r.Profile.Note)
			if err != nil {
				return 0, err
			}
			r.Profile.Note, r.Profile.DisplayName = strconv.Itoa(n+1), strconv.Itoa(n+1)
			r.Profile.AttributionDomains = []string{strings.Repeat("x", (n+1)%100)}
			return masto.ChangedNote | masto.ChangedDisplayName | masto.ChangedAttributionDomains, nil
		})
		require.NoError(t, err)
		fmt.Println(r.Profile.Note)
	}
}
