package masto_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// unknown has the limits of a server that is not Mastodon and tells none.
var unknown = masto.Limits{
	DisplayName:        -1,
	Note:               -1,
	Fields:             -1,
	FieldName:          -1,
	FieldValue:         -1,
	AvatarDescription:  -1,
	HeaderDescription:  -1,
	AttributionDomains: -1,
	TextBytes:          -1,
	ImageBytes:         -1,
}

// with returns l after change.
func with(l masto.Limits, change func(l *masto.Limits)) masto.Limits {
	change(&l)
	return l
}

// instances has what the files in testdata/instance say, by their names.
var instances = map[string]masto.Instance{
	"mastodon-4.6": {
		Domain:     "social.example",
		Title:      "The Mushroom Club",
		Version:    "4.6.1",
		APIVersion: 9,
		Limits: masto.Limits{
			DisplayName:       30,
			Note:              500,
			Fields:            4,
			FieldName:         255,
			FieldValue:        255,
			AvatarDescription: 150,
			HeaderDescription: 150,
		},
	},
	"mastodon-4.6.4": {
		Domain:     "social.example",
		Title:      "The Mushroom Club",
		Version:    "4.6.4",
		APIVersion: 11,
		Limits: masto.Limits{
			DisplayName:       40,
			Note:              500,
			Fields:            4,
			FieldName:         255,
			FieldValue:        255,
			AvatarDescription: 150,
			HeaderDescription: 150,
		},
	},
	"mastodon-4.6.4-v1": {
		Domain:  "social.example",
		Title:   "The Mushroom Club",
		Version: "4.6.4",
	},
	"mastodon-4.6-other-limits": {
		Domain:     "long.example",
		Version:    "4.6.0+fork",
		APIVersion: 8,
		Limits: with(unknown, func(l *masto.Limits) {
			l.DisplayName, l.Note, l.Fields, l.FieldName = 100, 2000, 16, 64
		}),
	},
	"mastodon-4.2": {
		Domain:  "old.example",
		Title:   "An older server",
		Version: "4.2.10",
		Limits:  masto.Limits{DisplayName: 30},
	},
	"mastodon-3.5-v1": {
		Domain:  "v1.example",
		Title:   "The older form of the entity",
		Version: "3.5.19",
		Limits:  masto.Limits{DisplayName: 30},
	},
	"pleroma-v1": {
		Domain:  "pleroma.example",
		Title:   "Pleroma",
		Version: "2.7.2 (compatible; Pleroma 2.9.1)",
		Limits: with(unknown, func(l *masto.Limits) {
			l.Fields, l.FieldName, l.FieldValue, l.ImageBytes = 10, 512, 2048, 2_000_000
		}),
	},
	"pleroma-v2": {
		Domain:  "pleroma.example",
		Title:   "Pleroma",
		Version: "2.7.2 (compatible; Pleroma 2.9.1)",
		Limits: with(unknown, func(l *masto.Limits) {
			l.Fields, l.FieldName, l.FieldValue, l.ImageBytes = 10, 512, 2048, 2_000_000
		}),
	},
	"akkoma-v1": {
		Domain:  "akkoma.example",
		Title:   "Akkoma",
		Version: "2.7.2 (compatible; Akkoma 3.15.2)",
		Limits: with(unknown, func(l *masto.Limits) {
			l.Fields, l.FieldName, l.FieldValue, l.ImageBytes = 12, 512, 2048, 1_500_000
		}),
	},
	"gotosocial": {
		Domain:  "gts.example",
		Title:   "A small server",
		Version: "0.19.1+git-0000000",
		Limits:  with(unknown, func(l *masto.Limits) { l.Fields = 6 }),
	},
	"pixelfed-v1": {
		Domain:  "pixelfed.example",
		Title:   "Photos",
		Version: "3.5.3 (compatible; Pixelfed 0.12.5)",
		Limits:  unknown,
	},
}

func instanceFile(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "instance", name+".json"))
	require.NoError(tb, err)
	return data
}

