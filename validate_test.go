package masto_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
	"github.com/seed-374a2035/masto/internal/vectors"
)

const (
	pngData  = "\x89PNG\r\n\x1a\n\x00\x00"
	jpegData = "\xff\xd8\xff\xe0\x00\x10JFIF"
	gifData  = "GIF89a\x01\x00\x01\x00"
	webpData = "RIFF\x00\x00\x00\x00WEBPVP8 "
)

func upload(contentType, data string) masto.Opt[*masto.Upload] {
	return masto.Some(&masto.Upload{ContentType: contentType, Data: []byte(data)})
}

// findingsOf returns what Validate finds, nil if nothing.
func findingsOf(t *testing.T, l masto.Limits, u masto.Update, current *masto.Record) []masto.Finding {
	t.Helper()
	err := l.Validate(u.Normalized(), current)
	if err == nil {
		return nil
	}
	v, ok := errors.AsType[*masto.ValidationError](err)
	require.True(t, ok, "%T", err)
	require.NotEmpty(t, v.Findings)
	return v.Findings
}

// codes returns attribute and code of each finding.
func codes(findings []masto.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Attribute+" "+f.Code)
	}
	return all
}

// badUpdate has every finding that an update can have.
func badUpdate() masto.Update {
	long := strings.Repeat("x", 600)
	return masto.Update{
		DisplayName:        masto.Some(long),
		Note:               masto.Some(long),
		Fields:             rows("", "no name", "b", "", "c", "", "d", "", "e", ""),
		Avatar:             upload("image/png", "<html>"),
		Header:             upload("", "BM"),
		AvatarDescription:  masto.Some(long),
		HeaderDescription:  masto.Some(long),
		AttributionDomains: masto.Some([]string{"a b", "ok.io", "c:d"}),
		Posting: masto.PostingUpdate{
			Privacy:     masto.Some("friends"),
			Language:    masto.Some(new("x x")),
			QuotePolicy: masto.Some("all"),
		},
	}
}

func TestValidateFindsEverythingInOrder(t *testing.T) {
	got := findingsOf(t, masto.Limits{AttributionDomains: 2, ImageBytes: 6}, badUpdate(), nil)
	require.Equal(t, []string{
		"avatar ERR_SPOOFED_MEDIA_TYPE",
		"avatar_content_type ERR_INVALID",
		"avatar ERR_IS INVALID",
		"avatar ERR_LESS_THAN",
		"avatar_file_size ERR_LESS_THAN",
		"header_content_type ERR_INVALID",
		"header ERR_IS INVALID",
		"avatar_description ERR_TOO_LONG",
		"header_description ERR_TOO_LONG",
		"attribution_domains ERR_INVALID_DOMAIN_ON_LINE",
		"attribution_domains ERR_INVALID_DOMAIN_ON_LINE",
		"attribution_domains ERR_TOO_LONG",
		"display_name ERR_TOO_LONG",
		"note ERR_TOO_LONG",
		"fields ERR_TOO_LONG",
		"fields ERR_FIELDS_WITH_VALUES_MISSING_LABELS",
		"privacy ERR_INCLUSION",
		"language ERR_INCLUSION",
		"quote_policy ERR_INCLUSION",
	}, codes(got))
	require.Equal(t, masto.Finding{
		Attribute:   "attribution_domains",
		Code:        masto.CodeInvalidDomain,
		Description: "c:d is not a valid domain name",
		Value:       "c:d",
	}, got[10])
	require.Equal(t, masto.Finding{
		Attribute:   "note",
		Code:        masto.CodeTooLong,
		Description: "is too long (maximum is 500 characters)",
		Limit:       500,
	}, got[13])
	require.Equal(t, "must be less than 6 Bytes", got[3].Description)
	require.Equal(t, 6, got[4].Limit)
}

