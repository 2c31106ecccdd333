package masto_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
)

// The conformance test compares the library with the observed behavior of the
// reference implementation: the vectors in testdata/vectors, and in every
// folder that MASTO_VECTORS names, separated by colons.
// testdata/vectors/FORMAT.md describes the files. For each file the test prints
// how many vectors passed, and it fails on every miss that
// testdata/vectors/known.txt does not list with a reason.

// check runs a vector and returns a description of the difference; "" if there
// is none.
type check = func(w *world, in, out json.RawMessage) string

// checks has the check of each file.
var checks = map[string]check{
	"note": func(w *world, in, out json.RawMessage) string {
		return diff(text(out), w.site.RenderNote(text(in), w.view()))
	},
	"field": func(w *world, in, out json.RawMessage) string {
		return diff(text(out), w.site.RenderFieldValue(text(in), w.view()))
	},
	"remote_field": checkRemoteField,
	"entities":     checkEntities,
	"sanitize": func(_ *world, in, out json.RawMessage) string {
		return diffHTML(text(out), masto.SanitizeHTML(text(in)))
	},
	"plaintext": func(_ *world, in, out json.RawMessage) string {
		return diff(text(out), masto.PlainText(text(in)))
	},
	"note_length":         checkNoteLength,
	"attribution_domains": checkAttributionDomains,
	"verifiable":          checkVerifiable,
	"emoji_scan": func(_ *world, in, out json.RawMessage) string {
		return diff(decode[[]string](out), append([]string{}, masto.FindEmojis(text(in))...))
	},
	"emojify":       checkEmojify,
	"link_back":     checkLinkBack,
	"hashtags":      checkHashtags,
	"fields_update": checkFieldsUpdate,
	"serializer":    checkSerializer,
	"errors":        checkErrors,
}

func TestConformance(t *testing.T) {
	known := vectors.Known(t)
	folders := []string{filepath.Join("testdata", "vectors")}
	folders = append(folders, filepath.SplitList(os.Getenv("MASTO_VECTORS"))...)
	for _, folder := range folders {
		w := readWorld(t, folder)
		for _, name := range slices.Sorted(maps.Keys(checks)) {
			path := filepath.Join(folder, name+".jsonl")
			if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) && folder != folders[0] {
				continue // a folder from MASTO_VECTORS need not have every file
			}
			t.Run(path, func(t *testing.T) { runVectors(t, w, path, checks[name], known) })
		}
	}
}

// runVectors runs one file and prints its count.
func runVectors(t *testing.T, w *world, path string, run check, known map[string]string) {
	var passed, total, listed int
	for _, v := range vectors.Read(t, path) {
		total++
		switch d := runVector(w, v, run); {
		case d == "":
			passed++
			if known[v.ID] != "" {
				t.Errorf("%s passes, but known.txt lists it: %s", v.ID, known[v.ID])
			}
		case known[v.ID] != "":
			listed++
		default:
			t.Errorf("%s\nin  %s\n%s", v.ID, clip(string(v.In)), clip(d))
		}
	}
	require.Positive(t, total, "no vectors in %s", path)
	fmt.Printf("%-46s %4d/%d passed", path, passed, total)
	if listed > 0 {
		fmt.Printf(", %d known", listed)
	}
	fmt.Println()
}

// runVector runs one vector. A line that is not a vector, a vector that the
// check cannot read, and one on which the library panics are misses with the
// reason.
func runVector(w *world, v vectors.Vector, run check) (miss string) {
	defer func() {
		if p := recover(); p != nil {
			miss = fmt.Sprintf("panic: %v", p)
		}
	}()
	if v.Err != nil {
		return v.Err.Error()
	}
	return run(w, v.In, v.Out)
}