func TestDecodeInstance(t *testing.T) {
	files, err := filepath.Glob("testdata/instance/*.json")
	require.NoError(t, err)
	require.Len(t, instances, len(files), "each file has its values")
	for name, want := range instances {
		t.Run(name, func(t *testing.T) {
			got, err := masto.DecodeInstance(instanceFile(t, name))
			require.NoError(t, err)
			require.Equal(t, &want, got)
			require.Equal(t, want.APIVersion >= 8, got.HasProfileAPI())
		})
	}
}

func TestDecodeInstanceIsLenient(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       masto.Instance
	}{
		{"nothing", `{}`, masto.Instance{}},
		{"a number for a text", `{"domain":5}`, masto.Instance{}},
		{"an address", `{"domain":"","uri":"http://a.example/x"}`, masto.Instance{Domain: "a.example"}},
		{
			"other shapes",
			`{"configuration":[],"api_versions":"9","pleroma":{"metadata":[]},"avatar_upload_limit":{}}`,
			masto.Instance{},
		},
		{
			"limits that are none",
			`{"version":"4.6.4","configuration":{"accounts":{` +
				`"max_note_length":-1,"max_profile_fields":0,"profile_field_name_limit":1e30}}}`,
			masto.Instance{Version: "4.6.4", Limits: masto.Limits{Note: -1, FieldName: -1}},
		},
		{
			"words for numbers",
			`{"version":"4.6.4","configuration":{"accounts":{"max_note_length":"many",` +
				`"max_profile_fields":"NaN","max_display_name_length":"","max_display_name_lenth":"12"}}}`,
			masto.Instance{Version: "4.6.4", Limits: masto.Limits{DisplayName: 12}},
		},
		{
			"the limit of one picture",
			`{"version":"4.6.4","banner_upload_limit":7}`,
			masto.Instance{Version: "4.6.4", Limits: masto.Limits{ImageBytes: 7}},
		},
		{
			"no limit of the other picture",
			`{"version":"4.6.4","banner_upload_limit":7,"avatar_upload_limit":-1}`,
			masto.Instance{Version: "4.6.4", Limits: masto.Limits{ImageBytes: 7}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want.Version == "" {
				c.want.Limits = unknown
			}
			got, err := masto.DecodeInstance([]byte(c.body))
			require.NoError(t, err)
			require.Equal(t, &c.want, got)
		})
	}
}

func TestDecodeInstanceErrors(t *testing.T) {
	for _, body := range []string{``, `null`, `[]`, `"a"`, `{`, `<html>`} {
		t.Run(body, func(t *testing.T) {
			_, err := masto.DecodeInstance([]byte(body))
			require.ErrorIs(t, err, masto.ErrMalformed)
			_, ok := errors.AsType[*masto.DecodeError](err)
			require.True(t, ok)
		})
	}
}

// TestDecodeInstanceKnowsMastodon checks that a limit that a server does not
// tell is Mastodon's default on Mastodon itself, and only there.
func TestDecodeInstanceKnowsMastodon(t *testing.T) {
	for _, c := range []struct {
		version           string
		displayName, note int
	}{
		{"4.6.4", 0, 0},
		{"4.6.5", 0, 0},
		{"4.7.0-alpha.2", 0, 0},
		{"5.0.0", 0, 0},
		{"10.0.0", 0, 0},
		{"4.6.3", 30, 0},
		{"4.6.0-nightly.2026-02-03", 30, 0},
		{"3.0.0rc1", 30, 0},
		{"1.4.1", 30, 0},
		{"4.6.4+glitch", -1, -1},
		{"4.2.1 (compatible; Firefish 1.0.5)", -1, -1},
		{"4.0.0 (not true; really snac/2.70)", -1, -1},
		{"0.19.1", -1, -1},
		{"4.6", -1, -1},
		{"takahe/0.11.0", -1, -1},
		{"99999999999999999999.0.0", -1, -1},
		{"", -1, -1},
	} {
		t.Run(c.version, func(t *testing.T) {
			got, err := masto.DecodeInstance([]byte(`{"version":"` + c.version + `"}`))
			require.NoError(t, err)
			require.Equal(t, c.displayName, got.Limits.DisplayName)
			require.Equal(t, c.note, got.Limits.Note)
		})
	}
}

