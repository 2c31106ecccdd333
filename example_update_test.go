package masto_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-374a2035/masto"
)

// A server reads a PATCH, checks it and writes it into the record, which says what has to be done next.
func ExampleDecodeUpdate() {
	record := masto.NewRecord("115", "alice")
	record.Profile.DisplayName, record.Profile.Note, record.Profile.Locked = "Alice", "Hello", true

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

// What is 0 has the reference's limit, what is negative has none.
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
