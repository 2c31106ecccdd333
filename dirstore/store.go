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

// Store is a [masto.MediaStore] in a folder, safe for concurrent use, also by several processes. [Open] makes one.
type Store struct {
	dir  string // absolute
	base string // ends in a slash
}

// temporary is the folder of files that are being written, on the same file system as their place.
const temporary = "tmp"

// leftover is the age from which a file that is being written is what a crash left.
const leftover = time.Hour

// Open returns a Store in the folder dir, which it makes if it is missing. The address of a picture is baseURL, a slash and its path.
// Files that were being written an hour ago or earlier are what a crash left: they are removed.
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

// sweep removes temporary files that were last written before a time.
func (s *Store) sweep(before time.Time) error {
	dir := filepath.Join(s.dir, temporary)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process was faster
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

// Put stores data under a new random name with the extension of key and returns its address. When it returns, the file is on the disk
// whole; if it fails, or ctx is over, there is none. Of key only Ext has a say, and must be 1 to 8 small ASCII letters or digits, or "".
func (s *Store) Put(ctx context.Context, key masto.MediaKey, _ string, data []byte) (string, error) {
	name, err := newName(key.Ext)
	if err == nil {
		err = s.put(ctx, name, data)
	}
	if err != nil {
		return "", fmt.Errorf("dirstore: put picture: %w", err)
	}
	return s.base + name, nil
}

// put writes data to a temporary file and moves it to name.
func (s *Store) put(ctx context.Context, name string, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	target := s.path(name)
	temp := filepath.Join(s.dir, temporary, filepath.Base(target))
	defer func() { _ = os.Remove(temp) }() // after the move it is not there
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

// Delete removes the picture at url. One that is missing, or whose address Put does not make, is no error.
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

// FS returns the pictures as a file system, named by what stands in their address after the base address. It opens pictures only: no
// folders, so there is nothing to list, no temporary files, and nothing that was put into the folder otherwise under another kind of name.
func (s *Store) FS() fs.FS { return pictures{s} }

// pictures is the file system of a Store.
type pictures struct{ store *Store }

// Open opens a picture.
func (p pictures) Open(name string) (fs.File, error) {
	if !isName(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := os.Open(p.store.path(name))
	if err != nil {
		var cause *fs.PathError // without the folder's place on the disk
		if errors.As(err, &cause) {
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
