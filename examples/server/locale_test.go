package main

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
)

// usedTexts returns the keys of the texts that the pages use, and where.
func usedTexts(t *testing.T) map[string]string {
	t.Helper()
	used := map[string]string{}
	pattern := regexp.MustCompile(`(?:\.T|refusedToken|add\([\w.]+,) ?\(?"([^"\\]+)"`)
	scan := func(name string, content []byte, err error) {
		require.NoError(t, err)
		for _, m := range pattern.FindAllSubmatch(content, -1) {
			used[string(m[1])] = name
		}
	}
	templates, err := fs.Glob(pageFiles, "pages/*.html")
	require.NoError(t, err)
	for _, name := range templates {
		content, err := pageFiles.ReadFile(name)
		scan(name, content, err)
	}
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range sources {
		content, err := os.ReadFile(name)
		scan(name, content, err)
	}
	return used
}

// Each text of the pages is there in German, and no other one.
func TestTexts(t *testing.T) {
	used := usedTexts(t)
	require.Greater(t, len(used), 20)
	german, err := germanTexts()
	require.NoError(t, err)
	for key, where := range used {
		_, counted := countedTexts[language.German][key]
		assert.True(t, counted || german[key] != "", "%s uses %q", where, key)
	}
	for key := range german {
		assert.NotEmpty(t, used[key], "nothing uses %q", key)
	}
	for _, tag := range languages {
		for key := range countedTexts[tag] {
			assert.NotEmpty(t, used[key], "nothing uses %q", key)
		}
	}
}

func TestLocale(t *testing.T) {
	all, err := newLocales()
	require.NoError(t, err)
	day := time.Date(2026, time.March, 9, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		query  string
		accept string
		want   []string
	}{
		{name: "none", want: []string{"en", "9 March 2026", "1,234 posts", "1 post"}},
		{name: "a browser", accept: "fr, de-AT;q=0.8, en;q=0.5", want: []string{
			"de", "9. März 2026", "1.234 Beiträge", "1 Beitrag",
		}},
		{name: "asked for", query: "?lang=de", accept: "en", want: []string{
			"de", "9. März 2026", "1.234 Beiträge", "1 Beitrag",
		}},
		{name: "nonsense", query: "?lang=%22%3E%3Cscript%3E", accept: ";;q=,", want: []string{
			"en", "9 March 2026", "1,234 posts", "1 post",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/"+tt.query, nil)
			require.NoError(t, err)
			r.Header.Set("Accept-Language", tt.accept)
			l := all.of(r)
			count := func(n int64) string { return l.Number(n) + " " + l.T("posts", n) }
			got := []string{l.Tag.String(), l.Date(day), count(1234), count(1)}
			assert.True(t, slices.Equal(tt.want, got), "%q", got)
		})
	}
}