func TestValidateDoesNotJudgeWhatIsThere(t *testing.T) {
	bad := badUpdate()
	bad.Avatar, bad.Header = masto.Opt[*masto.Upload]{}, masto.Opt[*masto.Upload]{} // Pictures are always judged.
	r := &masto.Record{}
	r.Apply(bad, masto.Pictures{})
	require.Empty(t, findingsOf(t, masto.Limits{}, bad, r))
	// Each attribute is set by itself, so that no finding hides another.
	for _, c := range []struct {
		update masto.Update
		code   string
	}{
		{
			update: masto.Update{DisplayName: masto.Some(strings.Repeat("y", 41))},
			code:   "display_name ERR_TOO_LONG",
		},
		{
			update: masto.Update{Note: masto.Some(strings.Repeat("y", 5001))},
			code:   "note ERR_TOO_LONG",
		},
		{
			update: masto.Update{AvatarDescription: masto.Some(strings.Repeat("y", 151))},
			code:   "avatar_description ERR_TOO_LONG",
		},
		{
			update: masto.Update{HeaderDescription: masto.Some(strings.Repeat("y", 151))},
			code:   "header_description ERR_TOO_LONG",
		},
		{
			update: masto.Update{Fields: masto.Some([]masto.Field{{Value: "y"}})},
			code:   "fields ERR_FIELDS_WITH_VALUES_MISSING_LABELS",
		},
		{
			update: masto.Update{AttributionDomains: masto.Some([]string{"y y"})},
			code:   "attribution_domains ERR_INVALID_DOMAIN_ON_LINE",
		},
		{
			update: masto.Update{Posting: masto.PostingUpdate{Privacy: masto.Some("y")}},
			code:   "privacy ERR_INCLUSION",
		},
		{
			update: masto.Update{Posting: masto.PostingUpdate{Language: masto.Some(new("y y"))}},
			code:   "language ERR_INCLUSION",
		},
		{
			update: masto.Update{Posting: masto.PostingUpdate{QuotePolicy: masto.Some("y")}},
			code:   "quote_policy ERR_INCLUSION",
		},
	} {
		t.Run(c.code, func(t *testing.T) {
			require.Equal(t, []string{c.code}, codes(findingsOf(t, masto.Limits{}, c.update, nil)))
			require.Equal(t, []string{c.code}, codes(findingsOf(t, masto.Limits{}, c.update, r)))
			same := r.Clone()
			same.Apply(c.update, masto.Pictures{})
			require.Empty(t, findingsOf(t, masto.Limits{}, c.update, same))
		})
	}
}

func TestValidateLimits(t *testing.T) {
	note := masto.Update{Note: masto.Some("ab"), DisplayName: masto.Some("ab")}
	got := findingsOf(t, masto.Limits{Note: 1, DisplayName: 1}, note, nil)
	require.Equal(t, "is too long (maximum is 1 character)", got[0].Description)
	require.Len(t, got, 2)
	none := masto.Limits{Note: -1, DisplayName: -1, Fields: -1, AttributionDomains: -1}
	var domains []string
	for i := range 300 {
		domains = append(domains, fmt.Sprintf("a%d.io", i))
	}
	require.Empty(t, findingsOf(t, none, masto.Update{
		Note:               masto.Some(strings.Repeat("a", 1000)),
		DisplayName:        masto.Some(strings.Repeat("a", 1000)),
		Fields:             rows("1", "", "2", "", "3", "", "4", "", "5", ""),
		AttributionDomains: masto.Some(domains),
	}, nil))
	require.Empty(t, findingsOf(t, masto.Limits{}, masto.Update{}, nil))
	require.Empty(t, findingsOf(t, masto.Limits{}, masto.Update{Avatar: masto.Some[*masto.Upload](nil)}, nil))
}

// An administrator lowers a limit. What users have already may shrink or be
// reordered, but not grow. A display name is refused, as the reference does.
func TestValidateLoweredLimits(t *testing.T) {
	five := rows("1", "a", "2", "b", "3", "c", "4", "d", "5", "e")
	current := &masto.Record{Profile: masto.Profile{
		DisplayName:       strings.Repeat("n", 20),
		Note:              strings.Repeat("b", 20),
		AvatarDescription: strings.Repeat("a", 20),
		Fields:            five.Value,
	}}
	lowered := masto.Limits{DisplayName: 10, Note: 10, AvatarDescription: 10, Fields: 3}
	note := func(n int) masto.Update { return masto.Update{Note: masto.Some(strings.Repeat("x", n))} }
	for _, c := range []struct {
		name string
		u    masto.Update
		want []string
	}{
		{
			name: "the same fields",
			u:    masto.Update{Fields: five},
		},
		{
			name: "the same fields in another order",
			u:    masto.Update{Fields: rows("5", "e", "4", "d", "3", "c", "2", "b", "1", "a")},
		},
		{
			name: "other fields, as many",
			u:    masto.Update{Fields: rows("6", "a", "7", "b", "8", "c", "9", "d", "10", "e")},
		},
		{
			name: "fewer fields, still over the limit",
			u:    masto.Update{Fields: rows("1", "a", "2", "b", "3", "c", "4", "d")},
		},
		{
			name: "one field more",
			u:    masto.Update{Fields: rows("1", "a", "2", "b", "3", "c", "4", "d", "5", "e", "6", "f")},
			want: []string{"fields ERR_TOO_LONG"},
		},
		{
			name: "fewer fields, one without a label",
			u:    masto.Update{Fields: rows("1", "a", "2", "b", "3", "c", "", "d")},
			want: []string{"fields ERR_FIELDS_WITH_VALUES_MISSING_LABELS"},
		},
		{
			name: "the same bio",
			u:    masto.Update{Note: masto.Some(current.Profile.Note)},
		},
		{
			name: "another bio, as long",
			u:    note(20),
		},
		{
			name: "a shorter bio, still over the limit",
			u:    note(11),
		},
		{
			name: "a longer bio",
			u:    note(21),
			want: []string{"note ERR_TOO_LONG"},
		},
		{
			name: "a shorter display name, still over the limit",
			u:    masto.Update{DisplayName: masto.Some(strings.Repeat("x", 11))},
			want: []string{"display_name ERR_TOO_LONG"},
		},
		{
			name: "a shorter description, still over the limit",
			u:    masto.Update{AvatarDescription: masto.Some(strings.Repeat("x", 11))},
			want: []string{"avatar_description ERR_TOO_LONG"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := findingsOf(t, lowered, c.u, current)
			require.Equal(t, c.want, codes(got))
			for _, f := range got {
				if f.Code == "ERR_TOO_LONG" {
					require.LessOrEqual(t, f.Limit, 10, "the limit, not what is stored")
				}
			}
		})
	}
}

