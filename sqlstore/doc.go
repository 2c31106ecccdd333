// Package sqlstore keeps accounts in an SQL database: a [masto.Store] on
// database/sql, for SQLite on one machine and PostgreSQL on many.
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
// or
//
//	import _ "github.com/jackc/pgx/v5/stdlib"
//
//	db, err := sql.Open("pgx", "postgres://masto@db.example/masto")
//	…
//	db.SetMaxOpenConns(16)
//	db.SetMaxIdleConns(16)
//	store := sqlstore.NewPostgres(db)
//	err = store.Migrate(ctx)
//
// # Storage
//
// [Store.Migrate] makes and upgrades the table masto_accounts, a row for each
// Record and a column for each attribute; the files in migrations/ are its
// documentation. A server may read it, join it with tables of its own, and
// write it with SQL of its own, except for id and the four columns of the name,
// which belong together. Counters are meant to be written that way, even while
// profiles are updated:
//
//	UPDATE masto_accounts SET followers_count = followers_count + 1 WHERE id = $1
//
// Update writes the columns of the Profile and the PostingDefaults, and none of
// them if nothing changed. In the JSON columns, bytes that are not UTF-8 are
// replaced. Extra members and formatted values, which a Record does not have,
// are not stored.
//
// One statement reads a record and the account that it moved to, so that both
// are as they were at one moment; [Store.GetMany] reads a page of records the
// same way. [Store.OnChange] can add rows to the transaction of an Update, such
// as those of an outbox.
//
// # Busy databases
//
// While other writers keep the database busy, calls try again, for at most
// [BusyTimeout] or until their context ends. A call that gives up has stored
// nothing, and fails with an error matching [masto.ErrBusy]. Any other error is
// returned at once. If the connection is lost during a commit, the update may
// or may not have been stored: [masto.Service.Update] says what follows.
//
// # SQLite
//
// SQLite 3.35 or newer is needed. It is tested with modernc.org/sqlite, and its
// tests pass with github.com/mattn/go-sqlite3, too. Text may have any code
// point, NUL included; times keep all of their fraction and their offset.
//
// SQLite has one writer at a time. The updates of a Store queue in the order in
// which they come, so use one Store per database in each process; several
// processes ask again until it is their turn. Set a limit of connections, since
// database/sql has none and each connection takes a thread while it waits.
// Eight are enough: with them, 1,500 concurrent updates all succeed within
// seconds. A call waits for its turn until its context ends, and for writers
// outside of the Store for BusyTimeout plus the driver's own busy timeout.
//
// A database in memory (":memory:") is a new one for each connection: use
// db.SetMaxOpenConns(1) with it, and db.SetMaxIdleConns(1) so that it lives as
// long as db does.
//
// # PostgreSQL
//
// PostgreSQL 12 or newer is needed, in UTF-8. It is tested with version 15 and
// the driver pgx, also with the query mode exec that poolers such as PgBouncer
// need. The errors of any other driver must have a method SQLState, as those of
// pgx and lib/pq do.
//
// Updates of an account lock its row and no other; readers wait for nobody. Any
// number of processes may share a database and start at the same time. One
// that freezes within an update, or whose machine is gone, keeps the row
// locked for 30 seconds: PostgreSQL then ends its transaction, which OnChange
// must not leave idle for as long. An update is tried again after a
// serialization failure or a deadlock (SQLSTATE 40001, 40P01), a lock timeout
// (55P03), and while there are too many connections or the server starts
// (53300, 57P03). It runs at READ COMMITTED, whatever the default of the
// database is.
//
// Times that have a column of their own keep microseconds and are read in UTC;
// those in JSON, such as when a field was verified, are kept as they are. Text
// has no NUL, as masto.Store says; no account has an id or a name with one.
//
// Accounts are found by the columns username_key and domain_key, which the
// package writes, since what SQL's lower does depends on the locale of the
// database. For names in ASCII they are the names in lower case.
//
// CockroachDB and YugabyteDB were compared on paper only. YugabyteDB has what
// is needed in versions with advisory locks, if READ COMMITTED is enabled, too;
// a migration that fails there may leave a part behind, since DDL is not
// transactional. CockroachDB runs the statements of a Store, but not Migrate:
// its advisory locks do not lock, and it has no columns with the collation "C".
package sqlstore
