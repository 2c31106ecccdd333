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

// TestKilledWhileUpdating kills a process in the middle of its updates, again and again: what it said is stored is there, and no update
// is there by half.
func TestKilledWhileUpdating(t *testing.T) {
	const variable = "MASTO_CRASH_DATABASE"
	const pragmas = "?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=busy_timeout(5000)"
	if file := os.Getenv(variable); file != "" {
		updateForEver(t, "file:"+file+pragmas)
		return
	}
	file := filepath.Join(t.TempDir(), "masto.db")
	migrated(t, openSQLite(t, "file:"+file+pragmas), &masto.Record{Username: "alice", Profile: masto.Profile{ID: "1", Note: "0", DisplayName: "0"}})

	for round := range 5 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), variable+"="+file)
		out, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		lines := bufio.NewScanner(out)
		said := 0
		for lines.Scan() { // one line for each update that returned
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				said = n
			}
			if said > 0 && said%(20+7*round) == 0 {
				require.NoError(t, child.Process.Kill())
				break
			}
		}
		for lines.Scan() {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				said = n
			}
		}
		require.Error(t, child.Wait(), "it was killed")
		require.Positive(t, said)

		db := openSQLite(t, "file:"+file+pragmas)
		var integrity string
		require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&integrity))
		assert.Equal(t, "ok", integrity)
		r, err := migrated(t, db).Get(t.Context(), "1")
		require.NoError(t, err)
		stored, err := strconv.Atoi(r.Profile.Note)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, stored, said, "an update that returned was lost")
		assert.Equal(t, r.Profile.Note, r.Profile.DisplayName, "half of an update")
		assert.Len(t, strings.Join(r.Profile.AttributionDomains, ""), stored%100, "half of an update")
	}
}

// updateForEver counts up in two attributes at once, and prints each number when it is stored.
func updateForEver(t *testing.T, name string) {
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
