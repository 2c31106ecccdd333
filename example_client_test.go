package masto_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"github.com/seed-374a2035/masto"
)

// A client reads the profile, lets somebody edit a copy, and sends what is different.
func ExampleDiff() {
	before := masto.Profile{
		DisplayName: "Alice", Note: "Mushrooms!", AttributionDomains: []string{"spore.example"},
		Fields: []masto.Field{{Name: "Site", Value: "https://spore.example"}},
	}
	after := before
	after.Note = "" // cleared, which is not the same as left alone
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

// Somebody else changed the bio while it was edited here. What does not collide can be sent.
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

// Changing a field keeps the verification of the others: their values are sent as they were.
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

// An avatar is sent as a file. The body has a length and can be read again, as http.Request wants it.
func ExampleUpdate_EncodeMultipart() {
	u := masto.Update{
		Avatar:            masto.Some(&masto.Upload{Filename: "me.png", ContentType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n…")}),
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
		Note: masto.Some(""), Header: masto.Some[*masto.Upload](nil),
		Fields: masto.Some([]masto.Field{{Name: "Mood", Value: "<damp>"}}), Discoverable: masto.Some(new(true)),
	}
	body, err := u.MarshalJSON()
	fmt.Println(string(body), err)
	// Output:
	// {"note":"","header":null,"discoverable":true,"fields_attributes":[{"name":"Mood","value":"<damp>"}]} <nil>
}

// Counters in a form, and a warning about what the server would cut.
func ExampleLimits_Usage() {
	u := masto.Update{
		Note:   masto.Some("Mushrooms at https://spore.io/a/very/long/address"),
		Fields: masto.Some([]masto.Field{{Name: "Mood", Value: "damp and a little windy"}}),
	}
	for _, usage := range (masto.Limits{Note: 30, FieldValue: 10}).Usage(u) {
		switch {
		case usage.Over() && usage.Cut:
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

// The errors of a form, each beside its input.
func ExampleDecodeAPIError() {
	body := `{"error":"Validation failed: Note is too long (maximum is 500 characters), Fields contains values with missing labels",` +
		`"details":{"note":[{"error":"ERR_TOO_LONG","description":"is too long (maximum is 500 characters)"}],` +
		`"fields":[{"error":"ERR_FIELDS_WITH_VALUES_MISSING_LABELS","description":"contains values with missing labels"}]}}`
	var err error = masto.DecodeAPIError(422, []byte(body))

	if v, ok := errors.AsType[*masto.ValidationError](err); ok {
		for _, f := range v.Findings {
			fmt.Printf("%-6s %s\n", f.Attribute, f.Description)
		}
	}
	fmt.Println(masto.DecodeAPIError(502, []byte("<html><title>Bad Gateway</title>…")))
	// Output:
	// note   is too long (maximum is 500 characters)
	// fields contains values with missing labels
	// masto: the server answered 502: Bad Gateway
}

// What a server allows, and whether it has the profile methods. Only for Mastodon
// itself is a limit that it does not tell the default, 0; elsewhere it is none.
func ExampleDecodeInstance() {
	for _, body := range []string{
		`{"domain":"new.example","version":"4.6.1","api_versions":{"mastodon":9},"configuration":{"accounts":{"max_note_length":1000}}}`,
		`{"uri":"https://akkoma.example","version":"2.7.2 (compatible; Akkoma 3.15.2)","pleroma":{"metadata":{"fields_limits":{"max_fields":10}}}}`,
	} {
		i, err := masto.DecodeInstance([]byte(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(i.Domain, i.HasProfileAPI(), i.Limits.Note, i.Limits.Fields)
	}
	// Output:
	// new.example true 1000 0
	// akkoma.example false -1 10
}

// The profile to edit, from a server that has neither the profile methods nor source.
func ExampleCredentialAccount_EditableProfile() {
	body := `{"id":"1","display_name":"Alice",
		"note":"<p>Mushrooms with <a class=\"mention\" href=\"https://b.example/@bob\">@bob</a>: <a href=\"https://spore.example\">our site</a></p>",
		"avatar":"https://old.example/avatars/original/missing.png","fields":[]}`
	var a masto.CredentialAccount
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		fmt.Println(err)
		return
	}
	p := a.EditableProfile()
	fmt.Printf("%s / %s / %q\n", p.DisplayName, p.Note, p.Avatar)
	// Output:
	// Alice / Mushrooms with @bob@b.example: https://spore.example / ""
}

// A name from another server, safe to print.
func ExampleTerminalText() {
	fmt.Println(masto.TerminalText("Alice \x1b[31m\x1b]0;owned\a\u202eecila"))
	// Output:
	// Alice ecila
}
