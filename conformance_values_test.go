package masto_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed-374a2035/masto"
)

// anyTime is a time in any form that a vector may have: ISO 8601 with or
// without a zone, as Ruby prints it, a date, or a Unix number of seconds. null
// and "" are the zero time.
type anyTime struct{ time.Time }

// timeLayouts are the forms of a time that is text.
var timeLayouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999 MST",
	"2006-01-02 15:04:05.999999999 -0700",
	"2006-01-02 15:04:05.999999999",
	time.DateOnly,
}

func (t *anyTime) UnmarshalJSON(data []byte) error {
	s := strings.Trim(string(data), `"`)
	if s == "" || s == "null" {
		t.Time = time.Time{}
		return nil
	}
	if seconds, err := strconv.ParseFloat(s, 64); err == nil {
		t.Time = time.UnixMilli(int64(seconds * 1000)).UTC()
		return nil
	}
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, s); err == nil {
			t.Time = at
			return nil
		}
	}
	return fmt.Errorf("%q is no time", s)
}

// fieldState is a row of fields as the server of the vectors stores it.
type fieldState struct {
	Name, Value string
	VerifiedAt  anyTime `json:"verified_at"`
}

// fieldStates are stored rows: a list, an object of rows in the order of its
// keys' appearance, or null.
type fieldStates []fieldState

func (s *fieldStates) UnmarshalJSON(data []byte) error {
	*s = nil
	if bytes.HasPrefix(data, []byte("[")) {
		return json.Unmarshal(data, (*[]fieldState)(s))
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open == nil {
		return err
	}
	for d.More() {
		if _, err := d.Token(); err != nil {
			return err
		}
		var row fieldState
		if err := d.Decode(&row); err != nil {
			return err
		}
		*s = append(*s, row)
	}
	return nil
}

// fields returns the rows as a Record has them.
func (s fieldStates) fields() []masto.Field {
	var fields []masto.Field
	for _, row := range s {
		fields = append(fields, masto.Field{Name: row.Name, Value: row.Value, VerifiedAt: row.VerifiedAt.Time})
	}
	return fields
}
