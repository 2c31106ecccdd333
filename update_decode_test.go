package masto_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
	partType = "multipart/form-data; boundary=XX"
)

// part is a piece of a multipart body: a disposition, headers and a value.
func part(disposition, headers, value string) string {
	return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n" + headers + "\r\n" + value + "\r\n"
}

const lastBoundary = "--XX--\r\n"

// asParts turns pairs of a form, not escaped, into a multipart body.
func asParts(form string) string {
	var b strings.Builder
	for pair := range strings.SplitSeq(form, "&") {
		name, value, _ := strings.Cut(pair, "=")
		b.WriteString(part(`name="`+name+`"`, "", value))
	}
	return b.String() + lastBoundary
}

func rows(texts ...string) masto.Opt[[]masto.Field] {
	fields := []masto.Field{}
	for i := 0; i < len(texts); i += 2 {
		fields = append(fields, masto.Field{Name: texts[i], Value: texts[i+1]})
	}
	return masto.Some(fields)
}

func TestDecodeForms(t *testing.T) {
	yes, no := new(true), new(false)
	png := base64.StdEncoding.EncodeToString([]byte(pngData))
	for form, want := range map[string]masto.Update{
		"display_name=A&note=b": {DisplayName: masto.Some("A"), Note: masto.Some("b")},
		"display_name=&note=":   {DisplayName: masto.Some(""), Note: masto.Some("")},
		"note=a&note=b":         {Note: masto.Some("b")},
		"unknown=1&status[media][]=2&[x]=3&display_name[=4&source[x]=5&source=6&account[note]=7&notes=8&source[privacy": {},
		"avatar_description=a&header_description=": {AvatarDescription: masto.Some("a"), HeaderDescription: masto.Some("")},
		// indices are labels: order of arrival counts
		"fields_attributes[2][name]=two&fields_attributes[2][value]=2&fields_attributes[10][name]=ten&fields_attributes[10][value]=10": {Fields: rows("two", "2", "ten", "10")},
		"fields_attributes[10][name]=ten&fields_attributes[10][value]=10&fields_attributes[2][name]=two&fields_attributes[2][value]=2": {Fields: rows("ten", "10", "two", "2")},
		"fields_attributes[0][name]=a&fields_attributes[1][name]=b&fields_attributes[1][value]=2&fields_attributes[0][value]=1":        {Fields: rows("a", "1", "b", "2")},
		"fields_attributes[new][value]=1&fields_attributes[new][name]=a&fields_attributes[new][_destroy]=x":                            {Fields: rows("a", "1")},
		"fields_attributes[0][name]=a&fields_attributes[0][name]=b&fields_attributes[0][value]=1":                                      {Fields: rows("b", "1")},
		// a repeated key begins the next row
		"fields_attributes[][name]=a&fields_attributes[][value]=1&fields_attributes[][name]=b&fields_attributes[][value]=2": {Fields: rows("a", "1", "b", "2")},
		"fields_attributes[][value]=1&fields_attributes[][name]=a&fields_attributes[][name]=b&fields_attributes[][value]=2": {Fields: rows("a", "1", "b", "2")},
		"fields_attributes[][id]=7&fields_attributes[][name]=a&fields_attributes[][id]=8&fields_attributes[][value]=2":      {Fields: rows()},
		// rows without a name and a value are not shown
		"fields_attributes[0][name]=a&fields_attributes[1][value]=2&fields_attributes[2][name]=&fields_attributes[2][value]=": {Fields: rows("", "")},
		"fields_attributes=":                              {Fields: rows()},
		"fields_attributes[]=":                            {Fields: rows()},
		"fields_attributes[0]=":                           {Fields: rows()},
		"attribution_domains[]=":                          {AttributionDomains: masto.Some[[]string](nil)},
		"attribution_domains=":                            {AttributionDomains: masto.Some[[]string](nil)},
		"attribution_domains[]=b&attribution_domains[]=a": {AttributionDomains: masto.Some([]string{"b", "a"})},
		"attribution_domains[1]=b&attribution_domains=a":  {AttributionDomains: masto.Some([]string{"b", "a"})},
		// Booleans
		"locked=true&bot=1&indexable=t&show_media=on&show_media_replies=no&show_featured=False": {
			Locked: masto.Some(true), Bot: masto.Some(true), Indexable: masto.Some(true), ShowMedia: masto.Some(true),
			ShowMediaReplies: masto.Some(true), ShowFeatured: masto.Some(true),
		},
		"locked=false&bot=0&indexable=f&show_media=off&show_media_replies=F&show_featured=FALSE": {
			Locked: masto.Some(false), Bot: masto.Some(false), Indexable: masto.Some(false), ShowMedia: masto.Some(false),
			ShowMediaReplies: masto.Some(false), ShowFeatured: masto.Some(false),
		},
		"locked=OFF&discoverable=T&hide_collections=F": {Locked: masto.Some(false), Discoverable: masto.Some(yes), HideCollections: masto.Some(no)},
		"discoverable=&hide_collections=":              {Discoverable: masto.Some[*bool](nil), HideCollections: masto.Some[*bool](nil)},
		"locked=&source[sensitive]=":                   {},
		// posting
		"source[privacy]=private&source[sensitive]=1&source[language]=de&source[quote_policy]=nobody": {Posting: masto.PostingUpdate{
			Privacy: masto.Some("private"), Sensitive: masto.Some(true), Language: masto.Some(new("de")), QuotePolicy: masto.Some("nobody"),
		}},
		"source[language]=&source[privacy]=": {Posting: masto.PostingUpdate{Language: masto.Some(new("")), Privacy: masto.Some("")}},
		// pictures as text
		"avatar=data:image/png;base64,iVBORw0KGgoAAA==&header=": {Avatar: upload("image/png", pngData)},
		"header=DATA:;base64,iVBORw0KGgoAAA":                    {Header: upload("", pngData)},
		"avatar=data:text/plain,hello there":                    {Avatar: upload("text/plain", "hello there")},
		"avatar=https://example.com/a.png":                      {Avatar: upload("", "https://example.com/a.png")},
		"avatar=":                                               {},
	} {
		escaped := strings.NewReplacer("%", "%25", "+", "%2B", "[", "%5B", " ", "+", ";", "%3B").Replace(form)
		for _, c := range []struct{ contentType, query, body string }{
			{formType, "", form},
			{formType, "", escaped},
			{"Application/X-WWW-Form-Urlencoded; Charset=UTF-8", "", escaped},
			{"", escaped, ""},
			{jsonType, escaped, "{}"},
			{partType, "", asParts(form)},
		} {
			got, err := masto.DecodeUpdate(c.contentType, c.query, strings.NewReader(c.body), masto.Limits{})
			require.NoError(t, err, "%+v", c)
			require.Empty(t, cmp.Diff(want, got), "%+v", c)
		}
	}
	require.Equal(t, "iVBORw0KGgoAAA==", png)
}

