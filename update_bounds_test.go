package masto_test

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

func TestBadInput(t *testing.T) {
	many := strings.Repeat("x=1&", 5000)
	for _, c := range []struct {
		name        string
		contentType string
		query       string
		body        string
		want        error
		offset      int64
	}{
		{
			name: "no type",
			body: "note=a",
			want: masto.ErrUnsupportedMedia,
		},
		{
			name:        "another type",
			contentType: "text/plain",
			body:        "note=a",
			want:        masto.ErrUnsupportedMedia,
		},
		{
			name:        "XML",
			contentType: "application/xml",
			body:        "<note/>",
			want:        masto.ErrUnsupportedMedia,
		},
		{
			name:        "no media type",
			contentType: "//;;",
			body:        "note=a",
			want:        masto.ErrUnsupportedMedia,
		},
		{
			name:        "charset of JSON",
			contentType: jsonType + "; charset=utf-16",
			body:        "{}",
			want:        masto.ErrUnsupportedMedia,
		},
		{
			name:        "charset of a form",
			contentType: formType + "; charset=shift_jis",
			body:        "bot=1&note=%83e",
			want:        masto.ErrUnsupportedMedia,
			offset:      6,
		},
		{
			name:        "charset of a part",
			contentType: partType,
			body:        part(`name="note"`, "Content-Type: text/plain; charset=shift_jis\r\n", "\x83e") + lastBoundary,
			want:        masto.ErrUnsupportedMedia,
			offset:      -1,
		},
		{
			name:        "a part in UTF-16",
			contentType: partType,
			body:        part(`name="note"`, "Content-Type: text/plain; charset=utf-16\r\n", "a\x00") + lastBoundary,
			want:        masto.ErrUnsupportedMedia,
			offset:      -1,
		},
		{
			name:        "percent",
			contentType: formType,
			body:        "bot=1&note=%zz",
			want:        masto.ErrMalformed,
			offset:      6,
		},
		{
			name:        "percent in a name",
			contentType: formType,
			body:        "note%=1",
			want:        masto.ErrMalformed,
		},
		{
			name:   "percent in the query",
			query:  "bot=1&note=%",
			want:   masto.ErrMalformed,
			offset: 6,
		},
		{
			name:        "UTF-8 in a form",
			contentType: formType,
			body:        "bot=1&note=%ff",
			want:        masto.ErrInvalidUTF8,
			offset:      6,
		},
		{
			name:        "UTF-8 in a name",
			contentType: formType,
			body:        "unknown%ff=1",
			want:        masto.ErrInvalidUTF8,
		},
		{
			name:  "UTF-8 in the query",
			query: "note=\xff",
			want:  masto.ErrInvalidUTF8,
		},
		{
			name:        "UTF-8 in JSON",
			contentType: jsonType,
			body:        "{\"note\":\"\xff\"}",
			want:        masto.ErrInvalidUTF8,
			offset:      9,
		},
		{
			name:        "UTF-8 in a part",
			contentType: partType,
			body:        part(`name="note"`, "", "\xff") + lastBoundary,
			want:        masto.ErrInvalidUTF8,
			offset:      -1,
		},
		{
			name:        "cut JSON",
			contentType: jsonType,
			body:        `{"note":`,
			want:        masto.ErrMalformed,
			offset:      8,
		},
		{
			name:        "two JSON values",
			contentType: jsonType,
			body:        `{}{}`,
			want:        masto.ErrMalformed,
			offset:      3,
		},
		{
			name:        "a list",
			contentType: jsonType,
			body:        `[]`,
			want:        masto.ErrMalformed,
		},
		{
			name:        "a text",
			contentType: jsonType,
			body:        `"note"`,
			want:        masto.ErrMalformed,
		},
		{
			name:        "a form as JSON",
			contentType: jsonType,
			body:        `note=a`,
			want:        masto.ErrMalformed,
			offset:      2,
		},
		{
			name:        "deep JSON",
			contentType: jsonType,
			body:        `{"x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
			want:        masto.ErrMalformed,
			offset:      10005,
		},
		{
			name:        "two kinds of rows",
			contentType: formType,
			body:        "fields_attributes[][name]=a&fields_attributes[0][name]=a",
			want:        masto.ErrMalformed,
			offset:      28,
		},
		{
			name:        "two kinds of rows, reversed",
			contentType: formType,
			body:        "fields_attributes[0][name]=a&fields_attributes[][name]=a",
			want:        masto.ErrMalformed,
			offset:      29,
		},
		{
			name:        "data URI without a comma",
			contentType: formType,
			body:        "avatar=data:image/png",
			want:        masto.ErrMalformed,
		},
		{
			name:        "data URI that is not base64",
			contentType: jsonType,
			body:        `{"avatar":"data:;base64,a-b"}`,
			want:        masto.ErrMalformed,
			offset:      10,
		},
		{
			name:        "data URI with a bad percent",
			contentType: jsonType,
			body:        `{"avatar":"data:,%"}`,
			want:        masto.ErrMalformed,
			offset:      10,
		},
		{
			name:        "no boundary",
			contentType: "multipart/form-data",
			body:        "x",
			want:        masto.ErrMalformed,
		},
		{
			name:        "another boundary",
			contentType: "multipart/form-data; boundary=YY",
			body:        asParts("note=a"),
			want:        masto.ErrMalformed,
			offset:      -1,
		},
		{
			name:        "cut multipart",
			contentType: partType,
			body:        strings.TrimSuffix(asParts("note=a"), lastBoundary),
			want:        masto.ErrMalformed,
			offset:      -1,
		},
		{
			name:        "cut in a file",
			contentType: partType,
			body:        part(`name="avatar"; filename="a"`, "", "abc")[:70],
			want:        masto.ErrMalformed,
			offset:      -1,
		},
		{
			name:        "a part without a name",
			contentType: partType,
			body:        "--XX\r\n\r\nx\r\n" + lastBoundary,
			want:        masto.ErrMalformed,
			offset:      -1,
		},
		{
			name:        "a part of another disposition",
			contentType: partType,
			body:        "--XX\r\nContent-Disposition: attachment; name=\"note\"\r\n\r\nx\r\n" + lastBoundary,
			want:        masto.ErrMalformed,
			offset:      -1,
		},
		{
			name:   "too many in the query",
			query:  many,
			want:   masto.ErrTooManyParams,
			offset: 1112 * 4,
		},
		{
			name:        "too many in a form",
			contentType: formType,
			body:        many,
			want:        masto.ErrTooManyParams,
			offset:      1112 * 4,
		},
		{
			name:        "too many parts",
			contentType: partType,
			body:        strings.Repeat(part(`name="x"`, "", ""), 1113) + lastBoundary,
			want:        masto.ErrTooManyParams,
			offset:      -1,
		},
		{
			name:        "too many files",
			contentType: partType,
			body:        strings.Repeat(part(`name="avatar"; filename=""`, "", ""), 1113) + lastBoundary,
			want:        masto.ErrTooManyParams,
			offset:      -1,
		},
		{
			name:        "too many members",
			contentType: jsonType,
			body:        "{" + strings.Repeat(`"x":1,`, 5000) + `"y":1}`,
			want:        masto.ErrTooManyParams,
			offset:      6677,
		},
		{
			name:        "too many domains",
			contentType: jsonType,
			body:        `{"attribution_domains":[` + strings.Repeat(`null,`, 5000) + `null]}`,
			want:        masto.ErrTooManyParams,
			offset:      5579,
		},
		{
			name:        "too much text",
			contentType: formType,
			body:        "note=" + strings.Repeat("a", 1<<20+1),
			want:        masto.ErrTooLarge,
		},
		{
			name:        "too much text in JSON",
			contentType: jsonType,
			body:        `{"fields_attributes":[{"name":"` + strings.Repeat("a", 1<<20+1) + `"}]}`,
			want:        masto.ErrTooLarge,
			offset:      30,
		},
		{
			name:        "too much text in a part",
			contentType: partType,
			body:        asParts("note=" + strings.Repeat("a", 1<<20+1)),
			want:        masto.ErrTooLarge,
			offset:      -1,
		},
		{
			name:        "too much text in all",
			contentType: partType,
			body: asParts("note=" + strings.Repeat("a", 1<<19) +
				"&display_name=" + strings.Repeat("a", 1<<19+1)),
			want:   masto.ErrTooLarge,
			offset: -1,
		},
		{
			name:        "too large a form",
			contentType: formType,
			body:        strings.Repeat("a", 25<<20+1),
			want:        masto.ErrTooLarge,
			offset:      25 << 20,
		},
		{
			name:        "too large JSON",
			contentType: jsonType,
			body:        strings.Repeat(" ", 25<<20+1),
			want:        masto.ErrTooLarge,
			offset:      25 << 20,
		},
		{
			name:        "too large multipart",
			contentType: partType,
			body:        part(`name="avatar"; filename="a"`, "", strings.Repeat("a", 25<<20)),
			want:        masto.ErrTooLarge,
			offset:      25 << 20,
		},
		{
			name:        "too large preamble",
			contentType: partType,
			body:        strings.Repeat("\n", 25<<20+1),
			want:        masto.ErrTooLarge,
			offset:      25 << 20,
		},
		{
			name:        "too large heads of parts",
			contentType: partType,
			body: part(`name="x"`, "X: "+strings.Repeat("a", 1<<19)+"\r\n", "") +
				part(`name="x"`, "X: "+strings.Repeat("a", 1<<19)+"\r\n", "") +
				lastBoundary,
			want:   masto.ErrTooLarge,
			offset: -1,
		},
		{
			name:        "too large head of a part",
			contentType: partType,
			body:        "--XX\r\nX: " + strings.Repeat("a", 11<<20) + "\r\n\r\n\r\n" + lastBoundary,
			want:        masto.ErrTooLarge,
			offset:      -1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := masto.DecodeUpdate(c.contentType, c.query, strings.NewReader(c.body), masto.Limits{})
			require.ErrorIs(t, err, c.want)
			for _, other := range []error{
				masto.ErrMalformed,
				masto.ErrInvalidUTF8,
				masto.ErrTooLarge,
				masto.ErrTooManyParams,
				masto.ErrUnsupportedMedia,
			} {
				if !errors.Is(c.want, other) {
					require.NotErrorIs(t, err, other, "one thing only")
				}
			}
			d, ok := errors.AsType[*masto.DecodeError](err)
			require.True(t, ok, "%T", err)
			require.Equal(t, c.offset, d.Offset, err.Error())
			require.Contains(t, err.Error(), "masto: ")
			require.Equal(t, masto.Update{}, got, "nothing of it is used")
		})
	}
}

func TestDecodeErrorText(t *testing.T) {
	for _, c := range []struct {
		name        string
		contentType string
		query       string
		body        string
		want        string
	}{
		{
			name:        "form",
			contentType: formType,
			body:        "bot=1&note=%zz",
			want:        `malformed form: invalid URL escape "%zz" at byte 6`,
		},
		{
			name:  "query",
			query: "bot=1&note=%zz",
			want:  `malformed form: invalid URL escape "%zz" in the query at byte 6`,
		},
		{
			name:        "JSON",
			contentType: jsonType,
			body:        `{"note":}`,
			want:        `malformed JSON: invalid character '}' looking for beginning of value at byte 9`,
		},
		{
			name:        "no object",
			contentType: jsonType,
			body:        `["note"]`,
			want:        `malformed JSON: not an object at byte 0`,
		},
		{
			name:        "picture",
			contentType: jsonType,
			body:        `{"avatar":"data:"}`,
			want:        `malformed data URI: no comma at byte 10`,
		},
		{
			name:        "part",
			contentType: partType,
			body:        part(`name="note"`, "", "x") + part(`name="bot"`, "", "\xff") + lastBoundary,
			want:        `invalid UTF-8 in part 2`,
		},
		{
			name:        "parts",
			contentType: partType,
			body:        part(`name="note"`, "", "x"),
			want:        `malformed multipart: unexpected EOF in part 1`,
		},
		{
			name:        "charset",
			contentType: partType,
			body: part(
				`name="note"`,
				`Content-Type: text/plain; charset="é\"`+strings.Repeat("y", 1000)+"\"\r\n",
				"\xff",
			) + lastBoundary,
			want: `unsupported media type: charset "é\"` + strings.Repeat("y", 97) + `…" in part 1`,
		},
		{
			name:        "head",
			contentType: partType,
			body:        part(`name="note"`, "X"+strings.Repeat("y", 1000)+"\r\n", "") + lastBoundary,
			want: `malformed multipart: malformed MIME header: missing colon: "X` + strings.Repeat("y", 60) +
				`… in part 1`,
		},
		{
			name:        "content type",
			contentType: strings.Repeat("x", 1000),
			body:        "a",
			want:        `unsupported media type: "` + strings.Repeat("x", 100) + `…" at byte 0`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := masto.DecodeUpdate(c.contentType, c.query, strings.NewReader(c.body), masto.Limits{})
			require.EqualError(t, err, "masto: "+c.want)
		})
	}
	require.EqualError(t, &masto.DecodeError{
		Offset: -1,
		Err:    fmt.Errorf("%w", masto.ErrTooLarge),
	}, "masto: too large")
}

