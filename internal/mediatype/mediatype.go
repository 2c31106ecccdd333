// Package mediatype reads Content-Type and Content-Disposition headers as
// clients really send them, and text in the charsets that they name.
//
//	Parse      a media type and its parameters, with or without quotes
//	FormData   the name and the file name of a part of a form
//	Transcode  text in one of the charsets that forms may have, as UTF-8
//	IsUTF8     whether a charset is UTF-8
//
// A header is read by package mime. If that refuses a parameter, as it does
// the boundaries without quotes of several clients, the parameters are read
// again leniently. ISO-8859-1 is read as windows-1252, as the Encoding
// Standard of the WHATWG says. The time is linear in the text.
package mediatype

import (
	"errors"
	"mime"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

var errNoMediaType = errors.New("no media type")

// Parse is [mime.ParseMediaType] for headers whose parameters may be anything
// but a semicolon without standing in quotes, as in boundary====123===. The
// names of parameters are in lower case; of two with the same name the first
// one counts.
func Parse(header string) (mediaType string, params map[string]string, err error) {
	if header == "" {
		return "", nil, errNoMediaType
	}
	mediaType, params, err = mime.ParseMediaType(header)
	if errors.Is(err, mime.ErrInvalidMediaParameter) {
		return mediaType, parseParams(header), nil
	}
	return mediaType, params, err
}

// FormData returns the name and the file name in the Content-Disposition of a
// part, as [Parse] reads them. isFile reports whether there is a file name,
// which may be empty; ok reports whether the part is form-data at all.
func FormData(disposition string) (name, filename string, isFile, ok bool) {
	if name, filename, isFile, ok = plainFormData(disposition); ok {
		return name, filename, isFile, true
	}
	mediaType, params, err := Parse(disposition)
	filename, isFile = params["filename"]
	return params["name"], filename, isFile, err == nil && mediaType == "form-data"
}

// plainFormData is FormData for what nearly every client sends: a name, perhaps
// a file name after it, both in quotes and without backslashes or line breaks.
func plainFormData(disposition string) (name, filename string, isFile, ok bool) {
	rest, ok := strings.CutPrefix(disposition, `form-data; name="`)
	if !ok || strings.ContainsAny(rest, "\\\r\n") {
		return "", "", false, false
	}
	name, rest, ok = strings.Cut(rest, `"`)
	if rest == "" {
		return name, "", false, ok
	}
	rest, isFile = strings.CutPrefix(rest, `; filename="`)
	filename, rest, ok = strings.Cut(rest, `"`)
	return name, filename, isFile, ok && isFile && rest == ""
}

// parseParams reads the parameters of a header. What is no parameter is passed
// over.
func parseParams(header string) map[string]string {
	params := make(map[string]string)
	_, rest, _ := strings.Cut(header, ";")
	for rest != "" {
		var name, value string
		i := strings.IndexAny(rest, "=;")
		if i < 0 {
			break
		}
		isParam := rest[i] == '='
		name, rest = strings.ToLower(strings.TrimSpace(rest[:i])), rest[i+1:]
		if !isParam {
			continue
		}
		if value, rest = cutValue(rest); name != "" {
			if _, ok := params[name]; !ok {
				params[name] = value
			}
		}
	}
	return params
}

// cutValue cuts the value of a parameter from the start of s, with the
// semicolon that ends it.
func cutValue(s string) (value, rest string) {
	quoted, ok := strings.CutPrefix(strings.TrimLeft(s, " \t"), `"`)
	if end := closingQuote(quoted); ok && end >= 0 {
		_, rest, _ = strings.Cut(quoted[end+1:], ";")
		return strings.ReplaceAll(quoted[:end], `\"`, `"`), rest
	}
	value, rest, _ = strings.Cut(s, ";")
	return strings.TrimSpace(value), rest
}

// closingQuote returns the index of the first quotation mark that no backslash
// escapes; -1 without one.
func closingQuote(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// IsUTF8 reports whether text in a charset is UTF-8. None is, and so is ASCII,
// as some name what they send in UTF-8.
func IsUTF8(charset string) bool {
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return false
}

// Transcode returns text in another charset than UTF-8 as UTF-8. ISO-8859-1 is
// read as windows-1252, as browsers do; printable ASCII is taken in any
// charset, and anything else in none.
func Transcode(charset, text string) (utf8 string, ok bool) {
	if isPrintableASCII(text) {
		return text, true
	}
	switch strings.ToLower(charset) {
	case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "cp-1252":
		utf8, err := charmap.Windows1252.NewDecoder().String(text)
		return utf8, err == nil
	}
	return "", false
}

// isPrintableASCII reports whether text is ASCII without control characters but
// white space: not the escape sequences of ISO-2022-JP, nor UTF-16.
func isPrintableASCII(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= 0x7F || c < ' ' && (c < '\t' || c > '\r') {
			return false
		}
	}
	return true
}
