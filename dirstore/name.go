package dirstore

import (
	"crypto/rand"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/media"
)

// A name is the path of a picture below the folder: the shard, a slash, and a
// file name. Nothing else is ever joined to the folder's path.
//
// The file name is one of [media.FileName] and the shard the first two
// characters of what is random in it, in lower case. Earlier versions made file
// names of 32 hexadecimal digits, of which the first two are the shard, and an
// optional extension.
const (
	shardLength    = 2
	earlierLength  = 32 // without the extension
	longestEarlier = 8  // of the extension
)

// newName returns a random name for a picture, which cannot be guessed.
func newName(key masto.MediaKey) (string, error) {
	random := rand.Text()
	file, err := media.FileName(key, random)
	return shard(random) + "/" + file, err
}

// shard returns the folder of a file whose random part is given. It is in lower
// case since some file systems take two names for one that differ in case only.
func shard(random string) string { return strings.ToLower(random[:shardLength]) }

// parseName returns the key of the picture that a name was made for. ok reports
// whether name has the form of a name. A key from an earlier name has only Ext.
func parseName(name string) (key masto.MediaKey, ok bool) {
	folder, file, _ := strings.Cut(name, "/")
	if key, random, ok := media.ParseFileName(file); ok {
		return key, shard(random) == folder
	}
	stem, ext, dot := strings.Cut(file, ".")
	ok = len(stem) == earlierLength && only(stem, isHex) && stem[:shardLength] == folder &&
		(!dot || 0 < len(ext) && len(ext) <= longestEarlier && only(ext, isAlphanumeric))
	if !ok {
		return masto.MediaKey{}, false
	}
	return masto.MediaKey{Ext: ext}, true
}

// isName reports whether name has the form of a name.
func isName(name string) bool {
	_, ok := parseName(name)
	return ok
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }

func isAlphanumeric(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' }

// only reports whether allowed returns true for every byte of s.
func only(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}