// countingReader counts what is read from an endless body.
type countingReader struct{ n int64 }

func (r *countingReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '\n'
	}
	r.n += int64(len(p))
	return len(p), nil
}

func TestReadingIsBounded(t *testing.T) {
	for _, contentType := range []string{formType, jsonType, partType} {
		r := &countingReader{}
		_, err := masto.DecodeUpdate(contentType, "", r, masto.Limits{ImageBytes: 1000})
		require.ErrorIs(t, err, masto.ErrTooLarge)
		require.EqualValues(t, 3000+1<<20+1, r.n, "one byte more than allowed tells")
	}
	r := &countingReader{}
	_, err := masto.DecodeUpdate("text/plain", "", r, masto.Limits{})
	require.ErrorIs(t, err, masto.ErrUnsupportedMedia)
	require.EqualValues(t, 1, r.n)
}

func TestReadErrorsComeThrough(t *testing.T) {
	broken := errors.New("connection lost")
	for _, contentType := range []string{formType, jsonType, partType, "text/plain"} {
		_, err := masto.DecodeUpdate(contentType, "", iotest.ErrReader(broken), masto.Limits{})
		require.ErrorIs(t, err, broken)
		require.NotErrorIs(t, err, masto.ErrMalformed)
		halfway := io.MultiReader(strings.NewReader(asParts("note=a")[:60]), iotest.ErrReader(broken))
		_, err = masto.DecodeUpdate(contentType, "", halfway, masto.Limits{})
		require.Error(t, err)
		if contentType != "text/plain" {
			require.ErrorIs(t, err, broken)
		}
	}
}

