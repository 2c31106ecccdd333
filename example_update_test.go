package masto_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

// A server reads a PATCH, checks it and applies it to the record. The changes
// tell it what to do next.
func ExampleDecodeUpdate() {
	record := masto.NewRecord("115", "alice")
	record.Profile.DisplayName = "Alice"
	record.Profile.Note = "Hello"
	record.Profile.Locked = true

	body := "note=&locked=false&fields_attributes[0][name]=Garden&fields_attributes[0][value]=moss"
	u, err := masto.DecodeUpdate("application/x-www-form-urlencoded", "", strings.NewReader(body), masto.Limits{})
	if err != nil {
		fmt.Println(err) // a *DecodeError: malformed, too large, …
		return
	}
	u = u.Normalized()
	if err := (masto.Limits{}).Validate(u, record); err != nil {
		fmt.Println(err) // a *ValidationError
		return
	}
	changes := record.Apply(u, masto.Pictures{})

	fmt.Printf("%q %q\n", record.Profile.DisplayName, record.Profile.Note)
	fmt.Println(record.Profile.Fields[0].Name, record.Profile.Fields[0].Value)
	fmt.Println(changes.Has(masto.Unlocked), changes.Has(masto.ChangedDisplayName))
	// Output:
	// "Alice" ""
	// Garden moss
	// true false
}

// Every finding comes at once. Their JSON is the body of a 422 answer.
func ExampleLimits_Validate() {
	u := masto.Update{
		DisplayName:        masto.Some("Alice in the mushroom garden"),
		AttributionDomains: masto.Some([]string{"https://spore.example", "not a domain"}),
	}
	err := masto.Limits{DisplayName: 20}.Validate(u.Normalized(), nil)

	if v, ok := errors.AsType[*masto.ValidationError](err); ok {
		for _, f := range v.Findings {
			fmt.Printf("%s: %s %q %d\n", f.Attribute, f.Code, f.Value, f.Limit)
		}
	}
	body, _ := json.Marshal(err)
	fmt.Println(string(body))
	// Output:
	// attribution_domains: ERR_INVALID_DOMAIN_ON_LINE "not a domain" 0
	// display_name: ERR_TOO_LONG "" 20
	// {"error":"Validation failed: Attribution domains not a domain is not a valid domain name, Display name is too long (maximum is 20 characters)","details":{"attribution_domains":[{"error":"ERR_INVALID_DOMAIN_ON_LINE","description":"not a domain is not a valid domain name"}],"display_name":[{"error":"ERR_TOO_LONG","description":"is too long (maximum is 20 characters)"}]}}
}

// People paste addresses where domains belong.
func ExampleNormalizeAttributionDomains() {
	domains := []string{" https://spore.io ", "*.spore.io", "", "http://blog.spore.io"}
	fmt.Printf("%q\n", masto.NormalizeAttributionDomains(domains))
	// Output: ["spore.io" "blog.spore.io"]
}

// A limit of 0 is the default, and a negative one is no limit.
func ExampleLimits() {
	l := masto.Limits{DisplayName: 50, Fields: -1}
	u := masto.Update{
		DisplayName: masto.Some(strings.Repeat("x", 50)),
		Fields:      masto.Some([]masto.Field{{Name: "1"}, {Name: "2"}, {Name: "3"}, {Name: "4"}, {Name: "5"}}),
	}
	fmt.Println(l.Validate(u, nil))
	fmt.Println(masto.DefaultLimits().Validate(u, nil))
	// Output:
	// <nil>
	// Validation failed: Display name is too long (maximum is 40 characters), Fields is too long (maximum is 4 characters)
}

// A client reads the profile, lets somebody edit a copy, and sends what is
// different.
func ExampleDiff() {
	before := masto.Profile{
		DisplayName:        "Alice",
		Note:               "Mushrooms!",
		AttributionDomains: []string{"spore.example"},
		Fields:             []masto.Field{{Name: "Site", Value: "https://spore.example"}},
	}
	after := before
	after.Note = "" // It is cleared, which is not the same as left alone.
	after.Fields = append([]masto.Field{{Name: "Pronouns", Value: "she/her"}}, before.Fields...)

	form, err := masto.Diff(before, after).EncodeForm()
	fmt.Println(strings.ReplaceAll(form, "&", "\n"), err)
	// Output:
	// note=
	// fields_attributes%5B0%5D%5Bname%5D=Pronouns
	// fields_attributes%5B0%5D%5Bvalue%5D=she%2Fher
	// fields_attributes%5B1%5D%5Bname%5D=Site
	// fields_attributes%5B1%5D%5Bvalue%5D=https%3A%2F%2Fspore.example <nil>
}

