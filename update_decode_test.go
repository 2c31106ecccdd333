package masto_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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
		"unknown=1&status[media][]=2&[x]=3&display_name[=4&source[x]=5&source[x][y]=6&account[note]=7&notes=8&source[privacy": {},
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
		"fields_attributes[]=":                              {Fields: rows()},
		"fields_attributes[0]=":                             {Fields: rows()},
		"attribution_domains[]=":                            {AttributionDomains: masto.Some[[]string](nil)},
		"attribution_domains[]=b&attribution_domains[]=a":   {AttributionDomains: masto.Some([]string{"b", "a"})},
		"attribution_domains[1]=b&attribution_domains[0]=a": {AttributionDomains: masto.Some([]string{"b", "a"})},
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
		`{"fields_attributes":[{"name":"A"},{"name":5,"value":"v"},{"value":true,"name":"x"},null,{},{"name":null,"value":"v"},{"name":"","value":""}]}`: {Fields: rows("", "")},
		`{"fields_attributes":[{"name":"a","value":"v","name":5}]}`:                                                                                      {Fields: rows()},
		`{"attribution_domains":["b.io",null,"a.io"]}`:                                                                                                   {AttributionDomains: masto.Some([]string{"b.io", "a.io"})},
		`{"attribution_domains":[]}`:                                      {AttributionDomains: masto.Some[[]string](nil)},
		`{"attribution_domains":[5,true,""]}`:                             {AttributionDomains: masto.Some([]string{"5", "true"})},
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

// A list that is null, or a bare "", is no list: it sets nothing, and is no
// mistake either.
func TestNoListSetsNothing(t *testing.T) {
	for _, c := range []struct{ name, contentType, body string }{
		{"null rows", jsonType, `{"note":"x","fields_attributes":null}`},
		{"blank rows in JSON", jsonType, `{"note":"x","fields_attributes":""}`},
		{"null domains", jsonType, `{"attribution_domains":null,"note":"x"}`},
		{"blank domains in JSON", jsonType, `{"attribution_domains":"","note":"x"}`},
		{"null source", jsonType, `{"source":null,"note":"x"}`},
		{"blank source in JSON", jsonType, `{"source":"","note":"x"}`},
		{"a list without elements for source", jsonType, `{"source":[ ],"note":"x"}`},
		{"rows", formType, "fields_attributes=&note=x"},
		{"domains", formType, "attribution_domains=&note=x"},
		{"source", formType, "source=&source[]=&note=x"},
		{"rows in a part", partType, asParts("fields_attributes=&note=x")},
		{"domains in a part", partType, asParts("attribution_domains=&note=x")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := masto.DecodeUpdate(c.contentType, "", strings.NewReader(c.body), masto.Limits{})
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(masto.Update{Note: masto.Some("x")}, got))
		})
	}
}