func TestTooLargePicturesAreFindings(t *testing.T) {
	l := masto.Limits{ImageBytes: 10_000}
	u := masto.Update{
		Avatar: upload("image/png", pngData+strings.Repeat("a", 11_000)),
		Header: upload("image/gif", gifData),
	}
	for contentType, body := range encodings(t, u) {
		got, err := masto.DecodeUpdate(contentType, "", body, l)
		require.NoError(t, err)
		found := codes(findingsOf(t, l, got, nil))
		require.Equal(t, []string{"avatar ERR_LESS_THAN", "avatar_file_size ERR_LESS_THAN"}, found)
	}
}

// Each of these bodies would take minutes if the time were not linear.
func TestDecodeHugeBodies(t *testing.T) {
	l := masto.Limits{Fields: -1, AttributionDomains: -1} // so that nothing ends early
	for _, c := range []struct {
		name        string
		contentType string
		body        string
	}{
		{
			name:        "brackets",
			contentType: formType,
			body: "a" + strings.Repeat("[", 1<<20) + "=1" +
				"&fields_attributes[0]" + strings.Repeat("[x]", 100) + "=&",
		},
		{
			name:        "rows and domains",
			contentType: formType,
			body: strings.Repeat("fields_attributes[][a]=1&", 20_000) +
				strings.Repeat("attribution_domains[]=a&", 20_000),
		},
		{
			name:        "pairs",
			contentType: formType,
			body:        strings.Repeat("a=1&", 1<<17),
		},
		{
			name:        "rows in JSON",
			contentType: jsonType,
			body:        `{"fields_attributes":[` + strings.Repeat(`{"x":[{}]},`, 1<<15) + `{}]}`,
		},
		{
			name:        "domains in JSON",
			contentType: jsonType,
			body:        `{"attribution_domains":[` + strings.Repeat(`"a",`, 1<<17) + `"a"]}`,
		},
		{
			name:        "unknown members",
			contentType: jsonType,
			body:        `{` + strings.Repeat(`"x":{"y":[1,2]},`, 1<<15) + `"note":"x"}`,
		},
		{
			name:        "parts",
			contentType: partType,
			body:        strings.Repeat(part(`name="x"`, "", "--X\r\n--"), 20_000) + lastBoundary,
		},
		{
			name:        "what begins like a boundary",
			contentType: partType,
			body:        part(`name="avatar"; filename="a"`, "", strings.Repeat("\r\n--X", 1<<18)) + lastBoundary,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := masto.DecodeUpdate(c.contentType, "", strings.NewReader(c.body), l)
			require.NoError(t, err)
		})
	}
}

