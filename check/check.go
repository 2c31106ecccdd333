// Package check reports where the JSON that a server answers deviates from the
// documented entities of the Mastodon REST API. A server author's test calls it
// on the answers of the server:
//
//	for _, d := range check.Account(body) {
//		t.Error(d)
//	}
//
// What counts as documented is the API documentation, with what the reference
// implementation adds to it; docs/attributes.md in the repository lists every
// attribute. The checks are strict where the UnmarshalJSON methods of package
// masto are lenient: other kinds of servers deviate in many places, and masto
// reads them all the same.
//
// It imports no testing package, so that programs can use it as well.
package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seed-374a2035/masto/internal/schema"
)

// Deviation is a place where a JSON text deviates from the documented entity.
type Deviation struct {
	// Pointer is the place, as a JSON pointer (RFC 6901), such as
	// /fields/0/verified_at. "" is the whole text.
	Pointer string
	// Kind is what is wrong.
	Kind Kind
	// Detail explains it to people.
	Detail string
}

// String returns the three, with spaces between them.
func (d Deviation) String() string { return d.Pointer + " " + string(d.Kind) + ": " + d.Detail }

// Kind is how a JSON text deviates from the documentation.
type Kind string

// The kinds of deviations.
const (
	// Malformed means that the text is not JSON. It is the only deviation then.
	Malformed Kind = "malformed"
	// Missing means that a member is absent that is always present.
	Missing Kind = "missing"
	// Unknown means a member that neither the documentation nor the reference
	// implementation has.
	Unknown Kind = "unknown"
	// Duplicate means that a name occurs twice in one object.
	Duplicate Kind = "duplicate"
	// Null means null where it is not allowed.
	Null Kind = "null"
	// Type means a value of another JSON type.
	Type Kind = "type"
	// Format means a value of the right type in the wrong form: a time without a
	// zone, a relative address, an unknown word.
	Format Kind = "format"
)

// Account returns where a JSON text deviates from the documented Account; nil
// where it does not. The deviations are in the order of the text; the missing
// members of an object follow those that it has.
func Account(data []byte) []Deviation { return deviations(data, "Account") }

// CredentialAccount is [Account] for a CredentialAccount.
func CredentialAccount(data []byte) []Deviation { return deviations(data, "CredentialAccount") }

// MutedAccount is [Account] for a MutedAccount.
func MutedAccount(data []byte) []Deviation { return deviations(data, "MutedAccount") }

// Profile is [Account] for a Profile.
func Profile(data []byte) []Deviation { return deviations(data, "Profile") }

// Field is [Account] for a Field.
func Field(data []byte) []Deviation { return deviations(data, "Field") }

// Source is [Account] for the source of a CredentialAccount.
func Source(data []byte) []Deviation { return deviations(data, "Source") }

// AccountRole is [Account] for an AccountRole.
func AccountRole(data []byte) []Deviation { return deviations(data, "AccountRole") }

// Role is [Account] for a Role.
func Role(data []byte) []Deviation { return deviations(data, "Role") }

// CustomEmoji is [Account] for a CustomEmoji.
func CustomEmoji(data []byte) []Deviation { return deviations(data, "CustomEmoji") }

// FeaturedTag is [Account] for a FeaturedTag.
func FeaturedTag(data []byte) []Deviation { return deviations(data, "FeaturedTag") }

// FeatureApproval is [Account] for the feature_approval of an Account.
func FeatureApproval(data []byte) []Deviation { return deviations(data, "FeatureApproval") }

// deviations checks a text against the entity of a name.
func deviations(data []byte, entity string) []Deviation {
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return []Deviation{{"", Malformed, err.Error()}}
	}
	c := checker{entities: map[string][]schema.Attribute{}}
	for _, e := range schema.Entities() {
		c.entities[e.Name] = e.Attributes
	}
	c.object("", entity, raw)
	return c.found
}

// checker collects deviations.
type checker struct {
	entities map[string][]schema.Attribute
	moved    bool // in the target of a move
	found    []Deviation
}

func (c *checker) add(pointer string, kind Kind, format string, args ...any) {
	c.found = append(c.found, Deviation{pointer, kind, fmt.Sprintf(format, args...)})
}

// object checks a value that must be an object with the members of an entity.
func (c *checker) object(pointer, entity string, raw json.RawMessage) {
	if raw[0] != '{' {
		c.add(pointer, Type, "%s instead of an object", typeName(raw))
		return
	}
	expected := c.entities[entity]
	seen := map[string]bool{}
	for name, value := range eachMember(raw) {
		at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		i := slices.IndexFunc(expected, func(a schema.Attribute) bool { return a.Name == name })
		switch {
		case seen[name]:
			c.add(at, Duplicate, "a second %s", name)
		case i < 0:
			c.add(at, Unknown, "%s has no such member", entity)
		default:
			c.value(at, expected[i], value)
		}
		seen[name] = true
	}
	for _, a := range expected {
		if a.Absent == "" && !seen[a.Name] {
			c.add(pointer+"/"+a.Name, Missing, "since %s", a.Since)
		}
	}
}

