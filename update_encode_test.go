package masto_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// checkRoundTrip checks that u survives each encoding, or that the encoding
// says why it cannot.
func checkRoundTrip(t *testing.T, u masto.Update) {
	t.Helper()
	want := u.Normalized()
	check := func(contentType, query string, body io.Reader) {
		t.Helper()
		got, err := masto.DecodeUpdate(contentType, query, body, masto.Limits{
			AttributionDomains: -1,
			Fields:             -1,
		})
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

// variant is an update that sets or clears one attribute.
type variant struct {
	name   string
	update masto.Update
}

func variants() []variant {
	return []variant{
		{
			name: "absent",
		},
		{
			name:   "display_name",
			update: masto.Update{DisplayName: masto.Some("A & B=c+d%20 [é] 😀\u2028\"\\\x00x")},
		},
		{
			name:   "display_name cleared",
			update: masto.Update{DisplayName: masto.Some("")},
		},
		{
			name:   "note",
			update: masto.Update{Note: masto.Some("line\nline\r\n--boundary\r\n")},
		},
		{
			name:   "note cleared",
			update: masto.Update{Note: masto.Some("")},
		},
		{
			name: "fields",
			update: masto.Update{
				Fields: rows(
					"b", "2", "a", "1", " ", "x", "", "", "\r\n", "y", "6", "6",
					"7", "7", "8", "8", "9", "9", "10", "10", "11", "11",
				),
			},
		},
		{
			name:   "fields cleared",
			update: masto.Update{Fields: rows()},
		},
		{
			name:   "fields cleared by nil",
			update: masto.Update{Fields: masto.Some[[]masto.Field](nil)},
		},
		{
			name:   "discoverable",
			update: masto.Update{Discoverable: masto.Some(new(true))},
		},
		{
			name:   "discoverable false",
			update: masto.Update{Discoverable: masto.Some(new(false))},
		},
		{
			name:   "discoverable null",
			update: masto.Update{Discoverable: masto.Some[*bool](nil)},
		},
		{
			name:   "hide_collections",
			update: masto.Update{HideCollections: masto.Some(new(true))},
		},
		{
			name:   "hide_collections null",
			update: masto.Update{HideCollections: masto.Some[*bool](nil)},
		},
		{
			name:   "locked",
			update: masto.Update{Locked: masto.Some(true)},
		},
		{
			name:   "locked false",
			update: masto.Update{Locked: masto.Some(false)},
		},
		{
			name:   "bot",
			update: masto.Update{Bot: masto.Some(true)},
		},
		{
			name:   "bot false",
			update: masto.Update{Bot: masto.Some(false)},
		},
		{
			name:   "indexable",
			update: masto.Update{Indexable: masto.Some(true)},
		},
		{
			name:   "indexable false",
			update: masto.Update{Indexable: masto.Some(false)},
		},
		{
			name:   "show_media",
			update: masto.Update{ShowMedia: masto.Some(true)},
		},
		{
			name:   "show_media false",
			update: masto.Update{ShowMedia: masto.Some(false)},
		},
		{
			name:   "show_media_replies",
			update: masto.Update{ShowMediaReplies: masto.Some(true)},
		},
		{
			name:   "show_media_replies false",
			update: masto.Update{ShowMediaReplies: masto.Some(false)},
		},
		{
			name:   "show_featured",
			update: masto.Update{ShowFeatured: masto.Some(true)},
		},
		{
			name:   "show_featured false",
			update: masto.Update{ShowFeatured: masto.Some(false)},
		},
		{
			name: "attribution_domains",
			update: masto.Update{
				AttributionDomains: masto.Some([]string{"b.io", "https://a.io", "", "b.io"}),
			},
		},
		{
			name:   "attribution_domains cleared",
			update: masto.Update{AttributionDomains: masto.Some[[]string](nil)},
		},
		{
			name: "avatar",
			update: masto.Update{
				Avatar: masto.Some(&masto.Upload{
					Filename:    "a \"b\"\r\n\\é.png",
					ContentType: "image/png",
					Data:        []byte(pngData),
				}),
			},
		},
		{
			name:   "avatar without a name",
			update: masto.Update{Avatar: upload("image/jpeg; q=1", jpegData)},
		},
		{
			name: "avatar without a type",
			update: masto.Update{
				Avatar: masto.Some(&masto.Upload{Filename: "a.GIF", Data: []byte(gifData)}),
			},
		},
		{
			name:   "avatar without anything",
			update: masto.Update{Avatar: masto.Some(&masto.Upload{})},
		},
		{
			name:   "avatar removed",
			update: masto.Update{Avatar: masto.Some[*masto.Upload](nil)},
		},
		{
			name:   "header",
			update: masto.Update{Header: upload("image/webp", webpData+"\r\n--\r\n")},
		},
		{
			name:   "header of no type",
			update: masto.Update{Header: upload("a,b\r\nc", "\xff\x00")},
		},
		{
			name:   "header removed",
			update: masto.Update{Header: masto.Some[*masto.Upload](nil)},
		},
		{
			name:   "avatar_description",
			update: masto.Update{AvatarDescription: masto.Some(" a cat ")},
		},
		{
			name:   "avatar_description cleared",
			update: masto.Update{AvatarDescription: masto.Some("")},
		},
		{
			name:   "header_description",
			update: masto.Update{HeaderDescription: masto.Some("a sea")},
		},
		{
			name:   "header_description cleared",
			update: masto.Update{HeaderDescription: masto.Some("")},
		},
		{
			name:   "privacy",
			update: masto.Update{Posting: masto.PostingUpdate{Privacy: masto.Some("private")}},
		},
		{
			name:   "privacy cleared",
			update: masto.Update{Posting: masto.PostingUpdate{Privacy: masto.Some("")}},
		},
		{
			name:   "sensitive",
			update: masto.Update{Posting: masto.PostingUpdate{Sensitive: masto.Some(true)}},
		},
		{
			name:   "sensitive false",
			update: masto.Update{Posting: masto.PostingUpdate{Sensitive: masto.Some(false)}},
		},
		{
			name:   "language",
			update: masto.Update{Posting: masto.PostingUpdate{Language: masto.Some(new("de"))}},
		},
		{
			name:   "language empty",
			update: masto.Update{Posting: masto.PostingUpdate{Language: masto.Some(new(""))}},
		},
		{
			name:   "language null",
			update: masto.Update{Posting: masto.PostingUpdate{Language: masto.Some[*string](nil)}},
		},
		{
			name:   "quote_policy",
			update: masto.Update{Posting: masto.PostingUpdate{QuotePolicy: masto.Some("nobody")}},
		},
		{
			name:   "quote_policy cleared",
			update: masto.Update{Posting: masto.PostingUpdate{QuotePolicy: masto.Some("")}},
		},
	}
}

func TestEncodingsSurvive(t *testing.T) {
	for _, v := range variants() {
		t.Run(v.name, func(t *testing.T) { checkRoundTrip(t, v.update) })
	}
	checkRoundTrip(t, badUpdate())
}

func TestParameters(t *testing.T) {
	for _, v := range variants() {
		t.Run(v.name, func(t *testing.T) {
			isZero := v.name == "absent"
			require.Equal(t, isZero, v.update.IsZero())
			if isZero {
				require.Nil(t, v.update.Parameters())
			} else {
				require.Len(t, v.update.Parameters(), 1)
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

// TestTableOfParameters checks that each Opt of an Update is a parameter, and
// that some variant sets it.
func TestTableOfParameters(t *testing.T) {
	varied := map[string]bool{}
	for _, v := range variants() {
		for _, name := range v.update.Parameters() {
			varied[name] = true
		}
	}
	var u masto.Update
	for _, o := range opts(reflect.ValueOf(&u).Elem()) {
		o.FieldByName("Set").SetBool(true)
		names := u.Parameters()
		require.Len(t, names, 1, "%s", o.Type())
		require.True(t, varied[names[0]], names[0])
		o.SetZero()
	}
}

// opts returns every Opt in a struct.
func opts(v reflect.Value) []reflect.Value {
	if v.FieldByName("Set").IsValid() {
		return []reflect.Value{v}
	}
	var found []reflect.Value
	for _, field := range v.Fields() {
		if field.Kind() == reflect.Struct {
			found = append(found, opts(field)...)
		}
	}
	return found
}

func TestEncodedForms(t *testing.T) {
	u := masto.Update{
		DisplayName:        masto.Some("A & B"),
		Note:               masto.Some(""),
		Locked:             masto.Some(false),
		Discoverable:       masto.Some[*bool](nil),
		Fields:             rows("b", "2", "a", "1"),
		AttributionDomains: masto.Some([]string{"b.io", "a.io"}),
		Avatar:             upload("image/png", "\x00"),
		Header:             masto.Some[*masto.Upload](nil),
		Posting: masto.PostingUpdate{
			Language:  masto.Some[*string](nil),
			Privacy:   masto.Some("public"),
			Sensitive: masto.Some(true),
		},
	}
	require.Equal(t, `{"display_name":"A & B","note":"","avatar":"data:image/png;base64,AA==","header":null,`+
		`"locked":false,"discoverable":null,"attribution_domains":["b.io","a.io"],`+
		`"fields_attributes":[{"name":"b","value":"2"},{"name":"a","value":"1"}],`+
		`"source":{"privacy":"public","sensitive":true,"language":null}}`, string(encode(u)))

	u.Header, u.Posting.Language = masto.Opt[*masto.Upload]{}, masto.Some(new("de"))
	form, err := u.EncodeForm()
	require.NoError(t, err)
	require.Equal(t, "display_name=A+%26+B&note=&avatar=data%3Aimage%2Fpng%3Bbase64%2CAA%3D%3D"+
		"&locked=false&discoverable="+
		"&attribution_domains%5B%5D=b.io&attribution_domains%5B%5D=a.io"+
		"&fields_attributes%5B0%5D%5Bname%5D=b&fields_attributes%5B0%5D%5Bvalue%5D=2"+
		"&fields_attributes%5B1%5D%5Bname%5D=a&fields_attributes%5B1%5D%5Bvalue%5D=1"+
		"&source%5Bprivacy%5D=public&source%5Bsensitive%5D=true&source%5Blanguage%5D=de", form)

	require.Equal(t, "{}", string(encode(masto.Update{})))
	require.Equal(t, `{"source":{"quote_policy":""}}`, string(encode(masto.Update{
		Posting: masto.PostingUpdate{QuotePolicy: masto.Some("")},
	})))
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
	for _, c := range []struct {
		name   string
		update masto.Update
		want   masto.EncodeError
		text   string
	}{
		{
			name:   "avatar",
			update: masto.Update{Avatar: masto.Some[*masto.Upload](nil)},
			want: masto.EncodeError{
				Attribute: "avatar",
				Problem:   "a form cannot remove a picture",
				Way:       "DELETE /api/v1/profile/avatar",
			},
			text: "masto: encoding an update: avatar: a form cannot remove a picture; " +
				"use DELETE /api/v1/profile/avatar",
		},
		{
			name:   "header",
			update: masto.Update{Header: masto.Some[*masto.Upload](nil)},
			want: masto.EncodeError{
				Attribute: "header",
				Problem:   "a form cannot remove a picture",
				Way:       "DELETE /api/v1/profile/header",
			},
			text: "masto: encoding an update: header: a form cannot remove a picture; " +
				"use DELETE /api/v1/profile/header",
		},
		{
			name:   "language",
			update: masto.Update{Posting: masto.PostingUpdate{Language: masto.Some[*string](nil)}},
			want: masto.EncodeError{
				Attribute: "source[language]",
				Problem:   "a form has no null",
				Way:       "an empty text, or JSON",
			},
			text: "masto: encoding an update: source[language]: a form has no null; use an empty text, or JSON",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, formErr := c.update.EncodeForm()
			_, partsErr := c.update.EncodeMultipart()
			for _, err := range []error{formErr, partsErr} {
				e, ok := errors.AsType[*masto.EncodeError](err)
				require.True(t, ok, "%v", err)
				require.Equal(t, &c.want, e)
				require.EqualError(t, err, c.text)
			}
		})
	}
}

func TestInvalidUTF8IsNotSent(t *testing.T) {
	for _, c := range []struct {
		name   string // of the parameter
		update masto.Update
	}{
		{
			name:   "note",
			update: masto.Update{Note: masto.Some("\xff")},
		},
		{
			name:   "fields_attributes",
			update: masto.Update{Fields: rows("a", "\xff")},
		},
		{
			name:   "attribution_domains",
			update: masto.Update{AttributionDomains: masto.Some([]string{"\xff"})},
		},
		{
			name:   "source[language]",
			update: masto.Update{Posting: masto.PostingUpdate{Language: masto.Some(new("\xff"))}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, jsonErr := c.update.MarshalJSON()
			_, formErr := c.update.EncodeForm()
			_, partsErr := c.update.EncodeMultipart()
			for _, err := range []error{jsonErr, formErr, partsErr} {
				e, ok := errors.AsType[*masto.EncodeError](err)
				require.True(t, ok, "%v", err)
				require.True(t, strings.HasPrefix(e.Attribute, c.name), e.Attribute)
				require.Empty(t, e.Way)
				require.EqualError(t, e, "masto: encoding an update: "+e.Attribute+": the text is not valid UTF-8")
			}
		})
	}
}

func TestMultipartBody(t *testing.T) {
	data := []byte(strings.Repeat("picture", 100_000))
	u := masto.Update{
		Note:   masto.Some("x"),
		Avatar: masto.Some(&masto.Upload{ContentType: "image/png", Data: data}),
		Header: upload("", gifData),
	}
	body, err := u.EncodeMultipart()
	require.NoError(t, err)
	first, err := io.ReadAll(body.NewReader())
	require.NoError(t, err)
	require.EqualValues(t, len(first), body.Length)
	again, err := io.ReadAll(body.NewReader())
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, again), "it can be sent again")
	require.Contains(t, string(first),
		`form-data; name="avatar"; filename="avatar.png"`+"\r\nContent-Type: image/png\r\n")
	require.Contains(t, string(first), `form-data; name="header"; filename="header"`+"\r\n\r\n"+gifData)
	// The data are not copied, so a change before sending is sent.
	require.Less(t, allocated(func() { _, _ = u.EncodeMultipart() }), uint64(len(data)/10))
	data[0] = 'P'
	changed, err := io.ReadAll(body.NewReader())
	require.NoError(t, err)
	require.Contains(t, string(changed), "Picture")
}

// FuzzEncodeUpload checks that a file of any name and type survives.
func FuzzEncodeUpload(f *testing.F) {
	f.Add("a.png", "image/png", []byte(pngData))
	f.Add("\"\\\r\n\x00é\xff", "text/html; charset=x", []byte("--\r\n"))
	f.Add("a\\", "", []byte(nil))
	f.Fuzz(func(t *testing.T, filename, contentType string, data []byte) {
		checkRoundTrip(t, masto.Update{
			Header: masto.Some(&masto.Upload{Filename: filename, ContentType: contentType, Data: data}),
		})
	})
}