// A line that is not a vector, and one that panics, is a miss with the reason.
// Times, stored fields and the account before the update may have any form.
func TestRunVector(t *testing.T) {
	const row = `{"name":"Site","value":"https://spore.io"`
	const verified = `{"fields":[` + row + `,"verified_at":"2024-03-04T05:06:07.000+00:00"}],"error":null}`
	kept := func(old string) string { return `{"old":` + old + `,"attributes":[` + row + `}]}` }
	const five = `[{"name":"a","value":""},{"name":"b","value":""},{"name":"c","value":""},` +
		`{"name":"d","value":""},{"name":"e","value":""}]`
	for _, c := range []struct {
		name string
		kind string
		in   string
		out  string
		miss string // a part of the reason; "" if the vector passes
	}{
		{
			name: "a vector",
			kind: "note",
			in:   `"x"`,
			out:  `"<p>x</p>"`,
		},
		{
			name: "another output",
			kind: "note",
			in:   `"x"`,
			out:  `"<p>y</p>"`,
			miss: "<p>y</p>",
		},
		{
			name: "an input of another type",
			kind: "note",
			in:   `5`,
			out:  `"<p>5</p>"`,
			miss: "cannot unmarshal number",
		},
		{
			name: "no input",
			kind: "serializer",
			out:  `"{}"`,
			miss: "unexpected end of JSON",
		},
		{
			name: "a list for an account",
			kind: "serializer",
			in:   `{"serializer":"account","account":[]}`,
			out:  `"{}"`,
			miss: "cannot unmarshal array",
		},
		{
			name: "an unknown serializer",
			kind: "serializer",
			in:   `{"serializer":"status","account":{}}`,
			out:  `"{}"`,
			miss: "no serializer status",
		},
		{
			name: "what is no time",
			kind: "fields_update",
			in:   kept(`[` + row + `,"verified_at":"soon"}]`),
			out:  verified,
			miss: `"soon" is no time`,
		},
		{
			name: "a time with a zone",
			kind: "fields_update",
			in:   kept(`[` + row + `,"verified_at":"2024-03-04T06:06:07.000+01:00"}]`),
			out:  `{"fields":[` + row + `,"verified_at":"2024-03-04T06:06:07.000+01:00"}],"error":null}`,
		},
		{
			name: "a time without a zone",
			kind: "fields_update",
			in:   kept(`[` + row + `,"verified_at":"2024-03-04T05:06:07"}]`),
			out:  verified,
		},
		{
			name: "a time of Ruby",
			kind: "fields_update",
			in:   kept(`[` + row + `,"verified_at":"2024-03-04 05:06:07 UTC"}]`),
			out:  verified,
		},
		{
			name: "a Unix time",
			kind: "fields_update",
			in:   kept(`[` + row + `,"verified_at":1709528767}]`),
			out:  verified,
		},
		{
			name: "stored fields as an object",
			kind: "fields_update",
			in:   kept(`{"0":` + row + `,"verified_at":"2024-03-04T05:06:07Z"}}`),
			out:  verified,
		},
		{
			name: "no stored fields",
			kind: "fields_update",
			in:   kept(`null`),
			out:  `{"fields":[` + row + `,"verified_at":null}],"error":null}`,
		},
		{
			name: "fields of the account before the update",
			kind: "errors",
			in: `{"display_name_limit":40,"current":{"fields":` + five + `},` +
				`"update":{"fields_attributes":` + five + `}}`,
			out: `null`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := readWorld(t, filepath.Join("testdata", "vectors"))
			v := vectors.Vector{ID: c.name, In: json.RawMessage(c.in), Out: json.RawMessage(c.out)}
			miss := runVector(w, v, checks[c.kind])
			if c.miss == "" {
				require.Empty(t, miss)
				return
			}
			require.Contains(t, miss, c.miss)
		})
	}
	t.Run("a line that is not a vector", func(t *testing.T) {
		broken := errors.New("no JSON")
		require.Equal(t, broken.Error(), runVector(nil, vectors.Vector{Err: broken}, nil))
	})
}

