package masto_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
)

// instances are the files in testdata/instance and what they say.
var instances = map[string]masto.Instance{
	"mastodon-4.6": {
		Domain: "social.example", Title: "The Mushroom Club", Version: "4.6.1", APIVersion: 9,
		Limits: masto.Limits{DisplayName: 30, Note: 500, Fields: 4, FieldName: 255, FieldValue: 255, AvatarDescription: 150, HeaderDescription: 150},
	},
	"mastodon-4.6-other-limits": {
		Domain: "long.example", Version: "4.6.0+fork", APIVersion: 8, Limits: masto.Limits{DisplayName: 100, Note: 2000, Fields: 16, FieldName: 64},
	},
	"mastodon-4.2":    {Domain: "old.example", Title: "An older server", Version: "4.2.10"},
	"mastodon-3.5-v1": {Domain: "v1.example", Title: "The older form of the entity", Version: "3.5.19"},
	"pleroma-v1": {
		Domain: "pleroma.example", Title: "Pleroma", Version: "2.7.2 (compatible; Pleroma 2.9.1)",
		Limits: masto.Limits{Fields: 10, FieldName: 512, FieldValue: 2048, ImageBytes: 2_000_000},
	},
	"pleroma-v2": {
		Domain: "pleroma.example", Title: "Pleroma", Version: "2.7.2 (compatible; Pleroma 2.9.1)",
		Limits: masto.Limits{Fields: 10, FieldName: 512, FieldValue: 2048, ImageBytes: 2_000_000},
	},
	"akkoma-v1": {
		Domain: "akkoma.example", Title: "Akkoma", Version: "2.7.2 (compatible; Akkoma 3.15.2)",
		Limits: masto.Limits{Fields: 12, FieldName: 512, FieldValue: 2048, ImageBytes: 1_500_000},
	},
	"gotosocial":  {Domain: "gts.example", Title: "A small server", Version: "0.19.1+git-0000000", Limits: masto.Limits{Fields: 6}},
	"pixelfed-v1": {Domain: "pixelfed.example", Title: "Photos", Version: "3.5.3 (compatible; Pixelfed 0.12.5)"},
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
	require.Len(t, instances, len(files), "each file is looked at")
	for name, want := range instances {
		got, err := masto.DecodeInstance(instanceFile(t, name))
		require.NoError(t, err, name)
		require.Equal(t, &want, got, name)
		require.Equal(t, want.APIVersion >= 8, got.HasProfileAPI(), name)
	}
}

func TestDecodeInstanceIsLenient(t *testing.T) {
	for body, want := range map[string]masto.Instance{
		`{}`:           {},
		`{"domain":5}`: {},
		`{"domain":"","uri":"http://a.example/x"}`:                                                                             {Domain: "a.example"},
		`{"configuration":[],"api_versions":"9","pleroma":{"metadata":[]},"avatar_upload_limit":{}}`:                           {},
		`{"configuration":{"accounts":{"max_note_length":-1,"max_profile_fields":0,"profile_field_name_limit":1e30}}}`:         {Limits: masto.Limits{Note: -1, FieldName: -1}},
		`{"configuration":{"accounts":{"max_note_length":"NaN"}}}`:                                                             {},
		`{"configuration":{"accounts":{"max_note_length":"many","max_display_name_length":"","max_display_name_lenth":"12"}}}`: {Limits: masto.Limits{DisplayName: 12}},
		`{"banner_upload_limit":7}`: {Limits: masto.Limits{ImageBytes: 7}},
	} {
		got, err := masto.DecodeInstance([]byte(body))
		require.NoError(t, err, body)
		require.Equal(t, &want, got, body)
	}
	for _, body := range []string{``, `null`, `[]`, `"a"`, `{`, `<html>`} {
		_, err := masto.DecodeInstance([]byte(body))
		require.ErrorIs(t, err, masto.ErrMalformed, body)
		_, ok := errors.AsType[*masto.DecodeError](err)
		require.True(t, ok, body)
	}
}

// What AppendInstance writes has the members of a captured answer in their
// order, and is read back as the limits that it stands for.
func TestLimitsAppendInstance(t *testing.T) {
	const names = `{"max_display_name_length":40,"max_note_length":500,"max_avatar_description_length":150,` +
		`"max_header_description_length":150,"max_featured_tags":10,"max_pinned_statuses":5,` +
		`"max_profile_fields":4,"profile_field_name_limit":255,"profile_field_value_limit":255}`
	require.Equal(t, "x"+names, string(masto.Limits{}.AppendInstance([]byte("x"))))

	for name, l := range map[string]masto.Limits{
		"limits of its own": {
			DisplayName:       1,
			Note:              2,
			Fields:            3,
			FieldName:         4,
			FieldValue:        5,
			AvatarDescription: 6,
			HeaderDescription: 7,
		},
		"no limits": {
			DisplayName:       -1,
			Note:              -1,
			Fields:            -1,
			FieldName:         -1,
			FieldValue:        -1,
			AvatarDescription: -1,
			HeaderDescription: -1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			body := []byte(`{"version":"4.6.4","configuration":{"accounts":`)
			got, err := masto.DecodeInstance(append(l.AppendInstance(body), "}}"...))
			require.NoError(t, err)
			require.Equal(t, l, got.Limits)
		})
	}
}

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
		for _, n := range []int{l.DisplayName, l.Note, l.Fields, l.FieldName, l.FieldValue, l.AvatarDescription, l.HeaderDescription, int(l.ImageBytes)} {
			require.GreaterOrEqual(t, n, -1)
		}
	})
}
