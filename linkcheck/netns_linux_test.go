package linkcheck_test

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/linkcheck"
)

// The host of the tests below has these addresses, in a network of its own
// from which nothing leads out.
var hostAddrs = []string{
	"93.184.215.14",          // public
	"2606:2800:21f:cb07::14", // public
	"10.0.0.1",
	"100.64.0.1",
	"127.0.0.1",
	"169.254.169.254",
	"172.16.0.1",
	"192.0.2.1",
	"192.168.0.1",
	"198.18.0.1",
	"203.0.113.1",
	"::1",
	"64:ff9b::a00:1",
	"2001::1",
	"2001:db8::1",
	"2002:a00:1::1",
	"fd00::1",
}

// netnsEnv tells a child process that it is in a network of its own.
const netnsEnv = "MASTO_LINKCHECK_NETNS"

// TestNetwork runs a host with public and private addresses and the usual ports
// in a network namespace, and a zero Checker beside it, with the rule for
// addresses that it has by itself. Each connection is counted by the address
// that it reached.
func TestNetwork(t *testing.T) {
	if os.Getenv(netnsEnv) != "" {
		inNetwork(t)
		return
	}
	if reason := noNamespaces(); reason != "" {
		if os.Getenv("MASTO_NO_SKIP") != "" {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	runSelf(t, unshareNetwork, netnsEnv+"=1")
}

// unshareNetwork has a command run in a network namespace of its own, as its
// root.
func unshareNetwork(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if id := os.Getuid(); id != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: id, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
}

// noNamespaces returns why this machine cannot make network namespaces, "" if
// it can.
func noNamespaces() string {
	cmd := exec.Command("ip", "link", "set", "lo", "up") //nolint:noctx // it takes no time
	unshareNetwork(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Sprintf("no network namespace can be made here: %v %s", err, out)
	}
	return ""
}

// host serves http and https at all of hostAddrs.
type host struct {
	mu      sync.Mutex
	handler http.HandlerFunc
	reached map[string]int // connections by address and port
}

func newHost(t *testing.T) (*host, *authority) {
	t.Helper()
	ip := func(args ...string) {
		out, err := exec.CommandContext(t.Context(), "ip", args...).CombinedOutput()
		require.NoError(t, err, "ip %v: %s", args, out)
	}
	ip("link", "set", "lo", "up")
	for _, addr := range hostAddrs {
		if netip.MustParseAddr(addr).IsLoopback() {
			continue
		}
		bits := netip.MustParseAddr(addr).BitLen()
		if bits == 128 {
			ip("address", "add", fmt.Sprintf("%s/%d", addr, bits), "dev", "lo", "nodad")
		} else {
			ip("address", "add", fmt.Sprintf("%s/%d", addr, bits), "dev", "lo")
		}
	}
	h := &host{reached: map[string]int{}}
	ca := newAuthority(t)
	for _, port := range []string{"80", "443", "8443"} {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "[::]:"+port)
		require.NoError(t, err)
		var served net.Listener = &countedListener{listener, h}
		if port != "80" {
			served = tls.NewListener(served, ca.config())
		}
		server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
		go func() { _ = server.Serve(served) }()
		t.Cleanup(func() { _ = server.Close() })
	}
	return h, ca
}

// countedListener counts connections by the address that they reached.
type countedListener struct {
	net.Listener

	host *host
}

func (l *countedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		to := netip.MustParseAddrPort(conn.LocalAddr().String())
		l.host.mu.Lock()
		l.host.reached[netip.AddrPortFrom(to.Addr().Unmap(), to.Port()).String()]++
		l.host.mu.Unlock()
	}
	return conn, err
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	handler := h.handler
	h.mu.Unlock()
	handler(w, r)
}

// answers sets the handler and forgets the connections so far.
func (h *host) answers(f http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.handler, h.reached = f, map[string]int{}
}

// connections returns what was reached since then, in order.
func (h *host) connections() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for to := range h.reached {
		all = append(all, to)
	}
	slices.Sort(all)
	return all
}

