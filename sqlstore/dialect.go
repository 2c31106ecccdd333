package sqlstore

// dialect is what differs between databases.
type dialect struct {
	migrations string           // their folder
	busy       func(error) bool // whether a statement failed for another writer and may be tried again
}

// sqlite is the dialect of SQLite 3.24 and newer.
var sqlite = dialect{migrations: "migrations/sqlite", busy: sqliteBusy}
