package hostname

import "unicode"

// The parameters of Punycode. Source: RFC 3492, section 5.
const (
	punycodeBase        = 36
	punycodeTMin        = 1
	punycodeTMax        = 26
	punycodeSkew        = 38
	punycodeDamp        = 700
	punycodeInitialBias = 72
	punycodeInitialN    = 128
)

// AppendPunycode appends the Punycode of a label to dst (RFC 3492, section
// 6.3). It reports false when that would outgrow dst's capacity, which bounds
// its time too: that is quadratic in what is encoded.
func AppendPunycode(dst []byte, label []rune) ([]byte, bool) {
	start := len(dst)
	for _, r := range label {
		if r < punycodeInitialN {
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
	n, delta, bias := rune(punycodeInitialN), 0, punycodeInitialBias
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
			var ok bool
			if dst, ok = appendPunycodeDelta(dst, delta, bias); !ok {
				return nil, false
			}
			done++
			bias = adaptPunycodeBias(delta, done, done == basic+1)
			delta = 0
		}
		delta++
	}
	return dst, true
}

// appendPunycodeDelta appends delta as an integer of variable length. It
// reports false when that would outgrow dst's capacity.
func appendPunycodeDelta(dst []byte, delta, bias int) ([]byte, bool) {
	for k := punycodeBase; ; k += punycodeBase {
		t := min(max(k-bias, punycodeTMin), punycodeTMax)
		digit := delta
		if delta >= t {
			digit = t + (delta-t)%(punycodeBase-t)
		}
		if len(dst) == cap(dst) {
			return nil, false
		}
		if digit < 26 {
			dst = append(dst, 'a'+byte(digit))
		} else {
			dst = append(dst, '0'+byte(digit-26))
		}
		if delta < t {
			return dst, true
		}
		delta = (delta - t) / (punycodeBase - t)
	}
}

// adaptPunycodeBias returns the bias for the next delta. Source: RFC 3492,
// section 6.1.
func adaptPunycodeBias(delta, done int, first bool) int {
	if first {
		delta /= punycodeDamp
	} else {
		delta /= 2
	}
	delta += delta / done
	bias := 0
	for delta > (punycodeBase-punycodeTMin)*punycodeTMax/2 {
		delta /= punycodeBase - punycodeTMin
		bias += punycodeBase
	}
	return bias + (punycodeBase-punycodeTMin+1)*delta/(delta+punycodeSkew)
}
