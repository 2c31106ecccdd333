package sqlstore

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// The types that follow are columns that are text in SQLite, or sent as text,
// and something else in a Record. Each is a pointer into a Record, which is
// read and written in place.

// instant is a time. As text it is RFC 3339 with the whole fraction and its own
// offset; a database with a type for times keeps microseconds, read in UTC. The
// zero time is NULL.
type instant time.Time

func (t *instant) Value() (driver.Value, error) {
	if time.Time(*t).IsZero() {
		return nil, nil
	}
	return formatTime(time.Time(*t))
}

func (t *instant) Scan(src any) error {
	if at, ok := src.(time.Time); ok {
		*t = instant(at.UTC())
		return nil
	}
	text, err := textOf(src)
	if err != nil {
		return err
	}
	parsed, err := parseTime(text)
	*t = instant(parsed)
	return err
}

// formatTime returns t as text, "" for the zero time. Offsets have no seconds
// in RFC 3339: a time with such an offset is written in UTC.
func formatTime(t time.Time) (string, error) {
	if t.IsZero() {
		return "", nil
	}
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	text, err := t.MarshalText() // fails for a year that does not have four digits
	return string(text), err
}

// parseTime is the reverse of formatTime.
func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.ParseInLocation(time.RFC3339Nano, text, time.UTC)
}

// textOf returns the text that a driver read; NULL is "".
func textOf(src any) (string, error) {
	switch src := src.(type) {
	case nil:
		return "", nil
	case string:
		return src, nil
	case []byte:
		return string(src), nil
	}
	return "", fmt.Errorf("a %T in a column of text", src)
}

// fields are the fields of a profile as a JSON array.
type fields []masto.Field

// fieldJSON is an element of fields.
type fieldJSON struct {
	Name       string `json:"name"`
	Value      string `json:"value"`
	VerifiedAt string `json:"verified_at,omitempty"`
}

func (f *fields) Value() (driver.Value, error) {
	return toJSON(*f, func(f masto.Field) (fieldJSON, error) {
		verified, err := formatTime(f.VerifiedAt)
		return fieldJSON{f.Name, f.Value, verified}, err
	})
}

// Scan reads fields with the decoder of a Profile, which is several times as
// fast as encoding/json. It takes a damaged time for none, so it is not asked
// where there are times.
func (f *fields) Scan(src any) error {
	text, err := textOf(src)
	if err != nil {
		return err
	}
	if strings.Contains(text, `"verified_at"`) {
		*f, err = fromJSON(text, func(j fieldJSON) (masto.Field, error) {
			verified, err := parseTime(j.VerifiedAt)
			return masto.Field{Name: j.Name, Value: j.Value, VerifiedAt: verified}, err
		})
		return err
	}
	var p masto.Profile
	if err := p.UnmarshalJSON([]byte(`{"fields":` + text + `}`)); err != nil {
		return err
	}
	if p.Extra != nil {
		return fmt.Errorf("the fields cannot be used: %s", p.Extra["fields"])
	}
	*f = nil
	if len(p.Fields) > 0 {
		*f = p.Fields
	}
	return nil
}

// domains are the attribution domains as a JSON array.
type domains []string

func (d *domains) Value() (driver.Value, error) {
	return toJSON(*d, func(s string) (string, error) { return s, nil })
}

func (d *domains) Scan(src any) error {
	text, err := textOf(src)
	if err == nil {
		*d, err = fromJSON(text, func(s string) (string, error) { return s, nil })
	}
	return err
}

// featuredTags are the featured hashtags of a profile as a JSON array.
type featuredTags []masto.FeaturedTag

// featuredTagJSON is an element of featuredTags.
type featuredTagJSON struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	URL           string `json:"url,omitempty"`
	StatusesCount int64  `json:"statuses_count"`
	LastStatusAt  string `json:"last_status_at,omitempty"`
}

func (f *featuredTags) Value() (driver.Value, error) {
	return toJSON(*f, func(t masto.FeaturedTag) (featuredTagJSON, error) {
		last, err := formatTime(t.LastStatusAt)
		return featuredTagJSON{t.ID, t.Name, t.URL, t.StatusesCount, last}, err
	})
}

func (f *featuredTags) Scan(src any) error {
	text, err := textOf(src)
	if err != nil {
		return err
	}
	*f, err = fromJSON(text, func(j featuredTagJSON) (masto.FeaturedTag, error) {
		last, err := parseTime(j.LastStatusAt)
		return masto.FeaturedTag{
			ID:            j.ID,
			Name:          j.Name,
			URL:           j.URL,
			StatusesCount: j.StatusesCount,
			LastStatusAt:  last,
		}, err
	})
	return err
}

// role is the role of a user as a JSON object; nil is NULL.
type role struct{ at **masto.Role }

// roleJSON is the object of role. The permissions are text, since many readers
// of JSON lose the lower digits of so large a number.
type roleJSON struct {
	ID              string            `json:"id"`
	Name            string            `json:"name"`
	Color           string            `json:"color"`
	Permissions     masto.Permissions `json:"permissions,string"`
	Highlighted     bool              `json:"highlighted"`
	CollectionLimit *int              `json:"collection_limit"`
}

func (r *role) Value() (driver.Value, error) {
	v := *r.at
	if v == nil {
		return nil, nil
	}
	text, err := json.Marshal(roleJSON{v.ID, v.Name, v.Color, v.Permissions, v.Highlighted, v.CollectionLimit})
	return string(text), err
}

func (r *role) Scan(src any) error {
	*r.at = nil
	text, err := textOf(src)
	if err != nil || text == "" {
		return err
	}
	var v roleJSON
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return err
	}
	*r.at = &masto.Role{
		ID:              v.ID,
		Name:            v.Name,
		Color:           v.Color,
		Permissions:     v.Permissions,
		Highlighted:     v.Highlighted,
		CollectionLimit: v.CollectionLimit,
	}
	return nil
}

// toJSON returns a JSON array of what each makes of the values. It is [] for
// nil.
func toJSON[T, J any](values []T, each func(T) (J, error)) (driver.Value, error) {
	array := make([]J, len(values))
	for i, v := range values {
		var err error
		if array[i], err = each(v); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(array)
	return string(text), err
}

// fromJSON is the reverse of toJSON. It returns nil for an empty array.
func fromJSON[T, J any](text string, each func(J) (T, error)) ([]T, error) {
	if text == "[]" {
		return nil, nil
	}
	var array []J
	if err := json.Unmarshal([]byte(text), &array); err != nil {
		return nil, err
	}
	var values []T
	for _, j := range array {
		v, err := each(j)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}