// Somebody else changed the bio while it was edited here. Changes that do not
// collide can be sent.
func ExampleConflict() {
	base := masto.Profile{DisplayName: "Alice", Note: "Hello"}
	theirs := masto.Profile{DisplayName: "Alice", Note: "Hello from the phone"}
	mine := masto.Profile{DisplayName: "Alice B.", Note: "Hello from the desk"}

	fmt.Println(masto.Conflict(base, theirs, mine))
	mine.Note = base.Note
	fmt.Println(masto.Conflict(base, theirs, mine))
	// Output:
	// [note]
	// []
}

// Changes tell a server what to do next.
func ExampleRecord_Apply() {
	record := masto.NewRecord("115", "alice")
	record.Profile.Locked = true
	changes := record.Apply(masto.Update{
		Locked: masto.Some(false),
		Fields: masto.Some([]masto.Field{{Name: "Site", Value: "https://spore.io"}}),
	}, masto.Pictures{})
	fmt.Println(changes)
	if changes.Has(masto.Unlocked) {
		fmt.Println("accept the pending follow requests")
	}
	if changes.Has(masto.NeedsVerification) {
		fmt.Println("verify the links")
	}
	// Output:
	// fields, needs verification, locked, unlocked
	// accept the pending follow requests
	// verify the links
}

// Changing a field keeps the verification of the others, whose values are sent
// as they were.
func ExampleRecord_Apply_verification() {
	record := masto.NewRecord("115", "alice")
	record.Profile.Fields = []masto.Field{
		{Name: "Site", Value: "https://spore.example", VerifiedAt: parseTime("2024-03-04T05:06:07Z")},
		{Name: "Mood", Value: "damp"},
	}
	after := record.Clone().Profile
	after.Fields[1].Value = "dry"

	record.Apply(masto.Diff(record.Profile, after), masto.Pictures{})
	for _, f := range record.Profile.Fields {
		fmt.Println(f.Name, f.Value, !f.VerifiedAt.IsZero())
	}
	// Output:
	// Site https://spore.example true
	// Mood dry false
}

// An avatar is sent as a file. The body has a length and can be read again, as
// http.Request needs it.
func ExampleUpdate_EncodeMultipart() {
	u := masto.Update{
		Avatar: masto.Some(&masto.Upload{
			Filename:    "me.png",
			ContentType: "image/png",
			Data:        []byte("\x89PNG\r\n\x1a\n…"),
		}),
		AvatarDescription: masto.Some("A fly agaric"),
	}
	body, err := u.EncodeMultipart()
	if err != nil {
		fmt.Println(err) // an *EncodeError: a form cannot remove a picture, DELETE can
		return
	}
	mediaType, _, _ := mime.ParseMediaType(body.ContentType)
	n, _ := io.Copy(io.Discard, body.NewReader())
	fmt.Println(mediaType, n == body.Length)

	got, _ := masto.DecodeUpdate(body.ContentType, "", body.NewReader(), masto.Limits{})
	fmt.Println(got.Avatar.Value.Filename, got.AvatarDescription.Value)
	// Output:
	// multipart/form-data true
	// me.png A fly agaric
}

// In JSON null removes a picture.
func ExampleUpdate_MarshalJSON() {
	u := masto.Update{
		Note:         masto.Some(""),
		Header:       masto.Some[*masto.Upload](nil),
		Discoverable: masto.Some(new(true)),
		Fields:       masto.Some([]masto.Field{{Name: "Mood", Value: "<damp>"}}),
	}
	body, err := u.MarshalJSON()
	fmt.Println(string(body), err)
	// Output:
	// {"note":"","header":null,"discoverable":true,"fields_attributes":[{"name":"Mood","value":"<damp>"}]} <nil>
}

