package hostname_test

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/idna"

	"github.com/seed-374a2035/masto/internal/hostname"
)

// idna2003 has hosts and their lengths in ASCII (-1: no such host), from
// Python's encodings.idna with a check for table A.1 of stringprep.
//
//go:embed testdata/idna2003.jsonl
var idna2003 string

// TestIDNA2003 compares the length of converted hosts with another
// implementation.
func TestIDNA2003(t *testing.T) {
	lines := bufio.NewScanner(strings.NewReader(idna2003))
	n := 0
	for lines.Scan() {
		var host string
		var want int
		require.NoError(t, json.Unmarshal(lines.Bytes(), &[]any{&host, &want}))
		got, ok := hostname.ASCIILength(host)
		if !ok {
			got = -1
		}
		if want != got {
			t.Errorf("%+q: want %d, got %d", host, want, got)
		}
		n++
	}
	require.Greater(t, n, 1000)
}

func TestDisplay(t *testing.T) {
	long := "xn--" + strings.Repeat("a", 60) + "-kva.com"
	for _, tt := range []struct {
		name, domain, want string
	}{
		{"ASCII", "spore.io", "spore.io"},
		{"nothing", "", ""},
		{"Punycode", "xn--bcher-kva.example", "bücher.example"},
		{"capital letters, as they come", "XN--Bcher-Kva.Example", "Bücher.Example"},
		{"a port", "xn--bcher-kva.example:3000", "bücher.example:3000"},
		{"several labels", "xn--bcher-kva.xn--e1afmkfd.xn--p1ai.", "bücher.пример.рф."},
		{"an emoji, which Unicode 3.2 did not have", "xn--i-7iq.ws", "i❤.ws"},
		{"a newer emoji", "xn--ls8h.la", "💩.la"},
		{"letters from right to left", "xn--mgbh0fb.example", "مثال.example"},
		{"Unicode already", "bücher.example", "bücher.example"},
		{"one label that is no Punycode", "xn--a.xn--bcher-kva.example", "xn--a.bücher.example"},
		{"no Punycode", "xn--invalid-.example", "xn--invalid-.example"},
		{"nothing but the prefix", "xn--.example", "xn--.example"},
		{"Punycode of ASCII", "xn--abc-.example", "xn--abc-.example"},
		{"a joiner", "xn--paypal-rf0c.com", "xn--paypal-rf0c.com"},
		{"ß, which becomes ss", "xn--strae-oqa.de", "xn--strae-oqa.de"},
		{"an iota below", encode("αᾳ") + ".gr", encode("αᾳ") + ".gr"},
		{"a mark of direction", encode("moc\u202elapyap") + ".com", encode("moc\u202elapyap") + ".com"},
		{"a space", encode("a\u00a0b") + ".com", encode("a\u00a0b") + ".com"},
		{"a full width letter", encode("ｐaypal") + ".com", encode("ｐaypal") + ".com"},
		{"a capital letter", encode("Éa") + ".com", encode("Éa") + ".com"},
		{"a letter and its mark apart", encode("e\u0301a") + ".com", encode("e\u0301a") + ".com"},
		{"two directions", encode("aم") + ".com", encode("aم") + ".com"},
		{"a dot of IDNA", encode("a。é") + ".com", encode("a。é") + ".com"},
		{"another prefix", encode("xn--é") + ".com", encode("xn--é") + ".com"},
		{"a label that is too long", long, long},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, hostname.Display(tt.domain))
		})
	}
	require.Zero(t, testing.AllocsPerRun(10, func() { hostname.Display("spore.io") }))
}

// encode returns a label in Punycode, whatever is in it.
func encode(label string) string {
	b, _ := hostname.AppendPunycode(append(make([]byte, 0, 4+12*len(label)), "xn--"...), []rune(label))
	return string(b)
}

// FuzzDisplay checks that a domain that is shown otherwise than it is stored
// becomes what is stored again, and that two domains are not shown alike.
func FuzzDisplay(f *testing.F) {
	for _, domain := range []string{
		"xn--bcher-kva.example", "XN--E1AFMKFD.xn--p1ai", "xn--paypal-rf0c.com", "xn--a.xn--ls8h",
		encode("\u202ea") + ".com",
		encode("a。é"), encode("ᾳ"), encode("\u1e9e\u0301"),
	} {
		f.Add(domain)
	}
	f.Fuzz(func(t *testing.T, domain string) {
		shown := hostname.Display(domain)
		if shown == domain {
			return
		}
		labels := strings.Split(domain, ".")
		decoded := strings.Split(shown, ".")
		require.Len(t, decoded, len(labels), "%q is shown as %q", domain, shown)
		for i, label := range labels {
			if decoded[i] == label {
				continue
			}
			ascii, ok := hostname.ToASCII(decoded[i])
			require.True(t, ok, "%q is shown as %q", label, decoded[i])
			require.True(t, strings.EqualFold(ascii, label), "%q is shown as %q", label, decoded[i])
			require.NotContains(t, decoded[i], "\u202e")
		}
	})
}

// FuzzPunycode compares with another implementation.
func FuzzPunycode(f *testing.F) {
	for _, label := range []string{"bücher", "é", "مثال", "日本語", "💩", "aé-b", "\U0010fffd"} {
		f.Add(label)
	}
	f.Fuzz(func(t *testing.T, label string) {
		label = strings.ToValidUTF8(strings.ReplaceAll(label, ".", ""), "")
		if len(label) > 200 || strings.HasPrefix(label, "xn--") {
			return
		}
		want, err := idna.Punycode.ToASCII(label)
		if err != nil || want == label {
			return
		}
		require.Equal(t, want, encode(label))
	})
}