// Fields that are sent again unchanged are not judged, however many there are.
func TestValidateUnchangedFields(t *testing.T) {
	var pairs []string
	for range 500 {
		pairs = append(pairs, "", "a value without a label")
	}
	many := rows(pairs...)
	current := &masto.Record{Profile: masto.Profile{Fields: many.Value}}
	require.Empty(t, findingsOf(t, masto.Limits{}, masto.Update{Fields: many}, current))
}

// A text within its limit can have any number of bytes.
func TestValidateTextBytes(t *testing.T) {
	const limit = 64 << 10
	cluster := "e" + strings.Repeat("\u0301", limit/2)          // 1 grapheme cluster, over the limit by a byte
	address := "https://spore.io/" + strings.Repeat("x", limit) // counts 23
	value := strings.Repeat("x", limit)                         // cut to 255 when it is shown
	marks := strings.Repeat("\U000e0100", 30)                   // 120 bytes
	for _, c := range []struct {
		name   string
		limits masto.Limits
		u      masto.Update
		want   []string
	}{
		{
			name: "a bio of one grapheme cluster",
			u:    masto.Update{Note: masto.Some(cluster)},
			want: []string{"note ERR_TOO_LONG"},
		},
		{
			name: "a bio of one address",
			u:    masto.Update{Note: masto.Some(address)},
			want: []string{"note ERR_TOO_LONG"},
		},
		{
			name: "a bio just as long as it may be",
			u:    masto.Update{Note: masto.Some(cluster[:limit-1])},
		},
		{
			name: "the value of a field",
			u:    masto.Update{Fields: rows("a", value+"x")},
			want: []string{"fields ERR_TOO_LONG"},
		},
		{
			name: "the name of a field",
			u:    masto.Update{Fields: rows("a", "b", value+"x", "b")},
			want: []string{"fields ERR_TOO_LONG"},
		},
		{
			name: "a field just as long as it may be",
			u:    masto.Update{Fields: rows(value, value)},
		},
		{
			name:   "a display name",
			limits: masto.Limits{TextBytes: 100},
			u:      masto.Update{DisplayName: masto.Some(marks)},
			want:   []string{"display_name ERR_TOO_LONG"},
		},
		{
			name:   "the descriptions",
			limits: masto.Limits{TextBytes: 100},
			u:      masto.Update{AvatarDescription: masto.Some(marks), HeaderDescription: masto.Some(marks)},
			want:   []string{"avatar_description ERR_TOO_LONG", "header_description ERR_TOO_LONG"},
		},
		{
			name:   "as stored: white space at the ends of a bio is not",
			limits: masto.Limits{TextBytes: 1},
			u:      masto.Update{Note: masto.Some(" x\n"), DisplayName: masto.Some(" x\n")},
		},
		{
			name:   "one that fails both limits is reported once",
			limits: masto.Limits{Note: 10, TextBytes: 10},
			u:      masto.Update{Note: masto.Some("eleven char")},
			want:   []string{"note ERR_TOO_LONG"},
		},
		{
			name:   "too many fields and too long ones are reported once",
			limits: masto.Limits{Fields: 1, TextBytes: 1},
			u:      masto.Update{Fields: rows("aa", "b", "c", "d")},
			want:   []string{"fields ERR_TOO_LONG"},
		},
		{
			name:   "no limit",
			limits: masto.Limits{TextBytes: -1},
			u:      masto.Update{Note: masto.Some(cluster), Fields: rows("a", value+"x")},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, codes(findingsOf(t, c.limits, c.u, nil)))
			same := &masto.Record{}
			same.Apply(c.u, masto.Pictures{})
			require.Empty(t, findingsOf(t, c.limits, c.u, same), "what is there already is not judged")
		})
	}
	got := findingsOf(t, masto.Limits{}, masto.Update{Note: masto.Some(cluster)}, nil)
	want := []masto.Finding{{
		Attribute: "note", Code: "ERR_TOO_LONG", Description: "is too long (maximum is 65536 bytes)", Limit: limit,
	}}
	require.Equal(t, want, got)
	var back masto.ValidationError
	require.NoError(t, back.UnmarshalJSON(encode(&masto.ValidationError{Findings: got})))
	require.Equal(t, want, back.Findings, "a client reads the limit")
}

