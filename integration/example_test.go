package integration

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	_ "modernc.org/sqlite"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/sqlstore"
)

func Example_sqlstore() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)

	store := sqlstore.NewSQLite(db)
	fmt.Println(store.Migrate(ctx))

	alice := masto.NewRecord("1", "Alice")
	alice.Profile.DisplayName = "Alice"
	fmt.Println(store.Create(ctx, alice))
	fmt.Println(errors.Is(store.Create(ctx, alice), sqlstore.ErrExists))

	_, err = db.ExecContext(ctx, "UPDATE masto_accounts SET followers_count = followers_count + 1 WHERE id = ?", "1")
	fmt.Println(err)
	updated, err := store.Update(ctx, "1", func(r *masto.Record) (masto.Changes, error) {
		r.Profile.Note = "I like cats."
		return masto.ChangedNote, nil
	})
	fmt.Println(updated.Profile.Note, updated.FollowersCount, err)

	found, err := store.Find(ctx, "alice", "")
	fmt.Println(found.Profile.DisplayName, err)
	// Output:
	// <nil>
	// <nil>
	// true
	// <nil>
	// I like cats. 1 <nil>
	// Alice <nil>
}
