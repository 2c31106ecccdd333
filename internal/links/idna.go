package links

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/seed-374a2035/masto/internal/stringprep"
)

// The reference implementation keeps a URL only if libidn can convert its host
// to ASCII: IDNA 2003 (RFC 3490) with nameprep (RFC 3491), without unassigned
// characters and without the rules for host names (UseSTD3ASCIIRules).
//
// golang.org/x/net/idna is IDNA 2008 and UTS 46 of a much later Unicode: it
// takes emoji, which are not in Unicode 3.2, and refuses symbols and underscores
// that are fine here. So nameprep is written down below. It is short because we
// need not know the converted host, only whether there is one and how long it
// is. That is also why simple lower case and today's NFKC are close enough to
// the tables of RFC 3454, B.2, and Unicode 3.2's: both leave alone what was
// assigned then, but for a handful of characters that become others like them.
//
// Labels in ASCII are taken as they are, those that begin with xn-- too.

const (
	// maxLabel is the longest label in bytes, converted.
	maxLabel = 63
	// maxPrepared is the longest label in code points before normalization,
	// which composes four of them at most to one.
	maxPrepared = 4 * maxLabel
)

// asciiHostLength returns the length in bytes of the host converted to ASCII,
// and whether it can be converted.
func asciiHostLength(host string) (n int, ok bool) {
	for {
		end, size := labelDot(host)
		length, ok := asciiLabelLength(host[:end])
		if !ok {
			return 0, false
		}
		n += length
		if end == len(host) {
			return n, true
		}
		n++
		host = host[end+size:]
	}
}

// labelDot returns where the first label of host ends, and the length in bytes
// of the dot there: IDNA knows three more than ASCII.
func labelDot(host string) (end, size int) {
	for i := 0; i < len(host); i++ {
		switch host[i] {
		case '.':
			return i, 1
		case 0xE3, 0xEF:
			if hasPrefixAt(host, i, "。") || hasPrefixAt(host, i, "．") || hasPrefixAt(host, i, "｡") {
				return i, len("。")
			}
		}
	}
	return len(host), 0
}

// asciiLabelLength is asciiHostLength for one label.
func asciiLabelLength(label string) (n int, ok bool) {
	if isASCII(label) {
		return len(label), 0 < len(label) && len(label) <= maxLabel
	}
	label, ok = prepare(label)
	if !ok || !mayBeLabel(label) {
		return 0, false
	}
	if isASCII(label) {
		return len(label), 0 < len(label) && len(label) <= maxLabel
	}
	if hasACEPrefix(label) {
		return 0, false
	}
	var runes [maxLabel]rune
	for _, r := range label {
		if n == len(runes) {
			return 0, false
		}
		runes[n] = lower(r)
		n++
	}
	var encoded [maxLabel]byte
	b, ok := appendPunycode(append(encoded[:0], "xn--"...), runes[:n])
	return len(b), ok
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func hasACEPrefix(label string) bool {
	return len(label) >= 4 && strings.EqualFold(label[:4], "xn--")
}

// prepare returns label without the characters that are mapped to nothing, and
// normalized. It reports false if a character was not assigned in Unicode 3.2, or
// the label is too long for anything. Most labels are normalized already; only
// the others cost memory.
func prepare(label string) (string, bool) {
	n, done := 0, true
	for i, r := range label {
		if stringprep.IsNothing(r) {
			done = false
			continue
		}
		if r == utf8.RuneError && !hasPrefixAt(label, i, "\uFFFD") || !unicode.Is(assigned32, r) {
			return "", false
		}
		done = done && r != 'ß'
		if n++; n > maxPrepared {
			return "", false
		}
	}
	if done && norm.NFKC.QuickSpanString(label) == len(label) {
		return label, true
	}
	label = strings.Map(func(r rune) rune {
		if stringprep.IsNothing(r) {
			return -1
		}
		return lower(r)
	}, label)
	return norm.NFKC.String(strings.ReplaceAll(label, "ß", "ss")), true
}

// lower returns r in lower case, as far as Unicode 3.2 had one for it.
func lower(r rune) rune {
	if l := unicode.ToLower(r); unicode.Is(assigned32, l) {
		return l
	}
	return r
}

// mayBeLabel reports whether a mapped and normalized label has no character that
// nameprep prohibits, and keeps to its rule for text in both directions.
func mayBeLabel(label string) bool {
	for _, r := range label {
		if stringprep.IsProhibited(r) {
			return false
		}
	}
	return stringprep.DirectionsAgree(label)
}

// appendPunycode appends the Punycode of a label to dst (RFC 3492). It reports
// false when that would outgrow dst's capacity.
func appendPunycode(dst []byte, label []rune) ([]byte, bool) {
	const (
		base        = 36
		tmin        = 1
		tmax        = 26
		skew        = 38
		damp        = 700
		initialBias = 72
		initialN    = 128
	)
	start := len(dst)
	for _, r := range label {
		if r < initialN {
			if len(dst) == cap(dst) {
				return nil, false
			}
			dst = append(dst, byte(r))
		}
	}
	basic := len(dst) - start
	if basic > 0 {
		if len(dst) == cap(dst) {
			return nil, false
		}
		dst = append(dst, '-')
	}
	n, delta, bias := rune(initialN), 0, initialBias
	for done := basic; done < len(label); n++ {
		next := rune(unicode.MaxRune)
		for _, r := range label {
			if r >= n && r < next {
				next = r
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range label {
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, tmin), tmax)
				digit := q
				if q >= t {
					digit = t + (q-t)%(base-t)
				}
				if len(dst) == cap(dst) {
					return nil, false
				}
				if digit < 26 {
					dst = append(dst, 'a'+byte(digit))
				} else {
					dst = append(dst, '0'+byte(digit-26))
				}
				if q < t {
					break
				}
				q = (q - t) / (base - t)
			}
			if done == basic {
				delta /= damp
			} else {
				delta /= 2
			}
			done++
			delta += delta / done
			bias = 0
			for delta > (base-tmin)*tmax/2 {
				delta /= base - tmin
				bias += base
			}
			bias += (base - tmin + 1) * delta / (delta + skew)
			delta = 0
		}
		delta++
	}
	return dst, true
}
