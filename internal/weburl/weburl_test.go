package weburl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.io":          "https://a.io",
		"https://a.io:/x?y#z":   "https://a.io/x?y#z",
		"https://a.io:0080":     "https://a.io:80",
		"HTTPS://u:p@a.io:443/": "HTTPS://u:p@a.io:443/",
		"https://[::1]:80/":     "https://[::1]:80/",
		"https://@a.io":         "https://@a.io",
		"mailto:a@b":            "mailto:a@b",
		"/a:b":                  "/a:b",
		"a.io":                  "a.io",
		"":                      "",
		"https://a.io/#a\nb":    "https://a.io/#a",
	} {
		u, err := Parse(in)
		require.NoError(t, err, in)
		require.Equal(t, want, u.String())
	}
	for _, in := range []string{
		"https:", "https://", "https://?x", "https://a:b", "https://a{b", "https://a b", "https://a\\b", "1a:b", " a:b", ":a", "https://[a]@b",
	} {
		_, err := Parse(in)
		require.ErrorIs(t, err, ErrInvalid, in)
	}
}

func TestNormal(t *testing.T) {
	for host, want := range map[string]bool{
		"a.io": true, "A.io": false, "xn--bcher-kva.com": true, "bücher.com": false, "a.io.": false, "a..": true, "[::1]": true, "a%20b": true, "a%2fb": false,
		"%61": false, "a|b": false, "a_b": true, "a%00b": false, "%00": false, "a\x00b": false, "a%2500b": false, "%C3%A9": false, "1": true,
	} {
		require.Equal(t, want, IsNormalHost(host), host)
	}
	for path, want := range map[string]bool{
		"/": true, "/a/": true, "//": true, "/a/../b": false, "/.": false, "/...": true, "/%41": false, "/%2F": true, "/%2f": false, "/%": false, "/é": false,
		"/%C3%A9": true, "/e%CC%81": false, "/%EF%AC%81": true, "/%FF": true, "/%FF[": true, "/[": false, "/~@x:y!$&'()*+,;=": true, "/a b": false, "/%2541": true,
	} {
		require.Equal(t, want, IsNormalPath(path), path)
	}
}
