package masto_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/mastotest"
)

// The adapter that the documentation shows follows the rules.
func TestStoreOfExample(t *testing.T) {
	mastotest.TestStore(t, func(t *testing.T, seed ...*masto.Record) masto.Store {
		m := &members{rows: map[string][]byte{}}
		for _, r := range seed {
			row, err := json.Marshal(r)
			require.NoError(t, err)
			m.rows[r.Profile.ID] = row
		}
		return m
	})
}