func TestMemoryOfJSON(t *testing.T) {
	list := func(open, element, end string) string {
		return open + strings.Repeat(element+",", 1<<20/len(element)) + element + end
	}
	for _, c := range []struct {
		name string
		body string
	}{
		{
			name: "empty rows",
			body: list(`{"fields_attributes":[`, `{}`, `]}`),
		},
		{
			name: "blank rows",
			body: list(`{"fields_attributes":[`, `{"name":"","value":""}`, `]}`),
		},
		{
			name: "rows",
			body: list(`{"fields_attributes":[`, `{"name":"aa","value":"bb"}`, `]}`),
		},
		{
			name: "rows of an object",
			body: list(`{"fields_attributes":{`, `"":{"name":"","value":""}`, `}}`),
		},
		{
			name: "no rows",
			body: list(`{"fields_attributes":[`, `1`, `]}`),
		},
		{
			name: "nulls",
			body: list(`{"fields_attributes":[`, `null`, `]}`),
		},
		{
			name: "a deep row",
			body: `{"fields_attributes":[` + list(`{"x":[`, `[]`, `]}`) + `]}`,
		},
		{
			name: "domains",
			body: list(`{"attribution_domains":[`, `1`, `]}`),
		},
		{
			name: "longer domains",
			body: list(`{"attribution_domains":[`, `"aa"`, `]}`),
		},
		{
			name: "domains of an object",
			body: list(`{"attribution_domains":{`, `"":1`, `}}`),
		},
		{
			name: "no domains",
			body: list(`{"attribution_domains":[`, `[]`, `]}`),
		},
		{
			name: "the same text",
			body: list(`{`, `"note":""`, `}`),
		},
		{
			name: "the same rows",
			body: list(`{`, `"fields_attributes":[{}]`, `}`),
		},
		{
			name: "the same domains",
			body: list(`{`, `"attribution_domains":[1]`, `}`),
		},
		{
			name: "the same picture",
			body: list(`{`, `"avatar":1`, `}`),
		},
		{
			name: "a picture",
			body: `{"avatar":"data:;base64,` + strings.Repeat("AAAA", 1<<18) + `"}`,
		},
		{
			name: "a text picture",
			body: `{"avatar":"data:,` + strings.Repeat("%41", 1<<18) + `"}`,
		},
		{
			name: "unknown members",
			body: list(`{`, `"":0`, `}`),
		},
		{
			name: "members of source",
			body: list(`{"source":{`, `"":0`, `}}`),
		},
		{
			name: "source",
			body: list(`{`, `"source":[]`, `}`),
		},
		{
			name: "wrong shapes",
			body: list(`{`, `"bot":[]`, `}`),
		},
		{
			name: "a text",
			body: `{"note":"` + strings.Repeat("a", 1<<20) + `"}`,
		},
		{
			name: "escapes",
			body: `{"note":"` + strings.Repeat(`\u00e9`, 1<<17) + `"}`,
		},
		{
			name: "depth",
			body: `{"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(c.body)
			var u masto.Update
			var err error
			n := allocated(func() { err = u.UnmarshalJSON(body) })
			require.NoError(t, err)
			t.Logf("%.1f times %d bytes", float64(n)/float64(len(body)), len(body))
			require.LessOrEqual(t, n, uint64(20*len(body)))
		})
	}
}

// The documentation of DecodeUpdate says how much memory a body needs.
func TestMemoryOfBodies(t *testing.T) {
	l := masto.Limits{ImageBytes: 1 << 20}
	picture := strings.Repeat("AAAA", 1<<18)
	for _, c := range []struct {
		name        string
		contentType string
		body        string
	}{
		{
			name:        "JSON",
			contentType: jsonType,
			body:        `{"avatar":"data:;base64,` + picture + `","header":"data:;base64,` + picture + `"}`,
		},
		{
			name:        "JSON with escapes",
			contentType: jsonType,
			body:        `{"avatar":"data:\/,` + picture + picture + `%41"}`,
		},
		{
			name:        "unknown JSON",
			contentType: jsonType,
			body:        `{"x":"` + picture + picture + `"}`,
		},
		{
			name:        "malformed JSON",
			contentType: jsonType,
			body:        `{"x":"` + picture + picture,
		},
		{
			name:        "a form",
			contentType: formType,
			body:        "avatar=data:;base64," + picture + "&header=data:;base64," + picture,
		},
		{
			name:        "a form with escapes",
			contentType: formType,
			body:        "avatar=data:,%41" + picture + "%2541",
		},
		{
			name:        "multipart",
			contentType: partType,
			body: part(`name="avatar"; filename="a"`, "", picture) +
				part(`name="header"`, "", picture) +
				lastBoundary,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := struct{ io.Reader }{strings.NewReader(c.body)}
			n := allocated(func() { _, _ = masto.DecodeUpdate(c.contentType, "", body, l) })
			t.Logf("%.1f times %d bytes", float64(n)/float64(len(c.body)), len(c.body))
			most := 7
			if underRaceDetector() {
				most = 10 // it empties pools, so that buffers grow again
			}
			require.LessOrEqual(t, n, uint64(most*len(c.body)))
		})
	}
}

// underRaceDetector reports whether the tests were built with -race.
func underRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