func checkRemoteField(w *world, in, out json.RawMessage) string {
	f := decode[struct {
		Value      string
		VerifiedAt anyTime `json:"verified_at"`
	}](in)
	field := masto.Field{Name: "n", Value: f.Value, VerifiedAt: f.VerifiedAt.Time}
	r := &masto.Record{Domain: "remote.example", Profile: masto.Profile{Fields: []masto.Field{field}}}
	return diffHTML(text(out), w.site.Account(r, w.view()).Fields[0].Value)
}

func checkEntities(_ *world, in, out json.RawMessage) string {
	type entity struct {
		Type  string `json:"type"`
		Text  string `json:"text"`
		Start int    `json:"start"`
		End   int    `json:"end"`
	}
	s := text(in)
	got := []entity{}
	for _, l := range masto.FindLinks(s) {
		got = append(got, entity{l.Kind.String(), l.Text, len([]rune(s[:l.Start])), len([]rune(s[:l.End]))})
	}
	return diff(decode[[]entity](out), got)
}

func checkNoteLength(w *world, in, out json.RawMessage) string {
	type length struct {
		Length  int  `json:"length"`
		TooLong bool `json:"too_long"`
	}
	n := masto.NoteLength(text(in))
	return diff(decode[length](out), length{n, n > w.limits.Note})
}

func checkAttributionDomains(w *world, in, out json.RawMessage) string {
	type result struct {
		Normalized []string `json:"normalized"`
		Invalid    []string `json:"invalid"`
	}
	var domains []string
	for _, d := range decode[[]*string](in) {
		if d != nil {
			domains = append(domains, *d)
		}
	}
	got := result{masto.NormalizeAttributionDomains(domains), []string{}}
	err := w.limits.Validate(masto.Update{AttributionDomains: masto.Some(domains)}.Normalized(), nil)
	if v, ok := errors.AsType[*masto.ValidationError](err); ok {
		for _, f := range v.Findings {
			if f.Code == masto.CodeInvalidDomain {
				got.Invalid = append(got.Invalid, f.Value)
			}
		}
	}
	return diff(decode[result](out), got)
}

func checkVerifiable(w *world, in, out json.RawMessage) string {
	type result struct {
		Value      *string `json:"value_for_verification"`
		Verifiable bool    `json:"verifiable"`
	}
	i := decode[struct {
		Remote      bool
		Value, HTML string
	}](in)
	want := decode[result](out)
	var got string
	var err error
	if i.Remote {
		got, err = masto.VerifiableLink(i.HTML)
	} else {
		r := &masto.Record{Profile: masto.Profile{Fields: []masto.Field{{Name: "n", Value: i.Value}}}}
		f := w.site.Profile(r, masto.View{}).Fields[0] // stripped and cut as it is shown
		if d := diff(*want.Value, f.Value); d != "" {
			return d
		}
		got, err = masto.Field{Name: "n", Value: i.Value}.VerifiableURL()
	}
	if want.Verifiable != (err == nil) {
		return fmt.Sprintf("verifiable: want %v, got %q, %v", want.Verifiable, got, err)
	}
	if want.Verifiable {
		return diff(*want.Value, got)
	}
	return ""
}

func checkEmojify(w *world, in, out json.RawMessage) string {
	i := decode[struct {
		HTML    string
		Animate bool
	}](in)
	return diffHTML(text(out), masto.Emojify(i.HTML, w.emojis, i.Animate))
}

func checkLinkBack(_ *world, in, out json.RawMessage) string {
	i := decode[struct {
		HTML       string
		ProfileURL string `json:"profile_url"`
		Status     int
		Redirects  map[string]string
	}](in)
	got := false
	if i.Status == 0 || i.Status == 200 {
		found, ask, err := masto.LinksBack(strings.NewReader(i.HTML), i.ProfileURL)
		if err != nil {
			return err.Error()
		}
		got = found || ask != "" && i.Redirects[ask] == i.ProfileURL
	}
	return diff(decode[bool](out), got)
}

