package main

import (
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
)

// maxToken is the size limit of a token file in bytes.
const maxToken = 16 << 10

// connect returns a client for the server that the flags or the environment
// name. If there is no token, it fails if needToken is true.
func (p *program) connect(needToken bool) (*connection, error) {
	base, err := serverAddress(p.server)
	if err != nil {
		return nil, err
	}
	token, err := p.token()
	if err != nil {
		return nil, err
	}
	if token == "" && needToken {
		return nil, exit(exitUsage, "there is no access token: set $MASTO_TOKEN or -token-file")
	}
	return newClient(base, token), nil
}

// serverAddress parses the address of a server. The scheme is https if it is
// left out. It may be http only for a server on this machine, since the token
// is sent to it.
func serverAddress(s string) (*url.URL, error) {
	if s == "" {
		return nil, exit(exitUsage, "there is no server: set -server or $MASTO_SERVER")
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, exit(exitUsage, "server address: %w", err)
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, exit(exitUsage, "%q is not the address of a server", s)
	case u.Scheme != "https" && (u.Scheme != "http" || !isThisMachine(u.Hostname())):
		return nil, exit(exitUsage, "the token would be sent unencrypted: use https")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

func isThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// token returns the token from the environment or the token file, or "" if
// there is none.
func (p *program) token() (string, error) {
	if token := strings.TrimSpace(p.env("MASTO_TOKEN")); token != "" {
		return token, nil
	}
	if p.tokenFile == "" {
		return "", nil
	}
	data, err := readPrivate(p.tokenFile)
	return strings.TrimSpace(string(data)), err
}

// readPrivate reads the token file. It fails if anyone but the owner has access
// to the file.
func readPrivate(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, exit(exitUsage, "token file: %w", err)
	}
	data, err := readFile(f)
	return data, errors.Join(err, f.Close())
}

func readFile(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, exit(exitUsage, "token file: %s is not a regular file", f.Name())
	case info.Mode().Perm()&0o077 != 0:
		return nil, exit(exitUsage, "token file: others have access to %s (mode %#o): run chmod 600 on it",
			f.Name(), info.Mode().Perm())
	case info.Size() > maxToken:
		return nil, exit(exitUsage, "token file: %s is too large", f.Name())
	}
	return io.ReadAll(io.LimitReader(f, maxToken))
}
