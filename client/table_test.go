package client

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readmeRows returns the rows of the table of encodings in the README, by the
// name of the software in lower case.
func readmeRows(t *testing.T) map[string][]string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	require.NoError(t, err)
	rows := map[string][]string{}
	for line := range strings.Lines(string(readme)) {
		cells := strings.Split(line, "|")
		if len(cells) != 8 { // with what is before the first and after the last
			continue
		}
		for i, cell := range cells {
			cells[i] = strings.Trim(cell, " `")
		}
		name, _, _ := strings.Cut(cells[1], " ")
		rows[strings.ToLower(name)] = cells[2:6]
	}
	rows["masto"] = rows["httpapi"]
	return rows
}

// TestTableIsThatOfTheREADME checks that each row of the table uses nothing
// that the README says a server does not take.
func TestTableIsThatOfTheREADME(t *testing.T) {
	rows := readmeRows(t)
	removals := map[removal]string{byDelete: "DELETE", byNull: "JSON null", byEmptyText: "an empty text"}
	columns := map[encoding]int{asMultipart: 0, asForm: 1, asJSON: 2}
	for _, s := range servers {
		for _, software := range s.software {
			t.Run(software, func(t *testing.T) {
				row := rows[software]
				require.NotNil(t, row, "it is in the README")
				for _, e := range s.encodings {
					cell := row[columns[e]]
					assert.NotEqual(t, "no", cell)
					if strings.Contains(cell, "no fields") {
						assert.NotContains(t, s.parameters, "fields_attributes")
					}
					if e == asMultipart {
						assert.NotContains(t, cell, "no pictures")
						assert.Equal(t, strings.Contains(cell, "by POST"), s.multipartMethod == "POST")
					}
				}
				if s.removal == never {
					assert.Contains(t, []string{"none", ""}, row[3])
				} else {
					assert.Contains(t, row[3], removals[s.removal])
				}
			})
		}
	}
}
