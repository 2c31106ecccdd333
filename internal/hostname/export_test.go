package hostname

// For the tests of what is not exported.
var (
	IsMappedToNothing = isMappedToNothing
	IsProhibited      = isProhibited
	DirectionsAgree   = directionsAgree
	Normalize         = normalize
)

// Prepare returns a label as it is encoded, and whether it can be.
func Prepare(label string) (string, bool) {
	label, ok := nameprep(label, allOfUnicode)
	lowered := make([]rune, 0, len(label))
	for _, r := range label {
		lowered = append(lowered, lower(r))
	}
	return string(lowered), ok
}

// ToASCII returns a label in ASCII, and whether it can be converted.
func ToASCII(label string) (string, bool) {
	ascii, ok := appendASCII(make([]byte, 0, maxLabel), label, allOfUnicode)
	return string(ascii), ok
}
