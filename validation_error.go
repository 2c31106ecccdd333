package masto

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/wire"
)

// ValidationError is every reason why an [Update] is refused, in the reference's order. [Limits.Validate] returns one, and its JSON is
// the body of the 422 answer, both ways: {"error": the text of Error, "details": {attribute: [{"error": code, "description": …}]}}.
type ValidationError struct{ Findings []Finding }

// Finding is one reason why an [Update] is refused.
type Finding struct {
	// Attribute is what it is about, by the reference's name: display_name, note, fields (whose parameter is fields_attributes), avatar,
	// avatar_content_type, avatar_file_size, avatar_description, the same of header, attribution_domains, privacy, language, quote_policy.
	// "base" is the whole.
	Attribute string
	// Code names the reason for programs: ERR_TOO_LONG, ERR_INVALID_DOMAIN_ON_LINE and so on; exactly the reference's.
	Code string
	// Description names it for people, to follow the attribute's name: "is too long (maximum is 500 characters)".
	Description string
	// Value is the part of the attribute that is wrong, where it is one of several or of a choice: a domain, a privacy; else "".
	Value string
	// Limit is the limit that was passed, in the unit that [Limits] says (bytes for a picture); 0 where there is none.
	Limit int
}

// The codes and texts from which a decoded Finding's Value and Limit are read.
const (
	codeTooLong       = "ERR_TOO_LONG"
	codeDomain        = "ERR_INVALID_DOMAIN_ON_LINE"
	codeLessThan      = "ERR_LESS_THAN"
	invalidDomainText = " is not a valid domain name"
	lessThanText      = "must be less than "
	errorPrefix       = "Validation failed: "
)

// Message returns the finding as a sentence without a full stop: "Note is too long (maximum is 500 characters)".
func (f Finding) Message() string {
	if f.Attribute == "base" {
		return f.Description
	}
	return humanize(f.Attribute) + " " + f.Description
}

// humanize turns an attribute's name into words: header_content_type is "Header content type".
func humanize(attribute string) string {
	words := strings.ToLower(strings.TrimSpace(strings.NewReplacer("_", " ", ".", " ").Replace(attribute)))
	if words == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

// Error returns the reference's text, which names every finding.
func (e *ValidationError) Error() string {
	messages := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		messages[i] = f.Message()
	}
	return errorPrefix + strings.Join(messages, ", ")
}

// MarshalJSON returns the body of the 422 answer, byte for byte the reference's. Findings are grouped by attribute, in the order of
// the first of each.
func (e ValidationError) MarshalJSON() ([]byte, error) {
	var order []string
	groups := make(map[string][]Finding)
	for _, f := range e.Findings {
		if _, ok := groups[f.Attribute]; !ok {
			order = append(order, f.Attribute)
		}
		groups[f.Attribute] = append(groups[f.Attribute], f)
	}
	b := wire.AppendQuoted([]byte(`{"error":`), e.Error())
	b = append(b, `,"details":{`...)
	for i, attribute := range order {
		b = wire.AppendQuoted(wire.AppendComma(b, i), attribute)
		b = append(b, ":["...)
		for k, f := range groups[attribute] {
			b = wire.AppendQuoted(append(wire.AppendComma(b, k), `{"error":`...), f.Code)
			b = append(wire.AppendQuoted(append(b, `,"description":`...), f.Description), '}')
		}
		b = append(b, ']')
	}
	return append(b, "}}"...), nil
}

// UnmarshalJSON reads the body of a 422 answer. The order of the findings of several attributes is taken from the text of "error",
// Value and Limit from the descriptions, where they are the reference's English ones; else the findings are in the order of the details,
// and Value and Limit are zero. Texts in place of the objects are descriptions without a code. Without details there are no findings;
// details of another shape are passed over.
func (e *ValidationError) UnmarshalJSON(data []byte) error {
	body, err := parseJSON(data)
	if err == nil && body.Kind() != '{' && body.Kind() != 'n' {
		err = malformedJSON(nil)
	}
	if err != nil {
		return fmt.Errorf("masto: validation error: %w", err)
	}
	e.Findings = decodeValidation(body)
	return nil
}

