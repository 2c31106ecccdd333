package masto_test

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// part returns a part of a multipart body: its disposition, which is form-data
// with parameters, its other headers, each with a line break, and its value.
func part(disposition, headers, value string) string {
	return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n" + headers + "\r\n" + value + "\r\n"
}

const lastBoundary = "--XX--\r\n"

// asParts turns a form whose pairs are not escaped into a multipart body.
func asParts(form string) string {
	var b strings.Builder
	for pair := range strings.SplitSeq(form, "&") {
		name, value, _ := strings.Cut(pair, "=")
		b.WriteString(part(`name="`+name+`"`, "", value))
	}
	return b.String() + lastBoundary
}

func TestDecodeForms(t *testing.T) {
	for _, c := range []struct {
		name string
		form string // pairs that are not escaped
		want masto.Update
	}{
		{
			name: "texts",
			form: "display_name=A&note=b",
			want: masto.Update{DisplayName: masto.Some("A"), Note: masto.Some("b")},
		},
		{
			name: "texts cleared",
			form: "display_name=&note=",
			want: masto.Update{DisplayName: masto.Some(""), Note: masto.Some("")},
		},
		{
			name: "descriptions",
			form: "avatar_description=a&header_description=",
			want: masto.Update{AvatarDescription: masto.Some("a"), HeaderDescription: masto.Some("")},
		},
		{
			name: "the last of two counts",
			form: "note=a&note=b",
			want: masto.Update{Note: masto.Some("b")},
		},
		{
			name: "unknown parameters",
			form: "unknown=1&status[media][]=2&[x]=3&display_name[=4&source[x]=5&source[x][y]=6" +
				"&account[note]=7&notes=8&source[privacy",
		},
		{
			name: "indices are labels, and the order is that of arrival",
			form: "fields_attributes[2][name]=two&fields_attributes[2][value]=2" +
				"&fields_attributes[10][name]=ten&fields_attributes[10][value]=10",
			want: masto.Update{Fields: rows("two", "2", "ten", "10")},
		},
		{
			name: "indices in reverse",
			form: "fields_attributes[10][name]=ten&fields_attributes[10][value]=10" +
				"&fields_attributes[2][name]=two&fields_attributes[2][value]=2",
			want: masto.Update{Fields: rows("ten", "10", "two", "2")},
		},
		{
			name: "rows that are mixed",
			form: "fields_attributes[0][name]=a&fields_attributes[1][name]=b" +
				"&fields_attributes[1][value]=2&fields_attributes[0][value]=1",
			want: masto.Update{Fields: rows("a", "1", "b", "2")},
		},
		{
			name: "a label that is no number",
			form: "fields_attributes[new][value]=1&fields_attributes[new][name]=a&fields_attributes[new][_destroy]=x",
			want: masto.Update{Fields: rows("a", "1")},
		},
		{
			name: "a key twice in a row with a label",
			form: "fields_attributes[0][name]=a&fields_attributes[0][name]=b&fields_attributes[0][value]=1",
			want: masto.Update{Fields: rows("b", "1")},
		},
		{
			name: "a repeated key begins the next row",
			form: "fields_attributes[][name]=a&fields_attributes[][value]=1" +
				"&fields_attributes[][name]=b&fields_attributes[][value]=2",
			want: masto.Update{Fields: rows("a", "1", "b", "2")},
		},
		{
			name: "a repeated key in another order",
			form: "fields_attributes[][value]=1&fields_attributes[][name]=a" +
				"&fields_attributes[][name]=b&fields_attributes[][value]=2",
			want: masto.Update{Fields: rows("a", "1", "b", "2")},
		},
		{
			name: "an unknown key that is repeated",
			form: "fields_attributes[][id]=7&fields_attributes[][name]=a" +
				"&fields_attributes[][id]=8&fields_attributes[][value]=2",
			want: masto.Update{Fields: rows()},
		},
		{
			name: "rows without a name or a value",
			form: "fields_attributes[0][name]=a&fields_attributes[1][value]=2" +
				"&fields_attributes[2][name]=&fields_attributes[2][value]=",
			want: masto.Update{Fields: rows("", "")},
		},
		{
			name: "fields cleared",
			form: "fields_attributes[]=",
			want: masto.Update{Fields: rows()},
		},
		{
			name: "fields cleared by an index",
			form: "fields_attributes[0]=",
			want: masto.Update{Fields: rows()},
		},
		{
			name: "domains",
			form: "attribution_domains[]=b&attribution_domains[]=a",
			want: masto.Update{AttributionDomains: masto.Some([]string{"b", "a"})},
		},
		{
			name: "domains with indices",
			form: "attribution_domains[1]=b&attribution_domains[0]=a",
			want: masto.Update{AttributionDomains: masto.Some([]string{"b", "a"})},
		},
		{
			name: "domains cleared",
			form: "attribution_domains[]=",
			want: masto.Update{AttributionDomains: masto.Some[[]string](nil)},
		},
		{
			name: "what is true",
			form: "locked=true&bot=1&indexable=t&show_media=on&show_media_replies=no&show_featured=False" +
				"&discoverable=T",
			want: masto.Update{
				Locked:           masto.Some(true),
				Bot:              masto.Some(true),
				Indexable:        masto.Some(true),
				ShowMedia:        masto.Some(true),
				ShowMediaReplies: masto.Some(true),
				ShowFeatured:     masto.Some(true),
				Discoverable:     masto.Some(new(true)),
			},
		},
		{
			name: "what is false",
			form: "locked=false&bot=0&indexable=f&show_media=off&show_media_replies=F&show_featured=FALSE" +
				"&discoverable=OFF&hide_collections=F",
			want: masto.Update{
				Locked:           masto.Some(false),
				Bot:              masto.Some(false),
				Indexable:        masto.Some(false),
				ShowMedia:        masto.Some(false),
				ShowMediaReplies: masto.Some(false),
				ShowFeatured:     masto.Some(false),
				Discoverable:     masto.Some(new(false)),
				HideCollections:  masto.Some(new(false)),
			},
		},
		{
			name: "OFF of a Boolean that cannot be null",
			form: "locked=OFF",
			want: masto.Update{Locked: masto.Some(false)},
		},
		{
			name: "null Booleans",
			form: "discoverable=&hide_collections=",
			want: masto.Update{Discoverable: masto.Some[*bool](nil), HideCollections: masto.Some[*bool](nil)},
		},
		{
			name: "no Booleans",
			form: "locked=&source[sensitive]=",
		},
		{
			name: "the defaults of posts",
			form: "source[privacy]=private&source[sensitive]=1&source[language]=de&source[quote_policy]=nobody",
			want: masto.Update{Posting: masto.PostingUpdate{
				Privacy:     masto.Some("private"),
				Sensitive:   masto.Some(true),
				Language:    masto.Some(new("de")),
				QuotePolicy: masto.Some("nobody"),
			}},
		},
		{
			name: "the defaults of posts cleared",
			form: "source[language]=&source[privacy]=",
			want: masto.Update{
				Posting: masto.PostingUpdate{Language: masto.Some(new("")), Privacy: masto.Some("")},
			},
		},
		{
			name: "a picture in base64",
			form: "avatar=data:image/png;base64,iVBORw0KGgoAAA==&header=",
			want: masto.Update{Avatar: upload("image/png", pngData)},
		},
		{
			name: "a picture without padding and type",
			form: "header=DATA:;base64,iVBORw0KGgoAAA",
			want: masto.Update{Header: upload("", pngData)},
		},
		{
			name: "a text in a data URI",
			form: "avatar=data:text/plain,hello there",
			want: masto.Update{Avatar: upload("text/plain", "hello there")},
		},
		{
			name: "an address in place of a picture",
			form: "avatar=https://example.com/a.png",
			want: masto.Update{Avatar: upload("", "https://example.com/a.png")},
		},
		{
			name: "no picture",
			form: "avatar=",
		},
	} {
		escaped := strings.NewReplacer("%", "%25", "+", "%2B", "[", "%5B", " ", "+", ";", "%3B").Replace(c.form)
		for _, sent := range []struct {
			as          string
			contentType string
			query       string
			body        string
		}{
			{
				as:          "form",
				contentType: formType,
				body:        c.form,
			},
			{
				as:          "escaped form",
				contentType: formType,
				body:        escaped,
			},
			{
				as:          "escaped form in UTF-8",
				contentType: "Application/X-WWW-Form-Urlencoded; Charset=UTF-8",
				body:        escaped,
			},
			{
				as:    "query",
				query: escaped,
			},
			{
				as:          "query beside JSON",
				contentType: jsonType,
				query:       escaped,
				body:        "{}",
			},
			{
				as:          "parts",
				contentType: partType,
				body:        asParts(c.form),
			},
		} {
			t.Run(c.name+"/"+sent.as, func(t *testing.T) {
				body := strings.NewReader(sent.body)
				got, err := masto.DecodeUpdate(sent.contentType, sent.query, body, masto.Limits{})
				require.NoError(t, err)
				require.Empty(t, cmp.Diff(c.want, got))
			})
		}
	}
}

