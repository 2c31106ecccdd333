package linkcheck_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-374a2035/masto/linkcheck"
)

// short is the deadline of a check that is not to end before it.
const short = 300 * time.Millisecond

// TestTLS has servers with which no secure connection can be made.
func TestTLS(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	signed := func(a *authority, name string, until time.Duration) *tls.Config {
		certificate, err := a.sign(name, time.Now().Add(until))
		require.NoError(t, err)
		return &tls.Config{Certificates: []tls.Certificate{*certificate}}
	}
	old, asking := ca.config(), ca.config()
	old.MaxVersion = tls.VersionTLS11
	asking.ClientAuth = tls.RequireAnyClientCert
	asking.MaxVersion = tls.VersionTLS12
	for _, tt := range []struct {
		name   string
		config *tls.Config // nil: no TLS
		code   linkcheck.Code
	}{
		{"good", ca.config(), ""},
		{"signed by somebody else", signed(other, "page.example", time.Hour), linkcheck.BadTLS},
		{"for another name", signed(ca, "other.example", time.Hour), linkcheck.BadTLS},
		{"expired", signed(ca, "page.example", -time.Hour), linkcheck.BadTLS},
		{"TLS 1.1", old, linkcheck.BadTLS},
		{"with a certificate of the client", asking, linkcheck.BadTLS},
		{"without TLS", nil, linkcheck.BadTLS},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listener := listen(t)
			own := netip.MustParseAddrPort(listener.Addr().String())
			var requests atomic.Int32
			server := &http.Server{
				Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					body(link)(w, r)
				}),
				ReadHeaderTimeout: time.Minute,
				ErrorLog:          nowhere,
			}
			t.Cleanup(func() { _ = server.Close() })
			if tt.config != nil {
				listener = tls.NewListener(listener, tt.config)
			}
			go func() { _ = server.Serve(listener) }()
			c := &linkcheck.Checker{
				Resolver: resolver([]string{"127.0.0.1"}),
				RootCAs:  ca.pool(),
				Timeout:  time.Minute,
				Allow:    func(addr netip.AddrPort) bool { return addr == own },
			}
			linked, err := c.LinksBack(t.Context(), "https://page.example:"+port(listener), profile)
			if tt.code != "" {
				requireCode(t, tt.code, err)
				require.Zero(t, requests.Load())
				return
			}
			require.NoError(t, err)
			require.True(t, linked)
		})
	}
}

// TestWire has servers that speak HTTP badly, slowly, or for ever.
func TestWire(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	write := func(text string) func(net.Conn) {
		return func(conn net.Conn) { _, _ = io.WriteString(conn, text) }
	}
	again := func(text string, pause time.Duration) func(net.Conn) {
		return func(conn net.Conn) {
			for {
				if _, err := io.WriteString(conn, text); err != nil {
					return
				}
				time.Sleep(pause)
			}
		}
	}
	and := func(fs ...func(net.Conn)) func(net.Conn) {
		return func(conn net.Conn) {
			for _, f := range fs {
				f(conn)
			}
		}
	}
	wait := func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
	var empty bytes.Buffer
	require.NoError(t, gzip.NewWriter(&empty).Close())
	const zipped = head + "Content-Encoding: gzip\r\n\r\n"
	for _, tt := range []struct {
		name   string
		answer func(net.Conn)
		code   linkcheck.Code
	}{
		{"nothing", wait, linkcheck.Timeout},
		{"the end", func(net.Conn) {}, linkcheck.Unreachable},
		{"another protocol", write("220 smtp.example ESMTP\r\n"), linkcheck.Unreachable},
		{"headers drop by drop", and(write(head), again("X: x\r\n", 10*time.Millisecond)), linkcheck.Timeout},
		{"endless headers", and(write(head), again("X: "+strings.Repeat("x", 1000)+"\r\n", 0)), linkcheck.Unreachable},
		{"one endless header", and(write(head+"X: "), again("xxxxxxxxx", 0)), linkcheck.Unreachable},
		{"endless continuing", again("HTTP/1.1 100 Continue\r\n\r\n", 0), linkcheck.Unreachable},
		{"a page that is announced", and(write(head+"Content-Length: 100\r\n\r\n"+link[:20]), wait), linkcheck.Timeout},
		{"a page that is cut short", write(head + "Content-Length: 1000\r\n\r\n" + link), linkcheck.Unreachable},
		{"a chunk that is none", write(head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), linkcheck.Unreachable},
		{"a page drop by drop", and(write(head+"\r\n"), again(" ", 10*time.Millisecond)), linkcheck.Timeout},
		{"broken gzip", write(zipped + "\x1f\x8b\x08\x00 and more"), linkcheck.Unreachable},
		{"gzip of nothing for ever", and(write(zipped), again(empty.String(), time.Millisecond)), linkcheck.Timeout},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ca := newAuthority(t)
			listener := listen(t)
			own := netip.MustParseAddrPort(listener.Addr().String())
			go func() {
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					secure := tls.Server(conn, ca.config())
					if _, err := http.ReadRequest(bufio.NewReader(secure)); err == nil {
						tt.answer(secure)
					}
					_ = secure.Close()
				}
			}()
			c := &linkcheck.Checker{
				Resolver: resolver([]string{"127.0.0.1"}),
				RootCAs:  ca.pool(),
				Timeout:  time.Minute,
				Allow:    func(addr netip.AddrPort) bool { return addr == own },
			}
			if tt.code == linkcheck.Timeout {
				c.Timeout = short
			}
			report, err := c.Check(t.Context(), "https://page.example:"+port(listener), profile)
			requireCode(t, tt.code, err)
			require.Equal(t, tt.code, report.Findings[0].Code)
			require.False(t, report.Linked)
		})
	}
	t.Run("no handshake", func(t *testing.T) {
		listener := listen(t) // which accepts, by the kernel, and says nothing
		c := &linkcheck.Checker{Timeout: short, Allow: func(netip.AddrPort) bool { return true }}
		_, err := c.Check(t.Context(), "https://"+listener.Addr().String(), profile)
		requireCode(t, linkcheck.Timeout, err)
	})
}
