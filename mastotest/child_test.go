package mastotest

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// report is what the suite reported of each quirk.
type report struct {
	// outcome is PASS, FAIL or SKIP, by quirk and case.
	outcome map[string]string
	// text is what was printed, by quirk and case.
	text map[string]string
}

// inChild runs suite for each quirk, as subtests of the calling test in a
// process of its own, and returns what it reported. broken names the quirks
// that break a rule. They run at the same time, but not while a good store is
// checked: they have data races, which the race detector reports of every test
// that runs.
func inChild(
	t *testing.T, quirks []string, broken map[string][]string, suite func(t *testing.T, quirk string),
) report {
	t.Helper()
	const variable = "MASTOTEST_CHILD"
	if os.Getenv(variable) != "" {
		for _, quirk := range quirks {
			t.Run(quirk, func(t *testing.T) {
				if broken[quirk] != nil {
					t.Parallel()
				}
				suite(t, quirk)
			})
		}
		t.SkipNow() // This is the child. The parent does the rest.
	}
	// Most of the time a broken store sleeps, so more run at once than there
	// are processors.
	child := exec.CommandContext(t.Context(), os.Args[0],
		"-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=5m", "-test.parallel=8")
	child.Env = append(os.Environ(), variable+"=1")
	out, err := child.CombinedOutput()
	if err == nil {
		t.Fatalf("the suite failed for no broken store")
	}
	if i := max(strings.Index(string(out), "\npanic: "), strings.Index(string(out), "\nfatal error: ")); i >= 0 {
		t.Fatalf("the suite did not come to its end:\n%.4000s", out[i:])
	}
	return parse(t.Name(), string(out))
}

var (
	startLine   = regexp.MustCompile(`(?m)^=== (?:RUN|NAME|CONT) +(\S+)$`)
	outcomeLine = regexp.MustCompile(`(?m)^ *--- (PASS|FAIL|SKIP): (\S+) `)
)

// parse reads the verbose output of the test called name.
func parse(name, out string) report {
	r := report{outcome: map[string]string{}, text: map[string]string{}}
	starts := startLine.FindAllStringSubmatchIndex(out, -1)
	for i, at := range starts {
		end := len(out)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		r.text[strings.TrimPrefix(out[at[2]:at[3]], name+"/")] += out[at[1]:end]
	}
	for _, m := range outcomeLine.FindAllStringSubmatch(out, -1) {
		r.outcome[strings.TrimPrefix(m[2], name+"/")] = m[1]
	}
	return r
}

// subtest names a subtest as the testing package does.
func subtest(quirk, name string) string { return strings.ReplaceAll(quirk+"/"+name, " ", "_") }

// skipped reports whether a case was skipped.
func (r report) skipped(quirk, name string) bool { return r.outcome[subtest(quirk, name)] == "SKIP" }

// check fails the test unless the cases in want failed for each quirk and
// printed their rule, the quirks without any passed all cases, and each rule is
// one that some quirk breaks.
func (r report) check(t *testing.T, quirks []string, want map[string][]string, rules map[string]string) {
	t.Helper()
	broken := map[string]bool{}
	for _, quirk := range quirks {
		var failed []string
		for name := range rules {
			switch r.outcome[subtest(quirk, name)] {
			case "FAIL":
				failed = append(failed, name)
			case "":
				t.Errorf("%s: the case %q did not run", quirk, name)
			}
		}
		slices.Sort(failed)
		if len(want[quirk]) == 0 && len(failed) > 0 {
			t.Errorf("%s: a good store fails %q:\n%s", quirk, failed, r.text[subtest(quirk, failed[0])])
		}
		for _, name := range want[quirk] {
			broken[name] = true
			switch text := r.text[subtest(quirk, name)]; {
			case !slices.Contains(failed, name):
				t.Errorf("%s: the case %q passes; these fail: %q", quirk, name, failed)
			case !strings.Contains(text, "rule: "+rules[name]):
				t.Errorf("%s: what the case %q prints does not say the rule:\n%s", quirk, name, text)
			}
		}
	}
	for name := range rules {
		if !broken[name] {
			t.Errorf("no broken store shows that the case %q can fail", name)
		}
	}
	if t.Failed() {
		fmt.Fprintln(os.Stderr, "run the child alone with MASTOTEST_CHILD=1 go test -v -run", t.Name())
	}
}

// patienceWith returns how long a call of a broken store may take. Those of a
// store that hangs are not waited for: it fails its cases whatever the time.
func patienceWith(hangs bool) time.Duration {
	if hangs {
		return 50 * time.Millisecond
	}
	return 2 * time.Second
}
