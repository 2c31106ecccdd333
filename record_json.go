package masto

import (
	"encoding/json"
	"fmt"
	"time"
)

// MarshalJSON writes all of r, for a column of a server's own table, a cache or a
// queue: [Record.UnmarshalJSON] brings the same Record back, with nil apart from
// empty, times to the nanosecond with their offset, and Extra. It is not what the
// API answers ([Site] makes that); its members are named as in Go. Bytes that are
// not UTF-8 become U+FFFD. The error is that of a time whose year does not have
// four digits.
func (r Record) MarshalJSON() ([]byte, error) {
	s := storedRecord{plainRecord: plainRecord(r), Profile: storedProfile{plainProfile: plainProfile(r.Profile)}, Role: (*plainRole)(r.Role)}
	s.Profile.Fields = convert(r.Profile.Fields, toPlainField)
	s.Profile.FormattedFields = convert(r.Profile.FormattedFields, toPlainField)
	s.Profile.FeaturedTags = convert(r.Profile.FeaturedTags, func(t FeaturedTag) plainTag { return plainTag(t) })
	return json.Marshal(s)
}

// UnmarshalJSON makes r what MarshalJSON wrote, and a member that is not there its
// zero value. It shares nothing with data.
func (r *Record) UnmarshalJSON(data []byte) error {
	var s storedRecord
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("masto: stored record: %w", err)
	}
	*r = Record(s.plainRecord)
	r.Profile = Profile(s.Profile.plainProfile)
	r.Profile.Fields = convert(s.Profile.Fields, toField)
	r.Profile.FormattedFields = convert(s.Profile.FormattedFields, toField)
	r.Profile.FeaturedTags = convert(s.Profile.FeaturedTags, func(t plainTag) FeaturedTag { return FeaturedTag(t) })
	r.Role = (*Role)(s.Role)
	return nil
}

// The types in a Record without the methods and the tags that make them what the
// API answers: a stored Record has the names of Go, and Extra.

type plainRecord Record

type plainProfile struct {
	ID                 string
	DisplayName        string
	Note               string
	Fields             []Field
	FormattedNote      string
	FormattedFields    []Field
	Avatar             string
	AvatarStatic       string
	AvatarDescription  string
	Header             string
	HeaderStatic       string
	HeaderDescription  string
	Locked             bool
	Bot                bool
	HideCollections    *bool
	Discoverable       *bool
	Indexable          bool
	ShowMedia          bool
	ShowMediaReplies   bool
	ShowFeatured       bool
	AttributionDomains []string
	FeaturedTags       []FeaturedTag
	Extra              map[string]json.RawMessage
}

type plainField struct {
	Name       string
	Value      string
	VerifiedAt time.Time
}

type plainTag struct {
	ID            string
	Name          string
	URL           string
	StatusesCount int64
	LastStatusAt  time.Time
	Extra         map[string]json.RawMessage
}

type plainRole struct {
	ID              string
	Name            string
	Permissions     Permissions
	Color           string
	Highlighted     bool
	CollectionLimit *int
	Extra           map[string]json.RawMessage
}

// storedRecord is a Record whose members have no such methods: those that it
// declares hide those that it embeds.
type storedRecord struct {
	plainRecord
	Profile storedProfile
	Role    *plainRole
}

type storedProfile struct {
	plainProfile
	Fields, FormattedFields []plainField
	FeaturedTags            []plainTag
}

func toPlainField(f Field) plainField { return plainField(f) }
func toField(f plainField) Field      { return Field(f) }

// convert returns list with f applied to each element; nil for nil.
func convert[A, B any](list []A, f func(A) B) []B {
	if list == nil {
		return nil
	}
	converted := make([]B, len(list))
	for i, e := range list {
		converted[i] = f(e)
	}
	return converted
}
