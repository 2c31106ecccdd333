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
