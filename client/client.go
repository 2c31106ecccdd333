// Package client reads and edits profiles on any server that offers Mastodon's
// API: Mastodon of any version, its forks, Pleroma, Akkoma, GoToSocial,
// Pixelfed and others.
//
// [New] makes a [Client], which reads accounts and profiles. [Client.Edit]
// changes the profile of the account that the token belongs to:
//
//	c := client.New("https://social.example", token)
//	updated, err := c.Edit(ctx, func(d *client.Draft) error {
//		d.Note = "Mushrooms!"
//		return nil
//	})
//
// It sends nothing but what was changed, and nothing at all if the same was
// changed elsewhere in the meantime. [Client.Update] sends a [masto.Update],
// such as the difference of two profiles that [masto.Diff] returns. Both know
// the method and the encoding that each kind of server takes. [Updated] has the
// profile as it is now, and names what the server did not store as it was sent.
//
// [Client.Login] gets a token, and [Fit] cuts a profile to what another server
// has room for. What a server has room for is in [Instance].Limits:
// [masto.Limits.Usage] counts for the inputs of a form, and
// [masto.Limits.Validate] says before what would be refused.
//
// # Errors
//
// What a server answers with an error status is an [*APIError], with its
// message, and with findings by attribute if there are any. It matches
// [ErrUnauthorized], [ErrNotFound], [ErrRateLimited] and their siblings by
// errors.Is. What comes from a server is remote text: print errors and names
// with [TerminalText].
//
// # Safety
//
// A token is sent to one server only, never in the clear to another machine,
// and no redirect to another address is followed. Every request has a time
// limit, and an answer a limit of bytes. Nothing is sent twice unless the
// server asks for it and [Client].MaxWait allows it.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/seed-374a2035/masto"
)

// Client talks to one server for one account. [New] makes one. It is safe for
// concurrent use; set its fields before the first use.
type Client struct {
	// HTTP sends the requests. nil stands for a client of the package's own,
	// with time limits for each step of a connection. Its CheckRedirect is not
	// used: a Client follows no redirect to another server.
	HTTP *http.Client
	// UserAgent is sent as User-Agent. "" stands for the name of this package.
	UserAgent string
	// Timeout is how long a request may take, with its answer. 0 stands for 30
	// seconds, and a negative Timeout for no limit.
	Timeout time.Duration
	// UploadTimeout is Timeout for requests with a picture. 0 stands for 10
	// minutes.
	UploadTimeout time.Duration
	// MaxAnswer is how many bytes of an answer are read. A larger answer is an
	// error that matches [masto.ErrTooLarge]. 0 stands for 4 MiB, and a
	// negative MaxAnswer for no limit.
	MaxAnswer int64
	// MaxWait is how long to wait in all before a request is sent again, where
	// the server says how long to wait (Retry-After, or the end of a rate
	// limit). 0 stands for not at all. A server that is busy (503) may have
	// done part of the work, so an update is only sent again after 429.
	MaxWait time.Duration

	base  *url.URL // without a slash at the end; nil if invalid says why not
	token string
	err   error // why the address of the server is invalid

	mu       sync.Mutex
	instance *Instance // what Instance returned last, or nil
}

// The paths of the API that have more than one caller.
const (
	profilePath = "/api/v1/profile"
	verifyPath  = "/api/v1/accounts/verify_credentials"
	updatePath  = "/api/v1/accounts/update_credentials"
)

// ErrAddress means that the address which [New] was given is not that of a
// server, or that a token would be sent there in the clear.
var ErrAddress = errors.New("invalid address")

// New returns a client of a server, for the account that the token belongs to.
// server is an address such as https://social.example, whose scheme is https if
// it is left out. token may be "" for what anybody may read.
//
// Each method of the result fails with an error matching [ErrAddress] if the
// address is not that of a server, or if it is an http address of another
// machine and there is a token, which would be sent in the clear.
func New(server, token string) *Client {
	base, err := parseServer(server, token)
	return &Client{base: base, token: token, err: err}
}

