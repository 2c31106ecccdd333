package masto_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// checkRoundTrip checks that u survives each encoding, or that the encoding says why not.
func checkRoundTrip(t *testing.T, u masto.Update) {
	t.Helper()
	want := u.Normalized()
	check := func(contentType, query string, body io.Reader) {
		t.Helper()
		got, err := masto.DecodeUpdate(contentType, query, body, masto.Limits{AttributionDomains: -1, Fields: -1})
		require.NoError(t, err, contentType)
		require.Empty(t, cmp.Diff(want, got.Normalized()), contentType)
	}
	inJSON, err := u.MarshalJSON()
	require.NoError(t, err)
	check(jsonType, "", bytes.NewReader(inJSON))

	form, formErr := u.EncodeForm()
	parts, partsErr := u.EncodeMultipart()
	if formErr != nil || partsErr != nil {
		e, ok := errors.AsType[*masto.EncodeError](formErr)
		require.True(t, ok, "%v", formErr)
		require.Equal(t, formErr, partsErr)
		require.NotEmpty(t, e.Way)
		return
	}
	check(formType, "", strings.NewReader(form))
	check("", form, nil)
	check(parts.ContentType, "", iotest.HalfReader(parts.NewReader()))
}

// variants are updates that each set one attribute, to something and to nothing.
func variants() map[string]masto.Update {
	return map[string]masto.Update{
		"absent":                      {},
		"display_name":                {DisplayName: masto.Some("A & B=c+d%20 [é] 😀\u2028\"\\\x00x")},
		"display_name cleared":        {DisplayName: masto.Some("")},
		"note":                        {Note: masto.Some("line\nline\r\n--boundary\r\n")},
		"note cleared":                {Note: masto.Some("")},
		"fields":                      {Fields: rows("b", "2", "a", "1", " ", "x", "", "", "\r\n", "y", "6", "6", "7", "7", "8", "8", "9", "9", "10", "10", "11", "11")},
		"fields cleared":              {Fields: rows()},
		"fields cleared by nil":       {Fields: masto.Some[[]masto.Field](nil)},
		"discoverable":                {Discoverable: masto.Some(new(true))},
		"discoverable false":          {Discoverable: masto.Some(new(false))},
		"discoverable null":           {Discoverable: masto.Some[*bool](nil)},
		"hide_collections":            {HideCollections: masto.Some(new(true))},
		"hide_collections null":       {HideCollections: masto.Some[*bool](nil)},
		"locked":                      {Locked: masto.Some(true)},
		"locked false":                {Locked: masto.Some(false)},
		"bot":                         {Bot: masto.Some(true)},
		"bot false":                   {Bot: masto.Some(false)},
		"indexable":                   {Indexable: masto.Some(true)},
		"indexable false":             {Indexable: masto.Some(false)},
		"show_media":                  {ShowMedia: masto.Some(true)},
		"show_media false":            {ShowMedia: masto.Some(false)},
		"show_media_replies":          {ShowMediaReplies: masto.Some(true)},
		"show_media_replies false":    {ShowMediaReplies: masto.Some(false)},
		"show_featured":               {ShowFeatured: masto.Some(true)},
		"show_featured false":         {ShowFeatured: masto.Some(false)},
		"attribution_domains":         {AttributionDomains: masto.Some([]string{"b.io", "https://a.io", "", "b.io"})},
		"attribution_domains cleared": {AttributionDomains: masto.Some[[]string](nil)},
		"avatar":                      {Avatar: masto.Some(&masto.Upload{Filename: "a \"b\"\r\n\\é.png", ContentType: "image/png", Data: []byte(pngData)})},
		"avatar without a name":       {Avatar: upload("image/jpeg; q=1", jpegData)},
		"avatar without a type":       {Avatar: masto.Some(&masto.Upload{Filename: "a.GIF", Data: []byte(gifData)})},
		"avatar without anything":     {Avatar: masto.Some(&masto.Upload{})},
		"avatar removed":              {Avatar: masto.Some[*masto.Upload](nil)},
		"header":                      {Header: upload("image/webp", webpData+"\r\n--\r\n")},
		"header of no type":           {Header: upload("a,b\r\nc", "\xff\x00")},
		"header removed":              {Header: masto.Some[*masto.Upload](nil)},
		"avatar_description":          {AvatarDescription: masto.Some(" a cat ")},
		"avatar_description cleared":  {AvatarDescription: masto.Some("")},
		"header_description":          {HeaderDescription: masto.Some("a sea")},
		"header_description cleared":  {HeaderDescription: masto.Some("")},
		"privacy":                     {Posting: masto.PostingUpdate{Privacy: masto.Some("private")}},
		"privacy cleared":             {Posting: masto.PostingUpdate{Privacy: masto.Some("")}},
		"sensitive":                   {Posting: masto.PostingUpdate{Sensitive: masto.Some(true)}},
		"sensitive false":             {Posting: masto.PostingUpdate{Sensitive: masto.Some(false)}},
		"language":                    {Posting: masto.PostingUpdate{Language: masto.Some(new("de"))}},
		"language empty":              {Posting: masto.PostingUpdate{Language: masto.Some(new(""))}},
		"language null":               {Posting: masto.PostingUpdate{Language: masto.Some[*string](nil)}},
		"quote_policy":                {Posting: masto.PostingUpdate{QuotePolicy: masto.Some("nobody")}},
		"quote_policy cleared":        {Posting: masto.PostingUpdate{QuotePolicy: masto.Some("")}},
	}
}