func TestDecodeJSON(t *testing.T) {
	for body, want := range map[string]masto.Update{
		`{}`:   {},
		``:     {},
		" \n":  {},
		`null`: {},
		`{"display_name":"A\u0000\ud83d\ude00","note":""}`:                                   {DisplayName: masto.Some("A\x00😀"), Note: masto.Some("")},
		`{"display_name":null,"note":5,"avatar_description":1.50}`:                           {DisplayName: masto.Some(""), Note: masto.Some("5"), AvatarDescription: masto.Some("1.50")},
		`{"note":"a","note":"b","unknown":{"note":["c"]}}`:                                   {Note: masto.Some("b")},
		`{"fields_attributes":[{"name":"a","value":"1"},{"value":"2","name":"b","x":[]}]}`:   {Fields: rows("a", "1", "b", "2")},
		`{"fields_attributes":{"10":{"name":"a","value":"1"},"2":{"name":"b","value":"2"}}}`: {Fields: rows("a", "1", "b", "2")},
		`{"fields_attributes":{}}`:                                                           {Fields: rows()},
		`{"fields_attributes":[]}`:                                                           {Fields: rows()},
		`{"fields_attributes":null}`:                                                         {Fields: rows()},
		`{"fields_attributes":[{"name":"A"},{"name":5,"value":"v"},{"value":true,"name":"x"},null,{},{"name":null,"value":"v"},{"name":"","value":""}]}`: {Fields: rows("", "")},
		`{"fields_attributes":[{"name":"a","value":"v","name":5}]}`:                                                                                      {Fields: rows()},
		`{"attribution_domains":["b.io",null,"a.io"]}`:                                                                                                   {AttributionDomains: masto.Some([]string{"b.io", "a.io"})},
		`{"attribution_domains":[]}`:                                      {AttributionDomains: masto.Some[[]string](nil)},
		`{"attribution_domains":null}`:                                    {AttributionDomains: masto.Some[[]string](nil)},
		`{"attribution_domains":"a.io"}`:                                  {AttributionDomains: masto.Some([]string{"a.io"})},
		`{"attribution_domains":{"0":"b","1":"a"}}`:                       {AttributionDomains: masto.Some([]string{"b", "a"})},
		`{"locked":true,"bot":false,"indexable":1,"show_media":0}`:        {Locked: masto.Some(true), Bot: masto.Some(false), Indexable: masto.Some(true), ShowMedia: masto.Some(false)},
		`{"locked":"off","bot":"yes","discoverable":"","indexable":null}`: {Locked: masto.Some(false), Bot: masto.Some(true), Discoverable: masto.Some[*bool](nil)},
		`{"discoverable":null,"hide_collections":false}`:                  {Discoverable: masto.Some[*bool](nil), HideCollections: masto.Some(new(false))},
		`{"avatar":null,"header":""}`:                                     {Avatar: masto.Some[*masto.Upload](nil)},
		`{"avatar":"data:image\/png;base64,iVBORw0KGgoAAA=="}`:            {Avatar: upload("image/png", pngData)},
		`{"source":{"language":null,"privacy":null,"sensitive":false}}`:   {Posting: masto.PostingUpdate{Language: masto.Some[*string](nil), Privacy: masto.Some(""), Sensitive: masto.Some(false)}},
		`{"source":{"language":"","quote_policy":"followers","x":{}}}`:    {Posting: masto.PostingUpdate{Language: masto.Some(new("")), QuotePolicy: masto.Some("followers")}},
		`{"source":null}`: {},
		`{"source":[]}`:   {},
		"\n{\"source\" : { \"privacy\" : \"direct\" } , \"bot\" : \"t\" }\t": {Bot: masto.Some(true), Posting: masto.PostingUpdate{Privacy: masto.Some("direct")}},
	} {
		got, err := masto.DecodeUpdate("application/json; charset=utf-8", "", strings.NewReader(body), masto.Limits{})
		require.NoError(t, err, body)
		require.Empty(t, cmp.Diff(want, got), body)
		if strings.TrimSpace(body) != "" {
			var u masto.Update
			require.NoError(t, json.Unmarshal([]byte(body), &u), body)
			require.Empty(t, cmp.Diff(want, u), body)
		}
	}
}