// parseServer parses the address of a server.
func parseServer(server, token string) (*url.URL, error) {
	address := server
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	switch {
	case server == "":
		return nil, fmt.Errorf("%w of the server: it is missing", ErrAddress)
	case err != nil:
		return nil, fmt.Errorf("%w of the server: %w", ErrAddress, err)
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "",
		u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("%w of a server: %q should be such as https://social.example", ErrAddress, server)
	case u.Scheme == "http" && token != "" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("%w of the server: %s: the token would be sent unencrypted; use https",
			ErrAddress, server)
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

// Server returns the address of the server, without a slash at the end; "" if
// it is invalid.
func (c *Client) Server() string {
	if c.base == nil {
		return ""
	}
	return c.base.String()
}

// Instance asks the server what it is: GET /api/v2/instance, or
// /api/v1/instance where there is none, and NodeInfo if these do not name the
// software. The other methods ask by themselves where they need it, and
// remember the answer.
//
// A server that has neither method gives an Instance without anything, whose
// limits are none.
func (c *Client) Instance(ctx context.Context) (*Instance, error) {
	i, err := c.askInstance(ctx)
	if err != nil {
		return nil, err
	}
	if i.Software == "" {
		i.Software = c.askSoftware(ctx)
	}
	c.remember(i)
	return i, nil
}

// askInstance asks for the newest form of the instance that there is.
func (c *Client) askInstance(ctx context.Context) (*Instance, error) {
	for _, path := range [...]string{"/api/v2/instance", "/api/v1/instance"} {
		data, err := c.Get(ctx, path)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		i, err := DecodeInstance(data)
		if err != nil {
			return nil, fmt.Errorf("GET %s: %w", path, err)
		}
		return i, nil
	}
	return &Instance{Limits: untoldIsNone(masto.Limits{})}, nil
}

// askSoftware returns the name of the software that NodeInfo has, or "". It
// sends no token.
func (c *Client) askSoftware(ctx context.Context) string {
	var links struct {
		Links []struct{ Rel, Href string }
	}
	if c.getPublic(ctx, "/.well-known/nodeinfo", &links) != nil {
		return ""
	}
	for _, link := range links.Links {
		path, ok := strings.CutPrefix(link.Href, c.base.String())
		if !ok || !strings.HasPrefix(path, "/") || !strings.HasPrefix(link.Rel, "http://nodeinfo.diaspora.software/ns/schema/") {
			continue
		}
		var node struct{ Software struct{ Name string } }
		if c.getPublic(ctx, path, &node) == nil {
			return strings.ToLower(node.Software.Name)
		}
	}
	return ""
}

// getPublic decodes what anybody may read.
func (c *Client) getPublic(ctx context.Context, path string, into any) error {
	a, err := c.do(ctx, request{method: http.MethodGet, path: path, public: true})
	if err != nil {
		return err
	}
	return json.Unmarshal(a.body, into)
}

// remember keeps what the server said about itself.
func (c *Client) remember(i *Instance) {
	kept := *i
	c.mu.Lock()
	defer c.mu.Unlock()
	c.instance = &kept
}

// known returns what the server said about itself, and asks if it has not yet.
// The result is the caller's own.
func (c *Client) known(ctx context.Context) (*Instance, error) {
	c.mu.Lock()
	i := c.instance
	c.mu.Unlock()
	if i == nil {
		return c.Instance(ctx)
	}
	kept := *i
	return &kept, nil
}

// VerifyCredentials returns the account that the token belongs to, with its raw
// texts where the server has them.
func (c *Client) VerifyCredentials(ctx context.Context) (*masto.CredentialAccount, error) {
	var a masto.CredentialAccount
	if err := c.decode(ctx, verifyPath, &a); err != nil {
		return nil, err
	}
	return &a, nil
}

// Profile returns the profile that the user edits, with raw texts. It is that
// of GET /api/v1/profile or, on a server without the method, what
// [masto.CredentialAccount.EditableProfile] makes of VerifyCredentials.
func (c *Client) Profile(ctx context.Context) (masto.Profile, error) {
	i, err := c.known(ctx)
	if err != nil {
		return masto.Profile{}, err
	}
	if i.HasProfileAPI() {
		var p masto.Profile
		err := c.decode(ctx, profilePath, &p)
		if !errors.Is(err, ErrNotFound) {
			return p, err
		}
		i.APIVersion = profileAPIVersion - 1 // It lacks what it should have.
		c.remember(i)
	}
	a, err := c.VerifyCredentials(ctx)
	if err != nil {
		return masto.Profile{}, err
	}
	return serverOf(i).editable(a), nil
}

// Account returns the account with an id, as anybody sees it. Note and the
// values of fields are HTML.
func (c *Client) Account(ctx context.Context, id string) (*masto.Account, error) {
	return c.account(ctx, "/api/v1/accounts/"+url.PathEscape(id))
}

// Lookup returns the account with an address, such as alice or
// dora@far.example, as Account does. An @ in front of it does not matter. The
// server looks only among the accounts that it knows.
func (c *Client) Lookup(ctx context.Context, acct string) (*masto.Account, error) {
	return c.account(ctx, "/api/v1/accounts/lookup?acct="+url.QueryEscape(strings.TrimPrefix(acct, "@")))
}

func (c *Client) account(ctx context.Context, path string) (*masto.Account, error) {
	var a masto.Account
	if err := c.decode(ctx, path, &a); err != nil {
		return nil, err
	}
	return &a, nil
}

// DeleteAvatar removes the avatar, in the way that the server has. The
// description of the avatar stays. Ignored of the result has avatar if the
// server did not remove it.
func (c *Client) DeleteAvatar(ctx context.Context) (*Updated, error) {
	return c.Update(ctx, masto.Update{Avatar: masto.Some[*masto.Upload](nil)})
}

// DeleteHeader removes the header as DeleteAvatar removes the avatar.
func (c *Client) DeleteHeader(ctx context.Context) (*Updated, error) {
	return c.Update(ctx, masto.Update{Header: masto.Some[*masto.Upload](nil)})
}

// decode reads the entity at a path.
func (c *Client) decode(ctx context.Context, path string, into json.Unmarshaler) error {
	data, err := c.Get(ctx, path)
	if err != nil {
		return err
	}
	if err := into.UnmarshalJSON(data); err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	return nil
}
