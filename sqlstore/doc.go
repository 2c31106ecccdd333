// Package sqlstore keeps accounts in an SQL database: a [masto.Store] on
// database/sql, for SQLite.
//
// It imports no driver. The program that uses it does, and opens the database:
//
//	import _ "modernc.org/sqlite"
//
//	db, err := sql.Open("sqlite", "file:accounts.db?_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)")
//	…
//	db.SetMaxOpenConns(8)
//	db.SetMaxIdleConns(8)
//	store := sqlstore.NewSQLite(db)
//	err = store.Migrate(ctx)
//
// Set a limit of connections, as database/sql has none. SQLite has one writer at
// a time; each connection that waits for it takes a thread, and of a thousand
// that wait at once many give up. With a limit, calls queue for a connection
// instead. Eight are enough: with them 1,500 concurrent updates all succeed
// within seconds, and without a limit every third of them fails.
//
// It is tested with modernc.org/sqlite, and its tests pass with
// github.com/mattn/go-sqlite3 too. A database in memory (":memory:") is another
// one for each connection: use db.SetMaxOpenConns(1) with it, and
// db.SetMaxIdleConns(1) so that it lives as long as db does.
//
// # Storage
//
// [Store.Migrate] makes and upgrades the table masto_accounts, a row for each
// Record and a column for each attribute; the files in migrations/ are its
// documentation. A server may read it, join it with tables of its own, and
// write it with SQL of its own, but for id and the four columns of the name,
// which belong together. Counters are meant to be written so, while profiles
// are updated:
//
//	UPDATE masto_accounts SET followers_count = followers_count + 1 WHERE id = ?
//
// Update writes the columns of the Profile and the Posting, and no others. Text
// is UTF-8, with any code point, NUL too. In the JSON columns bytes that are
// not UTF-8 are replaced. Extra members and formatted values, which a Record
// does not have, are not stored.
//
// SQLite has one writer at a time. While another one locks the database, calls
// try again, for [Patience] at most or until their context ends; a busy timeout
// of the driver's comes on top of that. A call that gives up fails with an
// error matching [masto.ErrBusy].
package sqlstore
