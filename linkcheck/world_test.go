package linkcheck_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/internal/vectors"
	"github.com/seed-374a2035/masto/linkcheck"
)

// publicAddr is a public address; nothing is ever sent to it.
const publicAddr = "93.184.215.14"

// authority signs certificates for any name.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Test"},
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{certificate, key}
}

// sign returns a certificate for a name that is valid until then.
func (a *authority) sign(name string, until time.Time) (*tls.Certificate, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		NotAfter:     until,
		DNSNames:     []string{name},
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.DNSNames, template.IPAddresses = nil, []net.IP{ip}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &a.key.PublicKey, a.key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}, err
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// config returns a configuration for a server of any name.
func (a *authority) config() *tls.Config {
	return &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		name := hello.ServerName
		if name == "" { // an address is no name, and this one is in the vectors
			name = "1.2.3.4"
		}
		return a.sign(name, time.Now().Add(time.Hour))
	}}
}

// world is a web in which every name resolves to a public address, with one
// handler for all of it. A Checker reaches it through a proxy, which the rule
// for addresses does not notice, so that it needs no Allow.
type world struct {
	proxy *proxy

	mu       sync.Mutex
	handler  http.HandlerFunc
	requests []string // method and address of each
}

func newWorld(t *testing.T) (*world, *linkcheck.Checker) {
	t.Helper()
	w := &world{}
	ca := newAuthority(t)
	serve := func(scheme string) string {
		listener := listen(t)
		server := &http.Server{
			Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				w.mu.Lock()
				w.requests = append(w.requests, r.Method+" "+scheme+"://"+r.Host+r.URL.RequestURI())
				handler := w.handler
				w.mu.Unlock()
				handler(rw, r)
			}),
			ReadHeaderTimeout: time.Minute,
		}
		address := listener.Addr().String()
		if scheme == "https" {
			listener = tls.NewListener(listener, ca.config())
		}
		go func() { _ = server.Serve(listener) }()
		t.Cleanup(func() { _ = server.Close() })
		return address
	}
	w.proxy = newProxy(t, map[string]string{"443": serve("https"), "80": serve("http")})
	return w, &linkcheck.Checker{
		Timeout:  time.Minute,
		Resolver: resolver([]string{publicAddr}),
		RootCAs:  ca.pool(),
		Proxy:    http.ProxyURL(w.proxy.url),
	}
}

// answers sets the handler and forgets the requests so far.
func (w *world) answers(h http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.handler, w.requests = h, nil
}

// seen returns the requests since then.
func (w *world) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.requests)
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// proxy is an HTTP proxy that connects to what its map has for the port that it
// is asked for, or, if that is nil, to the address.
type proxy struct {
	url     *url.URL
	targets map[string]string

	mu    sync.Mutex
	asked []*http.Request
}

func newProxy(t *testing.T, targets map[string]string) *proxy {
	t.Helper()
	listener := listen(t)
	p := &proxy{url: &url.URL{Scheme: "http", Host: listener.Addr().String()}, targets: targets}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(conn)
		}
	}()
	return p
}

func (p *proxy) serve(conn net.Conn) {
	defer conn.Close() //nolint:errcheck // it is over
	in := bufio.NewReader(conn)
	req, err := http.ReadRequest(in)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.asked = append(p.asked, req)
	p.mu.Unlock()
	_, port, _ := net.SplitHostPort(req.Host)
	to := p.targets[port]
	if p.targets == nil {
		to = req.Host
	}
	out, err := new(net.Dialer).DialContext(context.Background(), "tcp", to)
	if err != nil || req.Method != http.MethodConnect {
		_, _ = io.WriteString(conn, "HTTP/1.1 502 Bad Gateway\r\n\r\n")
		return
	}
	defer out.Close() //nolint:errcheck // it is over
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		_, _ = io.Copy(out, in)
		_ = out.(*net.TCPConn).CloseWrite() //nolint:errcheck // it is over; and it is TCP
	}()
	_, _ = io.Copy(conn, out)
}

// connects returns where the proxy was asked to connect to.
func (p *proxy) connects() (to []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.asked {
		to = append(to, r.Host)
	}
	return to
}

