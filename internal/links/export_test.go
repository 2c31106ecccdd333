package links

// Append appends the links of text to dst.
func Append(dst []Link, text string) []Link {
	f := Find(text)
	for l, ok := f.Next(); ok; l, ok = f.Next() {
		dst = append(dst, l)
	}
	return dst
}

// Hashtags returns the names of all the hashtags of text, in order, as they are
// written. Unlike [Find] it counts those inside of URLs.
func Hashtags(dst []string, text string) []string {
	h := newHashtagSearch(text)
	for l := h.next(); l.End > 0; l = h.next() {
		dst = append(dst, l.Text)
	}
	return dst
}