func TestValidateWhatWasNotNormalized(t *testing.T) {
	u := masto.Update{
		DisplayName: masto.Some(strings.Repeat(" ", 40)),
		Note:        masto.Some(strings.Repeat("\n", 600)),
		Fields:      masto.Some([]masto.Field{{}, {}, {}, {}, {}, {Name: "a"}}),
	}
	require.NoError(t, masto.Limits{}.Validate(u, nil))
	u.AttributionDomains = masto.Some([]string{"*.spore.io"})
	require.Error(t, masto.Limits{}.Validate(u, nil))
	require.NoError(t, masto.Limits{}.Validate(u.Normalized(), nil))
}

func TestValidateFieldsAsTheyAreShown(t *testing.T) {
	for _, c := range []struct {
		name, label, value string
		missing            bool
	}{
		{
			name:  "a name alone",
			label: "n",
			value: "",
		},
		{
			name:    "no name",
			label:   "",
			value:   "v",
			missing: true,
		},
		{
			name:    "a name of a no-break space",
			label:   "\u00a0",
			value:   "v",
			missing: true,
		},
		{
			name:    "a name of other Unicode white space",
			label:   "\u0085\u2028\u3000",
			value:   "v",
			missing: true,
		},
		{
			name:  "a zero-width space is no white space",
			label: "\u200b",
			value: "v",
		},
		{
			name:  "a Mongolian vowel separator is none any more",
			label: "\u180e",
			value: "v",
		},
		{
			name:    "a name of NUL",
			label:   "\x00",
			value:   "v",
			missing: true,
		},
		{
			name:  "both of NUL",
			label: "\x00",
			value: "\x00",
		},
		{
			name:    "what has the name is cut off",
			label:   strings.Repeat("\u00a0", 255) + "n",
			value:   "v",
			missing: true,
		},
		{
			name:  "what has the value is cut off",
			label: "",
			value: strings.Repeat("\u3000", 255) + "v",
		},
		{
			name:  "both over their limits",
			label: strings.Repeat("n", 1000),
			value: strings.Repeat("v", 1000),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			if c.missing {
				want = []string{"fields " + masto.CodeMissingLabels}
			}
			u := masto.Update{Fields: rows(c.label, c.value)}
			require.Equal(t, want, codes(findingsOf(t, masto.Limits{}, u, nil)))
		})
	}
}