// A form shows counters, and warns of what the server would cut.
func ExampleLimits_Usage() {
	u := masto.Update{
		Note:   masto.Some("Mushrooms at https://spore.io/a/very/long/address"),
		Fields: masto.Some([]masto.Field{{Name: "Mood", Value: "damp and a little windy"}}),
	}
	for _, usage := range (masto.Limits{Note: 30, FieldValue: 10}).Usage(u) {
		switch {
		case usage.Over() && usage.Truncates:
			fmt.Println(usage, "(will be cut)")
		case usage.Over():
			fmt.Println(usage, "(too long)")
		default:
			fmt.Println(usage)
		}
	}
	// Output:
	// note: 35 of 30 characters (too long)
	// fields_attributes: 1 of 4 rows
	// fields_attributes[0][name]: 4 of 255 code points
	// fields_attributes[0][value]: 23 of 10 code points (will be cut)
}

// On a server with neither the profile methods nor a source, the profile to
// edit is made from the account.
func ExampleCredentialAccount_EditableProfile() {
	body := `{
		"id": "1",
		"display_name": "Alice",
		"note": "<p>Mushrooms with <a class=\"mention\" href=\"https://b.example/@bob\">@bob</a></p>",
		"avatar": "https://old.example/avatars/original/missing.png",
		"fields": []
	}`
	var a masto.CredentialAccount
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		fmt.Println(err)
		return
	}
	p := a.EditableProfile()
	fmt.Printf("%s / %s / %q\n", p.DisplayName, p.Note, p.Avatar)
	// Output:
	// Alice / Mushrooms with @bob@b.example / ""
}

// A client clears the bio by setting it to "", which is not the same as leaving
// it alone. That is what Opt is for.
func Example_clearBio() {
	var alone masto.Update
	clear := masto.Update{Note: masto.Some("")}
	for _, u := range []masto.Update{alone, clear} {
		form, err := u.EncodeForm()
		body, _ := json.Marshal(u)
		fmt.Printf("%q %s %v\n", form, body, err)
	}
	// Output:
	// "" {} <nil>
	// "note=" {"note":""} <nil>
}

// The list of fields is sent whole. Rows that are sent unchanged keep their
// verification, so start from the raw ones of the profile.
func Example_changeOneField() {
	body := `{
		"id": "1",
		"fields": [
			{"name": "Site", "value": "https://spore.example", "verified_at": "2024-03-04T05:06:07.890+00:00"},
			{"name": "Mood", "value": "damp", "verified_at": null}
		]
	}`
	var before masto.Profile
	if err := json.Unmarshal([]byte(body), &before); err != nil {
		fmt.Println(err)
		return
	}
	after := before
	after.Fields = slices.Clone(before.Fields) // It must not change before.
	after.Fields[1].Value = "dry"

	u := masto.Diff(before, after)
	form, err := u.EncodeForm()
	fmt.Println(strings.ReplaceAll(form, "&", "\n"), err)

	// What the server makes of it:
	record := &masto.Record{Profile: before}
	record.Apply(u, masto.Pictures{})
	for _, f := range record.Profile.Fields {
		fmt.Println(f.Name, f.Value, "verified:", !f.VerifiedAt.IsZero())
	}
	// Output:
	// fields_attributes%5B0%5D%5Bname%5D=Site
	// fields_attributes%5B0%5D%5Bvalue%5D=https%3A%2F%2Fspore.example
	// fields_attributes%5B1%5D%5Bname%5D=Mood
	// fields_attributes%5B1%5D%5Bvalue%5D=dry <nil>
	// Site https://spore.example verified: true
	// Mood dry verified: false
}

// A server publishes the limits that it enforces.
func ExampleLimits_AppendInstance() {
	limits := masto.Limits{Note: 1000, Fields: 8}
	body := append(limits.AppendInstance([]byte(`{"configuration":{"accounts":`)), "}}"...)
	i, err := client.DecodeInstance(body)
	fmt.Println(i.Limits.Note, i.Limits.Fields, err)
	// Output:
	// 1000 8 <nil>
}