// What has a shape that the parameter cannot have is left out, and the rest is
// taken.
func TestWrongShapesAreDropped(t *testing.T) {
	note := masto.Some("x")
	for _, c := range []struct {
		name       string
		json, form string // one, or both to the same effect
		want       masto.Update
	}{
		{
			name: "an object for a text",
			json: `{"display_name":{},"note":"x"}`,
			form: "display_name[a]=1&note=x",
			want: masto.Update{Note: note, Dropped: []string{"display_name"}},
		},
		{
			name: "a list for a text",
			json: `{"note":"x","display_name":["a"]}`,
			form: "note=x&display_name[]=a",
			want: masto.Update{Note: note, Dropped: []string{"display_name"}},
		},
		{
			name: "the other way round too",
			json: `{"display_name":"A","display_name":[]}`,
			form: "display_name[]=a&display_name=A",
			want: masto.Update{DisplayName: masto.Some("A"), Dropped: []string{"display_name"}},
		},
		{
			name: "a list for Booleans",
			json: `{"locked":[true],"discoverable":{"a":1},"note":"x","locked":[]}`,
			form: "locked[]=1&discoverable[a]=1&note=x&locked[]=",
			want: masto.Update{Note: note, Dropped: []string{"locked", "discoverable"}},
		},
		{
			name: "no picture",
			json: `{"avatar":{},"header":[],"note":"x"}`,
			form: "avatar[x]=1&header[]=2&note=x",
			want: masto.Update{Note: note, Dropped: []string{"avatar", "header"}},
		},
		{
			name: "a text for rows",
			json: `{"fields_attributes":"a","note":"x"}`,
			form: "fields_attributes=a&note=x",
			want: masto.Update{Note: note, Dropped: []string{"fields_attributes"}},
		},
		{
			name: "no row of the right shape",
			json: `{"fields_attributes":["a",5,["b"]],"note":"x"}`,
			form: "fields_attributes[]=a&fields_attributes[]=b&note=x",
			want: masto.Update{Note: note, Dropped: []string{"fields_attributes"}},
		},
		{
			name: "a row in place of rows",
			json: `{"fields_attributes":{"name":"a","value":"b"},"note":"x"}`,
			form: "fields_attributes[name]=a&fields_attributes[value]=b&note=x",
			want: masto.Update{Note: note, Dropped: []string{"fields_attributes"}},
		},
		{
			name: "rows of texts and rows of lists",
			json: `{"fields_attributes":["z",{"name":["a"],"value":"1"},{"name":"b","value":"2"},{"value":{},"name":"c"}],"note":"x"}`,
			want: masto.Update{Note: note, Fields: rows("b", "2"), Dropped: []string{"fields_attributes"}},
		},
		{
			name: "the same in a form",
			form: "note=x&fields_attributes[9]=z&fields_attributes[0][name][]=a&fields_attributes[0][value]=1" +
				"&fields_attributes[1][name]=b&fields_attributes[1][value]=2",
			want: masto.Update{Note: note, Fields: rows("b", "2"), Dropped: []string{"fields_attributes"}},
		},
		{
			name: "a row whose texts are lists",
			json: `{"fields_attributes":[{"name":["a"],"value":"1"}],"note":"x"}`,
			form: "fields_attributes[0][name][]=a&fields_attributes[0][value]=1&note=x",
			want: masto.Update{Note: note, Dropped: []string{"fields_attributes"}},
		},
		{
			name: "unknown members of a row may be anything",
			json: `{"fields_attributes":[{"name":"a","value":"1","x":[{}]}]}`,
			form: "fields_attributes[0][name]=a&fields_attributes[0][value]=1&fields_attributes[0][x][]=2",
			want: masto.Update{Fields: rows("a", "1")},
		},
		{
			name: "a text for domains",
			json: `{"attribution_domains":"a.io","note":"x"}`,
			form: "attribution_domains=a.io&note=x",
			want: masto.Update{Note: note, Dropped: []string{"attribution_domains"}},
		},
		{
			name: "some of the domains",
			json: `{"attribution_domains":[["a.io"],"b.io",{}],"note":"x"}`,
			form: "attribution_domains[0][]=a.io&attribution_domains[]=b.io&attribution_domains[2][a]=c.io&note=x",
			want: masto.Update{
				Note:               note,
				AttributionDomains: masto.Some([]string{"b.io"}),
				Dropped:            []string{"attribution_domains"},
			},
		},
		{
			name: "none of the domains",
			json: `{"attribution_domains":[["a.io"]],"note":"x"}`,
			form: "attribution_domains[0][]=a.io&note=x",
			want: masto.Update{Note: note, Dropped: []string{"attribution_domains"}},
		},
		{
			name: "a text for source",
			json: `{"source":"a","note":"x"}`,
			form: "source=a&note=x",
			want: masto.Update{Note: note, Dropped: []string{"source"}},
		},
		{
			name: "a list for source",
			json: `{"source":["a"],"note":"x"}`,
			form: "source[]=a&note=x",
			want: masto.Update{Note: note, Dropped: []string{"source"}},
		},
		{
			name: "a list in source",
			json: `{"source":{"privacy":["public"],"language":"de","x":{}},"note":"x"}`,
			form: "source[privacy][]=public&source[language]=de&source[x][y]=&note=x",
			want: masto.Update{
				Note:    note,
				Posting: masto.PostingUpdate{Language: masto.Some(new("de"))},
				Dropped: []string{"source[privacy]"},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := func(contentType, query, body string) {
				t.Helper()
				got, err := masto.DecodeUpdate(contentType, query, strings.NewReader(body), masto.Limits{})
				require.NoError(t, err)
				require.Empty(t, cmp.Diff(c.want, got), contentType)
			}
			if c.json != "" {
				check(jsonType, "", c.json)
			}
			if c.form != "" {
				check(formType, "", c.form)
				check(jsonType, c.form, "{}")
				check(partType, "", asParts(c.form))
			}
		})
	}
}