func checkHashtags(_ *world, in, out json.RawMessage) string {
	i := decode[struct{ Op, Text string }](in)
	if i.Op == "normalize" {
		return diff(text(out), masto.NormalizeHashtag(i.Text))
	}
	got := []string{}
	for _, l := range masto.FindLinks(i.Text) {
		if l.Kind == masto.LinkHashtag {
			got = append(got, l.Text)
		}
	}
	return diff(decode[[]string](out), got)
}

func checkFieldsUpdate(w *world, in, out json.RawMessage) string {
	i := decode[struct {
		Old        fieldStates
		Attributes json.RawMessage
	}](in)
	want := decode[struct {
		Fields json.RawMessage
		Error  json.RawMessage
	}](out)
	r := &masto.Record{Profile: masto.Profile{Fields: i.Old.fields()}}
	body := `{"fields_attributes":` + string(i.Attributes) + `}`
	u, err := masto.DecodeUpdate("application/json", "", strings.NewReader(body), w.limits)
	if err != nil {
		return err.Error()
	}
	gotError := []byte("null")
	if err := w.limits.Validate(u.Normalized(), r); err != nil {
		gotError = encode(err)
	}
	r.Apply(u, masto.Pictures{})
	gotFields := encode(w.site.Profile(r, masto.View{}).Fields)
	return diff(decode[any](want.Fields), decode[any](gotFields)) + diff(decode[any](want.Error), decode[any](gotError))
}

func checkErrors(w *world, in, out json.RawMessage) string {
	type upload struct {
		ContentType string `json:"content_type"`
		Size        int
		Spoofed     bool
	}
	type attributes struct {
		DisplayName        *string         `json:"display_name"`
		Note               *string         `json:"note"`
		Fields             json.RawMessage `json:"fields_attributes"`
		AttributionDomains []string        `json:"attribution_domains"`
		Locked             *bool           `json:"locked"`
		AvatarDescription  *string         `json:"avatar_description"`
		HeaderDescription  *string         `json:"header_description"`
		Avatar, Header     *upload
	}
	i := decode[struct {
		DisplayNameLimit int `json:"display_name_limit"`
		Current          json.RawMessage
		Update           map[string]json.RawMessage
	}](in)
	a := decode[attributes](encode(i.Update))
	delete(i.Update, "avatar")
	delete(i.Update, "header")
	limits := w.limits
	limits.DisplayName = i.DisplayNameLimit
	u, err := masto.DecodeUpdate("application/json", "", bytes.NewReader(encode(i.Update)), limits)
	if err != nil {
		return err.Error()
	}
	asUpload := func(up *upload) masto.Opt[*masto.Upload] {
		if up == nil {
			return masto.Opt[*masto.Upload]{}
		}
		return masto.Some(sampleUpload(up.ContentType, up.Size, up.Spoofed))
	}
	u.Avatar, u.Header = asUpload(a.Avatar), asUpload(a.Header)
	var current *masto.Record
	if len(i.Current) > 0 {
		c, err := masto.DecodeUpdate("application/json", "", bytes.NewReader(i.Current), limits)
		if err != nil {
			return err.Error()
		}
		current = &masto.Record{}
		current.Apply(c, masto.Pictures{})
		// The stored fields, unlike fields_attributes, stand as they are.
		if stored := decode[struct{ Fields fieldStates }](i.Current).Fields; len(stored) > 0 {
			current.Profile.Fields = stored.fields()
		}
	}
	got := "null"
	if err := limits.Validate(u.Normalized(), current); err != nil {
		got = string(encode(err))
	}
	want := "null"
	if string(out) != "null" {
		want = text(out)
	}
	return diff(want, got)
}