func TestValidatePictures(t *testing.T) {
	const (
		spoofed = "avatar ERR_SPOOFED_MEDIA_TYPE"
		kind    = "avatar_content_type ERR_INVALID"
		invalid = "avatar ERR_IS INVALID"
	)
	for _, c := range []struct {
		filename, contentType, data string
		want                        []string
	}{
		{"", "image/png", pngData, nil},
		{"", "image/jpeg", jpegData, nil},
		{"", "image/gif", gifData, nil},
		{"", "image/gif", "GIF87a", nil},
		{"", "image/webp", webpData, nil},
		{"", "image/jpeg", pngData, nil}, // not the declared type, but a picture
		{"", "Image/JPEG; charset=x", pngData, nil},
		{"", "image/bmp", pngData, nil},
		{"", "", pngData, nil},
		{"", "application/octet-stream", pngData, nil},
		{"", "binary/octet-stream", pngData, nil},
		{"", "garbage", pngData, nil},
		{"a.png", "", pngData, nil},
		{"a.unknown", "", pngData, nil},
		{"", "text/html", pngData, []string{spoofed}},
		{"", "application/pdf", gifData, []string{spoofed}},
		{"a.html", "", pngData, []string{spoofed}},
		{"a.html", "application/octet-stream", pngData, []string{spoofed}},
		{"a.html", "image/png", pngData, nil}, // The declared type takes precedence over the name.
		{"", "image/png", "<html>", []string{spoofed, kind, invalid}},
		{"a.jpg", "", "<html>", []string{spoofed, kind, invalid}},
		{"", "image/png", "", []string{spoofed, kind, invalid}},
		{"", "image/png", "BM", []string{spoofed, kind, invalid}},
		{"", "text/html", "BM", []string{spoofed, kind, invalid}},
		{"", "image/bmp", "BM", []string{kind, invalid}},
		{"", "image/svg+xml", "<?xml version='1.0'?>\n<svg>", []string{kind, invalid}},
		{"", "image/svg+xml", " <SVG>", []string{kind, invalid}},
		{"", "text/html", "<!DOCTYPE html>", []string{kind, invalid}},
		{"", "text/html", "what is this", []string{kind, invalid}},
		{"", "image/bmp", "<script>", []string{spoofed, kind, invalid}},
		{"", "", "", []string{kind, invalid}},
		{"", "", "RIFF\x00\x00\x00\x00WAVE", []string{kind, invalid}},
		{"", "", "\x89PNG", []string{kind, invalid}},
	} {
		t.Run(fmt.Sprintf("%s %s %q", c.filename, c.contentType, c.data), func(t *testing.T) {
			u := masto.Update{Avatar: masto.Some(&masto.Upload{
				Filename:    c.filename,
				ContentType: c.contentType,
				Data:        []byte(c.data),
			})}
			require.Equal(t, c.want, codes(findingsOf(t, masto.Limits{}, u, nil)))
			raw := masto.Limits{}.Validate(u, nil)
			require.Equal(t, c.want == nil, raw == nil, "uploads are judged alike before they are normalized")
		})
	}
}

func TestSizesForPeople(t *testing.T) {
	for _, c := range []struct {
		size int64
		want string
	}{
		{1, "1 Byte"},
		{2, "2 Bytes"},
		{1023, "1023 Bytes"},
		{1024, "1 KB"},
		{1536, "1.5 KB"},
		{1152, "1.13 KB"},
		{10240, "10 KB"},
		{10291, "10 KB"},
		{10752, "10.5 KB"},
		{123456, "121 KB"},
		{1048575, "1020 KB"},
		{1 << 20, "1 MB"},
		{1234567, "1.18 MB"},
		{2 << 20, "2 MB"},
		{8 << 20, "8 MB"},
		{10 << 20, "10 MB"},
		{1 << 30, "1 GB"},
		{5 << 40, "5 TB"},
		{1 << 50, "1 PB"},
		{math.MaxInt64, "8 EB"},
	} {
		t.Run(c.want, func(t *testing.T) { require.Equal(t, c.want, masto.HumanSize(c.size)) })
	}
}

func TestValidatePosting(t *testing.T) {
	for _, privacy := range []string{"", "public", "unlisted", "private", "direct"} {
		u := masto.Update{Posting: masto.PostingUpdate{Privacy: masto.Some(privacy)}}
		require.Empty(t, findingsOf(t, masto.Limits{}, u, nil))
	}
	for _, policy := range []string{"", "public", "followers", "nobody"} {
		u := masto.Update{Posting: masto.PostingUpdate{QuotePolicy: masto.Some(policy)}}
		require.Empty(t, findingsOf(t, masto.Limits{}, u, nil))
	}
}

func TestValidateLanguage(t *testing.T) {
	update := func(language *string) masto.Update {
		return masto.Update{Posting: masto.PostingUpdate{Language: masto.Some(language)}}
	}
	require.Empty(t, findingsOf(t, masto.Limits{}, update(nil), nil))
	for _, language := range []string{
		"", "en", "EN", "xx", "tok", "kab", "zh-TW", "pt-BR", "nan-TW", "zh-Hant-TW", "de-CH-1901", "x", "1",
		strings.Repeat("a", 35), strings.Repeat("a-", 17) + "a",
	} {
		t.Run(language, func(t *testing.T) {
			require.Empty(t, findingsOf(t, masto.Limits{}, update(&language), nil))
			r := &masto.Record{}
			r.Apply(update(&language), masto.Pictures{})
			require.Equal(t, &language, r.Posting.Language, "it is stored as it was sent")
		})
	}
	for _, language := range []string{
		"a ", " e", "aa ab", "zh_TW", "-", "-en", "en-", "zh--TW", "é", "zh-臺灣", "en\x00", "\xff", "de\n",
		strings.Repeat("a", 36),
	} {
		t.Run("none/"+language, func(t *testing.T) {
			require.Equal(t, []masto.Finding{{
				Attribute:   "language",
				Code:        "ERR_INCLUSION",
				Description: "is not included in the list",
				Value:       language,
			}}, findingsOf(t, masto.Limits{}, update(&language), nil))
		})
	}
}

