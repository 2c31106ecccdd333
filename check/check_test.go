package check_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/check"
)

var update = flag.Bool("update", false, "rewrite mastotest/fixtures/**/*.expected")

// checks has the function for each name of an entity in
// mastotest/fixtures/index.tsv.
var checks = map[string]func([]byte) []check.Deviation{
	"Account":                           check.Account,
	"Account+source":                    check.Account,
	"Profile":                           check.Profile,
	"CredentialAccount":                 check.CredentialAccount,
	"CredentialAccount(without source)": check.CredentialAccount,
}

// marshal returns the JSON of an entity as its own method writes it.
func marshal(t *testing.T, e json.Marshaler) []byte {
	t.Helper()
	data, err := e.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestCheckWireSamples checks that each captured answer deviates exactly where
// its .expected file says.
func TestCheckWireSamples(t *testing.T) {
	folder := filepath.Join("..", "mastotest", "fixtures")
	index, err := os.ReadFile(filepath.Join(folder, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(index))
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 15 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		t.Run(row[0], func(t *testing.T) {
			path := filepath.Join(folder, filepath.FromSlash(row[0]))
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, d := range checks[row[1]](data) {
				fmt.Fprintf(&got, "%s\t%s\t%s\n", d.Pointer, d.Kind, d.Detail)
			}
			if *update {
				if err := os.WriteFile(path+".expected", []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path + ".expected")
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got.String()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestCheckOwnOutput checks that no entity that the library makes of a record
// deviates.
func TestCheckOwnOutput(t *testing.T) {
	yes, no, language := true, false, "zh-TW"
	moved := &masto.Record{Username: "b", Domain: "b.example", URI: "https://b.example/u/b"}
	records := []struct {
		name   string
		record *masto.Record
	}{
		{"empty", &masto.Record{Username: "a"}},
		{"remote", moved},
		{"suspended", &masto.Record{Username: "s", Suspended: true, MovedTo: moved}},
		{"full", &masto.Record{
			Username:           "a",
			Limited:            true,
			Memorial:           true,
			FollowersCount:     -1,
			Noindex:            &yes,
			EmailSubscriptions: &no,
			MovedTo:            moved,
			Profile: masto.Profile{
				ID:                 "1",
				DisplayName:        "A",
				Note:               "https://a.example #b",
				Fields:             []masto.Field{{Name: "n", Value: "v"}},
				Discoverable:       &yes,
				FeaturedTags:       []masto.FeaturedTag{{ID: "1", Name: "x"}},
				AttributionDomains: []string{"a.example"},
			},
			Role:    &masto.Role{ID: "3", Name: "r", Color: "#ff0000", Highlighted: true},
			Posting: masto.PostingDefaults{Language: &language},
		}},
	}
	views := []struct {
		name string
		view masto.View
	}{
		{"zero view", masto.View{}},
		{"feature approval", masto.View{FeatureApproval: func(*masto.Record) *masto.FeatureApproval {
			return &masto.FeatureApproval{CurrentUser: "denied"}
		}}},
	}
	site := &masto.Site{Domain: "social.example"}
	for _, r := range records {
		for _, v := range views {
			t.Run(r.name+"/"+v.name, func(t *testing.T) {
				account := site.Account(r.record, v.view)
				credential := site.CredentialAccount(r.record, v.view)
				muted := site.MutedAccount(r.record, v.view, r.record.CreatedAt, r.record.CreatedAt)
				partial := site.PartialAccountWithAvatar(r.record)
				profile := site.Profile(r.record, v.view)
				for _, c := range []struct {
					entity string
					found  []check.Deviation
				}{
					{"Account", check.Account(marshal(t, account))},
					{"CredentialAccount", check.CredentialAccount(marshal(t, credential))},
					{"MutedAccount", check.MutedAccount(marshal(t, muted))},
					{"PartialAccountWithAvatar", check.PartialAccountWithAvatar(marshal(t, partial))},
					{"Profile", check.Profile(marshal(t, profile))},
					{"Source", check.Source(marshal(t, credential.Source))},
					{"Role", check.Role(marshal(t, credential.Role))},
				} {
					if c.found != nil {
						t.Errorf("%s: %v", c.entity, c.found)
					}
				}
			})
		}
	}
}

func TestCheckDeviations(t *testing.T) {
	tests := []struct {
		name  string
		check func([]byte) []check.Deviation
		in    string
		want  []string
	}{
		{
			name:  "null",
			check: check.Field,
			in:    " \n{ \"name\" : \"n\",\"value\": \"v\" , \"verified_at\":null} \n",
		},
		{
			name:  "time",
			check: check.Field,
			in:    `{"name":"n","value":"v","verified_at":"2019-08-29T04:14:55.571+00:00"}`,
		},
		{
			name:  "malformed",
			check: check.Field,
			in:    `{"name":`,
			want:  []string{" malformed: unexpected end of JSON input"},
		},
		{
			name:  "array instead of the entity",
			check: check.Field,
			in:    `[1]`,
			want:  []string{" type: an array instead of an object"},
		},
		{
			name:  "null instead of the entity",
			check: check.Field,
			in:    `null`,
			want:  []string{" type: null instead of an object"},
		},
		{
			name:  "several members",
			check: check.Field,
			in:    `{"value":1,"name":null,"a/b~":[],"value":"v"}`,
			want: []string{
				"/value type: a number instead of a string",
				"/name null: null is not allowed",
				"/a~1b~0 unknown: Field has no such member",
				"/value duplicate: value occurs more than once",
				"/verified_at missing: always sent since 2.6.0",
			},
		},
		{
			name:  "time without a zone",
			check: check.Field,
			in:    `{"name":"","value":"","verified_at":"2019-08-29T04:14:55"}`,
			want:  []string{`/verified_at format: "2019-08-29T04:14:55" is not a date and time with a zone`},
		},
		{
			name:  "color by its name",
			check: check.AccountRole,
			in:    `{"id":"1","name":"","color":"red"}`,
			want:  []string{`/color format: "red" is not a hex color code`},
		},
		{
			name:  "numbers",
			check: check.Role,
			in:    `{"id":1,"name":"","color":"","permissions":"x","highlighted":0,"collection_limit":1.5}`,
			want: []string{
				"/id type: a number instead of a string",
				`/permissions format: "x" is not a whole number`,
				"/highlighted type: a number instead of a Boolean",
				"/collection_limit format: 1.5 is not a whole number",
			},
		},
		{
			name:  "relative URL",
			check: check.CustomEmoji,
			in: `{"shortcode":"a","url":"/a.png","static_url":"https://a.example/a.png",` +
				`"visible_in_picker":true,"category":null}`,
			want: []string{`/url format: "/a.png" is not an absolute URL with http or https`},
		},
		{
			name:  "time instead of a date",
			check: check.FeaturedTag,
			in: `{"id":"1","name":"a","url":"https://a.example/","statuses_count":"12",` +
				`"last_status_at":"2020-01-02T00:00:00Z"}`,
			want: []string{`/last_status_at format: "2020-01-02T00:00:00Z" is not a date without a time`},
		},
		{
			name:  "lists and keywords",
			check: check.FeatureApproval,
			in:    `{"automatic":[1,"public"],"manual":{},"current_user":"maybe"}`,
			want: []string{
				"/automatic/0 type: a number instead of a string",
				"/manual type: an object instead of an array",
				`/current_user format: "maybe" is not one of automatic, manual, denied, unknown, missing`,
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, texts(tt.check([]byte(tt.in)))); d != "" {
				t.Errorf("%s (-want +got):\n%s", tt.in, d)
			}
		})
	}
}

// texts returns the deviations as text.
func texts(deviations []check.Deviation) []string {
	var all []string
	for _, d := range deviations {
		all = append(all, d.String())
	}
	return all
}

// TestCheckMoved checks that the target of a move is checked like any account,
// but must not have a target itself.
func TestCheckMoved(t *testing.T) {
	var found []check.Deviation
	for _, d := range check.Account([]byte(`{"uri":"x","moved":{"id":1,"moved":{"id":2}}}`)) {
		if d.Kind != check.Missing {
			found = append(found, d)
		}
	}
	want := []string{
		`/uri format: "x" is not an absolute URI`,
		"/moved/id type: a number instead of a string",
		"/moved/moved unknown: the target of a move has no moved member",
	}
	if d := cmp.Diff(want, texts(found)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"moved":{"moved":{}},"fields":[null,1,{}],"source":[],"id":1,"id":null}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, deviations := range checks {
			for _, d := range deviations(data) {
				if d.Kind == "" || d.Detail == "" {
					t.Errorf("deviation %+v", d)
				}
			}
		}
	})
}

func ExampleField() {
	for _, d := range check.Field([]byte(`{"name": "Site", "value": null, "verified_at": "yesterday"}`)) {
		fmt.Println(d)
	}
	// Output:
	// /value null: null is not allowed
	// /verified_at format: "yesterday" is not a date and time with a zone
}
