package media

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/seed-374a2035/masto"
)

// The lengths of the parts of a name, in bytes. A name has at most 240, and a
// file system takes 255.
const (
	longestAccount = 128
	longestKind    = 32
	shortestUnique = 16
	longestUnique  = 64
	longestExt     = 8
)

// FileName returns the name of a file for a picture of key: the account, the
// kind, a text that no other picture has, and the extension if there is one.
//
//	109876543210987654-avatar-DJBZTTQFNPZ5MTWJUJBTZQPGTY.png
//
// unique has 16 to 64 ASCII letters or digits. [crypto/rand.Text] returns one
// that cannot be guessed. key.Ext must be empty or 1 to 8 lowercase ASCII
// letters or digits.
//
// A name has no other characters than ASCII letters and digits, hyphens,
// underscores, tildes and the dot of the extension, so that it is a file name
// everywhere and needs no escaping in a URL. What else is in the account's id
// is written as a tilde and two hexadecimal digits a byte. An id that takes
// more than 128 bytes is left out, and so is a kind that takes more than 32.
func FileName(key masto.MediaKey, unique string) (string, error) {
	if len(unique) < shortestUnique || len(unique) > longestUnique || !only(unique, isAlphanumeric) {
		return "", fmt.Errorf("media: %q is not %d to %d letters or digits", unique, shortestUnique, longestUnique)
	}
	name := escape(key.AccountID, "_-", longestAccount) + "-" + escape(key.Kind, "_", longestKind) + "-" + unique
	if key.Ext == "" {
		return name, nil
	}
	if len(key.Ext) > longestExt || !only(key.Ext, isLowerAlphanumeric) {
		return "", fmt.Errorf("media: the extension %q is not 1 to %d lowercase letters or digits", key.Ext, longestExt)
	}
	return name + "." + key.Ext, nil
}

// ParseFileName returns what [FileName] made a name from. ok reports whether it
// makes that name; otherwise the rest is zero.
func ParseFileName(name string) (key masto.MediaKey, unique string, ok bool) {
	stem, ext, _ := strings.Cut(name, ".")
	rest, unique := cutLast(stem, '-')
	account, kind := cutLast(rest, '-')
	key = masto.MediaKey{AccountID: unescape(account), Kind: unescape(kind), Ext: ext}
	if made, err := FileName(key, unique); err != nil || made != name {
		return masto.MediaKey{}, "", false
	}
	return key, unique, true
}

// escape returns s with all bytes escaped but letters, digits and those in
// plain, or "" if that is longer than longest.
func escape(s, plain string, longest int) string {
	var b strings.Builder
	for i := 0; i < len(s) && b.Len() <= longest; i++ {
		if c := s[i]; isAlphanumeric(c) || strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "~%02x", c)
		}
	}
	if b.Len() > longest {
		return ""
	}
	return b.String()
}

// unescape undoes escape. What it returns for a text that escape does not make
// is anything.
func unescape(s string) string {
	var b strings.Builder
	for {
		plain, rest, more := strings.Cut(s, "~")
		b.WriteString(plain)
		if !more {
			return b.String()
		}
		digits := rest[:min(2, len(rest))]
		c, _ := hex.DecodeString(digits)
		b.Write(c)
		s = rest[len(digits):]
	}
}

// cutLast cuts s around the last sep. All of s is before one that is not there.
func cutLast(s string, sep byte) (before, after string) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i+1:]
}

func isAlphanumeric(c byte) bool { return isLowerAlphanumeric(c) || 'A' <= c && c <= 'Z' }

func isLowerAlphanumeric(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' }

// only reports whether allowed returns true for every byte of s.
func only(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}