func TestValidationErrorJSON(t *testing.T) {
	const odd = "<a>, \u2028\"\\\b\f\n\r\t\x01"            // what has to be escaped, and what has not
	const escaped = "<a>, \u2028" + `\"\\\b\f\n\r\t\u0001` // the same in JSON
	v := &masto.ValidationError{Findings: []masto.Finding{
		{
			Attribute:   "avatar",
			Code:        masto.CodeSpoofedMediaType,
			Description: "has contents",
		},
		{
			Attribute:   "avatar_content_type",
			Code:        masto.CodeInvalid,
			Description: "is invalid",
		},
		{
			Attribute:   "avatar",
			Code:        masto.CodeLessThan,
			Description: "must be less than 1.5 KB",
			Limit:       1536,
		},
		{
			Attribute:   "attribution_domains",
			Code:        masto.CodeInvalidDomain,
			Description: odd + " is not a valid domain name",
			Value:       odd,
		},
		{
			Attribute:   "note",
			Code:        masto.CodeTooLong,
			Description: "is too long (maximum is 1 character)",
			Limit:       1,
		},
		{
			Attribute:   "base",
			Code:        "ERR_X",
			Description: "Something else",
		},
	}}
	const want = `{"error":"Validation failed: Avatar has contents, Avatar content type is invalid, ` +
		`Avatar must be less than 1.5 KB, Attribution domains ` + escaped + ` is not a valid domain name, ` +
		`Note is too long (maximum is 1 character), Something else",` +
		`"details":{` +
		`"avatar":[{"error":"ERR_SPOOFED_MEDIA_TYPE","description":"has contents"},` +
		`{"error":"ERR_LESS_THAN","description":"must be less than 1.5 KB"}],` +
		`"avatar_content_type":[{"error":"ERR_INVALID","description":"is invalid"}],` +
		`"attribution_domains":[{"error":"ERR_INVALID_DOMAIN_ON_LINE",` +
		`"description":"` + escaped + ` is not a valid domain name"}],` +
		`"note":[{"error":"ERR_TOO_LONG","description":"is too long (maximum is 1 character)"}],` +
		`"base":[{"error":"ERR_X","description":"Something else"}]}}`
	got, err := v.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, want, string(got))
	var back masto.ValidationError
	require.NoError(t, json.Unmarshal(got, &back))
	require.Empty(t, cmp.Diff(v.Findings, back.Findings))
}

func TestValidationErrorFromOtherBodies(t *testing.T) {
	for _, c := range []struct {
		name string
		body string
		want []string
	}{
		{
			name: "an error alone",
			body: `{"error":"Record not found"}`,
		},
		{
			name: "nothing",
			body: `{}`,
		},
		{
			name: "null",
			body: `null`,
		},
		{
			name: "an error that is no text",
			body: `{"error":5,"details":{"a":[{"error":"E"}]}}`,
			want: []string{"a E"},
		},
		{
			name: "details that are a list",
			body: `{"error":"x","details":[]}`,
		},
		{
			name: "details of another shape",
			body: `{"error":"x","details":{"a":5,"b":[{"error":"E"},{}]}}`,
			want: []string{"b E", "b "},
		},
		{
			name: "another language",
			body: `{"error":"La validation","details":{"b":[{}],"a":[{}]}}`,
			want: []string{"b ", "a "},
		},
		{
			name: "in the order of the text",
			body: `{"error":"Validation failed: A x, B y",` +
				`"details":{"b":[{"description":"y"}],"a":[{"description":"x"}]}}`,
			want: []string{"a ", "b "},
		},
		{
			name: "the text says something else",
			body: `{"error":"Validation failed: A x, other",` +
				`"details":{"b":[{"description":"y"}],"a":[{"description":"x"}],"c":[]}}`,
			want: []string{"a ", "b "},
		},
		{
			name: "half of a word",
			body: `{"error":"Validation failed: A xy","details":{"a":[{"description":"x"}]}}`,
			want: []string{"a "},
		},
		{
			name: "a unit that nobody has",
			body: `{"details":{"é":[{"error":"ERR_LESS_THAN","description":"must be less than 1 Zorkmid"}]}}`,
			want: []string{"é ERR_LESS_THAN"},
		},
		{
			name: "a number that is too large",
			body: `{"details":{"avatar":[{"error":"ERR_TOO_LONG",` +
				`"description":"ist zu lang (mehr als 99999999999999999999999999)"}]}}`,
			want: []string{"avatar ERR_TOO_LONG"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v masto.ValidationError
			require.NoError(t, json.Unmarshal([]byte(c.body), &v))
			require.Equal(t, c.want, codes(v.Findings))
		})
	}
	var v masto.ValidationError
	require.Error(t, json.Unmarshal([]byte(`{"error":`), &v))
	require.Error(t, v.UnmarshalJSON([]byte(`[]`)))
	var null *masto.ValidationError
	require.Equal(t, "null", string(encode(null)))
	require.Equal(t, `{"error":"Validation failed: ","details":{}}`, string(encode(masto.ValidationError{})))
}

