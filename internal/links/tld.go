package links

import (
	"sync/atomic"

	"golang.org/x/net/publicsuffix"
)

// knownTLD reports whether name, in lower case and encoded, is a generic or
// country TLD: whether a domain under it has an ICANN rule in the public suffix
// list. (Some TLDs, np for one, have nothing but rules for what is under them.)
func knownTLD(name []byte) bool {
	key := packTLD(name)
	if key == 0 {
		return askTLD(name)
	}
	slot := &tldMemo[(key*0x9E3779B97F4A7C15)>>(64-tldMemoBits)]
	if v := slot.Load(); v>>1 == key {
		return v&1 != 0
	}
	known := askTLD(name)
	v := key << 1
	if known {
		v |= 1
	}
	slot.Store(v)
	return known
}

// askTLD asks the public suffix list.
func askTLD(name []byte) bool {
	_, icann := publicsuffix.PublicSuffix("a." + string(name))
	return icann
}

// tldMemo remembers the last answers of the public suffix list, which allocates
// memory at every question. It is a table of fixed size: a slot is 0 or holds a
// packed name and, in its lowest bit, the answer. A pure function's memo is no
// state: whatever is in it, knownTLD answers the same.
var tldMemo [1 << tldMemoBits]atomic.Uint64

const tldMemoBits = 11

// packTLD returns a number of 63 bits that stands for name, 0 if name is too
// long for that.
func packTLD(name []byte) uint64 {
	if len(name) > 12 {
		return 0
	}
	var n uint64
	for _, c := range name {
		switch {
		case c >= 'a':
			n = n*38 + uint64(c-'a') + 1
		case c >= '0':
			n = n*38 + uint64(c-'0') + 27
		default: // -
			n = n*38 + 37
		}
	}
	return n
}
