package client_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

// unknown has the limits of a server that is not Mastodon and tells none.
var unknown = masto.Limits{
	DisplayName:        -1,
	Note:               -1,
	Fields:             -1,
	FieldName:          -1,
	FieldValue:         -1,
	AvatarDescription:  -1,
	HeaderDescription:  -1,
	AttributionDomains: -1,
	TextBytes:          -1,
	ImageBytes:         -1,
}

// with returns l after change.
func with(l masto.Limits, change func(l *masto.Limits)) masto.Limits {
	change(&l)
	return l
}

// instances has what the files in testdata/instance say, by their names.
var instances = map[string]client.Instance{
	"mastodon-4.6": {
		Domain:     "social.example",
		Title:      "The Mushroom Club",
		Version:    "4.6.1",
		Software:   "mastodon",
		APIVersion: 9,
		Limits: masto.Limits{
			DisplayName:       30,
			Note:              500,
			Fields:            4,
			FieldName:         255,
			FieldValue:        255,
			AvatarDescription: 150,
			HeaderDescription: 150,
		},
	},
	"mastodon-4.6.4": {
		Domain:     "social.example",
		Title:      "The Mushroom Club",
		Version:    "4.6.4",
		Software:   "mastodon",
		APIVersion: 11,
		Limits: masto.Limits{
			DisplayName:       40,
			Note:              500,
			Fields:            4,
			FieldName:         255,
			FieldValue:        255,
			AvatarDescription: 150,
			HeaderDescription: 150,
		},
	},
	"mastodon-4.6.4-v1": {
		Domain:   "social.example",
		Title:    "The Mushroom Club",
		Version:  "4.6.4",
		Software: "mastodon",
	},
	"mastodon-4.6-other-limits": {
		Domain:     "long.example",
		Version:    "4.6.0+fork",
		Software:   "mastodon",
		APIVersion: 8,
		Limits: with(unknown, func(l *masto.Limits) {
			l.DisplayName, l.Note, l.Fields, l.FieldName = 100, 2000, 16, 64
		}),
	},
	"mastodon-4.2": {
		Domain:   "old.example",
		Title:    "An older server",
		Version:  "4.2.10",
		Software: "mastodon",
		Limits:   masto.Limits{DisplayName: 30},
	},
	"mastodon-3.5-v1": {
		Domain:   "v1.example",
		Title:    "The older form of the entity",
		Version:  "3.5.19",
		Software: "mastodon",
		Limits:   masto.Limits{DisplayName: 30},
	},
	"pleroma-v1": {
		Domain:   "pleroma.example",
		Title:    "Pleroma",
		Version:  "2.7.2 (compatible; Pleroma 2.9.1)",
		Software: "pleroma",
		Limits: with(unknown, func(l *masto.Limits) {
			l.Fields, l.FieldName, l.FieldValue, l.ImageBytes = 10, 512, 2048, 2_000_000
		}),
	},
	"pleroma-v2": {
		Domain:   "pleroma.example",
		Title:    "Pleroma",
		Version:  "2.7.2 (compatible; Pleroma 2.9.1)",
		Software: "pleroma",
		Limits: with(unknown, func(l *masto.Limits) {
			l.Fields, l.FieldName, l.FieldValue, l.ImageBytes = 10, 512, 2048, 2_000_000
		}),
	},
	"akkoma-v1": {
		Domain:   "akkoma.example",
		Title:    "Akkoma",
		Version:  "2.7.2 (compatible; Akkoma 3.15.2)",
		Software: "akkoma",
		Limits: with(unknown, func(l *masto.Limits) {
			l.Fields, l.FieldName, l.FieldValue, l.ImageBytes = 12, 512, 2048, 1_500_000
		}),
	},
	"gotosocial": {
		Domain:  "gts.example",
		Title:   "A small server",
		Version: "0.19.1+git-0000000",
		Limits:  with(unknown, func(l *masto.Limits) { l.Fields = 6 }),
	},
	"pixelfed-v1": {
		Domain:   "pixelfed.example",
		Title:    "Photos",
		Version:  "3.5.3 (compatible; Pixelfed 0.12.5)",
		Software: "pixelfed",
		Limits:   unknown,
	},
}

func instanceFile(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "instance", name+".json"))
	require.NoError(tb, err)
	return data
}

func TestDecodeInstance(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "testdata", "instance", "*.json"))
	require.NoError(t, err)
	require.Len(t, instances, len(files), "each file has its values")
	for name, want := range instances {
		t.Run(name, func(t *testing.T) {
			got, err := client.DecodeInstance(instanceFile(t, name))
			require.NoError(t, err)
			require.Equal(t, &want, got)
			require.Equal(t, want.APIVersion >= 8, got.HasProfileAPI())
		})
	}
}

