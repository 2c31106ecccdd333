package mediatype_test

import (
	"mime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-374a2035/masto/internal/mediatype"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, header, mediaType string
		params                  map[string]string
	}{
		{
			name:      "as the standard library reads it",
			header:    `Multipart/Form-Data; Boundary="a b"`,
			mediaType: "multipart/form-data",
			params:    map[string]string{"boundary": "a b"},
		},
		{
			name:      "equals signs",
			header:    "multipart/form-data; boundary====1616056691487===",
			mediaType: "multipart/form-data",
			params:    map[string]string{"boundary": "===1616056691487==="},
		},
		{
			name:      "JavaMail",
			header:    "multipart/form-data;boundary=----=_Part_0_1.2",
			mediaType: "multipart/form-data",
			params:    map[string]string{"boundary": "----=_Part_0_1.2"},
		},
		{
			name:      "slash, colon, question mark and parentheses",
			header:    "multipart/form-data; BOUNDARY=a/b:c?(d) ; charset=utf-8",
			mediaType: "multipart/form-data",
			params:    map[string]string{"boundary": "a/b:c?(d)", "charset": "utf-8"},
		},
		{
			name:      "a quoted value beside it",
			header:    `form-data; filename="a;\"b\".png"; name=fields_attributes[0][name]`,
			mediaType: "form-data",
			params:    map[string]string{"filename": `a;"b".png`, "name": "fields_attributes[0][name]"},
		},
		{
			name:      "the first of two, and what is no parameter",
			header:    `text/plain; charset; =x; ; charset==1; charset==2; x="`,
			mediaType: "text/plain",
			params:    map[string]string{"charset": "=1", "x": `"`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			mediaType, params, err := mediatype.Parse(c.header)
			if err != nil || mediaType != c.mediaType {
				t.Errorf("%q, %v", mediaType, err)
			}
			if d := cmp.Diff(c.params, params); d != "" {
				t.Error(d)
			}
		})
	}
	for _, header := range []string{"", ";", "//", "a b; c=d"} {
		if mediaType, params, err := mediatype.Parse(header); err == nil {
			t.Errorf("%q is read as %q, %v", header, mediaType, params)
		}
	}
}

func TestFormData(t *testing.T) {
	for _, c := range []struct {
		name, disposition, wantName, wantFile string
		isFile, ok                            bool
	}{
		{
			name:        "a text",
			disposition: `form-data; name="fields_attributes[0][name]"`,
			wantName:    "fields_attributes[0][name]",
			ok:          true,
		},
		{
			name:        "a file",
			disposition: `form-data; name="avatar"; filename="a;b=c.png"`,
			wantName:    "avatar",
			wantFile:    "a;b=c.png",
			isFile:      true,
			ok:          true,
		},
		{
			name:        "a file without a name",
			disposition: `form-data; name="avatar"; filename=""`,
			wantName:    "avatar",
			isFile:      true,
			ok:          true,
		},
		{
			name:        "escapes",
			disposition: `form-data; name="avatar"; filename="a\"b.png"`,
			wantName:    "avatar",
			wantFile:    `a"b.png`,
			isFile:      true,
			ok:          true,
		},
		{
			name:        "another order",
			disposition: `Form-Data; filename=a.png ; name=avatar`,
			wantName:    "avatar",
			wantFile:    "a.png",
			isFile:      true,
			ok:          true,
		},
		{
			name:        "an encoded file name",
			disposition: `form-data; name="avatar"; filename*=utf-8''%e2%82%ac.png`,
			wantName:    "avatar",
			wantFile:    "€.png",
			isFile:      true,
			ok:          true,
		},
		{
			name:        "no name",
			disposition: "form-data",
			ok:          true,
		},
		{
			name:        "another disposition",
			disposition: `attachment; name="note"`,
			wantName:    "note",
		},
		{
			name: "nothing",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			name, filename, isFile, ok := mediatype.FormData(c.disposition)
			if name != c.wantName || filename != c.wantFile || isFile != c.isFile || ok != c.ok {
				t.Errorf("%q, %q, %t, %t", name, filename, isFile, ok)
			}
		})
	}
}

func TestTranscode(t *testing.T) {
	for _, c := range []struct {
		charset, text, want string
		ok                  bool
	}{
		{"ISO-8859-1", "M\xfcller", "Müller", true},
		{"latin1", "\x80", "€", true},
		{"Windows-1252", "\x93a\x94\x81", "“a”\uFFFD", true},
		{"Shift_JIS", "plain ~\r\n\t", "plain ~\r\n\t", true},
		{"Shift_JIS", "\x83\x65", "", false},
		{"ISO-2022-JP", "\x1b$B", "", false},
		{"UTF-16", "a\x00", "", false},
		{"koi8-r", "\x7f", "", false},
	} {
		t.Run(c.charset, func(t *testing.T) {
			got, ok := mediatype.Transcode(c.charset, c.text)
			if got != c.want || ok != c.ok {
				t.Errorf("%q, %t", got, ok)
			}
		})
	}
}

// FuzzParse checks that what the standard library takes is read alike, also as
// a disposition, and that text of any charset becomes UTF-8.
func FuzzParse(f *testing.F) {
	f.Add("multipart/form-data; boundary====1===; charset=utf-8", "a\xff")
	f.Add(`form-data; name=a[b]; filename="a\"b;c"; filename*=utf-8''%e2%82%ac`, "\x80")
	f.Add(`form-data; name="a"; filename="b"; filename="c"`, "")
	f.Add(`form-data; name="a`, "")
	f.Add(`text/plain; charset="iso-8859-1`, "\x1b")
	f.Fuzz(func(t *testing.T, header, text string) {
		mediaType, params, err := mediatype.Parse(header)
		if wantType, want, wantErr := mime.ParseMediaType(header); wantErr == nil {
			if d := cmp.Diff(want, params); d != "" || mediaType != wantType || err != nil {
				t.Fatal(mediaType, err, d)
			}
		}
		name, filename, isFile, ok := mediatype.FormData(header)
		wantFile, wantIsFile := params["filename"]
		wantOK := err == nil && mediaType == "form-data"
		if name != params["name"] || filename != wantFile || isFile != wantIsFile || ok != wantOK {
			t.Fatalf("%q, %q, %t, %t", name, filename, isFile, ok)
		}
		for name := range params {
			if name != strings.ToLower(name) {
				t.Fatalf("parameter %q", name)
			}
		}
		if text, ok := mediatype.Transcode(params["charset"], text); ok && !utf8.ValidString(text) {
			t.Fatalf("%q is not UTF-8", text)
		}
	})
}
