package sqlstore

import (
	"fmt"
	"strings"
)

// statements are the SQL that a Store sends to its database.
type statements struct {
	byID   string // $1: the id
	byName string // $1, $2: the keys of the name
	byIDs  string // $1: a JSON array of ids
	insert string // $1 …: the columns of insertion
	update string // $1 …: the columns of profile, then the id
}

// statements returns the statements of a database.
func (d dialect) statements() statements {
	var a account
	all, profile := a.columns(), a.profile()
	return statements{
		byID:   d.selecting(all, "id = $1"),
		byName: d.selecting(all, "username_key = $1 AND domain_key = $2"),
		byIDs:  d.selecting(all, fmt.Sprintf(d.among, d.elements)),
		insert: d.inserting(a.insertion()),
		update: fmt.Sprintf("UPDATE masto_accounts SET %s WHERE id = $%d RETURNING %s",
			d.assignments(profile), len(profile)+1, names(all)),
	}
}

// selecting returns the statement that reads, in one snapshot, the accounts
// that meet a condition and those that they moved to. An additional last column
// is true for the former.
func (d dialect) selecting(columns []column, condition string) string {
	const form = "WITH asked AS (SELECT %[1]s FROM masto_accounts WHERE %[2]s) " +
		"SELECT %[1]s, true FROM asked UNION ALL SELECT %[1]s, false FROM masto_accounts WHERE %[3]s"
	const targets = "SELECT moved_to_id FROM asked EXCEPT SELECT id FROM asked"
	return fmt.Sprintf(form, names(columns), condition, fmt.Sprintf(d.among, targets))
}

// inserting returns the statement that stores a new row, if no other has its
// keys.
func (d dialect) inserting(columns []column) string {
	marks := list(columns, func(i int, c column) string { return d.mark(i+1, c) })
	return "INSERT INTO masto_accounts (" + names(columns) + ") VALUES (" + marks + ") ON CONFLICT DO NOTHING"
}

// assignments returns an assignment of a parameter to each column.
func (d dialect) assignments(columns []column) string {
	return list(columns, func(i int, c column) string { return c.name + " = " + d.mark(i+1, c) })
}

// mark returns the parameter with a number, counted from 1, for a column.
func (d dialect) mark(number int, c column) string {
	return fmt.Sprintf("$%d%s", number, d.cast(c.value))
}

// names returns the names of columns.
func names(columns []column) string {
	return list(columns, func(_ int, c column) string { return c.name })
}

// list returns what each makes of the columns, separated by commas.
func list(columns []column, each func(i int, c column) string) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = each(i, c)
	}
	return strings.Join(parts, ", ")
}
