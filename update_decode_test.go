package masto_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
	partType = "multipart/form-data; boundary=XX"
)

func rows(texts ...string) masto.Opt[[]masto.Field] {
	fields := []masto.Field{}
	for i := 0; i < len(texts); i += 2 {
		fields = append(fields, masto.Field{Name: texts[i], Value: texts[i+1]})
	}
	return masto.Some(fields)
}

func TestDecodeJSON(t *testing.T) {
	for _, c := range []struct {
		name string
		json string
		want masto.Update
	}{
		{
			name: "no members",
			json: `{}`,
		},
		{
			name: "nothing",
			json: "",
		},
		{
			name: "white space",
			json: " \n",
		},
		{
			name: "null",
			json: `null`,
		},
		{
			name: "texts",
			json: `{"display_name":"A\u0000\ud83d\ude00","note":""}`,
			want: masto.Update{DisplayName: masto.Some("A\x00😀"), Note: masto.Some("")},
		},
		{
			name: "null and numbers for texts",
			json: `{"display_name":null,"note":5,"avatar_description":1.50}`,
			want: masto.Update{
				DisplayName:       masto.Some(""),
				Note:              masto.Some("5"),
				AvatarDescription: masto.Some("1.50"),
			},
		},
		{
			name: "the last of two counts, and unknown members do not",
			json: `{"note":"a","note":"b","unknown":{"note":["c"]}}`,
			want: masto.Update{Note: masto.Some("b")},
		},
		{
			name: "a list of rows",
			json: `{"fields_attributes":[{"name":"a","value":"1"},{"value":"2","name":"b","x":[]}]}`,
			want: masto.Update{Fields: rows("a", "1", "b", "2")},
		},
		{
			name: "an object of rows, in the order of its keys",
			json: `{"fields_attributes":{"10":{"name":"a","value":"1"},"2":{"name":"b","value":"2"}}}`,
			want: masto.Update{Fields: rows("a", "1", "b", "2")},
		},
		{
			name: "fields cleared",
			json: `{"fields_attributes":[]}`,
			want: masto.Update{Fields: rows()},
		},
		{
			name: "fields cleared by an object",
			json: `{"fields_attributes":{}}`,
			want: masto.Update{Fields: rows()},
		},
		{
			name: "rows whose name or value is no text",
			json: `{"fields_attributes":[{"name":"A"},{"name":5,"value":"v"},{"value":true,"name":"x"},null,{},` +
				`{"name":null,"value":"v"},{"name":"","value":""}]}`,
			want: masto.Update{Fields: rows("", "")},
		},
		{
			name: "a name twice, and then no text",
			json: `{"fields_attributes":[{"name":"a","value":"v","name":5}]}`,
			want: masto.Update{Fields: rows()},
		},
		{
			name: "domains",
			json: `{"attribution_domains":["b.io",null,"a.io"]}`,
			want: masto.Update{AttributionDomains: masto.Some([]string{"b.io", "a.io"})},
		},
		{
			name: "domains cleared",
			json: `{"attribution_domains":[]}`,
			want: masto.Update{AttributionDomains: masto.Some[[]string](nil)},
		},
		{
			name: "domains that are no texts",
			json: `{"attribution_domains":[5,true,""]}`,
			want: masto.Update{AttributionDomains: masto.Some([]string{"5", "true"})},
		},
		{
			name: "an object of domains",
			json: `{"attribution_domains":{"0":"b","1":"a"}}`,
			want: masto.Update{AttributionDomains: masto.Some([]string{"b", "a"})},
		},
		{
			name: "Booleans and numbers",
			json: `{"locked":true,"bot":false,"indexable":1,"show_media":0}`,
			want: masto.Update{
				Locked:    masto.Some(true),
				Bot:       masto.Some(false),
				Indexable: masto.Some(true),
				ShowMedia: masto.Some(false),
			},
		},
		{
			name: "texts for Booleans, and null for one that cannot be null",
			json: `{"locked":"off","bot":"yes","discoverable":"","indexable":null}`,
			want: masto.Update{
				Locked:       masto.Some(false),
				Bot:          masto.Some(true),
				Discoverable: masto.Some[*bool](nil),
			},
		},
		{
			name: "null Booleans",
			json: `{"discoverable":null,"hide_collections":false}`,
			want: masto.Update{Discoverable: masto.Some[*bool](nil), HideCollections: masto.Some(new(false))},
		},
		{
			name: "pictures that are null and empty",
			json: `{"avatar":null,"header":""}`,
			want: masto.Update{Avatar: masto.Some[*masto.Upload](nil)},
		},
		{
			name: "a picture",
			json: `{"avatar":"data:image\/png;base64,iVBORw0KGgoAAA=="}`,
			want: masto.Update{Avatar: upload("image/png", pngData)},
		},
		{
			name: "the defaults of posts that are null",
			json: `{"source":{"language":null,"privacy":null,"sensitive":false}}`,
			want: masto.Update{Posting: masto.PostingUpdate{
				Language:  masto.Some[*string](nil),
				Privacy:   masto.Some(""),
				Sensitive: masto.Some(false),
			}},
		},
		{
			name: "the defaults of posts",
			json: `{"source":{"language":"","quote_policy":"followers","x":{}}}`,
			want: masto.Update{Posting: masto.PostingUpdate{
				Language:    masto.Some(new("")),
				QuotePolicy: masto.Some("followers"),
			}},
		},
		{
			name: "null for the defaults of posts",
			json: `{"source":null}`,
		},
		{
			name: "an empty list for them",
			json: `{"source":[]}`,
		},
		{
			name: "white space everywhere",
			json: "\n{\"source\" : { \"privacy\" : \"direct\" } , \"bot\" : \"t\" }\t",
			want: masto.Update{
				Bot:     masto.Some(true),
				Posting: masto.PostingUpdate{Privacy: masto.Some("direct")},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := strings.NewReader(c.json)
			got, err := masto.DecodeUpdate("application/json; charset=utf-8", "", body, masto.Limits{})
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(c.want, got))
			if strings.TrimSpace(c.json) == "" {
				return
			}
			var u masto.Update
			require.NoError(t, json.Unmarshal([]byte(c.json), &u))
			require.Empty(t, cmp.Diff(c.want, u))
		})
	}
}