// TestLinkBackVectors serves the page of each vector, and answers HEAD requests
// as the vector says.
func TestLinkBackVectors(t *testing.T) {
	w, c := newWorld(t)
	known := vectors.Known(t)
	for _, v := range vectors.File(t, "link_back") {
		if known[v.ID] != "" { // TestConformance counts them
			continue
		}
		t.Run(v.ID, func(t *testing.T) {
			var in struct {
				HTML      string
				Profile   string `json:"profile_url"`
				Status    int
				Redirects map[string]string
			}
			var want bool
			require.NoError(t, json.Unmarshal(v.In, &in))
			require.NoError(t, json.Unmarshal(v.Out, &want))
			w.answers(func(rw http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodHead {
					for from, to := range in.Redirects {
						u, err := url.Parse(from)
						if err == nil && u.Host == r.Host && u.RequestURI() == r.URL.RequestURI() {
							rw.Header().Set("Location", to)
							rw.WriteHeader(http.StatusFound)
						}
					}
					return
				}
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
				if in.Status != 0 {
					rw.WriteHeader(in.Status)
				}
				_, _ = io.WriteString(rw, in.HTML)
			})
			linked, err := c.LinksBack(t.Context(), "https://page.example/", in.Profile)
			if in.Status < 500 {
				require.NoError(t, err)
			}
			require.Equal(t, want, linked)
		})
	}
}

// TestVerifiableVectors checks that the pages of those vectors that can be
// verified are asked, as they are written, and that nothing is requested for
// others.
func TestVerifiableVectors(t *testing.T) {
	w, c := newWorld(t)
	for _, v := range vectors.File(t, "verifiable") {
		t.Run(v.ID, func(t *testing.T) {
			var want struct {
				Value      *string `json:"value_for_verification"`
				Verifiable bool
			}
			require.NoError(t, json.Unmarshal(v.Out, &want))
			if want.Value == nil { // no link at all
				require.False(t, want.Verifiable)
				return
			}
			w.answers(body(link))
			report, err := c.Check(t.Context(), *want.Value, profile)
			switch code := unreachable(*want.Value); {
			case want.Verifiable && code == linkcheck.NotURL:
				require.NoError(t, err)
				require.True(t, report.Has(code), "%+v", report)
				return
			case want.Verifiable && code != "":
				requireCode(t, code, err)
				require.Empty(t, w.seen())
				return
			case want.Verifiable:
				require.NoError(t, err)
				require.True(t, report.Linked, "%+v", report)
				require.Len(t, w.seen(), 1)
				return
			}
			require.NoError(t, err)
			require.False(t, report.Linked)
			require.Empty(t, w.seen())
			require.Len(t, report.Findings, 1)
			require.Contains(t, []linkcheck.Code{
				linkcheck.NotURL,
				linkcheck.NotHTTPS,
				linkcheck.HasUser,
				linkcheck.NoHost,
				linkcheck.HostNotNormal,
				linkcheck.PathNotNormal,
			}, report.Findings[0].Code)
			require.Error(t, masto.CheckVerifiable(*want.Value))
		})
	}
}

// unreachable returns why a page that may be asked cannot be reached, "" if it
// can: the vectors have names that no host has, other ports and addresses that
// are private or no addresses.
func unreachable(address string) linkcheck.Code {
	address, _, _ = strings.Cut(address, "#")
	u, err := url.Parse(address)
	if err != nil {
		return linkcheck.NotURL
	}
	host, port := u.Hostname(), u.Port()
	isBad := func(label string) bool {
		return label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-'
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case len(port) > 4:
		return linkcheck.Unreachable
	case host == "localhost" || err == nil && !linkcheck.IsPublic(ip):
		return linkcheck.PrivateAddress
	case slices.ContainsFunc(strings.Split(host, "."), isBad):
		return linkcheck.NameNotFound
	case strings.HasSuffix(host, ".onion"):
		return linkcheck.Unreachable
	case port == "80":
		return linkcheck.BadTLS
	case port != "" && port != "443":
		return linkcheck.RefusedAddress
	}
	return ""
}

