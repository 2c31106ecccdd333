package masto

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-374a2035/masto/internal/wire"
)

// ValidationError says why an [Update] is refused. It has every reason, in the
// reference's order. [Limits.Validate] returns one.
//
// Its JSON, both ways, is the body of the 422 answer: {"error": the text of
// Error, "details": {attribute: [{"error": code, "description": …}]}}. The zero
// ValidationError has no findings.
type ValidationError struct{ Findings []Finding }

// Finding is one reason why an [Update] is refused.
type Finding struct {
	// Attribute is what the finding is about, by the reference's name:
	// display_name, note, fields (whose parameter is fields_attributes),
	// avatar, avatar_content_type, avatar_file_size, avatar_description, the
	// same for header, attribution_domains, privacy, language and quote_policy
	// (whose parameters are in source). "base" stands for the update as a
	// whole.
	Attribute string
	// Code names the reason for programs. The codes from [CodeTooLong] to
	// [CodeInclusion] are those that this package writes; a server may send
	// others, or none, which is "".
	Code string
	// Description names the reason for people, to follow the attribute's name:
	// "is too long (maximum is 500 characters)".
	Description string
	// Value is the wrong part of an attribute that is a list or a choice, such
	// as a domain or a privacy; otherwise "".
	Value string
	// Limit is the limit that was exceeded, in the unit of [Limits] (bytes for
	// a picture); 0 if the finding is not about a limit.
	Limit int
}

// The codes of findings, as the reference has them.
const (
	// CodeTooLong means that a text or a list is over its limit.
	CodeTooLong = "ERR_TOO_LONG"
	// CodeLessThan means that a picture is not under its limit in bytes.
	CodeLessThan = "ERR_LESS_THAN"
	// CodeInvalid means that the content type of a picture is none of the four.
	CodeInvalid = "ERR_INVALID"
	// CodeIsInvalid means that a picture cannot be read. The reference makes
	// this code from its text, so it has a space.
	CodeIsInvalid = "ERR_IS INVALID"
	// CodeSpoofedMediaType means that the data of a picture are not of the type
	// that they were sent as.
	CodeSpoofedMediaType = "ERR_SPOOFED_MEDIA_TYPE"
	// CodeInvalidDomain means that the Value is not a valid attribution domain.
	CodeInvalidDomain = "ERR_INVALID_DOMAIN_ON_LINE"
	// CodeMissingLabels means that a field has a value and no name.
	CodeMissingLabels = "ERR_FIELDS_WITH_VALUES_MISSING_LABELS"
	// CodeInclusion means that the Value is none of the choices.
	CodeInclusion = "ERR_INCLUSION"
)

// The texts of the reference. Decoding reads a Finding's Value and Limit from
// them.
const (
	invalidDomainText = " is not a valid domain name"
	lessThanText      = "must be less than "
	errorPrefix       = "Validation failed: "
)

// Message returns the finding as a sentence without a full stop: "Note is too
// long (maximum is 500 characters)".
func (f Finding) Message() string {
	if f.Attribute == "base" {
		return f.Description
	}
	return humanize(f.Attribute) + " " + f.Description
}

// humanize turns an attribute's name into words: header_content_type becomes
// "Header content type".
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

// MarshalJSON returns the body of the 422 answer, byte for byte the
// reference's. It groups the findings by attribute, in the order of the first
// finding of each.
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

// UnmarshalJSON reads the body of a 422 answer. If its texts are the
// reference's English ones, the order of the findings is that in "error", and
// Value and Limit are read from the descriptions. Otherwise the findings are in
// the order of the details, and Value and Limit are zero.
//
// A text in place of an object is a description without a code. Details of
// another shape are passed over, and without details there are no findings. For
// text that is not a JSON object, the error wraps a [*DecodeError].
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

// decodeDetails returns the findings in details, those of an attribute
// together.
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

// appendFinding appends the finding in row. It passes over a row that is
// neither an object nor a text.
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

// readDescription sets Value and Limit from the Description, if that is the
// reference's.
func (f *Finding) readDescription() {
	switch f.Code {
	case CodeTooLong:
		_, _ = fmt.Sscanf(f.Description, "is too long (maximum is %d", &f.Limit)
	case CodeInvalidDomain:
		if value, ok := strings.CutSuffix(f.Description, invalidDomainText); ok {
			f.Value = value
		}
	case CodeLessThan:
		var size float64
		var unit string
		if n, _ := fmt.Sscanf(f.Description, lessThanText+"%g %s", &size, &unit); n == 2 {
			f.Limit = parseSize(size, unit)
		}
	}
}

// humanSize returns a number of bytes as the reference writes it: with three
// significant digits, halves rounded up, and no zeros at the end. 8388608 is "8
// MB", 1536 is "1.5 KB", 1 is "1 Byte".
func humanSize(n int64) string {
	if n < 1024 {
		return count(int(n), "Byte")
	}
	value, unit := float64(n), ""
	for _, unit = range [...]string{"KB", "MB", "GB", "TB", "PB", "EB"} {
		if value /= 1024; value < 1024 {
			break
		}
	}
	scale := 1.0
	switch {
	case value < 10:
		scale = 100
	case value < 100:
		scale = 10
	}
	value = math.Round(value*scale) / scale
	if value >= 1000 {
		value = math.Round(value/10) * 10
	}
	return strconv.FormatFloat(value, 'f', -1, 64) + " " + unit
}

// count returns a number of things as text: "1 Byte", "2 Bytes".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// parseSize reverses humanSize, to the precision that humanSize writes. It
// returns 0 for what humanSize does not write.
func parseSize(size float64, unit string) int {
	exponent := strings.Index("BKMGT", unit[:1])
	if size *= math.Pow(1024, float64(exponent)); exponent < 0 || !(size > 0 && size <= math.MaxInt32) {
		return 0
	}
	return int(size)
}

// maxOrderedGroups bounds the work of inTextOrder on a body of unknown origin.
// The reference sends at most a dozen groups.
const maxOrderedGroups = 64

// inTextOrder merges groups in the order in which their messages are in text;
// each group keeps its own order. From where text has anything else, the rest
// follows group by group.
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

// nextMessage finds the group whose first message text begins with, and returns
// its index and the text after the message; -1 if there is none.
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
