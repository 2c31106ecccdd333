package integration

import (
	"testing"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/paramtest"
)

// TestClientOnPostgres sets, changes and clears every parameter by package
// client on a server that keeps its accounts in PostgreSQL.
func TestClientOnPostgres(t *testing.T) {
	store := postgresWith(t, openPostgres(t, newSchema(t)), masto.NewRecord("7", "bob"))
	paramtest.Drive(t, store, "7")
}
