package links_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/internal/links"
)

// longest is a URL of 4,096 code points whose host is all that it has,
// longestIDN one whose host has as many in ASCII: each é is encoded as 7 bytes.
var (
	longest    = "https://" + strings.Repeat("ab.", 1361) + "a.org"
	longestIDN = "https://" + strings.Repeat("\u00e9.", 510) + "abcd.org"
)

// TestRules has a case or two for each rule; the vectors have more.
func TestRules(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		want       []string // what is found, sign and all
	}{
		{
			"schemes in any case",
			"HTTP://a.com ssb://a.com HTTPſ://a.com",
			[]string{"HTTP://a.com", "ssb://a.com", "HTTPſ://a.com"},
		},
		{"other schemes are none", "ftp://a.com mailto:a@a.com", nil},
		{"before a URL", "_https://a.com\u200ehttps://b.com", []string{"https://a.com", "https://b.com"}},
		{
			"not before a URL",
			"xhttps://a.com 1https://a.com \u212ahttps://a.com ＠https://a.com $https://a.com \ufeffhttps://a.com",
			nil,
		},
		{
			"URLs do not share the character between them",
			"https://a.com,https://b.com",
			[]string{"https://a.com", "https://b.com"},
		},
		{
			"a bare host takes a path with it",
			"a.com/https://b.com a_b.com?x=https://b.com x:a.com:80/(https://b.com)",
			nil,
		},
		{
			"a bare host without a path does not",
			"a.com,https://b.com a.com.https://b.com",
			[]string{"https://b.com", "https://b.com"},
		},
		{
			"labels",
			"https://a_b.c-d.com https://a-.com https://-a.com https://a..com https://a_b.com",
			[]string{"https://a_b.c-d.com"},
		},
		{"the longest host", "https://a.com.org.example.", []string{"https://a.com.org"}},
		{
			"after a TLD",
			"https://a.com次 https://a.com_x https://a.com-x https://a.com@x https://a.com+x https://a.comx",
			[]string{"https://a.com", "https://a.com"},
		},
		{"TLDs of countries with rules below them only", "https://a.np", []string{"https://a.np"}},
		{
			"TLDs in their own script",
			"https://a.РФ/ https://a.みんなで https://a.vermögensberater",
			[]string{"https://a.РФ/", "https://a.みんな", "https://a.vermögensberater"},
		},
		{
			"encoded TLDs",
			"https://a.xn--p1ai https://a.xn--zz-y https://a.xn--",
			[]string{"https://a.xn--p1ai", "https://a.xn--zz"},
		},
		{"no TLD", "https://localhost https://10.0.0.1 https://a.example https://a.ｃｏｍ", nil},
		{
			"hosts that IDNA knows",
			"https://b\u00fccher.de https://a\u200db.com https://ｆｕｌｌ.com https://a。b.com",
			[]string{"https://b\u00fccher.de", "https://a\u200db.com", "https://ｆｕｌｌ.com", "https://a。b.com"},
		},
		{
			"hosts that IDNA does not know",
			"https://🍄.com https://مرحبا1.com https://xn--é.com https://。.com https://\u200b.com https://\ue000.com",
			nil,
		},
		{
			"long labels",
			"https://" + strings.Repeat("a", 63) + ".com https://" + strings.Repeat("a", 64) + ".com",
			[]string{"https://" + strings.Repeat("a", 63) + ".com"},
		},
		{"hosts as long as a URL may be", longest + " " + longest[:len(longest)-4] + ".music", []string{longest}},
		{
			"international hosts, counted in ASCII",
			longestIDN + " https://é." + longestIDN[len("https://"):],
			[]string{longestIDN},
		},
		{
			"long URLs",
			"https://a.com/" + strings.Repeat("é", 4082) + " https://a.com/" + strings.Repeat("é", 4083),
			[]string{"https://a.com/" + strings.Repeat("é", 4082)},
		},
		{"ports", "https://a.com:80/x https://a.com:/x", []string{"https://a.com:80/x", "https://a.com"}},
		{
			"the end of a path",
			`https://a.com/a.b!c"d, https://a.com/... https://a.com/「é」 https://a.com/@`,
			[]string{`https://a.com/a.b!c"d`, "https://a.com/", "https://a.com/「é", "https://a.com/@"},
		},
		{
			"what is not in a path",
			"https://a.com/a<b https://a.com/a)b https://a.com/a\u00a0b https://a.com/a\u200bb",
			[]string{"https://a.com/a", "https://a.com/a", "https://a.com/a", "https://a.com/a\u200bb"},
		},
		{
			"pairs",
			"https://a.com/a(b)(c(d)e). https://a.com/(a(b(c))) https://a.com/() https://a.com/(a",
			[]string{"https://a.com/a(b)(c(d)e)", "https://a.com/", "https://a.com/", "https://a.com/"},
		},
		{
			"pairs that may end a path, or not",
			"https://a.com/(é) https://a.com/x(日) https://a.com/x(日)y",
			[]string{"https://a.com/(é)", "https://a.com/x", "https://a.com/x(日)y"},
		},
		{
			"queries",
			"https://a.com?a=(b) https://a.com/?é。 https://a.com? https://a.com?a\"b",
			[]string{"https://a.com?a=(b", "https://a.com/?é。", "https://a.com", "https://a.com?a"},
		},
		{
			"fragments",
			"https://a.com#a https://a.com/#a https://a.com?#a",
			[]string{"https://a.com", "https://a.com/#a", "https://a.com?#a"},
		},
		{
			"the shortener",
			"https://t.co/aB1/x?y https://t.co/é http://T.CO/" + strings.Repeat("a", 40) + " https://t.co/" +
				strings.Repeat("a", 41),
			[]string{"https://t.co/aB1", "https://t.co/é", "http://T.CO/" + strings.Repeat("a", 40)},
		},
		{
			"xmpp",
			"xmpp:a@b.com/c?d xmpp:b.com xmpp://a@b.com/c@d.org xmpp:%41ы@b.com/%4 xmpp:a@🍄.com xmpp:a",
			[]string{"xmpp:a@b.com/c?d", "xmpp:b.com", "xmpp://a@b.com/c@d.org", "xmpp:%41ы@b.com", "xmpp:a@🍄.com"},
		},
		{"magnet", "magnet:?a=b. magnet: magnet:?. xmagnet:?a", []string{"magnet:?a=b"}},
		{"mentions", "@a @a.b-_c @a..b@c--d.e, @a- @a@b.", []string{"@a", "@a.b-_c", "@a..b@c--d.e", "@a", "@a@b"}},
		{"mentions in any script", "@é @K\u212aſ @a@日本.jp @日本", []string{"@K\u212aſ", "@a@日本.jp"}},
		{"before a mention", "(@a é@a =@a /@a _@a \u200d@a 🍄@a", []string{"@a", "@a"}},
		{"after a mention", "@a@ @aé @aÉ @aɛ @aʻ @a\u0301 @a\u0345 @aẛ @a＠ @a://b @a次", []string{"@a"}},
		{
			"another case of a letter after a mention",
			"@aι @aΙ @a\u212b @aɠ @aƓ @aẞ @aⱥ",
			[]string{"@a", "@a", "@a", "@a", "@a"},
		},
		{
			"long domains",
			"@a@" + strings.Repeat("é", 253) + " @a@" + strings.Repeat("é", 254),
			[]string{"@a@" + strings.Repeat("é", 253)},
		},
		{"hashtags", "#a ＃b\u3000#c\n#d .#e ##f", []string{"#a", "＃b", "#c", "#d"}},
		{
			"names of hashtags",
			"#1_2 #12 #1_ #___ #__ #a· #a·b #·a #abc·· #Ⅳ #ⓐ #½ #1\u200c2",
			[]string{"#1_2", "#___", "#a", "#a·b", "#abc", "#Ⅳ", "#ⓐ", "#1\u200c2"},
		},
		{"hashtags before the rest of a URL", "#ahttps://b #http://b #ahttp", []string{"#a", "#http", "#ahttp"}},
		{"the first of two that overlap", "https://a.com/@b #c@d @e#f", []string{"https://a.com/@b", "#c", "@e"}},
		{"a URI inside of what is no URL", "https://🍄.com/,magnet:?a", []string{"magnet:?a"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var found []string
			for _, l := range links.Append(nil, tt.text) {
				found = append(found, tt.text[l.Start:l.End])
			}
			require.Equal(t, tt.want, found)
		})
	}
}
