package htmltree

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// serialized returns what parsing src gives, written again.
func serialized(t *testing.T, src string) string {
	t.Helper()
	var tree Tree
	require.NoError(t, tree.Parse(src))
	var html []byte
	for c := tree.First(Root); c != None; c = tree.Next(c) {
		html = tree.AppendHTML(html, c)
	}
	return string(html)
}

// Where the reference's parser differs from the standard, or from golang.org/x/net/html.
func TestParseLikeTheReference(t *testing.T) {
	for src, want := range map[string]string{
		"<p>a<search>b<p>c":                              "<p>a</p><search>b<p>c</p></search>",
		"<select><option>a<hr><option>b":                 "<select><option>a</option><hr><option>b</option></select>",
		"<select><p>a<table>b</select>c":                 "<select>ab</select>c",
		"<main><b></main>c":                              "<main><b></b></main><b>c</b>",
		"<template><col> a </template>":                  "<template><col>  </template>",
		"<pre></i>\na":                                   "<pre>\na</pre>",
		"<table><caption>a<th>b":                         "<table><caption>a</caption><tbody><tr><th>b</th></tr></tbody></table>",
		"<math><template><mo><template>":                 "<math><template><mo><template></template></mo></template></math>",
		"a</>b</ c>d":                                    "ab<!-- c-->d",
		"<!--&amp;-->":                                   "<!--&amp;-->",
		"<noscript>&lt;</noscript><svg><style>&lt;":      "<noscript><</noscript><svg><style>&lt;</style></svg>",
		"<a>" + strings.Repeat("<div>", 10) + "<a id=x>": strings.Repeat("<a></a><div>", 8) + `<a><div><div><a id="x"></a></div></div></a>` + strings.Repeat("</div>", 8),
	} {
		require.Equal(t, want, serialized(t, src), src)
	}
}
