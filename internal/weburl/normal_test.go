package weburl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/weburl"
)

func TestIsNormalHost(t *testing.T) {
	for _, tt := range []struct {
		host string
		want bool
	}{
		{"a.io", true},
		{"A.io", false},
		{"1", true},
		{"a_b.io", true},
		{"xn--bcher-kva.com", true},
		{"bücher.com", false},
		{"a.io.", false},
		{"a..", true},
		{"[::1]", true},
		{"a|b", false},
		{"a%20b", true},
		{"a%2fb", false},
		{"%61.io", false},
		{"%C3%A9", false},
		{"a\x00b", false},
		{"a%00b", false},
		{"a%2500b", false},
		{"%00", false},
	} {
		require.Equal(t, tt.want, weburl.IsNormalHost(tt.host), "%q", tt.host)
	}
}

func TestIsNormalPath(t *testing.T) {
	for _, tt := range []struct {
		path string
		want bool
	}{
		{"/", true},
		{"/a/", true},
		{"//", true},
		{"/a//b", true},
		{"/a/../b", false},
		{"/./a", false},
		{"/.", false},
		{"/...", true},
		{"/~@x:y!$&'()*+,;=", true},
		{"/a b", false},
		{"/[", false},
		{"/é", false},
		{"/%C3%A9", true},
		{"/%c3%a9", false},
		{"/e%CC%81", false},
		{"/%EF%AC%81", true},
		{"/%FF", true},
		{"/%FF[", true},
		{"/%41", false},
		{"/%7Ea", false},
		{"/%2541", true},
		{"/%2F", true},
		{"/%2f", false},
		{"/%", false},
		{"/%25", true},
		{"/%00", true},
	} {
		require.Equal(t, tt.want, weburl.IsNormalPath(tt.path), "%q", tt.path)
	}
}
