// Package media tells what a picture is that somebody sent.
//
//	Type      which of the allowed types the data are
//	Declared  which type the sender says that they are
//	Spoofed   whether the data contradict the sender
//	IsAllowed whether a type is one of PNG, JPEG, GIF and WebP
//
// The first bytes decide, as in the reference; testdata/vectors/errors.jsonl
// has the outcomes. Nothing is decoded: a truncated file has the type that it
// begins as. Every function takes at most 512 bytes of the data into account,
// and none asks the tables of the system, so that an outcome does not depend on
// the machine.
package media

import (
	"bytes"
	"strings"
)

// Type returns which of the allowed types a picture has: its extension without
// a dot (png, jpg, gif, webp) and its media type. Both are empty for data that
// are none of them.
func Type(data []byte) (ext, contentType string) {
	contentType = sniff(data)
	switch {
	case !IsAllowed(contentType):
		return "", ""
	case contentType == "image/jpeg":
		return "jpg", contentType
	}
	return strings.TrimPrefix(contentType, "image/"), contentType
}

// Declared returns the media type that a file was sent as, without parameters
// and in lower case, or else the one that the extension of its name stands for;
// "" if neither says anything.
func Declared(contentType, filename string) string {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.Trim(t, "\x00\t\n\v\f\r "))
	major, minor, ok := strings.Cut(t, "/")
	if !ok || !isToken(major) || !isToken(minor) || t == "application/octet-stream" || t == "binary/octet-stream" {
		return typeByExtension(filename)
	}
	return t
}

// Spoofed reports whether the data contradict the declared type, which is ""
// for none: they are of another kind (text sent as a picture, or the reverse),
// or an allowed picture was promised and none of those came. PNG data sent as
// JPEG are no spoof.
func Spoofed(declared string, data []byte) bool {
	if declared == "" {
		return false
	}
	actual := sniff(data)
	if actual != "" && major(actual) != major(declared) {
		return true
	}
	return IsAllowed(declared) && !IsAllowed(actual)
}

// IsAllowed reports whether the reference takes pictures of a type as avatars
// and headers.
func IsAllowed(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// major returns what is before the slash of a media type.
func major(contentType string) string {
	m, _, _ := strings.Cut(contentType, "/")
	return m
}

// sniff returns what a file is by its first bytes; "" if that is not known. It
// knows the allowed pictures, and what else people or attackers send in their
// place.
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

// isToken reports whether s, in lower case, is a name as media types have them.
func isToken(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-") == ""
}

// typeByExtension returns the media type that the extension of a file name
// stands for. It knows the common ones and no others.
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
