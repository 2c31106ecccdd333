package dirstore

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
)

// A name is the path of a picture below the folder: the shard, which is two
// hexadecimal digits, a slash, 32 digits of which the first two are the shard,
// and an optional extension. Nothing else is ever joined to the folder's path.
const (
	randomBytes = 16
	shardDigits = 2
	stemDigits  = 2 * randomBytes
	longestExt  = 8
)

// newName returns a random name that cannot be guessed.
func newName(ext string) (string, error) {
	if ext != "" && !isExt(ext) {
		return "", fmt.Errorf("the extension %q is not 1 to %d lowercase letters or digits", ext, longestExt)
	}
	var random [randomBytes]byte
	_, _ = rand.Read(random[:]) // never fails
	stem := hex.EncodeToString(random[:])
	name := stem[:shardDigits] + "/" + stem
	if ext != "" {
		name += "." + ext
	}
	return name, nil
}

// isName reports whether name has the form of the names that newName returns.
func isName(name string) bool {
	shard, file, ok := strings.Cut(name, "/")
	stem, ext, dot := strings.Cut(file, ".")
	return ok && len(shard) == shardDigits && len(stem) == stemDigits && stem[:shardDigits] == shard &&
		only(stem, isHex) && (!dot || isExt(ext))
}

func isExt(ext string) bool {
	return 1 <= len(ext) && len(ext) <= longestExt && only(ext, isAlphanumeric)
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