// What was dropped is not sent, applied or compared.
func TestDroppedIsOnlyTold(t *testing.T) {
	u, err := masto.DecodeUpdate(formType, "locked[]=1&avatar[]=2", strings.NewReader("header[]=3&avatar[]=4"), masto.Limits{})
	require.NoError(t, err)
	require.Equal(t, masto.Update{Dropped: []string{"locked", "avatar", "header"}}, u, "in order of arrival, each once")
	require.True(t, u.IsZero())
	require.Nil(t, u.Parameters())
	require.Equal(t, masto.Update{}, u.Normalized())
	require.Equal(t, "{}", string(encode(u)))
	form, err := u.EncodeForm()
	require.NoError(t, err)
	require.Empty(t, form)
	require.NoError(t, masto.Limits{}.Validate(u, nil))
	require.Zero(t, (&masto.Record{}).Apply(u, masto.Pictures{}))
}

// A picture under a name that it cannot have is not even read.
func TestDroppedFile(t *testing.T) {
	body := part(`name="avatar[]"; filename="a.png"`, "Content-Type: image/png\r\n", pngData+strings.Repeat("\xff", 2<<20)) +
		part(`name="note"`, "", "x") + lastBoundary
	got, err := masto.DecodeUpdate(partType, "", strings.NewReader(body), masto.Limits{})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(masto.Update{Note: masto.Some("x"), Dropped: []string{"avatar"}}, got))
}

func TestUnquotedBoundaries(t *testing.T) {
	for _, boundary := range []string{
		"===1616056691487===", "----=_Part_0_1", "----=_Part_0_1.2", "a/b", "a:b", "a?b", "(a)", "a,b", "===============7330845974216740156==", "'()+_,-./:=?",
	} {
		t.Run(boundary, func(t *testing.T) {
			body := strings.ReplaceAll(part(`name="note"`, "", "x")+part(`name="avatar"; filename="a"`, "", pngData)+lastBoundary, "--XX", "--"+boundary)
			for _, contentType := range []string{
				"multipart/form-data; boundary=" + boundary,
				"Multipart/Form-Data;charset=UTF-8; Boundary=" + boundary + " ; a=b",
				`multipart/form-data; boundary="` + boundary + `"`,
			} {
				got, err := masto.DecodeUpdate(contentType, "", strings.NewReader(body), masto.Limits{})
				require.NoError(t, err, contentType)
				require.Equal(t, masto.Some("x"), got.Note)
				require.Equal(t, []byte(pngData), got.Avatar.Value.Data)
			}
		})
	}
}

func TestCharsets(t *testing.T) {
	text := func(charset, value string) string {
		return part(`name="note"`, "Content-Type: text/plain; charset="+charset+"\r\n", value) + lastBoundary
	}
	for _, c := range []struct{ name, contentType, body, want string }{
		{"ISO-8859-1", partType, text("ISO-8859-1", "M\xfcller"), "Müller"},
		{"ISO-8859-1 that is windows-1252", partType, text("iso-8859-1", "\x93M\xfcller\x94"), "“Müller”"},
		{"windows-1252", partType, text(`"Windows-1252"`, "5 \x80"), "5 €"},
		{"ASCII in any", partType, text("Shift_JIS", "plain\r\ntext"), "plain\r\ntext"},
		{"ASCII in none that is known", partType, text("x=y", "plain"), "plain"},
		{"empty", partType, text("Shift_JIS", ""), ""},
		{"a form of parts in it", partType + "; charset=ISO-8859-1", part(`name="note"`, "", "M\xfcller") + lastBoundary, "Müller"},
		{"a part in UTF-8 nevertheless", partType + "; charset=ISO-8859-1", text("utf-8", "Müller"), "Müller"},
		{"an urlencoded form", formType + "; charset=ISO-8859-1", "note=M%FCller", "Müller"},
		{"an urlencoded form in ASCII", formType + "; charset=Shift_JIS", "note=plain", "plain"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := masto.DecodeUpdate(c.contentType, "", strings.NewReader(c.body), masto.Limits{})
			require.NoError(t, err)
			require.Equal(t, masto.Update{Note: masto.Some(c.want)}, got)
		})
	}
}

