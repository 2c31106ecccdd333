package linkcheck_test

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// askEnv tells a child process whether to ask for the proxy of the environment.
const askEnv = "MASTO_LINKCHECK_ASK"

// A proxy that the environment names is used if it is asked for, and else not.
// net/http reads the environment once, so that each case is a process of its
// own.
func TestEnvironmentProxy(t *testing.T) {
	if ask := os.Getenv(askEnv); ask != "" {
		checkByEnvironment(t, ask == "yes")
		return
	}
	for _, tt := range []struct {
		name, ask string
		connects  int
	}{
		{"not asked for", "no", 0},
		{"asked for", "yes", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProxy(t, nil)
			runSelf(t, nil, "HTTPS_PROXY="+p.url.String(), askEnv+"="+tt.ask)
			require.Len(t, p.connects(), tt.connects)
			for _, to := range p.connects() {
				require.Contains(t, to, "127.0.0.1:")
			}
		})
	}
}

// checkByEnvironment checks a page of this process, by a name: no proxy is ever
// used for loopback addresses.
func checkByEnvironment(t *testing.T, ask bool) {
	s, c := site(t, body(link))
	if ask {
		c.Proxy = http.ProxyFromEnvironment
	}
	linked, err := c.LinksBack(t.Context(), "https://example.com:"+port(s.Listener), profile)
	require.NoError(t, err)
	require.True(t, linked)
}

// runSelf runs the test that calls it in a process of its own.
func runSelf(t *testing.T, prepare func(*exec.Cmd), env ...string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	name, _, _ := strings.Cut(t.Name(), "/")
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+name+"$", "-test.v")
	cmd.Env = append(os.Environ(), env...)
	if prepare != nil {
		prepare(cmd)
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "--- PASS: "+name)
}
