package media_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/media"
)

func TestType(t *testing.T) {
	for _, c := range []struct {
		name, data       string
		ext, contentType string
	}{
		{"PNG", "\x89PNG\r\n\x1a\n\x00", "png", "image/png"},
		{"JPEG", "\xff\xd8\xff", "jpg", "image/jpeg"},
		{"GIF of 1987", "GIF87a", "gif", "image/gif"},
		{"GIF of 1989", "GIF89a", "gif", "image/gif"},
		{"WebP", "RIFF\x00\x00\x00\x00WEBPVP8 ", "webp", "image/webp"},
		{"nothing", "", "", ""},
		{"a sound in the same container", "RIFF\x00\x00\x00\x00WAVE", "", ""},
		{"half of a signature", "\x89PNG", "", ""},
		{"a picture that is not allowed", "BM", "", ""},
		{"markup", "<svg>", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ext, contentType := media.Type([]byte(c.data))
			require.Equal(t, c.ext, ext)
			require.Equal(t, c.contentType, contentType)
			require.Equal(t, c.contentType != "", media.IsAllowed(contentType))
		})
	}
}

func TestDeclared(t *testing.T) {
	for _, c := range []struct {
		name, contentType, filename string
		want                        string
	}{
		{"a type", "image/png", "", "image/png"},
		{"capitals, white space and parameters", " Image/PNG ; charset=x", "", "image/png"},
		{"the type goes before the name", "image/png", "a.html", "image/png"},
		{"no type", "", "a.b.JPEG", "image/jpeg"},
		{"a type that says nothing", "application/octet-stream", "a.gif", "image/gif"},
		{"no type at all", "png", "a.svg", "image/svg+xml"},
		{"letters that no type has", "image/pñg", "a.webp", "image/webp"},
		{"an unknown extension", "", "a.unknown", ""},
		{"no extension", "", "png", ""},
		{"nothing", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := media.Declared(c.contentType, c.filename)
			require.Equal(t, c.want, got)
			require.Equal(t, got, media.Declared(got, ""), "what was said once is said again")
		})
	}
}

func TestSpoofed(t *testing.T) {
	const png = "\x89PNG\r\n\x1a\n"
	for _, c := range []struct {
		name, declared, data string
		want                 bool
	}{
		{"as declared", "image/png", png, false},
		{"another allowed picture", "image/jpeg", png, false},
		{"nothing was declared", "", "<html>", false},
		{"text sent as a picture", "image/png", "<html>", true},
		{"a picture sent as text", "text/html", png, true},
		{"another kind of picture", "image/png", "BM", true},
		{"a picture that is not allowed, said so", "image/bmp", "BM", false},
		{"an allowed picture was promised", "image/gif", "what is this", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, media.Spoofed(c.declared, []byte(c.data)))
		})
	}
}
