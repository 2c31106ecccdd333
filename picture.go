package masto

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// pictureType tells from its first bytes which of the allowed types a picture is: its extension without a dot (png, jpg, gif, webp)
// and its media type; two empty strings if it is none of them.
func pictureType(data []byte) (ext, contentType string) {
	switch contentType = sniff(data); contentType {
	case "image/png", "image/gif", "image/webp":
		return strings.TrimPrefix(contentType, "image/"), contentType
	case "image/jpeg":
		return "jpg", contentType
	}
	return "", ""
}

// sniff tells from its first bytes what a file is; "" is not known. It knows the allowed pictures, and what else people or attackers
// send in their place.
func sniff(data []byte) string {
	for _, m := range [...]struct{ magic, contentType string }{
		{"\x89PNG\r\n\x1a\n", "image/png"},
		{"\xff\xd8\xff", "image/jpeg"},
		{"GIF87a", "image/gif"},
		{"GIF89a", "image/gif"},
		{"BM", "image/bmp"},
		{"II*\x00", "image/tiff"},
		{"MM\x00*", "image/tiff"},
		{"\x00\x00\x01\x00", "image/vnd.microsoft.icon"},
		{"%PDF-", "application/pdf"},
		{"PK\x03\x04", "application/zip"},
	} {
		if bytes.HasPrefix(data, []byte(m.magic)) {
			return m.contentType
		}
	}
	if len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP" {
		return "image/webp"
	}
	return sniffMarkup(data)
}

// sniffMarkup is sniff for what begins with a tag.
func sniffMarkup(data []byte) string {
	head := strings.ToLower(string(bytes.TrimLeft(data[:min(len(data), 512)], "\t\n\f\r ")))
	for _, m := range [...]struct{ tag, contentType string }{
		{"<svg", "image/svg+xml"},
		{"<!doctype html", "text/html"},
		{"<html", "text/html"},
		{"<head", "text/html"},
		{"<body", "text/html"},
		{"<script", "text/html"},
	} {
		if strings.HasPrefix(head, m.tag) {
			return m.contentType
		}
	}
	if strings.HasPrefix(head, "<?xml") {
		if strings.Contains(head, "<svg") {
			return "image/svg+xml"
		}
		return "text/xml"
	}
	return ""
}

// declaredType returns the media type that u was sent as, without parameters and in lower case, or else the one that the extension of
// its file name stands for; "" if neither says anything.
func (u *Upload) declaredType() string {
	t, _, _ := strings.Cut(u.ContentType, ";")
	t = strings.ToLower(strip(t))
	major, minor, ok := strings.Cut(t, "/")
	if !ok || !isToken(major) || !isToken(minor) || t == "application/octet-stream" || t == "binary/octet-stream" {
		return typeByExtension(u.Filename)
	}
	return t
}

// isToken tells whether s, in lower case, is a name as media types have them.
func isToken(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-") == ""
}

// typeByExtension knows the common extensions and no others. The system's own table would make the outcome depend on the machine.
func typeByExtension(filename string) string {
	i := strings.LastIndexByte(filename, '.')
	if i < 0 {
		return ""
	}
	switch ext := strings.ToLower(filename[i+1:]); ext {
	case "png", "gif", "webp", "bmp", "avif", "heic":
		return "image/" + ext
	case "jpg", "jpeg", "jpe", "jfif":
		return "image/jpeg"
	case "svg":
		return "image/svg+xml"
	case "tif", "tiff":
		return "image/tiff"
	case "ico":
		return "image/vnd.microsoft.icon"
	case "html", "htm":
		return "text/html"
	case "xml", "css":
		return "text/" + ext
	case "js":
		return "text/javascript"
	case "txt":
		return "text/plain"
	case "pdf", "zip", "json":
		return "application/" + ext
	case "mp4", "webm":
		return "video/" + ext
	case "mp3":
		return "audio/mpeg"
	}
	return ""
}

// spoofed tells whether the data contradict what u was sent as: they are of another kind (text sent as a picture, or the reverse), or
// an allowed picture was promised and none of those came. PNG data sent as JPEG are no spoof.
func (u *Upload) spoofed() bool {
	declared := u.declaredType()
	if declared == "" {
		return false
	}
	actual := sniff(u.Data)
	if actual != "" && major(actual) != major(declared) {
		return true
	}
	return isAllowedPicture(declared) && !isAllowedPicture(actual)
}

func major(contentType string) string {
	m, _, _ := strings.Cut(contentType, "/")
	return m
}

// isAllowedPicture has the types that the reference takes for avatars and headers.
func isAllowedPicture(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// humanSize writes a number of bytes as the reference does: three significant digits, halves rounded up, no zeros at the end. 8388608 is
// "8 MB", 1536 is "1.5 KB", 1 is "1 Byte".
func humanSize(n int64) string {
	if n < 1024 {
		return count(int(n), "Byte")
	}
	value, unit := float64(n), ""
	for _, unit = range [...]string{"KB", "MB", "GB", "TB", "PB", "EB"} {
		if value /= 1024; value < 1024 {
			break
		}
	}
	scale := 1.0
	switch {
	case value < 10:
		scale = 100
	case value < 100:
		scale = 10
	}
	value = math.Round(value*scale) / scale
	if value >= 1000 {
		value = math.Round(value/10) * 10
	}
	return strconv.FormatFloat(value, 'f', -1, 64) + " " + unit
}

// count writes a number of things: "1 Byte", "2 Bytes".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