// A list that is null or a bare "" sets nothing, and is not an error.
func TestNoListSetsNothing(t *testing.T) {
	for _, c := range []struct {
		name        string
		contentType string
		body        string
	}{
		{
			name:        "null rows",
			contentType: jsonType,
			body:        `{"note":"x","fields_attributes":null}`,
		},
		{
			name:        "blank rows in JSON",
			contentType: jsonType,
			body:        `{"note":"x","fields_attributes":""}`,
		},
		{
			name:        "null domains",
			contentType: jsonType,
			body:        `{"attribution_domains":null,"note":"x"}`,
		},
		{
			name:        "blank domains in JSON",
			contentType: jsonType,
			body:        `{"attribution_domains":"","note":"x"}`,
		},
		{
			name:        "null source",
			contentType: jsonType,
			body:        `{"source":null,"note":"x"}`,
		},
		{
			name:        "blank source in JSON",
			contentType: jsonType,
			body:        `{"source":"","note":"x"}`,
		},
		{
			name:        "a list without elements for source",
			contentType: jsonType,
			body:        `{"source":[ ],"note":"x"}`,
		},
		{
			name:        "rows",
			contentType: formType,
			body:        "fields_attributes=&note=x",
		},
		{
			name:        "domains",
			contentType: formType,
			body:        "attribution_domains=&note=x",
		},
		{
			name:        "source",
			contentType: formType,
			body:        "source=&source[]=&note=x",
		},
		{
			name:        "rows in a part",
			contentType: partType,
			body:        asParts("fields_attributes=&note=x"),
		},
		{
			name:        "domains in a part",
			contentType: partType,
			body:        asParts("attribution_domains=&note=x"),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := masto.DecodeUpdate(c.contentType, "", strings.NewReader(c.body), masto.Limits{})
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(masto.Update{Note: masto.Some("x")}, got))
		})
	}
}

