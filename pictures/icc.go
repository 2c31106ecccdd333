package pictures

import "encoding/binary"

// maxProfile is the most bytes of an ICC profile that is kept.
const maxProfile = 1 << 20

// checkProfile returns profile without what follows its end, or nil if it is
// none for the pixels of a color space, which is one of "RGB ", "GRAY" and
// "CMYK".
func checkProfile(profile []byte, space string) []byte {
	const header = 128
	if len(profile) < header || string(profile[16:20]) != space || string(profile[36:40]) != "acsp" {
		return nil
	}
	size := uint64(binary.BigEndian.Uint32(profile))
	if size < header || size > maxProfile || size > uint64(len(profile)) {
		return nil
	}
	return profile[:size]
}