// TestLimitsAppendInstance checks that the members are those of a captured
// answer, in their order, and that they are read back as the same limits.
func TestLimitsAppendInstance(t *testing.T) {
	const names = `{"max_display_name_length":40,"max_note_length":500,"max_avatar_description_length":150,` +
		`"max_header_description_length":150,"max_featured_tags":10,"max_pinned_statuses":5,` +
		`"max_profile_fields":4,"profile_field_name_limit":255,"profile_field_value_limit":255}`
	require.Equal(t, "x"+names, string(masto.Limits{}.AppendInstance([]byte("x"))))

	for _, c := range []struct {
		name   string
		limits masto.Limits
	}{
		{"own limits", masto.Limits{
			DisplayName:       1,
			Note:              2,
			Fields:            3,
			FieldName:         4,
			FieldValue:        5,
			AvatarDescription: 6,
			HeaderDescription: 7,
		}},
		{"no limits", masto.Limits{
			DisplayName:       -1,
			Note:              -1,
			Fields:            -1,
			FieldName:         -1,
			FieldValue:        -1,
			AvatarDescription: -1,
			HeaderDescription: -1,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(`{"version":"4.6.4","configuration":{"accounts":`)
			got, err := masto.DecodeInstance(append(c.limits.AppendInstance(body), "}}"...))
			require.NoError(t, err)
			require.Equal(t, c.limits, got.Limits)
		})
	}
}

