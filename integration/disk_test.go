package integration

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/pgtest"
)

// disk is a folder on a file system that can be full.
type disk struct {
	folder string
	// small reports whether it is a small file system of its own, which can
	// really be filled. Only root may have one.
	small       bool
	fill, empty func()
}

// newDisk returns a disk that is removed at the end of the test.
func newDisk(t *testing.T) *disk {
	t.Helper()
	folder, err := os.MkdirTemp("", "disk-") //nolint:usetesting // the user postgres cannot enter a t.TempDir
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, os.RemoveAll(folder)) })
	d := &disk{folder: folder}
	mount := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder)
	out, err := mount.CombinedOutput()
	if err != nil {
		t.Logf("no small disk, so that a full one is only pretended: %v: %s", err, out)
		return d
	}
	d.small = true
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		out, err := exec.CommandContext(ctx, "umount", "--lazy", folder).CombinedOutput()
		assert.NoError(t, err, "%s", out)
	})
	filler := filepath.Join(folder, "filler")
	d.fill = func() {
		f, err := os.Create(filler)
		require.NoError(t, err)
		block := make([]byte, 4096)
		for err == nil {
			_, err = f.Write(block)
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.NoError(t, f.Close())
	}
	d.empty = func() {
		if err := os.Remove(filler); !errors.Is(err, fs.ErrNotExist) {
			require.NoError(t, err)
		}
	}
	return d
}

// pretend makes d fail by fill and work again by empty, where it cannot be
// filled.
func (d *disk) pretend(fill, empty func()) {
	d.empty = func() {}
	d.fill = func() {
		fill()
		d.empty = empty
	}
}

// readOnly returns functions that make all folders of a folder read-only, and
// writable again. They have no effect on root, who has small disks.
func readOnly(t *testing.T, folder string) (set, unset func()) {
	mode := func(mode fs.FileMode) func() {
		return func() {
			require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
				if err == nil && d.IsDir() {
					err = os.Chmod(path, mode)
				}
				return err
			}))
		}
	}
	return mode(0o500), mode(0o700)
}

// tablespace returns the name of a new place for tables, in a folder. The
// tables of an address are dropped with it at the end of the test.
func tablespace(t *testing.T, address, folder string) string {
	t.Helper()
	owner, err := user.Lookup("postgres")
	require.NoError(t, err)
	uid, err := strconv.Atoi(owner.Uid)
	require.NoError(t, err)
	require.NoError(t, os.Chown(folder, uid, -1))
	name, _ := pgtest.Schema("")
	execute(t, openPostgres(t, address), "CREATE TABLESPACE "+name+" LOCATION '"+folder+"'")
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		db, err := sql.Open("pgx", address)
		require.NoError(t, err)
		defer func() { assert.NoError(t, db.Close()) }()
		for _, statement := range []string{
			"DROP TABLE IF EXISTS masto_accounts, masto_schema_version",
			"DROP TABLESPACE " + name,
		} {
			_, err := db.ExecContext(ctx, statement)
			assert.NoError(t, err)
		}
	})
	return name
}

// filesIn returns the content of every file below a folder, by its path there.
func filesIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(folder, path))
		files[path] = string(data)
		return err
	}))
	return files
}
