// Package check reports where the JSON that a server answers deviates from the
// documented entities of the Mastodon REST API. A server author's test calls it
// on the answers of the server:
//
//	for _, d := range check.Account(body) {
//		t.Error(d)
//	}
//
// The rules are those of the API documentation, together with what the
// reference implementation sends beyond it; docs/attributes.md in the
// repository lists every attribute. The checks are strict where the
// UnmarshalJSON methods of package masto are lenient: other servers deviate in
// many places, and masto reads their answers all the same.
//
// Package check does not import package testing, so that programs can use it as
// well.
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
	// Pointer is the place as a JSON pointer (RFC 6901), such as
	// /fields/0/verified_at. The empty string points to the whole text.
	Pointer string
	// Kind says what is wrong.
	Kind Kind
	// Detail explains the deviation in English. It is never empty.
	Detail string
}

// String returns the deviation as "pointer kind: detail".
func (d Deviation) String() string { return d.Pointer + " " + string(d.Kind) + ": " + d.Detail }

// Kind is how a JSON text deviates from the documentation.
type Kind string

// The kinds of deviations.
const (
	// Malformed means that the text is not JSON. It is then the only deviation.
	Malformed Kind = "malformed"
	// Missing means that a member is absent although it is always sent.
	Missing Kind = "missing"
	// Unknown means that neither the documentation nor the reference
	// implementation has the member.
	Unknown Kind = "unknown"
	// Duplicate means that a name occurs more than once in an object.
	Duplicate Kind = "duplicate"
	// Null means that the value is null although it must not be.
	Null Kind = "null"
	// Type means that the value has the wrong JSON type.
	Type Kind = "type"
	// Format means that the value has the right type but the wrong form, such
	// as a time without a zone, a relative URL or an unknown keyword.
	Format Kind = "format"
)

// Account returns every place where a JSON text deviates from the documented
// Account, or nil if there is none. The deviations are in the order of the
// text; those of the members that an object lacks follow those of the members
// that it has.
func Account(data []byte) []Deviation { return deviations(data, "Account") }

// CredentialAccount is [Account] for a CredentialAccount.
func CredentialAccount(data []byte) []Deviation { return deviations(data, "CredentialAccount") }

// MutedAccount is [Account] for a MutedAccount.
func MutedAccount(data []byte) []Deviation { return deviations(data, "MutedAccount") }

// PartialAccountWithAvatar is [Account] for a PartialAccountWithAvatar.
func PartialAccountWithAvatar(data []byte) []Deviation {
	return deviations(data, "PartialAccountWithAvatar")
}

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

// deviations checks a JSON text against the entity of that name.
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
	moved    bool // whether the object is the target of a move
	found    []Deviation
}

func (c *checker) add(pointer string, kind Kind, format string, args ...any) {
	c.found = append(c.found, Deviation{pointer, kind, fmt.Sprintf(format, args...)})
}

// object checks that a value is an object with the members of an entity.
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
			c.add(at, Duplicate, "%s occurs more than once", name)
		case i < 0:
			c.add(at, Unknown, "%s has no such member", entity)
		default:
			c.value(at, expected[i], value)
		}
		seen[name] = true
	}
	for _, a := range expected {
		if a.Absent == "" && !seen[a.Name] {
			c.add(pointer+"/"+a.Name, Missing, "always sent since %s", a.Since)
		}
	}
}

// eachMember yields the members of a valid object in their order, duplicates
// included.
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
		c.add(at, Format, "false should be left out")
	case a.Kind == schema.Integer && bytes.ContainsAny(raw, ".eE"):
		c.add(at, Format, "%s is not a whole number", raw)
	}
}

// target checks the target of a move, whose own moved is never sent.
func (c *checker) target(at, entity string, raw json.RawMessage) {
	if c.moved {
		c.add(at, Unknown, "the target of a move has no moved member")
		return
	}
	c.moved = true
	c.object(at, entity, raw)
	c.moved = false
}

// list checks the elements of an array.
func (c *checker) list(at string, a schema.Attribute, raw json.RawMessage) {
	var elements []json.RawMessage
	_ = json.Unmarshal(raw, &elements) // It is known to be a valid array.
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

// wrongFormat returns what is wrong with a string, as the end of a sentence, or
// "" if it has the form that its kind asks for.
func wrongFormat(a schema.Attribute, s string) string {
	switch a.Kind {
	case schema.URL, schema.URI:
		u, err := url.Parse(s)
		web := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
		switch {
		case a.Kind == schema.URL && !web:
			return "not an absolute URL with http or https"
		case err != nil || u.Scheme == "":
			return "not an absolute URI"
		}
	case schema.Color:
		if !hexColor.MatchString(s) {
			return "not a hex color code"
		}
	case schema.Number:
		if !wholeNumber.MatchString(s) {
			return "not a whole number"
		}
	case schema.Datetime:
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			return "not a date and time with a zone"
		}
	case schema.Date:
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return "not a date without a time"
		}
	case schema.Language:
		if !languageTag.MatchString(s) {
			return "not a language tag"
		}
	case schema.Word:
		if !slices.Contains(a.Words, s) {
			return "not one of " + strings.Join(a.Words, ", ")
		}
	}
	return ""
}