// inNetwork is TestNetwork in the namespace.
func inNetwork(t *testing.T) {
	h, ca := newHost(t)
	const public = "93.184.215.14:443"
	type network struct {
		name   string
		page   string     // "": https://page.example/
		names  [][]string // the addresses of every name by look-up; nil: publicAddr
		answer http.HandlerFunc
		code   linkcheck.Code // of the Error; "" if the page links back
		want   []string       // what is reached
	}
	tests := []network{
		{
			name:   "a public page",
			answer: body(link),
			want:   []string{public},
		},
		{
			name:   "one of IPv6 alone",
			names:  [][]string{{"2606:2800:21f:cb07::14"}},
			answer: body(link),
			want:   []string{"[2606:2800:21f:cb07::14]:443"},
		},
		{
			name:   "a redirect to http",
			answer: redirectTo("http://other.example/", body(link)),
			want:   []string{public, "93.184.215.14:80"},
		},
		{
			name:   "a redirect to a name with a private address",
			names:  [][]string{{"93.184.215.14"}, {"10.0.0.1"}},
			answer: redirectTo("https://inside.example/", body(link)),
			code:   linkcheck.PrivateAddress,
			want:   []string{public},
		},
		{
			name:   "a name that resolves differently the second time",
			names:  [][]string{{"93.184.215.14"}, {"127.0.0.1"}},
			answer: redirectHome,
			code:   linkcheck.PrivateAddress,
			want:   []string{public},
		},
		{
			name:   "a name with a private and a public address",
			names:  [][]string{{"10.0.0.1", "93.184.215.14", "192.168.0.1"}},
			answer: body(link),
			want:   []string{public},
		},
		{
			name:   "another port",
			page:   "https://page.example:8443/",
			answer: body(link),
			code:   linkcheck.RefusedAddress,
		},
	}
	for _, addr := range hostAddrs[2:] {
		host := "[" + addr + "]"
		if netip.MustParseAddr(addr).Is4() {
			host = addr
			tests = append(tests, network{
				name:   "a redirect to " + addr + " within IPv6",
				answer: redirectTo("http://[::ffff:"+addr+"]/", body(link)),
				code:   linkcheck.PrivateAddress,
				want:   []string{public},
			})
		}
		tests = append(tests, network{
			name:   "a redirect to " + addr,
			answer: redirectTo("http://"+host+"/", body(link)),
			code:   linkcheck.PrivateAddress,
			want:   []string{public},
		}, network{
			name:   "a name with the address " + addr,
			names:  [][]string{{addr}},
			answer: body(link),
			code:   linkcheck.PrivateAddress,
		})
	}
	for _, tt := range tests {
		if tt.names == nil {
			tt.names = [][]string{{publicAddr}}
		}
		t.Run(tt.name, func(t *testing.T) {
			h.answers(tt.answer)
			c := &linkcheck.Checker{Resolver: resolver(tt.names...), RootCAs: ca.pool(), Timeout: time.Minute}
			page := "https://page.example/"
			if tt.page != "" {
				page = tt.page
			}
			linked, err := c.LinksBack(t.Context(), page, profile)
			require.Equal(t, tt.want, h.connections())
			if tt.code != "" {
				requireCode(t, tt.code, err)
				return
			}
			require.NoError(t, err)
			require.True(t, linked)
		})
	}
	t.Run("a link to be asked by HEAD", func(t *testing.T) {
		h.answers(body(`<a rel=me href="http://10.0.0.1/">`))
		c := &linkcheck.Checker{Resolver: resolver([]string{publicAddr}), RootCAs: ca.pool(), Timeout: time.Minute}
		report, err := c.Check(t.Context(), "https://page.example/", profile)
		require.NoError(t, err)
		require.True(t, report.Has(linkcheck.RedirectFailed))
		require.Equal(t, []string{public}, h.connections())
	})
	// The private addresses are there, and reached if the rule allows them.
	t.Run("without the rule", func(t *testing.T) {
		h.answers(redirectTo("http://10.0.0.1/", body(link)))
		c := &linkcheck.Checker{
			Resolver: resolver([]string{publicAddr}),
			RootCAs:  ca.pool(),
			Timeout:  time.Minute,
			Allow:    func(netip.AddrPort) bool { return true },
		}
		linked, err := c.LinksBack(t.Context(), "https://page.example/", profile)
		require.NoError(t, err)
		require.True(t, linked)
		require.Equal(t, []string{"10.0.0.1:80", public}, h.connections())
	})
}
