package mastotest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/testdata/wire"
)

// Fixture is an account as a kind of server sends it. All were written for this
// project, after the public serializers of those servers or with the members of
// captured responses: the values are the project's own.
type Fixture struct {
	// Name tells fixtures apart, and is good for a subtest:
	// "pleroma/credential".
	Name string
	// Software is the kind of server: "mastodon", "gotosocial", "iceshrimp
	// (JS)". Version says which ones of that kind.
	Software, Version string
	// Own reports that it is one's own account, as verify_credentials answers
	// it. Where it is false, and on servers that send none, the Source and Role
	// of Account are zero.
	Own bool
	// JSON is what the server sends.
	JSON []byte
	// Account is what masto makes of it.
	Account masto.CredentialAccount
}

// Fixtures returns one account or more of each kind of server that masto knows
// of, ordered by name. A client that reads all of them takes for granted
// nothing that only Mastodon sends. The result is the caller's own.
func Fixtures() []Fixture {
	index, err := wire.Files.ReadFile("index.tsv")
	if err != nil {
		panic(err) // it is compiled in
	}
	lines := strings.Split(strings.TrimSpace(string(index)), "\n")
	var list []Fixture
	for _, line := range lines[1:] {
		f, err := readFixture(line)
		if err != nil {
			panic(err) // a test reads every line
		}
		if f.JSON != nil {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b Fixture) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// readFixture reads what a line of the index is about; without JSON if that is
// no account.
func readFixture(line string) (f Fixture, err error) {
	columns := strings.Split(line, "\t")
	if len(columns) < 5 {
		return f, fmt.Errorf("mastotest: index of fixtures: %q", line)
	}
	path, entity := columns[0], columns[1]
	if !strings.Contains(entity, "Account") {
		return f, nil
	}
	f = Fixture{
		Name: strings.TrimSuffix(path, ".json"), Software: columns[3], Version: columns[4], Own: strings.HasPrefix(entity, "Credential"),
	}
	if f.JSON, err = wire.Files.ReadFile(path); err != nil {
		return f, err
	}
	return f, f.Account.UnmarshalJSON(f.JSON)
}
