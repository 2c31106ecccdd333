package weburl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/weburl"
)

// What the reference's library makes of addresses: the address written again, "" for none.
func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.io:0443/x?y#z":      "https://a.io:443/x?y#z",
		"https://a.io:0/":              "https://a.io/",
		"https://a.io:":                "https://a.io",
		"https://a.io:8o/":             "",
		"https://":                     "",
		"https://a b.io":               "",
		"https://a.io\\x":              "",
		"https://[::1]:80/":            "https://[::1]:80/",
		"https://[::1]a.io[::1]/":      "",
		"https://[%3A]/":               "",
		"https://\nuser:x @a.io/":      "https://user:x@a.io/",
		"//a.io/x":                     "//a.io/x",
		"a:b":                          "a:b",
		"1a:b":                         "",
		"./a:b":                        "./a:b",
		"xmpp:a@b.io":                  "xmpp:a@b.io",
		"https://a.io/#a\nb":           "https://a.io/#a",
		"javascript:alert(1)//a:b@c:d": "javascript:alert(1)//a:b@c:d",
	} {
		u, err := weburl.Parse(in)
		if want == "" {
			require.ErrorIs(t, err, weburl.ErrInvalid, in)
			continue
		}
		require.NoError(t, err, in)
		require.Equal(t, want, u.String(), in)
	}
}

func TestIsNormal(t *testing.T) {
	for host, want := range map[string]bool{
		"a.io": true, "A.io": false, "a.io.": false, "xn--e1a.io": true, "é.io": false, "a_b.io": true, "%61.io": false, "[::1]": true,
	} {
		require.Equal(t, want, weburl.IsNormalHost(host), host)
	}
	for path, want := range map[string]bool{
		"/": true, "/a/../b": false, "/./a": false, "/a//b": true, "/é": false, "/%C3%A9": true, "/%c3%a9": false, "/%7Ea": false, "/~a": true,
		"/a b": false, "/%": false, "/%25": true, "/e%CC%81": false, "/@a;b=c": true,
	} {
		require.Equal(t, want, weburl.IsNormalPath(path), path)
	}
}
