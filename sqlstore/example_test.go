package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

// The program imports the driver: _ "modernc.org/sqlite". The same program runs
// as a test in the module integration.
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

// The program imports the driver: _ "github.com/jackc/pgx/v5/stdlib". A server
// that federates tells others what changed, and loses nothing if it dies: the
// row of its outbox commits with the profile.
func ExampleStore_onChange() {
	ctx := context.Background()
	db, err := sql.Open("pgx", "postgres://masto@db.example/masto")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	store := sqlstore.NewPostgres(db)
	store.OnChange = func(ctx context.Context, tx *sql.Tx, _, after *masto.Record, c masto.Changes) error {
		if !c.Any(masto.ChangedPublic) {
			return nil
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO outbox (account_id) VALUES ($1)", after.Profile.ID)
		return err
	}
	if err := store.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
}