// decodeValidation returns the findings in the body of a 422 answer.
func decodeValidation(body wire.Any) []Finding {
	return inTextOrder(decodeDetails(body.Get("details")), body.Get("error").StringText())
}

// decodeDetails returns the findings of each attribute in an object of them.
func decodeDetails(details wire.Any) [][]Finding {
	if details.Kind() != '{' {
		return nil
	}
	var groups [][]Finding
	for name, rows := range details.Elements() {
		if group := decodeFindings(name.Text(), rows); len(group) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// decodeFindings returns the findings of one attribute: a list of objects, as
// Mastodon sends it, or of texts, or a single text.
func decodeFindings(attribute string, value wire.Any) []Finding {
	if value.Kind() == '"' {
		return appendFinding(nil, attribute, value)
	}
	if value.Kind() != '[' {
		return nil
	}
	var group []Finding
	for _, row := range value.Elements() {
		group = appendFinding(group, attribute, row)
	}
	return group
}

// appendFinding appends the finding that an object or a text is, if it is one.
func appendFinding(group []Finding, attribute string, row wire.Any) []Finding {
	f := Finding{Attribute: attribute}
	switch row.Kind() {
	case '"':
		f.Description = row.Text()
	case '{':
		f.Code, f.Description = row.Get("error").StringText(), row.Get("description").StringText()
	default:
		return group
	}
	f.readDescription()
	return append(group, f)
}

// readDescription sets Value and Limit from what the reference writes.
func (f *Finding) readDescription() {
	switch f.Code {
	case codeTooLong:
		_, _ = fmt.Sscanf(f.Description, "is too long (maximum is %d", &f.Limit)
	case codeDomain:
		if value, ok := strings.CutSuffix(f.Description, invalidDomainText); ok {
			f.Value = value
		}
	case codeLessThan:
		var size float64
		var unit string
		if n, _ := fmt.Sscanf(f.Description, lessThanText+"%g %s", &size, &unit); n == 2 {
			f.Limit = parseSize(size, unit)
		}
	}
}

// parseSize is the inverse of humanSize, as far as that can be; 0 where it makes no sense.
func parseSize(size float64, unit string) int {
	exponent := strings.Index("BKMGT", unit[:1])
	if size *= math.Pow(1024, float64(exponent)); exponent < 0 || !(size > 0 && size <= math.MaxInt32) {
		return 0
	}
	return int(size)
}

// maxOrderedGroups bounds the work of inTextOrder on a body that is not the reference's, which has at most a dozen.
const maxOrderedGroups = 64

// inTextOrder merges groups, each in its own order, as their messages follow each other in text. Where text says something else the
// rest follows group by group.
func inTextOrder(groups [][]Finding, text string) []Finding {
	text, ok := strings.CutPrefix(text, errorPrefix)
	if !ok || len(groups) > maxOrderedGroups {
		return slices.Concat(groups...)
	}
	var merged []Finding
	for {
		i, rest := nextMessage(groups, text)
		if i < 0 {
			return append(merged, slices.Concat(groups...)...)
		}
		merged = append(merged, groups[i][0])
		groups[i], text = groups[i][1:], rest
	}
}

// nextMessage finds the group whose first message text begins with, and returns the text after it; -1 if there is none.
func nextMessage(groups [][]Finding, text string) (int, string) {
	for i, group := range groups {
		if len(group) == 0 {
			continue
		}
		rest, ok := strings.CutPrefix(text, group[0].Message())
		if ok && rest != "" {
			rest, ok = strings.CutPrefix(rest, ", ")
		}
		if ok {
			return i, rest
		}
	}
	return -1, text
}
