package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
	"github.com/seed-374a2035/masto/linkcheck"
)

// homepage is a page that the demo account links to and that links back, so
// that a first start shows a verified link. Only pages at https addresses are
// asked for a link back: a server on localhost speaks TLS, too, at its port,
// with a certificate that its own checks alone trust.
type homepage struct {
	url   string
	port  uint16
	cert  tls.Certificate
	roots *x509.CertPool
}

// homepagePath is where the page is.
const homepagePath = "/demo/homepage"

// newHomepage returns the page of a server at an address, or nil if that is not
// on localhost.
func newHomepage(baseURL string, now time.Time) (*homepage, error) {
	base, err := url.Parse(baseURL)
	if err != nil || base.Scheme != "http" || base.Hostname() != "localhost" {
		return nil, nil
	}
	port, err := strconv.ParseUint(base.Port(), 10, 16)
	if err != nil {
		return nil, nil // It has none, so that another program may have the one of TLS.
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		DNSNames:              []string{base.Hostname()},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.AddDate(10, 0, 0),
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return &homepage{
		url:   "https://" + base.Host + homepagePath,
		port:  uint16(port),
		cert:  tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		roots: roots,
	}, nil
}

// check returns a check that asks the page with a policy of its own, and every
// other one as others does.
func (h *homepage) check(others checkFunc) checkFunc {
	own := &linkcheck.Checker{RootCAs: h.roots, Allow: func(addr netip.AddrPort) bool {
		return addr.Addr().IsLoopback() && addr.Port() == h.port
	}}
	return func(ctx context.Context, url, profileURL string) (linkcheck.Report, error) {
		if url == h.url {
			return own.Check(ctx, url, profileURL)
		}
		return others(ctx, url, profileURL)
	}
}

// listener returns a listener of which a connection may begin with TLS.
func (h *homepage) listener(l net.Listener) net.Listener {
	return eitherListener{l, &tls.Config{Certificates: []tls.Certificate{h.cert}, MinVersion: tls.VersionTLS12}}
}

type eitherListener struct {
	net.Listener
	config *tls.Config
}

// Accept implements [net.Listener].
func (l eitherListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &eitherConn{Conn: c, config: l.config}, nil
}

// eitherConn is a connection that speaks TLS if the first byte that it reads
// says so. The server reads before it writes.
type eitherConn struct {
	net.Conn
	config *tls.Config
	begin  sync.Once
	inner  net.Conn
}

// tlsHandshake is the first byte of TLS, with which no request begins.
const tlsHandshake = 0x16

// decide reads the first byte.
func (c *eitherConn) decide() {
	var first [1]byte
	n, _ := io.ReadFull(c.Conn, first[:]) // An error comes again with the next read.
	var begun net.Conn = begunConn{c.Conn, io.MultiReader(bytes.NewReader(first[:n]), c.Conn)}
	if n == 1 && first[0] == tlsHandshake {
		begun = tls.Server(begun, c.config)
	}
	c.inner = begun
}

// Read implements [net.Conn].
func (c *eitherConn) Read(b []byte) (int, error) {
	c.begin.Do(c.decide)
	return c.inner.Read(b)
}

// Write implements [net.Conn].
func (c *eitherConn) Write(b []byte) (int, error) {
	c.begin.Do(c.decide)
	return c.inner.Write(b)
}

// begunConn is a connection of which a part was read before.
type begunConn struct {
	net.Conn
	reader io.Reader
}

// Read implements [net.Conn].
func (c begunConn) Read(b []byte) (int, error) { return c.reader.Read(b) }

// homepage answers homepagePath.
func (p *pages) homepage(w http.ResponseWriter, r *http.Request) {
	p.write(w, r, http.StatusOK, "homepage.html", struct {
		frame
		DemoURL string
	}{p.frame(r), p.app.service.Site.AccountURL(masto.NewRecord(demoID, demoName))})
}
