package hostname

import "unicode"

// AppendPunycode appends the Punycode of a label to dst (RFC 3492). It reports
// false when that would outgrow dst's capacity, which bounds its time too: that
// is quadratic in what is encoded.
func AppendPunycode(dst []byte, label []rune) ([]byte, bool) {
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