func TestDecodeMultipartFiles(t *testing.T) {
	body := part(`name="avatar"; filename="C:\\fake \"a\".png"`, "Content-Type: image/png\r\n", pngData) +
		part(`name="header"`, "Content-Type: image/gif\r\n", gifData) + // no file name, but no text either
		part(`name="note"; filename="bio.txt"`, "Content-Type: text/plain; charset=utf-8\r\n", "from a file\r\n--X") +
		part(`name="source[privacy]"`, "Content-Type: text/plain\r\n", "unlisted") +
		part(`name="unknown"; filename="u"`, "Content-Type: text/plain; charset=latin1\r\n"[:0], "\xff\xfe") +
		lastBoundary
	got, err := masto.DecodeUpdate(partType, "", iotest.OneByteReader(strings.NewReader("preamble\r\n"+body+"epilogue")), masto.Limits{})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(masto.Update{
		Avatar:  masto.Some(&masto.Upload{Filename: `C:\fake "a".png`, ContentType: "image/png", Data: []byte(pngData)}),
		Header:  upload("image/gif", gifData),
		Note:    masto.Some("from a file\r\n--X"),
		Posting: masto.PostingUpdate{Privacy: masto.Some("unlisted")},
	}, got))

	nothing := part(`name="avatar"; filename=""`, "Content-Type: application/octet-stream\r\n", "") + part(`name="header"`, "", "") + lastBoundary
	got, err = masto.DecodeUpdate(partType, "", strings.NewReader(nothing), masto.Limits{})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(masto.Update{}, got))

	empty := part(`name="avatar"; filename="a.png"`, "", "") + lastBoundary
	got, err = masto.DecodeUpdate(partType, "", strings.NewReader(empty), masto.Limits{})
	require.NoError(t, err)
	require.Equal(t, []string{"avatar ERR_SPOOFED_MEDIA_TYPE", "avatar_content_type ERR_INVALID", "avatar ERR_IS INVALID"}, codes(findingsOf(t, masto.Limits{}, got, nil)))
}

