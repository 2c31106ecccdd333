package main

import (
	"embed"
	"io"
	"io/fs"
	"net/http"
)

// missing has the pictures that are shown where none is set.
//
//go:embed missing
var missing embed.FS

// pictureTypes are the types that are served from the folder of uploads,
// whatever a file is called.
var pictureTypes = map[string]bool{
	"image/png":  true,
	"image/jpeg": true,
	"image/gif":  true,
	"image/webp": true,
}

// uploads serves the files of a folder that are pictures by their content, and
// nothing else: no listings and no other types. An address is never used twice,
// so browsers may cache it for good.
func uploads(folder fs.FS) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, err := folder.Open(r.PathValue("name"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer func() { _ = f.Close() }()
		servePicture(w, r, f, "public, max-age=31536000, immutable")
	}
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
		servePicture(w, r, f, "public, max-age=3600")
	}
}

// servePicture serves f if it is a picture, with headers by which a browser
// takes it for nothing else.
func servePicture(w http.ResponseWriter, r *http.Request, f fs.File, cache string) {
	info, err := f.Stat()
	content, seeks := f.(io.ReadSeeker)
	if err != nil || !info.Mode().IsRegular() || !seeks {
		http.NotFound(w, r)
		return
	}
	var head [512]byte
	n, err := io.ReadFull(content, head[:])
	if err != nil && n == 0 {
		http.NotFound(w, r)
		return
	}
	contentType := http.DetectContentType(head[:n])
	if _, err := content.Seek(0, io.SeekStart); err != nil || !pictureTypes[contentType] {
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
	http.ServeContent(w, r, "", info.ModTime(), content)
}
