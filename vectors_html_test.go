package masto_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// The vectors of HTML, emojis and links to verify, compared with the functions that they pin down. The conformance test has them too, by
// way of whole entities.

// htmlVector is a line of a file in testdata/vectors.
type htmlVector struct {
	ID  string          `json:"id"`
	In  json.RawMessage `json:"in"`
	Out json.RawMessage `json:"out"`
}

// stricter are the vectors where we are stricter than the reference: a verified link that is not of the web is no link.
var stricter = map[string]string{
	"rf-all-008": "javascript:alert(1)",
	"rf-all-103": "xmpp:a@spore.io",
}

func htmlVectors(tb testing.TB, name string) []htmlVector {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "vectors", name+".jsonl"))
	require.NoError(tb, err)
	var all []htmlVector
	scanner := bufio.NewScanner(bytes.NewReader(data))
	scanner.Buffer(nil, 1<<24)
	for scanner.Scan() {
		var v htmlVector
		require.NoError(tb, json.Unmarshal(scanner.Bytes(), &v))
		all = append(all, v)
	}
	require.NoError(tb, scanner.Err())
	require.NotEmpty(tb, all)
	return all
}

func vectorValue[T any](tb testing.TB, data []byte) T {
	tb.Helper()
	var v T
	require.NoError(tb, json.Unmarshal(data, &v))
	return v
}

// vectorEmojis returns the emojis of the vectors' world.
func vectorEmojis(tb testing.TB) []masto.CustomEmoji {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "vectors", "world.json"))
	require.NoError(tb, err)
	type emoji struct {
		Shortcode string `json:"shortcode"`
		URL       string `json:"url"`
		StaticURL string `json:"static_url"`
	}
	var all []masto.CustomEmoji
	for _, e := range vectorValue[struct{ Emojis []emoji }](tb, data).Emojis {
		all = append(all, masto.CustomEmoji{Shortcode: e.Shortcode, URL: e.URL, StaticURL: e.StaticURL})
	}
	return all
}

func TestHTMLVectors(t *testing.T) {
	emojis := vectorEmojis(t)
	str := func(t *testing.T, data []byte) string { return vectorValue[string](t, data) }
	for name, run := range map[string]func(t *testing.T, v htmlVector) (want, got any){
		"sanitize": func(t *testing.T, v htmlVector) (any, any) {
			return str(t, v.Out), masto.SanitizeHTML(str(t, v.In))
		},
		"plaintext": func(t *testing.T, v htmlVector) (any, any) {
			return str(t, v.Out), masto.PlainText(str(t, v.In))
		},
		"remote_field": func(t *testing.T, v htmlVector) (any, any) {
			in := vectorValue[struct {
				Value      string
				VerifiedAt time.Time `json:"verified_at"`
			}](t, v.In)
			want := str(t, v.Out)
			if s, ok := stricter[v.ID]; ok {
				require.NotEqual(t, want, s)
				want = s
			}
			return want, masto.RenderRemoteField(masto.Field{Value: in.Value, VerifiedAt: in.VerifiedAt})
		},
		"verifiable": func(t *testing.T, v htmlVector) (any, any) {
			in := vectorValue[struct {
				Remote      bool
				Value, HTML string
			}](t, v.In)
			want := vectorValue[struct {
				Value      *string `json:"value_for_verification"`
				Verifiable bool
			}](t, v.Out)
			var got string
			var err error
			if in.Remote {
				got, err = masto.VerifiableLink(in.HTML)
			} else {
				got, err = masto.Field{Value: in.Value}.VerifiableURL()
			}
			if !want.Verifiable {
				return false, err == nil
			}
			return *want.Value, got
		},
		"link_back": func(t *testing.T, v htmlVector) (any, any) {
			in := vectorValue[struct {
				HTML       string
				ProfileURL string `json:"profile_url"`
				Status     int
				Redirects  map[string]string
			}](t, v.In)
			found, ask, err := masto.LinksBack(strings.NewReader(in.HTML), in.ProfileURL)
			require.NoError(t, err)
			got := found || ask != "" && in.Redirects[ask] == in.ProfileURL
			return vectorValue[bool](t, v.Out), got && (in.Status == 0 || in.Status == 200)
		},
		"emoji_scan": func(t *testing.T, v htmlVector) (any, any) {
			return vectorValue[[]string](t, v.Out), append([]string{}, masto.FindEmojis(str(t, v.In))...)
		},
		"emojify": func(t *testing.T, v htmlVector) (any, any) {
			in := vectorValue[struct {
				HTML    string
				Animate bool
			}](t, v.In)
			return str(t, v.Out), masto.Emojify(in.HTML, emojis, in.Animate)
		},
	} {
		t.Run(name, func(t *testing.T) {
			passed, total := 0, 0
			for _, v := range htmlVectors(t, name) {
				total++
				if want, got := run(t, v); equalValues(want, got) {
					passed++
				} else {
					t.Errorf("%s\nin   %.300s\nwant %.300q\ngot  %.300q", v.ID, v.In, want, got)
				}
			}
			t.Logf("%d/%d", passed, total)
		})
	}
}

func equalValues(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}
