package masto

import "time"

// Field is a row of the table on a profile: a label and a value, which may be a link that was verified. Entities, "Field".
//
// A field has no Extra, so that two of them can be compared: where a server sends more members, or one that cannot be used, the raw list
// is kept as "fields" in the Extra of what the field belongs to.
//
// Value is HTML in [Account] and in Profile.FormattedFields; it is raw text in [Source], in Profile.Fields and in a local [Record].
type Field struct {
	// Name is the label, plain text of at most [Limits].FieldName code points; what is longer was cut. Wire name name, since 2.4.0.
	Name string
	// Value is the value, at most [Limits].FieldValue code points of raw text; what is longer was cut. HTML or raw text: see [Field].
	// Wire name value, since 2.4.0.
	Value string
	// VerifiedAt is when the page that Value links to was seen to link back with rel=me; the zero time is null: not verified.
	// Wire name verified_at, since 2.6.0; milliseconds and a numeric offset, never Z, when encoded.
	VerifiedAt time.Time
}