// With a proxy the addresses are judged as without: the proxy is asked for
// addresses that were judged, and never for others or for names.
func TestProxy(t *testing.T) {
	w, c := newWorld(t)
	w.proxy.url.User = url.UserPassword("alice", "secret")
	for _, tt := range []struct {
		name, page string
		addr       string // of every name
		answer     http.HandlerFunc
		code       linkcheck.Code
		connects   []string
	}{
		{
			name:     "a page",
			page:     "https://page.example/",
			addr:     publicAddr,
			answer:   body(link),
			connects: []string{"93.184.215.14:443"},
		},
		{
			name:     "a redirect to http",
			page:     "https://page.example/",
			addr:     publicAddr,
			answer:   redirectTo("http://other.example/", body(link)),
			connects: []string{"93.184.215.14:443", "93.184.215.14:80"},
		},
		{
			name: "a name with a private address",
			page: "https://page.example/",
			addr: "10.0.0.1",
			code: linkcheck.PrivateAddress,
		},
		{
			name:     "a redirect to a private address",
			page:     "https://page.example/",
			addr:     publicAddr,
			answer:   redirectTo("http://10.0.0.1/", nil),
			code:     linkcheck.PrivateAddress,
			connects: []string{"93.184.215.14:443"},
		},
		{
			name:   "the proxy itself",
			page:   "https://page.example/",
			addr:   publicAddr,
			answer: redirectTo(w.proxy.url.Scheme+"://"+w.proxy.url.Host, nil),
			code:   linkcheck.PrivateAddress, connects: []string{"93.184.215.14:443"},
		},
		{
			name: "another port",
			page: "https://page.example:8443/",
			addr: publicAddr,
			code: linkcheck.RefusedAddress,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.answers(tt.answer)
			w.proxy.mu.Lock()
			w.proxy.asked = nil
			w.proxy.mu.Unlock()
			c.Resolver = resolver([]string{tt.addr})
			report, err := c.Check(t.Context(), tt.page, profile)
			require.Equal(t, tt.connects, w.proxy.connects())
			if tt.code != "" {
				requireCode(t, tt.code, err)
				return
			}
			require.NoError(t, err)
			require.True(t, report.Linked)
			for _, r := range w.proxy.asked {
				user, password, ok := (&http.Request{
					Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]},
				}).BasicAuth()
				require.True(t, ok)
				require.Equal(t, "alice:secret", user+":"+password)
			}
		})
	}
}

// redirectTo redirects the first host to an address, and has h answer others.
func redirectTo(location string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "page.example" {
			http.Redirect(w, r, location, http.StatusFound)
			return
		}
		h(w, r)
	}
}

func requireCode(t *testing.T, code linkcheck.Code, err error) {
	t.Helper()
	var e *linkcheck.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code, "%v", err)
}

// A proxy that does not do what it should is an error like any other.
func TestBadProxy(t *testing.T) {
	says := func(answer string) func(conn net.Conn) {
		return func(conn net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_, _ = io.WriteString(conn, answer)
			_, _ = io.Copy(io.Discard, conn)
		}
	}
	for _, tt := range []struct {
		name, scheme string
		serve        func(conn net.Conn)
		code         linkcheck.Code
	}{
		{"refuses", "http", says("HTTP/1.1 403 Forbidden\r\n\r\n"), linkcheck.Unreachable},
		{"speaks something else", "http", says("220 smtp.example\r\n"), linkcheck.Unreachable},
		{"says too much", "http", says("HTTP/1.1 200 OK\r\n\r\nHello"), linkcheck.Unreachable},
		{"has endless headers", "http", says("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", maxHeader)), linkcheck.Unreachable},
		{"says nothing", "http", says(""), linkcheck.Timeout},
		{"hangs up", "http", func(net.Conn) {}, linkcheck.Unreachable},
		{"speaks no TLS", "https", says("HTTP/1.1 400 Bad Request\r\n\r\n"), linkcheck.BadTLS},
		{"is of another kind", "socks5", says(""), linkcheck.Unreachable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listener := listen(t)
			go func() {
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					tt.serve(conn)
					_ = conn.Close()
				}
			}()
			c := &linkcheck.Checker{
				Resolver: resolver([]string{publicAddr}),
				Proxy:    http.ProxyURL(&url.URL{Scheme: tt.scheme, Host: listener.Addr().String()}),
				Timeout:  time.Minute,
			}
			if tt.code == linkcheck.Timeout {
				c.Timeout = 200 * time.Millisecond
			}
			_, err := c.Check(t.Context(), "https://page.example/", profile)
			requireCode(t, tt.code, err)
		})
	}
	c := &linkcheck.Checker{Proxy: func(*http.Request) (*url.URL, error) { return nil, io.ErrUnexpectedEOF }}
	_, err := c.Check(t.Context(), "https://page.example/", profile)
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// maxHeader is more than is read of headers, in bytes.
const maxHeader = 65 << 10