func TestBodyWinsOverQuery(t *testing.T) {
	query := "note=query&bot=1&fields_attributes[0][name]=q&fields_attributes[0][value]=q&source[privacy]=direct&source[language]=de&attribution_domains[]=q.io"
	for contentType, body := range map[string]string{
		formType: "note=body&fields_attributes[0][name]=b&fields_attributes[0][value]=b&source[privacy]=public&attribution_domains[]=b.io",
		jsonType: `{"note":"body","fields_attributes":[{"name":"b","value":"b"}],"source":{"privacy":"public"},"attribution_domains":["b.io"]}`,
	} {
		got, err := masto.DecodeUpdate(contentType, query, strings.NewReader(body), masto.Limits{})
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(masto.Update{
			Note: masto.Some("body"), Bot: masto.Some(true), Fields: rows("b", "b"), AttributionDomains: masto.Some([]string{"b.io"}),
			Posting: masto.PostingUpdate{Privacy: masto.Some("public"), Language: masto.Some(new("de"))},
		}, got))
	}
}

func TestEmptyBodies(t *testing.T) {
	for _, contentType := range []string{"", formType, jsonType, partType, "text/plain", "garbage;;", "application/json; charset=latin1"} {
		for _, body := range []io.Reader{nil, strings.NewReader(""), iotest.DataErrReader(strings.NewReader(""))} {
			got, err := masto.DecodeUpdate(contentType, "bot=1", body, masto.Limits{})
			require.NoError(t, err, contentType)
			require.Equal(t, masto.Update{Bot: masto.Some(true)}, got)
		}
	}
}

