package mastotest

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// report is what the suite said of each quirk.
type report struct {
	outcome map[string]string // by quirk and case: PASS, FAIL or SKIP
	text    map[string]string // by quirk and case, what was printed
}

// inChild runs suite for each quirk, as subtests of the calling test in a process of its own, and returns what it reported.
func inChild(t *testing.T, quirks []string, suite func(t *testing.T, quirk string)) report {
	t.Helper()
	const variable = "MASTOTEST_CHILD"
	if os.Getenv(variable) != "" {
		for _, quirk := range quirks {
			t.Run(quirk, func(t *testing.T) { suite(t, quirk) })
		}
		t.SkipNow() // this is the child: the rest is its parent's
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=5m")
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

func (r report) skipped(quirk, name string) bool { return r.outcome[subtest(quirk, name)] == "SKIP" }

// check tells whether each quirk was reported by the cases that want names, with their rule, whether those without any passed, and
// whether each rule was broken by one of them.
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
