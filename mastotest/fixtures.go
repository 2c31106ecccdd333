package mastotest

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-374a2035/masto"
)

// samples are the accounts of the fixtures, and the index that describes them.
//
//go:embed fixtures/index.tsv fixtures/*/*.json
var samples embed.FS

// Fixture is an account as one kind of server sends it. All were written for
// this project, after the public serializers of those servers or with the
// members of captured responses. The values are made up.
type Fixture struct {
	// Name tells fixtures apart and can name a subtest: "pleroma/credential".
	Name string
	// Software is the kind of server: "mastodon", "gotosocial", "iceshrimp
	// (JS)".
	Software string
	// Version says which versions of the software send such an account.
	Version string
	// Credential reports that the account is the answer to verify_credentials.
	// If it is not, or the server sends none, the Source and the Role of
	// Account are zero.
	Credential bool
	// JSON is what the server sends.
	JSON []byte
	// Account is JSON as masto decodes it.
	Account masto.CredentialAccount
}

// Fixtures returns one or more accounts of each kind of server that masto
// knows, ordered by name. A client that reads all of them does not rely on what
// only Mastodon sends. The caller may change the result.
func Fixtures() []Fixture {
	index, err := samples.ReadFile("fixtures/index.tsv")
	if err != nil {
		panic(err) // The index is compiled in.
	}
	lines := strings.Split(strings.TrimSpace(string(index)), "\n")
	var list []Fixture
	for _, line := range lines[1:] {
		f, err := readFixture(line)
		if err != nil {
			panic(err) // A test reads every line.
		}
		if f.JSON != nil {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b Fixture) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// readFixture reads the sample that a line of the index describes. The JSON of
// the result is nil if the sample is not an account.
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
		Name:       strings.TrimSuffix(path, ".json"),
		Software:   columns[3],
		Version:    columns[4],
		Credential: strings.HasPrefix(entity, "Credential"),
	}
	if f.JSON, err = samples.ReadFile("fixtures/" + path); err != nil {
		return f, err
	}
	return f, f.Account.UnmarshalJSON(f.JSON)
}
