package fold

// EqualASCII reports whether a and b are equal but for the case of ASCII
// letters. Other letters count as they are: the long s is no s.
func EqualASCII(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if LowerByte(a[i]) != LowerByte(b[i]) {
			return false
		}
	}
	return true
}

// LowerASCII returns s with A to Z in lower case. It allocates only if there
// are such letters.
func LowerASCII(s string) string {
	for i := range len(s) {
		if LowerByte(s[i]) != s[i] {
			lower := []byte(s)
			for ; i < len(s); i++ {
				lower[i] = LowerByte(s[i])
			}
			return string(lower)
		}
	}
	return s
}

// AppendLowerASCII appends s with A to Z in lower case.
func AppendLowerASCII(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, LowerByte(s[i]))
	}
	return dst
}

// LowerByte returns c, in lower case if it is one of A to Z.
func LowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
