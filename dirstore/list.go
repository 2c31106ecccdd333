package dirstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/seed-374a2035/masto"
)

// List yields every picture in the folder, as [masto.MediaLister] requires. It
// takes no other file for one. Nobody can tell whose the pictures are that
// earlier versions stored: their keys have only Ext.
func (s *Store) List(ctx context.Context) iter.Seq2[masto.MediaInfo, error] {
	return func(yield func(masto.MediaInfo, error) bool) {
		shards, err := os.ReadDir(s.dir)
		for i := 0; err == nil && i < len(shards); i++ {
			if shard := shards[i]; shard.IsDir() && len(shard.Name()) == shardLength {
				err = s.listShard(ctx, shard.Name(), yield)
			}
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(masto.MediaInfo{}, fmt.Errorf("dirstore: list pictures: %w", err))
		}
	}
}

// errEnough means that the caller of List wants no more.
var errEnough = errors.New("enough")

// listShard yields the pictures of a shard.
func (s *Store) listShard(ctx context.Context, shard string, yield func(masto.MediaInfo, error) bool) error {
	files, err := os.ReadDir(filepath.Join(s.dir, shard))
	if err != nil {
		return err
	}
	for _, file := range files {
		name := shard + "/" + file.Name()
		key, ok := parseName(name)
		if !ok {
			continue
		}
		info, err := file.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // It was deleted meanwhile.
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			continue
		}
		if !yield(masto.MediaInfo{URL: s.base + name, Key: key, Stored: info.ModTime()}, nil) {
			return errEnough
		}
	}
	return nil
}
