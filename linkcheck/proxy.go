package linkcheck

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

// proxyKey is the key of the proxy in the context of a request.
type proxyKey struct{}

// withProxy returns req with the proxy that it is to be sent by, if any.
func (c *Checker) withProxy(req *http.Request) (*http.Request, error) {
	if c.Proxy == nil {
		return req, nil
	}
	proxy, err := c.Proxy(req)
	if err != nil || proxy == nil {
		return req, err
	}
	return req.WithContext(context.WithValue(req.Context(), proxyKey{}, proxy)), nil
}

// dial connects to an address, by the proxy of ctx if it has one.
func (c *Checker) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{Resolver: c.Resolver}
	proxy, ok := ctx.Value(proxyKey{}).(*url.URL)
	if !ok {
		dialer.Control = c.control
		return dialer.DialContext(ctx, network, address)
	}
	addrs, err := c.resolve(ctx, address)
	if err != nil {
		return nil, err
	}
	var failed error
	for _, addr := range addrs {
		err := c.judge(addr)
		if err == nil {
			var conn net.Conn
			if conn, err = c.connectBy(ctx, dialer, proxy, addr); err == nil {
				return conn, nil
			}
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

// resolve returns the addresses of a host and a port. Here they are resolved
// and not by the proxy, so that what was judged is what is connected to.
func (c *Checker) resolve(ctx context.Context, address string) ([]netip.AddrPort, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return nil, err
	}
	resolver := c.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	ips, err := resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	addrs := make([]netip.AddrPort, len(ips))
	for i, ip := range ips {
		addrs[i] = netip.AddrPortFrom(ip.Unmap(), uint16(port))
	}
	return addrs, nil
}

// connectBy returns a connection to addr that a proxy made.
func (c *Checker) connectBy(
	ctx context.Context, dialer *net.Dialer, proxy *url.URL, addr netip.AddrPort,
) (net.Conn, error) {
	conn, err := c.dialProxy(ctx, dialer, proxy)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	err = requestTunnel(conn, proxy, addr)
	if !stop() {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return conn, nil
}

// dialProxy connects to the proxy itself, which may be anywhere: whoever runs
// the server has chosen it.
func (c *Checker) dialProxy(ctx context.Context, dialer *net.Dialer, proxy *url.URL) (net.Conn, error) {
	usual := map[string]string{"http": "80", "https": "443"}[proxy.Scheme]
	if usual == "" {
		return nil, fmt.Errorf("%q is neither http nor https", proxy.Scheme)
	}
	port := proxy.Port()
	if port == "" {
		port = usual
	}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(proxy.Hostname(), port))
	if err != nil || proxy.Scheme == "http" {
		return conn, err
	}
	secure := tls.Client(conn, c.tlsConfig(proxy.Hostname()))
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}

// requestTunnel asks a proxy to connect to addr.
func requestTunnel(conn net.Conn, proxy *url.URL, addr netip.AddrPort) error {
	req := &http.Request{
		Method: http.MethodConnect,
		URL:    &url.URL{Opaque: addr.String()},
		Host:   addr.String(),
		Header: http.Header{"User-Agent": {agentName}},
	}
	if user := proxy.User; user != nil {
		password, _ := user.Password()
		credentials := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		req.Header.Set("Proxy-Authorization", "Basic "+credentials)
	}
	if err := req.Write(conn); err != nil {
		return err
	}
	answer := bufio.NewReader(io.LimitReader(conn, maxHeader))
	res, err := http.ReadResponse(answer, req) //nolint:bodyclose // there is none; what follows is the tunnel
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return errors.New(statusText(res.StatusCode))
	}
	if answer.Buffered() > 0 {
		return errors.New("it says more than it was asked")
	}
	return nil
}