// A picture under a name that is not its own is not even read.
func TestDroppedFile(t *testing.T) {
	tooMuchForText := pngData + strings.Repeat("\xff", 2<<20)
	body := part(`name="avatar[]"; filename="a.png"`, "Content-Type: image/png\r\n", tooMuchForText) +
		part(`name="note"`, "", "x") + lastBoundary
	got, err := masto.DecodeUpdate(partType, "", strings.NewReader(body), masto.Limits{})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(masto.Update{Note: masto.Some("x"), Dropped: []string{"avatar"}}, got))
}

func TestUnquotedBoundaries(t *testing.T) {
	for _, boundary := range []string{
		"===1616056691487===",
		"===============7330845974216740156==",
		"----=_Part_0_1",
		"----=_Part_0_1.2",
		"a/b",
		"a:b",
		"a?b",
		"(a)",
		"a,b",
		"'()+_,-./:=?",
	} {
		t.Run(boundary, func(t *testing.T) {
			body := part(`name="note"`, "", "x") + part(`name="avatar"; filename="a"`, "", pngData) + lastBoundary
			body = strings.ReplaceAll(body, "--XX", "--"+boundary)
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
	for _, c := range []struct {
		name        string
		contentType string
		body        string
		want        string
	}{
		{
			name:        "ISO-8859-1",
			contentType: partType,
			body:        text("ISO-8859-1", "M\xfcller"),
			want:        "Müller",
		},
		{
			name:        "ISO-8859-1 that is windows-1252",
			contentType: partType,
			body:        text("iso-8859-1", "\x93M\xfcller\x94"),
			want:        "“Müller”",
		},
		{
			name:        "windows-1252",
			contentType: partType,
			body:        text(`"Windows-1252"`, "5 \x80"),
			want:        "5 €",
		},
		{
			name:        "ASCII in any",
			contentType: partType,
			body:        text("Shift_JIS", "plain\r\ntext"),
			want:        "plain\r\ntext",
		},
		{
			name:        "ASCII in none that is known",
			contentType: partType,
			body:        text("x=y", "plain"),
			want:        "plain",
		},
		{
			name:        "empty",
			contentType: partType,
			body:        text("Shift_JIS", ""),
		},
		{
			name:        "a form of parts in it",
			contentType: partType + "; charset=ISO-8859-1",
			body:        part(`name="note"`, "", "M\xfcller") + lastBoundary,
			want:        "Müller",
		},
		{
			name:        "a part in UTF-8 nevertheless",
			contentType: partType + "; charset=ISO-8859-1",
			body:        text("utf-8", "Müller"),
			want:        "Müller",
		},
		{
			name:        "an urlencoded form",
			contentType: formType + "; charset=ISO-8859-1",
			body:        "note=M%FCller",
			want:        "Müller",
		},
		{
			name:        "an urlencoded form in ASCII",
			contentType: formType + "; charset=Shift_JIS",
			body:        "note=plain",
			want:        "plain",
		},
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
	for _, c := range []struct {
		name string
		body string
		want masto.Update
	}{
		{
			name: "a file",
			body: part(`name="avatar"; filename="C:\\fake \"a\".png"`, "Content-Type: image/png\r\n", pngData),
			want: masto.Update{Avatar: masto.Some(&masto.Upload{
				Filename:    `C:\fake "a".png`,
				ContentType: "image/png",
				Data:        []byte(pngData),
			})},
		},
		{
			name: "two files, the second one shorter",
			body: part(`name="avatar"; filename="a"`, "", pngData+pngData) +
				part(`name="header"; filename="b"`, "", gifData) +
				part(`name="note"`, "", "x"),
			want: masto.Update{
				Avatar: masto.Some(&masto.Upload{Filename: "a", Data: []byte(pngData + pngData)}),
				Header: masto.Some(&masto.Upload{Filename: "b", Data: []byte(gifData)}),
				Note:   masto.Some("x"),
			},
		},
		{
			name: "a picture without a file name, by its type",
			body: part(`name="header"`, "Content-Type: image/gif\r\n", gifData),
			want: masto.Update{Header: upload("image/gif", gifData)},
		},
		{
			name: "a text in a file",
			body: part(`name="note"; filename="bio.txt"`, "Content-Type: text/plain\r\n", "from a file\r\n--X"),
			want: masto.Update{Note: masto.Some("from a file\r\n--X")},
		},
		{
			name: "a text with a type",
			body: part(`name="source[privacy]"`, "Content-Type: text/plain\r\n", "unlisted"),
			want: masto.Update{Posting: masto.PostingUpdate{Privacy: masto.Some("unlisted")}},
		},
		{
			name: "an unknown file",
			body: part(`name="unknown"; filename="u"`, "", "\xff\xfe"),
		},
		{
			name: "a file input where nothing was chosen",
			body: part(`name="avatar"; filename=""`, "Content-Type: application/octet-stream\r\n", ""),
		},
		{
			name: "an empty text for a picture",
			body: part(`name="header"`, "", ""),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := strings.NewReader("preamble\r\n" + c.body + lastBoundary + "epilogue")
			got, err := masto.DecodeUpdate(partType, "", iotest.OneByteReader(body), masto.Limits{})
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(c.want, got))
		})
	}
}

// Values that are too long for the buffer are read whole, too.
func TestDecodeLongValues(t *testing.T) {
	long := strings.Repeat("picture.", 3<<17)
	body := part(`name="avatar"; filename="a"`, "", long) +
		part(`name="header"`, "", "data:,"+long) +
		part(`name="note"`, "", "x") +
		lastBoundary
	got, err := masto.DecodeUpdate(partType, "", strings.NewReader(body), masto.Limits{})
	require.NoError(t, err)
	require.Equal(t, masto.Some("x"), got.Note)
	require.True(t, string(got.Avatar.Value.Data) == long)
	require.True(t, string(got.Header.Value.Data) == long)
}

// An empty file with a name is an invalid picture, and not an input in which
// nothing was chosen.
func TestDecodeEmptyFile(t *testing.T) {
	body := part(`name="avatar"; filename="a.png"`, "", "") + lastBoundary
	got, err := masto.DecodeUpdate(partType, "", strings.NewReader(body), masto.Limits{})
	require.NoError(t, err)
	require.Equal(t, []string{
		"avatar ERR_SPOOFED_MEDIA_TYPE",
		"avatar_content_type ERR_INVALID",
		"avatar ERR_IS INVALID",
	}, codes(findingsOf(t, masto.Limits{}, got, nil)))
}

func FuzzDecodeForm(f *testing.F) {
	for _, seed := range []struct {
		query string
		body  string
	}{
		{
			query: "note=a&fields_attributes[0][name]=%41&fields_attributes[0][value]=b&bot=0",
			body:  "attribution_domains[]=a.io&attribution_domains[]=&source[language]=",
		},
		{
			query: "note[]=a&fields_attributes=x&attribution_domains[0][1]=a",
			body:  "source[]=b&source[privacy][x]=c&fields_attributes[0]=a&bot[]=1",
		},
		{
			query: "fields_attributes[][name]=a&fields_attributes[][value]=b&fields_attributes[][name]=c",
			body:  "avatar=data:image/png;base64,iVBORw0KGgo%3D&header=data:,x",
		},
	} {
		f.Add(seed.query, seed.body)
	}
	f.Fuzz(func(t *testing.T, query, body string) { fuzzDecode(t, formType, query, []byte(body)) })
}

func FuzzDecodeMultipart(f *testing.F) {
	for _, body := range []string{
		asParts("note=a&bot=1&fields_attributes[0][name]=a&fields_attributes[0][value]=b&attribution_domains[]="),
		asParts("note[]=a&fields_attributes[0][name][]=a&fields_attributes[1]=&attribution_domains[][a]=b" +
			"&source=x&avatar[]=y"),
		part(`name="avatar"; filename="a.png"`, "Content-Type: image/png\r\n", pngData) + lastBoundary,
		part(`name="header"; filename*=utf-8''%e2%82%ac`, "", gifData) +
			part(`name="note"`, "Content-Transfer-Encoding: quoted-printable\r\n", "=C3=A9") +
			lastBoundary,
		part("name=note; filename=a/b", "Content-Type: text/plain; charset=iso-8859-1\r\n", "M\xfcller") +
			lastBoundary,
	} {
		f.Add(partType, []byte(body))
	}
	latin1 := "--==1\r\nContent-Disposition: form-data; name=note\r\n\r\n\xe9\r\n--==1--\r\n"
	f.Add("multipart/form-data; boundary====1; charset=latin1", []byte(latin1))
	f.Fuzz(func(t *testing.T, contentType string, data []byte) { fuzzDecode(t, contentType, "", data) })
}
