package linkcheck

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/html/charset"
)

// maxPage is how much of a page is read, and maxHeader of its headers, in
// bytes.
const (
	maxPage   = 1 << 20
	maxHeader = 64 << 10
)

// agentName is the User-Agent, without the server that asks.
const agentName = "masto-linkcheck"

// refusedError is the error of a connection that the policy does not allow.
type refusedError struct {
	addr netip.AddrPort
}

func (e *refusedError) Error() string { return "no connection is made to " + e.addr.String() }

// init makes the transport: no proxy but the one that is asked for, no
// connection that is kept, and a policy that judges every address when it is
// connected to.
func (c *Checker) init() {
	c.transport = &http.Transport{
		DialContext:            c.dial,
		TLSClientConfig:        c.tlsConfig(""),
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// tlsConfig returns the configuration for a server of a name; "" lets the
// transport find it.
func (c *Checker) tlsConfig(name string) *tls.Config {
	return &tls.Config{ServerName: name, RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12}
}

// control judges the address of a socket before it connects.
func (c *Checker) control(_, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return c.judge(netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()))
}

// judge returns an error if the policy refuses an address.
func (c *Checker) judge(addr netip.AddrPort) error {
	allow := c.Allow
	if allow == nil {
		allow = allowDefault
	}
	if !allow(addr) {
		return &refusedError{addr}
	}
	return nil
}

// acquire waits for the turn of a request to the host of u.
func (c *Checker) acquire(ctx context.Context, u *url.URL) (release func(), err error) {
	return c.hosts.acquire(ctx, strings.ToLower(u.Hostname()), c.perHost())
}

// fetch follows redirects from u to a page and returns its text and type. It
// returns no page if a finding says why the answer is none. The caller has
// acquired the host of u; fetch releases it, and holds one host at a time.
func (k *check) fetch(ctx context.Context, u *url.URL, release func()) (page []byte, ctype string, failed *Error) {
	for hops := 0; ; hops++ {
		k.report.FinalURL = shorten(u.String())
		next, page, ctype, failed := k.get(ctx, u)
		release()
		if failed != nil || next == nil {
			return page, ctype, failed
		}
		if hops == k.redirects() {
			return nil, "", &Error{Code: TooManyRedirects, URL: next.String()}
		}
		k.report.Redirects = append(k.report.Redirects, shorten(next.String()))
		var err error
		if release, err = k.acquire(ctx, next); err != nil {
			return nil, "", failure(next, err)
		}
		u = next
	}
}

// get requests u, and returns where it redirects to or the page.
func (k *check) get(ctx context.Context, u *url.URL) (next *url.URL, page []byte, ctype string, failed *Error) {
	res, err := k.send(ctx, http.MethodGet, u)
	if err != nil {
		return nil, nil, "", failure(u, err)
	}
	defer res.Body.Close() //nolint:errcheck // there is nothing to do about it
	k.report.Status = res.StatusCode
	switch {
	case isRedirect(res.StatusCode) && res.Header.Get("Location") != "":
		next, failed = redirect(u, res.Header.Get("Location"))
		return next, nil, "", failed
	case isTemporary(res.StatusCode):
		return nil, nil, "", &Error{Code: Unavailable, URL: u.String()}
	case res.StatusCode != http.StatusOK:
		k.report.add(Status, statusText(res.StatusCode))
		return nil, nil, "", nil
	}
	ctype = res.Header.Get("Content-Type")
	k.report.ContentType = shorten(ctype)
	if encoding := res.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		k.report.add(BadEncoding, encoding)
		return nil, nil, "", nil
	}
	page, err = io.ReadAll(io.LimitReader(res.Body, maxPage+1))
	if err != nil {
		return nil, nil, "", failure(u, err)
	}
	if len(page) > maxPage {
		page = page[:maxPage]
		k.report.add(TooLarge, "")
	}
	k.report.Bytes = len(page)
	if ctype == "" {
		ctype = http.DetectContentType(page)
	}
	if media, _, _ := mime.ParseMediaType(ctype); media != "text/html" {
		k.report.add(NotHTML, ctype)
		return nil, nil, "", nil
	}
	if page == nil {
		page = []byte{}
	}
	return nil, page, ctype, nil
}

