// Command server serves the profile API of Mastodon on an embedded SQLite
// database or a PostgreSQL server, with pictures in a folder or a bucket and a
// page for each profile. It is an example of a server made with masto, and a
// real one: it keeps what it is told. Several processes may share one
// PostgreSQL database and one folder or bucket of pictures. Once a day one of
// them removes the pictures that no account names.
//
// It asks the pages that profiles link to for a link back, unless -verify says
// otherwise, and tells the owner of a profile why a link is not verified, at
// /api/v1/masto/links.
//
// On its first start it creates a demo account and prints a token for it.
// Later, -new-token prints another one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	var c config
	addr := flag.String("addr", "localhost:8080", "`address` to listen on")
	flag.StringVar(&c.database, "db", "masto-data/masto.db", "database: a `file`, created if it does not exist, or postgres://…")
	flag.StringVar(&c.media, "media", "masto-data/media",
		"uploaded pictures: a `folder`, created if it does not exist, or a bucket, s3://… or file://…")
	flag.StringVar(&c.mediaURL, "media-url", "",
		"`address` at which something else serves -media, such as a cache (default: this server does)")
	flag.StringVar(&c.domain, "domain", "",
		"`domain` of the accounts, as in @demo@social.example (default: the address)")
	flag.StringVar(&c.baseURL, "url", "", "`address` at which browsers reach the server "+
		"(default: https:// and -domain, or else http:// and -addr); a database keeps the one of its first start")
	profileAPI := flag.Bool("profile-api", true, "serve GET, PATCH and PUT /api/v1/profile; "+
		"false imitates a server before Mastodon 4.6, to test clients")
	flag.Var(&c.verify, "verify", "verify the links of profiles: "+
		"by `pages` that are \"public\", also by those of this machine (\"local\", for demos), or \"off\"")
	var scopes string
	flag.BoolFunc("new-token", "print another token for the demo account", func(string) error {
		scopes = "read write"
		return nil
	})
	tokenUsage := "like -new-token, with these `scopes`, such as \"read:accounts\""
	flag.Func("token", tokenUsage, func(s string) (err error) {
		scopes, err = parseScopes(s)
		return err
	})
	flag.BoolVar(&c.showcase, "demo", true, "show every part of a profile in the demo account, when it is created")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "Usage: go run ./examples/server [flags]")
		flag.PrintDefaults()
	}
	flag.Parse()
	c.old = !*profileAPI
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := listenAndServe(ctx, *addr, c, scopes, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func listenAndServe(ctx context.Context, addr string, c config, scopes string, out io.Writer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: give another address by -addr, such as -addr localhost:8081", err)
	}
	if err != nil {
		return err
	}
	return serve(ctx, listener, c, scopes, out)
}

// shutdownTime is how long the requests under way may take when the server is
// told to stop.
const shutdownTime = 20 * time.Second

// serve serves on listener until ctx is over, and then finishes the requests
// under way. It prints to out.
func serve(ctx context.Context, listener net.Listener, c config, scopes string, out io.Writer) error {
	address := addressOf(listener.Addr())
	a, err := open(ctx, c.at(address))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := a.welcome(ctx, address, scopes, out); err != nil {
		return errors.Join(err, listener.Close(), a.close())
	}
	server := &http.Server{
		Handler:           a.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute, // The API has a limit of its own, which is shorter.
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	if a.home != nil {
		listener = a.home.listener(listener)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return errors.Join(err, a.close())
	case <-ctx.Done():
	}
	fmt.Fprintln(out, "stopping")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	return errors.Join(server.Shutdown(stopping), a.close())
}

// at returns c with the defaults that follow from the address of the server.
func (c config) at(address string) config {
	if c.baseURL == "" {
		c.baseURL = "https://" + c.domain
		if c.domain == "" {
			c.baseURL = "http://" + address
		}
	}
	c.baseURL = strings.TrimRight(c.baseURL, "/")
	if c.domain == "" {
		c.domain = address
	}
	return c
}

// addressOf returns the host and port at which this machine reaches a listener.
func addressOf(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && (tcp.IP.IsUnspecified() || tcp.IP.IsLoopback()) {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

// welcome prints where the server is and how to use it.
func (a *app) welcome(ctx context.Context, address, scopes string, out io.Writer) error {
	token, err := a.demoToken(ctx, scopes)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Listening on http://%s\n\n", address)
	if token == "" {
		fmt.Fprintf(out, "Use the token of the first start, or start with -new-token for another one.\n")
	} else {
		fmt.Fprintf(out, "TOKEN=%s\n", token)
	}
	read, update := "profile", "profile"
	if a.old {
		read, update = "accounts/verify_credentials", "accounts/update_credentials"
	}
	fmt.Fprintf(out, `api() { curl -sw '\n' -H "Authorization: Bearer $TOKEN" "$@"; }
api http://%[1]s/api/v1/%[3]s
api -X PATCH -d 'note=Hello #fediverse' http://%[1]s/api/v1/%[4]s
curl -s http://%[1]s%[5]s | api -X PATCH -F 'avatar=@-;type=image/jpeg' -F avatar_description='A robot' http://%[1]s/api/v1/%[4]s
api http://%[1]s/api/v1/accounts/verify_credentials
api 'http://%[1]s/api/v1/accounts/lookup?acct=%[2]s'
api http://%[1]s/api/v2/instance

Open http://%[1]s/@%[2]s to see the profile, and http://%[1]s/settings/profile to edit it.
`, address, demoName, read, update, picturePath)
	return nil
}