// A name or file name without quotes is taken like one with them.
func TestUnquotedPartNames(t *testing.T) {
	body := part("name=fields_attributes[0][name]", "", "a") + part("name=fields_attributes[0][value]", "", "b") +
		part(`name=avatar; filename=my picture (1).png`, "Content-Type: image/png\r\n", pngData) + lastBoundary
	got, err := masto.DecodeUpdate(partType, "", strings.NewReader(body), masto.Limits{})
	require.NoError(t, err)
	require.Equal(t, rows("a", "b"), got.Fields)
	require.Equal(t, "my picture (1).png", got.Avatar.Value.Filename)
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
		{"charset of JSON", jsonType + "; charset=utf-16", "", "{}", masto.ErrUnsupportedMedia, 0},
		{"charset of a form", formType + "; charset=shift_jis", "", "bot=1&note=%83e", masto.ErrUnsupportedMedia, 6},
		{"charset of a part", partType, "", part(`name="note"`, "Content-Type: text/plain; charset=shift_jis\r\n", "\x83e") + lastBoundary, masto.ErrUnsupportedMedia, -1},
		{"a part in UTF-16", partType, "", part(`name="note"`, "Content-Type: text/plain; charset=utf-16\r\n", "a\x00") + lastBoundary, masto.ErrUnsupportedMedia, -1},
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
		{"too many in the query", "", many, "", masto.ErrTooManyParams, 1112 * 4},
		{"too many in a form", formType, "", many, masto.ErrTooManyParams, 1112 * 4},
		{"too many parts", partType, "", strings.Repeat(part(`name="x"`, "", ""), 1113) + lastBoundary, masto.ErrTooManyParams, -1},
		{"too many files", partType, "", strings.Repeat(part(`name="avatar"; filename=""`, "", ""), 1113) + lastBoundary, masto.ErrTooManyParams, -1},
		{"too many members", jsonType, "", "{" + strings.Repeat(`"x":1,`, 5000) + `"y":1}`, masto.ErrTooManyParams, 6677},
		{"too many domains", jsonType, "", `{"attribution_domains":[` + strings.Repeat(`null,`, 5000) + `null]}`, masto.ErrTooManyParams, 5579},
		{"too much text", formType, "", "note=" + strings.Repeat("a", 1<<20+1), masto.ErrTooLarge, 0},
		{"too much text in JSON", jsonType, "", `{"fields_attributes":[{"name":"` + strings.Repeat("a", 1<<20+1) + `"}]}`, masto.ErrTooLarge, 30},
		{"too much text in a part", partType, "", asParts("note=" + strings.Repeat("a", 1<<20+1)), masto.ErrTooLarge, -1},
		{"too much text in all", partType, "", asParts("note=" + strings.Repeat("a", 1<<19) + "&display_name=" + strings.Repeat("a", 1<<19+1)), masto.ErrTooLarge, -1},
		{"too large a form", formType, "", strings.Repeat("a", 25<<20+1), masto.ErrTooLarge, 25 << 20},
		{"too large JSON", jsonType, "", strings.Repeat(" ", 25<<20+1), masto.ErrTooLarge, 25 << 20},
		{"too large multipart", partType, "", part(`name="avatar"; filename="a"`, "", strings.Repeat("a", 25<<20)), masto.ErrTooLarge, 25 << 20},
		{"too large preamble", partType, "", strings.Repeat("\n", 25<<20+1), masto.ErrTooLarge, 25 << 20},
		{"too large heads of parts", partType, "", strings.Repeat(part(`name="x"`, "X: "+strings.Repeat("a", 1<<19)+"\r\n", ""), 2) + lastBoundary, masto.ErrTooLarge, -1},
		{"too large head of a part", partType, "", "--XX\r\nX: " + strings.Repeat("a", 11<<20) + "\r\n\r\n\r\n" + lastBoundary, masto.ErrTooLarge, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := masto.DecodeUpdate(c.contentType, c.query, strings.NewReader(c.body), masto.Limits{})
			require.ErrorIs(t, err, c.want)
			for _, other := range []error{masto.ErrMalformed, masto.ErrInvalidUTF8, masto.ErrTooLarge, masto.ErrTooManyParams, masto.ErrUnsupportedMedia} {
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

func TestMemoryOfJSON(t *testing.T) {
	list := func(open, element, end string) string {
		return open + strings.Repeat(element+",", 1<<20/len(element)) + element + end
	}
	for _, c := range []struct{ name, body string }{
		{"empty rows", list(`{"fields_attributes":[`, `{}`, `]}`)},
		{"blank rows", list(`{"fields_attributes":[`, `{"name":"","value":""}`, `]}`)},
		{"rows", list(`{"fields_attributes":[`, `{"name":"aa","value":"bb"}`, `]}`)},
		{"rows of an object", list(`{"fields_attributes":{`, `"":{"name":"","value":""}`, `}}`)},
		{"no rows", list(`{"fields_attributes":[`, `1`, `]}`)},
		{"nulls", list(`{"fields_attributes":[`, `null`, `]}`)},
		{"a deep row", `{"fields_attributes":[` + list(`{"x":[`, `[]`, `]}`) + `]}`},
		{"domains", list(`{"attribution_domains":[`, `1`, `]}`)},
		{"longer domains", list(`{"attribution_domains":[`, `"aa"`, `]}`)},
		{"domains of an object", list(`{"attribution_domains":{`, `"":1`, `}}`)},
		{"no domains", list(`{"attribution_domains":[`, `[]`, `]}`)},
		{"the same text", list(`{`, `"note":""`, `}`)},
		{"the same rows", list(`{`, `"fields_attributes":[{}]`, `}`)},
		{"the same domains", list(`{`, `"attribution_domains":[1]`, `}`)},
		{"the same picture", list(`{`, `"avatar":1`, `}`)},
		{"a picture", `{"avatar":"data:;base64,` + strings.Repeat("AAAA", 1<<18) + `"}`},
		{"a text picture", `{"avatar":"data:,` + strings.Repeat("%41", 1<<18) + `"}`},
		{"unknown members", list(`{`, `"":0`, `}`)},
		{"members of source", list(`{"source":{`, `"":0`, `}}`)},
		{"source", list(`{`, `"source":[]`, `}`)},
		{"wrong shapes", list(`{`, `"bot":[]`, `}`)},
		{"a text", `{"note":"` + strings.Repeat("a", 1<<20) + `"}`},
		{"escapes", `{"note":"` + strings.Repeat(`\u00e9`, 1<<17) + `"}`},
		{"depth", `{"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`},
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
	for _, c := range []struct{ name, contentType, body string }{
		{"JSON", jsonType, `{"avatar":"data:;base64,` + picture + `","header":"data:;base64,` + picture + `"}`},
		{"JSON with escapes", jsonType, `{"avatar":"data:\/,` + picture + picture + `%41"}`},
		{"unknown JSON", jsonType, `{"x":"` + picture + picture + `"}`},
		{"malformed JSON", jsonType, `{"x":"` + picture + picture},
		{"a form", formType, "avatar=data:;base64," + picture + "&header=data:;base64," + picture},
		{"a form with escapes", formType, "avatar=data:,%41" + picture + "%2541"},
		{"multipart", partType, part(`name="avatar"; filename="a"`, "", picture) + part(`name="header"`, "", picture) + lastBoundary},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := struct{ io.Reader }{strings.NewReader(c.body)}
			n := allocated(func() { _, _ = masto.DecodeUpdate(c.contentType, "", body, l) })
			t.Logf("%.1f times %d bytes", float64(n)/float64(len(c.body)), len(c.body))
			require.LessOrEqual(t, n, uint64(7*len(c.body)))
		})
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
		[]byte(`{"note":[],"fields_attributes":["a",{"name":[],"value":"b"},{"name":"c","value":"d"}],"attribution_domains":[[],"a.io",1]}`),
		[]byte(`{"fields_attributes":null,"attribution_domains":"","source":[1],"avatar":{},"bot":{"a":[]}}`),
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
	names := slices.Sorted(slices.Values(u.Dropped))
	require.Len(t, slices.Compact(names), len(u.Dropped), "each is named once")
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
	f.Add("note[]=a&fields_attributes=x&attribution_domains[0][1]=a", "source[]=b&source[privacy][x]=c&fields_attributes[0]=a&bot[]=1")
	f.Add("fields_attributes[][name]=a&fields_attributes[][value]=b&fields_attributes[][name]=c", "avatar=data:image/png;base64,iVBORw0KGgo%3D&header=data:,x")
	f.Fuzz(func(t *testing.T, query, body string) { fuzzDecode(t, formType, query, []byte(body)) })
}

func FuzzDecodeMultipart(f *testing.F) {
	for _, body := range []string{
		asParts("note=a&bot=1&fields_attributes[0][name]=a&fields_attributes[0][value]=b&attribution_domains[]="),
		asParts("note[]=a&fields_attributes[0][name][]=a&fields_attributes[1]=&attribution_domains[][a]=b&source=x&avatar[]=y"),
		part(`name="avatar"; filename="a.png"`, "Content-Type: image/png\r\n", pngData) + lastBoundary,
		part(`name="header"; filename*=utf-8''%e2%82%ac`, "", gifData) +
			part(`name="note"`, "Content-Transfer-Encoding: quoted-printable\r\n", "=C3=A9") + lastBoundary,
		part("name=note; filename=a/b", "Content-Type: text/plain; charset=iso-8859-1\r\n", "M\xfcller") + lastBoundary,
	} {
		f.Add(partType, []byte(body))
	}
	f.Add("multipart/form-data; boundary====1; charset=latin1", []byte("--==1\r\nContent-Disposition: form-data; name=note\r\n\r\n\xe9\r\n--==1--\r\n"))
	f.Fuzz(func(t *testing.T, contentType string, data []byte) { fuzzDecode(t, contentType, "", data) })
}

func TestDecodeErrorText(t *testing.T) {
	for _, c := range []struct{ name, contentType, query, body, want string }{
		{"form", formType, "", "bot=1&note=%zz", `malformed form: invalid URL escape "%zz" at byte 6`},
		{"query", "", "bot=1&note=%zz", "", `malformed form: invalid URL escape "%zz" in the query at byte 6`},
		{"JSON", jsonType, "", `{"note":}`, `malformed JSON: invalid character '}' looking for beginning of value at byte 9`},
		{"no object", jsonType, "", `["note"]`, `malformed JSON: not an object at byte 0`},
		{"picture", jsonType, "", `{"avatar":"data:"}`, `malformed data URI: no comma at byte 10`},
		{"part", partType, "", part(`name="note"`, "", "x") + part(`name="bot"`, "", "\xff") + lastBoundary, `invalid UTF-8 in part 2`},
		{"parts", partType, "", part(`name="note"`, "", "x"), `malformed multipart: unexpected EOF in part 1`},
		{
			"charset", partType, "",
			part(`name="note"`, "Content-Type: text/plain; charset=\"é\\\""+strings.Repeat("y", 1000)+"\"\r\n", "\xff") + lastBoundary,
			`unsupported media type: charset "é\"` + strings.Repeat("y", 97) + `…" in part 1`,
		},
		{
			"head", partType, "", part(`name="note"`, "X"+strings.Repeat("y", 1000)+"\r\n", "") + lastBoundary,
			`malformed multipart: malformed MIME header: missing colon: "X` + strings.Repeat("y", 60) + `… in part 1`,
		},
		{"content type", strings.Repeat("x", 1000), "", "a", `unsupported media type: "` + strings.Repeat("x", 100) + `…" at byte 0`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := masto.DecodeUpdate(c.contentType, c.query, strings.NewReader(c.body), masto.Limits{})
			require.EqualError(t, err, "masto: "+c.want)
		})
	}
	require.EqualError(t, &masto.DecodeError{Offset: -1, Err: fmt.Errorf("%w", masto.ErrTooLarge)}, "masto: too large")
}
