package masto

import "time"

// Field is a row of the table on a profile: a label and a value, which may be a
// link that was verified. Entities, "Field".
//
// A field has no Extra, so that two of them can be compared: where a server
// sends more members, or one that cannot be used, the raw list is kept as
// "fields" in the Extra of what the field belongs to.
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