func TestEncodingsSurvive(t *testing.T) {
	for name, u := range variants() {
		t.Run(name, func(t *testing.T) { checkRoundTrip(t, u) })
	}
	checkRoundTrip(t, badUpdate())
}

func TestParameters(t *testing.T) {
	for name, u := range variants() {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, name == "absent", u.IsZero())
			if name == "absent" {
				require.Nil(t, u.Parameters())
			} else {
				require.Len(t, u.Parameters(), 1)
			}
		})
	}
	// The order is that of sending, whatever the order of setting.
	u := masto.Update{
		Fields:      rows(),
		Avatar:      masto.Some[*masto.Upload](nil),
		DisplayName: masto.Some(""),
		Posting:     masto.PostingUpdate{QuotePolicy: masto.Some(""), Privacy: masto.Some("")},
	}
	require.Equal(t, []string{
		"display_name", "avatar", "fields_attributes", "source[privacy]", "source[quote_policy]",
	}, u.Parameters())
}

func TestEncodedForms(t *testing.T) {
	u := masto.Update{
		DisplayName: masto.Some("A & B"), Note: masto.Some(""), Locked: masto.Some(false), Discoverable: masto.Some[*bool](nil),
		Fields: rows("b", "2", "a", "1"), AttributionDomains: masto.Some([]string{"b.io", "a.io"}), Avatar: upload("image/png", "\x00"),
		Header:  masto.Some[*masto.Upload](nil),
		Posting: masto.PostingUpdate{Language: masto.Some[*string](nil), Privacy: masto.Some("public"), Sensitive: masto.Some(true)},
	}
	require.Equal(t, `{"display_name":"A & B","note":"","avatar":"data:image/png;base64,AA==","header":null,"locked":false,"discoverable":null,`+
		`"attribution_domains":["b.io","a.io"],"fields_attributes":[{"name":"b","value":"2"},{"name":"a","value":"1"}],`+
		`"source":{"privacy":"public","sensitive":true,"language":null}}`, string(encode(u)))

	u.Header, u.Posting.Language = masto.Opt[*masto.Upload]{}, masto.Some(new("de"))
	form, err := u.EncodeForm()
	require.NoError(t, err)
	require.Equal(t, "display_name=A+%26+B&note=&avatar=data%3Aimage%2Fpng%3Bbase64%2CAA%3D%3D&locked=false&discoverable="+
		"&attribution_domains%5B%5D=b.io&attribution_domains%5B%5D=a.io"+
		"&fields_attributes%5B0%5D%5Bname%5D=b&fields_attributes%5B0%5D%5Bvalue%5D=2&fields_attributes%5B1%5D%5Bname%5D=a&fields_attributes%5B1%5D%5Bvalue%5D=1"+
		"&source%5Bprivacy%5D=public&source%5Bsensitive%5D=true&source%5Blanguage%5D=de", form)

	require.Equal(t, "{}", string(encode(masto.Update{})))
	require.Equal(t, `{"source":{"quote_policy":""}}`, string(encode(masto.Update{Posting: masto.PostingUpdate{QuotePolicy: masto.Some("")}})))
	form, err = masto.Update{}.EncodeForm()
	require.NoError(t, err)
	require.Empty(t, form)
}

func TestRowsKeepTheirOrder(t *testing.T) {
	var fields []masto.Field
	for i := range 12 {
		fields = append(fields, masto.Field{Name: string(rune('l' - i)), Value: "v"})
	}
	form, err := masto.Update{Fields: masto.Some(fields)}.EncodeForm()
	require.NoError(t, err)
	require.Less(t, strings.Index(form, "%5B2%5D"), strings.Index(form, "%5B10%5D"))
	got, err := masto.DecodeUpdate(formType, "", strings.NewReader(form), masto.Limits{})
	require.NoError(t, err)
	require.Equal(t, fields, got.Fields.Value)
}

