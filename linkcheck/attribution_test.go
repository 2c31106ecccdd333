package linkcheck_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/linkcheck"
)

func TestCanBeAttributed(t *testing.T) {
	for _, tt := range []struct {
		name, domain, host string
		want               bool
	}{
		{"the same", "spore.example", "spore.example", true},
		{"a host below", "spore.example", "blog.spore.example", true},
		{"a host above", "blog.spore.example", "spore.example", false},
		{"capitals", "Spore.Example", "BLOG.spore.EXAMPLE", true},
		{"a final dot of the host", "spore.example", "spore.example.", true},
		{"a final dot of the domain", "spore.example.", "spore.example", true},
		{"two final dots", "spore.example", "spore.example..", false},
		{"Unicode in the domain", "bücher.example", "xn--bcher-kva.example", true},
		{"Unicode in the host", "xn--bcher-kva.example", "www.Bücher.example", true},
		{"an underscore", "spore.example", "my_blog.spore.example", true},
		{"the end of a longer label", "spore.example", "evilspore.example", false},
		{"a prefix", "spore.example", "spore.example.evil.example", false},
		{"a letter that looks alike", "spore.example", "spоre.example", false},
		{"a public suffix", "com", "spore.com", false},
		{"one of two labels", "co.uk", "spore.co.uk", false},
		{"one of a company", "github.io", "alice.github.io", false},
		{"a name under that", "alice.github.io", "alice.github.io", true},
		{"another name under that", "alice.github.io", "bob.github.io", false},
		{"the end of an IP address", "3.4", "1.2.3.4", false},
		{"a dot alone", ".", "spore.example", false},
		{"nothing", "", "spore.example", false},
		{"no host", "spore.example", "", false},
		{"a port", "spore.example", "spore.example:443", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, linkcheck.CanBeAttributed([]string{"other.example", tt.domain}, tt.host))
		})
	}
	require.False(t, linkcheck.CanBeAttributed(nil, "spore.example"))
}

func TestCreatorOf(t *testing.T) {
	for _, tt := range []struct {
		name, page, want string
	}{
		{"an account", `<meta name="fediverse:creator" content=" @alice@social.example ">`, "alice@social.example"},
		{"without an at", `<meta name="fediverse:creator" content="alice@social.example">`, "alice@social.example"},
		{"the first of two", `<meta name="fediverse:creator" content="a@b"><meta name="fediverse:creator" content="c@d">`, "a@b"},
		{"another meta", `<meta name="author" content="a@b">`, ""},
		{"a comment", `<!-- <meta name="fediverse:creator" content="a@b"> -->`, ""},
		{"nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := linkcheck.CreatorOf(strings.NewReader(tt.page))
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
	broken := errors.New("broken")
	_, err := linkcheck.CreatorOf(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	_, err = linkcheck.CreatorOf(strings.NewReader(strings.Repeat("<div>", 500)))
	require.Error(t, err)
}
