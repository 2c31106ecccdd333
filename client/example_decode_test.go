package client_test

import (
	"errors"
	"fmt"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/client"
)

// A form shows each error beside its input.
func ExampleDecodeAPIError() {
	body := `{
		"error": "Validation failed: Note is too long, Fields contains values with missing labels",
		"details": {
			"note": [{
				"error": "ERR_TOO_LONG",
				"description": "is too long (maximum is 500 characters)"
			}],
			"fields": [{
				"error": "ERR_FIELDS_WITH_VALUES_MISSING_LABELS",
				"description": "contains values with missing labels"
			}]
		}
	}`
	var err error = client.DecodeAPIError(422, nil, []byte(body))

	if v, ok := errors.AsType[*masto.ValidationError](err); ok {
		for _, f := range v.Findings {
			fmt.Printf("%-6s %s\n", f.Attribute, f.Description)
		}
	}
	fmt.Println(client.DecodeAPIError(502, nil, []byte("<html><title>Bad Gateway</title>…")))
	// Output:
	// note   is too long (maximum is 500 characters)
	// fields contains values with missing labels
	// masto: the server answered 502 with a web page: Bad Gateway
}

// An instance tells its limits, and whether it has the profile methods. A limit
// that Mastodon itself does not tell is the default one, 0; of another server
// it is no limit, -1.
func ExampleDecodeInstance() {
	for _, body := range []string{
		`{
			"domain": "new.example",
			"version": "4.6.1",
			"api_versions": {"mastodon": 9},
			"configuration": {"accounts": {"max_note_length": 1000}}
		}`,
		`{
			"uri": "https://akkoma.example",
			"version": "2.7.2 (compatible; Akkoma 3.15.2)",
			"pleroma": {"metadata": {"fields_limits": {"max_fields": 10}}}
		}`,
	} {
		i, err := client.DecodeInstance([]byte(body))
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

// A name from another server, safe to print.
func ExampleTerminalText() {
	fmt.Println(client.TerminalText("Alice \x1b[31m\x1b]0;owned\a\u202eecila"))
	// Output:
	// Alice ecila
}
