package client

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Login says how [Client.Login] gets a token. Name and Open are required.
type Login struct {
	// Name is the name of the program, which the server shows to the user.
	Name string
	// Website is the address of the program's page; "" if it has none.
	Website string
	// Scopes are what the program wants to do. nil stands for reading and
	// writing accounts.
	Scopes []string
	// Open is called with the address that the user has to visit.
	Open func(ctx context.Context, address string) error
	// Code asks the user for the code that the server shows in the end. If it
	// is nil, the browser must be on this machine: the server sends it back
	// with the code to a port of 127.0.0.1, where Login waits for it.
	Code func(ctx context.Context) (string, error)
}

// ErrLogin means that the user or the server did not allow the program to use
// the account.
var ErrLogin = errors.New("the login was refused")

// outOfBand is the address that has a server show the code.
const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// defaultScopes let a program read and edit a profile, and nothing else.
var defaultScopes = []string{"read:accounts", "write:accounts"}

// app is a program that was registered with a server.
type app struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

// Login registers the program with the server, lets the user allow it to use
// the account, and returns the token, by OAuth 2 with PKCE. It waits for the
// user until ctx ends. The client needs no token and gets none: make another
// one by [New].
func (c *Client) Login(ctx context.Context, l Login) (token string, err error) {
	i, err := c.known(ctx)
	if err != nil {
		return "", err
	}
	if l.Scopes == nil {
		l.Scopes = defaultScopes
		if s := serverOf(i); s.scopes != nil {
			l.Scopes = s.scopes
		}
	}
	redirect, wait := outOfBand, l.Code
	state := rand.Text()
	if wait == nil {
		back, err := listen(ctx, state)
		if err != nil {
			return "", err
		}
		defer back.close()
		redirect, wait = back.address, back.code
	}
	return c.login(ctx, l, redirect, state, wait)
}

// login logs in by the code that wait returns after the user was sent to the
// server.
func (c *Client) login(
	ctx context.Context, l Login, redirect, state string, wait func(context.Context) (string, error),
) (string, error) {
	scopes := strings.Join(l.Scopes, " ")
	var registered app
	err := c.post(ctx, "/api/v1/apps", url.Values{
		"client_name":   {l.Name},
		"website":       {l.Website},
		"redirect_uris": {redirect},
		"scopes":        {scopes},
	}, &registered)
	if err != nil {
		return "", err
	}
	verifier := rand.Text() + rand.Text()
	hash := sha256.Sum256([]byte(verifier))
	address := c.base.String() + "/oauth/authorize?" + url.Values{
		"response_type":         {"code"},
		"client_id":             {registered.ClientID},
		"redirect_uri":          {redirect},
		"scope":                 {scopes},
		"state":                 {state},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(hash[:])},
		"code_challenge_method": {"S256"},
	}.Encode()
	if err := l.Open(ctx, address); err != nil {
		return "", err
	}
	code, err := wait(ctx)
	if err != nil {
		return "", err
	}
	var granted struct {
		AccessToken string `json:"access_token"`
	}
	err = c.post(ctx, "/oauth/token", url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {strings.TrimSpace(code)},
		"client_id":     {registered.ClientID},
		"client_secret": {registered.ClientSecret},
		"redirect_uri":  {redirect},
		"scope":         {scopes},
		"code_verifier": {verifier},
	}, &granted)
	if err == nil && granted.AccessToken == "" {
		err = fmt.Errorf("%w: the server sent no token", ErrLogin)
	}
	return granted.AccessToken, err
}

// post sends a form without the token, and decodes the answer.
func (c *Client) post(ctx context.Context, path string, form url.Values, into any) error {
	a, err := c.do(ctx, request{
		method: http.MethodPost,
		path:   path,
		public: true,
		body:   textBody("application/x-www-form-urlencoded", form.Encode()),
	})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		return fmt.Errorf("POST %s: %w", path, err)
	}
	return nil
}

// callback waits for the browser to come back with a code.
type callback struct {
	address string
	server  *http.Server
	answers chan callbackAnswer
}

type callbackAnswer struct {
	code string
	err  error
}

// listen starts a callback that only takes answers with a state.
func listen(ctx context.Context, state string) (*callback, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	back := &callback{
		address: "http://" + listener.Addr().String() + "/",
		answers: make(chan callbackAnswer, 1),
	}
	back.server = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			back.serve(w, r, state)
		}),
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() { _ = back.server.Serve(listener) }() // It ends by close.
	return back, nil
}

func (b *callback) close() { _ = b.server.Close() }

// serve takes the code that the browser brings.
func (b *callback) serve(w http.ResponseWriter, r *http.Request, state string) {
	q := r.URL.Query()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.URL.Path != "/" || q.Get("state") != state {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	a := callbackAnswer{code: q.Get("code")}
	text := "You are logged in. You can close this page.\n"
	if a.code == "" {
		a.err = fmt.Errorf("%w: %s", ErrLogin, cmp.Or(q.Get("error_description"), q.Get("error"), "there is no code"))
		text = "You are not logged in. You can close this page.\n"
	}
	_, _ = w.Write([]byte(text))
	select {
	case b.answers <- a:
	default: // The browser came twice.
	}
}

// code returns the code once the browser brought it.
func (b *callback) code(ctx context.Context) (string, error) {
	select {
	case a := <-b.answers:
		// The page should be read before the server is closed.
		_ = b.server.Shutdown(ctx)
		return a.code, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
