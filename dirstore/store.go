package dirstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// Store is a [masto.MediaStore] in a folder. It is safe for concurrent use, by
// several processes as well. Use [Open] to create one.
type Store struct {
	dir  string // absolute
	base string // ends in a slash
}

// temporary is the folder of files that are being written. It is below the
// Store's own folder so that a file can be renamed into place.
const temporary = "tmp"

// leftover is the age from which a temporary file is taken for the remains of a
// crash.
const leftover = time.Hour

// Open returns a Store in the folder dir and creates the folder if it is
// missing. The address of a picture is baseURL, a slash and the picture's path.
// Open removes temporary files that were last written an hour ago or earlier,
// because only a crash leaves them behind.
func Open(dir, baseURL string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("dirstore: open: %w", err)
	}
	s := &Store{dir: dir, base: strings.TrimSuffix(baseURL, "/") + "/"}
	if err := os.MkdirAll(filepath.Join(dir, temporary), 0o755); err != nil {
		return nil, fmt.Errorf("dirstore: open: %w", err)
	}
	if err := s.sweep(time.Now().Add(-leftover)); err != nil {
		return nil, fmt.Errorf("dirstore: open: %w", err)
	}
	return s, nil
}

// sweep removes the temporary files that were last written before a time.
func (s *Store) sweep(before time.Time) error {
	dir := filepath.Join(s.dir, temporary)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // Another process removed it first.
		}
		if err != nil {
			return err
		}
		if info.Mode().IsRegular() && info.ModTime().Before(before) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// Put stores data in a new file with a random name and returns its address.
// When Put returns, the whole file is on the disk; if Put fails or ctx is done,
// there is no file. The name carries key, whose Ext must be empty or 1 to 8
// lowercase ASCII letters or digits.
func (s *Store) Put(ctx context.Context, key masto.MediaKey, _ string, data []byte) (string, error) {
	name, err := newName(key)
	if err == nil {
		err = s.put(ctx, name, data)
	}
	if err != nil {
		return "", fmt.Errorf("dirstore: put picture: %w", err)
	}
	return s.base + name, nil
}

// put writes data to a temporary file and renames it to name.
func (s *Store) put(ctx context.Context, name string, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	target := s.path(name)
	temp := filepath.Join(s.dir, temporary, filepath.Base(target))
	defer func() { _ = os.Remove(temp) }() // It is gone if the rename succeeded.
	if err := writeFile(temp, data); err != nil {
		return err
	}
	if err := s.makeShard(filepath.Dir(target)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := os.Rename(temp, target); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(target)); err != nil {
		_ = os.Remove(target)
		return err
	}
	return nil
}

// Delete removes the picture at url. It does nothing and returns nil if there
// is no such picture, or if url is not an address that Put returns.
func (s *Store) Delete(_ context.Context, url string) error {
	name, ok := strings.CutPrefix(url, s.base)
	if !ok || !isName(name) {
		return nil
	}
	if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("dirstore: delete picture: %w", err)
	}
	return nil
}

// path returns the file of a name.
func (s *Store) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// FS returns the pictures as a file system. The name of a picture is the part
// of its address after the base address. The file system opens pictures only:
// it opens no folder, so nothing can be listed, no temporary file, and no other
// file whose name does not have the form of a picture's.
func (s *Store) FS() fs.FS { return pictures{s} }

// pictures is the file system that [Store.FS] returns.
type pictures struct{ store *Store }

func (p pictures) Open(name string) (fs.File, error) {
	if !isName(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := os.Open(p.store.path(name))
	if err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) { // Its path would reveal where the folder is.
			err = cause.Err
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = f.Close()
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f, nil
}