// A value of the wrong shape is left out, and the rest is applied.
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
			json: `{"fields_attributes":["z",{"name":["a"],"value":"1"},{"name":"b","value":"2"},` +
				`{"value":{},"name":"c"}],"note":"x"}`,
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
	body := strings.NewReader("header[]=3&avatar[]=4")
	u, err := masto.DecodeUpdate(formType, "locked[]=1&avatar[]=2", body, masto.Limits{})
	require.NoError(t, err)
	require.Equal(t, masto.Update{
		Dropped: []string{"locked", "avatar", "header"},
	}, u, "in order of arrival, each once")
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

func TestBodyWinsOverQuery(t *testing.T) {
	const query = "note=query&bot=1&fields_attributes[0][name]=q&fields_attributes[0][value]=q" +
		"&source[privacy]=direct&source[language]=de&attribution_domains[]=q.io"
	const form = "note=body&fields_attributes[0][name]=b&fields_attributes[0][value]=b" +
		"&source[privacy]=public&attribution_domains[]=b.io"
	for _, c := range []struct {
		name        string
		contentType string
		body        string
	}{
		{
			name:        "form",
			contentType: formType,
			body:        form,
		},
		{
			name:        "parts",
			contentType: partType,
			body:        asParts(form),
		},
		{
			name:        "JSON",
			contentType: jsonType,
			body: `{"note":"body","fields_attributes":[{"name":"b","value":"b"}],` +
				`"source":{"privacy":"public"},"attribution_domains":["b.io"]}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := masto.DecodeUpdate(c.contentType, query, strings.NewReader(c.body), masto.Limits{})
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(masto.Update{
				Note:               masto.Some("body"),
				Bot:                masto.Some(true),
				Fields:             rows("b", "b"),
				AttributionDomains: masto.Some([]string{"b.io"}),
				Posting: masto.PostingUpdate{
					Privacy:  masto.Some("public"),
					Language: masto.Some(new("de")),
				},
			}, got))
		})
	}
}

func TestEmptyBodies(t *testing.T) {
	for _, contentType := range []string{
		"",
		formType,
		jsonType,
		partType,
		"text/plain",
		"garbage;;",
		"application/json; charset=latin1",
	} {
		t.Run(contentType, func(t *testing.T) {
			for _, body := range []io.Reader{nil, strings.NewReader(""), iotest.DataErrReader(strings.NewReader(""))} {
				got, err := masto.DecodeUpdate(contentType, "bot=1", body, masto.Limits{})
				require.NoError(t, err)
				require.Equal(t, masto.Update{Bot: masto.Some(true)}, got)
			}
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
	return map[string]io.Reader{
		jsonType:          bytes.NewReader(inJSON),
		formType:          strings.NewReader(form),
		parts.ContentType: parts.NewReader(),
	}
}

// updateSeeds returns bodies in JSON for fuzzing.
func updateSeeds(tb testing.TB) [][]byte {
	tb.Helper()
	seeds := [][]byte{
		[]byte(`{"display_name":"A","note":"b","locked":true,"discoverable":null,` +
			`"avatar":"data:image/png;base64,iVBORw0KGgo="}`),
		[]byte(`{"note":[],"fields_attributes":["a",{"name":[],"value":"b"},{"name":"c","value":"d"}],` +
			`"attribution_domains":[[],"a.io",1]}`),
		[]byte(`{"fields_attributes":null,"attribution_domains":"","source":[1],"avatar":{},"bot":{"a":[]}}`),
		[]byte(`{"header":null,"source":{"privacy":"public","language":"de","sensitive":false,` +
			`"quote_policy":"nobody"}}`),
	}
	for _, v := range vectors.File(tb, "fields_update") {
		attributes := decode[struct{ Attributes json.RawMessage }](v.In).Attributes
		seeds = append(seeds, []byte(`{"fields_attributes":`+string(attributes)+`}`))
	}
	for _, v := range vectors.File(tb, "attribution_domains") {
		seeds = append(seeds, []byte(`{"attribution_domains":`+string(v.In)+`}`))
	}
	return seeds
}

// fuzzDecode decodes data. If that succeeds, the update must survive every
// encoding that can express it.
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