func TestBadInput(t *testing.T) {
	many := strings.Repeat("x=1&", 5000)
	for _, c := range []struct {
		name, contentType, query, body string
		want                           error
		offset                         int64
	}{
		{"no type", "", "", "note=a", masto.ErrUnsupportedMedia, 0},
		{"another type", "text/plain", "", "note=a", masto.ErrUnsupportedMedia, 0},
		{"XML", "application/xml", "", "<note/>", masto.ErrUnsupportedMedia, 0},
		{"no media type", "//;;", "", "note=a", masto.ErrUnsupportedMedia, 0},
		{"charset", formType + "; charset=iso-8859-1", "", "note=a", masto.ErrUnsupportedMedia, 0},
		{"charset of JSON", jsonType + "; charset=utf-16", "", "{}", masto.ErrUnsupportedMedia, 0},
		{"charset of a part", partType, "", part(`name="note"`, "Content-Type: text/plain; charset=latin1\r\n", "x") + lastBoundary, masto.ErrUnsupportedMedia, -1},
		{"percent", formType, "", "bot=1&note=%zz", masto.ErrMalformed, 6},
		{"percent in a name", formType, "", "note%=1", masto.ErrMalformed, 0},
		{"percent in the query", "", "bot=1&note=%", "", masto.ErrMalformed, 6},
		{"UTF-8 in a form", formType, "", "bot=1&note=%ff", masto.ErrInvalidUTF8, 6},
		{"UTF-8 in a name", formType, "", "unknown%ff=1", masto.ErrInvalidUTF8, 0},
		{"UTF-8 in the query", "", "note=\xff", "", masto.ErrInvalidUTF8, 0},
		{"UTF-8 in JSON", jsonType, "", "{\"note\":\"\xff\"}", masto.ErrInvalidUTF8, 9},
		{"UTF-8 in a part", partType, "", part(`name="note"`, "", "\xff") + lastBoundary, masto.ErrInvalidUTF8, -1},
		{"cut JSON", jsonType, "", `{"note":`, masto.ErrMalformed, 8},
		{"two JSON values", jsonType, "", `{}{}`, masto.ErrMalformed, 3},
		{"a list", jsonType, "", `[]`, masto.ErrMalformed, 0},
		{"a text", jsonType, "", `"note"`, masto.ErrMalformed, 0},
		{"a form as JSON", jsonType, "", `note=a`, masto.ErrMalformed, 2},
		{"deep JSON", jsonType, "", `{"x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, masto.ErrMalformed, 10005},
		{"an object for a text", jsonType, "", `{"bot":1,"note":{}}`, masto.ErrMalformed, 16},
		{"a list for a text", jsonType, "", `{"note":["a"]}`, masto.ErrMalformed, 8},
		{"a text for rows", jsonType, "", `{"fields_attributes":"a"}`, masto.ErrMalformed, 21},
		{"a text for a row", jsonType, "", `{"fields_attributes":["a"]}`, masto.ErrMalformed, 22},
		{"a number for domains", jsonType, "", `{"attribution_domains":5}`, masto.ErrMalformed, 23},
		{"a list for a domain", jsonType, "", `{"attribution_domains":[[]]}`, masto.ErrMalformed, 24},
		{"a text for source", jsonType, "", `{"source":"a"}`, masto.ErrMalformed, 10},
		{"an object in source", jsonType, "", `{"source":{"privacy":{}}}`, masto.ErrMalformed, 21},
		{"brackets on a text", formType, "", "note[]=a", masto.ErrMalformed, 0},
		{"brackets on a Boolean", formType, "", "bot[x]=a", masto.ErrMalformed, 0},
		{"brackets on a picture", formType, "", "avatar[]=a", masto.ErrMalformed, 0},
		{"a text for rows in a form", formType, "", "fields_attributes=a", masto.ErrMalformed, 0},
		{"a text for a row in a form", formType, "", "fields_attributes[]=a", masto.ErrMalformed, 0},
		{"too deep rows", formType, "", "fields_attributes[0][name][]=a", masto.ErrMalformed, 0},
		{"too deep domains", formType, "", "attribution_domains[0][a]=a", masto.ErrMalformed, 0},
		{"two kinds of rows", formType, "", "fields_attributes[][name]=a&fields_attributes[0][name]=a", masto.ErrMalformed, 28},
		{"two kinds of rows, reversed", formType, "", "fields_attributes[0][name]=a&fields_attributes[][name]=a", masto.ErrMalformed, 29},
		{"data URI without a comma", formType, "", "avatar=data:image/png", masto.ErrMalformed, 0},
		{"data URI that is not base64", jsonType, "", `{"avatar":"data:;base64,a-b"}`, masto.ErrMalformed, 10},
		{"data URI with a bad percent", jsonType, "", `{"avatar":"data:,%"}`, masto.ErrMalformed, 10},
		{"no boundary", "multipart/form-data", "", "x", masto.ErrMalformed, 0},
		{"another boundary", "multipart/form-data; boundary=YY", "", asParts("note=a"), masto.ErrMalformed, -1},
		{"cut multipart", partType, "", strings.TrimSuffix(asParts("note=a"), lastBoundary), masto.ErrMalformed, -1},
		{"cut in a file", partType, "", part(`name="avatar"; filename="a"`, "", "abc")[:70], masto.ErrMalformed, -1},
		{"a part without a name", partType, "", "--XX\r\n\r\nx\r\n" + lastBoundary, masto.ErrMalformed, -1},
		{"a part of another disposition", partType, "", "--XX\r\nContent-Disposition: attachment; name=\"note\"\r\n\r\nx\r\n" + lastBoundary, masto.ErrMalformed, -1},
		{"too many in the query", "", many, "", masto.ErrTooManyParts, 1112 * 4},
		{"too many in a form", formType, "", many, masto.ErrTooManyParts, 1112 * 4},
		{"too many parts", partType, "", strings.Repeat(part(`name="x"`, "", ""), 1113) + lastBoundary, masto.ErrTooManyParts, -1},
		{"too many files", partType, "", strings.Repeat(part(`name="avatar"; filename=""`, "", ""), 1113) + lastBoundary, masto.ErrTooManyParts, -1},
		{"too many members", jsonType, "", "{" + strings.Repeat(`"x":1,`, 5000) + `"y":1}`, masto.ErrTooManyParts, 6676},
		{"too many domains", jsonType, "", `{"attribution_domains":[` + strings.Repeat(`null,`, 5000) + `null]}`, masto.ErrTooManyParts, 5578},
		{"too much text", formType, "", "note=" + strings.Repeat("a", 1<<20+1), masto.ErrTooLarge, 0},
		{"too much text in JSON", jsonType, "", `{"fields_attributes":[{"name":"` + strings.Repeat("a", 1<<20+1) + `"}]}`, masto.ErrTooLarge, 30},
		{"too much text in a part", partType, "", asParts("note=" + strings.Repeat("a", 1<<20+1)), masto.ErrTooLarge, -1},
		{"too much text in all", partType, "", asParts("note=" + strings.Repeat("a", 1<<19) + "&display_name=" + strings.Repeat("a", 1<<19+1)), masto.ErrTooLarge, -1},
		{"too large a form", formType, "", strings.Repeat("a", 25<<20+1), masto.ErrTooLarge, 25 << 20},
		{"too large JSON", jsonType, "", strings.Repeat(" ", 25<<20+1), masto.ErrTooLarge, 25 << 20},
		{"too large multipart", partType, "", part(`name="avatar"; filename="a"`, "", strings.Repeat("a", 25<<20)), masto.ErrTooLarge, 25 << 20},
		{"too large preamble", partType, "", strings.Repeat("\n", 25<<20+1), masto.ErrTooLarge, 25 << 20},
		{"too large head of a part", partType, "", "--XX\r\nX: " + strings.Repeat("a", 11<<20) + "\r\n\r\n\r\n" + lastBoundary, masto.ErrTooLarge, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := masto.DecodeUpdate(c.contentType, c.query, strings.NewReader(c.body), masto.Limits{})
			require.ErrorIs(t, err, c.want)
			for _, other := range []error{masto.ErrMalformed, masto.ErrInvalidUTF8, masto.ErrTooLarge, masto.ErrTooManyParts, masto.ErrUnsupportedMedia} {
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
		_, err = masto.DecodeUpdate(contentType, "", io.MultiReader(strings.NewReader(asParts("note=a")[:60]), iotest.ErrReader(broken)), masto.Limits{})
		require.Error(t, err)
		if contentType != "text/plain" {
			require.ErrorIs(t, err, broken)
		}
	}
}

func TestTooLargePicturesAreFindings(t *testing.T) {
	l := masto.Limits{ImageBytes: 10_000}
	u := masto.Update{Avatar: upload("image/png", pngData+strings.Repeat("a", 11_000)), Header: upload("image/gif", gifData)}
	for contentType, body := range encodings(t, u) {
		got, err := masto.DecodeUpdate(contentType, "", body, l)
		require.NoError(t, err)
		require.Equal(t, []string{"avatar ERR_LESS_THAN", "avatar_file_size ERR_LESS_THAN"}, codes(findingsOf(t, l, got, nil)))
	}
}

// Anything but linear time would be noticed: these would take minutes.
func TestDecodeHugeBodies(t *testing.T) {
	l := masto.Limits{Fields: -1, AttributionDomains: -1} // so that nothing ends early
	for contentType, body := range map[string]string{
		formType:          "a" + strings.Repeat("[", 1<<20) + "=1&" + strings.Repeat("fields_attributes[0]"+strings.Repeat("[x]", 100)+"=&", 1),
		formType + ";a=1": strings.Repeat("fields_attributes[][a]=1&", 20_000) + strings.Repeat("attribution_domains[]=a&", 20_000),
		formType + ";a=2": strings.Repeat("a=1&", 1<<17),
		jsonType:          `{"fields_attributes":[` + strings.Repeat(`{"x":[{}]},`, 1<<15) + `{}]}`,
		jsonType + ";a=1": `{"attribution_domains":[` + strings.Repeat(`"a",`, 1<<17) + `"a"]}`,
		jsonType + ";a=2": `{` + strings.Repeat(`"x":{"y":[1,2]},`, 1<<15) + `"note":"x"}`,
		partType:          strings.Repeat(part(`name="x"`, "", "--X\r\n--"), 20_000) + lastBoundary,
		partType + ";a=1": part(`name="avatar"; filename="a"`, "", strings.Repeat("\r\n--X", 1<<18)) + lastBoundary,
	} {
		_, err := masto.DecodeUpdate(contentType, "", strings.NewReader(body), l)
		if err != nil {
			require.ErrorIs(t, err, masto.ErrMalformed, contentType)
		}
	}
}

// encodings returns u in every encoding, by content type.
func encodings(tb testing.TB, u masto.Update) map[string]io.Reader {
	tb.Helper()
	inJSON, err := u.MarshalJSON()
	require.NoError(tb, err)
	form, err := u.EncodeForm()
	require.NoError(tb, err)
	parts, err := u.EncodeMultipart()
	require.NoError(tb, err)
	return map[string]io.Reader{jsonType: bytes.NewReader(inJSON), formType: strings.NewReader(form), parts.ContentType: parts.NewReader()}
}

// updateSeeds are bodies in JSON for fuzzing.
func updateSeeds(tb testing.TB) [][]byte {
	tb.Helper()
	seeds := [][]byte{
		[]byte(`{"display_name":"A","note":"b","locked":true,"discoverable":null,"avatar":"data:image/png;base64,iVBORw0KGgo="}`),
		[]byte(`{"header":null,"source":{"privacy":"public","language":"de","sensitive":false,"quote_policy":"nobody"}}`),
	}
	for _, v := range readVectors(tb, "testdata/vectors/fields_update.jsonl") {
		attributes := decode[struct{ Attributes json.RawMessage }](v.In).Attributes
		seeds = append(seeds, []byte(`{"fields_attributes":`+string(attributes)+`}`))
	}
	for _, v := range readVectors(tb, "testdata/vectors/attribution_domains.jsonl") {
		seeds = append(seeds, []byte(`{"attribution_domains":`+string(v.In)+`}`))
	}
	return seeds
}

// fuzzDecode decodes data and, where that works, checks that what comes out survives every encoding that can say it.
func fuzzDecode(t *testing.T, contentType, query string, data []byte) {
	u, err := masto.DecodeUpdate(contentType, query, bytes.NewReader(data), masto.Limits{ImageBytes: 1 << 20})
	if err != nil {
		_, ok := errors.AsType[*masto.DecodeError](err)
		require.True(t, ok, "%T", err)
		require.Equal(t, masto.Update{}, u)
		return
	}
	checkRoundTrip(t, u)
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range updateSeeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzDecode(t, jsonType, "", data) })
}

func FuzzDecodeForm(f *testing.F) {
	f.Add("note=a&fields_attributes[0][name]=%41&fields_attributes[0][value]=b&bot=0", "attribution_domains[]=a.io&attribution_domains[]=&source[language]=")
	f.Add("fields_attributes[][name]=a&fields_attributes[][value]=b&fields_attributes[][name]=c", "avatar=data:image/png;base64,iVBORw0KGgo%3D&header=data:,x")
	f.Fuzz(func(t *testing.T, query, body string) { fuzzDecode(t, formType, query, []byte(body)) })
}

func FuzzDecodeMultipart(f *testing.F) {
	f.Add([]byte(asParts("note=a&bot=1&fields_attributes[0][name]=a&fields_attributes[0][value]=b&attribution_domains[]=")))
	f.Add([]byte(part(`name="avatar"; filename="a.png"`, "Content-Type: image/png\r\n", pngData) + lastBoundary))
	f.Add([]byte(part(`name="header"; filename*=utf-8''%e2%82%ac`, "", gifData) + part(`name="note"`, "Content-Transfer-Encoding: quoted-printable\r\n", "=C3=A9") + lastBoundary))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzDecode(t, partType, "", data) })
}

func TestDecodeErrorText(t *testing.T) {
	_, err := masto.DecodeUpdate(formType, "", strings.NewReader("bot=1&note=%zz"), masto.Limits{})
	require.EqualError(t, err, `masto: malformed form: invalid URL escape "%zz" at byte 6`)
	require.EqualError(t, &masto.DecodeError{Offset: -1, Err: fmt.Errorf("%w", masto.ErrTooLarge)}, "masto: too large")
}
