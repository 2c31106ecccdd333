package main

import (
	"embed"
	"io"
	"io/fs"
	"net/http"
	"time"
)

// missing has the pictures that are shown where none is set.
//
//go:embed missing
var missing embed.FS

// pictureTypes are the types of uploads that are served, whatever a file is
// called.
var pictureTypes = map[string]bool{
	"image/png":  true,
	"image/jpeg": true,
	"image/gif":  true,
	"image/webp": true,
}

// embedded serves one of the pictures that are part of the program.
func embedded(folder fs.FS, name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, err := folder.Open(name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer func() { _ = f.Close() }()
		content, ok := f.(io.ReadSeeker)
		if !ok {
			http.NotFound(w, r)
			return
		}
		servePicture(w, r, content, sniff(content), time.Time{}, "public, max-age=3600")
	}
}

// sniff returns the type of content, or "" if it is no picture.
func sniff(content io.ReadSeeker) string {
	var head [512]byte
	n, err := io.ReadFull(content, head[:])
	if err != nil && n == 0 {
		return ""
	}
	contentType := http.DetectContentType(head[:n])
	if _, err := content.Seek(0, io.SeekStart); err != nil || !pictureTypes[contentType] {
		return ""
	}
	return contentType
}

// servePicture serves content if contentType is that of a picture, with headers
// by which a browser takes it for nothing else. modified may be zero.
func servePicture(
	w http.ResponseWriter, r *http.Request, content io.ReadSeeker, contentType string, modified time.Time, cache string,
) {
	if !pictureTypes[contentType] {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", cache)
	http.ServeContent(w, r, "", modified, content)
}
