package masto_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-374a2035/masto"
)

// Clearing the bio is setting it to nothing, which is not the same as leaving it alone: that is what Opt is for.
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

// The list of fields is sent whole. Rows that are sent as they were keep their verification, so start from the raw ones of the profile.
func Example_changeOneField() {
	body := `{"id":"1","fields":[{"name":"Site","value":"https://spore.example","verified_at":"2024-03-04T05:06:07.890+00:00"},
		{"name":"Mood","value":"damp","verified_at":null}]}`
	var before masto.Profile
	if err := json.Unmarshal([]byte(body), &before); err != nil {
		fmt.Println(err)
		return
	}
	after := before
	after.Fields = append([]masto.Field(nil), before.Fields...) // not the ones of before
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

// Where to read the profile from and where to send the update, on a server of any age and kind.
func Example_withoutProfileMethods() {
	get := func(path string) []byte { // stands for an HTTP request with the token
		return []byte(map[string]string{
			"/api/v2/instance":                    `{"domain":"old.example","version":"4.2.10"}`,
			"/api/v1/accounts/verify_credentials": `{"id":"1","note":"<p>Hello</p>","source":{"note":"Hello","fields":[]}}`,
		}[path])
	}
	instance, err := masto.DecodeInstance(get("/api/v2/instance"))
	if err != nil {
		fmt.Println(err)
		return
	}
	var before masto.Profile
	update := "/api/v1/profile"
	if instance.HasProfileAPI() {
		err = json.Unmarshal(get(update), &before)
	} else {
		update = "/api/v1/accounts/update_credentials"
		var account masto.CredentialAccount
		err = json.Unmarshal(get("/api/v1/accounts/verify_credentials"), &account)
		before = account.EditableProfile()
	}
	after := before
	after.Note = "Hello!"
	form, encodeErr := masto.Diff(before, after).EncodeForm()
	fmt.Println("PATCH", update, form, errors.Join(err, encodeErr))
	// Output:
	// PATCH /api/v1/accounts/update_credentials note=Hello%21 <nil>
}