// sampleUpload makes an upload of a type and size. If spoofed, its data
// contradict the declared type.
func sampleUpload(contentType string, size int, spoofed bool) *masto.Upload {
	magic := map[string]string{
		"image/png":     "\x89PNG\r\n\x1a\n",
		"image/jpeg":    "\xff\xd8\xff\xe0",
		"image/gif":     "GIF89a",
		"image/webp":    "RIFF\x00\x00\x00\x00WEBPVP8 ",
		"image/bmp":     "BM",
		"image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg">`,
		"text/html":     "<html>",
	}
	data := make([]byte, size)
	copy(data, magic[contentType])
	declared := contentType
	switch {
	case spoofed && strings.HasPrefix(contentType, "image/"):
		declared = "text/html"
	case spoofed:
		declared = "image/png"
	}
	return &masto.Upload{ContentType: declared, Data: data}
}

// attributeLists finds the attributes of start tags as they are written here.
var attributeLists = regexp.MustCompile(`<[^\s>/]+(?: =?[^\s>/=]+="[^"]*")+>`)

// diffHTML compares HTML without regard to the order of the attributes of an
// element, which is that of the parser.
func diffHTML(want, got string) string {
	if want == got {
		return ""
	}
	return diff(sortAttributes(want), sortAttributes(got))
}

// sortAttributes returns HTML with the attributes of each element in order.
func sortAttributes(html string) string {
	return attributeLists.ReplaceAllStringFunc(html, func(tag string) string {
		name, attrs, _ := strings.Cut(strings.TrimSuffix(tag, `">`), " ")
		list := strings.Split(attrs, `" `)
		slices.Sort(list)
		return name + " " + strings.Join(list, `" `) + `">`
	})
}

// helpers

func decode[T any](data []byte) T {
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		panic(fmt.Sprintf("%v in %s", err, clip(string(data))))
	}
	return v
}

func text(data json.RawMessage) string { return decode[string](data) }

// encode encodes v without escaping HTML, as the entities do.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

func diff(want, got any) string {
	if cmp.Equal(want, got) {
		return ""
	}
	if s, ok := want.(string); ok {
		return fmt.Sprintf("want %q\ngot  %q", s, got)
	}
	return cmp.Diff(want, got)
}

func clip(s string) string {
	if len(s) > 1500 {
		return s[:1500] + "…"
	}
	return s
}

// anyTime is a time in any form that a vector may have: ISO 8601 with or
// without a zone, as Ruby prints it, a date, or a Unix number of seconds. null
// and "" are the zero time.
type anyTime struct{ time.Time }

// timeLayouts are the forms of a time that is text.
var timeLayouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999 MST",
	"2006-01-02 15:04:05.999999999 -0700",
	"2006-01-02 15:04:05.999999999",
	time.DateOnly,
}

func (t *anyTime) UnmarshalJSON(data []byte) error {
	s := strings.Trim(string(data), `"`)
	if s == "" || s == "null" {
		t.Time = time.Time{}
		return nil
	}
	if seconds, err := strconv.ParseFloat(s, 64); err == nil {
		t.Time = time.UnixMilli(int64(seconds * 1000)).UTC()
		return nil
	}
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, s); err == nil {
			t.Time = at
			return nil
		}
	}
	return fmt.Errorf("%q is no time", s)
}

// fieldState is a row of fields as the server of the vectors stores it.
type fieldState struct {
	Name, Value string
	VerifiedAt  anyTime `json:"verified_at"`
}

// fieldStates are stored rows: a list, an object of rows in the order of its
// keys' appearance, or null.
type fieldStates []fieldState

func (s *fieldStates) UnmarshalJSON(data []byte) error {
	*s = nil
	if bytes.HasPrefix(data, []byte("[")) {
		return json.Unmarshal(data, (*[]fieldState)(s))
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open == nil {
		return err
	}
	for d.More() {
		if _, err := d.Token(); err != nil {
			return err
		}
		var row fieldState
		if err := d.Decode(&row); err != nil {
			return err
		}
		*s = append(*s, row)
	}
	return nil
}

// fields returns the rows as a Record has them.
func (s fieldStates) fields() []masto.Field {
	var fields []masto.Field
	for _, row := range s {
		fields = append(fields, masto.Field{Name: row.Name, Value: row.Value, VerifiedAt: row.VerifiedAt.Time})
	}
	return fields
}