func TestWhatAFormCannotSay(t *testing.T) {
	null := masto.PostingUpdate{Language: masto.Some[*string](nil)}
	for name, c := range map[string]struct {
		u    masto.Update
		want masto.EncodeError
		text string
	}{
		"avatar": {
			masto.Update{Avatar: masto.Some[*masto.Upload](nil)},
			masto.EncodeError{Attribute: "avatar", Problem: "a form cannot remove a picture", Way: "DELETE /api/v1/profile/avatar"},
			"masto: encoding an update: avatar: a form cannot remove a picture; use DELETE /api/v1/profile/avatar",
		},
		"header": {
			masto.Update{Header: masto.Some[*masto.Upload](nil)},
			masto.EncodeError{Attribute: "header", Problem: "a form cannot remove a picture", Way: "DELETE /api/v1/profile/header"},
			"masto: encoding an update: header: a form cannot remove a picture; use DELETE /api/v1/profile/header",
		},
		"language": {
			masto.Update{Posting: null},
			masto.EncodeError{Attribute: "source[language]", Problem: "a form has no null", Way: "an empty text, or JSON"},
			"masto: encoding an update: source[language]: a form has no null; use an empty text, or JSON",
		},
	} {
		_, formErr := c.u.EncodeForm()
		_, partsErr := c.u.EncodeMultipart()
		for _, err := range []error{formErr, partsErr} {
			e, ok := errors.AsType[*masto.EncodeError](err)
			require.True(t, ok, "%s: %v", name, err)
			require.Equal(t, &c.want, e)
			require.EqualError(t, err, c.text)
		}
	}
}

func TestInvalidUTF8IsNotSent(t *testing.T) {
	for name, u := range map[string]masto.Update{
		"note":                {Note: masto.Some("\xff")},
		"fields_attributes":   {Fields: rows("a", "\xff")},
		"attribution_domains": {AttributionDomains: masto.Some([]string{"\xff"})},
		"source[language]":    {Posting: masto.PostingUpdate{Language: masto.Some(new("\xff"))}},
	} {
		_, jsonErr := u.MarshalJSON()
		_, formErr := u.EncodeForm()
		_, partsErr := u.EncodeMultipart()
		for _, err := range []error{jsonErr, formErr, partsErr} {
			e, ok := errors.AsType[*masto.EncodeError](err)
			require.True(t, ok, "%v", err)
			require.True(t, strings.HasPrefix(e.Attribute, name), e.Attribute)
			require.Empty(t, e.Way)
			require.EqualError(t, e, "masto: encoding an update: "+e.Attribute+": the text is not valid UTF-8")
		}
	}
}

func TestMultipartBody(t *testing.T) {
	data := []byte(strings.Repeat("picture", 100_000))
	u := masto.Update{Note: masto.Some("x"), Avatar: masto.Some(&masto.Upload{ContentType: "image/png", Data: data}), Header: upload("", gifData)}
	body, err := u.EncodeMultipart()
	require.NoError(t, err)
	first, err := io.ReadAll(body.NewReader())
	require.NoError(t, err)
	require.EqualValues(t, len(first), body.Length)
	again, err := io.ReadAll(body.NewReader())
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, again), "it can be sent again")
	require.Contains(t, string(first), `form-data; name="avatar"; filename="avatar.png"`+"\r\nContent-Type: image/png\r\n")
	require.Contains(t, string(first), `form-data; name="header"; filename="header"`+"\r\n\r\n"+gifData)
	require.Less(t, testing.AllocsPerRun(10, func() { _, _ = u.EncodeMultipart() }), 100.0)
	// The data are not copied: what is changed before it is sent is sent.
	data[0] = 'P'
	changed, err := io.ReadAll(body.NewReader())
	require.NoError(t, err)
	require.Contains(t, string(changed), "Picture")
}

// FuzzEncodeUpload wants that a file of any name and type survives.
func FuzzEncodeUpload(f *testing.F) {
	f.Add("a.png", "image/png", []byte(pngData))
	f.Add("\"\\\r\n\x00é\xff", "text/html; charset=x", []byte("--\r\n"))
	f.Add("a\\", "", []byte(nil))
	f.Fuzz(func(t *testing.T, filename, contentType string, data []byte) {
		checkRoundTrip(t, masto.Update{Header: masto.Some(&masto.Upload{Filename: filename, ContentType: contentType, Data: data})})
	})
}