func TestDecodeInstanceIsLenient(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       client.Instance
	}{
		{"nothing", `{}`, client.Instance{}},
		{"a number for a text", `{"domain":5}`, client.Instance{}},
		{"an address", `{"domain":"","uri":"http://a.example/x"}`, client.Instance{Domain: "a.example"}},
		{
			"other shapes",
			`{"configuration":[],"api_versions":"9","pleroma":{"metadata":[]},"avatar_upload_limit":{}}`,
			client.Instance{},
		},
		{
			"limits that are none",
			`{"version":"4.6.4","configuration":{"accounts":{` +
				`"max_note_length":-1,"max_profile_fields":0,"profile_field_name_limit":1e30}}}`,
			client.Instance{Version: "4.6.4", Software: "mastodon", Limits: masto.Limits{Note: -1, FieldName: -1}},
		},
		{
			"words for numbers",
			`{"version":"4.6.4","configuration":{"accounts":{"max_note_length":"many",` +
				`"max_profile_fields":"NaN","max_display_name_length":"","max_display_name_lenth":"12"}}}`,
			client.Instance{Version: "4.6.4", Software: "mastodon", Limits: masto.Limits{DisplayName: 12}},
		},
		{
			"the limit of one picture",
			`{"version":"4.6.4","banner_upload_limit":7}`,
			client.Instance{Version: "4.6.4", Software: "mastodon", Limits: masto.Limits{ImageBytes: 7}},
		},
		{
			"no limit of the other picture",
			`{"version":"4.6.4","banner_upload_limit":7,"avatar_upload_limit":-1}`,
			client.Instance{Version: "4.6.4", Software: "mastodon", Limits: masto.Limits{ImageBytes: 7}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want.Version == "" {
				c.want.Limits = unknown
			}
			got, err := client.DecodeInstance([]byte(c.body))
			require.NoError(t, err)
			require.Equal(t, &c.want, got)
		})
	}
}

func TestDecodeInstanceErrors(t *testing.T) {
	for _, body := range []string{``, `null`, `[]`, `"a"`, `{`, `<html>`} {
		t.Run(body, func(t *testing.T) {
			_, err := client.DecodeInstance([]byte(body))
			require.ErrorIs(t, err, masto.ErrMalformed)
			_, ok := errors.AsType[*masto.DecodeError](err)
			require.True(t, ok)
		})
	}
}

// TestDecodeInstanceKnowsMastodon checks that a limit that a server does not
// tell is Mastodon's default on Mastodon itself, and only there, and that a
// version names the software.
func TestDecodeInstanceKnowsMastodon(t *testing.T) {
	for _, c := range []struct {
		version           string
		displayName, note int
		software          string
	}{
		{"4.6.4", 0, 0, "mastodon"},
		{"4.6.5", 0, 0, "mastodon"},
		{"4.7.0-alpha.2", 0, 0, "mastodon"},
		{"5.0.0", 0, 0, "mastodon"},
		{"10.0.0", 0, 0, "mastodon"},
		{"4.6.3", 30, 0, "mastodon"},
		{"4.6.0-nightly.2026-02-03", 30, 0, "mastodon"},
		{"3.0.0rc1", 30, 0, "mastodon"},
		{"1.4.1", 30, 0, "mastodon"},
		{"4.6.4+glitch", -1, -1, "mastodon"},
		{"4.2.1 (compatible; Firefish 1.0.5)", -1, -1, "firefish"},
		{"4.0.0 (not true; really snac/2.70)", -1, -1, ""},
		{"0.19.1", -1, -1, ""},
		{"4.6", -1, -1, ""},
		{"takahe/0.11.0", -1, -1, ""},
		{"99999999999999999999.0.0", -1, -1, ""},
		{"", -1, -1, ""},
	} {
		t.Run(c.version, func(t *testing.T) {
			got, err := client.DecodeInstance([]byte(`{"version":"` + c.version + `"}`))
			require.NoError(t, err)
			require.Equal(t, c.displayName, got.Limits.DisplayName)
			require.Equal(t, c.note, got.Limits.Note)
			require.Equal(t, c.software, got.Software)
		})
	}
}

// TestUsageOfUntoldLimits checks that counters show no limit that a server does
// not tell, and the default where it is known to have that.
func TestUsageOfUntoldLimits(t *testing.T) {
	u := masto.Update{Note: masto.Some("Hello"), Fields: masto.Some([]masto.Field{{Name: "a", Value: "b"}})}
	for _, c := range []struct {
		file  string
		lines []string
	}{
		{"pleroma-v1", []string{
			"note: 5 characters", "fields_attributes: 1 of 10 rows", "fields_attributes[0][name]: 1 of 512 code points",
			"fields_attributes[0][value]: 1 of 2048 code points",
		}},
		{"gotosocial", []string{
			"note: 5 characters", "fields_attributes: 1 of 6 rows", "fields_attributes[0][name]: 1 code points",
			"fields_attributes[0][value]: 1 code points",
		}},
		{"mastodon-4.2", []string{
			"note: 5 of 500 characters", "fields_attributes: 1 of 4 rows",
			"fields_attributes[0][name]: 1 of 255 code points", "fields_attributes[0][value]: 1 of 255 code points",
		}},
	} {
		t.Run(c.file, func(t *testing.T) {
			i, err := client.DecodeInstance(instanceFile(t, c.file))
			require.NoError(t, err)
			var lines []string
			for _, usage := range i.Limits.Usage(u) {
				lines = append(lines, usage.String())
			}
			require.Equal(t, c.lines, lines)
		})
	}
}

// FuzzDecodeInstance checks that no limit is less than -1.
func FuzzDecodeInstance(f *testing.F) {
	for name := range instances {
		f.Add(instanceFile(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		i, err := client.DecodeInstance(data)
		if err != nil {
			require.Nil(t, i)
			return
		}
		l := i.Limits
		for _, n := range []int{
			l.DisplayName,
			l.Note,
			l.Fields,
			l.FieldName,
			l.FieldValue,
			l.AvatarDescription,
			l.HeaderDescription,
			int(l.ImageBytes),
		} {
			require.GreaterOrEqual(t, n, -1)
		}
	})
}
