package check_test

import (
	"bytes"
	"encoding/csv"
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

var rewrite = flag.Bool("update", false, "write testdata/wire/*.expected again")

// checks are the checks by the name of an entity in testdata/wire/index.tsv.
var checks = map[string]func([]byte) []check.Deviation{
	"Account": check.Account, "Account+source": check.Account, "Profile": check.Profile,
	"CredentialAccount": check.CredentialAccount, "CredentialAccount(without source)": check.CredentialAccount,
}

// Each sample of what servers send deviates exactly where its .expected file
// says.
func TestCheckWireSamples(t *testing.T) {
	folder := filepath.Join("..", "testdata", "wire")
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
		path := filepath.Join(folder, filepath.FromSlash(row[0]))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, d := range checks[row[1]](data) {
			fmt.Fprintf(&got, "%s\t%s\t%s\n", d.Pointer, d.Kind, d.Detail)
		}
		if *rewrite {
			if err := os.WriteFile(path+".expected", []byte(got.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path + ".expected")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", row[0], d)
		}
	}
}

// What the library makes of a record does not deviate.
func TestCheckOwnOutput(t *testing.T) {
	yes, no, language := true, false, "zh-TW"
	site := &masto.Site{Domain: "social.example"}
	moved := &masto.Record{Username: "b", Domain: "b.example", URI: "https://b.example/u/b"}
	full := &masto.Record{
		Username: "a", Limited: true, Memorial: true, FollowersCount: -1, Noindex: &yes, EmailSubscriptions: &no, MovedTo: moved,
		Profile: masto.Profile{
			ID: "1", DisplayName: "A", Note: "https://a.example #b", Fields: []masto.Field{{Name: "n", Value: "v"}}, Discoverable: &yes,
			FeaturedTags: []masto.FeaturedTag{{ID: "1", Name: "x"}}, AttributionDomains: []string{"a.example"},
		},
		Role:    &masto.Role{ID: "3", Name: "r", Color: "#ff0000", Highlighted: true},
		Posting: masto.Posting{Language: &language},
	}
	view := masto.View{FeatureApproval: &masto.FeatureApproval{CurrentUser: "denied"}}
	for _, r := range []*masto.Record{{Username: "a"}, moved, full, {Username: "s", Suspended: true, MovedTo: moved}} {
		for _, v := range []masto.View{{}, view} {
			account, credential, profile := site.Account(r, v), site.CredentialAccount(r, v), site.Profile(r, v)
			muted := site.MutedAccount(r, v, r.CreatedAt, r.CreatedAt)
			for name, found := range map[string][]check.Deviation{
				"Account": check.Account(account.AppendJSON(nil)), "CredentialAccount": check.CredentialAccount(credential.AppendJSON(nil)),
				"MutedAccount": check.MutedAccount(muted.AppendJSON(nil)), "Profile": check.Profile(profile.AppendJSON(nil)),
				"Source": check.Source(credential.Source.AppendJSON(nil)), "Role": check.Role(credential.Role.AppendJSON(nil)),
			} {
				if found != nil {
					t.Errorf("%s of %s: %v", name, r.Username, found)
				}
			}
		}
	}
}

func TestCheckDeviations(t *testing.T) {
	tests := []struct {
		judge func([]byte) []check.Deviation
		in    string
		want  string
	}{
		{check.Field, " \n{ \"name\" : \"n\",\"value\": \"v\" , \"verified_at\":null} \n", "[]"},
		{check.Field, `{"name":"n","value":"v","verified_at":"2019-08-29T04:14:55.571+00:00"}`, "[]"},
		{check.Field, `{"name":`, "[ malformed: unexpected end of JSON input]"},
		{check.Field, `[1]`, "[ type: an array instead of an object]"},
		{check.Field, `null`, "[ type: null instead of an object]"},
		{check.Field, `{"value":1,"name":null,"a/b~":[],"value":"v"}`, "[/value type: a number instead of a string /name null: null is not allowed /a~1b~0 unknown: Field has no such member /value duplicate: a second value /verified_at missing: since 2.6.0]"},
		{check.Field, `{"name":"","value":"","verified_at":"2019-08-29T04:14:55"}`, `[/verified_at format: "2019-08-29T04:14:55" is no date with time and zone]`},
		{check.AccountRole, `{"id":"1","name":"","color":"red"}`, `[/color format: "red" is no hex code]`},
		{check.Role, `{"id":1,"name":"","color":"","permissions":"x","highlighted":0,"collection_limit":1.5}`, `[/id type: a number instead of a string /permissions format: "x" is no whole number /highlighted type: a number instead of a Boolean /collection_limit format: 1.5 is not a whole number]`},
		{check.CustomEmoji, `{"shortcode":"a","url":"/a.png","static_url":"https://a.example/a.png","visible_in_picker":true,"category":null}`, `[/url format: "/a.png" is no absolute address]`},
		{check.FeaturedTag, `{"id":"1","name":"a","url":"https://a.example/","statuses_count":"12","last_status_at":"2020-01-02T00:00:00Z"}`, `[/last_status_at format: "2020-01-02T00:00:00Z" is no date alone]`},
		{check.FeatureApproval, `{"automatic":[1,"public"],"manual":{},"current_user":"maybe"}`, `[/automatic/0 type: a number instead of a string /manual type: an object instead of an array /current_user format: "maybe" is none of automatic, manual, denied, unknown, missing]`},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(tt.judge([]byte(tt.in))); got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.in, got, tt.want)
		}
	}
	// The target of a move is checked, and has no target itself.
	inner := `"moved":{"id":1,"moved":{"id":2}}`
	var places []string
	for _, d := range check.Account([]byte("{" + inner + "}")) {
		if d.Kind != check.Missing {
			places = append(places, d.String())
		}
	}
	if want := []string{"/moved/id type: a number instead of a string", "/moved/moved unknown: the target of a move does not move itself"}; !cmp.Equal(want, places) {
		t.Error(cmp.Diff(want, places))
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"moved":{"moved":{}},"fields":[null,1,{}],"source":[],"id":1,"id":null}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, judge := range checks {
			for _, d := range judge(data) {
				if d.Kind == "" || d.Detail == "" {
					t.Errorf("deviation %+v", d)
				}
			}
		}
	})
}

// A server author's test checks what the server answers.
func ExampleField() {
	for _, d := range check.Field([]byte(`{"name": "Site", "value": null, "verified_at": "yesterday"}`)) {
		fmt.Println(d)
	}
	// Output:
	// /value null: null is not allowed
	// /verified_at format: "yesterday" is no date with time and zone
}
