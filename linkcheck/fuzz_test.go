package linkcheck

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzPage checks that the scan that explains a page agrees with the verdict of
// masto.LinksBack, and that nothing in a report grows with the page.
func FuzzPage(f *testing.F) {
	const profile = "https://social.example/@alice"
	for _, page := range []string{
		`<a rel=me href="` + profile + `">`,
		`<link rel="x ME" href="` + profile + `/">`,
		`<a href="` + profile + `"><area rel=me href="/@alice">`,
		`<script></script>`,
		`<meta http-equiv=refresh content="0;url=x">`,
		`<svg><a rel=me href="` + profile + `"></svg><textarea><a rel=me>`,
		`<a rel=me href=" //social.example/@alice ">`,
	} {
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, page string) {
		r := Report{URL: "https://a.example/", FinalURL: "https://a.example/", Profile: profile}
		r.readPage([]byte(page))
		if r.Has(Unparsable) {
			return
		}
		found := false
		for _, l := range r.Links {
			found = found || len(l.Misses) == 0
			require.LessOrEqual(t, len(l.Href), maxFound)
			require.LessOrEqual(t, len(l.Rel), maxFound)
			require.True(t, utf8.ValidString(l.Href))
		}
		require.LessOrEqual(t, len(r.Links), maxLinks+1)
		require.Equal(t, r.Linked, found)
		require.True(t, r.Linked || len(r.Findings) > 0)
		for _, x := range r.Findings {
			require.NotEmpty(t, x.Message)
			require.True(t, utf8.ValidString(x.Message))
			require.Less(t, len(x.Message), 2*maxFound+200)
		}
	})
}

// Each code has its sentence.
func TestTexts(t *testing.T) {
	for code, text := range texts {
		require.NotEmpty(t, text[0], code)
		require.True(t, strings.HasSuffix(text[0], ".") || strings.HasSuffix(text[0], "”."), code)
		require.NotEmpty(t, text[1], code)
	}
}

// FuzzCreatorOf checks that a page of any kind gives an account or an error.
func FuzzCreatorOf(f *testing.F) {
	f.Add(`<meta name="fediverse:creator" content="@alice@social.example">`)
	f.Add(`<svg><meta name=fediverse:creator content=x>`)
	f.Fuzz(func(t *testing.T, page string) {
		acct, err := CreatorOf(strings.NewReader(page))
		require.True(t, err == nil || acct == "")
		require.LessOrEqual(t, len(acct), 3*len(page))
		CanBeAttributed([]string{page}, acct)
	})
}