func FuzzValidationError(f *testing.F) {
	for _, v := range vectors.File(f, "errors") {
		if string(v.Out) != "null" {
			f.Add([]byte(text(v.Out)))
		}
	}
	f.Add([]byte(`{"error":"Validation failed: A x",` +
		`"details":{"a":[{"error":"ERR_LESS_THAN","description":"must be less than 1e300 KB"}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v masto.ValidationError
		if json.Unmarshal(data, &v) != nil {
			return
		}
		once, err := v.MarshalJSON()
		require.NoError(t, err)
		require.True(t, json.Valid(once))
		var again masto.ValidationError
		require.NoError(t, json.Unmarshal(once, &again))
		require.Len(t, again.Findings, len(v.Findings))
	})
}

func FuzzValidate(f *testing.F) {
	for _, body := range updateSeeds(f) {
		f.Add(body, 3, int64(20))
	}
	f.Fuzz(func(t *testing.T, body []byte, limit int, bytes int64) {
		var u masto.Update
		if u.UnmarshalJSON(body) != nil {
			return
		}
		u = u.Normalized()
		l := masto.Limits{DisplayName: limit, Note: limit, Fields: limit, AttributionDomains: limit, ImageBytes: bytes}
		r := &masto.Record{}
		if err := l.Validate(u, r); err != nil {
			v, ok := errors.AsType[*masto.ValidationError](err)
			require.True(t, ok)
			once, err := v.MarshalJSON()
			require.NoError(t, err)
			var back masto.ValidationError
			require.NoError(t, json.Unmarshal(once, &back))
			require.Equal(t, string(once), string(encode(&back)), "what Validate finds survives its JSON byte for byte")
			return
		}
		r.Apply(u, masto.Pictures{})
		u.Avatar, u.Header = masto.Opt[*masto.Upload]{}, masto.Opt[*masto.Upload]{}
		require.Zero(t, r.Apply(u, masto.Pictures{})&^masto.NeedsVerification, "what was applied is there")
		require.NoError(t, l.Validate(u, r))
		require.NoError(t, l.Validate(u, nil))
	})
}

// Pictures are recognized by their first bytes and not decoded, as documented.
func TestValidateDoesNotDecodePictures(t *testing.T) {
	for _, c := range []struct{ name, data string }{
		{
			name: "a JPEG of three bytes",
			data: "\xff\xd8\xff",
		},
		{
			name: "a PNG of 100,000 by 100,000",
			data: "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x06\x00\x00\x00",
		},
		{
			name: "a truncated GIF",
			data: "GIF89a\x01",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, masto.DefaultLimits().Validate(masto.Update{Avatar: upload("", c.data)}, nil))
		})
	}
}

func TestAttributionDomainsAreJudged(t *testing.T) {
	domains := []string{"spore.io", "a b", "bücher.example", "spore.io/"}
	err := masto.Limits{}.Validate(masto.Update{AttributionDomains: masto.Some(domains)}, nil)
	v, ok := errors.AsType[*masto.ValidationError](err)
	require.True(t, ok)
	var bad []string
	for _, f := range v.Findings {
		require.Equal(t, "attribution_domains", f.Attribute)
		bad = append(bad, f.Value)
	}
	require.Equal(t, []string{"a b", "spore.io/"}, bad)
}

func TestNormalizeAttributionDomains(t *testing.T) {
	in := []string{" https://a.io\n", "http://*.a.io", "*.http://b.io", "", "\u3000", "a.io", "A.io"}
	require.Equal(t, []string{"a.io", "http://b.io", "A.io"}, masto.NormalizeAttributionDomains(in))
	require.Equal(t, []string{}, masto.NormalizeAttributionDomains(nil))
}

func TestUsage(t *testing.T) {
	u := masto.Update{
		DisplayName:        masto.Some(" 👨‍👩‍👧 "),
		Note:               masto.Some("See https://example.com/a/long/path"),
		Fields:             masto.Some([]masto.Field{{}, {Name: " n ", Value: strings.Repeat("é", 300)}}),
		Avatar:             upload("image/png", pngData),
		AvatarDescription:  masto.Some(" a "),
		HeaderDescription:  masto.Some(""),
		AttributionDomains: masto.Some([]string{"a.io", "a.io", ""}),
		Locked:             masto.Some(true), // has no limit
	}
	got := masto.Limits{DisplayName: 4, Fields: -1, ImageBytes: 10}.Usage(u)
	require.Empty(t, cmp.Diff([]masto.Usage{
		{Attribute: "display_name", Used: 5, Max: 4, Unit: "code points"},
		{Attribute: "note", Used: 26, Max: 500, Unit: "characters"},
		{Attribute: "avatar", Used: 10, Max: 9, Unit: "bytes"},
		{Attribute: "avatar_description", Used: 3, Max: 150, Unit: "code points"},
		{Attribute: "header_description", Used: 0, Max: 150, Unit: "code points"},
		{Attribute: "attribution_domains", Used: 1, Max: 100, Unit: "domains"},
		{Attribute: "fields_attributes", Used: 1, Max: -1, Unit: "rows"},
		{Attribute: "fields_attributes[0][name]", Used: 1, Max: 255, Unit: "code points", Truncates: true},
		{Attribute: "fields_attributes[0][value]", Used: 300, Max: 255, Unit: "code points", Truncates: true},
	}, got))
	var over []string
	for _, usage := range got {
		if usage.Over() {
			over = append(over, usage.String())
		}
	}
	require.Equal(t, []string{
		"display_name: 5 of 4 code points",
		"avatar: 10 of 9 bytes",
		"fields_attributes[0][value]: 300 of 255 code points",
	}, over)
	require.Equal(t, "fields_attributes: 1 rows", got[6].String())
	require.Empty(t, masto.Limits{}.Usage(masto.Update{Avatar: masto.Some[*masto.Upload](nil)}))
}

// FuzzUsage checks that a Usage is over exactly if Validate has a finding about
// its limit or the text is truncated.
func FuzzUsage(f *testing.F) {
	for _, body := range updateSeeds(f) {
		f.Add(body, 3, int64(20))
	}
	f.Fuzz(func(t *testing.T, body []byte, limit int, bytes int64) {
		var u masto.Update
		if u.UnmarshalJSON(body) != nil {
			return
		}
		l := masto.Limits{
			DisplayName:        limit,
			Note:               limit,
			Fields:             limit,
			FieldName:          limit,
			FieldValue:         limit,
			AttributionDomains: limit,
			AvatarDescription:  limit,
			HeaderDescription:  limit,
			ImageBytes:         bytes,
		}
		over := map[string]bool{}
		for _, usage := range l.Usage(u) {
			if usage.Over() && !usage.Truncates {
				over[strings.TrimSuffix(usage.Attribute, "_attributes")] = true
			}
		}
		found := map[string]bool{}
		for _, finding := range findingsOf(t, l, u, nil) {
			if finding.Limit != 0 {
				found[strings.TrimSuffix(finding.Attribute, "_file_size")] = true
			}
		}
		require.Equal(t, found, over)
	})
}

// TestLimitsAppendInstance checks that the members are those of a captured
// answer, in their order, and that they are read back as the same limits.
func TestLimitsAppendInstance(t *testing.T) {
	const names = `{"max_display_name_length":40,"max_note_length":500,"max_avatar_description_length":150,` +
		`"max_header_description_length":150,"max_featured_tags":10,"max_pinned_statuses":5,` +
		`"max_profile_fields":4,"profile_field_name_limit":255,"profile_field_value_limit":255}`
	require.Equal(t, "x"+names, string(masto.Limits{}.AppendInstance([]byte("x"))))

	for _, c := range []struct {
		name   string
		limits masto.Limits
	}{
		{"own limits", masto.Limits{
			DisplayName:       1,
			Note:              2,
			Fields:            3,
			FieldName:         4,
			FieldValue:        5,
			AvatarDescription: 6,
			HeaderDescription: 7,
		}},
		{"no limits", masto.Limits{
			DisplayName:       -1,
			Note:              -1,
			Fields:            -1,
			FieldName:         -1,
			FieldValue:        -1,
			AvatarDescription: -1,
			HeaderDescription: -1,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(`{"version":"4.6.4","configuration":{"accounts":`)
			got, err := client.DecodeInstance(append(c.limits.AppendInstance(body), "}}"...))
			require.NoError(t, err)
			require.Equal(t, c.limits, got.Limits)
		})
	}
}
