package weburl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/weburl"
)

// TestParse has addresses as they are written down again; "" stands for what is
// none.
func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, url, want string
	}{
		{"a host", "https://a.io", "https://a.io"},
		{"nothing", "", ""},
		{"everything", "HTTPS://u:p@a.io:443/x?y#z", "HTTPS://u:p@a.io:443/x?y#z"},
		{"a port without digits", "https://a.io:/x?y#z", "https://a.io/x?y#z"},
		{"zeros before a port", "https://a.io:0080", "https://a.io:80"},
		{"a port of 0", "https://a.io:0/", "https://a.io/"},
		{"a port that is no number", "https://a.io:8o/", ""},
		{"a user without a name", "https://@a.io", "https://@a.io"},
		{"white space around a user", "https://\nuser:x @a.io/", "https://user:x@a.io/"},
		{"an address in brackets", "https://[::1]:80/", "https://[::1]:80/"},
		{"brackets that are no host", "https://[::1]a.io[::1]/", ""},
		{"an encoded character in brackets", "https://[%3A]/", ""},
		{"brackets before the user", "https://[a]@b", ""},
		{"no scheme", "//a.io/x", "//a.io/x"},
		{"a path", "/a:b", "/a:b"},
		{"a path with a colon later", "./a:b", "./a:b"},
		{"a name", "a.io", "a.io"},
		{"another scheme", "mailto:a@b", "mailto:a@b"},
		{"xmpp", "xmpp:a@b.io", "xmpp:a@b.io"},
		{"a script", "javascript:alert(1)//a:b@c:d", "javascript:alert(1)//a:b@c:d"},
		{"a long s in a scheme", "HTTPſ://a.io", "HTTPſ://a.io"},
		{"a scheme that begins with a digit", "1a:b", ""},
		{"a scheme that begins with a space", " a:b", ""},
		{"an empty scheme", ":a", ""},
		{"a letter that no scheme has", "é:b", ""},
		{"a fragment ends with the line", "https://a.io/#a\nb", "https://a.io/#a"},
		{"a web address without a host or a path", "https:", ""},
		{"an empty host", "https://", ""},
		{"an empty host and a query", "https://?x", ""},
		{"a brace in the host", "https://a{b", ""},
		{"a space in the host", "https://a b.io", ""},
		{"a backslash in the host", "https://a.io\\x", ""},
		{"an international host", "https://bücher.de/ü", "https://bücher.de/ü"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, err := weburl.Parse(tt.url)
			normal, ok := weburl.Normalize(tt.url)
			if tt.want == "" && tt.url != "" {
				require.ErrorIs(t, err, weburl.ErrInvalid)
				require.False(t, ok)
				require.Equal(t, tt.url, normal)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, u.String())
			require.True(t, ok)
			require.Equal(t, tt.want, normal)
		})
	}
}

func TestParts(t *testing.T) {
	u, err := weburl.Parse("HTTPS://u:p@A.io:0443/x/y?z#w")
	require.NoError(t, err)
	require.Equal(t, "HTTPS", u.Scheme)
	require.True(t, u.HasUser)
	require.Equal(t, "A.io", u.Host)
	require.Equal(t, "/x/y", u.Path)
}

func TestNormalizeDoesNotAllocate(t *testing.T) {
	for _, url := range []string{
		"https://a.io/x", "https://a.io:80/#x", "xmpp:a@b.io", "https://bücher.de/", "https://a b",
	} {
		require.Zero(t, testing.AllocsPerRun(10, func() { weburl.Normalize(url) }), url)
	}
}

// FuzzNormalize checks that what is normal stays so, and that it leaves out
// nothing but what it may.
func FuzzNormalize(f *testing.F) {
	for _, url := range []string{
		"https://u:p@a.io:0443/x?y#z", "https://a.io:", "http://a.io#\n", "//a.io", "xmpp://a@b.io/c@d.org/e?f",
		"https://[::1]:80/",
		"HTTPſ://\u212a.io:00", "https:a:b", "magnet:?xt=a", "https://a{b", ":", "", "https:///",
	} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, url string) {
		normal, ok := weburl.Normalize(url)
		u, err := weburl.Parse(url)
		require.Equal(t, ok, err == nil, "%q", url)
		if !ok {
			require.Equal(t, url, normal)
			return
		}
		require.Equal(t, u.String(), normal)
		require.LessOrEqual(t, len(normal), len(url))
		if strings.Contains(u.Host, ":") {
			return // what follows the colon is taken for a port next
		}
		again, ok := weburl.Normalize(normal)
		require.True(t, ok, "%q becomes %q", url, normal)
		require.Equal(t, normal, again)
		v, err := weburl.Parse(normal)
		require.NoError(t, err)
		require.Equal(t, u.Scheme, v.Scheme)
		require.Equal(t, u.Host, v.Host)
		require.Equal(t, u.Path, v.Path)
		require.Contains(t, url, u.Path)
	})
}