// head asks u where it redirects to, and does not follow it.
func (k *check) head(ctx context.Context, u *url.URL) (location string, failed *Error) {
	if u.User != nil {
		return "", nil
	}
	release, err := k.acquire(ctx, u)
	if err != nil {
		return "", failure(u, err)
	}
	defer release()
	res, err := k.send(ctx, http.MethodHead, u)
	if err != nil {
		return "", failure(u, err)
	}
	_ = res.Body.Close()
	return res.Header.Get("Location"), nil
}

// send sends a request without a body.
func (k *check) send(ctx context.Context, method string, u *url.URL) (*http.Response, error) {
	asked := *u
	asked.RawQuery = escapeQuery(u.RawQuery)
	req, err := http.NewRequestWithContext(ctx, method, asked.String(), nil)
	if err != nil {
		return nil, err
	}
	agent := agentName
	if k.Instance != "" {
		agent += " (+" + k.Instance + ")"
	}
	req.Header.Set("User-Agent", agent)
	// Some servers answer 406 to those who accept nothing but HTML.
	req.Header.Set("Accept", "text/html, */*;q=0.1")
	req, err = k.withProxy(req)
	if err != nil {
		return nil, err
	}
	return k.transport.RoundTrip(req)
}

// escapeQuery percent-encodes what must not stand in a request as it is: people
// and redirects write spaces and letters of every script.
func escapeQuery(query string) string {
	isPlain := func(c byte) bool { return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' }
	var b strings.Builder
	for i := range len(query) {
		if isPlain(query[i]) {
			b.WriteByte(query[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", query[i])
		}
	}
	return b.String()
}

// redirect returns where a redirect from u leads.
func redirect(u *url.URL, location string) (*url.URL, *Error) {
	next, err := u.Parse(withoutFragment(location))
	if err != nil {
		return nil, &Error{Code: BadRedirect, URL: shorten(location), Err: err}
	}
	if !isWeb(next) || next.User != nil {
		return nil, &Error{Code: BadRedirect, URL: shorten(location)}
	}
	return next, nil
}

// withoutFragment returns an address without its fragment, which is not sent,
// and which people write in ways that net/url refuses.
func withoutFragment(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}

// isWeb reports whether u is an absolute address of http or https.
func isWeb(u *url.URL) bool {
	return (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// isTemporary reports whether a status says nothing about the page.
func isTemporary(status int) bool {
	return status >= 500 || status == 408 || status == 425 || status == 429
}

// statusText returns a status with its name.
func statusText(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}

// failure returns the Error of a request to u that failed.
func failure(u *url.URL, err error) *Error {
	e := &Error{Code: Unreachable, URL: u.String(), Err: err}
	var (
		refused     *refusedError
		noName      *net.DNSError
		timeout     net.Error
		certificate *tls.CertificateVerificationError
		hostname    x509.HostnameError
		record      tls.RecordHeaderError
		alert       tls.AlertError
	)
	switch {
	case errors.Is(err, context.Canceled):
		e.Code = Canceled
	case errors.As(err, &refused) && !IsPublic(refused.addr.Addr()):
		e.Code = PrivateAddress
	case refused != nil:
		e.Code = RefusedAddress
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		e.Code = Timeout
	case errors.As(err, &noName):
		e.Code = NameNotFound
	case errors.As(err, &certificate), errors.As(err, &hostname), errors.As(err, &record), errors.As(err, &alert),
		strings.Contains(err.Error(), "tls: "):
		e.Code = BadTLS
	}
	return e
}

// decode returns a page in UTF-8. The encoding is that of its byte order mark,
// its Content-Type or its meta elements, as browsers find it.
func decode(page []byte, ctype string) ([]byte, error) {
	if len(page) == 0 {
		return page, nil
	}
	r, err := charset.NewReader(bytes.NewReader(page), ctype)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