// FuzzDecodeInstance checks that no limit is less than -1.
func FuzzDecodeInstance(f *testing.F) {
	for name := range instances {
		f.Add(instanceFile(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		i, err := masto.DecodeInstance(data)
		if err != nil {
			require.Nil(t, i)
			return
		}
		l := i.Limits
		for _, n := range []int{
			l.DisplayName,
			l.Note,
			l.Fields,
			l.FieldName,
			l.FieldValue,
			l.AvatarDescription,
			l.HeaderDescription,
			int(l.ImageBytes),
		} {
			require.GreaterOrEqual(t, n, -1)
		}
	})
}

func TestDecodeAPIError(t *testing.T) {
	for _, c := range []struct {
		name        string
		body        string
		message     string
		description string
		findings    []masto.Finding
	}{
		{name: "Mastodon", body: `{"error":"Record not found"}`, message: "Record not found"},
		{
			name:        "OAuth",
			body:        `{"error":"invalid_grant","error_description":"The grant is invalid"}`,
			message:     "invalid_grant",
			description: "The grant is invalid",
		},
		{name: "OAuth with one text", body: `{"error":"a","error_description":"a"}`, message: "a", description: "a"},
		{name: "Laravel", body: `{"message":"Unauthenticated."}`, message: "Unauthenticated."},
		{
			name:    "Laravel with details",
			body:    `{"message":"It is too big.","errors":{"avatar":["It is too big."]}}`,
			message: "It is too big.",
		},
		{name: "Misskey", body: `{"error":{"code":5,"message":"inside"}}`, message: "inside"},
		{name: "Phoenix", body: `{"errors":{"detail":"Not Found"}}`, message: "Not Found"},
		{name: "a detail", body: `{"detail":"Not Found"}`, message: "Not Found"},
		{name: "a list", body: `{"error":["one","two"]}`, message: "one, two"},
		{
			name:    "a list of objects",
			body:    `{"errors":[{"title":"one"},{"detail":"two"},5,null,{}]}`,
			message: "one, two",
		},
		{
			name:    "an object of lists",
			body:    `{"error":{"display_name":["is too long","is odd"],"note":["is too long"]}}`,
			message: "Display name is too long, Display name is odd, Note is too long",
			findings: []masto.Finding{
				{Attribute: "display_name", Description: "is too long"},
				{Attribute: "display_name", Description: "is odd"},
				{Attribute: "note", Description: "is too long"},
			},
		},
		{
			name:     "an object of texts",
			body:     `{"error":{"note":"is too long"}}`,
			message:  "Note is too long",
			findings: []masto.Finding{{Attribute: "note", Description: "is too long"}},
		},
		{
			name:     "details of texts",
			body:     `{"error":"no","details":{"note":["is too long",5]}}`,
			message:  "no",
			findings: []masto.Finding{{Attribute: "note", Description: "is too long"}},
		},
		{name: "null", body: `{"error":null,"details":5}`},
		{name: "a list of lists", body: `{"error":[["x"],[]]}`},
		{name: "an empty list", body: `{"error":[],"message":"x"}`, message: "x"},
		{name: "an empty object", body: `{}`},
		{name: "no object", body: `null`},
		{name: "an empty array", body: `[]`},
		{name: "an array", body: `["a","b"]`, message: "a, b"},
		{name: "a text", body: `"too many requests"`, message: "too many requests"},
		{name: "empty", body: ``},
		{name: "white space", body: " \r\n"},
		{name: "a byte order mark", body: "\ufeff{\"error\":\"x\"}", message: "x"},
		{name: "plain text", body: `Retry later`, message: "Retry later"},
		{name: "truncated", body: `{"error":"cut`, message: `{"error":"cut`},
		{
			name: "a page with a title",
			body: "<!DOCTYPE html>\n<HTML><head><meta charset=utf-8>" +
				"<TITLE lang=en>502 Bad\n Gateway &amp; more</TITLE></head><body><h1>Nope</h1></body>",
			message: "502 Bad Gateway & more",
		},
		{
			name:    "a page without one",
			body:    "<html><style>p{}</style><p>Out of<br>order</p>",
			message: "Out of order",
		},
		{name: "a title without an end", body: "<title>no end", message: "no end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := masto.DecodeAPIError(503, []byte(c.body))
			require.Equal(t, &masto.APIError{
				Status:      503,
				Message:     c.message,
				Description: c.description,
				Findings:    c.findings,
			}, got)
			text := "masto: the server answered 503"
			if c.message != "" {
				text += ": " + c.message
			}
			if c.description != "" && c.description != c.message {
				text += ": " + c.description
			}
			require.EqualError(t, got, text)
			_, isValidation := errors.AsType[*masto.ValidationError](error(got))
			require.Equal(t, c.findings != nil, isValidation)
		})
	}
}

func TestDecodeAPIErrorCutsPages(t *testing.T) {
	got := masto.DecodeAPIError(500, []byte(strings.Repeat("é", 1000)))
	require.Equal(t, strings.Repeat("é", 200), got.Message)
}

// TestAPIErrorHasFindings reads a refusal of Validate back.
func TestAPIErrorHasFindings(t *testing.T) {
	refused := masto.Limits{}.Validate(badUpdate().Normalized(), nil)
	got := masto.DecodeAPIError(422, encode(refused))
	require.Equal(t, refused.Error(), got.Message)
	v, ok := errors.AsType[*masto.ValidationError](error(got))
	require.True(t, ok)
	require.Equal(t, codes(v.Findings), codes(got.Findings))
	require.Len(t, got.Findings, 16)
}

