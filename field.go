package masto

import "time"

// Field is a row of the table on a profile: a label and a value, which may be a
// link that was verified. Entities, "Field".
//
// A field has no Extra, so that the type is comparable. If a server sends more
// members, or a value that cannot be used, the raw list is kept as "fields" in
// the Extra of the entity that the field belongs to.
//
// Value is HTML in [Account] and in Profile.FormattedFields; it is raw text in
// [Source], in Profile.Fields and in a local [Record].
type Field struct {
	// Name is the label, plain text of at most [Limits].FieldName code points;
	// longer ones were cut. Since 2.4.0.
	Name string `json:"name"`
	// Value is the value, at most [Limits].FieldValue code points of raw text;
	// longer ones were cut. HTML or raw text: see [Field]. Since 2.4.0.
	Value string `json:"value"`
	// VerifiedAt is when the page that Value links to was found to link back
	// with rel=me; the zero time is null: not verified. It is encoded with
	// milliseconds and a numeric offset, never Z. Since 2.6.0.
	VerifiedAt time.Time `json:"verified_at"`
}

// VerifiableURL returns the address by which the value of a local field can be
// verified, or an [*UnverifiableError] that says why there is none, and what to
// write instead. The address is the whole value, stripped and cut to 255 code
// points. It must not be mistakable for another one: it starts with "https:"
// and has no user name, its host is in lower case and in ASCII (Punycode is
// fine), and its path has no dot segments, nothing that ought to be
// percent-encoded, and nothing that is percent-encoded without need. The rule
// is the reference's: testdata/vectors/verifiable.jsonl.
func (f Field) VerifiableURL() (string, error) {
	return verifiableURL(f.address())
}

// address returns the value of a local field as it is shown, stripped and cut.
func (f Field) address() string { return cut(strip(f.Value), DefaultLimits().FieldValue) }
