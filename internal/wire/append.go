package wire

import "strconv"

// The functions that append a value first append name, which is the text before
// it: a bracket or a comma, the quoted name of the member, and a colon.

// AppendString appends s as AppendQuoted does.
func AppendString(dst []byte, name, s string) []byte {
	return AppendQuoted(append(dst, name...), s)
}

// AppendURL appends a string, or null for "".
func AppendURL(dst []byte, name, s string) []byte {
	if s == "" {
		return append(append(dst, name...), "null"...)
	}
	return AppendString(dst, name, s)
}

// AppendNullString appends a string, or null for nil.
func AppendNullString(dst []byte, name string, s *string) []byte {
	if s == nil {
		return append(append(dst, name...), "null"...)
	}
	return AppendString(dst, name, *s)
}

// AppendBool appends true or false.
func AppendBool(dst []byte, name string, b bool) []byte {
	return strconv.AppendBool(append(dst, name...), b)
}

// AppendNullBool appends a Boolean, or null for nil.
func AppendNullBool(dst []byte, name string, b *bool) []byte {
	if b == nil {
		return append(append(dst, name...), "null"...)
	}
	return AppendBool(dst, name, *b)
}

// AppendOptionalBool appends a Boolean, or for nil nothing, not even name.
func AppendOptionalBool(dst []byte, name string, b *bool) []byte {
	if b == nil {
		return dst
	}
	return AppendBool(dst, name, *b)
}

// AppendIfTrue appends true, or for false nothing, not even name.
func AppendIfTrue(dst []byte, name string, b bool) []byte {
	if !b {
		return dst
	}
	return AppendBool(dst, name, b)
}

// AppendInt appends a number.
func AppendInt(dst []byte, name string, n int64) []byte {
	return strconv.AppendInt(append(dst, name...), n, 10)
}

// AppendStrings appends a list of strings; nil is an empty one.
func AppendStrings(dst []byte, name string, list []string) []byte {
	dst = append(append(dst, name...), '[')
	for i, s := range list {
		dst = AppendQuoted(AppendComma(dst, i), s)
	}
	return append(dst, ']')
}

// AppendComma appends a comma before every element but the first.
func AppendComma(b []byte, i int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return b
}
