package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// The program imports the driver: _ "modernc.org/sqlite". The same program runs as a test in the module integration.
func Example() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:accounts.db?_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(8) // one of them writes; without a limit a crowd of writers fails
	db.SetMaxIdleConns(8)
	store := sqlstore.NewSQLite(db)
	if err := store.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	alice := masto.NewRecord("1", "Alice")
	alice.Profile.DisplayName = "Alice"
	if err := store.Create(ctx, alice); err != nil {
		log.Fatal(err) // sqlstore.ErrExists at the second start
	}
	found, err := store.Find(ctx, "alice", "")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Profile.DisplayName)
}
