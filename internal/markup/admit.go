package markup

import (
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/seed-374a2035/masto/internal/fold"
)

// A tree may cost costBase bytes, plus costPerByte for each byte of the source.
const (
	costPerByte = 160
	costBase    = 40 << 10
)

// Estimates of what the parser allocates, in bytes.
const (
	nodeCost      = 112 // a node
	attributeCost = 48  // an attribute of an element that is opened again
	readCost      = 64  // an attribute that is read, in addition
	copyCost      = 192 // an attribute of html or body, each time there is another such tag
)

// admit returns an error for a source that must not be given to the parser.
//
// Formatting elements such as <b> and <a> that are closed by the end of another
// element are opened again after it, each with all its attributes, so that a
// few of them can make a tree of any size. What they will cost is estimated
// from the tags. In nearly all HTML a scan of bytes finds those; where it is
// not sure what is a tag, the parser's tokenizer does.
func admit(src string) error {
	est := newEstimator(len(src))
	if sure := est.scan(src); sure {
		return est.verdict()
	}
	return estimateTokens(src)
}

// scan counts all tags of a source. It reports false if it is not sure of them:
// if there is text that looks like tags in an element such as script, a comment
// that does not end, or a tag with more attributes than the limit.
func (est *estimator) scan(src string) (sure bool) {
	for {
		i := strings.IndexByte(src, '<')
		if i < 0 || est.verdict() != nil {
			return true
		}
		src = src[i:]
		t, ok := readTag(src)
		if !ok {
			n := skipNonTag(src)
			if n == 0 {
				return false
			}
			src = src[n:]
			continue
		}
		if !t.complete {
			return true // the parser drops it
		}
		if t.attributes > maxAttributes {
			return false
		}
		est.tag(t, src[:t.length], src[t.length-2] == '/')
		src = src[t.length:]
		if kindOf(t.name)&raw != 0 && !t.isEnd {
			if i = strings.IndexByte(src, '<'); i < 0 {
				return true
			}
			src = src[i:]
			if end, ok := readTag(src); !ok || !end.isEnd || end.id != t.id || t.name == atom.Plaintext {
				return false
			}
		}
	}
}

// skipNonTag returns the length of what begins with the "<" of src and is not a
// tag, or 0 if it is not sure.
func skipNonTag(src string) int {
	switch {
	case len(src) < 2:
		return len(src)
	case strings.HasPrefix(src, "<!-->"), strings.HasPrefix(src, "<!--->"):
		return strings.IndexByte(src, '>') + 1
	case strings.HasPrefix(src, "<!--"):
		const open, end = len("<!--"), len("-->")
		n := strings.Index(src[open:], "-->")
		if n < 0 || strings.Contains(src[open:open+n], "--!>") {
			return 0
		}
		return open + n + end
	case src[1] == '!' && (len(src) < 9 || !strings.EqualFold(src[:9], "<!doctype")):
		return 0 // in svg and math it may be a CDATA section
	case src[1] == '!', src[1] == '?', src[1] == '/':
		if n := strings.IndexByte(src, '>'); n >= 0 {
			return n + 1
		}
		return len(src)
	}
	return 1
}

// A tag is a tag as it is written.
type tag struct {
	name       atom.Atom // 0 for an unknown element
	id         uint32    // stands for the name, whatever its case
	attributes int       // how many are written, duplicates included
	length     int       // in bytes
	isEnd      bool      // whether it is an end tag
	complete   bool      // whether it ends before the source does
}

// cost returns what opening the element once more costs.
func (t tag) cost() int { return nodeCost + t.attributes*attributeCost }

// readTag reads the tag at the start of src, which begins with "<", as the
// parser's tokenizer would. ok reports whether there is one.
func readTag(src string) (t tag, ok bool) {
	i := 1
	if i < len(src) && src[i] == '/' {
		t.isEnd = true
		i++
	}
	if i == len(src) || !isLetter(src[i]) {
		return tag{}, false
	}
	start := i
	for i < len(src) && !isSpace(src[i]) && src[i] != '/' && src[i] != '>' {
		i++
	}
	t.name, t.id = lookup(src[start:i])
	for i < len(src) && src[i] != '>' {
		if isSpace(src[i]) || src[i] == '/' {
			i++
			continue
		}
		t.attributes++
		i = skipAttribute(src, i)
	}
	t.complete = i < len(src)
	t.length = min(i+1, len(src))
	return t, true
}

// skipAttribute returns the offset of the end of the attribute at src[i:].
func skipAttribute(src string, i int) int {
	for i++; i < len(src) && src[i] != '=' && src[i] != '/' && src[i] != '>' && !isSpace(src[i]); {
		i++
	}
	for i < len(src) && isSpace(src[i]) {
		i++
	}
	if i == len(src) || src[i] != '=' {
		return i
	}
	for i++; i < len(src) && isSpace(src[i]); {
		i++
	}
	if i == len(src) {
		return i
	}
	if quote := src[i]; quote == '"' || quote == '\'' {
		if n := strings.IndexByte(src[i+1:], quote); n >= 0 {
			return i + 1 + n + 1
		}
		return len(src)
	}
	for i < len(src) && src[i] != '>' && !isSpace(src[i]) {
		i++
	}
	return i
}

// lookup returns the atom of a name, or 0 for an unknown one, and a number that
// stands for the name. Both are the same in any case of its letters.
func lookup(name string) (atom.Atom, uint32) {
	var buf [len("annotation-xml")]byte
	if len(name) <= len(buf) {
		for i := range len(name) {
			buf[i] = fold.LowerByte(name[i])
		}
		if a := atom.Lookup(buf[:len(name)]); a != 0 {
			return a, uint32(a)
		}
	}
	const offset, prime = 2166136261, 16777619 // of FNV-1a
	hash := uint32(offset)
	for i := range len(name) {
		hash = (hash ^ uint32(fold.LowerByte(name[i]))) * prime
	}
	return 0, hash | 1<<31 // no atom is so large
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isSpace reports whether c is one of the white space characters of HTML.
func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r'
}