// eachMember yields the members of a valid object in their order.
func eachMember(raw json.RawMessage) func(yield func(name string, value json.RawMessage) bool) {
	return func(yield func(string, json.RawMessage) bool) {
		d := json.NewDecoder(bytes.NewReader(raw))
		_, _ = d.Token()
		for d.More() {
			token, _ := d.Token()
			name, _ := token.(string)
			var value json.RawMessage
			if d.Decode(&value) != nil || !yield(name, value) {
				return
			}
		}
	}
}

// value checks the value of a member.
func (c *checker) value(at string, a schema.Attribute, raw json.RawMessage) {
	if raw[0] == 'n' {
		if !a.Null {
			c.add(at, Null, "null is not allowed")
		}
		return
	}
	switch want := jsonType(a.Kind); {
	case typeName(raw) != want:
		c.add(at, Type, "%s instead of %s", typeName(raw), want)
	case a.Kind == schema.Object && a.Name == "moved":
		c.target(at, a.Of, raw)
	case a.Kind == schema.Object:
		c.object(at, a.Of, raw)
	case want == "an array":
		c.list(at, a, raw)
	case want == "a string":
		var s string
		_ = json.Unmarshal(raw, &s)
		if wrong := wrongFormat(a, s); wrong != "" {
			c.add(at, Format, "%q is %s", s, wrong)
		}
	case a.Kind == schema.True && raw[0] == 'f':
		c.add(at, Format, "false is to be left out")
	case a.Kind == schema.Integer && bytes.ContainsAny(raw, ".eE"):
		c.add(at, Format, "%s is not a whole number", raw)
	}
}

// target checks the target of a move, which has none itself.
func (c *checker) target(at, entity string, raw json.RawMessage) {
	if c.moved {
		c.add(at, Unknown, "the target of a move does not move itself")
		return
	}
	c.moved = true
	c.object(at, entity, raw)
	c.moved = false
}

// list checks the elements of an array.
func (c *checker) list(at string, a schema.Attribute, raw json.RawMessage) {
	var elements []json.RawMessage
	_ = json.Unmarshal(raw, &elements) // known to be an array
	for i, element := range elements {
		place := fmt.Sprintf("%s/%d", at, i)
		switch {
		case a.Kind == schema.List:
			c.object(place, a.Of, element)
		case element[0] != '"':
			c.add(place, Type, "%s instead of a string", typeName(element))
		}
	}
}

// jsonType names the JSON type of a kind of value.
func jsonType(k schema.Kind) string {
	switch k {
	case schema.Boolean, schema.True:
		return "a Boolean"
	case schema.Integer:
		return "a number"
	case schema.Strings, schema.List:
		return "an array"
	case schema.Object:
		return "an object"
	}
	return "a string"
}

// typeName names the JSON type of a value.
func typeName(raw json.RawMessage) string {
	switch raw[0] {
	case '"':
		return "a string"
	case '{':
		return "an object"
	case '[':
		return "an array"
	case 't', 'f':
		return "a Boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

var (
	hexColor    = regexp.MustCompile(`^(#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8}))?$`)
	wholeNumber = regexp.MustCompile(`^-?[0-9]+$`)
	languageTag = regexp.MustCompile(`^([a-zA-Z0-9]+(-[a-zA-Z0-9]+)*)?$`)
)

// wrongFormat says what is wrong with a text of a kind; "" if nothing is.
func wrongFormat(a schema.Attribute, s string) string {
	switch a.Kind {
	case schema.URL, schema.URI:
		u, err := url.Parse(s)
		web := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
		if !web && (a.Kind == schema.URL || err != nil || u.Scheme == "") {
			return "no absolute address"
		}
	case schema.Color:
		if !hexColor.MatchString(s) {
			return "no hex code"
		}
	case schema.Number:
		if !wholeNumber.MatchString(s) {
			return "no whole number"
		}
	case schema.Datetime:
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			return "no date with time and zone"
		}
	case schema.Date:
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return "no date alone"
		}
	case schema.Language:
		if !languageTag.MatchString(s) {
			return "no language tag"
		}
	case schema.Word:
		if !slices.Contains(a.Words, s) {
			return "none of " + strings.Join(a.Words, ", ")
		}
	}
	return ""
}