// FuzzAPIError checks that any body gives an error, which is a ValidationError
// exactly if there are findings.
func FuzzAPIError(f *testing.F) {
	f.Add([]byte(`{"error":"x","error_description":"y","details":{"a":[{"error":"E","description":"d"}]}}`))
	f.Add([]byte(`<html><title>x</title></html>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e := masto.DecodeAPIError(500, body)
		require.NotEmpty(t, e.Error())
		if _, ok := errors.AsType[*masto.ValidationError](error(e)); ok != (len(e.Findings) > 0) {
			t.Errorf("findings %v", e.Findings)
		}
	})
}

func TestTerminalText(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		want string
	}{
		{"nothing to remove", "plain é 😀 \n\ttext", "plain é 😀 \n\ttext"},
		{"empty", "", ""},
		{"carriage returns", "a\r\nb\rc", "a\nbc"},
		{"control characters", "bell\a backspace\b\x7f nul\x00", "bell backspace nul"},
		{"color", "\x1b[31mred\x1b[0m", "red"},
		{"color with many parameters", "\x1b[1;31;48:2:0:0:0mred", "red"},
		{"cursor and screen", "\x1b[?25l\x1b[2J\x1b[1;1Hx", "x"},
		{"intermediate byte", "\x1b[ qx", "x"},
		{"control sequence without an end", "\x1b[31", ""},
		{"control sequence cut off by a newline", "\x1b[31\nx", "\nx"},
		{"control sequence of one character", "\u009b31mred", "red"},
		{"title with a bell", "\x1b]0;title\ax", "x"},
		{"link", "\x1b]8;;https://a.io\x1b\\link\x1b]8;;\x1b\\", "link"},
		{"clipboard", "\x1b]52;c;aGk=\u009cx", "x"},
		{"title in single characters", "\u009d0;title\u009cx", "x"},
		{
			"device control, application, privacy and string",
			"\x1bPq#0\x1b\\x\x1b_app\x1b\\y\x1b^pm\x1b\\z\x1bXsos\x1b\\",
			"xyz",
		},
		{"title without an end", "\x1b]0;without an end", "0;without an end"},
		{"color in a title without an end", "\x1b]a\x1b[31mb", "ab"},
		{"short escapes", "\x1b(Bx\x1b#8y\x1b=z\x1bcw", "xyzw"},
		{"escape at the end", "\x1b", ""},
		{"escape before an escape", "\x1b\x1b[31mx", "x"},
		{"escape before a letter", "\x1b\u00e9", "é"},
		{"single control characters", "\u0080\u0085\u009c x", " x"},
		{"directions", "abc\u202edef\u202c\u2066g\u2069", "abcdefg"},
		{"marks and joiners, which are part of writing", "l\u200er\u200fz\u200dj", "l\u200er\u200fz\u200dj"},
		{"separators", "a\u2028b\u2029c", "a\nb\nc"},
		{"annotations", "\ufff9a\ufffab\ufffb", "ab"},
		{"invalid UTF-8", "bad\xff\xc3", "bad\ufffd\ufffd"},
		{"U+FFFD", "good\ufffd", "good\ufffd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, masto.TerminalText(c.text))
		})
	}
}

// TestTerminalTextOfHugeTexts has texts that would take minutes if the time
// were not linear.
func TestTerminalTextOfHugeTexts(t *testing.T) {
	for _, part := range []string{
		"\x1b]",
		"\x1b[",
		"\x1bP\x1b]",
		"\x1b",
		"\u009d",
		"\x1b]\x1b\\",
		"\x1b[31",
	} {
		t.Run(fmt.Sprintf("%q", part), func(t *testing.T) {
			require.NotContains(t, masto.TerminalText(strings.Repeat(part, 1<<19)), "\x1b")
		})
	}
}

// FuzzTerminalText checks that nothing unsafe is left, and that doing it again
// changes nothing.
func FuzzTerminalText(f *testing.F) {
	f.Add("\x1b[31mred\x1b[0m \u202e\u009b0m\x1b]0;t\a\xff")
	f.Add("\x1b]a\x1b]b\x1b\\c\u009dd\u009c")
	f.Fuzz(func(t *testing.T, s string) {
		got := masto.TerminalText(s)
		require.True(t, utf8.ValidString(got))
		for _, r := range got {
			isControl := unicode.IsControl(r) && r != '\n' && r != '\t'
			if isControl || unicode.Is(unicode.Bidi_Control, r) && r >= 0x202A {
				t.Errorf("%q has %U", got, r)
			}
		}
		require.Equal(t, got, masto.TerminalText(got))
	})
}
