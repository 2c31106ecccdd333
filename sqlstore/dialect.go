package sqlstore

import (
	"database/sql"
	"errors"
	"strings"
	"unicode/utf8"
)

// dialect is what differs between databases. Parameters are $1, $2 and so on in
// all of them; SQLite numbers them by where they first appear.
type dialect struct {
	migrations string             // their folder
	isolation  sql.IsolationLevel // of an Update
	oneWriter  bool               // whether the whole database is locked while one writes
	// lockRow locks the account with the id $1 for other writers until the
	// transaction ends. It returns a row if there is such an account.
	lockRow string
	// lockSchema makes other programs that migrate wait until the transaction
	// ends. It is "" if the first write does that.
	lockSchema string
	// versioned returns whether the database has the table with the schema
	// version.
	versioned string
	// elements are the texts of the JSON array $1, one a row.
	elements string
	// among is the format of the condition that id is one of the rows of a
	// query.
	among string
	// cast returns what must follow a parameter for a value of a Record.
	cast func(value any) string
	// busy reports whether a statement failed because of other writers, stored
	// nothing, and may be tried again.
	busy func(error) bool
	// storable reports whether a text can be in the database.
	storable func(string) bool
}

// sqlite is the dialect of SQLite 3.35 and newer.
var sqlite = dialect{
	migrations: "migrations/sqlite",
	oneWriter:  true,
	// The transaction begins with a write: it waits here for other writers and
	// reads what they left. A transaction that had read first could not write
	// any more once another one wrote.
	lockRow:   "UPDATE masto_accounts SET id = id WHERE id = $1 RETURNING id",
	versioned: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'masto_schema_version')",
	elements:  "SELECT value FROM json_each($1)",
	among:     "id IN (%s)",
	cast:      func(any) string { return "" },
	busy:      sqliteBusy,
	storable:  func(string) bool { return true },
}

// sqliteBusy reports whether err is SQLITE_BUSY or SQLITE_LOCKED. The errors of
// the drivers have no type or method in common, but all of them have SQLite's
// own words in their text.
func sqliteBusy(err error) bool {
	text := err.Error()
	return strings.Contains(text, "database is locked") ||
		strings.Contains(text, "database table is locked") ||
		strings.Contains(text, "database schema is locked")
}

// postgres is the dialect of PostgreSQL 12 and newer.
var postgres = dialect{
	migrations: "migrations/postgres",
	// Every statement sees what was committed before it began, so that the
	// record that is read after lockRow is the newest.
	isolation: sql.LevelReadCommitted,
	// NO KEY leaves alone those who insert rows that refer to the account. The
	// timeout holds for the transaction. It is set here since a statement of
	// its own would be one more round trip.
	lockRow: "SELECT id FROM masto_accounts WHERE id = $1 " +
		"AND set_config('idle_in_transaction_session_timeout', '30s', true) <> '' FOR NO KEY UPDATE",
	// The number is the first eight bytes of the SHA-256 of "masto_accounts".
	lockSchema: "SELECT pg_advisory_xact_lock(-2061756114616375324)",
	versioned:  "SELECT to_regclass('masto_schema_version') IS NOT NULL",
	elements:   "SELECT jsonb_array_elements_text($1::jsonb)",
	// An array is looked up by the index. With IN the planner reads the whole
	// of a small table, as it does not know how few rows the query has.
	among:    "id = ANY(ARRAY(%s))",
	cast:     postgresCast,
	busy:     postgresBusy,
	storable: func(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") },
}

// postgresCast returns the type of the values that are sent as text. A driver
// that does not ask the database for the types of parameters needs it.
func postgresCast(value any) string {
	switch value.(type) {
	case *instant:
		return "::timestamptz"
	case *fields, *domains, *featuredTags, *role:
		return "::jsonb"
	}
	return ""
}

// postgresBusy reports whether err has one of the codes that PostgreSQL gives
// to what may be tried again and was not committed. The errors of the drivers
// pgx and pq have the method.
func postgresBusy(err error) bool {
	var coded interface{ SQLState() string }
	if !errors.As(err, &coded) {
		return false
	}
	switch coded.SQLState() {
	case "40001", // serialization_failure
		"40P01", // deadlock_detected
		"55P03", // lock_not_available, with a lock_timeout
		"53300", // too_many_connections
		"57P03": // cannot_connect_now, while it starts
		return true
	}
	return false
}
